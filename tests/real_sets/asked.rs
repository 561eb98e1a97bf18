//! A policy compiled, and its table asked.

use std::collections::BTreeSet;

use bailiwick::check::bw009;
use bailiwick::diagnostic::Severity;
use bailiwick::diagnostic::human;
use bailiwick::source::SourceMap;
use bailiwick::{Compiled, Options, compile};
use bailiwick_table::{AccountId, ActionId, Login, Party, Right, RoleId, Shown, Signature, Table, Target};

/// The day of every question.
const DAY: i32 = 20_600;

/// Compiles a policy, which must have no errors, and of which no check may end with "unknown".
pub(crate) fn compiled(sources: &SourceMap) -> Compiled {
    let outcome = compile(sources, &Options { at: Some(DAY), ..Options::default() });
    assert!(outcome.findings.iter().all(|f| f.code != bw009::CODE), "something is undecided");
    let errors = outcome.findings.iter().filter(|f| f.severity == Severity::Error).take(5);
    let errors: Vec<String> = errors.map(|f| human::render(f, sources, Default::default())).collect();
    outcome.compiled.unwrap_or_else(|| panic!("it does not compile:\n{}", errors.join("\n")))
}

/// A table that answers questions on targets of which nothing is true: what is allowed there is allowed everywhere.
pub(crate) struct Asked<'t> {
    /// The table.
    pub(crate) table: Table<&'t [u8]>,
}

impl<'t> Asked<'t> {
    /// The table of a compiled policy.
    pub(crate) fn of(compiled: &'t Compiled) -> Self {
        let table = Table::from_bytes(compiled.table()).unwrap_or_else(|e| panic!("{e}"));
        Self { table }
    }

    /// The account with this login.
    pub(crate) fn account(&self, login: &str) -> AccountId {
        let known = Login::ascii(login).and_then(|l| self.table.account(l));
        known.unwrap_or_else(|| panic!("the table does not name `{login}`"))
    }

    /// The role with this name.
    pub(crate) fn role(&self, name: &str) -> RoleId {
        self.table.role(name).unwrap_or_else(|| panic!("the table has no role `{name}`"))
    }

    /// The action with this path.
    pub(crate) fn action(&self, path: &str) -> ActionId {
        self.table.action(path).unwrap_or_else(|| panic!("the table has no action `{path}`"))
    }

    /// Whether an account may do something.
    pub(crate) fn may(&self, account: AccountId, action: ActionId) -> bool {
        let shown = self.table.action_of(action).expect("an action");
        self.table.decide(account, action, &target(shown.signature), DAY).allowed
    }

    /// Everything that an account may do, by a decision for each action.
    pub(crate) fn decided(&self, account: AccountId) -> BTreeSet<ActionId> {
        self.table.actions().filter(|action| self.may(account, *action)).collect()
    }

    /// Everything that a role gives without restriction, by its rows; none of them may be restricted.
    pub(crate) fn listed(&self, role: RoleId) -> BTreeSet<ActionId> {
        self.table.role_rights(role).map(whole).collect()
    }

    /// Whether an action is forbidden to an account, whatever it was given.
    pub(crate) fn forbidden(&self, account: AccountId, action: ActionId) -> bool {
        let mut of_action = self.table.prohibitions().filter(|p| p.action == action);
        of_action.any(|p| self.table.forbid_may_apply(p.forbid, account, DAY))
    }
}

/// The action of a row, which is on everything and at all times.
fn whole(right: Right<'_>) -> ActionId {
    let restricted = [right.entities, right.users, right.gate].iter().any(|p| !matches!(p.shown(), Shown::All));
    assert!(!restricted && right.days.contains(i32::MIN) && right.days.contains(i32::MAX), "a row is restricted");
    right.action
}

/// A target with the parts of a signature, of which nothing is true.
fn target(signature: Signature) -> Target<'static> {
    match signature {
        Signature::Site => Target::SITE,
        Signature::Entity => Target::entity(Party::closed()),
        Signature::User => Target::user(Party::closed()),
        Signature::Both => Target::both(Party::closed(), Party::closed()),
        Signature::Account => Target::account(Party::closed()),
    }
}
