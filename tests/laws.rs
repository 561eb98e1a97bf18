//! The laws of the semantics, as properties of random policies: of the interpreter that the tests trust, and of the tables.

#[expect(dead_code, reason = "the agreement test looks at filters too")]
#[path = "oracle/bridge.rs"]
mod bridge;
#[expect(dead_code, reason = "the agreement test uses the rest")]
mod oracle;

use proptest::prelude::*;

use oracle::cases::cases;
use oracle::dice::{Dice, Shuffle};
use oracle::eval::{allow, effective, inside};
use oracle::pieces::{action_set, fence, scope};
use oracle::policy::{
    Admin, Allow, Assignment, Condition, Extends, Period, Policy, Question, Role, Scope, Set, UserItem,
};
use oracle::print::{print, print_in_order};
use oracle::truth::Truth;

proptest! {
    #![proptest_config(oracle::config(100))]

    /// "The order of files, roles, assignments and rules never matters."
    #[test]
    fn order_is_without_meaning(case in cases(50)) {
        let other = shuffled(&case.policy, &case.bytes);
        for question in case.questions() {
            prop_assert_eq!(allow(&case.policy, &question), allow(&other, &question));
        }
    }

    /// "Eff(u with S) = Eff(u without S) and S exactly."
    #[test]
    fn a_fence_only_intersects(case in cases(50)) {
        let Some((free, fenced, name, scope)) = fence_added(&case.policy, &case.bytes) else { return Ok(()) };
        for question in case.questions_to(&name) {
            let expected = effective(&free, &question).and(inside(&free, &question, &scope));
            prop_assert_eq!(effective(&fenced, &question), expected, "{:?}", question);
        }
    }

    /// "An inactive account has nothing."
    #[test]
    fn the_inactive_have_nothing(case in cases(50)) {
        let (asleep, name) = put_to_sleep(&case.policy, &case.bytes);
        for question in case.questions_to(&name) {
            prop_assert_eq!(allow(&asleep, &question), Truth::False);
        }
    }

    /// "With one path, the same scope set in any of the four ways gives the same rights."
    #[test]
    fn the_four_ways_are_one(case in cases(50)) {
        let Some(ways) = four_ways(&case.policy, &case.bytes) else { return Ok(()) };
        for question in case.questions_to("solo") {
            let answers = ways.each_ref().map(|way| effective(way, &question));
            prop_assert!(answers.iter().all(|a| *a == answers[0]), "{:?} to {:?}", answers, question);
        }
    }

    /// "Where no negated role atom occurs, adding an assignment never shrinks Eff."
    #[test]
    fn an_assignment_never_takes_away(case in cases(50)) {
        let Some((more, name)) = assignment_added(&case.policy, &case.bytes) else { return Ok(()) };
        for question in case.questions_to(&name) {
            prop_assert!(effective(&more, &question) >= effective(&case.policy, &question), "{:?}", question);
        }
    }
}

proptest! {
    #![proptest_config(oracle::config(40))]

    /// The same policy gives the same bytes, in any order of its declarations and statements.
    #[test]
    fn tables_do_not_depend_on_order(case in cases(0)) {
        let one = print_in_order(&case.policy, 0);
        let other = print_in_order(&shuffled(&case.policy, &case.bytes), case.layout);
        prop_assert!(compiled(&one)? == compiled(&other)?, "{}\n// ---- and ----\n{}", one, other);
    }

    #[test]
    fn tables_only_intersect_by_a_fence(case in cases(50)) {
        // Forbids may ask for tiers, which are not what the law is about.
        let policy = Policy { forbids: vec![], ..case.policy.clone() };
        let Some((free, fenced, name, scope)) = fence_added(&policy, &case.bytes) else { return Ok(()) };
        let questions = case.questions_to(&name);
        let pairs = decisions(&free, &questions)?.into_iter().zip(decisions(&fenced, &questions)?);
        for (question, (without, with)) in questions.iter().zip(pairs) {
            prop_assert_eq!(with, without && inside(&free, question, &scope) == Truth::True, "{:?}", question);
        }
    }

    #[test]
    fn tables_have_nothing_for_the_inactive(case in cases(50)) {
        let (asleep, name) = put_to_sleep(&case.policy, &case.bytes);
        let questions = case.questions_to(&name);
        prop_assert!(!decisions(&asleep, &questions)?.contains(&true));
    }

    #[test]
    fn tables_know_four_ways_as_one(case in cases(50)) {
        // As above: a right of one's own has a tier, too.
        let policy = Policy { forbids: vec![], ..case.policy.clone() };
        let Some(ways) = four_ways(&policy, &case.bytes) else { return Ok(()) };
        let questions = case.questions_to("solo");
        let first = decisions(&ways[0], &questions)?;
        for way in &ways[1..] {
            prop_assert_eq!(&first, &decisions(way, &questions)?);
        }
    }

    #[test]
    fn tables_take_nothing_away_by_an_assignment(case in cases(50)) {
        let policy = Policy { forbids: vec![], ..case.policy.clone() };
        let Some((more, name)) = assignment_added(&policy, &case.bytes) else { return Ok(()) };
        let questions = case.questions_to(&name);
        let pairs = decisions(&policy, &questions)?.into_iter().zip(decisions(&more, &questions)?);
        for (question, (before, after)) in questions.iter().zip(pairs) {
            prop_assert!(after >= before, "{:?}", question);
        }
    }
}

