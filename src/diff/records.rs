//! What tables alone tell of where a change comes from: the statements that stand behind their rules, where one side has them and the
//! other has not. Files and lines are the sidecars'.

use bailiwick_table::parts::StatementId;
use bailiwick_table::{AccountId, ActionId, GrantId, RoleId};
use rustc_hash::FxHashMap;

use super::Whose;
use super::change::{About, Edit, Said, Spot};
use super::tables::compare::{Comparison, Pair};
use super::tables::joint::When;
use crate::emit::table::Sidecar;

/// The statements of one side only.
#[derive(Debug, Default)]
pub(super) struct Records {
    pub(super) edits: Vec<Edit>,
    by_text: FxHashMap<String, usize>,
    /// By the declaration.
    by_block: FxHashMap<String, Vec<usize>>,
}

/// A statement and, where a sidecar tells, its place.
type Statement = (String, Option<String>);

impl Records {
    /// The statements of the roles, prohibitions and rules, and of the accounts that were looked at.
    pub(super) fn of(found: &Comparison<'_>, sidecars: [Option<&Sidecar>; 2]) -> Self {
        let all = When::BOTH.map(|when| statements(found, when, sidecars[when.index()]));
        let mut records = Self::default();
        for when in When::BOTH {
            let mut only: Vec<(&String, &Option<String>)> =
                all[when.index()].iter().filter(|(text, _)| !all[when.other().index()].contains_key(*text)).collect();
            only.sort_unstable();
            for (text, place) in only {
                records.add(when, text, place.as_deref());
            }
        }
        records
    }

    /// Adds a statement of one side only. The only one before and the only one after of a declaration are one edit.
    fn add(&mut self, when: When, text: &str, place: Option<&str>) {
        let (within, statement) = text.split_once(": ").unwrap_or(("", text));
        let said = Some(said(statement, place));
        let known = self.by_block.entry(within.to_owned()).or_default();
        if when == When::After
            && let [alone] = known.as_slice()
            && !within.is_empty()
            && self.edits[*alone].after.is_none()
        {
            self.edits[*alone].after = said;
            self.by_text.insert(text.to_owned(), *alone);
            return;
        }
        known.push(self.edits.len());
        let (before, after) = if when == When::Before { (said, None) } else { (None, said) };
        self.by_text.insert(text.to_owned(), self.edits.len());
        let within = within.to_owned();
        self.edits.push(Edit { within, about: About::Access, before, after, spot: Spot::default() });
    }

    /// The statements of one side only that lead to an action of an account or a role, or forbid it.
    pub(super) fn causes(&self, found: &Comparison<'_>, whose: Whose<'_>, action: u32) -> Vec<usize> {
        let mut causes: Vec<usize> = vec![];
        for when in When::BOTH {
            for (text, _) in leading(found, when, whose, action) {
                if let Some(index) = self.by_text.get(&text).filter(|index| !causes.contains(index)) {
                    causes.push(*index);
                }
            }
        }
        causes
    }
}

/// Every statement of a side about roles, prohibitions and the accounts that were looked at; of accounts of which both sides say the same,
/// none.
fn statements(found: &Comparison<'_>, when: When, sidecar: Option<&Sidecar>) -> FxHashMap<String, Option<String>> {
    let table = found.rights.view.joint.table(when);
    let mut all = of_roles(found, when, sidecar);
    for forbid in table.actions().flat_map(|action| table.forbids(action)) {
        let place = sidecar.and_then(|s| s.forbids.get(forbid.id.index()).cloned());
        all.extend(table.forbid_text(forbid.id).map(|text| (text.to_owned(), place)));
    }
    for pair in &found.pairs {
        let Some(id) = pair.ids[when.index()] else { continue };
        if says_the_same(found, pair) {
            continue;
        }
        let places = sidecar.and_then(|s| s.accounts.get(&pair.login));
        for (index, way) in (0..).zip(table.ways(id)) {
            let place = places.and_then(|p| p.get::<usize>(index).cloned());
            all.push((way_text(found, when, id, &pair.login, way.way), place));
            if table.role_of_row(way.row).is_none() {
                let texts = table.grants(way.row).filter_map(|g| table.grant_text(g.id));
                all.extend(texts.map(|text| (text.to_owned(), None)));
            }
        }
    }
    all.into_iter().collect()
}

