//! What a change of policy does: two policies compared by what they decide.
//!
//! Both sides are compiled tables, so what is compared is what runs; where a side is known as a policy, its words tell where a change
//! comes from, and what else the change does.

pub mod allow;
mod beside;
pub mod causes;
pub mod change;
pub mod declared;
pub mod edits;
pub mod gate;
pub mod items;
pub(crate) mod people;
pub mod protection;
mod records;
pub mod render;
pub(crate) mod request;
mod risk;
mod sorted;
mod statements;
pub mod tables;
#[cfg(test)]
pub(crate) mod testing;
pub mod transition;
pub(crate) mod view;
pub mod words;
mod would_be;

use statements::Causes;

use change::{Accounts, Change, Declared, Diff, Edit, Subject};

pub use causes::{Dependencies, Whose};
pub use declared::declared;
pub use edits::edits;
pub use protection::protections;
pub use transition::{CannotAnswer, settled, transitions};

use bailiwick_table::Table;
use transition::Transition;

use crate::Outcome;
use crate::check::{bwt06, bwt07};
use crate::diagnostic::{Finding, Severity};
use crate::emit::table::Sidecar;
use crate::source::SourceMap;
use crate::syntax::ast;

/// From how many bytes on a table is loaded beside the other: below, a thread costs more than it spares.
const WORTH_A_THREAD: usize = 1 << 20;

/// One side of a comparison.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// What it is called in messages, such as `main:policies/portal`.
    pub name: &'a str,
    /// The compiled table; none where the policy has errors.
    pub table: Option<&'a [u8]>,
    /// Where a compiled table's rules come from.
    pub sidecar: Option<&'a Sidecar>,
    /// The policy; none where only a compiled table is known.
    pub policy: Option<Policy<'a>>,
}

/// A side as it is written.
#[derive(Debug, Clone, Copy)]
pub struct Policy<'a> {
    /// Its sources.
    pub sources: &'a SourceMap,
    /// Their trees.
    pub files: &'a [ast::File],
    /// What came of compiling them.
    pub outcome: &'a Outcome,
}

/// What a comparison may be told.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The day from which on rights are compared (days since 1970-01-01); today when none is given.
    pub at: Option<i32>,
    /// Who asks for the change: a login, or a `responsible`. Then every change must have been allowed to them.
    pub requested_by: Option<String>,
    /// From what share of all accounts on (in percent) a change that touches them is worth a warning.
    pub many: Option<u8>,
}

/// What the change from one side to the other does.
///
/// # Errors
/// When a side is no table that can be read, or somebody is named who asks for the change and that cannot be judged.
pub fn diff(old: &Side<'_>, new: &Side<'_>, options: &Options) -> Result<Diff, CannotAnswer> {
    let mut found = Diff::default();
    let mut renamed = vec![];
    let policies = old.policy.zip(new.policy);
    if let Some((old, new)) = &policies {
        found.edits = edits(old, new);
        found.declared = declared(old, new);
        renamed = roles_renamed(&found.declared);
    }
    let edits = std::mem::take(&mut found.edits);
    let mut of_records = None;
    let transition = Transition::of(old, new, options, &edits)?;
    found.findings = transition.as_ref().map_or_else(Vec::new, Transition::findings);
    if let (Some(before), Some(after)) = (old.table, new.table) {
        let tables = load_both([old.name, new.name], [before, after])?;
        let at = options.at.unwrap_or_else(crate::dates::today);
        let mut compared = tables::compare::compare([&tables[0], &tables[1]], &renamed, at);
        let causes = match policies {
            Some((old, new)) => Causes::Words(Box::new(Dependencies::new(&old, &new, &edits))),
            None => Causes::Records(records::Records::of(&compared, [old.sidecar, new.sidecar])),
        };
        let said = statements::statements(&mut compared, &causes);
        let words = match causes {
            Causes::Words(words) => Some(words),
            Causes::Records(records) => {
                of_records = Some(records.edits);
                None
            }
        };
        let edits = of_records.as_deref().unwrap_or(&edits);
        let [before, after, either] = compared.counts;
        found.accounts = Accounts { before, after, either, touched: touched(&compared, &said) };
        found.findings.extend(said.undecided.iter().map(undecided));
        found.changes = said.changes;
        tell_transfers(&mut found.changes, edits, &found.findings);
        let beside = beside::beside(&mut compared, transition.as_ref(), words.as_deref(), edits);
        found.findings.extend(beside.undecided);
        found.beside = beside.beside;
        found.findings.extend(bwt07::finding(found.accounts, options.many));
        if let Some(new) = &new.policy {
            found.findings.extend(bwt06::findings(&found.changes, edits, new));
        }
    } else {
        found.incomparable = Some(errors_of(old, new));
    }
    drop(transition);
    found.edits = of_records.unwrap_or(edits);
    Ok(found)
}

