//! What is not allowed about a change, whatever either policy is by itself: roles that change hands, names that go while they are used,
//! who asked for it.
//!
//! A finding's places lie in the new policy. What only the old one says is named in its notes, by file and line: the two have sources
//! of their own. Severities are settled by what the *old* policy says, so that no change switches off the check that would stop it.

use std::cell::OnceCell;

use bailiwick_table::Table;
use rustc_hash::FxHashMap;

use super::change::{Declared, Edit};
use super::view::View;
use super::{Options, Side, declared};
use crate::check::{CHECKS, Context, bw301, bwt11};
use crate::diagnostic::{Finding, Findings, Severities};
use crate::lower::rights::{Days, Rights};
use crate::lower::{Switches, lower};
use crate::model::id::{AccountId, ActionId, RoleId};
use crate::model::{Account, Lints, Model, Role, Signature};
use crate::query::{Asker, OwnedTarget};
use crate::source::Span;

/// Why two sides cannot be compared, or it cannot be said whether a change was asked for by somebody who may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CannotAnswer {
    /// The bytes of a side are no table, or not a whole one.
    Unreadable {
        /// The side.
        side: String,
        /// What is wrong with it.
        why: bailiwick_table::LoadError,
    },
    /// The old policy has neither such an account nor such a `responsible`; those that are near.
    Unknown {
        /// As it was given.
        requester: String,
        /// Names that are near.
        near: Vec<String>,
    },
    /// A side is a compiled table: it does not say who the people are, nor who is responsible.
    NoPolicy {
        /// The side.
        side: String,
    },
    /// The old policy has errors, so that nobody has a right by it.
    Broken {
        /// The side.
        side: String,
    },
}

impl std::fmt::Display for CannotAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreadable { side, why } => write!(f, "`{side}` is no table that can be read: {why}"),
            Self::Unknown { requester, .. } => {
                write!(f, "the old policy has no account and no `responsible` called `{requester}`")
            }
            Self::NoPolicy { side } => {
                write!(f, "`{side}` is a compiled table: it does not tell who may ask for a change")
            }
            Self::Broken { side } => write!(f, "`{side}` has errors: nobody can be asked what they may change by it"),
        }
    }
}

impl CannotAnswer {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::Unreadable { .. } => "compile it again: `bailiwick build`".to_owned(),
            Self::Unknown { near, .. } if near.is_empty() => {
                "name an account of the old policy by its login, or somebody `responsible` by the name there".to_owned()
            }
            Self::Unknown { near, .. } => {
                format!("did you mean {}?", crate::text::quoted_list(near.iter().map(String::as_str), "or"))
            }
            Self::NoPolicy { .. } => "name the policies themselves, by folder or by git revision".to_owned(),
            Self::Broken { .. } => "mend the old policy first: `bailiwick check`".to_owned(),
        }
    }
}

/// Everything that is not allowed about the change, before severities are settled.
///
/// # Errors
/// When somebody is named who asks for it, and that cannot be judged.
pub fn transitions(
    old: &Side<'_>,
    new: &Side<'_>,
    options: &Options,
    edits: &[Edit],
) -> Result<Vec<Finding>, CannotAnswer> {
    Ok(Transition::of(old, new, options, edits)?.as_ref().map_or_else(Vec::new, Transition::findings))
}

/// The findings with their final severities: by the command line, and by what the *old* policy says.
#[must_use]
pub fn settled(findings: Vec<Finding>, severities: &Severities, old: &Side<'_>) -> Vec<Finding> {
    let levels = match &old.policy {
        Some(policy) => View::new(policy).model.lints.levels.clone(),
        None => vec![],
    };
    let lints = Lints { levels, ignores: vec![] };
    severities.apply(findings.into_iter().collect(), &lints).into_iter().collect()
}

/// Who asks for a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Requester {
    /// An account of the old policy.
    Account(AccountId),
    /// A `responsible` of the old policy, by its number.
    Responsible(usize),
}

fn requester(old: &Seen<'_>, name: &str) -> Result<Requester, CannotAnswer> {
    let model = old.model();
    let account = old.account_named(name).map(Requester::Account);
    let responsible = || model.responsible.iter().position(|(known, _)| known == name).map(Requester::Responsible);
    let Some(found) = account.or_else(responsible) else {
        let logins = model.accounts.iter().take(100_000).map(|a| a.login.as_str());
        let known = logins.chain(model.responsible.iter().map(|(name, _)| name.as_str()));
        let near = crate::text::did_you_mean(name, known).into_iter().map(ToOwned::to_owned).collect();
        return Err(CannotAnswer::Unknown { requester: name.to_owned(), near });
    };
    if old.rights().is_none() || old.has_errors {
        return Err(CannotAnswer::Broken { side: old.name.to_owned() });
    }
    Ok(found)
}

