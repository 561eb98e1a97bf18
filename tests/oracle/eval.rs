//! The naive interpreter of the semantics: who may do what to whom, one sentence of the document at a time.
//!
//! It decides one question by walking the policy as it is written, in Kleene's logic. Nothing is prepared, shared or cached, so
//! that there is nothing here to be wrong but the reading of the sentences.

use super::facts::{Fact, Mode, Party, Who, told_otherwise};
use super::holding::{in_unit, labelled};
use super::policy::{
    ActionItem, ActionPath, Actor, Allow, Assigns, Condition, EntityItem, Forbid, Gate, Marks, Period, Policy,
    Question, Scope, Set, Signature, Subject, Subjects, UserItem,
};
use super::truth::Truth::{False, True, Unknown};
use super::truth::{Truth, all, any, from};

/// "Allow(u,a,target,t) <=> some path of Eff(u,t) for a contains the target, its gates are open and every forbid is false."
pub(crate) fn allow(policy: &Policy, question: &Question) -> Truth {
    let Some(case) = Case::new(policy, question) else { return False };
    case.effective().and(any(policy.forbids.iter().map(|f| case.forbidden(f))).not())
}

/// "Eff(u,t)", before the forbids: whether some path for the action contains the target.
pub(crate) fn effective(policy: &Policy, question: &Question) -> Truth {
    Case::new(policy, question).map_or(False, |case| case.effective())
}

/// Whether a scope contains the question's target, as far as its action uses the parts.
pub(crate) fn inside(policy: &Policy, question: &Question, scope: &Scope) -> Truth {
    Case::new(policy, question).map_or(False, |case| case.inside(Some(scope), &question.action))
}

/// A test of one of the question's targets.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Atom {
    Condition(Condition),
    Relation(String),
    /// The role was given to it, or is presented by it.
    Given(String),
    /// A scope's word that is relative to the actor.
    Users(UserItem),
    Entities(EntityItem),
}

/// Whether a test holds of the actor.
pub(crate) fn of_actor(policy: &Policy, question: &Question, atom: &Atom) -> Truth {
    let Some(case) = Case::new(policy, question) else { return False };
    case.atom(atom, &case.actor, Mode::Actor)
}

/// Whether a test holds of the target of the entity part, or of the user part.
pub(crate) fn of_target(policy: &Policy, question: &Question, entity: bool, atom: &Atom) -> Truth {
    let Some(case) = Case::new(policy, question) else { return False };
    let Some(party) = (if entity { &case.entity } else { &case.user }) else { return False };
    case.atom(atom, party, Mode::Target)
}

/// Which of these tests hold of the target of the entity part, or of the user part.
pub(crate) fn truths_of_target(policy: &Policy, question: &Question, entity: bool, atoms: &[Atom]) -> Vec<Truth> {
    let Some(case) = Case::new(policy, question) else { return vec![] };
    let Some(party) = (if entity { &case.entity } else { &case.user }) else { return vec![] };
    atoms.iter().map(|atom| case.atom(atom, party, Mode::Target)).collect()
}

/// Whether the actor is one of the subjects.
pub(crate) fn is_among(policy: &Policy, question: &Question, subjects: &Subjects) -> Truth {
    Case::new(policy, question).map_or(False, |case| case.among(subjects))
}

/// "In a role, `never` speaks of that role's own Grants": whether they contain the question's action and target. What is asked of the
/// actor in a gate "is taken as true where a role's own Grants are spoken of".
pub(crate) fn own_grants(policy: &Policy, question: &Question, role: &str) -> Truth {
    let Some(case) = Case::new(policy, question) else { return False };
    let case = Case { any_holder: true, ..case };
    if case.exists(&question.action) { case.grants(role, &question.action) } else { False }
}

/// "A role as a side means that role": whether an action is allowed by what the actor holds of that very role.
pub(crate) fn allow_by<'a>(policy: &'a Policy, question: &'a Question, role: &'a str) -> Truth {
    let Some(case) = Case::new(policy, question) else { return False };
    let case = Case { only_by: Some(role), ..case };
    case.effective().and(any(policy.forbids.iter().map(|f| case.forbidden(f))).not())
}

/// Whether an assertion about these actions, in this scope, speaks of the question's action: it is a member, and uses every part that
/// is restricted.
pub(crate) fn speaks_of(policy: &Policy, question: &Question, set: &Set<ActionItem>, scope: Option<&Scope>) -> bool {
    let Some(case) = Case::new(policy, question) else { return false };
    case.member(set, &question.action) && case.uses(scope, &question.action)
}

/// Whether an `allow` of a set gives an action.
pub(crate) fn gives(policy: &Policy, set: &Set<ActionItem>, action: &ActionPath) -> bool {
    on_action(policy, action, |case| case.gives(set, action))
}

