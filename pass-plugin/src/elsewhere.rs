//! Bodies that the host did not bring along: bitcode in the files of the link.
//!
//! Thin LTO gives a module what it thinks worth inlining. A function that is called with active data, but is not to be
//! inlined, or is compiled code of the standard library that has its bitcode beside it, is missing then. The linker's
//! command line names the files in which it is: objects, static libraries, and within those objects of bitcode or with a
//! section of it.
//!
//! What is found is copied as the module's own. Its callees may have been made local to the module where they are at home,
//! or be gone from there, so they are copied too; only what is machine code anyway is left to the linker.
#![forbid(unsafe_code)]

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use object::read::archive::ArchiveFile;
use object::{Object, ObjectSection};
use rustc_hash::FxHashMap;

use crate::llvm::{Importer, Module, definitions};

/// The files of the link, and what they define.
#[derive(Debug, Default)]
struct Files {
    files: Vec<Vec<u8>>,
    defined: FxHashMap<String, Place>,
    /// What modules define for themselves; `None`: several do, and by the name alone they are not told apart.
    own: FxHashMap<String, Option<Place>>,
}

/// Bitcode that defines something.
#[derive(Clone, Debug)]
struct Place {
    file: usize,
    range: Range<usize>,
    /// The linker has machine code of it as well, so that references to it stay good.
    compiled: bool,
}

/// Copies the body of a function into the module, if a file of this link has it; returns whether one had.
pub fn import(module: Module, importer: &mut Option<Importer>, name: &str) -> Result<bool, String> {
    static FILES: OnceLock<Files> = OnceLock::new();
    let files = FILES.get_or_init(|| Files::read(&link_inputs(std::env::args_os().collect())));
    let mut wanted = vec![name.to_owned()];
    let mut found = false;
    while !wanted.is_empty() {
        // All that is in one file at once: reading it takes longer than copying.
        let mut from: BTreeMap<(usize, usize), (Place, Vec<String>)> = BTreeMap::new();
        for name in wanted.drain(..) {
            // Machine code is good enough for what was not asked for by name.
            if let Some(place) = files.home_of(&name)
                && !(found && place.compiled)
                && is_missing(module, &name)
            {
                let key = (place.file, place.range.start);
                let (_, names) = from.entry(key).or_insert((place.clone(), Vec::new()));
                names.push(name);
            }
        }
        if from.is_empty() {
            break;
        }
        let before = declared(module);
        for (place, mut names) in from.into_values() {
            names.sort();
            let bitcode = &files.files[place.file][place.range];
            importer
                .get_or_insert_with(|| Importer::new(module))
                .import(bitcode, &names)
                .map_err(|why| format!("the body of `{name}` was found, but {why}"))?;
        }
        found = true;
        wanted.extend(declared(module).into_iter().filter(|d| !before.contains(d)));
    }
    Ok(found)
}

fn is_missing(module: Module, name: &str) -> bool {
    module.function(name).is_some_and(|f| f.is_declaration())
        || module.global(name).is_some_and(|g| g.is_declaration())
}

/// Whether this link keeps a cache of thin LTO.
pub fn is_cached() -> bool {
    static CACHED: OnceLock<bool> = OnceLock::new();
    *CACHED.get_or_init(|| asks_for_cache(&expand(std::env::args_os().collect())))
}

fn asks_for_cache(arguments: &[String]) -> bool {
    arguments.iter().any(|argument| {
        argument
            .trim_start_matches('-')
            .starts_with("thinlto-cache-dir")
    })
}

/// What the module refers to and does not define.
fn declared(module: Module) -> rustc_hash::FxHashSet<String> {
    let functions = module.functions().into_iter();
    let functions = functions.filter(|f| f.is_declaration()).map(|f| f.name());
    let globals = module.globals().into_iter();
    let globals = globals.filter(|g| g.is_declaration()).map(|g| g.name());
    functions.chain(globals).collect()
}

impl Files {
    fn read(paths: &[PathBuf]) -> Files {
        let mut all = Files::default();
        for path in paths {
            // What can't be read has no bodies for us; the linker says what is wrong with it.
            if let Ok(content) = std::fs::read(path) {
                all.add(content);
            }
        }
        all
    }

    /// The bitcode that defines a name, also one that thin LTO made of a module's own.
    fn home_of(&self, name: &str) -> Option<&Place> {
        let own = || {
            let (own, _) = name.split_once(".llvm.")?;
            self.own.get(own)?.as_ref()
        };
        self.defined.get(name).or_else(own)
    }

    /// Adds a file. The first definition of a name counts, as it does for the linker.
    fn add(&mut self, content: Vec<u8>) {
        let file = self.files.len();
        for (range, compiled) in bitcode_in(&content) {
            let place = Place {
                file,
                range: range.clone(),
                compiled,
            };
            let names = definitions(&content[range]);
            for name in names.seen {
                self.defined.entry(name).or_insert_with(|| place.clone());
            }
            for name in names.own {
                let unique = is_rusts(&name);
                self.own
                    .entry(name)
                    .and_modify(|known| *known = known.take().filter(|_| unique))
                    .or_insert_with(|| Some(place.clone()));
            }
        }
        self.files.push(content);
    }
}

/// Rust's names say all that makes two functions differ; C's don't, nor do C++'s of unnamed namespaces.
fn is_rusts(name: &str) -> bool {
    let legacy =
        || name.starts_with("_ZN") && name.contains("17h") && !name.contains("_GLOBAL__N_");
    name.starts_with("_R") || legacy()
}

