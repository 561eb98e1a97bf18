//! `fmt`: every file in the one style.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use similar::TextDiff;

use super::args::FmtArgs;
use super::output::Terminal;
use super::{End, Ended, Failure, build, load, policy};
use crate::source::{Source, SourceMap};
use crate::syntax::format::{self, Refused};

/// How long the shortest diff is looked for.
const DIFF: Duration = Duration::from_secs(1);

/// Lays out files in place, or shows what it would change.
pub(super) fn run(args: &FmtArgs, terminal: &Terminal) -> Ended {
    let mut files = BTreeMap::new();
    for path in args.paths.iter().filter(|path| path.as_os_str() != "-") {
        load::find(path, &mut files)?;
    }
    let mut run = Run { check: args.check, terminal, end: End::Well };
    if args.paths.iter().any(|path| path.as_os_str() == "-") {
        run.stdin()?;
    }
    for path in files.keys() {
        run.file(path)?;
    }
    Ok(run.end)
}

struct Run<'a> {
    check: bool,
    terminal: &'a Terminal,
    end: End,
}

impl Run<'_> {
    fn stdin(&mut self) -> Result<(), Failure> {
        let source = load::stdin()?;
        match self.laid_out(source)? {
            Some((source, new)) if self.check => self.compare(&source, &new),
            Some((_, new)) => self.terminal.print(&new),
            None => Ok(()),
        }
    }

    fn file(&mut self, path: &Path) -> Result<(), Failure> {
        let Some((source, new)) = self.laid_out(load::read(path)?)? else { return Ok(()) };
        if self.check {
            return self.compare(&source, &new);
        }
        if source.text != new {
            // A link goes on leading to its file.
            let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
            build::write(&real, new.as_bytes())?;
            self.terminal.say(&format!("formatted {}", source.path));
        }
        Ok(())
    }

    /// A source and its text in the one style; none where it cannot be read, and why has been said then.
    fn laid_out(&mut self, source: Source) -> Result<Option<(Source, String)>, Failure> {
        let sources = SourceMap::new(vec![source]);
        let Some((id, source)) = sources.iter().next() else { return Ok(None) };
        match format::source(id, source) {
            Ok(text) => Ok(Some((source.clone(), text))),
            Err(Refused::Unreadable(findings)) => {
                self.terminal.note(&policy::drawn(&findings, &sources, self.terminal));
                self.terminal.say(&format!("`{}` stays as it was", source.path));
                self.end = End::CouldNot;
                Ok(None)
            }
            Err(Refused::NotTheSame) => Err(Failure::new(format!(
                "`{}` stays as it was: laid out anew it would not say the same, which is a mistake of this program",
                source.path
            ))
            .help("please report it, with the file if you can")),
        }
    }

    /// Shows what would change.
    fn compare(&mut self, source: &Source, new: &str) -> Result<(), Failure> {
        if source.text == new {
            return Ok(());
        }
        if self.end == End::Well {
            self.end = End::Findings;
        }
        let formatted = format!("{} (formatted)", source.path);
        // Where much differs, a diff that is soon there is better than the shortest.
        let diff = TextDiff::configure().timeout(DIFF).diff_lines(source.text.as_str(), new);
        self.terminal.print(&diff.unified_diff().header(&source.path, &formatted).to_string())
    }
}
