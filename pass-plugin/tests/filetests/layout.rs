//! Arguments of a differentiated function and the bytes they occupy in memory.

use std::fmt;

/// A machine scalar of the header language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scalar {
    F64,
    F32,
    I64,
    I32,
    I8,
    Ptr,
}

impl Scalar {
    pub fn parse(text: &str) -> Result<Scalar, String> {
        Ok(match text {
            "f64" => Scalar::F64,
            "f32" => Scalar::F32,
            "i64" => Scalar::I64,
            "i32" => Scalar::I32,
            "i8" => Scalar::I8,
            "ptr" => Scalar::Ptr,
            _ => return Err(format!("`{text}` is no type (f64 f32 i64 i32 i8 ptr)")),
        })
    }

    pub fn is_float(self) -> bool {
        matches!(self, Scalar::F64 | Scalar::F32)
    }

    pub fn size(self) -> usize {
        match self {
            Scalar::F64 | Scalar::I64 | Scalar::Ptr => 8,
            Scalar::F32 | Scalar::I32 => 4,
            Scalar::I8 => 1,
        }
    }

    pub fn llvm(self) -> &'static str {
        match self {
            Scalar::F64 => "double",
            Scalar::F32 => "float",
            Scalar::I64 => "i64",
            Scalar::I32 => "i32",
            Scalar::I8 => "i8",
            Scalar::Ptr => "ptr",
        }
    }

    /// Writes `value` in the scalar's own representation.
    pub fn store(self, value: f64, into: &mut [u8]) {
        match self {
            Scalar::F64 => into[..8].copy_from_slice(&value.to_le_bytes()),
            Scalar::F32 => into[..4].copy_from_slice(&(value as f32).to_le_bytes()),
            Scalar::I64 | Scalar::Ptr => into[..8].copy_from_slice(&(value as i64).to_le_bytes()),
            Scalar::I32 => into[..4].copy_from_slice(&(value as i32).to_le_bytes()),
            Scalar::I8 => into[0] = value as i8 as u8,
        }
    }

    /// Reads a float back; integers and pointers are not asked for.
    pub fn load_float(self, from: &[u8]) -> f64 {
        match self {
            Scalar::F64 => f64::from_bits(u64::from_le_bytes(
                from[..8].try_into().expect("eight bytes were sliced"),
            )),
            Scalar::F32 => f64::from(f32::from_bits(u32::from_le_bytes(
                from[..4].try_into().expect("four bytes were sliced"),
            ))),
            _ => unreachable!("only float cells are read as floats"),
        }
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.llvm())
    }
}

/// What one cell of memory holds at the start.
#[derive(Clone, Debug)]
pub enum Cell {
    Number(f64),
    /// The address of another buffer, plus bytes.
    Address(String, usize),
    Null,
}

/// Memory behind a pointer argument: a repeated structure of scalars.
#[derive(Clone, Debug)]
pub struct Buffer {
    /// Has a shadow and carries derivatives.
    pub active: bool,
    /// `enzyme_dupnoneed`: what the primal leaves in it is not promised.
    pub no_need: bool,
    /// Not an argument itself, only reachable through a pointer cell of another buffer.
    pub hidden: bool,
    pub element: Vec<Scalar>,
    pub cells: Vec<Cell>,
}

impl Buffer {
    /// Offset and type of each cell, by C's layout rules.
    pub fn places(&self) -> Vec<(usize, Scalar)> {
        let align = self.element.iter().map(|s| s.size()).max().unwrap_or(1);
        let mut offset = 0usize;
        let mut places = Vec::with_capacity(self.cells.len());
        for index in 0..self.cells.len() {
            let field = index % self.element.len();
            if field == 0 {
                offset = offset.next_multiple_of(align);
            }
            let scalar = self.element[field];
            offset = offset.next_multiple_of(scalar.size());
            places.push((offset, scalar));
            offset += scalar.size();
        }
        places
    }

    pub fn size(&self) -> usize {
        let align = self.element.iter().map(|s| s.size()).max().unwrap_or(1);
        let end = self.places().last().map_or(0, |(o, s)| o + s.size());
        end.next_multiple_of(align)
    }
}

#[derive(Clone, Debug)]
pub enum ArgKind {
    /// By-value float: `enzyme_out` in reverse, `enzyme_dup` in forward mode.
    Active {
        scalar: Scalar,
        value: f64,
    },
    /// By-value constant.
    Constant {
        scalar: Scalar,
        value: f64,
    },
    Buffer(Buffer),
    /// The same pointer (and shadow) as an earlier buffer argument.
    Alias(usize),
}

#[derive(Clone, Debug)]
pub struct Arg {
    pub name: String,
    pub kind: ArgKind,
}

/// Splits at commas that are not inside brackets of any kind.
pub fn split_top(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0i32, 0usize);
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    if !text[start..].trim().is_empty() {
        parts.push(text[start..].trim());
    }
    parts
}

