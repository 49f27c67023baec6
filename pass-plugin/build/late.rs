//! Binds what the host's LLVM provides in a way that lets the plugin speak first.
//!
//! A plain undefined symbol that the host lacks makes the dynamic linker refuse the plugin with a mangled name, before a word
//! of ours could say which LLVM is needed. So nothing of LLVM's is needed to load the plugin: the symbols that the shim
//! uses are weak, and the C functions that Rust calls are stubs of our own, which jump through a table. `shim/late.cpp` fills
//! the table and looks for all of them when the plugin is loaded, and `src/entry.rs` refuses the host if one is missing:
//! later, in mid-flight, a missing function would end the user's compiler.
//!
//! Only the plugin has the stubs. Tests are linked with a libLLVM.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
};

use object::{
    LittleEndian,
    elf::{SHN_UNDEF, SHT_SYMTAB, STB_GLOBAL, STB_WEAK, SymbolInfo},
    read::{
        archive::ArchiveFile,
        elf::{ElfFile64, Sym as _},
    },
};

/// Makes the references of the shim's objects to LLVM's symbols weak, and returns their names.
pub fn weaken(archive: &Path) -> Result<BTreeSet<String>, String> {
    let mut bytes = fs::read(archive).map_err(|why| format!("{}: {why}", archive.display()))?;
    let (names, places) = undefined(&bytes)?;
    for place in places {
        let info = SymbolInfo(bytes[place]);
        bytes[place] = SymbolInfo::new(STB_WEAK, info.st_type()).0;
    }
    fs::write(archive, bytes).map_err(|why| format!("{}: {why}", archive.display()))?;
    Ok(names)
}

/// LLVM's symbols that the objects of an archive refer to, and where the byte with each one's binding is.
fn undefined(bytes: &[u8]) -> Result<(BTreeSet<String>, Vec<usize>), String> {
    let mut names = BTreeSet::new();
    let mut places = Vec::new();
    let archive = ArchiveFile::parse(bytes).map_err(|why| why.to_string())?;
    for member in archive.members() {
        let member = member.map_err(|why| why.to_string())?;
        let data = member.data(bytes).map_err(|why| why.to_string())?;
        let elf = ElfFile64::<LittleEndian>::parse(data).map_err(|why| why.to_string())?;
        let symbols = elf
            .elf_section_table()
            .symbols(LittleEndian, data, SHT_SYMTAB)
            .map_err(|why| why.to_string())?;
        for symbol in symbols.symbols() {
            let name = symbol
                .name(LittleEndian, symbols.strings())
                .map(|name| String::from_utf8_lossy(name).into_owned())
                .map_err(|why| why.to_string())?;
            // In C++ names LLVM's namespace is spelt with its length.
            let of_llvm =
                name.starts_with("LLVM") || name.starts_with("_Z") && name.contains("4llvm");
            if symbol.st_shndx.get(LittleEndian) != SHN_UNDEF
                || symbol.st_info.st_bind() != STB_GLOBAL
                || !of_llvm
            {
                continue;
            }
            places.push(std::ptr::from_ref(&symbol.st_info).addr() - bytes.as_ptr().addr());
            names.insert(name);
        }
    }
    Ok((names, places))
}

/// The functions of LLVM's C API that the Rust sources name: those words in them that a header declares.
pub fn functions(sources: &Path, headers: &Path) -> Result<BTreeSet<String>, String> {
    let mut used = BTreeSet::new();
    each_file(sources, "rs", &mut |text| {
        used.extend(words(text).map(|(word, _)| word.to_owned()));
    })?;
    let mut declared = BTreeSet::new();
    each_file(headers, "h", &mut |text| {
        let functions = words(text).filter(|(_, next)| next.starts_with('('));
        declared.extend(functions.map(|(word, _)| word.to_owned()));
    })?;
    // A macro declares these, one for each subclass of values.
    let by_macro = |word: &String| word.starts_with("LLVMIsA");
    used.retain(|word| declared.contains(word) || by_macro(word));
    Ok(used)
}

fn each_file(folder: &Path, extension: &str, see: &mut dyn FnMut(&str)) -> Result<(), String> {
    let at = |why: std::io::Error| format!("{}: {why}", folder.display());
    for entry in fs::read_dir(folder).map_err(at)? {
        let path = entry.map_err(at)?.path();
        if path.is_dir() {
            each_file(&path, extension, see)?;
        } else if path.extension().is_some_and(|e| e == extension) {
            see(&fs::read_to_string(&path).map_err(at)?);
        }
    }
    Ok(())
}

/// The words of a text that begin as LLVM's C functions do, each with what follows it.
fn words(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let in_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices("LLVM").filter_map(move |(at, _)| {
        let rest = &text[at..];
        let end = rest.find(|c| !in_word(c)).unwrap_or(rest.len());
        let begins = !text[..at].ends_with(in_word);
        begins.then_some((&rest[..end], &rest[end..]))
    })
}

/// Writes the stubs of the functions and the list of everything that the host must have, as an assembler's source.
pub fn stubs(functions: &BTreeSet<String>, symbols: &BTreeSet<String>) -> Result<PathBuf, String> {
    let mut text = String::from(".section .note.GNU-stack,\"\",@progbits\n.text\n");
    for (at, name) in functions.iter().enumerate() {
        text += &format!(
            ".globl {name}\n.hidden {name}\n.type {name},@function\n{name}: jmp *erx_host_functions+{}(%rip)\n.size {name}, .-{name}\n",
            8 * at
        );
    }
    let all: Vec<&String> = functions.iter().chain(symbols).collect();
    text += ".section .rodata\n";
    for (at, name) in all.iter().enumerate() {
        text += &format!(".Lname{at}: .asciz \"{name}\"\n");
    }
    let table = |name: &str, content: String| {
        format!(".balign 8\n.globl {name}\n.hidden {name}\n{name}:\n{content}\n")
    };
    let names: Vec<String> = (0..all.len())
        .map(|at| format!(".quad .Lname{at}"))
        .collect();
    text += ".section .data.rel.ro,\"aw\"\n";
    text += &table("erx_host_names", names.join("\n"));
    let counts = format!(".quad {}, {}", functions.len(), all.len());
    text += &table("erx_host_counts", counts);
    text += ".bss\n";
    text += &table(
        "erx_host_functions",
        format!(".zero {}", 8 * functions.len()),
    );
    let folder = env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    let path = PathBuf::from(folder).join("host.s");
    fs::write(&path, text).map_err(|why| format!("{}: {why}", path.display()))?;
    Ok(path)
}
