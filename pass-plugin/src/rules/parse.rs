//! Reads the text of `table.rs` into [`Rule`]s; see there for the grammar.
//!
//! Formulas are checked here: names are known, calls have the right arity, and every operand has the right kind, so
//! [`Expr`] can be evaluated without further checks. Constants are folded.

use super::calls;
use super::expr::{Binary, Expr, Kind, Predicate};
use super::{ParamKind, ResultSpec, Rule};

/// Parses all rows of one section. Rows are numbered from `first`. The error names the row.
pub fn section(text: &'static str, first: usize) -> Result<Vec<Rule>, String> {
    let mut rows: Vec<Vec<Token>> = Vec::new();
    for line in text.lines() {
        let code = line.split('#').next().unwrap_or_default();
        if code.trim().is_empty() {
            continue;
        }
        let tokens = tokens(code).map_err(|why| format!("`{line}`: {why}"))?;
        match rows.last_mut() {
            Some(row) if line.starts_with(' ') => row.extend(tokens),
            _ => rows.push(tokens),
        }
    }
    let parse = |(i, tokens): (usize, Vec<Token>)| {
        let names = format!("{:?}", tokens.first());
        Parser::new(tokens)
            .row(first + i)
            .map_err(|why| format!("row {names}: {why}"))
    };
    rows.into_iter().enumerate().map(parse).collect()
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Token {
    Word(&'static str),
    Number(f64),
    Mark(&'static str),
}

const MARKS: &[&str] = &[
    "->", "==", "!=", "<=", ">=", "&&", "||", "<", ">", "+", "-", "*", "/", "(", ")", ",", ":",
    "=", "|",
];

fn tokens(mut text: &'static str) -> Result<Vec<Token>, String> {
    let mut out = Vec::new();
    loop {
        text = text.trim_start();
        let Some(c) = text.chars().next() else {
            return Ok(out);
        };
        let in_word = |c: char| c.is_ascii_alphanumeric() || "_.%?".contains(c);
        let length = if in_word(c) {
            let length = text.find(|c| !in_word(c)).unwrap_or(text.len());
            let word = &text[..length];
            out.push(if c.is_ascii_digit() {
                Token::Number(word.parse().map_err(|_| format!("bad number `{word}`"))?)
            } else {
                Token::Word(word)
            });
            length
        } else {
            let mark = MARKS
                .iter()
                .find(|m| text.starts_with(**m))
                .ok_or_else(|| format!("stray `{c}`"))?;
            out.push(Token::Mark(mark));
            mark.len()
        };
        text = &text[length..];
    }
}

/// What a name in the formulas of a row stands for.
struct Name {
    name: &'static str,
    value: Expr,
    kind: Kind,
}

struct Parser {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
    names: Vec<Name>,
}

impl Parser {
    fn new(tokens: Vec<Token>) -> Self {
        Self {
            tokens: tokens.into_iter().peekable(),
            names: Vec::new(),
        }
    }

    fn eat(&mut self, mark: &'static str) -> bool {
        self.tokens.next_if_eq(&Token::Mark(mark)).is_some()
    }

    fn expect(&mut self, mark: &'static str) -> Result<(), String> {
        match self.tokens.next() {
            Some(Token::Mark(m)) if m == mark => Ok(()),
            other => Err(format!("expected `{mark}`, found {other:?}")),
        }
    }

    fn word(&mut self) -> Result<&'static str, String> {
        match self.tokens.next() {
            Some(Token::Word(word)) => Ok(word),
            other => Err(format!("expected a name, found {other:?}")),
        }
    }

    fn bind(&mut self, name: &'static str, value: Expr, kind: Kind) -> Result<(), String> {
        let constant = named_constant(name).is_some();
        if constant || self.names.iter().any(|n| n.name == name) {
            return Err(format!("`{name}` is declared twice"));
        }
        self.names.push(Name { name, value, kind });
        Ok(())
    }

    fn row(mut self, id: usize) -> Result<Rule, String> {
        let mut names = vec![self.word()?];
        while self.eat("|") {
            names.push(self.word()?);
        }
        let mut params = Vec::new();
        self.expect("(")?;
        loop {
            let name = self.word()?;
            let kind = if self.eat(":") {
                match self.word()? {
                    "int" => ParamKind::Int,
                    "const" => ParamKind::FloatInactive,
                    other => return Err(format!("unknown kind of parameter `{other}`")),
                }
            } else {
                ParamKind::Float
            };
            let of = if kind == ParamKind::Int {
                Kind::Int
            } else {
                Kind::Float
            };
            self.bind(name, Expr::Param(params.len()), of)?;
            params.push(kind);
            if !self.eat(",") {
                break;
            }
        }
        self.expect(")")?;
        let results = self.results()?;
        // `Needs` has 16 bits for each.
        if params.len() > 16 || results.len() > 16 {
            return Err("more than 16 parameters or results".into());
        }
        self.expect("=")?;
        let mut partials = Vec::new();
        for (k, _) in results
            .iter()
            .enumerate()
            .filter(|(_, r)| r.kind == ParamKind::Float)
        {
            if k > 0 {
                self.expect("|")?;
            }
            let mut row = Vec::new();
            for (i, kind) in params.iter().enumerate() {
                if *kind != ParamKind::Float {
                    row.push(Expr::Const(0.0));
                    continue;
                }
                if row
                    .iter()
                    .zip(&params)
                    .any(|(_, kind)| *kind == ParamKind::Float)
                {
                    self.expect(",")
                        .map_err(|why| format!("partial {i} of result {k}: {why}"))?;
                }
                row.push(self.float()?);
            }
            partials.push(row);
        }
        partials.resize(results.len(), vec![Expr::Const(0.0); params.len()]);
        match self.tokens.next() {
            None => Ok(Rule {
                id,
                names,
                params,
                results,
                partials,
            }),
            Some(token) => Err(format!("{token:?} after the last partial")),
        }
    }

    /// `-> (u, v: out, n: int out)`; without it, one result `r`. Integer results must come last.
    fn results(&mut self) -> Result<Vec<ResultSpec>, String> {
        let mut results: Vec<ResultSpec> = Vec::new();
        if !self.eat("->") {
            self.bind("r", Expr::Result(0), Kind::Float)?;
            return Ok(vec![ResultSpec {
                kind: ParamKind::Float,
                out: false,
            }]);
        }
        self.expect("(")?;
        loop {
            let name = self.word()?;
            let mut result = ResultSpec {
                kind: ParamKind::Float,
                out: false,
            };
            if self.eat(":") {
                while let Some(Token::Word(word)) =
                    self.tokens.next_if(|t| matches!(t, Token::Word(_)))
                {
                    match word {
                        "int" => result.kind = ParamKind::Int,
                        "out" => result.out = true,
                        other => return Err(format!("unknown kind of result `{other}`")),
                    }
                }
            }
            let before = results.last().copied().unwrap_or(result);
            if before.out && !result.out
                || before.kind == ParamKind::Int && result.kind == ParamKind::Float
            {
                return Err("results that are `out`, and integer results, come last".into());
            }
            let kind = if result.kind == ParamKind::Int {
                Kind::Int
            } else {
                Kind::Float
            };
            self.bind(name, Expr::Result(results.len()), kind)?;
            results.push(result);
            if !self.eat(",") {
                break;
            }
        }
        self.expect(")")?;
        Ok(results)
    }

    fn float(&mut self) -> Result<Expr, String> {
        let (value, kind) = self.sum()?;
        self.coerce(value, kind, Kind::Float)
    }

    /// Checks the kind of a value. A whole number is written the same as a float and as an integer, so it is read as a
    /// float first and becomes an integer where one is wanted.
    fn coerce(&self, value: Expr, kind: Kind, wanted: Kind) -> Result<Expr, String> {
        match (value, kind) {
            (value, kind) if kind == wanted => Ok(value),
            (Expr::Const(c), Kind::Float) if wanted == Kind::Int && c == c.trunc() => {
                Ok(Expr::Int(c as i64))
            }
            (value, kind) => Err(format!("{value:?} is a {kind:?}, not a {wanted:?}")),
        }
    }

    /// Brings two operands to one kind.
    fn unify(&self, a: (Expr, Kind), b: (Expr, Kind)) -> Result<(Kind, Expr, Expr), String> {
        let kind = if a.1 == Kind::Int || b.1 == Kind::Int {
            Kind::Int
        } else {
            a.1
        };
        let (a, b) = (self.coerce(a.0, a.1, kind)?, self.coerce(b.0, b.1, kind)?);
        if matches!((&a, &b), (Expr::Int(_), Expr::Int(_))) {
            return Err("an operation on two integer constants has no width".into());
        }
        Ok((kind, a, b))
    }

    fn condition(&mut self) -> Result<Expr, String> {
        let mut all = self.conjunction()?;
        while self.eat("||") {
            all = Expr::Or(Box::new(all), Box::new(self.conjunction()?));
        }
        Ok(all)
    }

    fn conjunction(&mut self) -> Result<Expr, String> {
        let mut all = self.comparison()?;
        while self.eat("&&") {
            all = Expr::And(Box::new(all), Box::new(self.comparison()?));
        }
        Ok(all)
    }

    fn comparison(&mut self) -> Result<Expr, String> {
        let a = self.sum()?;
        let predicate = match self.tokens.next() {
            Some(Token::Mark("==")) => Predicate::Eq,
            Some(Token::Mark("!=")) => Predicate::Ne,
            Some(Token::Mark("<")) => Predicate::Lt,
            Some(Token::Mark("<=")) => Predicate::Le,
            Some(Token::Mark(">")) => Predicate::Gt,
            Some(Token::Mark(">=")) => Predicate::Ge,
            other => return Err(format!("expected a comparison, found {other:?}")),
        };
        let b = self.sum()?;
        let (kind, a, b) = self.unify(a, b)?;
        if kind == Kind::Bool {
            return Err("a comparison of booleans".into());
        }
        Ok(Expr::Compare(kind, predicate, Box::new(a), Box::new(b)))
    }

    fn sum(&mut self) -> Result<(Expr, Kind), String> {
        let mut value = self.product()?;
        loop {
            let op = if self.eat("+") {
                Binary::Add
            } else if self.eat("-") {
                Binary::Sub
            } else {
                return Ok(value);
            };
            let b = self.product()?;
            value = self.binary(op, value, b)?;
        }
    }

    fn product(&mut self) -> Result<(Expr, Kind), String> {
        let mut value = self.factor()?;
        loop {
            let op = if self.eat("*") {
                Binary::Mul
            } else if self.eat("/") {
                Binary::Div
            } else {
                return Ok(value);
            };
            let b = self.factor()?;
            value = self.binary(op, value, b)?;
        }
    }

    fn binary(&self, op: Binary, a: (Expr, Kind), b: (Expr, Kind)) -> Result<(Expr, Kind), String> {
        let (kind, a, b) = self.unify(a, b)?;
        if kind == Kind::Bool || kind == Kind::Int && op == Binary::Div {
            return Err(format!("{op:?} of {kind:?}"));
        }
        if let (Expr::Const(a), Expr::Const(b)) = (&a, &b) {
            let value = match op {
                Binary::Add => a + b,
                Binary::Sub => a - b,
                Binary::Mul => a * b,
                Binary::Div => a / b,
            };
            return Ok((Expr::Const(value), kind));
        }
        Ok((Expr::Binary(kind, op, Box::new(a), Box::new(b)), kind))
    }

    fn factor(&mut self) -> Result<(Expr, Kind), String> {
        match self.tokens.next() {
            Some(Token::Mark("-")) => {
                let (value, kind) = self.factor()?;
                Ok((negated(self.coerce(value, kind, Kind::Float)?), Kind::Float))
            }
            Some(Token::Mark("(")) => {
                let value = self.sum()?;
                self.expect(")")?;
                Ok(value)
            }
            Some(Token::Number(value)) => Ok((Expr::Const(value), Kind::Float)),
            Some(Token::Word(name)) if self.eat("(") => {
                let value = self.call(name)?;
                self.expect(")")?;
                Ok((value, Kind::Float))
            }
            Some(Token::Word(name)) => match self.names.iter().find(|n| n.name == name) {
                Some(known) => Ok((known.value.clone(), known.kind)),
                None => {
                    let value =
                        named_constant(name).ok_or_else(|| format!("unknown name `{name}`"))?;
                    Ok((Expr::Const(value), Kind::Float))
                }
            },
            other => Err(format!("expected a formula, found {other:?}")),
        }
    }

    /// The arguments of a call, after its opening parenthesis.
    fn call(&mut self, name: &'static str) -> Result<Expr, String> {
        match name {
            "if" => {
                let condition = self.condition()?;
                self.expect(",")?;
                let then = self.float()?;
                self.expect(",")?;
                Ok(Expr::If(
                    Box::new(condition),
                    Box::new(then),
                    Box::new(self.float()?),
                ))
            }
            "float" => {
                let (value, kind) = self.sum()?;
                Ok(Expr::Float(Box::new(self.coerce(
                    value,
                    kind,
                    Kind::Int,
                )?)))
            }
            _ => {
                let callee =
                    calls::find(name).ok_or_else(|| format!("`{name}` is not in `CALLEES`"))?;
                let mut args = Vec::new();
                for (i, wanted) in callee.params.iter().enumerate() {
                    if i > 0 {
                        self.expect(",")?;
                    }
                    let (value, kind) = self.sum()?;
                    let value = self.coerce(value, kind, *wanted)?;
                    if matches!(value, Expr::Int(_)) {
                        return Err(format!(
                            "an integer constant as an argument of `{name}` has no width"
                        ));
                    }
                    args.push(value);
                }
                Ok(Expr::Call(callee, args))
            }
        }
    }
}

/// `-value`, folded where that is exact.
pub fn negated(value: Expr) -> Expr {
    match value {
        Expr::Const(0.0) => Expr::Const(0.0),
        Expr::Const(c) => Expr::Const(-c),
        Expr::Neg(value) => *value,
        value => Expr::Neg(Box::new(value)),
    }
}

fn named_constant(name: &str) -> Option<f64> {
    match name {
        "pi" => Some(std::f64::consts::PI),
        "ln2" => Some(std::f64::consts::LN_2),
        "ln10" => Some(std::f64::consts::LN_10),
        // The square root of pi, to all bits of an f64.
        "sqrtpi" => Some(1.772_453_850_905_516),
        _ => None,
    }
}
