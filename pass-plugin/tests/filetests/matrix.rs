//! Tests from `matrix.txt`: each row is an operation, which is tested with many types, in forward and reverse mode,
//! and with several lanes. A row becomes one module; per type it has a function that reads doubles, makes values of
//! the type, applies the operation and writes doubles. So every type can be tested, with one driver (`matrix.c`),
//! against a Jacobian computed here from the row's formulas.

use std::fmt::Write as _;

use super::expr;

/// A type as far as this table goes: where its numbers are, in memory order.
#[derive(Clone, Debug, PartialEq)]
struct Ty {
    text: String,
    /// The steps to each number, and its scalar type.
    leaves: Vec<(Path, String)>,
}

/// How a number is reached inside a value.
type Path = Vec<Step>;

#[derive(Clone, Debug, PartialEq)]
enum Step {
    Field(usize, Ty),
    Lane(usize, Ty),
}

/// Sets of types that a row may name.
const SCALARS: &[&str] = &["half", "bfloat", "float", "double", "x86_fp80", "fp128"];
const VECTORS: &[&str] = &[
    "<2 x float>",
    "<4 x float>",
    "<3 x float>",
    "<8 x float>",
    "<2 x double>",
    "<3 x double>",
    "<4 x double>",
    "<1 x double>",
    "<4 x half>",
    "<2 x bfloat>",
    "<2 x x86_fp80>",
    "<2 x fp128>",
];
const AGGREGATES: &[&str] = &[
    "[2 x double]",
    "{ double, float }",
    "{ float, [2 x double], <2 x float> }",
    "{ half, x86_fp80 }",
    "[2 x { fp128, bfloat }]",
];
/// The ones that nearly everything is written in.
const COMMON: &[&str] = &["float", "double", "<4 x float>", "<2 x double>"];
/// Vectors with lanes to tell apart.
const WIDE: &[&str] = &["<4 x float>", "<4 x double>", "<4 x half>"];

fn types(sets: &str) -> Result<Vec<&'static str>, String> {
    let mut out = Vec::new();
    for set in sets.split_whitespace() {
        out.extend_from_slice(match set {
            "scalars" => SCALARS,
            "vectors" => VECTORS,
            "aggregates" => AGGREGATES,
            "common" => COMMON,
            "wide" => WIDE,
            "packed" => &["<4 x float>", "<2 x double>"],
            "double" => &["double"],
            "x86_fp80" => &["x86_fp80"],
            "float" => &["float"],
            "v4f32" => &["<4 x float>"],
            "v8f32" => &["<8 x float>"],
            "v2f64" => &["<2 x double>"],
            "v4f64" => &["<4 x double>"],
            _ => return Err(format!("`{set}` is no set of types")),
        });
    }
    Ok(out)
}

/// One line of the table.
struct Row<'a> {
    operands: Vec<&'a str>,
    result: &'a str,
    operation: &'a str,
    /// For each point a number for each operand.
    points: Vec<Vec<f64>>,
    derivatives: Vec<&'a str>,
    /// The formulas are for the number `j` of an operand and the number `i` of the result.
    mixing: bool,
}

/// The name of a row and the module that tests it.
pub fn synthesise(line: &str) -> Result<(String, String), String> {
    let columns: Vec<&str> = line.split(" | ").map(str::trim).collect();
    let [name, sets, operands, operation, points, derivatives] = columns[..] else {
        return Err("six columns expected".to_owned());
    };
    let (operands, result) = operands.split_once("->").unwrap_or((operands, "{T}"));
    let (mixing, derivatives) = match derivatives.strip_prefix("mixing:") {
        Some(rest) => (true, rest),
        None => (false, derivatives),
    };
    let mut numbers = Vec::new();
    for point in points.split_whitespace() {
        let list: Result<Vec<f64>, _> = point.split(',').map(str::parse).collect();
        numbers.push(list.map_err(|e| format!("point `{point}`: {e}"))?);
    }
    let row = Row {
        operands: operands.split_whitespace().collect(),
        result: result.trim(),
        operation,
        points: numbers,
        derivatives: derivatives.split('&').map(str::trim).collect(),
        mixing,
    };
    if row.points.iter().any(|p| p.len() != row.operands.len()) {
        return Err("a point has a number for each operand".to_owned());
    }
    if row.derivatives.len() != row.operands.len() {
        return Err("a derivative for each operand is expected".to_owned());
    }
    let flags = match name {
        _ if name.starts_with("avx") => "; flags: -mavx2\n",
        _ if name.starts_with("sse3") || name.starts_with("sse4") => "; flags: -msse4.1\n",
        _ => "",
    };
    let mut module = format!(
        "; What: {name}, with many types\n; run\n; opt: O1 opt\n{flags}\
         declare void @__enzyme_autodiff(...)\ndeclare void @__enzyme_fwddiff(...)\n\
         declare void @matrix_case(ptr, i64, i64, ptr, ptr, ptr, double, ptr, ptr, ptr, ptr, ptr)\n\
         declare i32 @matrix_result()\n@one = constant double 1.0\n"
    );
    let mut main = String::from("define i32 @main() {\n");
    for (number, text) in types(sets)?.into_iter().enumerate() {
        one_type(&row, number, text, &mut module, &mut main)
            .map_err(|e| format!("{name}, {text}: {e}"))?;
    }
    main.push_str("  %bad = call i32 @matrix_result()\n  ret i32 %bad\n}\n");
    Ok((format!("matrix/{name}"), format!("{module}{main}")))
}

