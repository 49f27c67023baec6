//! Parses the comment lines at the top of a filetest: what it tests, what to differentiate, where, and what
//! to expect. The grammar is described in `README.md` beside this file.
//!
//! Every line of the header must be understood: a misspelt directive is an error, since a test that silently
//! checks less than it says is worse than none.

use super::layout::{Arg, ArgKind, Scalar, parse_args, split_top};

/// How a file is compiled before it is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Config {
    /// `clang -O<n> -fpass-plugin`.
    Clang(u8),
    /// `opt -passes=enzyme` on the file as written, then `clang -O1` without the plugin.
    Opt,
}

impl Config {
    pub fn name(self) -> String {
        match self {
            Config::Clang(level) => format!("O{level}"),
            Config::Opt => "opt".to_owned(),
        }
    }

    fn parse(text: &str) -> Result<Config, String> {
        match text {
            "O0" => Ok(Config::Clang(0)),
            "O1" => Ok(Config::Clang(1)),
            "O2" => Ok(Config::Clang(2)),
            "O3" => Ok(Config::Clang(3)),
            "opt" => Ok(Config::Opt),
            _ => Err(format!("`{text}` is no configuration (O0 O1 O2 O3 opt)")),
        }
    }
}

/// One `diff:` line with the expectations that follow it.
#[derive(Clone, Debug)]
pub struct Diff {
    pub function: String,
    pub args: Vec<Arg>,
    pub ret: Vec<Scalar>,
    /// Expected first return value.
    pub value: Option<String>,
    /// Name of an active input and one expression per float cell.
    pub grads: Vec<(String, Vec<String>)>,
    /// Adjoints that go into output buffers in the run that `grads` speaks about; zero when not given.
    pub seeds: Vec<(String, Vec<f64>)>,
}

impl Diff {
    pub fn position(&self, name: &str) -> Option<usize> {
        self.args.iter().position(|a| a.name == name)
    }

    /// The buffer argument of that name, through aliases.
    pub fn is_active_buffer(&self, name: &str) -> bool {
        self.args.iter().any(|a| {
            a.name == name
                && matches!(
                    &a.kind,
                    ArgKind::Buffer(buffer) if buffer.active
                )
        })
    }
}

/// What kind of test a file is.
#[derive(Clone, Debug)]
pub enum Subject {
    /// Derivatives at points, checked against each other, differences and closed forms.
    Derivatives(Vec<Diff>),
    /// Compilation must be refused with these texts in the message.
    Refusal(Vec<String>),
    /// The file has its own `main`, whose exit status 0 means success.
    Program,
}

/// Everything the header says.
#[derive(Clone, Debug)]
pub struct Header {
    pub subject: Subject,
    pub forward: bool,
    pub reverse: bool,
    pub configs: Vec<Config>,
    pub flags: Vec<String>,
    /// Tolerance of differences and closed forms, relative; `None`: by the widths of the floats involved.
    pub tolerance: Option<f64>,
    /// Central differences do not apply (a point where the function jumps, say): closed forms must be given.
    pub differences: bool,
    /// Ask for the primal value beside the derivative.
    pub primal_return: bool,
}

impl Header {
    /// Reads the leading comment lines of `source`.
    pub fn parse(source: &str) -> Result<Header, String> {
        let mut lines = source.lines();
        match lines.next().and_then(|l| l.strip_prefix("; What: ")) {
            Some(what) if !what.trim().is_empty() => {}
            _ => return Err("the first line must be `; What: …`".to_owned()),
        }
        let mut header = Header {
            subject: Subject::Program,
            forward: true,
            reverse: true,
            configs: vec![Config::Clang(1), Config::Clang(2), Config::Opt],
            flags: Vec::new(),
            tolerance: None,
            differences: true,
            primal_return: false,
        };
        let mut diffs: Vec<Diff> = Vec::new();
        let mut errors: Vec<String> = Vec::new();
        let mut program = false;
        for line in lines {
            let Some(text) = line.strip_prefix(';') else {
                break;
            };
            header
                .directive(text.trim(), &mut diffs, &mut errors, &mut program)
                .map_err(|e| format!("header line `{line}`: {e}"))?;
        }
        header.subject = match (diffs.is_empty(), errors.is_empty(), program) {
            (false, true, false) => Subject::Derivatives(diffs),
            (true, false, false) => Subject::Refusal(errors),
            (true, true, true) => Subject::Program,
            _ => {
                return Err("exactly one kind of `diff:`, `error:` or `run` is needed".to_owned());
            }
        };
        header.consistent()?;
        Ok(header)
    }

