//! LLVM IR as lines of text, as far as oddities and marker calls have to understand it.

/// The types of values that oddities take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    F64,
    F32,
    I64,
    I32,
    Ptr,
}

impl Type {
    /// The type that the table calls so.
    pub fn named(name: &str) -> Option<Type> {
        Some(match name {
            "f64" => Type::F64,
            "f32" => Type::F32,
            "i64" => Type::I64,
            "i32" => Type::I32,
            "ptr" => Type::Ptr,
            _ => return None,
        })
    }

    /// The type that IR writes so.
    fn written(text: &str) -> Option<Type> {
        Some(match text {
            "double" => Type::F64,
            "float" => Type::F32,
            "i64" => Type::I64,
            "i32" => Type::I32,
            "ptr" => Type::Ptr,
            _ => return None,
        })
    }
}

/// A parameter of a function: its type as IR writes it.
#[derive(Clone, Debug)]
pub struct Parameter {
    pub ty: String,
}

/// What the head of a function says.
#[derive(Clone, Debug)]
pub struct Head {
    pub name: String,
    pub result: String,
    pub parameters: Vec<Parameter>,
}

/// A definition of a value: its line, its name and its type.
#[derive(Clone, Debug)]
pub struct Definition {
    pub line: usize,
    pub name: String,
    pub ty: Type,
}

/// A module, line by line.
#[derive(Clone, Debug)]
pub struct Module {
    pub lines: Vec<String>,
}

impl Module {
    pub fn read(text: &str) -> Module {
        Module {
            lines: text.lines().map(str::to_owned).collect(),
        }
    }

    pub fn text(&self) -> String {
        self.lines.join("\n") + "\n"
    }

    /// The lines of the function, from its head to its closing brace.
    pub fn function(&self, name: &str) -> Option<(usize, usize)> {
        let plain = format!("@{name}(");
        let begin = self
            .lines
            .iter()
            .position(|line| line.starts_with("define ") && line.contains(&plain))?;
        let length = self.lines[begin..].iter().position(|line| line == "}")?;
        Some((begin, begin + length))
    }

    /// The values that instructions between these lines define, of the types that oddities take. Terminators and what
    /// goes over several lines are left out.
    pub fn definitions(&self, begin: usize, end: usize) -> Vec<Definition> {
        let mut list = Vec::new();
        for line in begin + 1..end {
            if let Some((name, right)) = self.lines[line]
                .strip_prefix("  %")
                .and_then(|text| text.split_once(" = "))
                && let Some(ty) = result_type(right)
            {
                list.push(Definition {
                    line,
                    name: name.to_owned(),
                    ty,
                });
            }
        }
        list
    }

    /// The label of the block that a line is in.
    pub fn block_of(&self, begin: usize, line: usize) -> Option<String> {
        let label = |text: &str| -> Option<String> {
            let text = text.split(';').next().unwrap_or_default().trim_end();
            let label = text.strip_suffix(':')?;
            (!label.starts_with(' ') && !label.is_empty()).then(|| label.to_owned())
        };
        self.lines[begin + 1..=line]
            .iter()
            .rev()
            .find_map(|text| label(text))
    }
}

/// Words that may stand between an operation and its type.
const FLAGS: [&str; 19] = [
    "fast", "nnan", "ninf", "nsz", "arcp", "contract", "afn", "reassoc", "nsw", "nuw", "exact",
    "disjoint", "inbounds", "nusw", "volatile", "nneg", "samesign", "tail", "notail",
];

fn result_type(right: &str) -> Option<Type> {
    let mut words = right.split(' ');
    let operation = words.next()?;
    let mut rest = words.skip_while(|word| FLAGS.contains(word));
    match operation {
        "alloca" => Some(Type::Ptr),
        "getelementptr" => {
            let vector = right.contains("<") && right.contains(" x ptr>");
            (!vector).then_some(Type::Ptr)
        }
        "fadd" | "fsub" | "fmul" | "fdiv" | "frem" | "fneg" | "add" | "sub" | "mul" | "and"
        | "or" | "xor" | "shl" | "lshr" | "ashr" | "phi" | "call" | "load" | "tail" => {
            let first = rest.next()?;
            let first = if first == "call" { rest.next()? } else { first };
            Type::written(first.trim_end_matches(','))
        }
        "sitofp" | "uitofp" | "fpext" | "fptrunc" | "zext" | "sext" | "trunc" | "bitcast"
        | "fptosi" | "fptoui" | "ptrtoint" | "inttoptr" => {
            let to = right.split(" to ").last()?;
            Type::written(to.split(',').next()?.trim())
        }
        "select" => {
            let ty = right.split(", ").nth(1)?.split(' ').next()?;
            Type::written(ty)
        }
        _ => None,
    }
}

/// Reads the line that begins a function; none for what markers can't be called with in a plain way.
pub fn head(line: &str) -> Option<Head> {
    let at = line.find('@')?;
    let result = type_before(&line[..at])?;
    let (name, rest) = line[at + 1..].split_once('(')?;
    let mut parameters = Vec::new();
    for part in split_list(rest)? {
        let ty = type_at(part.trim())?;
        // Calls would have to repeat these.
        if [
            "...",
            "byval",
            "sret",
            "inalloca",
            "swift",
            "preallocated",
            "elementtype",
        ]
        .iter()
        .any(|word| part.contains(word))
        {
            return None;
        }
        parameters.push(Parameter { ty: ty.to_owned() });
    }
    Some(Head {
        name: name.trim_matches('"').to_owned(),
        result: result.to_owned(),
        parameters,
    })
}

/// The type that ends a text.
fn type_before(text: &str) -> Option<&str> {
    let text = text.trim_end();
    let mut depth = 0i32;
    for (index, c) in text.char_indices().rev() {
        match c {
            '>' | ']' | '}' | ')' => depth += 1,
            '<' | '[' | '{' | '(' => depth -= 1,
            ' ' if depth == 0 => return Some(&text[index + 1..]),
            _ => {}
        }
    }
    None
}

/// The type that begins a text.
fn type_at(text: &str) -> Option<&str> {
    let mut depth = 0i32;
    for (index, c) in text.char_indices() {
        match c {
            '<' | '[' | '{' | '(' => depth += 1,
            '>' | ']' | '}' | ')' => depth -= 1,
            ' ' if depth == 0 && !text[index..].starts_with(" addrspace(") => {
                return Some(&text[..index]);
            }
            _ => {}
        }
    }
    (depth == 0 && !text.is_empty()).then_some(text)
}

/// The parts between commas up to the closing parenthesis.
fn split_list(text: &str) -> Option<Vec<&str>> {
    let (mut depth, mut start) = (0i32, 0);
    let mut parts = Vec::new();
    for (index, c) in text.char_indices() {
        match c {
            ')' if depth == 0 => {
                if !text[start..index].trim().is_empty() {
                    parts.push(&text[start..index]);
                }
                return Some(parts);
            }
            '<' | '[' | '{' | '(' => depth += 1,
            '>' | ']' | '}' | ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    None
}