/// Whether an action is a member of a set.
pub(crate) fn is_member(policy: &Policy, set: &Set<ActionItem>, action: &ActionPath) -> bool {
    on_action(policy, action, |case| case.member(set, action))
}

/// Whether an `except` of a set, in a scope, speaks of an action.
pub(crate) fn excepts(policy: &Policy, set: &Set<ActionItem>, on: Option<&Scope>, action: &ActionPath) -> bool {
    on_action(policy, action, |case| case.takes(set, on, action))
}

fn on_action(policy: &Policy, action: &ActionPath, ask: impl Fn(&Case<'_>) -> bool) -> bool {
    let Some(first) = policy.admins.first() else { return false };
    let actor = Actor::Named(first.name.clone());
    let question = Question { actor, action: action.clone(), entity: None, user: None, day: 0 };
    Case::new(policy, &question).is_some_and(|case| ask(&case))
}

/// Whether the actor's own conditions are met, and a role gives the question's action on its target.
pub(crate) fn given_by(policy: &Policy, question: &Question, role: &str) -> Truth {
    Case::new(policy, question).map_or(False, |case| case.grants(role, &question.action))
}

/// Whether a line of the actor's own gives the question's action on its target.
pub(crate) fn given_directly(policy: &Policy, question: &Question) -> Truth {
    let Some(case) = Case::new(policy, question) else { return False };
    let Who::Named(admin) = case.actor.who else { return False };
    any(admin.allows.iter().map(|line| case.line(line, &question.action)))
}

/// Whether the question is forbidden.
pub(crate) fn is_forbidden(policy: &Policy, question: &Question) -> Truth {
    Case::new(policy, question).map_or(False, |case| any(policy.forbids.iter().map(|f| case.forbidden(f))))
}

/// Whether a `forbid` speaks of the question's action at all.
pub(crate) fn takes(policy: &Policy, question: &Question, forbid: &Forbid) -> bool {
    Case::new(policy, question).is_some_and(|case| case.takes(&forbid.actions, forbid.on.as_ref(), &question.action))
}

/// Whether a `forbid` binds the actor and protects the target, of whatever actions it speaks.
pub(crate) fn binds(policy: &Policy, question: &Question, forbid: &Forbid) -> Truth {
    Case::new(policy, question).map_or(False, |case| case.binds(forbid))
}

/// One question about one policy.
pub(super) struct Case<'a> {
    pub(super) policy: &'a Policy,
    pub(super) question: &'a Question,
    pub(super) actor: Party<'a>,
    user: Option<Party<'a>>,
    entity: Option<Party<'a>>,
    /// Whether the actor stands for whoever holds a role.
    any_holder: bool,
    /// The only role by which anything counts.
    only_by: Option<&'a str>,
}

impl<'a> Case<'a> {
    fn atom(&self, atom: &Atom, party: &Party<'_>, mode: Mode) -> Truth {
        match atom {
            Atom::Condition(condition) => self.satisfies(condition, party, mode),
            Atom::Relation(relation) => party.relation(relation),
            Atom::Given(role) => self.given(party, role, mode),
            Atom::Users(item) => self.is_user(item, party, mode),
            Atom::Entities(item) => self.is_entity(item, party),
        }
    }

    /// "For a named account the table's facts win; a caller's contradiction denies"; "a login that the table names is refused", and
    /// "only a role marked `by claim` may be presented": otherwise there is no case to decide.
    fn new(policy: &'a Policy, question: &'a Question) -> Option<Self> {
        let actor = match &question.actor {
            Actor::Named(name) => Party::admin(policy.admins.iter().find(|a| a.name == *name)?),
            Actor::Unnamed(facts) => Party::told(policy, facts),
        };
        if let Actor::Unnamed(facts) = &question.actor {
            let claims = |name: &String| policy.roles.iter().any(|r| r.name == *name && r.by_claim);
            let only_claims = matches!(&facts.roles, Marks::Only(roles) if roles.iter().all(claims));
            if matches!(actor.who, Who::Named(_)) || !only_claims {
                return None;
            }
        }
        if question.user.as_ref().is_some_and(|facts| told_otherwise(policy, facts)) {
            return None;
        }
        let user = question.user.as_ref().map(|facts| Party::told(policy, facts));
        let entity = question.entity.as_ref().map(|facts| Party::told(policy, facts));
        Some(Self { policy, question, actor, user, entity, any_holder: false, only_by: None })
    }

    // ---- paths -------------------------------------------------------------------------------------------------------------

