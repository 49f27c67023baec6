//! Collects the cases: the `.ll` files below the topic folders, and one module synthesised for each line of
//! `functions.txt`.

use std::env;
use std::path::{Path, PathBuf};

use super::files::{entries, read, stem};
use super::header::{Config, Header, Subject};
use super::layout::Scalar;
use super::matrix;

/// One test before it is given a configuration.
pub struct Case {
    /// `topic/name`.
    pub name: String,
    pub source: String,
    /// A header that does not parse makes the case fail when it is run, under its own name.
    pub header: Result<Header, String>,
}

impl Case {
    fn new(name: String, source: String) -> Case {
        let header = Header::parse(&source);
        Case {
            name,
            source,
            header,
        }
    }

    /// The configurations to run; without derivatives, one is enough to validate the file.
    pub fn configs(&self, primal_only: bool) -> Vec<Config> {
        match &self.header {
            Err(_) => vec![Config::Clang(1)],
            Ok(_) if primal_only => vec![Config::Clang(1)],
            // What is refused does not depend on the level of what follows.
            Ok(header) if matches!(header.subject, Subject::Refusal(_)) => {
                vec![Config::Clang(1), Config::Opt]
            }
            Ok(header) => header.configs.clone(),
        }
    }
}

/// Every case, sorted by name.
pub fn collect() -> Result<Vec<Case>, String> {
    let root = match env::var_os("ENZYME_RS_FILETESTS") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/filetests"),
    };
    let mut cases = Vec::new();
    for topic in entries(&root)?.into_iter().filter(|p| p.is_dir()) {
        for file in entries(&topic)? {
            if file.extension().is_none_or(|e| e != "ll") {
                return Err(format!("{} is no .ll file", file.display()));
            }
            let name = format!("{}/{}", stem(&topic), stem(&file));
            cases.push(Case::new(name, read(&file)?));
        }
    }
    let table = root.join("functions.txt");
    if table.is_file() {
        for (number, line) in read(&table)?.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let case =
                synthesise(line).map_err(|e| format!("{}:{}: {e}", table.display(), number + 1))?;
            cases.push(case);
        }
    }
    let table = root.join("matrix.txt");
    if table.is_file() {
        for (number, line) in read(&table)?.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let (name, source) = matrix::synthesise(line)
                .map_err(|e| format!("{}:{}: {e}", table.display(), number + 1))?;
            cases.push(Case::new(name, source));
        }
    }
    if cases.is_empty() {
        return Err(format!("no tests in {}", root.display()));
    }
    Ok(cases)
}

/// A module that calls one function: `name | result(parameters) | points | derivatives`.
///
/// Points are separated by spaces, the numbers of a point by commas; derivatives are expressions in `x`, `y`,
/// `z` separated by `&`, one for each float parameter (none: differences only).
fn synthesise(line: &str) -> Result<Case, String> {
    let columns: Vec<&str> = line.split('|').map(str::trim).collect();
    let [name, signature, points, derivatives] = columns[..] else {
        return Err("four columns expected".to_owned());
    };
    let (result, parameters) = signature
        .strip_suffix(')')
        .and_then(|s| s.split_once('('))
        .ok_or("`result(parameters)` expected")?;
    let result = Scalar::parse(result)?;
    let parameters: Result<Vec<Scalar>, _> = parameters
        .split(',')
        .map(|p| Scalar::parse(p.trim()))
        .collect();
    let parameters = parameters?;
    let letters = ["x", "y", "z"];
    if parameters.len() > letters.len() {
        return Err("at most three parameters".to_owned());
    }
    let mut header = format!("; What: the derivative of {name}, {signature}\n");
    // A table of one-call modules is about the rules, which no optimisation level changes.
    header.push_str("; opt: O1 opt\n");
    for point in points.split_whitespace() {
        let numbers: Vec<&str> = point.split(',').collect();
        if numbers.len() != parameters.len() {
            return Err(format!("point `{point}` has {} numbers", numbers.len()));
        }
        let list: Vec<String> = parameters
            .iter()
            .zip(&numbers)
            .zip(letters)
            .map(|((scalar, number), letter)| {
                let (kind, short) = match scalar {
                    Scalar::F64 => ("", "f64"),
                    Scalar::F32 => ("", "f32"),
                    Scalar::I32 => ("const ", "i32"),
                    _ => ("const ", "i64"),
                };
                format!("{letter}: {kind}{short} = {number}")
            })
            .collect();
        let short = if result == Scalar::F64 { "f64" } else { "f32" };
        header.push_str(&format!("; diff: @f({}) -> {short}\n", list.join(", ")));
        let grads: Vec<String> = derivatives
            .split("&")
            .map(str::trim)
            .filter(|d| !d.is_empty())
            .zip(
                letters
                    .iter()
                    .zip(&parameters)
                    .filter(|(_, s)| s.is_float()),
            )
            .map(|(d, (letter, _))| format!("{letter} = {d}"))
            .collect();
        if !grads.is_empty() {
            header.push_str(&format!("; grad: {}\n", grads.join(", ")));
        }
    }
    let types: Vec<&str> = parameters.iter().map(|p| p.llvm()).collect();
    let named: Vec<String> = parameters
        .iter()
        .zip(letters)
        .map(|(p, letter)| format!("{p} %{letter}"))
        .collect();
    let instruction = matches!(name, "fadd" | "fsub" | "fmul" | "fdiv" | "frem" | "fneg");
    let mut body = String::new();
    let call = if instruction {
        let operands: Vec<String> = letters
            .iter()
            .take(parameters.len())
            .map(|l| format!("%{l}"))
            .collect();
        format!("{name} {result} {}", operands.join(", "))
    } else {
        body.push_str(&format!("declare {result} @{name}({})\n", types.join(", ")));
        format!("call {result} @{name}({})", named.join(", "))
    };
    body.push_str(&format!(
        "define {result} @f({}) {{\n  %r = {call}\n  ret {result} %r\n}}\n",
        named.join(", ")
    ));
    let short = match parameters[0] {
        Scalar::F32 => "f32",
        _ => "f64",
    };
    Ok(Case::new(
        format!("functions/{name}.{short}"),
        format!("{header}\n{body}"),
    ))
}
