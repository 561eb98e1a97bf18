//! The interpreter against decisions worked out by hand: protected accounts, own units, relations, order, moves.

use super::oracle::policy::*;
use super::oracle::words::*;

const ACCOUNT_ACTIONS: [(Kind, &str); 6] = [
    (Kind::View, "details"),
    (Kind::Write, "edit"),
    (Kind::Destroy, "delete"),
    (Kind::Become, "login_as"),
    (Kind::Become, "reset"),
    (Kind::Become, "view_credentials"),
];

fn portal(owner: &str, other: &str) -> Policy {
    let myself = || Some(Subjects { items: vec![Subject::Myself], except: vec![] });
    let owners = || user_item(UserItem::Holders("owner".into()));
    let forbid = |actions: &[&str], unless| Forbid { actions: items(actions), on: owners(), subjects: None, unless };
    let portal_admin = role("portal_admin", vec![allowing(&["*"], None)]);
    Policy {
        resources: vec![resource("accounts", Signature::Account, &ACCOUNT_ACTIONS)],
        roles: vec![
            Role { superuser: true, ungrantable: true, extends: extending("portal_admin"), ..role("owner", vec![]) },
            portal_admin,
        ],
        forbids: vec![forbid(&["become accounts", "accounts.edit"], myself()), forbid(&["destroy accounts"], None)],
        admins: vec![admin(owner, vec![given("owner", None)]), admin(other, vec![given("portal_admin", None)])],
        ..Policy::default()
    }
}

#[test]
fn v13_the_owner_is_protected_from_administrators_and_from_deleting_itself() {
    let policy = portal("maria", "nina");
    for action in ["login_as", "reset", "view_credentials", "edit", "delete"] {
        let action = format!("accounts.{action}");
        assert!(!may(&policy, "nina", &action, None, Some(login("maria"))), "{action}");
        assert!(may(&policy, "nina", &action, None, Some(login("somebody"))), "{action}");
    }
    for (action, expected) in [("details", true), ("reset", true), ("edit", true), ("delete", false)] {
        let action = format!("accounts.{action}");
        assert_eq!(may(&policy, "maria", &action, None, Some(login("MARIA"))), expected, "{action}");
    }
    assert!(
        !may(&policy, "maria", "assign.owner", None, Some(login("nina"))),
        "an ungrantable role has no such action"
    );
}

#[test]
fn v14_the_protection_follows_the_role() {
    let after = portal("nina", "maria");
    assert!(!may(&after, "maria", "accounts.reset", None, Some(login("nina"))));
    assert!(may(&after, "nina", "accounts.reset", None, Some(login("maria"))));
}

#[test]
fn a_sleeping_owner_is_protected_and_an_expired_one_is_not() {
    let mut policy = portal("maria", "nina");
    policy.admins[0].inactive = true;
    assert!(!may(&policy, "nina", "accounts.reset", None, Some(login("maria"))), "inactive");
    assert!(!may(&policy, "maria", "accounts.details", None, Some(login("nina"))), "an inactive account has nothing");
    policy.admins[0].inactive = false;
    policy.admins[0].assignments[0].period = Period { from: Some(20_001), until: None };
    assert!(!may(&policy, "nina", "accounts.reset", None, Some(login("maria"))), "not yet valid");
    policy.admins[0].assignments[0].period = Period { from: None, until: Some(19_999) };
    assert!(may(&policy, "nina", "accounts.reset", None, Some(login("maria"))), "expired");
}

#[test]
fn v17_a_content_admin_is_bound_to_its_organisation_unless_that_is_the_top() {
    let own = || entities(EntityItem::InOwnUnit);
    let top = Condition::Unit { unit: "acme".into(), only: true };
    let everywhere = Allow { when: vec![Gate::ActorIn("top".into())], ..allowing(&["resources.edit"], None) };
    let policy = Policy {
        resources: vec![
            resource("resources", Signature::Entity, &[(Kind::Write, "edit")]),
            resource("courses", Signature::Entity, &[(Kind::Write, "create")]),
        ],
        units: vec![node("acme", None), node("a", Some("acme")), node("b", Some("acme"))],
        groups: vec![Group { name: "top".into(), condition: top }],
        roles: vec![role("content_admin", vec![allowing(&["resources.edit"], own()), everywhere])],
        admins: ["b", "acme"]
            .map(|unit| Admin { unit: Some(unit.into()), ..admin(unit, vec![given("content_admin", None)]) })
            .to_vec(),
        ..Policy::default()
    };
    assert!(may(&policy, "b", "resources.edit", Some(at("b")), None));
    assert!(!may(&policy, "b", "resources.edit", Some(at("a")), None));
    assert!(may(&policy, "acme", "resources.edit", Some(at("a")), None));
    assert!(may(&policy, "acme", "resources.edit", Some(closed()), None), "what has no unit, too");
    assert!(!may(&policy, "acme", "courses.create", Some(at("b")), None));
}