    /// "Eff(u,t) = empty if u is inactive; = union of Grants(r, S_u and s) where u holds r by assignment (r,s) valid at t, or by an
    /// automatic rule, and of (a', S_u and s) for each direct `allow a on s` of u valid at t, a implies* a'."
    fn effective(&self) -> Truth {
        let action = &self.question.action;
        if !self.exists(action) {
            return False;
        }
        let counts = |role: &str| self.only_by.is_none_or(|only| only == role);
        let automatic = any(self.policy.automatic.iter().filter(|rule| counts(&rule.role)).map(|rule| {
            let member = self.in_users(&rule.users, &self.actor, Mode::Actor);
            member.and(self.inside(rule.on.as_ref(), action)).and(self.grants(&rule.role, action))
        }));
        let Who::Named(admin) = self.actor.who else {
            let roles = self.policy.roles.iter().filter(|r| r.by_claim);
            return any(roles.map(|r| self.presents(&self.actor, r).and(self.grants(&r.name, action)))).or(automatic);
        };
        if admin.inactive || !self.now(admin.valid) {
            return False;
        }
        let given = admin.assignments.iter().filter(|a| self.now(a.period) && counts(&a.role));
        let given = any(given.map(|a| self.inside(a.on.as_ref(), action).and(self.grants(&a.role, action))));
        let lines = admin.allows.iter().filter(|_| self.only_by.is_none());
        let direct = any(lines.map(|line| self.line(line, action)));
        self.inside(admin.scope.as_ref(), action).and(given.or(automatic).or(direct))
    }

    /// "Grants(r,S) = { (a', S and S_r and s) : `allow a on s` in r, a implies* a' } and those of each `extends r' on s` in r, minus,
    /// rectangle by rectangle, every `except a on s` of r, its own allows included."
    fn grants(&self, role: &str, action: &ActionPath) -> Truth {
        let Some(role) = self.policy.roles.iter().find(|r| r.name == role) else { return False };
        let own = any(role.allows.iter().map(|line| self.line(line, action)));
        let assigning = any(role.assigns.iter().map(|line| self.assigns(line, action)));
        let extended =
            role.extends.iter().map(|e| self.inside(e.on.as_ref(), action).and(self.grants(&e.role, action)));
        let fenced = own.or(assigning).or(any(extended)).and(self.inside(role.scope.as_ref(), action));
        let out = role.excepts.iter().map(|e| match self.takes(&e.actions, e.on.as_ref(), action) {
            true => self.inside(e.on.as_ref(), action),
            false => False,
        });
        self.gates(&role.when).and(fenced).and(any(out).not())
    }

    /// An `allow` line: its actions and what they imply, where, under which conditions and when.
    fn line(&self, line: &Allow, action: &ActionPath) -> Truth {
        if !self.now(line.period) || !self.gives(&line.actions, action) {
            return False;
        }
        self.gates(&line.when).and(self.inside(line.on.as_ref(), action))
    }

    /// "`assigns R on s` is `allow assign.R on s`"; `assigns *` names every role that is not ungrantable.
    fn assigns(&self, line: &Assigns, action: &ActionPath) -> Truth {
        let named = |roles: &[String]| roles.contains(&action.action);
        let listed = line.roles.items.as_deref().is_none_or(named) && !named(&line.roles.except);
        if action.resource != "assign" || !listed {
            return False;
        }
        self.gates(&line.when).and(self.inside(line.on.as_ref(), action))
    }

    /// "A gate is a conjunction of features and `actor in G`."
    fn gates(&self, gates: &[Gate]) -> Truth {
        all(gates.iter().map(|gate| match gate {
            Gate::Feature(name) => from(self.on(name)),
            Gate::ActorIn(_) if self.any_holder => True,
            Gate::ActorIn(group) => self.in_group(group, &self.actor, Mode::Actor),
        }))
    }

    pub(super) fn on(&self, feature: &str) -> bool {
        self.policy.features.iter().any(|f| f.name == feature && f.on)
    }

    pub(super) fn now(&self, period: Period) -> bool {
        period.from.is_none_or(|d| d <= self.question.day) && period.until.is_none_or(|d| self.question.day <= d)
    }

    // ---- forbids -----------------------------------------------------------------------------------------------------------

    /// "`forbid A on S for W unless X` is true when the action is in A or implies one in A, the target is in S, the actor is in W
    /// (default everyone) and not in X."
    fn forbidden(&self, forbid: &Forbid) -> Truth {
        let takes = self.takes(&forbid.actions, forbid.on.as_ref(), &self.question.action);
        if takes { self.binds(forbid) } else { False }
    }

    /// "The target is in S, the actor is in W (default everyone) and not in X."
    fn binds(&self, forbid: &Forbid) -> Truth {
        let whom = forbid.subjects.as_ref().map_or(True, |s| self.among(s));
        let spared = forbid.unless.as_ref().map_or(False, |s| self.among(s));
        self.inside(forbid.on.as_ref(), &self.question.action).and(whom).and(spared.not())
    }

