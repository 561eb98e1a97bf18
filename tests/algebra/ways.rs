//! The ways of accounts to rights, and what restricts them, as a policy is written: findings about ways and fences are held against
//! them.

use crate::oracle::eval::{
    excepts, given_by, given_directly, gives, inside, is_among, restricts_entities, restricts_users,
};
use crate::oracle::generate::{FIRST_DAY, actions};
use crate::oracle::policy::{
    ActionItem, ActionPath, Actor, Admin, Allow, Automatic, Condition, Gate, Kind, Period, Policy, Question, Role,
    Scope, Set, Signature, Subject, Subjects, UserItem,
};
use crate::oracle::truth::Truth;

/// A way to an action as a role or a line gives it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Path {
    pub(crate) action: ActionPath,
    /// Whether something on the way restricts what is done to: entities, users.
    pub(crate) fenced: [bool; 2],
    /// Whether something is taken out in both parts at once.
    pierced: bool,
    /// The groups that the actor must be in.
    pub(crate) gates: Vec<String>,
    pub(crate) period: Period,
}

impl Path {
    const fn is_open(&self) -> bool {
        !self.fenced[0] && !self.fenced[1] && !self.pierced
    }
}

/// Of what an account has rights.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum By<'p> {
    Own,
    Assignment(usize),
    Rule(&'p Automatic),
}

/// A way of an account to rights.
#[derive(Debug, Clone)]
pub(crate) struct Way<'p> {
    pub(crate) by: By<'p>,
    pub(crate) role: Option<&'p Role>,
    /// What fences it: the account's own scope, and that of what gives it.
    pub(crate) scopes: Vec<&'p Scope>,
    pub(crate) paths: Vec<Path>,
    period: Period,
}

pub(crate) fn signature(policy: &Policy, action: &ActionPath) -> Signature {
    policy.resources.iter().find(|r| r.name == action.resource).map_or(Signature::Account, |r| r.on)
}

pub(crate) fn kind(policy: &Policy, action: &ActionPath) -> Kind {
    let resource = policy.resources.iter().find(|r| r.name == action.resource);
    let declared = resource.and_then(|r| r.actions.iter().find(|a| a.name == action.action));
    declared.map_or(Kind::Assign, |a| a.kind)
}

/// What is true of everybody or of nobody by itself: that somebody holds a role which a rule gives to everybody.
pub(crate) fn settled(policy: &Policy, item: &UserItem) -> Option<bool> {
    match item {
        UserItem::Group(name) => {
            policy.groups.iter().find(|g| g.name == *name).and_then(|g| settled_condition(policy, &g.condition))
        }
        UserItem::Holders(role) => {
            let mut rules = policy.automatic.iter().filter(|rule| rule.role == *role);
            rules.any(|rule| settled_set(policy, &rule.users) == Some(true)).then_some(true)
        }
        UserItem::Unit(_) | UserItem::OwnUnit | UserItem::Relation(_) | UserItem::Myself => None,
    }
}

fn settled_condition(policy: &Policy, condition: &Condition) -> Option<bool> {
    match condition {
        Condition::And(parts) => all_of(parts.iter().map(|c| settled_condition(policy, c))),
        Condition::Or(parts) => any_of(parts.iter().map(|c| settled_condition(policy, c))),
        Condition::Not(part) => settled_condition(policy, part).map(|truth| !truth),
        Condition::Group(name) => settled(policy, &UserItem::Group(name.clone())),
        Condition::Holders(role) => settled(policy, &UserItem::Holders(role.clone())),
        Condition::Unit { .. } | Condition::Labelled(_) | Condition::Attribute { .. } => None,
    }
}

fn settled_set(policy: &Policy, set: &Set<UserItem>) -> Option<bool> {
    let of = |items: &[UserItem]| any_of(items.iter().map(|i| settled(policy, i)));
    let within = set.items.as_deref().map_or(Some(true), of);
    all_of([within, of(&set.except).map(|truth| !truth)].into_iter())
}

fn any_of(mut all: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    all.try_fold(false, |any, one| if one == Some(true) { Err(()) } else { Ok(any || one.is_none()) })
        .map_or(Some(true), |unsettled| if unsettled { None } else { Some(false) })
}

fn all_of(all: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    any_of(all.map(|one| one.map(|truth| !truth))).map(|truth| !truth)
}

