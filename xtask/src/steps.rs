//! Commands as visible steps: what runs, for how long, and what it said when it failed.

use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, IsTerminal};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::LazyLock;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// What a finished command left.
pub struct Finished {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
}

impl Finished {
    /// The last lines of what the command said, errors last, for a report. Long lines (a linker's command) are cut.
    pub fn tail(&self, lines: usize) -> String {
        let text = format!("{}\n{}", self.stdout.trim_end(), self.stderr.trim_end());
        let said = text.lines().filter(|l| !l.trim().is_empty());
        let all: Vec<String> = said.map(|l| l.chars().take(400).collect()).collect();
        all[all.len().saturating_sub(lines)..].join("\n")
    }
}

/// When the first step was said.
static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Prints what is being done, and how many minutes and seconds after the first; on stderr so that stdout holds results only.
pub fn say(text: &str) {
    let seconds = BEGIN.elapsed().as_secs();
    eprintln!("==> {:02}:{:02} {text}", seconds / 60, seconds % 60);
}

/// Runs a command to its end and keeps what it prints; a long one shows how long it has run. The exit status is the
/// caller's to judge.
pub fn capture(what: &str, command: &mut Command) -> Result<Finished> {
    let begin = Instant::now();
    let child = spawn(
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped()),
    )?;
    let (sender, receiver) = channel();
    let waiter = std::thread::spawn(move || {
        let output = child.wait_with_output();
        // The receiver lives until this thread is joined.
        let _ = sender.send(());
        output
    });
    let terminal = std::io::stderr().is_terminal();
    let beat = if terminal {
        Duration::from_secs(1)
    } else {
        Duration::from_secs(60)
    };
    while let Err(RecvTimeoutError::Timeout) = receiver.recv_timeout(beat) {
        let seconds = begin.elapsed().as_secs();
        if terminal {
            eprint!("\r    {what} … {seconds} s\x1b[K");
        } else {
            eprintln!("    {what} … {seconds} s");
        }
    }
    if terminal && begin.elapsed() > beat {
        eprint!("\r\x1b[K");
    }
    let output = match waiter.join() {
        Ok(output) => output?,
        Err(_) => bail!("the thread that waited for {what} panicked"),
    };
    Ok(Finished {
        status: output.status,
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// Announces and runs a command that must succeed; returns its standard output.
pub fn must(what: &str, command: &mut Command) -> Result<String> {
    say(what);
    let done = capture(what, command)?;
    if !done.status.success() {
        bail!("{what} failed ({}):\n{}", done.status, done.tail(40));
    }
    Ok(done.stdout)
}

/// Runs a command whose output is shown as it comes; `line` sees each line of stdout and says whether to go on. A command
/// that is not to go on is ended.
pub fn stream(command: &mut Command, mut line: impl FnMut(&str) -> bool) -> Result<ExitStatus> {
    let mut child = spawn(command.stdin(Stdio::null()).stdout(Stdio::piped()))?;
    let stdout = child.stdout.take().context("the child has no stdout")?;
    for text in BufReader::new(stdout).lines() {
        if !line(&text?) {
            child.kill()?;
            break;
        }
    }
    Ok(child.wait()?)
}

/// Prints a line of a streamed command. `println` and not a write to stdout, which the test harness could not capture: a
/// `N passed, N failed` from a unit test must not be taken for the closing line of the run.
pub fn echo(text: &str) {
    println!("{text}");
}

/// As `stream`, but shows nothing and keeps nothing: for runs of which only the verdict counts.
pub fn stream_quietly(command: &mut Command, line: impl FnMut(&str) -> bool) -> Result<ExitStatus> {
    stream(command.stderr(Stdio::null()), line)
}

fn spawn(command: &mut Command) -> Result<Child> {
    let name = command.get_program().to_string_lossy().into_owned();
    command
        .spawn()
        .with_context(|| format!("{name} cannot be run; is it installed?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_step_says_what_the_command_said() {
        let error = must(
            "a step",
            Command::new("sh").args(["-c", "echo out; echo err >&2; exit 3"]),
        )
        .unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("a step") && text.contains("out") && text.contains("err"),
            "{text}"
        );
    }

    #[test]
    fn a_stream_can_be_ended() {
        let mut lines = 0;
        let begin = Instant::now();
        let status = stream_quietly(
            Command::new("sh").args(["-c", "echo a; echo b; exec sleep 60"]),
            |_| {
                lines += 1;
                lines < 2
            },
        )
        .unwrap();
        assert!(!status.success() && lines == 2 && begin.elapsed() < Duration::from_secs(30));
    }
}