fn one_type(
    row: &Row,
    number: usize,
    text: &str,
    module: &mut String,
    main: &mut String,
) -> Result<(), String> {
    let ty = parse(text)?;
    let result = parse(&expand(row.result, &ty)?)?;
    let n = ty.leaves.len();
    let inputs = n * row.operands.len();
    let outputs = result.leaves.len();
    let f = format!("f{number}");
    let (outside, operation) = row
        .operation
        .split_once(" :: ")
        .unwrap_or(("", row.operation));
    for line in outside.split(" ; ") {
        let line = expand(line.trim(), &ty)?.replace("{#}", &number.to_string());
        // What does not depend on the type stands once.
        if !line.is_empty()
            && !module
                .lines()
                .any(|known| known == line && line.starts_with(['@', 'd']))
        {
            writeln!(module, "{line}").expect("strings grow");
        }
    }
    writeln!(module, "define void @{f}(ptr %in, ptr %out) {{").expect("strings grow");
    for (k, name) in row.operands.iter().enumerate() {
        read_value(module, &ty, name, k * n);
    }
    for instruction in operation.split(';') {
        let instruction = expand(instruction.trim(), &ty)?.replace("{#}", &number.to_string());
        if instruction.ends_with(':') {
            writeln!(module, "{instruction}").expect("strings grow");
        } else {
            writeln!(module, "  {instruction}").expect("strings grow");
        }
    }
    write_value(module, &result);
    module.push_str("  ret void\n}\n");
    for (mode, width) in [
        ("fwddiff", 1),
        ("fwddiff", 2),
        ("fwddiff", 4),
        ("autodiff", 1),
        ("autodiff", 2),
    ] {
        wrapper(module, &f, mode, width, inputs, outputs);
    }
    // Each point once in each place.
    let mut points = Vec::new();
    let mut jacobians = Vec::new();
    let runs = row.points.len().max(1);
    for turn in 0..runs {
        let at = |k: usize, i: usize| {
            // A formula that mixes lanes wants them different.
            row.points[(i + turn) % row.points.len()][k]
        };
        for k in 0..row.operands.len() {
            points.extend((0..n).map(|i| at(k, i)));
        }
        jacobians.extend(jacobian(row, n, outputs, &at)?);
    }
    constants(module, &format!("points{number}"), &points);
    constants(module, &format!("jacobians{number}"), &jacobians);
    let name = format!("{text}\0");
    let escaped: String = name.bytes().map(|b| format!("\\{b:02X}")).collect();
    writeln!(
        module,
        "@name{number} = private constant [{} x i8] c\"{escaped}\"",
        name.len()
    )
    .expect("strings grow");
    let tolerance = ty
        .leaves
        .iter()
        .chain(&result.leaves)
        .map(|(_, scalar)| precision(scalar))
        .fold(0.0, f64::max);
    writeln!(
        main,
        "  call void @matrix_case(ptr @name{number}, i64 {inputs}, i64 {outputs}, ptr @points{number}, \
         ptr @jacobians{number}, ptr @{f}, double 0x{:016X}, ptr @{f}.fwddiff1, ptr @{f}.fwddiff2, \
         ptr @{f}.fwddiff4, ptr @{f}.autodiff1, ptr @{f}.autodiff2)",
        tolerance.to_bits()
    )
    .expect("strings grow");
    // The driver is called once for each turn.
    if runs > 1 {
        let last = main.rfind("  call void").expect("just written");
        let call = main[last..].to_owned();
        for turn in 1..runs {
            let (p, j) = (turn * inputs * 8, turn * inputs * outputs * 8);
            let again = call
                .replace(
                    &format!("ptr @points{number},"),
                    &format!("ptr getelementptr (i8, ptr @points{number}, i64 {p}),"),
                )
                .replace(
                    &format!("ptr @jacobians{number},"),
                    &format!("ptr getelementptr (i8, ptr @jacobians{number}, i64 {j}),"),
                );
            main.push_str(&again);
        }
    }
    Ok(())
}

