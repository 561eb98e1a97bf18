//! `show`: a whole table as text, for people and for `git diff`.

use super::args::ShowArgs;
use super::output::{Terminal, quiet};
use super::sides::{How, Loaded};
use super::{End, Ended, policy};
use crate::query::listing;

/// Lists a compiled table, or what a policy compiles to.
pub(super) fn run(args: &ShowArgs, terminal: &Terminal) -> Ended {
    let loaded = Loaded::named(&args.path, &How::default())?;
    let Some(bytes) = loaded.side().table else {
        if let Some((sources, outcome)) = loaded.policy() {
            policy::refuse(outcome, sources, terminal);
        }
        return Ok(End::CouldNot);
    };
    let table = policy::verified(&loaded.name, bytes.to_vec())?;
    quiet(listing::write(&table, &mut terminal.out()))?;
    Ok(End::Well)
}
