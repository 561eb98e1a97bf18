//! Whether a change was allowed to whoever asks for it, judged by the old policy.
//!
//! An active holder of the super role may ask for whatever the other rules allow. Otherwise access changes by the right to assign roles,
//! by whoever may set a feature, or at the request of a `responsible`; personal data by the account itself; recovery data by the account
//! itself or whoever may act as it; and exceptions add to that as they declare, on their days. Texts are nobody's in particular.

use std::cell::OnceCell;

use super::change::{About, Edit, Said};
use super::items::Matter;
use super::people::{Person, Reader, people};
use super::transition::{Requester, Seen, Transition};
use super::view::{Asked, View};
use super::would_be::WouldBe;
use crate::lower::facts::{Known, Mode};
use crate::lower::rights::GivenWhat;
use crate::model::id::{AccountId, ActionId, RoleId};
use crate::model::{Exception, Subject, Subjects};
use crate::region::{Pred, Test};
use crate::syntax::ast::Kind;

/// What a change needs the right for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Need {
    /// Roles, rights, and all that they are decided from.
    Access,
    /// E-mail address and telephone number.
    Recovery,
    /// Name, picture, and facts that no right depends on.
    Personal,
}

impl Need {
    /// The word that an `exception` uses.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Recovery => "recovery",
            Self::Personal => "personal",
        }
    }

    /// What an edit needs; none for texts.
    pub(crate) const fn of(edit: &Edit) -> Option<Self> {
        match edit.about {
            About::Access | About::Governs => Some(Self::Access),
            About::Recovery => Some(Self::Recovery),
            About::Personal => Some(Self::Personal),
            About::Text => None,
        }
    }
}

/// Judges edits for one requester.
pub(crate) struct Judge<'t, 'a> {
    transition: &'t Transition<'a>,
    /// The account that asks; none for a `responsible`.
    asker: Option<AccountId>,
    /// It may act at all.
    active: bool,
    root: bool,
    would_be: OnceCell<Option<WouldBe>>,
    people: OnceCell<[Vec<Person<'t>>; 2]>,
}

impl<'t, 'a> Judge<'t, 'a> {
    pub(crate) fn new(transition: &'t Transition<'a>, requester: Requester) -> Self {
        let (old, at) = (&transition.old, transition.at);
        let asker = match requester {
            Requester::Account(account) => Some(account),
            Requester::Responsible(_) => None,
        };
        let account = |id: AccountId| &old.model().accounts[id.index()];
        let active = asker.is_none_or(|id| account(id).active && account(id).valid.contains(at));
        let root = asker.is_some_and(|id| old.is_root(id, at));
        Self { transition, asker, active, root, would_be: OnceCell::new(), people: OnceCell::new() }
    }

    /// Why an edit was not allowed to the requester; none where it was.
    pub(crate) fn refusal(&self, edit: &Edit) -> Option<String> {
        let need = Need::of(edit)?;
        if !self.active {
            return Some("it is inactive, or not within its dates".to_owned());
        }
        let Some(asker) = self.asker else {
            let why = "a `responsible` asks for changes of access alone";
            return (need != Need::Access).then(|| why.to_owned());
        };
        if self.root {
            return None;
        }
        let of = self.account_of(edit);
        if self.excepted(asker, need, of) {
            return None;
        }
        match need {
            Need::Personal if of == Some(asker) => None,
            Need::Recovery if of == Some(asker) || of.is_some_and(|of| self.may_become(asker, of)) => None,
            Need::Personal => Some("personal data is the account's own".to_owned()),
            Need::Recovery => Some("recovery data is for the account itself, and for whoever may act as it".to_owned()),
            Need::Access if edit.spot.noun == "admin" => self.of_assignment(asker, of, edit),
            Need::Access if self.may_set(asker, edit) => None,
            Need::Access => Some("access changes here by the super role or a `responsible` alone".to_owned()),
        }
    }

    /// An exception that would have allowed it on another day: its name, and its last day.
    pub(crate) fn ended(&self, need: Need) -> Option<(&'t str, i32)> {
        let asker = self.asker?;
        let (exceptions, at) = (&self.transition.old.model().exceptions, self.transition.at);
        let past = exceptions.iter().filter(|it| !it.days.contains(at) && it.days.until < at);
        let mut past = past.filter(|it| self.covers(it, asker, need, None));
        past.next().map(|it| (it.name.as_str(), it.days.until))
    }