/// The derivatives of all outputs (rows) by all inputs.
fn jacobian(
    row: &Row,
    n: usize,
    outputs: usize,
    at: &dyn Fn(usize, usize) -> f64,
) -> Result<Vec<f64>, String> {
    let mut out = Vec::new();
    for i in 0..outputs {
        for (k, formula) in row.derivatives.iter().enumerate() {
            for j in 0..n {
                if !row.mixing && i != j {
                    out.push(0.0);
                    continue;
                }
                let own = row.operands[k];
                let lookup = |name: &str, index: Option<usize>| match name {
                    "i" => Some(i as f64),
                    "j" => Some(j as f64),
                    "n" => Some(n as f64),
                    "product" => Some((0..n).map(|l| at(k, l)).product()),
                    "largest" => Some((0..n).map(|l| at(k, l)).fold(f64::MIN, f64::max)),
                    "smallest" => Some((0..n).map(|l| at(k, l)).fold(f64::MAX, f64::min)),
                    "own" => Some(at(k, index.unwrap_or(j))),
                    _ => {
                        let k = row.operands.iter().position(|o| *o == name)?;
                        Some(at(k, index.unwrap_or(j)))
                    }
                };
                out.push(expr::eval(formula, &lookup).map_err(|e| format!("{own}: {e}"))?);
            }
        }
    }
    Ok(out)
}

/// How near the results of a type must come: a few of its roundings.
fn precision(scalar: &str) -> f64 {
    match scalar {
        "bfloat" => 3e-2,
        "half" => 4e-3,
        "float" => 2e-6,
        // Read and written as double.
        _ => 1e-12,
    }
}

fn read_value(module: &mut String, ty: &Ty, name: &str, first: usize) {
    let mut value = "poison".to_owned();
    for (i, (path, scalar)) in ty.leaves.iter().enumerate() {
        let cell = first + i;
        writeln!(
            module,
            "  %{name}.p{i} = getelementptr double, ptr %in, i64 {cell}\n  %{name}.d{i} = load double, ptr %{name}.p{i}"
        )
        .expect("strings grow");
        let number = match scalar.as_str() {
            "double" => {
                // Arithmetic keeps the memory one of doubles, where the row has integers in mind.
                writeln!(module, "  %{name}.c{i} = fadd double %{name}.d{i}, 0.0")
                    .expect("strings grow");
                format!("%{name}.c{i}")
            }
            _ => {
                let op = if matches!(scalar.as_str(), "x86_fp80" | "fp128") {
                    "fpext"
                } else {
                    "fptrunc"
                };
                writeln!(
                    module,
                    "  %{name}.c{i} = {op} double %{name}.d{i} to {scalar}"
                )
                .expect("strings grow");
                format!("%{name}.c{i}")
            }
        };
        let last = i + 1 == ty.leaves.len();
        let target = if last {
            format!("%{name}")
        } else {
            format!("%{name}.v{i}")
        };
        if path.is_empty() {
            // A scalar: give it the operand's name.
            writeln!(module, "  {target} = bitcast {scalar} {number} to {scalar}")
                .expect("strings grow");
        } else {
            insert(module, ty, path, &value, &number, &target);
        }
        value = target;
    }
}

/// Puts a number at its place: into a vector inside an aggregate by taking that out first.
fn insert(module: &mut String, ty: &Ty, path: &[Step], into: &str, number: &str, target: &str) {
    let scalar = scalar_at(ty, path);
    match path.last() {
        Some(Step::Lane(lane, vector)) => {
            let outer = &path[..path.len() - 1];
            if outer.is_empty() {
                writeln!(
                    module,
                    "  {target} = insertelement {} {into}, {scalar} {number}, i32 {lane}",
                    ty.text
                )
                .expect("strings grow");
            } else {
                let indices = indices(outer);
                writeln!(
                    module,
                    "  {target}.o = extractvalue {} {into}, {indices}\n  {target}.n = insertelement {} {target}.o, {scalar} {number}, i32 {lane}\n  \
                     {target} = insertvalue {} {into}, {} {target}.n, {indices}",
                    ty.text, vector.text, ty.text, vector.text
                )
                .expect("strings grow");
            }
        }
        Some(Step::Field(..)) => {
            writeln!(
                module,
                "  {target} = insertvalue {} {into}, {scalar} {number}, {}",
                ty.text,
                indices(path)
            )
            .expect("strings grow");
        }
        None => {}
    }
}