fn compiled(text: &str) -> Result<Vec<u8>, TestCaseError> {
    bridge::compile(text).map_err(TestCaseError::fail)
}

/// What the policy's table answers.
fn decisions(policy: &Policy, questions: &[Question]) -> Result<Vec<bool>, TestCaseError> {
    let bytes = compiled(&print(policy, 0))?;
    let reader = bridge::Reader::new(&bytes).map_err(TestCaseError::fail)?;
    let answers = questions.iter().map(|q| reader.decide(policy, q).map(|d| d.allowed));
    answers.collect::<Result<_, _>>().map_err(TestCaseError::fail)
}

// ---- the changes -------------------------------------------------------------------------------------------------------------

/// The same policy, everything in another order but the tiers.
fn shuffled(policy: &Policy, bytes: &[u8]) -> Policy {
    let mut shuffle = Shuffle(bytes.iter().fold(1, |seed, b| seed * 31 % 1_000_003 + u64::from(*b)));
    let mut policy = policy.clone();
    shuffle.mix(&mut policy.features);
    shuffle.mix(&mut policy.resources);
    shuffle.mix(&mut policy.attributes);
    shuffle.mix(&mut policy.labels);
    shuffle.mix(&mut policy.units);
    shuffle.mix(&mut policy.relations);
    shuffle.mix(&mut policy.groups);
    shuffle.mix(&mut policy.roles);
    shuffle.mix(&mut policy.automatic);
    shuffle.mix(&mut policy.forbids);
    shuffle.mix(&mut policy.admins);
    for resource in &mut policy.resources {
        shuffle.mix(&mut resource.actions);
    }
    for role in &mut policy.roles {
        shuffle.mix(&mut role.extends);
        shuffle.mix(&mut role.allows);
        shuffle.mix(&mut role.excepts);
        shuffle.mix(&mut role.assigns);
    }
    for admin in &mut policy.admins {
        shuffle.mix(&mut admin.assignments);
        shuffle.mix(&mut admin.allows);
        shuffle.mix(&mut admin.labels);
    }
    policy
}

/// An admin without a scope and with one: the two policies, its name and the scope.
fn fence_added(policy: &Policy, bytes: &[u8]) -> Option<(Policy, Policy, String, Scope)> {
    let dice = &mut Dice::new(bytes);
    let index = dice.below(policy.admins.len());
    let scope = scope(policy, dice)?;
    let mut free = policy.clone();
    free.admins[index].scope = None;
    let mut fenced = policy.clone();
    fenced.admins[index].scope = Some(scope.clone());
    Some((free, fenced, policy.admins[index].name.clone(), scope))
}

/// The policy with one of its admins inactive.
fn put_to_sleep(policy: &Policy, bytes: &[u8]) -> (Policy, String) {
    let mut policy = policy.clone();
    let index = Dice::new(bytes).below(policy.admins.len());
    policy.admins[index].inactive = true;
    let name = policy.admins[index].name.clone();
    (policy, name)
}