/// Two policies, one after the other.
#[derive(Debug)]
pub struct Transition<'a> {
    pub(crate) old: Seen<'a>,
    pub(crate) new: Seen<'a>,
    /// The day from which on it is judged.
    pub(crate) at: i32,
    pub(crate) edits: &'a [Edit],
    pub(crate) declared: Vec<Declared>,
    names: Renamed,
    pub(crate) requester: Option<Requester>,
    opening: OnceCell<bwt11::Opening>,
}

/// What has another name, both ways.
#[derive(Debug, Default)]
struct Renamed {
    roles_after: FxHashMap<String, String>,
    roles_before: FxHashMap<String, String>,
    logins_after: FxHashMap<String, String>,
    logins_before: FxHashMap<String, String>,
}

impl Renamed {
    fn of(old: &Seen<'_>, new: &Seen<'_>, declared: &[Declared]) -> Self {
        let mut all = Self::default();
        for it in declared {
            let (Some(before), Some(after)) = (&it.before, &it.after) else { continue };
            let (to, from) = match it.noun {
                "role" | "profile" => (&mut all.roles_after, &mut all.roles_before),
                // Whoever writes a policy could give anybody's address to anybody: only the same `id` is the same person.
                "account" if same_id(old, new, before, after) => (&mut all.logins_after, &mut all.logins_before),
                _ => continue,
            };
            to.insert(before.clone(), after.clone());
            from.insert(after.clone(), before.clone());
        }
        all
    }
}

fn same_id(old: &Seen<'_>, new: &Seen<'_>, before: &str, after: &str) -> bool {
    let id = |seen: &Seen<'_>, login: &str| {
        let account = seen.account_by_login(login)?;
        seen.model().accounts[account.index()].id.as_ref().map(|id| id.node.clone())
    };
    id(old, before).is_some_and(|known| Some(known) == id(new, after))
}

impl<'a> Transition<'a> {
    /// What there is to judge; none where a side is a compiled table.
    ///
    /// # Errors
    /// When somebody is named who asks for it, and that cannot be judged.
    pub(super) fn of(
        old: &Side<'a>,
        new: &Side<'a>,
        options: &Options,
        edits: &'a [Edit],
    ) -> Result<Option<Self>, CannotAnswer> {
        let (Some(before), Some(after)) = (&old.policy, &new.policy) else {
            let side = if old.policy.is_none() { old } else { new };
            return match options.requested_by {
                Some(_) => Err(CannotAnswer::NoPolicy { side: side.name.to_owned() }),
                None => Ok(None),
            };
        };
        let (old, new) = (Seen::new(old.name, View::new(before)), Seen::new(new.name, View::new(after)));
        let declared = declared::between(&old.view, &new.view);
        let at = options.at.unwrap_or_else(crate::dates::today);
        let requester = match &options.requested_by {
            Some(name) => Some(requester(&old, name)?),
            None => None,
        };
        let names = Renamed::of(&old, &new, &declared);
        Ok(Some(Self { old, new, at, edits, declared, names, requester, opening: OnceCell::new() }))
    }

    /// Everything that is not allowed about it, before severities are settled.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let mut findings = Findings::new();
        for run in CHECKS.iter().filter_map(|check| check.transits) {
            run(self, &mut findings);
        }
        findings.sorted()
    }
}

impl Transition<'_> {
    /// What accounts could come to in the new policy and not in the old one; computed when it is first asked for.
    pub(crate) fn opening(&self) -> &bwt11::Opening {
        self.opening.get_or_init(|| bwt11::opening(self))
    }

    /// What the requester is called; empty where nobody is named.
    pub(crate) fn requester_name(&self) -> &str {
        match self.requester {
            None => "",
            Some(Requester::Account(account)) => &self.old.model().accounts[account.index()].block,
            Some(Requester::Responsible(index)) => &self.old.model().responsible[index].0,
        }
    }

    /// The role of the new policy that a role of the old one is: by its name, or by the name that it has now.
    pub(crate) fn role_after(&self, role: RoleId) -> Option<RoleId> {
        let name = &self.old.model().roles[role.index()].name;
        self.new.role_named(self.names.roles_after.get(name).unwrap_or(name))
    }

    /// The role of the old policy that a role of the new one was.
    pub(crate) fn role_before(&self, role: RoleId) -> Option<RoleId> {
        let name = &self.new.model().roles[role.index()].name;
        self.old.role_named(self.names.roles_before.get(name).unwrap_or(name))
    }

    /// The account of the old policy that an account of the new one was: by its login, or by the `id` of a person whose login changed.
    pub(crate) fn account_before(&self, account: AccountId) -> Option<AccountId> {
        let login = self.new.model().accounts[account.index()].login.as_str();
        self.old.account_by_login(self.names.logins_before.get(login).map_or(login, String::as_str))
    }

    /// The account of the new policy that an account of the old one is.
    pub(crate) fn account_after(&self, account: AccountId) -> Option<AccountId> {
        let login = self.old.model().accounts[account.index()].login.as_str();
        self.new.account_by_login(self.names.logins_after.get(login).map_or(login, String::as_str))
    }
}