fn write_value(module: &mut String, ty: &Ty) {
    for (i, (path, scalar)) in ty.leaves.iter().enumerate() {
        let mut value = "%r".to_owned();
        let fields: Vec<&Step> = path
            .iter()
            .filter(|s| matches!(s, Step::Field(..)))
            .collect();
        let mut inner = ty.text.clone();
        if !fields.is_empty() {
            let outer = &path[..fields.len()];
            writeln!(
                module,
                "  %r.f{i} = extractvalue {} %r, {}",
                ty.text,
                indices(outer)
            )
            .expect("strings grow");
            value = format!("%r.f{i}");
            if let Some(Step::Lane(_, vector)) = path.last() {
                inner = vector.text.clone();
            }
        }
        if let Some(Step::Lane(lane, _)) = path.last() {
            writeln!(
                module,
                "  %r.l{i} = extractelement {inner} {value}, i32 {lane}"
            )
            .expect("strings grow");
            value = format!("%r.l{i}");
        }
        if scalar != "double" {
            let op = if matches!(scalar.as_str(), "x86_fp80" | "fp128") {
                "fptrunc"
            } else {
                "fpext"
            };
            writeln!(module, "  %r.c{i} = {op} {scalar} {value} to double").expect("strings grow");
            value = format!("%r.c{i}");
        }
        if scalar == "double" {
            writeln!(module, "  %r.o{i} = load volatile double, ptr @one").expect("strings grow");
            writeln!(module, "  %r.c{i} = fmul double {value}, %r.o{i}").expect("strings grow");
            value = format!("%r.c{i}");
        }
        writeln!(
            module,
            "  %r.p{i} = getelementptr double, ptr %out, i64 {i}\n  store double {value}, ptr %r.p{i}"
        )
        .expect("strings grow");
    }
}

fn indices(path: &[Step]) -> String {
    let list: Vec<String> = path
        .iter()
        .map(|s| match s {
            Step::Field(i, _) | Step::Lane(i, _) => i.to_string(),
        })
        .collect();
    list.join(", ")
}

fn scalar_at<'a>(ty: &'a Ty, path: &[Step]) -> &'a str {
    let found = ty.leaves.iter().find(|(p, _)| p[..] == *path);
    &found.expect("paths come from the leaves").1
}

/// A call of an entry point with `width` shadows of both buffers, laid out one after another.
fn wrapper(module: &mut String, f: &str, mode: &str, width: usize, inputs: usize, outputs: usize) {
    let mut body = String::new();
    let mut args = format!("ptr @{f}");
    if width > 1 {
        write!(args, ", metadata !\"enzyme_width\", i64 {width}").expect("strings grow");
    }
    for (name, size) in [("in", inputs), ("out", outputs)] {
        write!(args, ", metadata !\"enzyme_dup\", ptr %{name}").expect("strings grow");
        for lane in 0..width {
            let cell = lane * size;
            writeln!(
                body,
                "  %{name}.s{lane} = getelementptr double, ptr %d.{name}, i64 {cell}"
            )
            .expect("strings grow");
            write!(args, ", ptr %{name}.s{lane}").expect("strings grow");
        }
    }
    write!(
        module,
        "define void @{f}.{mode}{width}(ptr %in, ptr %d.in, ptr %out, ptr %d.out) {{\n{body}  \
         call void (...) @__enzyme_{mode}({args})\n  ret void\n}}\n"
    )
    .expect("strings grow");
}

fn constants(module: &mut String, name: &str, numbers: &[f64]) {
    let list: Vec<String> = numbers
        .iter()
        .map(|x| format!("double 0x{:016X}", x.to_bits()))
        .collect();
    writeln!(
        module,
        "@{name} = private constant [{} x double] [{}]",
        numbers.len(),
        list.join(", ")
    )
    .expect("strings grow");
}

// ---- types ----

fn parse(text: &str) -> Result<Ty, String> {
    let (ty, rest) = parse_type(text.trim())?;
    if rest.trim().is_empty() {
        Ok(ty)
    } else {
        Err(format!("`{rest}` after the type"))
    }
}

