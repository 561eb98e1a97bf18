//! Printing: colours only where they are wanted, and a closed pipe ends quietly.

use std::io::{self, IsTerminal, Write};

use super::args::ColorWhen;
use crate::text::visible;

/// Standard output and error, and what they can show.
#[derive(Debug)]
pub(super) struct Terminal {
    choice: anstream::ColorChoice,
}

impl Terminal {
    /// As the user wants it, else as the terminal and `NO_COLOR` say.
    pub(super) const fn new(color: ColorWhen) -> Self {
        let choice = match color {
            ColorWhen::Auto => anstream::ColorChoice::Auto,
            ColorWhen::Always => anstream::ColorChoice::Always,
            ColorWhen::Never => anstream::ColorChoice::Never,
        };
        Self { choice }
    }

    /// Standard output, buffered.
    pub(super) fn out(&self) -> impl Write + use<> {
        io::BufWriter::new(anstream::AutoStream::new(io::stdout(), self.choice))
    }

    /// Prints to standard output; a reader who has gone away is no error.
    pub(super) fn print(&self, text: &str) -> Result<(), super::Failure> {
        let mut out = self.out();
        quiet(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
    }

    /// Prints to standard output; whether its reader is still there.
    pub(super) fn print_to_reader(&self, text: &str) -> Result<bool, super::Failure> {
        let mut out = self.out();
        let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        let gone = written.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::BrokenPipe);
        quiet(written).map(|()| !gone)
    }

    /// Standard output for what a program reads, buffered: every byte as it is, no colour added or taken away.
    pub(super) fn exact_out(&self) -> impl Write + use<> {
        io::BufWriter::new(io::stdout())
    }

    /// Prints to standard output what a program reads.
    pub(super) fn print_exactly(&self, text: &str) -> Result<(), super::Failure> {
        let mut out = self.exact_out();
        quiet(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
    }

    /// Prints to standard error; when even that is closed there is nobody left to tell.
    pub(super) fn note(&self, text: &str) {
        let mut err = anstream::AutoStream::new(io::stderr(), self.choice);
        let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
    }

    /// Says what was done, in one line on standard error.
    pub(super) fn say(&self, line: &str) {
        self.note(&format!("{}\n", visible(line)));
    }

    /// Says why nothing was done.
    pub(super) fn complain(&self, message: &str, help: Option<&str>) {
        let help = help.map_or(String::new(), |h| format!("\x1b[36m  help:\x1b[0m {}\n", visible(h)));
        let message = visible(message);
        self.note(&format!("\x1b[1;31merror:\x1b[0m {message}\n{help}"));
    }

    /// How findings are drawn: always with colours, which the stream strips where they are not wanted.
    pub(super) fn style(&self) -> crate::diagnostic::human::Style {
        let unicode = !io::stdout().is_terminal() || is_utf8_locale();
        crate::diagnostic::human::Style { colour: true, unicode, width: columns() }
    }
}

/// A broken pipe is a normal end.
pub(super) fn quiet(result: io::Result<()>) -> Result<(), super::Failure> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(super::Failure::new(format!("cannot write the output: {error}"))),
        Ok(()) => Ok(()),
    }
}

fn is_utf8_locale() -> bool {
    let set = ["LC_ALL", "LC_CTYPE", "LANG"].iter().filter_map(|name| std::env::var(name).ok()).find(|v| !v.is_empty());
    set.is_none_or(|value| value.to_lowercase().replace('-', "").contains("utf8"))
}

/// The width to wrap at: what the shell says, else 100.
fn columns() -> usize {
    std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok()).unwrap_or(100)
}
