//! Random policies that the compiler accepts without an error, and random questions about them.
//!
//! A policy is made from lists of bytes, one for each declaration and statement; names are chosen among those that there are. So
//! every list gives a valid policy, and shrinking - fewer lists, smaller bytes - gives a simpler one.

use proptest::collection::vec;
use proptest::prelude::*;

use super::dice::Dice;
use super::people;
use super::pieces::{action_set, condition, fence, period, scope, set};
use super::policy::{
    Action, ActionItem, ActionPath, Allow, Assertion, Assigns, Attribute, Automatic, Condition, Except, Extends,
    Feature, Forbid, Gate, Group, Kind, Node, Policy, Quota, QuotaItem, Relation, Resource, Role, Separation, Set,
    Side, Signature, Subject, Subjects, Tier, UserItem, Values,
};

/// The first of the days on which something begins or ends: 2027-03-01.
pub(crate) const FIRST_DAY: i32 = 20_878;

/// The bytes of a statement.
pub(crate) type Line = Vec<u8>;

/// The bytes of a declaration with statements.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub(crate) head: Line,
    pub(crate) lines: Vec<Line>,
}

/// The bytes of a policy.
#[derive(Debug, Clone)]
pub(crate) struct Seed {
    nouns: Line,
    resources: Vec<Line>,
    groups: Vec<Line>,
    roles: Vec<Block>,
    automatic: Vec<Line>,
    forbids: Vec<Line>,
    admins: Vec<Block>,
}

pub(crate) fn line() -> impl Strategy<Value = Line> {
    vec(any::<u8>(), 24)
}

fn block(most: usize) -> impl Strategy<Value = Block> {
    (vec(any::<u8>(), 40), vec(line(), 0..=most)).prop_map(|(head, lines)| Block { head, lines })
}

/// Random policies.
pub(crate) fn policies() -> impl Strategy<Value = Policy> {
    let rights = (vec(line(), 0..=4), vec(block(5), 0..=5), vec(line(), 0..=2), vec(line(), 0..=3));
    (vec(any::<u8>(), 48), vec(line(), 1..=4), rights, vec(block(3), 1..=4)).prop_map(
        |(nouns, resources, (groups, roles, automatic, forbids), admins)| {
            build(&Seed { nouns, resources, groups, roles, automatic, forbids, admins })
        },
    )
}

/// The bytes of a small policy: the seed, and those of assertions, nevers, quotas and separations.
type SmallSeed = (Seed, [Vec<Line>; 4]);

fn small_seeds() -> impl Strategy<Value = SmallSeed> {
    let rights = (vec(line(), 0..=2), vec(block(4), 1..=3), vec(line(), 0..=1), vec(line(), 0..=2));
    let held = (vec(line(), 0..=2), vec(line(), 0..=1), vec(line(), 0..=2), vec(line(), 0..=2));
    (vec(any::<u8>(), 48), vec(line(), 1..=2), rights, vec(block(2), 1..=3), held).prop_map(
        |(nouns, resources, (groups, roles, automatic, forbids), admins, (assertions, nevers, quotas, separations))| {
            let seed = Seed { nouns, resources, groups, roles, automatic, forbids, admins };
            (seed, [assertions, nevers, quotas, separations])
        },
    )
}

/// Random policies so small that every case of them can be tried, with assertions and quotas.
pub(crate) fn small_policies() -> impl Strategy<Value = Policy> {
    small_seeds().prop_map(|(seed, [assertions, nevers, quotas, separations])| {
        let mut policy = build(&seed);
        policy.assertions = assertions.iter().map(|line| assertion(&policy, &mut Dice::new(line))).collect();
        for line in &nevers {
            never(&mut policy, &mut Dice::new(line));
        }
        policy.quotas = quotas.iter().filter_map(|line| quota(&policy, &mut Dice::new(line))).collect();
        policy.separations = separations.iter().map(|line| separation(&policy, &mut Dice::new(line))).collect();
        policy
    })
}

/// Pairs of small policies of which one came from the other by a few changes: other words, statements left out or written anew.
pub(crate) fn small_pairs() -> impl Strategy<Value = (Policy, Policy)> {
    (small_seeds(), vec((any::<u8>(), any::<u8>(), any::<u8>(), any::<u8>()), 1..=3)).prop_map(
        |((seed, _), changes)| {
            let mut changed = seed.clone();
            for (part, list, byte, value) in changes {
                alter(&mut changed, part.into(), (list.into(), byte.into()), value);
            }
            (build(&seed), build(&changed))
        },
    )
}

