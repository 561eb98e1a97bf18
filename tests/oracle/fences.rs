//! The interpreter against decisions worked out by hand: fences, and what they cut off.

use super::oracle::eval::allow;
use super::oracle::policy::*;
use super::oracle::truth::Truth;
use super::oracle::words::*;

const CONTENTS: [(&str, &[&str]); 4] =
    [("c_mand_fi", &["mandatory", "fi"]), ("c_mand_se", &["mandatory", "se"]), ("c_opt_fi", &["fi"]), ("c_plain", &[])];
const PEOPLE: [(&str, &str); 3] = [("aino", "fi"), ("bo", "se"), ("carl", "fi")];

fn world(roles: Vec<Role>, boss: Admin) -> Policy {
    let countries = Values::Closed(vec!["fi".into(), "se".into()]);
    Policy {
        resources: vec![
            resource("report", Signature::EntityAndUser, &[(Kind::View, "view")]),
            resource("content", Signature::Entity, &[(Kind::Write, "edit")]),
            resource("user", Signature::User, &[(Kind::Write, "edit")]),
            resource("site", Signature::Site, &[(Kind::Destroy, "delete")]),
        ],
        attributes: vec![Attribute { name: "country".into(), values: countries }],
        labels: vec![
            node("nordics", None),
            node("fi", Some("nordics")),
            node("se", Some("nordics")),
            node("mandatory", None),
        ],
        groups: vec![country_group("finns", "fi"), country_group("swedes", "se")],
        roles,
        admins: vec![boss],
        ..Policy::default()
    }
}

/// The pairs of content and person on which the boss may view the report.
fn pairs(policy: &Policy) -> Vec<(&'static str, &'static str)> {
    let all = CONTENTS.iter().flat_map(|c| PEOPLE.iter().map(move |p| (c, p)));
    let seen = all.filter(|(c, p)| may(policy, "boss", "report.view", Some(content(c.1)), Some(from(p.1))));
    seen.map(|(c, p)| (c.0, p.0)).collect()
}

fn direct(allows: Vec<Allow>, scope: Option<Scope>) -> Admin {
    Admin { allows, scope, ..admin("boss", vec![]) }
}

#[test]
fn v1_a_direct_right_within_the_admins_scope() {
    let boss = direct(vec![allowing(&["report.view"], entities(labelled("mandatory")))], users("finns"));
    let expected = [("c_mand_fi", "aino"), ("c_mand_fi", "carl"), ("c_mand_se", "aino"), ("c_mand_se", "carl")];
    assert_eq!(pairs(&world(vec![], boss)), expected);
}

#[test]
fn v2_the_four_ways_to_fence_are_equal() {
    let fence = || both("mandatory", "finns");
    let reporter = |scope, on| Role { scope, ..role("reporter", vec![allowing(&["report.view"], on)]) };
    let boss = |scope, on| Admin { scope, ..admin("boss", vec![given("reporter", on)]) };
    let ways = [
        world(vec![reporter(fence(), None)], boss(None, None)),
        world(vec![reporter(None, None)], boss(fence(), None)),
        world(vec![reporter(None, None)], boss(None, fence())),
        world(vec![reporter(None, fence())], boss(None, None)),
    ];
    for way in &ways {
        assert_eq!(pairs(way).len(), 4);
        assert_eq!(pairs(way), pairs(&ways[0]));
    }
}

#[test]
fn v3_a_label_reaches_what_bears_one_below_it() {
    let reach = |label| {
        let boss = direct(vec![allowing(&["report.view"], entities(labelled(label)))], None);
        let policy = world(vec![], boss);
        pairs(&policy).into_iter().filter(|p| p.1 == "bo").map(|p| p.0).collect::<Vec<_>>()
    };
    assert_eq!(reach("nordics"), ["c_mand_fi", "c_mand_se", "c_opt_fi"]);
    assert_eq!(reach("fi"), ["c_mand_fi", "c_opt_fi"]);
}

