//! The mutants that nothing can catch, and why: a file for each policy beside this one.
//!
//! A line that begins at the margin names a mutant; the indented lines below one or several of them say why nothing can catch these.
//! `#` begins a comment.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the files.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mutations/survivors")
}

/// The mutants of a policy that may survive, each with the reason. Empty where there is no file.
///
/// # Errors
/// When a mutant has no reason or stands twice, or a reason no mutant.
pub(crate) fn listed(policy: &str) -> Result<BTreeMap<String, String>, String> {
    let text = fs::read_to_string(folder().join(format!("{policy}.txt"))).unwrap_or_default();
    let mut listed = BTreeMap::new();
    let (mut named, mut reason): (Vec<String>, String) = (Vec::new(), String::new());
    for line in text.lines().chain(["end"]).filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        if line.starts_with(' ') {
            if named.is_empty() {
                return Err(format!("a reason without a mutant: {}", line.trim()));
            }
            reason = format!("{reason} {}", line.trim());
            continue;
        }
        if !reason.is_empty() {
            for mutant in named.drain(..) {
                if let Some(twice) = listed.insert(mutant, reason.trim().to_owned()) {
                    return Err(format!("a mutant is listed twice: {twice}"));
                }
            }
            reason.clear();
        }
        named.push(line.to_owned());
    }
    match named.as_slice() {
        [_] => Ok(listed),
        [first, ..] => Err(format!("a mutant without a reason: {first}")),
        [] => Err("the list ends in its midst".to_owned()),
    }
}
