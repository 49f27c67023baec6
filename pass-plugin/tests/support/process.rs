//! Runs a child process with a time limit and describes how it ended.

use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How a child ended, with everything it printed.
#[derive(Debug)]
pub struct Outcome {
    pub status: ExitStatus,
    pub timed_out: bool,
    pub output: String,
}

impl Outcome {
    pub fn success(&self) -> bool {
        self.status.success() && !self.timed_out
    }

    /// The end of the child in words, for an error message.
    pub fn describe(&self) -> String {
        let how = if self.timed_out {
            "ran past its time limit and was killed".to_owned()
        } else if let Some(signal) = self.status.signal() {
            format!("was killed by signal {signal}")
        } else {
            format!("exited with status {}", self.status.code().unwrap_or(-1))
        };
        if self.output.trim().is_empty() {
            how
        } else {
            format!("{how}:\n{}", tail(&self.output, 4000))
        }
    }
}

/// The last `limit` bytes of `text`: a crashing compiler prints pages.
fn tail(text: &str, limit: usize) -> &str {
    let mut start = text.len().saturating_sub(limit);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..]
}

/// Runs `command` for at most `limit`; the error is that it could not be started or waited for.
pub fn run(command: &mut Command, limit: Duration) -> Result<Outcome, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|e| format!("{name} could not be started: {e}"))?;
    // Both pipes are drained beside the wait, so that a child that prints much does not block.
    let readers = [
        child.stdout.take().map(|p| drain(Box::new(p))),
        child.stderr.take().map(|p| drain(Box::new(p))),
    ];
    let deadline = Instant::now() + limit;
    let mut pause = Duration::from_micros(500);
    let mut timed_out = false;
    let status = loop {
        match child.try_wait().map_err(|e| format!("{name}: {e}"))? {
            Some(status) => break status,
            None if Instant::now() >= deadline => {
                timed_out = true;
                child.kill().map_err(|e| format!("{name}: {e}"))?;
                break child.wait().map_err(|e| format!("{name}: {e}"))?;
            }
            None => {
                thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(5));
            }
        }
    };
    let mut output = String::new();
    for reader in readers.into_iter().flatten() {
        let bytes = reader
            .join()
            .map_err(|_| format!("{name}: reader panicked"))?;
        output.push_str(&String::from_utf8_lossy(&bytes));
    }
    Ok(Outcome {
        status,
        timed_out,
        output,
    })
}

fn drain(mut pipe: Box<dyn Read + Send>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // A read error ends the text early; the exit status still says what happened.
        let _ = pipe.read_to_end(&mut bytes);
        bytes
    })
}