/// One side as a transition sees it.
#[derive(Debug)]
pub(crate) struct Seen<'a> {
    pub(crate) name: &'a str,
    pub(crate) view: View<'a>,
    /// Whether compiling it left errors.
    pub(crate) has_errors: bool,
    compiled: Option<&'a crate::Compiled>,
    lowered: OnceCell<Option<Rights>>,
    most: OnceCell<Option<Rights>>,
    table: OnceCell<Option<Table<Vec<u8>>>>,
}

impl<'a> Seen<'a> {
    pub(crate) fn new(name: &'a str, view: View<'a>) -> Self {
        let (compiled, has_errors) = (view.outcome.compiled.as_ref(), view.outcome.has_errors());
        Self {
            name,
            view,
            has_errors,
            compiled,
            lowered: OnceCell::new(),
            most: OnceCell::new(),
            table: OnceCell::new(),
        }
    }

    pub(crate) fn model(&self) -> &Model {
        &self.view.model
    }

    /// The rights with the features as written, also where a check has found an error; none where nothing can be lowered.
    pub(crate) fn rights(&self) -> Option<&Rights> {
        if let Some(compiled) = self.compiled {
            return Some(compiled.rights());
        }
        let lowered = || {
            let mut cycles = Findings::new();
            bw301::run(self.model(), &mut cycles);
            let whole = !self.model().incomplete && cycles.is_empty();
            whole.then(|| lower(self.model(), &Switches::as_written(self.model())))
        };
        self.lowered.get_or_init(lowered).as_ref()
    }

    /// The table that answers for this side; none where nothing can be lowered.
    pub(crate) fn table(&self) -> Option<&Table<Vec<u8>>> {
        let written = || {
            let bytes = crate::emit::table::table(self.model(), self.rights()?, 0).ok()?;
            Table::from_bytes(bytes).ok()
        };
        self.table.get_or_init(written).as_ref()
    }

    /// Whether an account may do something to another account of the same policy on that day.
    pub(crate) fn may(&self, account: AccountId, action: ActionId, on: AccountId, day: i32) -> bool {
        let model = self.model();
        let as_user = match model.actions[action.index()].signature {
            Signature::Account => false,
            Signature::User => true,
            _ => return false,
        };
        let Some(table) = self.table() else { return false };
        let login = &model.accounts[on.index()].login;
        let asker = Asker::Account(bailiwick_table::AccountId(account.0));
        let path = &model.actions[action.index()].path;
        let Some(action) = table.action(path) else { return false };
        OwnedTarget::account(login, as_user).with(|target| asker.decide(table, action, target, day).allowed)
    }

