//! `check --fix`: the policy's files with the fixes of findings applied.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use super::args::{CheckArgs, FindingFormat, FixWhich};
use super::build::Staged;
use super::output::Terminal;
use super::{Failure, load, policy};
use crate::Outcome;
use crate::fix::apply::{Fixed, Why, apply};
use crate::fix::change::Change;
use crate::source::{Source, SourceMap};
use crate::text::{count, visible};

/// How many rows lost, and how many gained, are shown of one fix.
const MOST_ROWS: usize = 20;

/// Applies fixes, writes the files that change, and says what was done and what was not; the findings that are left are the caller's.
pub(super) fn run(args: &CheckArgs, which: FixWhich, terminal: &Terminal) -> Result<(SourceMap, Outcome), Failure> {
    if args.policy.paths.iter().any(|path| path.as_os_str() == "-") {
        return Err(Failure::new("standard input cannot be fixed: there is no file to write to")
            .help("save the policy in a file and name that, or leave `--fix` out"));
    }
    let sources = load::load(&args.policy.paths)?;
    let fixed = apply(&sources, &policy::options(&args.policy, 0), which == FixWhich::Unsafe);
    write(args, &sources, &fixed.sources)?;
    let report = report(&fixed);
    match args.format {
        FindingFormat::Human => terminal.print(&report)?,
        _ => terminal.note(&report),
    }
    Ok((fixed.sources, fixed.outcome))
}

/// Writes the files that changed: all of them beside their places first, so that none is changed where one of them cannot be written.
fn write(args: &CheckArgs, old: &SourceMap, new: &SourceMap) -> Result<(), Failure> {
    let mut files = BTreeMap::new();
    for path in &args.policy.paths {
        load::find(path, &mut files)?;
    }
    let paths: BTreeMap<String, PathBuf> = files.into_keys().map(|path| (load::shown(&path), path)).collect();
    let mut staged = vec![];
    for (id, source) in old.iter() {
        let text = &new.get(id).text;
        if *text == source.text {
            continue;
        }
        let Some(path) = paths.get(&source.path) else {
            return Err(Failure::new(format!("`{}` is no longer a file of this policy", source.path)));
        };
        // A link goes on leading to its file.
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.clone());
        let mark = mark(path, source)?;
        staged.push(Staged::new(&real, format!("{mark}{text}").as_bytes())?);
    }
    staged.into_iter().try_for_each(Staged::put)
}

/// The byte-order mark of a file, where it has one; the file must still say what was read.
fn mark(path: &std::path::Path, source: &Source) -> Result<&'static str, Failure> {
    let bytes = load::bytes(path).map_err(|e| load::cannot_read(path, &e))?;
    match bytes.strip_suffix(source.text.as_bytes()) {
        Some(b"") => Ok(""),
        Some(b"\xef\xbb\xbf") => Ok("\u{feff}"),
        _ => Err(Failure::new(format!("`{}` was changed while it was looked at, and stays as it is", source.path))
            .help("run the command again")),
    }
}

/// What was done, what was not and why.
fn report(fixed: &Fixed) -> String {
    let mut out = String::new();
    for fix in &fixed.applied {
        out.push_str(&format!("fixed {}: {}\n", visible(&fix.place), visible(&fix.title)));
        out.push_str(&fix.change.as_ref().map(|change| changed(change, true)).unwrap_or_default());
    }
    for fix in &fixed.left {
        out.push_str(&format!("not fixed {}: {}\n", visible(&fix.place), visible(&fix.title)));
        match &fix.why {
            Why::Rights(change) => out.push_str(&changed(change, false)),
            Why::NewError(error) => out.push_str(&format!("  there would be a new error: {}\n", visible(error))),
            Why::NotTried => out.push_str(
                "  not tried: it touches what another fix changes or an error speaks of, or there are many before it\n",
            ),
        }
    }
    let unsafe_left = fixed.left.iter().any(|fix| matches!(fix.why, Why::Rights(_)));
    if unsafe_left {
        out.push_str("`--fix=unsafe` applies those that may change rights\n");
    }
    if fixed.applied.is_empty() && fixed.left.is_empty() {
        out.push_str("nothing to fix\n");
    } else {
        out.push_str(&format!("{} applied, {} not\n\n", count(fixed.applied.len(), "fix", "fixes"), fixed.left.len()));
    }
    out
}

/// A change of rights, line by line; `done` where it has happened.
fn changed(change: &Change, done: bool) -> String {
    match change {
        Change::NoneBefore if done => {
            "  the policy did not compile before: there were no rights to compare with\n".to_owned()
        }
        Change::NoneBefore => {
            "  the policy does not compile as it is: there are no rights to compare with\n".to_owned()
        }
        Change::NotShown => "  the flat rows stay the same, but that the rights do could not be shown\n".to_owned(),
        Change::Rows { lost, gained } => {
            let lines = |sign: char, rows: &[String]| -> String {
                let more = rows.len().saturating_sub(MOST_ROWS);
                let more = if more > 0 { format!("  {sign} {more} more\n") } else { String::new() };
                let shown = rows.iter().take(MOST_ROWS).map(|row| format!("  {sign} {}\n", visible(row)));
                shown.collect::<String>() + &more
            };
            lines('-', lost) + &lines('+', gained)
        }
    }
}