/// Small policies of which each came from the one before by a change; all have the same words but for roles and actions.
pub(crate) fn small_steps() -> impl Strategy<Value = [Policy; 3]> {
    let change = || vec((any::<u8>(), any::<u8>(), any::<u8>(), any::<u8>()), 1..=2);
    (small_seeds(), change(), change()).prop_map(|((seed, _), first, second)| {
        let altered = |seed: &Seed, changes: Vec<(u8, u8, u8, u8)>| {
            let mut changed = seed.clone();
            for (part, list, byte, value) in changes {
                alter(&mut changed, usize::from(part % 7) + 1, (list.into(), byte.into()), value);
            }
            changed
        };
        let next = altered(&seed, first);
        let last = altered(&next, second);
        [build(&seed), build(&next), build(&last)]
    })
}

/// Changes a byte of a list, or leaves the list out.
fn alter(seed: &mut Seed, part: usize, (list, byte): (usize, usize), value: u8) {
    let leave_out = byte >= 200;
    let lines = match part % 8 {
        0 => return set(&mut seed.nouns, byte, value),
        1 => &mut seed.resources,
        2 => &mut seed.groups,
        3 => &mut seed.automatic,
        4 => &mut seed.forbids,
        kind => {
            let blocks = if kind == 5 { &mut seed.admins } else { &mut seed.roles };
            let many = blocks.len();
            let Some(block) = blocks.get_mut(list % many.max(1)) else { return };
            if kind == 7 || block.lines.is_empty() {
                return set(&mut block.head, byte, value);
            }
            &mut block.lines
        }
    };
    let many = lines.len();
    if many > 0 {
        if leave_out && (part % 8 != 1 || many > 1) {
            lines.remove(list % many);
        } else {
            set(&mut lines[list % many], byte, value);
        }
    }

    fn set(line: &mut Line, byte: usize, value: u8) {
        let length = line.len();
        if let Some(place) = line.get_mut(byte % length.max(1)) {
            *place = value;
        }
    }
}

fn build(seed: &Seed) -> Policy {
    let mut policy = Policy::default();
    let mut dice = Dice::new(&seed.nouns);
    nouns(&mut policy, &mut dice);
    resources(&mut policy, &seed.resources);
    let with_super = dice.chance(40);
    roles(&mut policy, &seed.roles, with_super);
    for (i, line) in seed.groups.iter().enumerate() {
        let condition = condition(&policy, &mut Dice::new(line), 2);
        policy.groups.push(Group { name: format!("g{i}"), condition });
    }
    for line in &seed.automatic {
        automatic(&mut policy, &mut Dice::new(line));
    }
    for (i, block) in seed.roles.iter().enumerate() {
        role_body(&mut policy, i, block);
    }
    if dice.chance(40) {
        tiers(&mut policy);
    }
    people::admins(&mut policy, &seed.admins);
    for line in &seed.forbids {
        let forbid = forbid(&policy, &mut Dice::new(line));
        policy.forbids.push(forbid);
    }
    policy
}

// ---- what there is ---------------------------------------------------------------------------------------------------------

fn nouns(policy: &mut Policy, dice: &mut Dice<'_>) {
    for i in 0..dice.below(4) {
        policy.features.push(Feature { name: format!("f{i}"), on: !dice.chance(40) });
    }
    let values = ["fi", "se", "pl"].map(String::from).to_vec();
    let all = [
        ("country", Values::Closed(values)),
        ("team", Values::Text),
        ("level", Values::Number),
        ("extern", Values::Flag),
    ];
    for (name, values) in all {
        if dice.chance(60) {
            policy.attributes.push(Attribute { name: name.into(), values });
        }
    }
    policy.labels = forest("l", dice);
    policy.units = forest("u", dice);
    for (name, on_users, on_entities) in [("manages", true, false), ("keeps", false, true), ("knows", true, true)] {
        if dice.chance(35) {
            policy.relations.push(Relation { name: name.into(), on_users, on_entities });
        }
    }
}