fn parse_type(text: &str) -> Result<(Ty, &str), String> {
    let text = text.trim_start();
    let whole = |rest: &str| text[..text.len() - rest.len()].trim().to_owned();
    let sequence = |close: char| -> Result<(usize, Ty, &str), String> {
        let (count, rest) = text[1..].split_once(" x ").ok_or("` x ` expected")?;
        let count = count
            .trim()
            .parse()
            .map_err(|e| format!("`{count}`: {e}"))?;
        let (element, rest) = parse_type(rest)?;
        let rest = rest
            .trim_start()
            .strip_prefix(close)
            .ok_or("a bracket is open")?;
        Ok((count, element, rest))
    };
    if text.starts_with('<') {
        let (count, element, rest) = sequence('>')?;
        let leaves = (0..count)
            .map(|i| {
                let vector = Ty {
                    text: whole(rest),
                    leaves: Vec::new(),
                };
                (vec![Step::Lane(i, vector)], element.text.clone())
            })
            .collect();
        return Ok((
            Ty {
                text: whole(rest),
                leaves,
            },
            rest,
        ));
    }
    let mut members = Vec::new();
    let rest = if text.starts_with('[') {
        let (count, element, rest) = sequence(']')?;
        members = vec![element; count];
        rest
    } else if let Some(mut rest) = text.strip_prefix('{') {
        loop {
            let (member, after) = parse_type(rest)?;
            members.push(member);
            let after = after.trim_start();
            match after.strip_prefix(',') {
                Some(more) => rest = more,
                None => break after.strip_prefix('}').ok_or("a brace is open")?,
            }
        }
    } else {
        let end = text
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        if !SCALARS.contains(&name) {
            return Err(format!("`{name}` is no type of this table"));
        }
        let ty = Ty {
            text: name.to_owned(),
            leaves: vec![(Vec::new(), name.to_owned())],
        };
        return Ok((ty, rest));
    };
    let mut leaves = Vec::new();
    for (i, member) in members.into_iter().enumerate() {
        for (path, scalar) in &member.leaves {
            let mut full = vec![Step::Field(
                i,
                Ty {
                    text: String::new(),
                    leaves: Vec::new(),
                },
            )];
            full.extend(path.iter().cloned());
            leaves.push((full, scalar.clone()));
        }
    }
    Ok((
        Ty {
            text: whole(rest),
            leaves,
        },
        rest,
    ))
}

// ---- templates ----

