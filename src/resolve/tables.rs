//! Tables of people: every row is an account.
//!
//! A table may have millions of rows. They are read one by one and become accounts at once, without a tree; a cell that was read
//! before is not read again.

use rustc_hash::FxHashMap;

use super::columns::{Column, Headed};
use super::{Resolver, Sorted, people};
use crate::check::{bw007, bw008, bw101, bw106};
use crate::diagnostic::{Finding, Findings};
use crate::model::Account;
use crate::model::id::AccountId;
use crate::source::{Source, SourceId, SourceKind, SourceMap, Span, Spanned};
use crate::syntax::ast::{DeclKind, People, Period};
use crate::syntax::rows::Rows;
use crate::text::fold_login;

use super::cells::Known;

/// How many people the tables of a policy may name: at about 1 kB each, what a usual machine can hold.
pub(super) const MOST_PEOPLE: usize = 4_000_000;
/// How many findings of one table are shown.
const MOST_SHOWN: usize = 100;
/// How many more are counted before the rest of the table is left.
const MOST_COUNTED: usize = 1_000;

/// What is said about one table: so much, and then only how much more there is.
#[derive(Debug)]
pub(super) struct Budget {
    left: usize,
    more: usize,
    first: Option<Span>,
}

impl Budget {
    fn new() -> Self {
        Self { left: MOST_SHOWN, more: 0, first: None }
    }

    /// Shows a finding, or counts it.
    pub(super) fn say(&mut self, findings: &mut Findings, finding: Finding) {
        if self.left > 0 {
            self.left -= 1;
            findings.push(finding);
        } else {
            self.count(1, finding.span());
        }
    }

    /// Counts findings that are not shown.
    pub(super) fn count(&mut self, number: usize, place: Option<Span>) {
        self.more += number;
        self.first = self.first.or(place);
    }

    /// How many findings there were, shown and counted.
    pub(super) const fn total(&self) -> usize {
        MOST_SHOWN - self.left + self.more
    }

    /// Whether no more findings are shown.
    pub(super) const fn is_spent(&self) -> bool {
        self.left == 0
    }

    /// Whether enough is known to leave the rest.
    const fn suffices(&self) -> bool {
        self.more >= MOST_COUNTED
    }

    /// Says how much more there is.
    fn close(self, findings: &mut Findings) {
        if let Some(first) = self.first {
            findings.push(bw008::more(self.more, !self.suffices(), first));
        }
    }
}

/// A table while it is read.
pub(super) struct Table<'t> {
    pub(super) columns: Vec<Headed>,
    pub(super) budget: Budget,
    /// For each column, the cells that were read before, by how they are written.
    pub(super) known: Vec<FxHashMap<&'t str, Known>>,
    login: usize,
    /// How many columns hold attributes.
    attributes: usize,
}