/// A new admin, `solo`, with one path to rights; the same fence stands on the role, the admin, the assignment or the permission.
fn four_ways(policy: &Policy, bytes: &[u8]) -> Option<[Policy; 4]> {
    let dice = &mut Dice::new(bytes);
    let actions = action_set(policy, dice);
    let fence = fence(policy, &actions, dice, 100)?;
    let unit = dice.pick(&policy.units).map(|u| u.name.clone());
    let at = |way: usize, place: usize| (way == place).then(|| fence.clone());
    Some([0, 1, 2, 3].map(|way| {
        let line = Allow { actions: actions.clone(), on: at(way, 3), when: vec![], period: Period::default() };
        let role = Role { name: "way".into(), scope: at(way, 0), allows: vec![line], ..Role::default() };
        let given = Assignment { role: "way".into(), on: at(way, 2), period: Period::default() };
        let solo = Admin {
            name: "solo".into(),
            unit: unit.clone(),
            scope: at(way, 1),
            assignments: vec![given],
            ..Admin::default()
        };
        let mut policy = Policy { automatic: vec![], ..policy.clone() };
        policy.roles.push(role);
        policy.admins.push(solo);
        policy
    }))
}

/// The policy with one more assignment, if the law speaks of it.
fn assignment_added(policy: &Policy, bytes: &[u8]) -> Option<(Policy, String)> {
    let dice = &mut Dice::new(bytes);
    let index = dice.below(policy.admins.len());
    let roles: Vec<_> = policy.roles.iter().filter(|r| !r.profile && !r.superuser && r.needs.is_empty()).collect();
    let role = dice.pick(&roles)?.name.clone();
    let on = if dice.chance(30) { scope(policy, dice) } else { None };
    if negates_roles(policy) {
        return None;
    }
    let mut more = policy.clone();
    more.admins[index].assignments.push(Assignment { role, on, period: Period::default() });
    Some((more, policy.admins[index].name.clone()))
}

// ---- negated role atoms --------------------------------------------------------------------------------------------------------

/// Whether `holders of` stands under a negation anywhere on the way to a right.
fn negates_roles(policy: &Policy) -> bool {
    let on_roles = policy.roles.iter().flat_map(|r| {
        let lines = r.allows.iter().map(|l| &l.on).chain(r.assigns.iter().map(|l| &l.on));
        std::iter::once(&r.scope).chain(lines).chain(r.extends.iter().map(|e: &Extends| &e.on))
    });
    let on_admins = policy.admins.iter().flat_map(|a| {
        let lines = a.allows.iter().map(|l| &l.on).chain(a.assignments.iter().map(|g| &g.on));
        std::iter::once(&a.scope).chain(lines)
    });
    let automatic = policy.automatic.iter().map(|r| &r.on);
    let kept = on_roles.chain(on_admins).chain(automatic).flatten();
    let taken = policy.roles.iter().flat_map(|r| &r.excepts).filter_map(|e| e.on.as_ref());
    kept.filter_map(|s| s.users.as_ref()).any(|set| set_negates(policy, set, false))
        || taken.filter_map(|s| s.users.as_ref()).any(|set| set_negates(policy, set, true))
        || policy.automatic.iter().any(|r| set_negates(policy, &r.users, false))
        || policy.groups.iter().any(|g| condition_negates(policy, &g.condition, false))
}

fn set_negates(policy: &Policy, set: &Set<UserItem>, negated: bool) -> bool {
    let item = |item: &UserItem, negated| match item {
        UserItem::Holders(_) => negated,
        UserItem::Group(name) => group_negates(policy, name, negated),
        UserItem::Unit(_) | UserItem::OwnUnit | UserItem::Relation(_) | UserItem::Myself => false,
    };
    set.items.iter().flatten().any(|i| item(i, negated)) || set.except.iter().any(|i| item(i, !negated))
}

fn group_negates(policy: &Policy, name: &str, negated: bool) -> bool {
    policy.groups.iter().any(|g| g.name == name && condition_negates(policy, &g.condition, negated))
}

fn condition_negates(policy: &Policy, condition: &Condition, negated: bool) -> bool {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => parts.iter().any(|c| condition_negates(policy, c, negated)),
        Condition::Not(part) => condition_negates(policy, part, !negated),
        Condition::Group(name) => group_negates(policy, name, negated),
        Condition::Holders(_) => negated,
        Condition::Unit { .. } | Condition::Labelled(_) | Condition::Attribute { .. } => false,
    }
}
