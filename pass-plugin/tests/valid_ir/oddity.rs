//! The table of oddities.

use super::module::Type;

/// Valid IR that few programs have, to be put into a function.
#[derive(Clone, Debug)]
pub struct Oddity {
    pub name: String,
    /// Of the value that it takes.
    pub ty: Type,
    /// What goes into the function.
    pub code: Vec<String>,
    /// What goes beside it.
    pub around: Vec<String>,
    /// Words for the head of the function.
    pub head: Vec<String>,
}

impl Oddity {
    /// Whether its result stands in for the value that it takes.
    pub fn replaces(&self) -> bool {
        self.code.iter().any(|line| line.contains("{r}"))
    }
}

/// Reads `oddities.txt`; its head says how that is written.
pub fn table(text: &str) -> Result<Vec<Oddity>, String> {
    let mut list: Vec<Oddity> = Vec::new();
    let mut in_function = false;
    for line in text.lines() {
        if let Some(head) = line.strip_prefix("## ") {
            let (name, ty) = head
                .split_once(": ")
                .ok_or_else(|| format!("no type: {line}"))?;
            list.push(Oddity {
                name: name.to_owned(),
                ty: Type::named(ty).ok_or_else(|| format!("unknown type: {line}"))?,
                code: Vec::new(),
                around: Vec::new(),
                head: Vec::new(),
            });
            continue;
        }
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let oddity = list
            .last_mut()
            .ok_or_else(|| format!("code before a name: {line}"))?;
        let outside = ["declare ", "define ", "@", "$"]
            .iter()
            .any(|w| line.starts_with(w));
        if in_function || outside {
            in_function = (in_function || line.starts_with("define ")) && line != "}";
            oddity.around.push(line.to_owned());
        } else if let Some(words) = line.strip_prefix("+ ") {
            oddity.head.push(words.to_owned());
        } else {
            oddity.code.push(line.to_owned());
        }
    }
    Ok(list)
}