impl Resolver<'_> {
    /// The accounts of all tables that the policy names.
    pub(super) fn tables(&mut self, decls: &Sorted<'_>, sources: &SourceMap) -> Vec<Account> {
        let mut accounts = vec![];
        let mut read: FxHashMap<SourceId, Span> = FxHashMap::default();
        for decl in &decls.decls {
            let DeclKind::People(people) = &decl.kind else { continue };
            let Some(id) = self.table_of(people, sources) else { continue };
            if let Some(first) = read.get(&id) {
                self.findings.push(bw008::twice(*first, people.path.span));
                continue;
            }
            read.insert(id, people.path.span);
            let source = sources.get(id);
            self.table_spans.push((decl.span, Span::new(id, 0, source.text.len())));
            if let Some(finding) = too_large(id, source, self.people_left) {
                self.findings.push(finding);
                continue;
            }
            let before = accounts.len();
            self.table(id, source, &mut accounts);
            self.people_left -= (accounts.len() - before).min(self.people_left);
        }
        accounts
    }

    /// The source that a declaration names.
    fn table_of(&mut self, people: &People, sources: &SourceMap) -> Option<SourceId> {
        let Spanned { node: path, span } = &people.path;
        let finding = match crate::paths::beside(sources.get(span.source), path) {
            Err(astray) => bw008::astray(path, astray, *span),
            Ok(full) => match sources.people(&full) {
                Ok(id) => return Some(id),
                Err(why) => bw008::absent(path, why, *span),
            },
        };
        self.findings.push(finding);
        self.lacks_a_table = true;
        None
    }

    fn table(&mut self, id: SourceId, source: &Source, accounts: &mut Vec<Account>) {
        let mut rows = Rows::of(id, source);
        let mut budget = Budget::new();
        let header = match rows.advance() {
            Ok(true) => self.columns(&rows, &mut budget),
            Ok(false) => {
                budget.say(self.findings, bw008::empty(rows.whole()));
                None
            }
            Err(finding) => {
                budget.say(self.findings, finding);
                None
            }
        };
        let Some(columns) = header else { return budget.close(self.findings) };
        let login = columns.iter().position(|c| c.column == Column::Login).unwrap_or(0);
        let known = columns.iter().map(|_| FxHashMap::default()).collect();
        let attributes = columns.iter().filter(|c| matches!(c.column, Column::Attribute(_))).count();
        let mut table = Table { columns, budget, known, login, attributes };
        while !table.budget.suffices() {
            match rows.advance() {
                Ok(true) => accounts.extend(self.row(&mut table, &rows)),
                Ok(false) => break,
                Err(finding) => table.budget.say(self.findings, finding),
            }
        }
        table.budget.close(self.findings);
    }

    /// The account of a row.
    fn row<'t>(&mut self, table: &mut Table<'t>, rows: &Rows<'t>) -> Option<Account> {
        let (has, wanted) = (rows.len(), table.columns.len());
        if has != wanted {
            let place = if has > wanted { rows.cell(wanted).span() } else { rows.span() };
            table.budget.say(self.findings, bw008::cells(rows.number(), has, wanted, place));
            return None;
        }
        let cell = rows.cell(table.login);
        if cell.text.is_empty() {
            table.budget.say(self.findings, bw008::no_login(rows.number(), rows.span()));
            return None;
        }
        let login = self.value_of(table, rows, table.login)?;
        let folded = people::folded(&login);
        let mut account = Account::bare(login.into(), folded, cell.span());
        if table.attributes > 0 {
            account.attributes.reserve_exact(table.attributes);
        }
        let mut period = Period::default();
        for column in 0..wanted {
            if !rows.cell(column).text.is_empty() {
                self.cell(table, rows, column, &mut account, &mut period);
            }
        }
        if period.from.is_some() || period.until.is_some() {
            let last = table.columns.iter().position(|c| c.column == Column::Until).unwrap_or(table.login);
            account.valid = self.told(table, rows, last, |this| Some(this.period(&period))).unwrap_or(account.valid);
        }
        people::in_order(&mut account, &self.model);
        Some(account)
    }

    /// The accounts of blocks, of tables, and of what was set apart together, in the order of their logins; `written` are in that order.
    pub(super) fn join_accounts(
        &mut self,
        written: Vec<Account>,
        tabled: Vec<Account>,
        apart: Vec<Account>,
        sources: &SourceMap,
    ) {
        let set_apart = !apart.is_empty();
        self.model.accounts = if tabled.is_empty() && !set_apart {
            written
        } else {
            // The few go to the many.
            let (mut accounts, few) = if tabled.len() < apart.len() { (apart, tabled) } else { (tabled, apart) };
            accounts.extend(few);
            accounts.extend(written);
            sort_by_login(&mut accounts, sources);
            self.in_doubt |= set_apart && accounts.windows(2).any(|pair| is_doubtful(pair, sources));
            self.same_logins(&mut accounts, sources);
            accounts
        };
        for block in 0..self.account_of_block.len() {
            let login = self.account_of_block[block].map(|id| self.logins[id.index()].as_str());
            let found = login.and_then(|login| self.account_by_login(login));
            self.account_of_block[block] = found;
        }
        self.names_of_blocks(set_apart, sources);
    }

    /// The account with a login, folded.
    pub(super) fn account_by_login(&self, login: &str) -> Option<AccountId> {
        self.model.accounts.binary_search_by(|a| a.login.as_str().cmp(login)).ok().map(AccountId::new)
    }

    /// Of accounts with one login the first stands.
    fn same_logins(&mut self, accounts: &mut Vec<Account>, sources: &SourceMap) {
        let mut budget = Budget::new();
        accounts.dedup_by(|second, first| {
            let same = second.login == first.login;
            if same {
                let both = is_row(first, sources) && is_row(second, sources);
                let written = if both { bw101::Written::Rows } else { bw101::Written::BlockAndRow };
                let finding = bw101::finding(&first.login, first.login_written(), second.login_written(), written);
                budget.say(self.findings, finding);
            }
            same
        });
        budget.close(self.findings);
    }

    /// A row is named by its login, so no block with another login may have that name.
    fn names_of_blocks(&mut self, set_apart: bool, sources: &SourceMap) {
        for (block, name) in (0_u32..).zip(self.blocks.names()) {
            let Some(id) = self.account_by_login(&fold_login(name)) else { continue };
            let account = &self.model.accounts[id.index()];
            if account.block != name || self.account_of_block[block as usize] == Some(id) {
                continue;
            }
            if is_row(account, sources) {
                self.findings.push(bw106::finding("admin", name, self.blocks.span(block), account.span));
            } else {
                self.in_doubt |= set_apart;
            }
        }
    }
}