/// Whether a scope restricts a part that an action of this signature uses; none where it lets nothing through.
pub(crate) fn restricts(policy: &Policy, scope: &Scope, signature: Signature) -> Option<[bool; 2]> {
    let users = scope.users.as_ref().map_or(Some(true), |set| settled_set(policy, set));
    if signature.uses_users() && users == Some(false) {
        return None;
    }
    let entities = signature.uses_entities() && restricts_entities(scope);
    Some([entities, signature.uses_users() && restricts_users(scope) && users.is_none()])
}

pub(crate) fn is_restricted(scope: &Scope) -> bool {
    restricts_entities(scope) || restricts_users(scope)
}

/// A path behind one more scope; none where nothing is left of it.
fn behind(policy: &Policy, mut path: Path, scope: Option<&Scope>) -> Option<Path> {
    let Some(scope) = scope else { return Some(path) };
    let signature = signature(policy, &path.action);
    if signature == Signature::Site && is_restricted(scope) {
        return None;
    }
    let more = restricts(policy, scope, signature)?;
    path.fenced = [path.fenced[0] || more[0], path.fenced[1] || more[1]];
    Some(path)
}

pub(crate) fn paths_of_line(policy: &Policy, line: &Allow) -> Vec<Path> {
    let ends = line.period.from.zip(line.period.until).is_some_and(|(from, until)| from > until);
    let given = actions(policy).into_iter().filter(|a| !ends && gives(policy, &line.actions, a));
    let plain =
        |action| Path { action, fenced: [false; 2], pierced: false, gates: groups_of(&line.when), period: line.period };
    given.filter_map(|action| behind(policy, plain(action), line.on.as_ref())).collect()
}

fn groups_of(gates: &[Gate]) -> Vec<String> {
    gates.iter().filter_map(|g| if let Gate::ActorIn(group) = g { Some(group.clone()) } else { None }).collect()
}

/// What a role gives; features are on.
pub(crate) fn paths_of_role(policy: &Policy, role: &Role) -> Vec<Path> {
    let mut paths: Vec<Path> = role.allows.iter().flat_map(|line| paths_of_line(policy, line)).collect();
    for line in &role.assigns {
        let named = |roles: &[String], name: &String| roles.contains(name);
        let listed = |name: &String| {
            line.roles.items.as_deref().is_none_or(|roles| named(roles, name)) && !named(&line.roles.except, name)
        };
        let given = actions(policy).into_iter().filter(|a| a.resource == "assign" && listed(&a.action));
        let plain = |action| Path {
            action,
            fenced: [false; 2],
            pierced: false,
            gates: groups_of(&line.when),
            period: Period::default(),
        };
        paths.extend(given.filter_map(|action| behind(policy, plain(action), line.on.as_ref())));
    }
    for extends in &role.extends {
        let Some(other) = policy.roles.iter().find(|r| r.name == extends.role) else { continue };
        let inherited = paths_of_role(policy, other).into_iter();
        paths.extend(inherited.filter_map(|path| behind(policy, path, extends.on.as_ref())));
    }
    let fenced = paths.into_iter().filter_map(|path| behind(policy, path, role.scope.as_ref()));
    let mut paths: Vec<Path> = fenced.collect();
    for except in &role.excepts {
        paths =
            paths.into_iter().filter_map(|path| without(policy, path, &except.actions, except.on.as_ref())).collect();
    }
    let own = groups_of(&role.when);
    paths.iter_mut().for_each(|path| path.gates.extend(own.iter().cloned()));
    paths.retain(|path| path.gates.iter().all(|gate| settled(policy, &UserItem::Group(gate.clone())) != Some(false)));
    paths
}

/// A path without what an `except` takes out; none where that is all.
fn without(policy: &Policy, mut path: Path, set: &Set<ActionItem>, on: Option<&Scope>) -> Option<Path> {
    if !excepts(policy, set, on, &path.action) {
        return Some(path);
    }
    let on = on.filter(|on| is_restricted(on))?;
    let users = on.users.as_ref().filter(|_| restricts_users(on)).map(|set| settled_set(policy, set));
    match (restricts_entities(on), users) {
        // Nobody is taken out, or everybody.
        (_, Some(Some(false))) if !restricts_entities(on) => {}
        (false, Some(Some(true)) | None) => return None,
        (true, None) => path.fenced[0] = true,
        (false, Some(_)) => path.fenced[1] = true,
        (true, Some(_)) => path.pierced = true,
    }
    Some(path)
}

