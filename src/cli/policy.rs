//! What commands on a policy share: options, and printing findings.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use bailiwick_table::{Account, Reason, Table, Way};

use super::args::PolicyArgs;
use super::output::Terminal;
use super::{Failure, load};
use crate::diagnostic::{self, Finding, Severities, Severity, human};
use crate::emit::table::Sidecar;
use crate::model::LintLevel;
use crate::query::Asker;
use crate::source::SourceMap;
use crate::timings::Stages;
use crate::{Options, Outcome};

/// Reads `BW302=off`.
pub(super) fn parse_level(text: &str) -> Result<(String, LintLevel), String> {
    let (code, level) = text.split_once('=').ok_or("write a code and a level, such as `BW302=off`")?;
    if !crate::check::is_known(code) {
        return Err(format!("there is no code `{code}`; `bailiwick codes` lists them"));
    }
    let level = match level {
        "off" => LintLevel::Off,
        "note" => LintLevel::At(Severity::Note),
        "warning" => LintLevel::At(Severity::Warning),
        "error" => LintLevel::At(Severity::Error),
        _ => return Err(format!("`{level}` is no level; write `off`, `note`, `warning` or `error`")),
    };
    Ok((code.to_owned(), level))
}

/// The compiler's options that the command line gives.
pub(super) fn options(args: &PolicyArgs, revision: u64) -> Options {
    let severities = Severities { levels: args.lints.clone(), strict: args.strict };
    Options { at: args.at, severities, revision }
}

/// Reads and compiles a policy.
pub(super) fn compiled(args: &PolicyArgs, revision: u64, stages: &Stages) -> Result<(SourceMap, Outcome), Failure> {
    let sources = stages.run("read", || load::load(&args.paths))?;
    let outcome = crate::compile_timed(&sources, &options(args, revision), stages);
    Ok((sources, outcome))
}

/// All findings as people read them, with a summary where there are any.
pub(super) fn drawn(findings: &[Finding], sources: &SourceMap, terminal: &Terminal) -> String {
    let style = terminal.style();
    let mut out: String = findings.iter().map(|f| human::render(f, sources, style) + "\n").collect();
    if !findings.is_empty() {
        out.push_str(&diagnostic::summary(findings));
        out.push('\n');
    }
    out
}

/// Says on standard error why a policy cannot be asked or tested; its lesser findings are the business of `check`.
pub(super) fn refuse(outcome: &Outcome, sources: &SourceMap, terminal: &Terminal) {
    terminal.note(&drawn(&errors(outcome), sources, terminal));
}

/// The findings that are errors.
pub(super) fn errors(outcome: &Outcome) -> Vec<Finding> {
    outcome.findings.iter().filter(|f| f.severity == Severity::Error).cloned().collect()
}

/// A table to ask, and where its rules are written, where that is known.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) table: Table<Vec<u8>>,
    sidecar: Option<Sidecar>,
}

impl Asked {
    /// Opens a compiled table, or compiles a policy; none where the policy has errors, which have been shown then.
    pub(super) fn open(paths: &[PathBuf], terminal: &Terminal) -> Result<Option<Self>, Failure> {
        if let [path] = paths
            && let Some(bytes) = table_bytes(path)?
        {
            return Self::of_table(path, bytes).map(Some);
        }
        let sources = load::load(paths)?;
        let outcome = crate::compile(&sources, &Options::default());
        let Some(compiled) = &outcome.compiled else {
            refuse(&outcome, &sources, terminal);
            return Ok(None);
        };
        let table = Table::from_bytes(compiled.table().to_vec())
            .map_err(|e| Failure::new(format!("the compiled table cannot be read back: {e}")))?;
        Ok(Some(Self { table, sidecar: Some(compiled.sidecar(&sources)) }))
    }

    fn of_table(path: &Path, bytes: Vec<u8>) -> Result<Self, Failure> {
        let table = verified(&load::shown(path), bytes)?;
        let sidecar = sidecar(&table, std::fs::read_to_string(super::build::map_path(path)).ok());
        Ok(Self { table, sidecar })
    }

    /// The lines that an answer comes from.
    pub(super) fn places(&self, asker: &Asker, reason: Reason) -> Vec<String> {
        let Some(sidecar) = &self.sidecar else { return vec![] };
        let path = match reason {
            Reason::Granted(path)
            | Reason::MissingFact(path, _)
            | Reason::OutOfScope(path, _)
            | Reason::GateClosed(path)
            | Reason::NotInDays(path, _) => path,
            Reason::Forbidden(forbid) | Reason::ForbidUnknown(forbid, _) => {
                return sidecar.forbids.get(forbid.index()).cloned().into_iter().collect();
            }
            _ => return vec![],
        };
        let way = match (path.way, asker) {
            (Way::Assignment(index), Asker::Account(account)) => {
                let login = self.table.account_of(*account).map(Account::login);
                login.and_then(|login| sidecar.accounts.get(login)).and_then(|list| list.get(index as usize))
            }
            (Way::Automatic(rule), _) => sidecar.automatic.get(rule.index()),
            _ => None,
        };
        let grant = sidecar.grants.get(self.table.grant(path.grant).index());
        let mut places: Vec<String> = way.into_iter().chain(grant).cloned().collect();
        places.dedup();
        places
    }
}

/// A table, if its bytes are one; `name` is what messages call it.
pub(super) fn verified(name: &str, bytes: Vec<u8>) -> Result<Table<Vec<u8>>, Failure> {
    Table::from_bytes(bytes).map_err(|e| {
        Failure::new(format!("cannot use `{name}`: {e}"))
            .help("build the table again from its policy: `bailiwick build POLICY -o TABLE`")
    })
}

/// A table's sidecar from its text. It is a help, not a part of the table: one that is missing or of another table is left aside.
pub(super) fn sidecar(table: &Table<Vec<u8>>, text: Option<String>) -> Option<Sidecar> {
    let digest: String = table.digest().iter().map(|byte| format!("{byte:02x}")).collect();
    text.and_then(|t| serde_json::from_str::<Sidecar>(&t).ok()).filter(|s| s.digest == digest)
}

/// The bytes of a table; none where the path is not one of a table.
pub(super) fn table_bytes(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    let named = path.extension().is_some_and(|e| e == "bwt");
    if !path.is_file() && !named {
        return Ok(None);
    }
    let mut file = std::fs::File::open(path).map_err(|e| load::cannot_read(path, &e))?;
    let mut start = [0; 8];
    let read = file.read(&mut start).map_err(|e| load::cannot_read(path, &e))?;
    if !named && start[..read] != bailiwick_table::layout::MAGIC {
        return Ok(None);
    }
    std::fs::read(path).map(Some).map_err(|e| load::cannot_read(path, &e))
}