/// What is wrong with a table that is longer, or has more rows, than can be held. Rows are only counted where there may be too many.
fn too_large(id: SourceId, source: &Source, people: usize) -> Option<Finding> {
    if source.text.len() > bw007::FILE {
        return Some(bw007::text(Span::new(id, 0, 0), bw007::FILE));
    }
    let ends = source.text.bytes().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
    if ends <= people {
        return None;
    }
    let mut rows = Rows::of(id, source);
    // The header names nobody.
    let mut left = people + 1;
    loop {
        match rows.advance() {
            Ok(true) if left == 0 => return Some(bw008::too_many(rows.number(), MOST_PEOPLE, rows.span())),
            Ok(true) => left -= 1,
            Ok(false) => return None,
            // A row whose quotes are not in order is told when the table is read.
            Err(_) => left = left.saturating_sub(1),
        }
    }
}

/// Whether an account is a row of a table.
fn is_row(account: &Account, sources: &SourceMap) -> bool {
    sources.get(account.span.source).kind == SourceKind::People
}

/// Whether two neighbours have one login, and are not both rows.
fn is_doubtful(pair: &[Account], sources: &SourceMap) -> bool {
    let [one, other] = pair else { return false };
    one.login == other.login && !(is_row(one, sources) && is_row(other, sources))
}

/// Sorts accounts by login, and those of one login by place, rows behind the others. Accounts are large: beginnings of logins are
/// compared first, and each account is moved once or twice.
fn sort_by_login(accounts: &mut [Account], sources: &SourceMap) {
    if accounts.is_sorted_by(|a, b| a.login < b.login) {
        return;
    }
    let key = |a: usize| (accounts[a].login.as_str(), is_row(&accounts[a], sources), accounts[a].login_written().1);
    let mut order: Vec<(u128, usize)> = (0..accounts.len()).map(|a| (beginning(&accounts[a].login), a)).collect();
    order.sort_unstable_by(|(x, a), (y, b)| x.cmp(y).then_with(|| key(*a).cmp(&key(*b))));
    for start in 0..order.len() {
        // Each place gets its account from the next one of its cycle; places that have theirs lead to themselves.
        let mut at = start;
        loop {
            let next = std::mem::replace(&mut order[at].1, at);
            if next == start {
                break;
            }
            accounts.swap(at, next);
            at = next;
        }
    }
}

/// The first bytes of a login, as a number that is in the order of the logins.
fn beginning(login: &str) -> u128 {
    let mut bytes = [0; 16];
    let length = login.len().min(bytes.len());
    bytes[..length].copy_from_slice(&login.as_bytes()[..length]);
    u128::from_be_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Findings;
    use crate::resolve::resolve_with;
    use crate::source::{Source, SourceMap};
    use crate::syntax;

    /// How many accounts there are, and the findings, each with what stands at its place.
    fn read(tables: &[&str], most: usize) -> (usize, Vec<(String, String)>) {
        let named = |n: usize| format!("t{n}.csv");
        let policy: String = (0..tables.len()).map(|n| format!("admins from \"{}\"\n", named(n))).collect();
        let tables = tables.iter().enumerate().map(|(n, table)| Source::people(named(n), *table));
        let sources = SourceMap::new(tables.chain([Source::new("p.bw", policy)]).collect());
        let mut findings = Findings::new();
        let files = syntax::parse(&sources, &mut findings);
        let model = resolve_with((&files, &[]), &sources, &mut findings, most).unwrap_or_default();
        let place = |span| sources.text(span).to_owned();
        let said = findings.iter().map(|f| (f.message.clone(), f.span().map_or(String::new(), place)));
        (model.accounts.len(), said.collect())
    }

    #[test]
    fn so_many_people_and_not_one_more() {
        let three = "login\nann\n\nbo\ncy\n\n\n";
        assert_eq!(read(&[three], 3), (3, vec![]));
        let message = "row 4 is one more than the 4000000 people that tables may name".to_owned();
        assert_eq!(read(&[three], 2), (0, vec![(message, "cy".to_owned())]));
    }

    #[test]
    fn tables_count_together() {
        let (two, other) = ("login\nann\nbo\n", "login,name\ncy,Cy\n");
        assert_eq!(read(&[two, other], 3), (3, vec![]));
        let (accounts, findings) = read(&[two, other, "login\ndi\n"], 3);
        assert_eq!((accounts, findings.len(), findings[0].1.as_str()), (3, 1, "di"));
    }

    #[test]
    fn a_table_that_is_all_one_quote_is_told_for_its_quote() {
        let (accounts, findings) = read(&["login\n\"ann\nbo\ncy\ndi\n"], 2);
        assert_eq!((accounts, findings.len()), (0, 1));
        assert!(findings[0].0.contains("never closed"), "{}", findings[0].0);
    }
}