    /// What checks look at; none where nothing can be lowered.
    pub(crate) fn context(&self, at: i32) -> Option<Context<'_>> {
        let rights = self.rights()?;
        let most = self.most.get_or_init(|| {
            let (written, all_on) = (Switches::as_written(self.model()), Switches::all_on(self.model()));
            (written != all_on).then(|| lower(self.model(), &all_on))
        });
        Some(Context::new(self.model(), rights, most.as_ref(), at))
    }

    pub(crate) fn role_named(&self, name: &str) -> Option<RoleId> {
        self.model().roles.binary_search_by(|role| role.name.as_str().cmp(name)).ok().map(RoleId::new)
    }

    pub(crate) fn account_by_login(&self, login: &str) -> Option<AccountId> {
        let accounts = &self.model().accounts;
        accounts.binary_search_by(|a| a.login.as_str().cmp(login)).ok().map(AccountId::new)
    }

    /// An account by the name of its block, as policies name it, or by its login.
    pub(crate) fn account_named(&self, name: &str) -> Option<AccountId> {
        let block = self.model().accounts.iter().position(|account| account.block == name).map(AccountId::new);
        block.or_else(|| self.account_by_login(&crate::text::fold_login(name)))
    }

    pub(crate) fn accounts(&self) -> impl Iterator<Item = (AccountId, &Account)> {
        self.model().accounts.iter().enumerate().map(|(index, account)| (AccountId::new(index), account))
    }

    pub(crate) fn roles(&self) -> impl Iterator<Item = (RoleId, &Role)> {
        self.model().roles.iter().enumerate().map(|(index, role)| (RoleId::new(index), role))
    }

    /// The days from `at` on on which an account actively holds a role that was given to it.
    pub(crate) fn holds_actively(&self, account: &Account, role: RoleId, at: i32) -> Vec<Days> {
        if !account.active {
            return vec![];
        }
        let given = account.assignments.iter().filter(|given| given.role == role);
        given.map(|given| given.days.meet(account.valid)).filter(|days| !days.is_empty() && days.until >= at).collect()
    }

    /// Whether an account was given a role, inactive and future holders included, and has not lost it by that day.
    pub(crate) fn holds(&self, account: &Account, role: RoleId, at: i32) -> bool {
        let lasts = |days: Days| !days.is_empty() && days.until >= at;
        account.assignments.iter().any(|given| given.role == role && lasts(given.days.meet(account.valid)))
    }

    /// Whether an account actively holds the super role on that day.
    pub(crate) fn is_root(&self, account: AccountId, day: i32) -> bool {
        let account = &self.model().accounts[account.index()];
        let supers = self.roles().filter(|(_, role)| role.superuser);
        supers.flat_map(|(id, _)| self.holds_actively(account, id, day)).any(|days| days.contains(day))
    }

    /// `path:line` of a place of this side.
    pub(crate) fn line(&self, span: Span) -> String {
        self.view.line(span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::edits;
    use crate::diff::testing::Written;

    const OLD: &str = "platform p\nresource site { view see }\nsuper role boss { allow * }\nresponsible \"Council\"\n\
                       role r { allow site.see }\nadmin ann { role boss }\nadmin bo { phone 1; role r }";

    fn judged(old: &Written, new: &Written, who: Option<&str>) -> Result<Vec<Finding>, CannotAnswer> {
        let options = Options { at: Some(20_600), requested_by: who.map(ToOwned::to_owned), many: None };
        let found = transitions(&old.side(), &new.side(), &options, &edits(&old.policy(), &new.policy()))?;
        Ok(settled(found, &Severities::default(), &old.side()))
    }

    #[test]
    fn no_change_switches_its_own_check_off() {
        let changed = OLD.replace("phone 1", "phone 2");
        let with = |text: &str, lint: &str| Written::new(&[("p.bw", &format!("{lint}\n{text}"))]);
        let said = |old: &Written, new: &Written| {
            judged(old, new, Some("Council")).map(|all| all.iter().map(|f| f.code.0).collect::<Vec<_>>())
        };
        let lint = "lint BWT04 off";
        assert_eq!(said(&with(OLD, ""), &with(&changed, lint)), Ok(vec!["BWT04"]));
        assert_eq!(said(&with(OLD, lint), &with(&changed, "")), Ok(vec![]));
    }

    #[test]
    fn nobody_is_taken_for_somebody_else() {
        let old = Written::new(&[("p.bw", OLD)]);
        let near = vec!["ann".to_owned()];
        let unknown = CannotAnswer::Unknown { requester: "amn".to_owned(), near };
        assert_eq!(unknown.help(), "did you mean `ann`?");
        assert_eq!(judged(&old, &old, Some("amn")), Err(unknown));
        assert_eq!(judged(&old, &old, Some("ANN")), Ok(vec![]), "logins are folded");
        let broken = Written::new(&[("p.bw", &format!("{OLD}\nrole s {{ extends nobody }}"))]);
        assert_eq!(judged(&broken, &old, Some("ann")), Err(CannotAnswer::Broken { side: "test".to_owned() }));
        assert_eq!(judged(&broken, &old, None), Ok(vec![]));
    }

    #[test]
    fn a_table_does_not_tell_who_may_ask() {
        let old = Written::new(&[("p.bw", OLD)]);
        let table = Side { policy: None, name: "old.bwt", ..old.side() };
        let options = |who: Option<&str>| Options { requested_by: who.map(ToOwned::to_owned), ..Options::default() };
        let asked = |who| transitions(&table, &old.side(), &options(who), &[]);
        assert_eq!(asked(None), Ok(vec![]));
        assert_eq!(asked(Some("ann")), Err(CannotAnswer::NoPolicy { side: "old.bwt".to_owned() }));
    }
}