    /// The account of the old policy that an edit is about.
    fn account_of(&self, edit: &Edit) -> Option<AccountId> {
        let spot = &edit.spot;
        let login = if spot.noun == "admin" { spot.former.as_ref().unwrap_or(&spot.name) } else { return None };
        self.transition.old.account_by_login(login)
    }

    fn excepted(&self, asker: AccountId, need: Need, of: Option<AccountId>) -> bool {
        let at = self.transition.at;
        let exceptions = self.transition.old.model().exceptions.iter();
        exceptions.filter(|it| it.days.contains(at)).any(|it| self.covers(it, asker, need, of))
    }

    fn covers(&self, exception: &Exception, asker: AccountId, need: Need, of: Option<AccountId>) -> bool {
        let kind = exception.changes.iter().any(|change| change == need.word());
        kind && speaks_of(&self.transition.old, &exception.subjects, asker, of, self.transition.at)
    }

    fn may_become(&self, asker: AccountId, of: AccountId) -> bool {
        let (old, at) = (&self.transition.old, self.transition.at);
        let actions = old.model().actions.iter().enumerate().filter(|(_, action)| action.kind == Kind::Become);
        actions.map(|(index, _)| ActionId::new(index)).any(|action| old.may(asker, action, of, at))
    }

    /// Whoever may set a feature may ask for it to be turned.
    fn may_set(&self, asker: AccountId, edit: &Edit) -> bool {
        let (old, at) = (&self.transition.old, self.transition.at);
        if edit.spot.noun != "feature" || edit.spot.key != "state" || edit.before.is_none() || edit.after.is_none() {
            return false;
        }
        let feature = old.model().features.iter().find(|it| it.name == edit.spot.name);
        let held = held(old, asker, at);
        feature.is_some_and(|it| it.set_by.iter().any(|role| held.contains(role)))
    }

    /// A change of what an account has: by the right to give each role, before and after.
    fn of_assignment(&self, asker: AccountId, of: Option<AccountId>, edit: &Edit) -> Option<String> {
        if of == Some(asker) {
            return Some("nobody changes the own access".to_owned());
        }
        match (edit.spot.matter, &edit.before, &edit.after) {
            (Matter::Given, before, after) => {
                let before = before.as_ref().and_then(|said| self.may_take(asker, of, &said.text));
                before.or_else(|| after.as_ref().and_then(|said| self.may_give(asker, &edit.spot.name, &said.text)))
            }
            (Matter::Declared, Some(_), None) => {
                let given = self.given(0, &edit.spot.name);
                self.whole(given, |text| self.may_take(asker, of, text))
            }
            (Matter::Declared, None, Some(_)) => {
                let given = self.given(1, &edit.spot.name);
                self.whole(given, |text| self.may_give(asker, &edit.spot.name, text))
            }
            _ => Some("a right to assign roles covers roles alone".to_owned()),
        }
    }

    /// An account as a whole: each of its roles, and nothing else that gives.
    fn whole(&self, given: Option<Vec<String>>, refusal: impl Fn(&str) -> Option<String>) -> Option<String> {
        match given {
            None => Some("it has direct permissions, which no right to assign roles covers".to_owned()),
            Some(given) => given.iter().find_map(|text| refusal(text)),
        }
    }

    /// The statements that give roles to an account; none where it has direct permissions.
    fn given(&self, side: usize, login: &str) -> Option<Vec<String>> {
        let views: [&'t View<'t>; 2] = [&self.transition.old.view, &self.transition.new.view];
        let people = self.people.get_or_init(|| views.map(people));
        let index = people[side].binary_search_by(|person| person.login.as_str().cmp(login)).ok()?;
        let asked = Asked::default();
        let items = Reader::new(views[side], &asked).items(&people[side][index]);
        let direct = items.iter().any(|item| item.matter == Matter::Allow);
        let given = items.into_iter().filter(|item| item.matter == Matter::Given).map(|item| item.text);
        (!direct).then(|| given.collect())
    }

    fn may_take(&self, asker: AccountId, of: Option<AccountId>, text: &str) -> Option<String> {
        let (old, at) = (&self.transition.old, self.transition.at);
        let role = role_of(old, text);
        let power = role.and_then(|role| power(old, role));
        match (of, power) {
            (Some(of), Some(power)) if old.may(asker, power, of, at) => None,
            _ => Some(format!("it may not assign what `{text}` gives")),
        }
    }

