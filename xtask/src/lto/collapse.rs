//! That whole programs are differentiated: calls across crates are gone before the derivative is taken, and the derivative is
//! optimised afterwards as if somebody had written it.

use crate::steps::{capture, must};
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::process::Command;
use toolchains::{Flow, Plugin};

/// Builds `cases/chain` through a flow and looks at the function before and after.
pub fn before_and_after(workspace: &Workspace, plugin: &Plugin, flow: &Flow) -> Result<()> {
    let target_dir = workspace.products(&format!("collapse/{}", flow.name()))?;
    // cargo would not run the plugin again for a program that is there.
    std::fs::remove_dir_all(&target_dir)
        .with_context(|| format!("emptying {}", target_dir.display()))?;
    let log = target_dir.with_extension("log");
    // A log is added to.
    if log.is_file() {
        std::fs::remove_file(&log)?;
    }
    let mut cargo = flow.cargo("build", plugin)?;
    cargo
        .args(["--package", "chain"])
        .current_dir(workspace.path("lto-tests/cases"))
        .env("CARGO_TARGET_DIR", &target_dir)
        .env("ENZYME_RS_PRINT", "prepared")
        .env("ENZYME_RS_LOG", &log);
    let done = capture(&format!("{}: building chain", flow.name()), &mut cargo)?;
    if !done.status.success() {
        bail!("the build failed:\n{}", done.tail(25));
    }
    let program = flow.release_dir(&target_dir)?.join("chain");
    let printed = must(
        &format!("{}: running chain", flow.name()),
        &mut Command::new(&program),
    )?;
    if printed.trim() != "chain differentiated" {
        bail!("it printed {printed:?}");
    }
    let text =
        std::fs::read_to_string(&log).with_context(|| format!("reading {}", log.display()))?;
    collapsed(&text)?;
    let code = must(
        &format!("{}: reading the code of chain", flow.name()),
        Command::new("llvm-objdump-22")
            .args(["--disassemble-symbols=chain_gradient", "--no-show-raw-insn"])
            .arg(&program),
    )?;
    vectorised(&code)
}

/// What was differentiated has the arithmetic of the whole chain, and calls nothing.
fn collapsed(prepared: &str) -> Result<()> {
    let functions = prepared.split("; prepared\n").skip(1);
    let of_chain: Vec<&str> = functions.filter(|f| f.contains("fmul")).collect();
    let [function] = of_chain[..] else {
        bail!("{} prepared functions multiply, not one", of_chain.len());
    };
    let calls = function.lines().filter(|line| {
        line.contains("call ") && !line.contains("@llvm.") && !line.trim_start().starts_with(';')
    });
    let calls: Vec<&str> = calls.collect();
    if !calls.is_empty() {
        bail!(
            "calls are left in what is differentiated:\n{}",
            calls.join("\n")
        );
    }
    Ok(())
}

/// Doubles are multiplied several at once.
fn vectorised(code: &str) -> Result<()> {
    if !code.contains("<chain_gradient>") {
        bail!("the program's code lacks chain_gradient:\n{code}");
    }
    match code.contains("mulpd") {
        true => Ok(()),
        false => bail!("the derivative is not vectorised:\n{code}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_and_scalar_code_are_seen() {
        let loops =
            "; prepared\ndefine double @f.prepared(double %0) {\n  %a = fmul double %0, %0\n";
        collapsed(&format!("{loops}  ret double %a\n}}\n")).unwrap();
        let calling = format!("{loops}  %b = call double @far(double %a)\n}}\n");
        assert!(collapsed(&calling).is_err());
        assert!(collapsed("").is_err());
        vectorised("<chain_gradient>:\n mulpd %xmm1, %xmm0\n").unwrap();
        assert!(vectorised("<chain_gradient>:\n mulsd %xmm1, %xmm0\n").is_err());
    }
}