    fn directive(
        &mut self,
        text: &str,
        diffs: &mut Vec<Diff>,
        errors: &mut Vec<String>,
        program: &mut bool,
    ) -> Result<(), String> {
        if text.is_empty() || text.starts_with("Note: ") || text.starts_with("Covers: ") {
            return Ok(());
        }
        if text == "run" {
            *program = true;
            return Ok(());
        }
        let (key, rest) = text.split_once(':').ok_or("not a directive")?;
        let rest = rest.trim();
        let current = diffs.last_mut().ok_or("`diff:` must come first");
        match key {
            "diff" => diffs.push(parse_diff(rest)?),
            "value" => current?.value = Some(rest.to_owned()),
            "grad" => {
                let diff = current?;
                for (name, values) in assignments(rest)? {
                    let active = diff
                        .args
                        .iter()
                        .any(|a| a.name == name && matches!(a.kind, ArgKind::Active { .. }))
                        || diff.is_active_buffer(&name);
                    if !active {
                        return Err(format!("`{name}` is no active input"));
                    }
                    diff.grads.push((name, values));
                }
            }
            "seed" => {
                let diff = current?;
                for (name, values) in assignments(rest)? {
                    if !diff.is_active_buffer(&name) {
                        return Err(format!("`{name}` is no duplicated buffer"));
                    }
                    let values: Result<Vec<f64>, _> = values.iter().map(|v| v.parse()).collect();
                    diff.seeds
                        .push((name, values.map_err(|e| format!("seed: {e}"))?));
                }
            }
            "modes" => {
                (self.forward, self.reverse) = (false, false);
                for mode in rest.split_whitespace() {
                    match mode {
                        "forward" => self.forward = true,
                        "reverse" => self.reverse = true,
                        _ => return Err(format!("`{mode}` is no mode")),
                    }
                }
            }
            "opt" => {
                let configs: Result<_, _> = rest.split_whitespace().map(Config::parse).collect();
                self.configs = configs?;
            }
            "flags" => self.flags = rest.split_whitespace().map(str::to_owned).collect(),
            "tol" => self.tolerance = Some(rest.parse().map_err(|e| format!("tol: {e}"))?),
            "differences" if rest == "no" => self.differences = false,
            "with" if rest == "primal_return" => self.primal_return = true,
            "error" => errors.extend(parse_error(rest)?),
            _ => return Err(format!("`{key}: {rest}` is not understood")),
        }
        Ok(())
    }

    fn consistent(&self) -> Result<(), String> {
        if !self.forward && !self.reverse {
            return Err("no mode is left to test".to_owned());
        }
        if self.configs.is_empty() {
            return Err("no configuration is left to test".to_owned());
        }
        if let Subject::Derivatives(diffs) = &self.subject
            && !self.differences
            && diffs.iter().any(|d| d.grads.is_empty())
        {
            return Err("`differences: no` needs a `grad:` for every `diff:`".to_owned());
        }
        Ok(())
    }
}

/// `@f(arguments) -> type`.
fn parse_diff(text: &str) -> Result<Diff, String> {
    let open = text.find('(').ok_or("`(` is missing")?;
    let function = text[..open]
        .trim()
        .strip_prefix('@')
        .ok_or("the function's name begins with @")?;
    let (inside, ret) = match text.rsplit_once("->") {
        Some((left, right)) => (left.trim(), right.trim()),
        None => return Err("`-> type` is missing".to_owned()),
    };
    let inside = inside[open + 1..]
        .strip_suffix(')')
        .ok_or("`)` is missing before `->`")?;
    let ret = match ret {
        "void" => Vec::new(),
        _ => {
            let list = ret
                .strip_prefix('{')
                .and_then(|r| r.strip_suffix('}'))
                .unwrap_or(ret);
            let list: Result<Vec<Scalar>, _> =
                list.split(',').map(|s| Scalar::parse(s.trim())).collect();
            list?
        }
    };
    Ok(Diff {
        function: function.to_owned(),
        args: parse_args(inside)?,
        ret,
        value: None,
        grads: Vec::new(),
        seeds: Vec::new(),
    })
}

/// `x = e, p = [e, e]`.
fn assignments(text: &str) -> Result<Vec<(String, Vec<String>)>, String> {
    let mut result = Vec::new();
    for part in split_top(text) {
        let (name, value) = part
            .split_once('=')
            .ok_or_else(|| format!("`{part}` is no assignment"))?;
        let value = value.trim();
        let values = match value.strip_prefix('[') {
            Some(list) => {
                let list = list.strip_suffix(']').ok_or("`]` is missing")?;
                split_top(list).iter().map(|s| (*s).to_owned()).collect()
            }
            None => vec![value.to_owned()],
        };
        result.push((name.trim().to_owned(), values));
    }
    Ok(result)
}

/// `ER0003 "text"` or `"text"`, or several texts that must all appear.
fn parse_error(text: &str) -> Result<Vec<String>, String> {
    let mut needles = Vec::new();
    let mut rest = text;
    if !rest.starts_with('"') {
        let (code, tail) = rest.split_once(' ').unwrap_or((rest, ""));
        needles.push(code.to_owned());
        rest = tail.trim();
    }
    while !rest.is_empty() {
        let inner = rest.strip_prefix('"').ok_or("a quoted text is expected")?;
        let (needle, tail) = inner.split_once('"').ok_or("the quote is not closed")?;
        needles.push(needle.to_owned());
        rest = tail.trim();
    }
    if needles.is_empty() {
        return Err("an error test says which text it expects".to_owned());
    }
    Ok(needles)
}
