//! Findings about the ways to rights and the fences on them, against the ways as they are written: rights past the fences, fences that
//! an action does not feel, fences in vain, and fences that all holders of a role have.

use std::collections::BTreeSet;

use bailiwick::diagnostic::Finding;

use super::board::{Board, Case, Seat, decided};
use super::counted::told;
use super::told::silent;
use super::trial::{Trial, count, on_dense_policies, opened};
use crate::oracle::dice::Dice;
use crate::oracle::eval::Atom;
use crate::oracle::eval::{
    excepts, given_by, given_directly, gives, inside, is_among, is_forbidden, is_member, of_actor, restricts_entities,
    restricts_users,
};
use crate::oracle::generate::{FIRST_DAY, Line, actions, crowded, distinct, with_takeovers};
use crate::oracle::policy::{
    ActionPath, Actor, Admin, Allow, Automatic, Condition, EntityItem, Gate, Kind as Done, Period, Policy, Question,
    Role, Scope, Set, Signature, Subject, Subjects, UserItem,
};
use crate::oracle::truth::Truth;

/// A way to an action as a role or a line gives it.
#[derive(Debug, Clone, PartialEq)]
struct Path {
    action: ActionPath,
    /// Whether something on the way restricts what is done to: entities, users.
    fenced: [bool; 2],
    /// Whether something is taken out in both parts at once.
    pierced: bool,
    /// The groups that the actor must be in.
    gates: Vec<String>,
    period: Period,
}

impl Path {
    const fn is_open(&self) -> bool {
        !self.fenced[0] && !self.fenced[1] && !self.pierced
    }
}

/// Of what an account has rights.
#[derive(Debug, Clone, PartialEq)]
enum By<'p> {
    Own,
    Assignment(usize),
    Rule(&'p Automatic),
}

/// A way of an account to rights.
#[derive(Debug, Clone)]
struct Way<'p> {
    by: By<'p>,
    role: Option<&'p Role>,
    /// What fences it: the account's own scope, and that of what gives it.
    scopes: Vec<&'p Scope>,
    paths: Vec<Path>,
    period: Period,
}

// ---- what is written -----------------------------------------------------------------------------------------------------------

fn signature(policy: &Policy, action: &ActionPath) -> Signature {
    policy.resources.iter().find(|r| r.name == action.resource).map_or(Signature::Account, |r| r.on)
}

fn kind(policy: &Policy, action: &ActionPath) -> Done {
    let resource = policy.resources.iter().find(|r| r.name == action.resource);
    let declared = resource.and_then(|r| r.actions.iter().find(|a| a.name == action.action));
    declared.map_or(Done::Assign, |a| a.kind)
}

