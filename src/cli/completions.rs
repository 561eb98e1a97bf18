//! `completions`: a script with which a shell completes commands and options.

use clap::CommandFactory as _;

use super::args::{Cli, CompletionsArgs};
use super::output::Terminal;
use super::{End, Ended, Failure};

/// Prints the script of a shell.
pub(super) fn run(args: &CompletionsArgs, terminal: &Terminal) -> Ended {
    let mut script = vec![];
    clap_complete::generate(args.shell, &mut Cli::command(), "bailiwick", &mut script);
    let script = String::from_utf8(script).map_err(|e| Failure::new(format!("the script is no text: {e}")))?;
    terminal.print(&script)?;
    Ok(End::Well)
}
