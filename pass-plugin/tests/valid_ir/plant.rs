//! Puts an oddity into a function.

use fastrand::Rng;

use super::module::{Definition, Module};
use super::oddity::Oddity;

/// Puts `oddity` behind some value of its type in the function; whether there was one. What comes out need not be valid
/// (a personality may contradict another, say): LLVM's verifier is asked afterwards.
pub fn plant(
    module: &mut Module,
    function: &str,
    oddity: &Oddity,
    number: usize,
    rng: &mut Rng,
) -> bool {
    let Some((begin, end)) = module.function(function) else {
        return false;
    };
    let mut places = module.definitions(begin, end);
    places.retain(|place| place.ty == oddity.ty);
    if places.is_empty() {
        return false;
    }
    let Definition { line, name, .. } = places.swap_remove(rng.usize(..places.len()));
    let Some(block) = module.block_of(begin, line) else {
        return false;
    };
    let is_phi = |text: &str| text.contains(" = phi ");
    let mut at = line + 1;
    while is_phi(&module.lines[line]) && is_phi(&module.lines[at]) {
        at += 1;
    }
    let result = format!("odd{number}.value");
    if oddity.replaces() {
        rename(
            &mut module.lines[line + 1..end],
            &format!("%{name}"),
            &format!("%{result}"),
        );
    }
    let mut last_label = None;
    let mut code = Vec::new();
    for text in &oddity.code {
        let text = text
            .replace("{v}", &format!("%{name}"))
            .replace("{r}", &format!("%{result}"))
            .replace("{n}", &format!("odd{number}"))
            .replace("{f}", function)
            .replace("{b}", &block);
        match text.strip_suffix(':') {
            Some(label) => {
                last_label = Some(label.to_owned());
                code.push(text);
            }
            None => code.push(format!("  {text}")),
        }
    }
    if let Some(label) = last_label {
        // The rest of the block has a new name, which those that it leads to must hear of.
        let old = format!(", %{block} ]");
        for text in &mut module.lines[begin..end] {
            if is_phi(text) {
                *text = text.replace(&old, &format!(", %{label} ]"));
            }
        }
    }
    module.lines.splice(at..at, code);
    let head = &mut module.lines[begin];
    for words in &oddity.head {
        if !head.contains(words.as_str()) {
            *head = head.replace(" {", &format!(" {words} {{"));
        }
    }
    add_around(module, oddity);
    true
}

/// Adds what the oddity needs outside of the function, unless it is there.
fn add_around(module: &mut Module, oddity: &Oddity) {
    let mut skips = false;
    for text in &oddity.around {
        let begins = ["declare ", "define ", "@", "$"]
            .iter()
            .any(|w| text.starts_with(w));
        if begins {
            let name = symbol(text);
            skips = module.lines.iter().any(|line| {
                ["declare ", "define ", "@", "$"]
                    .iter()
                    .any(|w| line.starts_with(w))
                    && symbol(line) == name
            });
        }
        if !skips {
            module.lines.push(text.clone());
        }
    }
}

/// The name that a line declares or defines, with its sign.
fn symbol(line: &str) -> &str {
    let start = line.find(['@', '$']).unwrap_or(0);
    let rest = &line[start..];
    let end = rest[1..]
        .find(|c: char| !(c.is_alphanumeric() || "._$-".contains(c)))
        .map_or(rest.len(), |end| end + 1);
    &rest[..end]
}

/// Writes another value's name for `from`, where that is a whole name.
fn rename(lines: &mut [String], from: &str, to: &str) {
    for line in lines {
        let mut out = String::new();
        let mut rest = line.as_str();
        while let Some(at) = rest.find(from) {
            let after = &rest[at + from.len()..];
            let whole = !after.starts_with(|c: char| c.is_alphanumeric() || "._-$".contains(c));
            // A label has the sign as well.
            let is_label = rest[..at].ends_with("label ");
            out.push_str(&rest[..at]);
            out.push_str(if whole && !is_label { to } else { from });
            rest = after;
        }
        out.push_str(rest);
        *line = out;
    }
}