fn forest(prefix: &str, dice: &mut Dice<'_>) -> Vec<Node> {
    let mut nodes: Vec<Node> = vec![];
    for i in 0..dice.below(5) {
        let parent = if dice.chance(60) { dice.pick(&nodes).map(|n| n.name.clone()) } else { None };
        nodes.push(Node { name: format!("{prefix}{i}"), parent });
    }
    nodes
}

fn resources(policy: &mut Policy, lines: &[Line]) {
    const SIGNATURES: [Signature; 5] =
        [Signature::EntityAndUser, Signature::Account, Signature::User, Signature::Entity, Signature::Site];
    const NAMES: [&str; 4] = ["reports", "in", "two words", "role"];
    for (line, name) in lines.iter().zip(NAMES) {
        let dice = &mut Dice::new(line);
        let on = SIGNATURES[dice.below(5)];
        let count = 1 + dice.below(4);
        let when = if dice.chance(20) { dice.pick(&policy.features).map(|f| f.name.clone()) } else { None };
        let mut actions = vec![];
        for i in 0..count {
            const KINDS: [Kind; 4] = [Kind::View, Kind::Write, Kind::Destroy, Kind::Become];
            let kind = KINDS[dice.below(if on.uses_users() { 4 } else { 3 })];
            // An action implies only what is declared before it, so there is no cycle.
            let mut implies = vec![];
            if dice.chance(45) {
                let own = actions.iter().map(|a: &Action| path(name, &a.name));
                let earlier: Vec<_> = declared(policy).chain(own).collect();
                implies.extend(dice.pick(&earlier).cloned());
            }
            actions.push(Action { name: format!("a{i}"), kind, implies });
        }
        policy.resources.push(Resource { name: name.into(), on, when: when.into_iter().collect(), actions });
    }
}

pub(super) fn path(resource: &str, action: &str) -> ActionPath {
    ActionPath { resource: resource.into(), action: action.into() }
}

pub(super) fn declared(policy: &Policy) -> impl Iterator<Item = ActionPath> + '_ {
    policy.resources.iter().flat_map(|r| r.actions.iter().map(|a| path(&r.name, &a.name)))
}

/// Every action that a question may be about: the declared ones, and those that give roles.
pub(crate) fn actions(policy: &Policy) -> Vec<ActionPath> {
    let roles = policy.roles.iter().filter(|r| !r.ungrantable);
    declared(policy).chain(roles.map(|r| path("assign", &r.name))).collect()
}

fn tiers(policy: &mut Policy) {
    let covers = |items: Vec<ActionItem>| Set { items: Some(items), except: vec![] };
    let tier = |name: &str, items| Tier { name: name.into(), covers: covers(items) };
    policy.tiers = vec![
        tier("viewer", vec![ActionItem::AllOf(Kind::View)]),
        tier("user", vec![ActionItem::All]),
        tier("chief", vec![ActionItem::All, ActionItem::Assigning]),
    ];
}

// ---- roles -----------------------------------------------------------------------------------------------------------------

/// The roles' heads; their bodies may then name all of them.
fn roles(policy: &mut Policy, blocks: &[Block], with_super: bool) {
    for (i, block) in blocks.iter().enumerate() {
        let dice = &mut Dice::new(&block.head);
        let mut role = Role { name: format!("r{i}"), ..Role::default() };
        role.superuser = with_super && i + 1 == blocks.len();
        match dice.below(7) {
            _ if role.superuser => role.ungrantable = dice.chance(50),
            3 | 4 => role.by_claim = true,
            5 => role.profile = true,
            6 => role.ungrantable = true,
            _ => {}
        }
        role.by_claim |= role.profile && dice.chance(40);
        if role.by_claim && dice.chance(30) {
            let simple: Vec<_> = policy.roles.iter().filter(|r| r.by_claim && r.needs.is_empty()).collect();
            role.needs.extend(dice.pick(&simple).map(|r| r.name.clone()));
        }
        policy.roles.push(role);
    }
}

fn gates(policy: &Policy, dice: &mut Dice<'_>) -> Vec<Gate> {
    let mut gates = vec![];
    if dice.chance(12) {
        gates.extend(dice.pick(&policy.features).map(|f| Gate::Feature(f.name.clone())));
    }
    if dice.chance(15) {
        gates.extend(dice.pick(&policy.groups).map(|g| Gate::ActorIn(g.name.clone())));
    }
    gates
}