#[test]
fn v4_two_assignments_of_a_role_do_not_bleed() {
    let reporter = role("reporter", vec![allowing(&["report.view"], None)]);
    let twice = vec![given("reporter", both("mandatory", "finns")), given("reporter", both("fi", "swedes"))];
    let pairs = pairs(&world(vec![reporter], admin("boss", twice)));
    assert_eq!(pairs.len(), 6);
    for bleeding in [("c_mand_se", "bo"), ("c_opt_fi", "aino"), ("c_opt_fi", "carl")] {
        assert!(!pairs.contains(&bleeding), "{bleeding:?}");
    }
}

#[test]
fn v5_disjoint_fences_leave_nothing() {
    let reporter = role("reporter", vec![allowing(&["report.view"], None)]);
    let boss = Admin { scope: users("swedes"), ..admin("boss", vec![given("reporter", users("finns"))]) };
    assert_eq!(pairs(&world(vec![reporter], boss)), []);
}

#[test]
fn v6_a_site_wide_action_needs_an_unfenced_path() {
    let cleaner = || role("cleaner", vec![allowing(&["site.delete"], None)]);
    let free = world(vec![cleaner()], admin("boss", vec![given("cleaner", None)]));
    let fenced = world(vec![cleaner()], admin("boss", vec![given("cleaner", users("finns"))]));
    assert!(may(&free, "boss", "site.delete", None, None));
    assert!(!may(&fenced, "boss", "site.delete", None, None));
}

#[test]
fn v7_except_takes_only_from_its_own_role() {
    let instructor = role("instructor", vec![allowing(&["content.edit"], None)]);
    let manager =
        Role { excepts: vec![excepting(&["content.edit"], None)], ..role("manager", vec![allowing(&["*"], None)]) };
    let policy = |held: &[&str]| {
        let held = held.iter().map(|r| given(r, None)).collect();
        world(vec![instructor.clone(), manager.clone()], admin("boss", held))
    };
    assert!(may(&policy(&["instructor", "manager"]), "boss", "content.edit", Some(content(&[])), None));
    assert!(!may(&policy(&["manager"]), "boss", "content.edit", Some(content(&[])), None));
}

#[test]
fn v8_an_except_of_two_parts_takes_a_rectangle() {
    let base = role("base", vec![allowing(&["report.view"], None)]);
    let excepts = vec![excepting(&["report.view"], both("mandatory", "finns"))];
    let cut = Role { excepts, extends: extending("base"), ..role("cut", vec![]) };
    let pairs = pairs(&world(vec![base, cut], admin("boss", vec![given("cut", None)])));
    assert_eq!(pairs.len(), 8);
    assert!(pairs.contains(&("c_opt_fi", "aino")) && !pairs.contains(&("c_mand_fi", "aino")));
}

#[test]
fn v9_a_label_fence_does_not_reach_what_bears_no_label() {
    let editor = Role { scope: entities(labelled("nordics")), ..role("editor", vec![allowing(&["content"], None)]) };
    let policy = world(vec![editor], admin("boss", vec![given("editor", None)]));
    assert!(!may(&policy, "boss", "content.edit", Some(content(&[])), None));
    assert!(may(&policy, "boss", "content.edit", Some(content(&["se"])), None));
}

#[test]
fn v10_an_entity_fence_says_nothing_about_actions_on_users() {
    let editor = Role { scope: entities(labelled("fi")), ..role("editor", vec![allowing(&["user.edit"], None)]) };
    let policy = world(vec![editor], admin("boss", vec![given("editor", None)]));
    assert!(may(&policy, "boss", "user.edit", None, Some(from("se"))));
}

#[test]
fn v30_somebody_hired_tomorrow_is_inside() {
    let boss = direct(vec![allowing(&["report.view"], entities(labelled("mandatory")))], users("finns"));
    let policy = world(vec![], boss);
    let hired = Facts { login: Some("hired.tomorrow".into()), ..from("fi") };
    assert!(may(&policy, "boss", "report.view", Some(content(&["mandatory"])), Some(hired)));
    // Of an open target, nothing is guessed.
    let unknown = Facts { login: Some("hired.tomorrow".into()), ..Facts::default() };
    let question = asked("boss", "report.view", Some(content(&["mandatory"])), Some(unknown));
    assert_eq!(allow(&policy, &question), Truth::Unknown);
}