/// Where bitcode is in a file, and whether machine code is beside it.
fn bitcode_in(content: &[u8]) -> Vec<(Range<usize>, bool)> {
    if !content.starts_with(b"!<arch>\n") {
        return bitcode_of_object(content, 0..content.len())
            .into_iter()
            .collect();
    }
    let Ok(archive) = ArchiveFile::parse(content) else {
        return Vec::new();
    };
    let members = archive.members().filter_map(Result::ok);
    members
        .filter_map(|member| {
            let (at, size) = member.file_range();
            let (at, size) = (usize::try_from(at).ok()?, usize::try_from(size).ok()?);
            bitcode_of_object(content, at..at.checked_add(size)?)
        })
        .collect()
}

fn bitcode_of_object(content: &[u8], range: Range<usize>) -> Option<(Range<usize>, bool)> {
    let bytes = content.get(range.clone())?;
    if bytes.starts_with(b"BC\xC0\xDE") {
        return Some((range, false));
    }
    let object = object::File::parse(bytes).ok()?;
    let section = object.section_by_name(".llvmbc")?;
    let (at, size) = section.file_range()?;
    let begin = range.start.checked_add(usize::try_from(at).ok()?)?;
    let end = begin.checked_add(usize::try_from(size).ok()?)?;
    (size > 0 && end <= range.end).then_some((begin..end, true))
}

/// The files that a linker's command line names: objects and static libraries, in their order.
fn link_inputs(arguments: Vec<OsString>) -> Vec<PathBuf> {
    let arguments = expand(arguments);
    let mut folders: Vec<PathBuf> = Vec::new();
    let mut inputs: Vec<PathBuf> = Vec::new();
    let mut rest = arguments.iter().skip(1);
    while let Some(argument) = rest.next() {
        if let Some(folder) = argument.strip_prefix("-L") {
            let folder = match folder.is_empty() {
                true => rest.next().map(String::as_str).unwrap_or_default(),
                false => folder,
            };
            folders.push(PathBuf::from(folder));
        } else if let Some(name) = argument.strip_prefix("-l") {
            let name = match name.is_empty() {
                true => rest.next().map(String::as_str).unwrap_or_default(),
                false => name,
            };
            inputs.push(PathBuf::from(format!("lib{name}.a")));
        } else if argument == "-o" || argument == "-m" {
            rest.next();
        } else if !argument.starts_with('-') {
            inputs.push(PathBuf::from(argument));
        }
    }
    let found = inputs.into_iter().filter_map(|input| {
        let exists = |path: &Path| path.is_file().then(|| path.to_path_buf());
        exists(&input).or_else(|| {
            folders
                .iter()
                .find_map(|folder| exists(&folder.join(&input)))
        })
    });
    found.collect()
}

/// Puts the contents of response files (`@file`) in their place.
fn expand(arguments: Vec<OsString>) -> Vec<String> {
    let mut out = Vec::new();
    for argument in arguments {
        let argument = argument.to_string_lossy().into_owned();
        let file = argument.strip_prefix('@');
        match file.and_then(|file| std::fs::read_to_string(file).ok()) {
            Some(text) => out.extend(words(&text)),
            None => out.push(argument),
        }
    }
    out
}

/// The words of a response file: separated by blanks, quoted, with backslashes.
fn words(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = text.chars();
    while let Some(c) = letters.next() {
        match (c, quote) {
            ('\\', _) => word.get_or_insert_default().extend(letters.next()),
            (c, Some(q)) if c == q => quote = None,
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (c, None) if c.is_whitespace() => out.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    out.extend(word);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn response_files_are_split_as_linkers_do() {
        assert_eq!(
            words("a.o \"b c.o\"\n-o 'd\"e' f\\ g \"\""),
            ["a.o", "b c.o", "-o", "d\"e", "f g", ""]
        );
    }

    #[test]
    fn inputs_of_a_command_line() {
        let dir = tempfile::tempdir().unwrap();
        for file in ["a.o", "libenergy.a", "out"] {
            std::fs::write(dir.path().join(file), "x").unwrap();
        }
        let path = |file: &str| dir.path().join(file).into_os_string();
        let line: Vec<OsString> = [
            "ld".into(),
            "-o".into(),
            path("out"),
            "-L".into(),
            dir.path().into(),
            path("a.o"),
            "-lenergy".into(),
            "-lnone".into(),
        ]
        .into();
        assert_eq!(link_inputs(line), [path("a.o"), path("libenergy.a")]);
    }

    #[test]
    fn a_cache_is_seen_on_the_command_line() {
        let asks = |line: &str| asks_for_cache(&words(line));
        assert!(asks("ld.lld a.o --thinlto-cache-dir=/c -o a"));
        assert!(asks("ld.lld -thinlto-cache-dir=/c"));
        assert!(!asks("ld.lld --thinlto-jobs=2 cache-dir"));
    }

    #[test]
    fn what_is_no_bitcode_has_none() {
        assert!(bitcode_in(b"!<arch>\nrubbish").is_empty());
        assert!(bitcode_in(b"\x7fELF").is_empty());
        assert!(bitcode_in(b"").is_empty());
        assert_eq!(bitcode_in(b"BC\xC0\xDExyz"), [(0..7, false)]);
        let none = definitions(b"BC\xC0\xDExyz");
        assert!(none.seen.is_empty() && none.own.is_empty());
    }
}