    /// Whether the actor is one of the subjects.
    fn among(&self, subjects: &Subjects) -> Truth {
        let included = any(subjects.items.iter().map(|s| self.subject(s)));
        included.and(any(subjects.except.iter().map(|s| self.subject(s))).not())
    }

    fn subject(&self, subject: &Subject) -> Truth {
        match subject {
            Subject::Everyone => True,
            Subject::Holders(role) => self.holds(&self.actor, role, Mode::Actor),
            Subject::UsersIn(item) => self.is_user(item, &self.actor, Mode::Actor),
            Subject::Admin(name) => from(matches!(self.actor.who, Who::Named(admin) if admin.name == *name)),
            Subject::Tier(tier) => self.of_tier(tier),
            Subject::Myself => self.myself(),
            // Nobody acts as a role.
            Subject::Role(_) => False,
        }
    }

    // ---- scopes ------------------------------------------------------------------------------------------------------------

    /// Whether a scope contains the target: part by part; a part that the signature does not use is ignored; "a site-wide action
    /// needs a path with no restriction in either part".
    fn inside(&self, scope: Option<&Scope>, action: &ActionPath) -> Truth {
        let Some(scope) = scope else { return True };
        let signature = self.signature(action);
        if signature == Signature::Site {
            return from(!restricts_users(scope) && !restricts_entities(scope));
        }
        let users = match (&scope.users, &self.user) {
            (Some(set), Some(user)) if signature.uses_users() => self.in_users(set, user, Mode::Target),
            _ => True,
        };
        // "`accounts` means one account that stands in both parts at once."
        let entity = if signature == Signature::Account { &self.user } else { &self.entity };
        let entities = match (&scope.entities, entity) {
            (Some(set), Some(entity)) if signature.uses_entities() => self.in_entities(set, entity),
            _ => True,
        };
        users.and(entities)
    }

    pub(super) fn in_users(&self, set: &Set<UserItem>, party: &Party<'_>, mode: Mode) -> Truth {
        let within = |items: &[UserItem]| any(items.iter().map(|i| self.is_user(i, party, mode)));
        set.items.as_deref().map_or(True, within).and(within(&set.except).not())
    }

    fn is_user(&self, item: &UserItem, party: &Party<'_>, mode: Mode) -> Truth {
        match item {
            UserItem::Group(name) => self.in_group(name, party, mode),
            UserItem::Unit(name) => in_unit(self.policy, party, name),
            UserItem::OwnUnit => self.in_own_unit(party),
            UserItem::Relation(name) => party.relation(name),
            UserItem::Myself => self.myself(),
            UserItem::Holders(role) => self.holds(party, role, mode),
        }
    }

    fn in_entities(&self, set: &Set<EntityItem>, party: &Party<'_>) -> Truth {
        let within = |items: &[EntityItem]| any(items.iter().map(|i| self.is_entity(i, party)));
        set.items.as_deref().map_or(True, within).and(within(&set.except).not())
    }

    fn is_entity(&self, item: &EntityItem, party: &Party<'_>) -> Truth {
        match item {
            EntityItem::InUnit(name) => in_unit(self.policy, party, name),
            EntityItem::InOwnUnit => self.in_own_unit(party),
            EntityItem::Id(id) => party.id.test(|own| own == id),
            EntityItem::Relation(name) => party.relation(name),
            EntityItem::Labelled { labels, all: true } => all(labels.iter().map(|l| labelled(self.policy, party, l))),
            EntityItem::Labelled { labels, all: false } => any(labels.iter().map(|l| labelled(self.policy, party, l))),
        }
    }

    /// "`own unit` is its unit's subtree (empty if it has none)."
    fn in_own_unit(&self, party: &Party<'_>) -> Truth {
        match (&self.actor.unit, &party.unit) {
            (Fact::Absent, _) | (_, Fact::Absent) => False,
            (Fact::Unknown, _) | (_, Fact::Unknown) => Unknown,
            (Fact::Known(own), Fact::Known(_)) => in_unit(self.policy, party, own),
        }
    }

    /// "`self`: the target is the actor."
    fn myself(&self) -> Truth {
        let Some(user) = &self.user else { return False };
        match (&self.actor.login, &user.login) {
            (Fact::Known(own), Fact::Known(login)) => from(own == login),
            (Fact::Absent, _) | (_, Fact::Absent) => False,
            _ => Unknown,
        }
    }
}

/// "Restricted is syntactic": `users in *` is no restriction, `* except x` is one.
pub(crate) fn restricts_users(scope: &Scope) -> bool {
    scope.users.as_ref().is_some_and(|set| set.items.is_some() || !set.except.is_empty())
}

pub(crate) fn restricts_entities(scope: &Scope) -> bool {
    scope.entities.as_ref().is_some_and(|set| set.items.is_some() || !set.except.is_empty())
}