#[test]
fn v18_a_manager_acts_on_reports_and_a_toggle_closes_goals() {
    let reports = || user_item(UserItem::Relation("manages".into()));
    let goals = Allow { when: vec![Gate::Feature("manager_goals".into())], ..allowing(&["goals.edit"], reports()) };
    let policy = |on| Policy {
        features: vec![Feature { name: "manager_goals".into(), on }],
        resources: vec![
            resource("goals", Signature::User, &[(Kind::Write, "edit")]),
            resource("courses", Signature::User, &[(Kind::Write, "enrol")]),
        ],
        relations: vec![Relation { name: "manages".into(), on_users: true, on_entities: false }],
        roles: vec![role("manager", vec![allowing(&["courses.enrol"], reports()), goals.clone()])],
        admins: vec![admin("boss", vec![given("manager", None)])],
        ..Policy::default()
    };
    let bo = || Facts { relations: Marks::Only(vec!["manages".into()]), ..login("bo") };
    assert!(may(&policy(true), "boss", "courses.enrol", None, Some(bo())));
    assert!(!may(&policy(true), "boss", "courses.enrol", None, Some(login("aino"))));
    assert!(may(&policy(true), "boss", "goals.edit", None, Some(bo())));
    assert!(!may(&policy(false), "boss", "goals.edit", None, Some(bo())));
}

fn dialer() -> Policy {
    let project = |label| entities(labelled(label));
    Policy {
        resources: vec![resource("broadcasts", Signature::Entity, &[(Kind::Write, "create"), (Kind::Write, "start")])],
        labels: vec![node("project_a", None), node("project_b", None)],
        roles: vec![
            role("dialer_admin", vec![allowing(&["broadcasts.create"], None)]),
            role("dialer_verified", vec![allowing(&["broadcasts.start"], None)]),
        ],
        admins: vec![admin(
            "boss",
            vec![given("dialer_admin", project("project_a")), given("dialer_verified", project("project_b"))],
        )],
        ..Policy::default()
    }
}

const DIALER: [(&str, &str, bool); 4] = [
    ("broadcasts.create", "project_a", true),
    ("broadcasts.start", "project_a", false),
    ("broadcasts.create", "project_b", false),
    ("broadcasts.start", "project_b", true),
];

#[test]
fn v27_disjoint_projects_keep_duties_apart() {
    for (action, project, expected) in DIALER {
        assert_eq!(may(&dialer(), "boss", action, Some(content(&[project])), None), expected, "{action} in {project}");
    }
}

#[test]
fn v28_the_order_of_everything_is_without_meaning() {
    let mut policy = dialer();
    policy.roles.reverse();
    policy.labels.reverse();
    policy.admins[0].assignments.reverse();
    policy.resources[0].actions.reverse();
    for (action, project, expected) in DIALER {
        assert_eq!(may(&policy, "boss", action, Some(content(&[project])), None), expected, "{action} in {project}");
    }
}

#[test]
fn v29_creating_and_moving_are_decided_on_what_will_be() {
    let own = Scope { users: of(vec![UserItem::OwnUnit]), entities: of(vec![EntityItem::InOwnUnit]) };
    let org_admin = Role { scope: Some(own), ..role("org_admin", vec![allowing(&["accounts"], None)]) };
    let policy = Policy {
        resources: vec![resource("accounts", Signature::Account, &[(Kind::Write, "create"), (Kind::Write, "move")])],
        units: vec![node("a", None), node("b", None)],
        roles: vec![org_admin],
        admins: vec![Admin { unit: Some("b".into()), ..admin("boss", vec![given("org_admin", None)]) }],
        ..Policy::default()
    };
    assert!(may(&policy, "boss", "accounts.create", None, Some(at("b"))));
    assert!(!may(&policy, "boss", "accounts.create", None, Some(at("a"))));
    let moves =
        |from: &str, to: &str| [from, to].iter().all(|u| may(&policy, "boss", "accounts.move", None, Some(at(u))));
    assert!(!moves("b", "a"), "the state after");
    assert!(!moves("a", "b"), "the state before");
    assert!(moves("b", "b"));
}