/// Names a valid transfer as a cause of what comes of it: of every change that comes from giving or taking the role.
fn tell_transfers(changes: &mut [Change], edits: &[Edit], findings: &[Finding]) {
    for (index, (role, ..)) in words::transfers_among(edits, findings) {
        let hands_over = |cause: &usize| {
            let spot = &edits[*cause].spot;
            spot.matter == items::Matter::Given && spot.key.split_once(' ').map_or(&*spot.key, |(_, name)| name) == role
        };
        for change in changes.iter_mut().filter(|change| change.causes.iter().any(hands_over)) {
            change.causes.insert(0, index);
            if change.direction.is_more() {
                change.reason += &format!("; comes with the transfer of `{role}`");
            }
        }
    }
}

/// The roles that have another name: (old, new).
fn roles_renamed(declared: &[Declared]) -> Vec<(String, String)> {
    let of_roles = declared.iter().filter(|d| matches!(d.noun, "role" | "profile"));
    of_roles.filter_map(|d| d.before.clone().zip(d.after.clone())).collect()
}

/// Both tables; large ones at the same time.
fn load_both<'t>(names: [&str; 2], bytes: [&'t [u8]; 2]) -> Result<[Table<&'t [u8]>; 2], CannotAnswer> {
    let one_by_one = || Ok([load(names[0], bytes[0])?, load(names[1], bytes[1])?]);
    if bytes[0].len().min(bytes[1].len()) < WORTH_A_THREAD {
        return one_by_one();
    }
    std::thread::scope(|scope| {
        let second = std::thread::Builder::new().spawn_scoped(scope, || load(names[1], bytes[1]));
        // Not every system has threads.
        let Ok(second) = second else { return one_by_one() };
        let first = load(names[0], bytes[0])?;
        let second = second.join().unwrap_or_else(|_| load(names[1], bytes[1]))?;
        Ok([first, second])
    })
}

fn load<'t>(name: &str, bytes: &'t [u8]) -> Result<Table<&'t [u8]>, CannotAnswer> {
    Table::from_bytes(bytes).map_err(|why| CannotAnswer::Unreadable { side: name.to_owned(), why })
}

/// How many accounts gain or lose something, are new or are gone.
fn touched(compared: &tables::compare::Comparison<'_>, said: &statements::Statements) -> usize {
    let new_or_gone = compared.pairs.iter().enumerate().filter(|(_, pair)| pair.ids.contains(&None));
    let others = new_or_gone.filter(|(place, _)| !said.touched.contains(place)).count();
    said.touched.len() + others
}

fn errors_of(old: &Side<'_>, new: &Side<'_>) -> String {
    let names: Vec<&str> = [old, new].into_iter().filter(|side| side.table.is_none()).map(|side| side.name).collect();
    let have = if names.len() > 1 { "have" } else { "has" };
    format!("{} {have} errors, so rights cannot be compared", names.join(" and "))
}

/// The note on what could not be decided.
fn undecided((subject, action): &(Subject, String)) -> Finding {
    let who = match subject {
        Subject::Role(name) => format!("role `{name}`"),
        Subject::Account(login) => format!("account `{login}`"),
        Subject::Accounts => "several accounts".to_owned(),
        Subject::Unnamed => "somebody without an account".to_owned(),
    };
    let message = format!("whether {who} gains or loses `{action}` could not be decided: there are too many cases");
    Finding::new(crate::check::bw009::CODE, Severity::Note, message)
}