fn role_body(policy: &mut Policy, index: usize, block: &Block) {
    let dice = &mut Dice::new(&block.head[8.min(block.head.len())..]);
    let mut role = policy.roles[index].clone();
    // The super role's holder is not to be limited.
    role.when = if role.superuser { vec![] } else { gates(policy, dice) };
    role.scope = if dice.chance(30) { scope(policy, dice) } else { None };
    for line in &block.lines {
        let dice = &mut Dice::new(line);
        let earlier: Vec<_> = policy.roles[..index].iter().filter(|r| !r.profile).map(|r| r.name.clone()).collect();
        match dice.below(10) {
            5 | 6 if !earlier.is_empty() => {
                let extended = dice.pick(&earlier).cloned().unwrap_or_default();
                let on = if dice.chance(40) { scope(policy, dice) } else { None };
                role.extends.push(Extends { role: extended, on });
            }
            7 | 8 => {
                let actions = action_set(policy, dice);
                let on = fence(policy, &actions, dice, 85);
                role.excepts.push(Except { actions, on });
            }
            9 => role.assigns.extend(assigns(policy, dice)),
            _ => role.allows.push(allow(policy, dice)),
        }
    }
    policy.roles[index] = role;
}

fn assigns(policy: &Policy, dice: &mut Dice<'_>) -> Option<Assigns> {
    let grantable: Vec<_> = policy.roles.iter().filter(|r| !r.ungrantable).map(|r| r.name.clone()).collect();
    let roles = set(dice, |d| d.pick(&grantable).cloned())?;
    let on = if dice.chance(50) { scope(policy, dice) } else { None };
    (!grantable.is_empty()).then(|| Assigns { roles, on, when: gates(policy, dice) })
}

/// An `allow` line, of a role or an admin.
pub(crate) fn allow(policy: &Policy, dice: &mut Dice<'_>) -> Allow {
    let actions = action_set(policy, dice);
    let on = fence(policy, &actions, dice, 45);
    Allow { actions, on, when: gates(policy, dice), period: period(dice, 15) }
}

// ---- rules -----------------------------------------------------------------------------------------------------------------

/// Whether a role whose gate is a feature that is off may not be given.
pub(crate) fn is_off(policy: &Policy, role: &Role) -> bool {
    let off = |f: &str| policy.features.iter().any(|x| x.name == f && !x.on);
    role.when.iter().any(|g| matches!(g, Gate::Feature(f) if off(f)))
}

fn automatic(policy: &mut Policy, dice: &mut Dice<'_>) {
    let plain = |r: &&Role| !r.superuser && !r.profile && !r.ungrantable && r.needs.is_empty();
    let roles: Vec<_> = policy.roles.iter().filter(plain).map(|r| r.name.clone()).collect();
    let Some(role) = dice.pick(&roles).cloned() else { return };
    let mut items: Vec<_> = policy.groups.iter().map(|g| UserItem::Group(g.name.clone())).collect();
    items.extend(policy.units.iter().map(|u| UserItem::Unit(u.name.clone())));
    let Some(users) = set(dice, |d| d.pick(&items).cloned()) else { return };
    let groups = users.items.iter().flatten().chain(&users.except);
    let names = groups.filter_map(|i| if let UserItem::Group(g) = i { Some(g.clone()) } else { None });
    // Nobody holds a role because of holding it.
    if users.items.is_none() || names.into_iter().any(|g| depends(policy, &g, &role, 12)) {
        return;
    }
    let on = if dice.chance(40) { scope(policy, dice) } else { None };
    policy.automatic.push(Automatic { users, role, on });
}

/// Whether a group is judged by who holds a role.
fn depends(policy: &Policy, group: &str, role: &str, depth: usize) -> bool {
    let Some(group) = policy.groups.iter().find(|g| g.name == group) else { return false };
    depth == 0 || mentions(policy, &group.condition, role, depth - 1)
}