/// The argument list of a `diff:` line.
pub fn parse_args(text: &str) -> Result<Vec<Arg>, String> {
    let mut args: Vec<Arg> = Vec::new();
    for part in split_top(text) {
        let (name, rest) = part
            .split_once(':')
            .ok_or_else(|| format!("`{part}`: `name: type` expected"))?;
        let kind = parse_arg(rest.trim(), &args).map_err(|e| format!("argument `{name}`: {e}"))?;
        if args.iter().any(|a| a.name == name) {
            return Err(format!("two arguments `{name}`"));
        }
        args.push(Arg {
            name: name.trim().to_owned(),
            kind,
        });
    }
    for arg in &args {
        let ArgKind::Buffer(buffer) = &arg.kind else {
            continue;
        };
        for cell in &buffer.cells {
            if let Cell::Address(target, _) = cell
                && !args
                    .iter()
                    .any(|a| a.name == *target && matches!(a.kind, ArgKind::Buffer(_)))
            {
                return Err(format!(
                    "`{}` points to `{target}`, which is no buffer",
                    arg.name
                ));
            }
        }
    }
    Ok(args)
}

fn parse_arg(text: &str, before: &[Arg]) -> Result<ArgKind, String> {
    if let Some(target) = text.strip_prefix("alias ") {
        let index = before
            .iter()
            .position(|a| a.name == target.trim() && matches!(a.kind, ArgKind::Buffer(_)))
            .ok_or_else(|| format!("`{target}` is no buffer before this argument"))?;
        return Ok(ArgKind::Alias(index));
    }
    let (left, value) = text.split_once('=').ok_or("`= value` is missing")?;
    let (mut left, value) = (left.trim(), value.trim());
    let mut hidden = false;
    if let Some(rest) = left.strip_prefix("mem ") {
        (hidden, left) = (true, rest.trim());
    }
    let (word, ty) = left.split_once(' ').unwrap_or(("", left));
    let ty = ty.trim();
    if let Some(element) = ty.strip_prefix('[') {
        let element = element.strip_suffix(']').ok_or("`]` is missing")?;
        let active = match word {
            "dup" | "dupnoneed" => true,
            "const" => false,
            _ => return Err("a buffer is `dup`, `dupnoneed` or `const`".to_owned()),
        };
        return Ok(ArgKind::Buffer(parse_buffer(
            active,
            word == "dupnoneed",
            hidden,
            element,
            value,
        )?));
    }
    if hidden {
        return Err("`mem` is for buffers".to_owned());
    }
    let scalar = Scalar::parse(ty)?;
    let value: f64 = value.parse().map_err(|e| format!("`{value}`: {e}"))?;
    match word {
        "" if scalar.is_float() => Ok(ArgKind::Active { scalar, value }),
        "const" => Ok(ArgKind::Constant { scalar, value }),
        _ => Err(format!("`{left}`: an integer is `const`")),
    }
}

fn parse_buffer(
    active: bool,
    no_need: bool,
    hidden: bool,
    element: &str,
    value: &str,
) -> Result<Buffer, String> {
    let element = element.trim();
    let fields = element
        .strip_prefix('{')
        .and_then(|e| e.strip_suffix('}'))
        .unwrap_or(element);
    let element: Result<Vec<Scalar>, _> =
        fields.split(',').map(|f| Scalar::parse(f.trim())).collect();
    let element = element?;
    let list = value
        .strip_prefix('[')
        .and_then(|v| v.strip_suffix(']'))
        .ok_or("`[values]` expected")?;
    let mut cells = Vec::new();
    if let Some((what, times)) = list.rsplit_once(';') {
        let times: usize = times.trim().parse().map_err(|e| format!("count: {e}"))?;
        let cell = parse_cell(what.trim())?;
        cells.extend(std::iter::repeat_n(cell, times));
    } else {
        // Braces around structures are for the reader: the cells are a flat sequence.
        for word in list.replace(['{', '}'], " ").split(',') {
            if !word.trim().is_empty() {
                cells.push(parse_cell(word.trim())?);
            }
        }
    }
    if cells.len() % element.len() != 0 {
        return Err(format!(
            "{} values do not fill elements of {} fields",
            cells.len(),
            element.len()
        ));
    }
    for (index, cell) in cells.iter().enumerate() {
        let pointer = element[index % element.len()] == Scalar::Ptr;
        if pointer == matches!(cell, Cell::Number(_)) {
            return Err(format!("value {index} does not fit its field"));
        }
    }
    Ok(Buffer {
        active,
        no_need,
        hidden,
        element,
        cells,
    })
}

fn parse_cell(text: &str) -> Result<Cell, String> {
    if text == "null" {
        return Ok(Cell::Null);
    }
    if let Ok(number) = text.parse() {
        return Ok(Cell::Number(number));
    }
    let (name, offset) = match text.split_once('+') {
        Some((name, offset)) => (
            name.trim(),
            offset
                .trim()
                .parse()
                .map_err(|e| format!("`{text}`: {e}"))?,
        ),
        None => (text, 0),
    };
    Ok(Cell::Address(name.to_owned(), offset))
}