/// The statements of a side's roles. Most give many grants each.
fn of_roles(found: &Comparison<'_>, when: When, sidecar: Option<&Sidecar>) -> Vec<Statement> {
    let table = found.rights.view.joint.table(when);
    let mut last: FxHashMap<StatementId, GrantId> = FxHashMap::default();
    for role in table.roles() {
        let mut grants = table.statements(table.row_of(role)).peekable();
        while let Some((grant, statement)) = grants.next() {
            if grants.peek().is_none_or(|(_, next)| *next != statement) {
                last.insert(statement, grant);
            }
        }
    }
    let place = |grant: GrantId| sidecar.and_then(|s| s.grants.get(grant.index()).cloned());
    last.into_iter().map(|(id, grant)| (table.statement(id).to_owned(), place(grant))).collect()
}

/// Whether the declaration of an account surely says the same on both sides.
fn says_the_same(found: &Comparison<'_>, pair: &Pair) -> bool {
    let joint = &found.rights.view.joint;
    let [before, after] = joint.tables;
    let [Some(old), Some(new)] = pair.ids else { return false };
    let (mut one, mut other) = (before.ways(old), after.ways(new));
    loop {
        match (one.next(), other.next()) {
            (None, None) => return true,
            (Some(old), Some(new)) if found.rights.twins.is_said_alike(joint, &old, &new) => {}
            _ => return false,
        }
    }
}

/// The statements of a side that lead to an action of an account or a role, or forbid it.
fn leading(found: &Comparison<'_>, when: When, whose: Whose<'_>, action: u32) -> Vec<Statement> {
    let joint = &found.rights.view.joint;
    let table = joint.table(when);
    let own = joint.action_names.own(when, action).map(ActionId);
    let grants = |row| {
        let texts = own.into_iter().flat_map(|own| table.grants_of(row, own)).map(|g| table.statement(g.statement));
        texts.map(|text| (text.to_owned(), None)).collect::<Vec<Statement>>()
    };
    let mut all = vec![];
    match whose {
        Whose::Role(name) => {
            let joint_id = joint.roles.list.iter().position(|n| n == name).and_then(|i| u32::try_from(i).ok());
            if let Some(own) = joint_id.and_then(|id| joint.roles.own(when, id)) {
                all.extend(grants(table.row_of(RoleId(own))));
            }
        }
        Whose::Account(login) => {
            let place = found.pairs.binary_search_by(|pair| pair.login.as_str().cmp(login));
            if let Some(id) = place.ok().and_then(|place| found.pairs[place].ids[when.index()]) {
                for way in table.ways(id) {
                    let given = grants(way.row);
                    if !given.is_empty() {
                        all.push((way_text(found, when, id, login, way.way), None));
                        all.extend(given);
                    }
                }
            }
            if let Some(own) = own {
                let forbids = table.forbids(own);
                all.extend(forbids.filter_map(|f| Some((table.forbid_text(f.id)?.to_owned(), None))));
            }
        }
    }
    all
}

/// `admin aino: role analyst on ...`.
fn way_text(found: &Comparison<'_>, when: When, id: AccountId, login: &str, way: bailiwick_table::Way) -> String {
    let text = found.rights.view.joint.table(when).way_text(Some(id), way).map(|text| text.to_string());
    format!("admin {login}: {}", text.unwrap_or_default())
}

/// A statement at a place `file:line:column`.
fn said(text: &str, place: Option<&str>) -> Said {
    let place = place.and_then(|place| {
        let (rest, _column) = place.rsplit_once(':')?;
        let (path, line) = rest.rsplit_once(':')?;
        Some((path.to_owned(), line.parse().ok()?))
    });
    let (path, line) = place.map_or((None, 0), |(path, line)| (Some(path), line));
    Said { text: text.to_owned(), path, line, span: None }
}
