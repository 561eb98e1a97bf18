//! The sides of a comparison: a policy on disk, a compiled table, or either of them in a revision of a git repository.
//!
//! What is there under its name on disk is that, also with a `:` in it. Otherwise `REV:PATH` is a path in a revision.

use std::ffi::OsStr;
use std::path::Path;

use super::tree::{Content, Place};
use super::{Failure, build, load, policy};
use crate::diagnostic::Findings;
use crate::diff::{Policy, Side};
use crate::emit::table::Sidecar;
use crate::source::SourceMap;
use crate::syntax::{self, ast};
use crate::{Options, Outcome};

/// A side as it was read.
#[derive(Debug)]
pub(super) struct Loaded {
    /// What messages call it.
    pub(super) name: String,
    what: What,
}

#[derive(Debug)]
enum What {
    Table(Vec<u8>, Option<Sidecar>),
    Policy { sources: SourceMap, files: Vec<ast::File>, outcome: Box<Outcome> },
}

/// How sides are read.
#[derive(Debug, Clone, Default)]
pub(super) struct How {
    /// How policies are compiled.
    pub(super) options: Options,
    /// Whether a path that is not there counts as a policy that says nothing; none where the command offers no such thing.
    pub(super) or_empty: Option<bool>,
}

impl Loaded {
    /// Reads a side that the command line names.
    pub(super) fn named(word: &OsStr, how: &How) -> Result<Self, Failure> {
        let path = Path::new(word);
        if word == "-" || path.symlink_metadata().is_ok() {
            return Self::on_disk(path, how);
        }
        match word.to_str().and_then(revision) {
            Some((revision, path)) => Self::in_git(Place::named(revision, path)?, how),
            None => Self::on_disk(path, how),
        }
    }

    /// Reads a path of the disk in a revision of the repository that it lies in.
    pub(super) fn in_revision(revision: &str, path: &Path, how: &How) -> Result<Self, Failure> {
        Self::in_git(Place::of_disk(revision, path)?, how)
    }

    /// Reads a path of the disk, whatever else its name could be.
    pub(super) fn on_disk(path: &Path, how: &How) -> Result<Self, Failure> {
        let name = load::shown(path);
        if how.or_empty == Some(true) && is_absent(path) {
            return Ok(Self::compiled(name, SourceMap::default(), how));
        }
        if let Some(bytes) = policy::table_bytes(path)? {
            return Self::table(name, bytes, std::fs::read_to_string(build::map_path(path)).ok());
        }
        let sources = load::load(&[path.to_owned()]).map_err(|failure| match failure.help {
            None if path.symlink_metadata().is_err() && path.as_os_str() != "-" => {
                failure.help(format!("a revision of git is named with a path in it: `{name}:PATH`"))
            }
            _ => failure,
        })?;
        Ok(Self::compiled(name, sources, how))
    }

    fn in_git(mut place: Place, how: &How) -> Result<Self, Failure> {
        let name = place.name().to_owned();
        match place.read()? {
            Content::Policy(sources) => Ok(Self::compiled(name, sources, how)),
            Content::Table(bytes, map) => Self::table(name, bytes, map),
            Content::Absent if how.or_empty == Some(true) => Ok(Self::compiled(name, SourceMap::default(), how)),
            Content::Absent => {
                let failure = Failure::new(format!("cannot read `{name}`: the revision has no such file or folder"));
                let beside = name.split_once(':').filter(|_| place.is_beside());
                Err(failure.help(match beside {
                    Some((revision, path)) => format!("from the folder you stand in it is `{revision}:./{path}`"),
                    None => {
                        "for a policy that is new or gone, `--or-empty` compares with one that says nothing".to_owned()
                    }
                }))
            }
        }
    }

    fn table(name: String, bytes: Vec<u8>, map: Option<String>) -> Result<Self, Failure> {
        let table = policy::verified(&name, bytes)?;
        let sidecar = policy::sidecar(&table, map);
        Ok(Self { name, what: What::Table(table.into_inner(), sidecar) })
    }

    fn compiled(name: String, sources: SourceMap, how: &How) -> Self {
        let mut findings = Findings::new();
        let files = syntax::parse(&sources, &mut findings);
        let outcome = Box::new(crate::compile_files(&files, &sources, findings, &how.options));
        Self { name, what: What::Policy { sources, files, outcome } }
    }

    /// The side as it is compared.
    pub(super) fn side(&self) -> Side<'_> {
        match &self.what {
            What::Table(bytes, sidecar) => {
                Side { name: &self.name, table: Some(bytes), sidecar: sidecar.as_ref(), policy: None }
            }
            What::Policy { sources, files, outcome } => Side {
                name: &self.name,
                table: outcome.compiled.as_ref().map(crate::Compiled::table),
                sidecar: None,
                policy: Some(Policy { sources, files, outcome }),
            },
        }
    }

    /// The sources of a policy, and what came of compiling them; none of a table.
    pub(super) fn policy(&self) -> Option<(&SourceMap, &Outcome)> {
        match &self.what {
            What::Table(..) => None,
            What::Policy { sources, outcome, .. } => Some((sources, outcome)),
        }
    }
}

fn is_absent(path: &Path) -> bool {
    path.as_os_str() != "-" && path.symlink_metadata().is_err_and(|e| e.kind() == std::io::ErrorKind::NotFound)
}

/// The revision and the path of `REV:PATH`. A `:` in braces is part of the revision (`HEAD^{/fix: it}`), and behind a single letter
/// and before a separator it is that of a drive.
fn revision(word: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    let at = word.char_indices().find_map(|(at, c)| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => return Some(at),
            _ => {}
        }
        None
    })?;
    let (revision, path) = (&word[..at], &word[at + 1..]);
    let drive = revision.len() == 1 && revision.as_bytes()[0].is_ascii_alphabetic() && path.starts_with(['/', '\\']);
    if revision.is_empty() || drive { None } else { Some((revision, path)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_ends_at_its_colon() {
        assert_eq!(revision("main:policies/x"), Some(("main", "policies/x")));
        assert_eq!(revision("HEAD~1:./a:b"), Some(("HEAD~1", "./a:b")));
        assert_eq!(revision("HEAD^{/fix: it}:p"), Some(("HEAD^{/fix: it}", "p")));
        assert_eq!(revision("main:"), Some(("main", "")));
        assert_eq!(revision("x:policies"), Some(("x", "policies")));
        for no in ["policies", "C:\\policies", "c:/policies", ":policies", "HEAD^{/fix: it}"] {
            assert_eq!(revision(no), None, "{no}");
        }
    }
}
