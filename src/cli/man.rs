//! `man`: manual pages of the program, one for each command.

use std::fs;

use clap::CommandFactory as _;

use super::args::{Cli, ManArgs};
use super::output::Terminal;
use super::{End, Ended, Failure, load};

/// Writes the pages into a folder, which is made where it is not there.
pub(super) fn run(args: &ManArgs, terminal: &Terminal) -> Ended {
    let cannot =
        |e: std::io::Error| Failure::new(format!("cannot write the pages to `{}`: {e}", load::shown(&args.folder)));
    fs::create_dir_all(&args.folder).map_err(cannot)?;
    clap_mangen::generate_to(Cli::command(), &args.folder).map_err(cannot)?;
    terminal.say(&format!("wrote bailiwick.1 and a page for each command to {}", load::shown(&args.folder)));
    Ok(End::Well)
}