    fn may_give(&self, asker: AccountId, to: &str, text: &str) -> Option<String> {
        let (old, at) = (&self.transition.old, self.transition.at);
        let Some((role, power)) = role_of(old, text).and_then(|role| Some((role, power(old, role)?))) else {
            return Some(format!("by the old policy nobody assigns what `{text}` gives"));
        };
        // A change of somebody who is there is decided on the state before too.
        if let Some(before) = old.account_by_login(to)
            && !old.may(asker, power, before, at)
        {
            return Some(format!("it may not assign what `{text}` gives"));
        }
        let Some(would_be) = self.would_be.get_or_init(|| WouldBe::of(self.transition)) else {
            return Some(format!("it cannot be judged what `{text}` gives"));
        };
        if !would_be.may(&old.model().accounts[asker.index()].login, to, (role, power), text, at) {
            return Some(format!("`{text}` is not within what it may hand on, or gives more than it has"));
        }
        None
    }
}

/// The role that a statement gives: `role operator on ...`.
fn role_of(seen: &Seen<'_>, text: &str) -> Option<RoleId> {
    let mut names = super::declared::words(text).into_iter().filter_map(super::declared::Word::name);
    seen.role_named(&names.nth(1)?)
}

/// The action that gives a role.
fn power(seen: &Seen<'_>, role: RoleId) -> Option<ActionId> {
    seen.model().actions.iter().position(|action| action.assigns == Some(role)).map(ActionId::new)
}

/// The roles that an account actively holds on a day, by whatever way.
fn held(seen: &Seen<'_>, account: AccountId, day: i32) -> Vec<RoleId> {
    let given = &seen.model().accounts[account.index()];
    let given = given.assignments.iter().filter(|it| it.days.contains(day)).map(|it| it.role);
    let mut all: Vec<RoleId> = given.collect();
    if let Some(rights) = seen.rights() {
        let ways = rights.accounts[account.index()].assignments.iter().filter(|way| way.days.contains(day));
        all.extend(ways.filter_map(|way| rights.rows[way.row.0 as usize].role));
    }
    all
}

/// Whether a set of subjects speaks of an account; `self` where the change is about itself.
fn speaks_of(seen: &Seen<'_>, subjects: &Subjects, asker: AccountId, of: Option<AccountId>, day: i32) -> bool {
    let is = |subject: &Subject| match subject {
        Subject::Holders(role) => held(seen, asker, day).contains(role),
        Subject::Users(pred) => is_in(seen, pred, asker, day),
        Subject::Account(account) => *account == asker,
        Subject::Tier(tier) => is_in(seen, &Pred::Test(Test::OfTier(*tier)), asker, day),
        Subject::Role(_) => false,
        Subject::Myself => of == Some(asker),
        Subject::Everyone => true,
    };
    subjects.items.iter().any(|it| is(&it.node)) && !subjects.except.iter().any(|it| is(&it.node))
}

/// Whether an account, as an actor, is in what a predicate says. Groups build on one another through a hundred steps at most.
fn is_in(seen: &Seen<'_>, pred: &Pred, account: AccountId, day: i32) -> bool {
    let model = seen.model();
    match pred {
        Pred::True => true,
        Pred::False => false,
        Pred::Not(inner) => !is_in(seen, inner, account, day),
        Pred::And(all) => all.iter().all(|inner| is_in(seen, inner, account, day)),
        Pred::Or(any) => any.iter().any(|inner| is_in(seen, inner, account, day)),
        Pred::Test(Test::Group(group)) => is_in(seen, &model.groups[group.index()].pred, account, day),
        Pred::Test(Test::Holds(role)) => held(seen, account, day).contains(role),
        Pred::Test(Test::OfTier(tier)) => {
            let Some(rights) = seen.rights() else { return false };
            let by_role = held(seen, account, day).into_iter().filter_map(|role| rights.role_tiers[role.index()]);
            let given = rights.accounts[account.index()].given().iter().filter(|it| it.active && it.days.contains(day));
            let direct = given.filter_map(|it| match it.what {
                GivenWhat::DirectTier(tier) => Some(tier),
                GivenWhat::Role(_) => None,
            });
            by_role.chain(direct).max() == Some(*tier)
        }
        Pred::Test(test) => seen.rights().is_some_and(|rights| {
            let known = &model.accounts[account.index()];
            let given = rights.accounts[account.index()].given();
            Known::new(model, &rights.nodes, known, given, day, Mode::Actor).test(test)
        }),
    }
}

/// What an edit says now, or said.
pub(crate) fn said(edit: &Edit) -> Option<&Said> {
    edit.after.as_ref().or(edit.before.as_ref())
}