/// The ways of an account to rights that have not ended.
pub(crate) fn ways<'p>(policy: &'p Policy, admin: &'p Admin, at: i32) -> Vec<Way<'p>> {
    if admin.inactive || is_over(admin.valid, at) {
        return vec![];
    }
    let scopes = |on: &'p Option<Scope>| admin.scope.iter().chain(on).collect::<Vec<&Scope>>();
    let mut all = vec![];
    let direct: Vec<Path> = admin.allows.iter().flat_map(|line| paths_of_line(policy, line)).collect();
    if !direct.is_empty() {
        all.push(Way { by: By::Own, role: None, scopes: scopes(&None), paths: direct, period: admin.valid });
    }
    let role = |name: &str| policy.roles.iter().find(|r| r.name == name);
    for (number, given) in admin.assignments.iter().enumerate() {
        let (Some(role), period) = (role(&given.role), meet(admin.valid, given.period)) else { continue };
        if !is_over(period, at) {
            let paths = paths_of_role(policy, role);
            all.push(Way { by: By::Assignment(number), role: Some(role), scopes: scopes(&given.on), paths, period });
        }
    }
    for rule in &policy.automatic {
        let Some(role) = role(&rule.role) else { continue };
        // Before the first day all is as on the eve of it.
        if (at.max(FIRST_DAY - 1)..=FIRST_DAY + 8).any(|day| is_held(policy, admin, rule, day)) {
            let (paths, period) = (paths_of_role(policy, role), admin.valid);
            all.push(Way { by: By::Rule(rule), role: Some(role), scopes: scopes(&rule.on), paths, period });
        }
    }
    all
}

fn is_over(period: Period, at: i32) -> bool {
    let never = period.from.zip(period.until).is_some_and(|(from, until)| from > until);
    never || period.until.is_some_and(|until| until < at)
}

fn meet(a: Period, b: Period) -> Period {
    let until = a.until.iter().chain(&b.until).min().copied();
    Period { from: a.from.max(b.from), until }
}

pub(crate) fn contains(period: Period, day: i32) -> bool {
    period.from.is_none_or(|d| d <= day) && period.until.is_none_or(|d| day <= d)
}

/// Whether a rule gives its role to an account on a day.
fn is_held(policy: &Policy, admin: &Admin, rule: &Automatic, day: i32) -> bool {
    let whom = |items: &[UserItem]| items.iter().cloned().map(Subject::UsersIn).collect::<Vec<_>>();
    let items = rule.users.items.as_deref().map_or(vec![Subject::Everyone], whom);
    let subjects = Subjects { items, except: whom(&rule.users.except) };
    let action = actions(policy)[0].clone();
    let question = Question { actor: Actor::Named(admin.name.clone()), action, entity: None, user: None, day };
    contains(admin.valid, day) && is_among(policy, &question, &subjects) == Truth::True
}

impl Way<'_> {
    pub(crate) fn is_there(&self, policy: &Policy, admin: &Admin, day: i32) -> bool {
        match self.by {
            By::Rule(rule) => is_held(policy, admin, rule, day),
            _ => contains(self.period, day),
        }
    }

    /// Whether the scopes on it restrict what an action of this signature is done to.
    pub(crate) fn is_fenced(&self, policy: &Policy, signature: Signature) -> bool {
        self.scopes.iter().any(|scope| restricts(policy, scope, signature).is_none_or(|parts| parts != [false, false]))
    }

    pub(crate) fn has_open(&self, policy: &Policy, path: &Path) -> bool {
        path.is_open() && !self.is_fenced(policy, signature(policy, &path.action))
    }

    /// Whether it gives the action, and only behind a fence.
    pub(crate) fn gives_fenced(&self, policy: &Policy, action: &ActionPath) -> bool {
        let mut given = self.paths.iter().filter(|p| p.action == *action).peekable();
        given.peek().is_some() && given.all(|path| !self.has_open(policy, path))
    }

    /// Whether it reaches the target of a question.
    pub(crate) fn reaches(&self, policy: &Policy, question: &Question) -> bool {
        let given = match self.role {
            Some(role) => given_by(policy, question, &role.name),
            None => given_directly(policy, question),
        };
        given == Truth::True && self.scopes.iter().all(|scope| inside(policy, question, scope) == Truth::True)
    }
}