/// What is true of everybody or of nobody by itself: that somebody holds a role which a rule gives to everybody.
fn settled(policy: &Policy, item: &UserItem) -> Option<bool> {
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
fn restricts(policy: &Policy, scope: &Scope, signature: Signature) -> Option<[bool; 2]> {
    let users = scope.users.as_ref().map_or(Some(true), |set| settled_set(policy, set));
    if signature.uses_users() && users == Some(false) {
        return None;
    }
    let entities = signature.uses_entities() && restricts_entities(scope);
    Some([entities, signature.uses_users() && restricts_users(scope) && users.is_none()])
}

fn is_restricted(scope: &Scope) -> bool {
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

fn paths_of_line(policy: &Policy, line: &Allow) -> Vec<Path> {
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
fn paths_of_role(policy: &Policy, role: &Role) -> Vec<Path> {
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
fn without(
    policy: &Policy,
    mut path: Path,
    set: &Set<crate::oracle::policy::ActionItem>,
    on: Option<&Scope>,
) -> Option<Path> {
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
fn ways<'p>(policy: &'p Policy, admin: &'p Admin, at: i32) -> Vec<Way<'p>> {
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

fn contains(period: Period, day: i32) -> bool {
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
    fn is_there(&self, policy: &Policy, admin: &Admin, day: i32) -> bool {
        match self.by {
            By::Rule(rule) => is_held(policy, admin, rule, day),
            _ => contains(self.period, day),
        }
    }

    /// Whether the scopes on it restrict what an action of this signature is done to.
    fn is_fenced(&self, policy: &Policy, signature: Signature) -> bool {
        self.scopes.iter().any(|scope| restricts(policy, scope, signature).is_none_or(|parts| parts != [false, false]))
    }

    fn has_open(&self, policy: &Policy, path: &Path) -> bool {
        path.is_open() && !self.is_fenced(policy, signature(policy, &path.action))
    }

    /// Whether it gives the action, and only behind a fence.
    fn gives_fenced(&self, policy: &Policy, action: &ActionPath) -> bool {
        let mut given = self.paths.iter().filter(|p| p.action == *action).peekable();
        given.peek().is_some() && given.all(|path| !self.has_open(policy, path))
    }

    /// Whether it reaches the target of a question.
    fn reaches(&self, policy: &Policy, question: &Question) -> bool {
        let given = match self.role {
            Some(role) => given_by(policy, question, &role.name),
            None => given_directly(policy, question),
        };
        given == Truth::True && self.scopes.iter().all(|scope| inside(policy, question, scope) == Truth::True)
    }
}

// ---- rights past the fences ----------------------------------------------------------------------------------------------------

#[test]
fn rights_past_the_fences_are_told_where_some_target_shows_them() {
    let dressed = |policy: Policy, lines: &[Line]| crowded(with_takeovers(opened(silent(&policy)), lines), lines);
    on_dense_policies("past fences", 20, dressed, |trial| {
        let at = trial.day(&mut trial.dice());
        let policy = trial.policy;
        let board = Board::new(trial, policy, at, false)?;
        let found = told(policy, "BW404", at)?;
        let all: Vec<Vec<Way<'_>>> = policy.admins.iter().map(|admin| ways(policy, admin, at)).collect();
        for (admin, own) in policy.admins.iter().zip(&all) {
            let is_root = own.iter().any(|way| way.role.is_some_and(|r| r.superuser));
            let risky = own.iter().flat_map(|way| &way.paths).any(|path| is_privileged(policy, &path.action));
            if is_root || !risky {
                continue;
            }
            let Some(expected) = past_fences(&board, admin, own, &all)? else { continue };
            count(&trial.tally.compared, 1);
            let said = named_in(&found, &admin.name);
            count(&trial.tally.witnesses, usize::from(said.is_some()));
            let mut paths = BTreeSet::new();
            for action in &expected {
                paths.insert(trial.compiled.model().actions[trial.names.action(action)?.index()].path.clone());
            }
            if said != (if paths.is_empty() { None } else { Some(paths.clone()) }) {
                return Err(format!("{} has {paths:?} past its fences from {at} on, and it says {said:?}", admin.name));
            }
        }
        Ok(())
    });
}

/// The actions that a finding about an account names; none where there is no finding.
fn named_in(found: &[Finding], name: &str) -> Option<BTreeSet<String>> {
    let words = |f: &Finding| f.message.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let words = found.iter().map(words).find(|words| words.first().is_some_and(|first| first == name))?;
    Some(words.into_iter().skip(1).collect())
}

/// Destroying, becoming, giving; not on the site as a whole.
fn is_privileged(policy: &Policy, action: &ActionPath) -> bool {
    let done = kind(policy, action);
    signature(policy, action) != Signature::Site && matches!(done, Done::Become | Done::Destroy | Done::Assign)
}

/// What an account has on everything, although it has it behind fences too, or most others have; none where there is too much to ask.
fn past_fences(
    board: &Board<'_, '_>,
    admin: &Admin,
    own: &[Way<'_>],
    all: &[Vec<Way<'_>>],
) -> Result<Option<Vec<ActionPath>>, String> {
    let policy = board.policy;
    let mut found = vec![];
    for (number, way) in own.iter().enumerate() {
        for path in way.paths.iter().filter(|p| is_privileged(policy, &p.action) && way.has_open(policy, p)) {
            let others = own.iter().enumerate().filter(|(i, _)| *i != number).map(|(_, other)| other);
            let fenced: Vec<&Way<'_>> = others.filter(|w| w.gives_fenced(policy, &path.action)).collect();
            if fenced.is_empty() {
                match strays(policy, way, all, signature(policy, &path.action)) {
                    None => return Ok(None),
                    Some(false) => continue,
                    Some(true) => {}
                }
            }
            match only_here(board, admin, (way, path), &fenced)? {
                None => return Ok(None),
                Some(true) => found.push(path.action.clone()),
                Some(false) => {}
            }
        }
    }
    Ok(Some(distinct(found.into_iter())))
}

/// Whether most of those who hold a role have it behind a fence; none where somebody holds it both ways.
fn strays(policy: &Policy, way: &Way<'_>, all: &[Vec<Way<'_>>], signature: Signature) -> Option<bool> {
    let Some(role) = way.role else { return Some(false) };
    let (mut free, mut fenced) = (0, 0);
    for ways in all {
        let held = ways.iter().filter(|w| w.role.is_some_and(|r| r.name == role.name));
        let kinds: Vec<[bool; 2]> = held
            .map(|w| {
                let both = [Signature::Entity, Signature::User];
                both.map(|part| w.is_fenced(policy, part))
            })
            .collect();
        let Some(first) = kinds.first() else { continue };
        if kinds.iter().any(|kind| kind != first) {
            return None;
        }
        free += usize::from(*first == [false, false]);
        fenced += usize::from((signature.uses_entities() && first[0]) || (signature.uses_users() && first[1]));
    }
    Some(fenced > free)
}

/// Whether a way without a fence reaches a target, on some day, that no fenced one reaches; none where there is too much to ask.
fn only_here(
    board: &Board<'_, '_>,
    admin: &Admin,
    (way, path): (&Way<'_>, &Path),
    fenced: &[&Way<'_>],
) -> Result<Option<bool>, String> {
    let policy = board.policy;
    let signature = signature(policy, &path.action);
    let is_own = |seat: &Seat| matches!(seat, Seat::Account(name) if *name == admin.name);
    let seat = board.seats.iter().position(is_own).ok_or("an account that there is not")?;
    for day in board.days.iter().copied().filter(|day| way.is_there(policy, admin, *day) && contains(path.period, *day))
    {
        let now: Vec<&&Way<'_>> = fenced.iter().filter(|w| w.is_there(policy, admin, day)).collect();
        if now.is_empty() && !fenced.is_empty() {
            continue;
        }
        for kind in 0..Board::kinds(signature) {
            let Some(cases) = board.cases((seat, signature, kind)) else { return Ok(None) };
            board.tried(cases.len());
            let reached = |question: &Question| {
                let gate =
                    |group: &String| of_actor(policy, question, &Atom::Condition(Condition::Group(group.clone())));
                let gates = path.gates.iter().all(|group| gate(group) == Truth::True);
                let free = !decided(is_forbidden(policy, question), question)?;
                Ok::<bool, String>(gates && free && !now.iter().any(|w| w.reaches(policy, question)))
            };
            for case in cases.iter() {
                let case: &Case = case;
                if board.ask(seat, case, (&path.action, day), reached)? {
                    return Ok(Some(true));
                }
            }
        }
    }
    Ok(Some(false))
}

// ---- fences that are not felt --------------------------------------------------------------------------------------------------

/// A fence and what it leaves open.
type Unfelt = (String, bool, BTreeSet<String>);

#[test]
fn a_fence_that_an_action_does_not_feel_is_told() {
    let dressed = |policy: Policy, lines: &[Line]| crowded(with_takeovers(opened(silent(&policy)), lines), lines);
    on_dense_policies("half-fenced", 40, dressed, |trial| {
        let at = trial.day(&mut trial.dice());
        let mut bundles = vec![];
        trial.policy.roles.iter().for_each(|role| of_role(trial.policy, role, &mut bundles));
        trial.policy.admins.iter().for_each(|admin| of_admin(trial.policy, admin, at, &mut bundles));
        count(&trial.tally.compared, bundles.len());
        count(&trial.tally.points, bundles.iter().map(|(.., actions)| actions.len()).sum());
        let mut expected: Vec<Unfelt> = vec![];
        for (holder, by_users, actions) in bundles.into_iter().filter(|(.., actions)| !actions.is_empty()) {
            expected.push((holder, by_users, written(trial, &actions)?));
        }
        let mut said: Vec<Unfelt> = vec![];
        for finding in told(trial.policy, "BW407", at)? {
            let by_users = finding.message.contains("is fenced by users");
            let mut words = finding.message.split('`').skip(1).step_by(2).map(str::to_owned);
            said.push((words.next().ok_or("nobody")?, by_users, words.collect()));
        }
        count(&trial.tally.witnesses, said.len());
        said.sort();
        expected.sort();
        if said == expected { Ok(()) } else { Err(format!("from {at} on {expected:?}, and it says {said:?}")) }
    });
}

/// The paths of actions as findings write them.
fn written(trial: &Trial<'_>, all: &BTreeSet<ActionPath>) -> Result<BTreeSet<String>, String> {
    let model = trial.compiled.model();
    all.iter().map(|a| Ok(model.actions[trial.names.action(a)?.index()].path.clone())).collect()
}

/// Of a bundle that is fenced in one part only, what it gives on the other part alone, and nothing else restricts.
fn left_open<'t>(policy: &Policy, scope: &Scope, paths: impl Iterator<Item = &'t Path>) -> BTreeSet<ActionPath> {
    let open = |path: &&Path| {
        let (on, done) = (signature(policy, &path.action), kind(policy, &path.action));
        match restricts_users(scope) {
            true => on == Signature::Entity && done == Done::Destroy && !path.fenced[0],
            false => on == Signature::User && done != Done::View && !path.fenced[1],
        }
    };
    paths.filter(open).map(|path| path.action.clone()).collect()
}

fn of_one_part(scope: &Scope) -> bool {
    restricts_users(scope) != restricts_entities(scope)
}

type Bundles = Vec<(String, bool, BTreeSet<ActionPath>)>;

fn of_role(policy: &Policy, role: &Role, bundles: &mut Bundles) {
    let all = paths_of_role(policy, role);
    if let Some(scope) = role.scope.as_ref().filter(|s| of_one_part(s)) {
        bundles.push((role.name.clone(), restricts_users(scope), left_open(policy, scope, all.iter())));
    }
    if role.scope.as_ref().is_some_and(is_restricted) {
        return;
    }
    for (number, line) in role.allows.iter().enumerate() {
        let Some(on) = line.on.as_ref().filter(|on| of_one_part(on)) else { continue };
        // What the role gives by this line alone; what it takes out, it takes out.
        let only = Role { allows: vec![role.allows[number].clone()], assigns: vec![], extends: vec![], ..role.clone() };
        bundles.push((
            role.name.clone(),
            restricts_users(on),
            left_open(policy, on, paths_of_role(policy, &only).iter()),
        ));
    }
}

fn of_admin(policy: &Policy, admin: &Admin, at: i32, bundles: &mut Bundles) {
    let ways = ways(policy, admin, at);
    // What the role's own scope does not touch is told of the role.
    let fresh = |way: &Way<'_>, scope: &Scope| {
        let known = way.role.and_then(|r| r.scope.as_ref()).filter(|s| of_one_part(s));
        let known = known.map_or(BTreeSet::new(), |s| left_open(policy, s, way.paths.iter()));
        let open = left_open(policy, scope, way.paths.iter());
        open.difference(&known).cloned().collect::<BTreeSet<_>>()
    };
    if let Some(scope) = &admin.scope {
        if of_one_part(scope) {
            let other = if restricts_users(scope) { Signature::Entity } else { Signature::User };
            let open = ways.iter().filter(|w| !w.is_fenced(policy, other));
            let all = open.flat_map(|way| fresh(way, scope)).collect();
            bundles.push((admin.name.clone(), restricts_users(scope), all));
        }
        return;
    }
    for way in &ways {
        match way.by {
            By::Assignment(number) => {
                if let Some(on) = admin.assignments[number].on.as_ref().filter(|on| of_one_part(on)) {
                    bundles.push((admin.name.clone(), restricts_users(on), fresh(way, on)));
                }
            }
            By::Own => {
                for line in &admin.allows {
                    if let Some(on) = line.on.as_ref().filter(|on| of_one_part(on)) {
                        let paths = paths_of_line(policy, line);
                        bundles.push((admin.name.clone(), restricts_users(on), left_open(policy, on, paths.iter())));
                    }
                }
            }
            By::Rule(_) => {}
        }
    }
}

// ---- fences in vain, and fences of all holders ---------------------------------------------------------------------------------

#[test]
fn a_fence_is_told_in_vain_where_nothing_behind_it_feels_it() {
    let dressed = |policy: Policy, lines: &[Line]| crowded(opened(silent(&policy)), lines);
    on_dense_policies("fences in vain", 40, dressed, |trial| {
        let at = trial.day(&mut trial.dice());
        let policy = trial.policy;
        let found = told(policy, "BW403", at)?;
        let why = "no action behind it feels what it restricts";
        let idle = |f: &&Finding| f.labels.iter().any(|label| label.text.contains(why));
        let said = found.iter().filter(idle).count();
        let mut asked = 0;
        let mut expected = 0;
        for role in &policy.roles {
            let paths = paths_of_role(policy, role);
            if let Some(scope) = role.scope.as_ref().filter(|s| is_restricted(s)) {
                asked += 1;
                expected += usize::from(is_beside(policy, scope, &paths, gives_site(policy, role)));
            }
        }
        for admin in &policy.admins {
            let ways = ways(policy, admin, i32::MIN);
            let all: Vec<Path> = ways.iter().flat_map(|way| way.paths.clone()).collect();
            if let Some(scope) = admin.scope.as_ref().filter(|s| is_restricted(s)) {
                asked += 1;
                expected += usize::from(is_beside(policy, scope, &all, false));
            }
            for way in &ways {
                let By::Assignment(number) = way.by else { continue };
                if let Some(on) = admin.assignments[number].on.as_ref().filter(|on| is_restricted(on)) {
                    asked += 1;
                    expected += usize::from(is_beside(policy, on, &way.paths, false));
                }
            }
        }
        count(&trial.tally.compared, asked);
        count(&trial.tally.points, asked);
        count(&trial.tally.witnesses, said);
        if said == expected { Ok(()) } else { Err(format!("{expected} from {at} on, and it says {said}: {found:?}")) }
    });
}

/// Whether a scope restricts nothing of what stands behind it, which is something, and it is not told otherwise.
fn is_beside(policy: &Policy, scope: &Scope, paths: &[Path], site: bool) -> bool {
    let signatures: Vec<Signature> = paths.iter().map(|path| signature(policy, &path.action)).collect();
    let felt = signatures
        .iter()
        .any(|on| (restricts_entities(scope) && on.uses_entities()) || (restricts_users(scope) && on.uses_users()));
    let site = site || signatures.contains(&Signature::Site);
    let told = of_one_part(scope) && !left_open(policy, scope, paths.iter()).is_empty();
    !signatures.is_empty() && !felt && !site && !told
}

/// Whether a site-wide action is among what a role would give without its scope.
fn gives_site(policy: &Policy, role: &Role) -> bool {
    let is_site = |action: &ActionPath| signature(policy, action) == Signature::Site;
    let own = |line: &Allow| actions(policy).iter().any(|a| is_site(a) && is_member(policy, &line.actions, a));
    let of = |name: &str| policy.roles.iter().find(|r| r.name == name);
    let mut extended = role.extends.iter().filter_map(|e| of(&e.role)).flat_map(|r| paths_of_role(policy, r));
    role.allows.iter().any(own) || extended.any(|path| is_site(&path.action))
}

#[test]
fn the_fence_of_all_holders_is_told_where_it_is_one() {
    let dressed = |policy: Policy, lines: &[Line]| fenced_alike(crowded(opened(silent(&policy)), lines), lines);
    on_dense_policies("fences shared", 40, dressed, |trial| {
        let at = trial.day(&mut trial.dice());
        let policy = trial.policy;
        let found = told(policy, "BW403", at)?;
        for role in &policy.roles {
            let ways = policy.admins.iter().flat_map(|admin| ways(policy, admin, at));
            let held: Vec<Way<'_>> = ways.filter(|way| way.role.is_some_and(|r| r.name == role.name)).collect();
            if held.len() < 2 {
                continue;
            }
            count(&trial.tally.compared, 1);
            count(&trial.tally.points, held.len());
            let by_name = !role.by_claim && policy.automatic.iter().all(|rule| rule.role != role.name);
            let fences: Vec<Vec<String>> = held.iter().map(|way| conjuncts(policy, &way.scopes)).collect();
            let one = fences.iter().all(|fence| *fence == fences[0]) && !fences[0].is_empty();
            let felt = held[0].scopes.iter().any(|scope| {
                held[0].paths.iter().any(|path| {
                    let on = signature(policy, &path.action);
                    on == Signature::Site || restricts(policy, scope, on).is_none_or(|parts| parts != [false, false])
                })
            });
            let expected = by_name && one && felt && held[0].scopes.iter().any(|scope| is_restricted(scope));
            let words = format!("holders of `{}` have it behind the same fence", role.name);
            let said = found.iter().any(|f| f.message.contains(&words));
            count(&trial.tally.witnesses, usize::from(said));
            if said != expected {
                return Err(format!("{} behind {fences:?}: {expected}, and it says {said}", role.name));
            }
        }
        Ok(())
    });
}

/// Some roles are held behind one fence by all, mostly written on the assignment.
fn fenced_alike(mut policy: Policy, lines: &[Line]) -> Policy {
    let dice = &mut Dice::new(lines.last().map_or(&[], Vec::as_slice));
    for role in policy.roles.iter().map(|r| r.name.clone()).collect::<Vec<_>>() {
        let mut held: Vec<(usize, usize)> = vec![];
        for (number, admin) in policy.admins.iter().enumerate() {
            held.extend(admin.assignments.iter().enumerate().filter(|(_, a)| a.role == role).map(|(i, _)| (number, i)));
        }
        let Some((first, given)) = dice.pick(&held).copied() else { continue };
        let on = policy.admins[first].assignments[given].on.clone();
        if on.is_none() || dice.chance(30) {
            continue;
        }
        for (admin, given) in held {
            if !dice.chance(6) {
                policy.admins[admin].assignments[given].on.clone_from(&on);
            }
            if !dice.chance(6) {
                policy.admins[admin].scope = None;
            }
        }
    }
    for admin in &mut policy.admins {
        admin.assignments = distinct(std::mem::take(&mut admin.assignments).into_iter());
    }
    policy
}

/// What scopes ask for, taken together, in an order of its own.
fn conjuncts(policy: &Policy, scopes: &[&Scope]) -> Vec<String> {
    let mut all = BTreeSet::new();
    for scope in scopes {
        if let Some(set) = scope.users.as_ref().filter(|_| restricts_users(scope)) {
            joined(set, |item| user_word(policy, item), "user", &mut all);
        }
        if let Some(set) = scope.entities.as_ref().filter(|_| restricts_entities(scope)) {
            joined(set, entity_word, "entity", &mut all);
        }
    }
    all.into_iter().collect()
}

fn joined<T>(set: &Set<T>, word: impl Fn(&T) -> String, part: &str, all: &mut BTreeSet<String>) {
    if let Some(items) = &set.items {
        let any: BTreeSet<String> = items.iter().map(&word).collect();
        all.insert(format!("{part} {any:?}"));
    }
    all.extend(set.except.iter().map(|item| format!("{part} not {}", word(item))));
}

fn user_word(policy: &Policy, item: &UserItem) -> String {
    match item {
        // A group of one unit, or of the holders of a role, says the same as these.
        UserItem::Group(name) => match policy.groups.iter().find(|g| g.name == *name).map(|g| &g.condition) {
            Some(Condition::Unit { unit, only: false }) => user_word(policy, &UserItem::Unit(unit.clone())),
            Some(Condition::Holders(role)) => user_word(policy, &UserItem::Holders(role.clone())),
            Some(Condition::Group(other)) => user_word(policy, &UserItem::Group(other.clone())),
            condition => format!("{condition:?}"),
        },
        item => format!("{item:?}"),
    }
}

fn entity_word(item: &EntityItem) -> String {
    format!("{item:?}")
}
