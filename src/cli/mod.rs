//! The command line: the only place with input, output and exit codes. One file a command.
//!
//! Exit codes: 0 all well, 1 findings (or a denied question, or a failing test), 2 could not run.

mod args;
mod build;
mod can;
mod check;
mod completions;
mod convert;
mod diff;
mod explain;
mod findings;
mod fix;
mod fmt;
mod git;
mod init;
mod load;
mod man;
mod new_admin;
mod output;
mod policy;
mod rights;
mod show;
mod sides;
mod tables;
mod test;
mod timings;
mod tree;
mod watch;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};
use output::Terminal;

/// Why a command could not run: one clear sentence, and what to do.
#[derive(Debug)]
pub struct Failure {
    message: String,
    help: Option<String>,
}

impl Failure {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// All well.
    Well,
    /// There is something to mend; a question was denied; a test failed.
    Findings,
    /// It could not be done, and why has been said.
    CouldNot,
}

impl From<End> for ExitCode {
    fn from(end: End) -> Self {
        match end {
            End::Well => Self::SUCCESS,
            End::Findings => Self::from(1),
            End::CouldNot => Self::from(2),
        }
    }
}

type Ended = Result<End, Failure>;

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // A closed pipe is no reason to complain.
            let _ = error.print();
            return if error.use_stderr() { End::CouldNot.into() } else { End::Well.into() };
        }
    };
    let terminal = Terminal::new(cli.color);
    let ended = match &cli.command {
        Command::Check(args) => check::run(args, &terminal),
        Command::Build(args) => build::run(args, &terminal),
        Command::Can(args) => can::run(args, &terminal),
        Command::Rights(args) => rights::run(args, &terminal),
        Command::Show(args) => show::run(args, &terminal),
        Command::Test(args) => test::run(args, &terminal),
        Command::Diff(args) => diff::run(args, &terminal),
        Command::Fmt(args) => fmt::run(args, &terminal),
        Command::Convert(args) => convert::run(args, &terminal),
        Command::Explain(args) => explain::run(args, &terminal),
        Command::Codes => explain::codes(&terminal),
        Command::Init(args) => init::run(args, &terminal),
        Command::NewAdmin(args) => new_admin::run(args, &terminal),
        Command::Completions(args) => completions::run(args, &terminal),
        Command::Man(args) => man::run(args, &terminal),
    };
    match ended {
        Ok(end) => end.into(),
        Err(failure) => {
            terminal.complain(&failure.message, failure.help.as_deref());
            End::CouldNot.into()
        }
    }
}