fn mentions(policy: &Policy, condition: &Condition, role: &str, depth: usize) -> bool {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => parts.iter().any(|c| mentions(policy, c, role, depth)),
        Condition::Not(part) => mentions(policy, part, role, depth),
        Condition::Group(group) => depends(policy, group, role, depth),
        Condition::Holders(held) => {
            let rules = policy.automatic.iter().filter(|r| r.role == *held);
            let mut items = rules.flat_map(|r| r.users.items.iter().flatten().chain(&r.users.except));
            held == role || items.any(|i| matches!(i, UserItem::Group(g) if depends(policy, g, role, depth)))
        }
        Condition::Unit { .. } | Condition::Labelled(_) | Condition::Attribute { .. } => false,
    }
}

pub(crate) fn forbid(policy: &Policy, dice: &mut Dice<'_>) -> Forbid {
    let actions = action_set(policy, dice);
    let on = fence(policy, &actions, dice, 70);
    let subjects = if dice.chance(40) { Some(subjects(policy, dice)) } else { None };
    let unless = if dice.chance(55) { Some(subjects_or_self(policy, dice)) } else { None };
    Forbid { actions, on, subjects, unless }
}

pub(crate) fn assertion(policy: &Policy, dice: &mut Dice<'_>) -> Assertion {
    let actions = action_set(policy, dice);
    let on = fence(policy, &actions, dice, 50);
    let mut subjects = subjects(policy, dice);
    if dice.chance(30) {
        let role = dice.pick(&policy.roles).map(|r| Subject::Role(r.name.clone()));
        if dice.chance(50) {
            subjects.items = vec![];
        }
        subjects.items.extend(role);
    }
    Assertion { always: dice.chance(40), subjects, actions, on }
}

fn never(policy: &mut Policy, dice: &mut Dice<'_>) {
    let actions = action_set(policy, dice);
    let on = fence(policy, &actions, dice, 50);
    let role = dice.below(policy.roles.len());
    policy.roles[role].nevers.push(Except { actions, on });
}

pub(crate) fn separation(policy: &Policy, dice: &mut Dice<'_>) -> Separation {
    let side = |dice: &mut Dice<'_>| {
        let role = if dice.chance(30) { dice.pick(&policy.roles) } else { None };
        role.map_or_else(|| Side::Actions(action_set(policy, dice)), |role| Side::Role(role.name.clone()))
    };
    Separation { left: side(dice), right: side(dice) }
}

fn quota(policy: &Policy, dice: &mut Dice<'_>) -> Option<Quota> {
    let mut all: Vec<_> = policy.roles.iter().map(|r| QuotaItem::Role(r.name.clone())).collect();
    all.extend(policy.tiers.iter().map(|t| QuotaItem::Tier(t.name.clone())));
    all.extend(policy.units.iter().map(|u| QuotaItem::Unit(u.name.clone())));
    let mut of: Vec<_> = dice.pick(&all).cloned().into_iter().collect();
    of.extend(dice.pick(&all).cloned().filter(|item| !of.contains(item)));
    // None is too many: so the finding tells the number.
    (!of.is_empty()).then(|| Quota { most: 0, of, all: dice.chance(40) })
}

fn subjects_or_self(policy: &Policy, dice: &mut Dice<'_>) -> Subjects {
    if dice.chance(40) { Subjects { items: vec![Subject::Myself], except: vec![] } } else { subjects(policy, dice) }
}

fn subjects(policy: &Policy, dice: &mut Dice<'_>) -> Subjects {
    let mut all = vec![Subject::Everyone];
    all.extend(policy.roles.iter().map(|r| Subject::Holders(r.name.clone())));
    all.extend(policy.groups.iter().map(|g| Subject::UsersIn(UserItem::Group(g.name.clone()))));
    all.extend(policy.units.iter().map(|u| Subject::UsersIn(UserItem::Unit(u.name.clone()))));
    all.extend(policy.admins.iter().map(|a| Subject::Admin(a.name.clone())));
    all.extend(policy.tiers.iter().map(|t| Subject::Tier(t.name.clone())));
    all.push(Subject::Myself);
    let mut items: Vec<_> = dice.pick(&all).cloned().into_iter().collect();
    if dice.chance(30) {
        items.extend(dice.pick(&all).cloned().filter(|s| !items.contains(s)));
    }
    let except = if dice.chance(30) { dice.pick(&all).cloned().filter(|s| !items.contains(s)) } else { None };
    Subjects { items, except: except.into_iter().collect() }
}
