//! A small expression language for the closed forms written in test headers:
//! `2*x*cos(y) - p[1]^2`, over the arguments of the differentiated function at the point.

/// Evaluates `text`; `lookup` answers for a name and its index (`p[2]` asks for `("p", Some(2))`).
pub fn eval(
    text: &str,
    lookup: &dyn Fn(&str, Option<usize>) -> Option<f64>,
) -> Result<f64, String> {
    let mut parser = Parser {
        text,
        at: 0,
        lookup,
    };
    let value = parser.sum()?;
    parser.skip_space();
    if parser.at != text.len() {
        return Err(format!("unexpected `{}` in `{text}`", &text[parser.at..]));
    }
    Ok(value)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    lookup: &'a dyn Fn(&str, Option<usize>) -> Option<f64>,
}

impl Parser<'_> {
    fn skip_space(&mut self) {
        while self.text[self.at..].starts_with(' ') {
            self.at += 1;
        }
    }

    fn eat(&mut self, c: char) -> bool {
        self.skip_space();
        let found = self.text[self.at..].starts_with(c);
        if found {
            self.at += c.len_utf8();
        }
        found
    }

    fn expect(&mut self, c: char) -> Result<(), String> {
        if self.eat(c) {
            return Ok(());
        }
        Err(format!(
            "`{c}` expected at `{}` in `{}`",
            &self.text[self.at..],
            self.text
        ))
    }

    fn sum(&mut self) -> Result<f64, String> {
        let mut value = self.product()?;
        loop {
            if self.eat('+') {
                value += self.product()?;
            } else if self.eat('-') {
                value -= self.product()?;
            } else {
                return Ok(value);
            }
        }
    }

    fn product(&mut self) -> Result<f64, String> {
        let mut value = self.unary()?;
        loop {
            if self.eat('*') {
                value *= self.unary()?;
            } else if self.eat('/') {
                value /= self.unary()?;
            } else {
                return Ok(value);
            }
        }
    }

    fn unary(&mut self) -> Result<f64, String> {
        if self.eat('-') {
            return Ok(-self.unary()?);
        }
        let base = self.atom()?;
        if self.eat('^') {
            return Ok(base.powf(self.unary()?));
        }
        Ok(base)
    }

    fn atom(&mut self) -> Result<f64, String> {
        if self.eat('(') {
            let value = self.sum()?;
            self.expect(')')?;
            return Ok(value);
        }
        self.skip_space();
        let rest = &self.text[self.at..];
        let first = rest
            .chars()
            .next()
            .ok_or_else(|| format!("`{}` ends early", self.text))?;
        if first.is_ascii_digit() || first == '.' {
            return self.number(rest);
        }
        let length = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        if length == 0 {
            return Err(format!("unexpected `{rest}` in `{}`", self.text));
        }
        let name = rest[..length].to_owned();
        self.at += length;
        if self.eat('(') {
            let first = self.sum()?;
            let second = if self.eat(',') {
                Some(self.sum()?)
            } else {
                None
            };
            self.expect(')')?;
            return call(&name, first, second);
        }
        let index = if self.eat('[') {
            let value = self.sum()?;
            self.expect(']')?;
            Some(value as usize)
        } else {
            None
        };
        if name == "pi" {
            return Ok(std::f64::consts::PI);
        }
        (self.lookup)(&name, index).ok_or_else(|| format!("`{name}` is not known here"))
    }

    fn number(&mut self, rest: &str) -> Result<f64, String> {
        let bytes = rest.as_bytes();
        let mut end = 0;
        while end < bytes.len() {
            let sign_of_exponent =
                matches!(bytes[end], b'+' | b'-') && matches!(bytes[end - 1], b'e' | b'E');
            if bytes[end].is_ascii_digit()
                || matches!(bytes[end], b'.' | b'e' | b'E')
                || sign_of_exponent
            {
                end += 1;
            } else {
                break;
            }
        }
        self.at += end;
        rest[..end]
            .parse()
            .map_err(|e| format!("`{}`: {e}", &rest[..end]))
    }
}

fn call(name: &str, a: f64, b: Option<f64>) -> Result<f64, String> {
    Ok(match (name, b) {
        ("sin", None) => a.sin(),
        ("cos", None) => a.cos(),
        ("tan", None) => a.tan(),
        ("sinh", None) => a.sinh(),
        ("cosh", None) => a.cosh(),
        ("tanh", None) => a.tanh(),
        ("exp", None) => a.exp(),
        ("ln", None) => a.ln(),
        ("sqrt", None) => a.sqrt(),
        ("abs", None) => a.abs(),
        ("floor", None) => a.floor(),
        ("trunc", None) => a.trunc(),
        ("round", None) => a.round_ties_even(),
        ("sign", None) => a.signum(),
        ("min", Some(b)) => a.min(b),
        ("max", Some(b)) => a.max(b),
        ("is", Some(b)) => f64::from(a == b),
        ("mod", Some(b)) => a.rem_euclid(b),
        ("pow", Some(b)) => a.powf(b),
        _ => return Err(format!("`{name}` is no function of the closed forms")),
    })
}
