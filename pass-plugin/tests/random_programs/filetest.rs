//! A failing program as a filetest: the IR that clang makes of its functions, under a header that says what to
//! differentiate and where.

use std::process::Command;

use super::batch::Bench;
use super::driver;
use super::print::Writer;
use super::process;
use super::program::Program;

impl Bench {
    /// The text of a filetest for reverse and forward mode. It is the IR before any optimisation, for the level at which
    /// the program failed.
    pub fn filetest(&self, program: &Program, level: u8, what: &str) -> Result<String, String> {
        // A module without a caller must keep the function.
        let functions = Writer::write(program, 0).replacen(
            "static __attribute__((noinline)) double p0_f0(",
            "static __attribute__((noinline, used)) double p0_f0(",
            1,
        );
        let source = self.scratch_file("filetest.c", &(driver::prelude() + &functions))?;
        let outcome = process::run(
            Command::new(self.clang())
                .arg(format!("-O{level}"))
                .args(["-Xclang", "-disable-llvm-passes", "-ffp-contract=off", "-w"])
                .args(["-S", "-emit-llvm", "-o", "-"])
                .arg(&source),
            super::batch::COMPILE_LIMIT,
        )?;
        if !outcome.success() {
            return Err(format!("clang without the plugin {}", outcome.describe()));
        }
        let list = |values: &[f64]| {
            let texts: Vec<String> = values.iter().map(|v| format!("{v:?}")).collect();
            texts.join(", ")
        };
        let table: Vec<String> = program.table.iter().map(u8::to_string).collect();
        Ok(format!(
            "; What: the random program of seed {} failed at -O{level}: {what}\n\
             ; diff: @p0_f0(a: f64 = {:?}, b: f64 = {:?}, x: dup [f64] = [{}], o: dup [f64] = [{}], \
             k: const [i64] = [{}], n: const i64 = {}) -> f64\n; opt: O{level}\n{}",
            program.seed,
            program.a,
            program.b,
            list(&program.x),
            list(&program.o),
            table.join(", "),
            program.n,
            outcome.output
        ))
    }
}