/// Replaces `{T}` the type, `{S}` its scalar, `{M}` its name in intrinsics, `{MS}` the scalar's, `{I}` integers and
/// `{B}` truth values of its shape, `{N}` its number of lanes, `{C:2.5}` a constant, `{IC:3}` an integer constant.
fn expand(text: &str, ty: &Ty) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}').map(|at| at + open) else {
            break;
        };
        let key = &rest[open + 1..close];
        out.push_str(&rest[..open]);
        let inside = &rest[open + 1..];
        rest = &rest[close + 1..];
        let lanes = matches!(ty.leaves[0].0.last(), Some(Step::Lane(..)));
        let scalar = ty.leaves[0].1.as_str();
        let shaped = |element: &str| match lanes {
            true => format!("<{} x {element}>", ty.leaves.len()),
            false => element.to_owned(),
        };
        let bits = bits(scalar);
        let mangled = match scalar {
            "half" => "f16".to_owned(),
            "bfloat" => "bf16".to_owned(),
            "x86_fp80" => "f80".to_owned(),
            _ => format!("f{bits}"),
        };
        let splat = |constant: String, of: &str| match lanes {
            true => format!("splat ({of} {constant})"),
            false => constant,
        };
        match key.split_once(':').unwrap_or((key, "")) {
            ("#", _) => out.push_str("{#}"),
            ("WIDEN", _) => out.push_str(match scalar {
                "double" => "bitcast",
                "x86_fp80" | "fp128" => "fptrunc",
                _ => "fpext",
            }),
            ("NARROW", _) => out.push_str(match scalar {
                "double" => "bitcast",
                "x86_fp80" | "fp128" => "fpext",
                _ => "fptrunc",
            }),
            ("T", _) => out.push_str(&ty.text),
            ("S", _) => out.push_str(scalar),
            ("M", _) if lanes => {
                write!(out, "v{}{mangled}", ty.leaves.len()).expect("strings grow")
            }
            ("M" | "MS", _) => out.push_str(&mangled),
            ("I", _) => out.push_str(&shaped(&format!("i{bits}"))),
            ("MI", _) if lanes => write!(out, "v{}i{bits}", ty.leaves.len()).expect("strings grow"),
            ("MI", _) => write!(out, "i{bits}").expect("strings grow"),
            ("SI", _) => write!(out, "i{bits}").expect("strings grow"),
            ("MV", element) if lanes => {
                write!(out, "v{}{element}", ty.leaves.len()).expect("strings grow")
            }
            ("MV", element) => out.push_str(element),
            ("VC", constant) => {
                let (of, constant) = constant.split_once(':').ok_or("`VC:type:value` expected")?;
                out.push_str(&splat(constant.to_owned(), of));
            }
            ("V", element) => out.push_str(&shaped(element)),
            ("B", _) => out.push_str(&shaped("i1")),
            ("N", _) => write!(out, "{}", ty.leaves.len()).expect("strings grow"),
            ("C", number) => {
                let value: f64 = number.parse().map_err(|e| format!("`{number}`: {e}"))?;
                out.push_str(&splat(literal(scalar, value), scalar));
            }
            ("SIGN", _) => {
                out.push_str(&splat(format!("{}", sign_mask(bits)), &format!("i{bits}")))
            }
            ("ABS", _) => out.push_str(&splat(
                format!("{}", !sign_mask(bits) & mask(bits)),
                &format!("i{bits}"),
            )),
            ("E", power) => {
                let power: i128 = power.parse().map_err(|e| format!("`{power}`: {e}"))?;
                out.push_str(&splat(
                    (power << fraction_bits(scalar)).to_string(),
                    &format!("i{bits}"),
                ));
            }
            ("EXPSHIFT", _) => {
                out.push_str(&splat(
                    fraction_bits(scalar).to_string(),
                    &format!("i{bits}"),
                ));
            }
            ("MANT", _) => {
                let mantissa = (1u128 << fraction_bits(scalar)) - 1;
                out.push_str(&splat(mantissa.to_string(), &format!("i{bits}")));
            }
            ("SIGNMANT", _) => {
                let mantissa = (1u128 << fraction_bits(scalar)) - 1;
                out.push_str(&splat(
                    (sign_mask(bits) | mantissa).to_string(),
                    &format!("i{bits}"),
                ));
            }
            ("ONE", _) => {
                let one = match scalar {
                    "float" => u128::from(1f32.to_bits()),
                    _ => u128::from(1f64.to_bits()),
                };
                out.push_str(&splat(one.to_string(), &format!("i{bits}")));
            }
            ("ZEXT", from) if bits == 32 => {
                write!(out, "freeze i32 %{from}").expect("strings grow")
            }
            ("ZEXT", from) => write!(out, "zext i32 %{from} to i{bits}").expect("strings grow"),
            ("IC", number) => out.push_str(&splat(number.to_owned(), &format!("i{bits}"))),
            // A structure type.
            _ => {
                out.push('{');
                rest = inside;
            }
        }
    }
    out.push_str(rest);
    Ok(out)
}

fn mask(bits: u32) -> u128 {
    u128::MAX >> (128 - bits)
}

fn sign_mask(bits: u32) -> u128 {
    1 << (bits - 1)
}

fn bits(scalar: &str) -> u32 {
    match scalar {
        "half" | "bfloat" => 16,
        "float" => 32,
        "double" => 64,
        "x86_fp80" => 80,
        _ => 128,
    }
}

fn fraction_bits(scalar: &str) -> u32 {
    match scalar {
        "float" => 23,
        _ => 52,
    }
}

/// A constant as textual IR wants it: hexadecimal where decimal is not allowed.
fn literal(scalar: &str, value: f64) -> String {
    let word = value.to_bits();
    let (sign, exponent, fraction) = (word >> 63, (word >> 52) & 0x7ff, word & ((1 << 52) - 1));
    let wide = if exponent == 0 {
        0
    } else {
        exponent + 16383 - 1023
    };
    match scalar {
        "x86_fp80" => {
            let leading = u64::from(exponent != 0) << 63;
            format!(
                "0xK{:04X}{:016X}",
                (sign << 15) | wide,
                leading | (fraction << 11)
            )
        }
        "fp128" => {
            let high = (sign << 63) | (wide << 48) | (fraction >> 4);
            format!("0xL{:016X}{high:016X}", (fraction & 15) << 60)
        }
        _ => format!("{value:?}"),
    }
}
