//! The text form: what is read, and as what; `tests/cases/reject` shows what is said about the rest.

use bailiwick::diagnostic::{Finding, Findings};
use bailiwick::source::SourceId;
use bailiwick::syntax::ast::{AdminItem, AttributeTest, ConditionKind, DeclKind, EntityItem, File, Items, RoleItem};
use bailiwick::syntax::text::{parse, parse_actions, parse_actor, parse_target};

fn read(text: &str) -> (File, Vec<Finding>) {
    let mut findings = Findings::new();
    let file = parse(SourceId(0), text, &mut findings);
    (file, findings.sorted())
}

/// The declarations of a sound text.
fn sound(text: &str) -> File {
    let (file, findings) = read(text);
    assert!(findings.is_empty() && !file.broken, "{text}\n{findings:#?}");
    file
}

/// A tree without its places: equal for two texts that say the same.
fn tree(text: &str) -> String {
    without_places(&format!("{:?}", sound(text).decls))
}

fn without_places(debug: &str) -> String {
    let mut kept = String::new();
    let mut rest = debug;
    while let Some(at) = rest.find("0:") {
        let behind = rest[at + 2..].trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        kept.push_str(&rest[..at]);
        rest = behind;
    }
    kept + rest
}

fn same(one: &str, other: &str) {
    assert_eq!(tree(one), tree(other), "{one}\n{other}");
}

fn codes(text: &str) -> Vec<&'static str> {
    read(text).1.iter().map(|finding| finding.code.0).collect()
}

/// The tour of the language, as the reference shows it.
fn tour() -> &'static str {
    let reference = include_str!("../docs/language.md");
    let start = reference.find("```bw\n// What there is").map_or(0, |at| at + 6);
    let length = reference[start..].find("\n```").unwrap_or(0);
    &reference[start..=start + length]
}

#[test]
fn the_tour_is_read_whole() {
    assert_eq!(sound(tour()).decls.len(), 60);
    same(tour(), &tour().replace('\n', "\r\n"));
}

#[test]
fn lines_continue_where_the_sentence_does() {
    let one =
        "role a { allow x.y, z except z.v on users in g and entities id \"i\" when f and actor in g reason \"r\" }";
    same(one, &one.replace(", ", ",\n\n // more\n").replace("except ", "except\n"));
    same(one, &one.replace(" on ", "\n  on\n ").replace(" when ", "\n // why\nwhen\n").replace(" and ", "\nand\n"));
    same(one, &one.replace(" reason", "\r\n\r\n  reason"));
    same("forbid a for everyone unless self", "forbid a for everyone\n\n  unless self // but\n");
    same("group g = (a or not b) and c in (d, e)", "group g = (\na\nor not b\n)\nand c in (\nd,\ne)");
    same("admin a { role r until 2026-01-01 }", "admin a { role r\n until 2026-01-01\n}");
    same("label a { b { c }, d }; unit e", "label a {\n  b {\n c\n }\n d\n}\n\nunit e");
}

#[test]
fn a_line_that_begins_with_except_is_its_own() {
    let file = sound("role a {\n  allow b\n  except c\n}");
    let DeclKind::Role(role) = &file.decls[0].kind else { panic!("a role") };
    assert!(matches!(role.body[1].node, RoleItem::Except(_)));
    assert_eq!(codes("forbid a\nfor self"), ["BW001"], "`for` carries nothing on");
}

#[test]
fn words_are_keywords_only_in_their_place() {
    for word in
        ["role", "tier", "allow", "users", "when", "from", "until", "holders", "as", "can", "unit", "id", "reason"]
    {
        for pattern in [
            "role W \"x\" tier W { allow W.W, W; extends W }",
            "tier W covers W, view W",
            "resource W on entity when W { view W needs W; write W signed, W implies W changes W }",
            "group W = holders of W and country is W",
            "attribute W { W, W }",
            "label W { W { W } }",
            "forbid W.W except W on users in holders of W for admin W, tier W unless role W",
            "transfer W from W to W",
            "never role W can W",
            "admin W { labels W; unit W; scope users in W }",
            "test \"t\" with W on { W can W.W on user { unit W } }",
        ] {
            same(&pattern.replace('W', word), &pattern.replace('W', &format!("\"{word}\"")));
        }
    }
    same("separate role from role b", "separate \"role\" from role b");
    same("separate role from from role", "separate role \"from\" from \"role\"");
    same("test \"t\" { as can x.y }", "test \"t\" { \"as\" can x.y }");
    same("group g = unit and holders", "group g = \"unit\" and \"holders\"");
    same("role a { allow in-house.inactive }", "role a { allow \"in-house\".\"inactive\" }");
}

#[test]
fn reserved_words_are_names_after_a_dot_and_in_a_list_of_actions() {
    same("role a { allow x.view, x.on, x.self }", "role a { allow x.\"view\", x.\"on\", x.\"self\" }");
    same(
        "resource x { view view, in; write not implies view }",
        "resource x { view \"view\", \"in\"; write \"not\" implies \"view\" }",
    );
    for word in
        ["and", "or", "not", "is", "in", "own", "self", "except", "on", "view", "write", "destroy", "become", "assign"]
    {
        assert_eq!(codes(&format!("feature {word}")), ["BW001"]);
    }
}

#[test]
fn names_are_normalised_and_escapes_resolved() {
    same("label caf\u{65}\u{301}", "label caf\u{e9}");
    same("label \"a\\\"b\\\\c\\nd\\u{e9}\"", "label \"a\\u{22}b\\u{5c}c\\u{a}d\u{e9}\"");
    same("role a { allow \"Microsoft.Web/sites\".\"read\" }", "role a { allow \"Microsoft.Web/sites\".read }");
    let file = sound("label größe-2_x");
    let DeclKind::Label(label) = &file.decls[0].kind else { panic!("a label") };
    assert_eq!((label.name.node.as_str(), label.name.span.range()), ("größe-2_x", 6..17));
}

#[test]
fn raw_values_end_with_the_statement() {
    let text = "admin a { phone +358 40 // x\n email a//b@c  ; department  a{b \"c\" (d }\nlabel l";
    let file = sound(text);
    let DeclKind::Admin(admin) = &file.decls[0].kind else { panic!("an admin") };
    let values: Vec<&str> = admin
        .body
        .iter()
        .map(|item| match &item.node {
            AdminItem::Phone(v) | AdminItem::Email(v) | AdminItem::Attribute { value: v, .. } => v.node.as_str(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(values, ["+358 40", "a//b@c", "a{b \"c\" (d"]);
    assert_eq!(&text[admin.body[1].span.range()], "email a//b@c");
    assert_eq!(file.decls.len(), 2);
}

#[test]
fn places_run_from_the_first_to_the_last_token() {
    let text = "// c\n  role a \"A\" { allow x.y on users in g // d\n  }  // e\n";
    let file = sound(text);
    assert!(text[file.decls[0].span.range()].starts_with("role a") && text[file.decls[0].span.range()].ends_with('}'));
    let DeclKind::Role(role) = &file.decls[0].kind else { panic!("a role") };
    assert_eq!(&text[role.body[0].span.range()], "allow x.y on users in g");
    let RoleItem::Allow(allow) = &role.body[0].node else { panic!("an allow") };
    assert_eq!(&text[allow.actions.span.range()], "x.y");
    assert_eq!(allow.on.as_ref().map(|on| &text[on.span.range()]), Some("users in g"));
}

#[test]
fn sets_have_one_shape() {
    for (text, listed, except) in [
        ("*", None, 0),
        ("* except a", None, 1),
        ("a, view *, b.c, *", Some(4), 0),
        ("become a, b except c, d", Some(2), 2),
    ] {
        let set = parse_actions(SourceId(0), text, &mut Findings::new()).expect(text);
        let items = match &set.items {
            Items::All(_) => None,
            Items::Listed(items) => Some(items.len()),
        };
        assert_eq!((items, set.except.len()), (listed, except), "{text}");
    }
    let file = sound(
        "role a { scope entities in own unit, id \"x\", r, labelled f and m and users in a, own unit except self }",
    );
    let DeclKind::Role(role) = &file.decls[0].kind else { panic!("a role") };
    let RoleItem::Scope(scope) = &role.body[0].node else { panic!("a scope") };
    let (Some(users), Some(entities)) = (&scope.users, &scope.entities) else { panic!("both parts") };
    let Items::Listed(items) = &entities.items else { panic!("a list") };
    assert!(matches!(&items[3].node, EntityItem::Labelled { labels, all: true } if labels.len() == 2));
    assert_eq!(users.except.len(), 1);
    assert_eq!(codes("role a { scope entities labelled f, m and n }"), ["BW001"], "comma and `and` do not mix");
}

#[test]
fn not_binds_before_and_and_before_or() {
    let file = sound("group g = not a and b or c");
    let DeclKind::Group(group) = &file.decls[0].kind else { panic!("a group") };
    let ConditionKind::Or(parts) = &group.condition.kind else { panic!("an or") };
    let ConditionKind::And(inner) = &parts[0].kind else { panic!("an and") };
    assert!(matches!(inner[0].kind, ConditionKind::Not(_)));
    same("group g = a and (b or c)", "group g = (a) and ((b or c))");
}

#[test]
fn attributes_have_all_their_tests() {
    for (text, not, expected) in [
        ("a is b", false, AttributeTest::Is as fn(_) -> _),
        ("a is not b", true, AttributeTest::Is),
        ("a at least 3", false, AttributeTest::AtLeast),
        ("a at most -5", false, AttributeTest::AtMost),
        ("a starts with \"b\"", false, AttributeTest::StartsWith),
        ("a ends with \"b\"", false, AttributeTest::EndsWith),
        ("a contains b", false, AttributeTest::Contains),
    ] {
        let (negated, test) = attribute_test(text);
        let (AttributeTest::Is(value)
        | AttributeTest::AtLeast(value)
        | AttributeTest::AtMost(value)
        | AttributeTest::StartsWith(value)
        | AttributeTest::EndsWith(value)
        | AttributeTest::Contains(value)) = &test
        else {
            panic!("{text}: {test:?}")
        };
        assert_eq!(format!("{test:?}"), format!("{:?}", expected(value.clone())));
        assert_eq!(negated, not, "{text}");
    }
    assert!(matches!(attribute_test("a is set"), (false, AttributeTest::Set)));
    assert!(matches!(attribute_test("a is not set"), (true, AttributeTest::Set)));
    assert!(matches!(attribute_test("a is \"set\""), (false, AttributeTest::Is(_))));
    assert!(matches!(attribute_test("a not in (b, 3)"), (true, AttributeTest::In(values)) if values.len() == 2));
}

fn attribute_test(text: &str) -> (bool, AttributeTest) {
    let file = sound(&format!("group g = {text}"));
    match &file.decls[0].kind {
        DeclKind::Group(group) => match &group.condition.kind {
            ConditionKind::Attribute { test, negated, .. } => (*negated, test.clone()),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_a_line_carries_comes_in_any_order() {
    let parts = ["on users in g", "when f", "from 2026-01-01", "until 2026-12-31", "reason \"r\""];
    let line = |parts: &[&str]| format!("role a {{ allow x.y {} }}", parts.join(" "));
    let straight = line(&parts);
    for turn in 1..parts.len() {
        let mut turned = parts;
        turned.rotate_left(turn);
        same(&straight, &line(&turned));
    }
    same("role a \"A\" ungrantable by claim tier t", "role a tier t by claim \"A\" ungrantable");
    same("role a needs role b, c when f {}", "role a when f needs role b, c {}");
}

#[test]
fn several_roles_on_a_line_carry_the_same() {
    same("admin a { role b on users in g; role c on users in g }", "admin a { role b, c on users in g }");
}

#[test]
fn documentation_and_ignores_stand_before_a_declaration() {
    let file = sound("label a /// not this\n/// one\n///  two\n//// nor this\nignore BW302 \"later\"\nrole b");
    assert_eq!(file.decls[0].doc, None);
    assert_eq!(file.decls[1].doc.as_deref(), Some("one\n two"));
    assert_eq!(file.decls[1].ignores[0].code.node, "BW302");
}

#[test]
fn targets_and_actors_are_read_from_the_command_line() {
    let mut findings = Findings::new();
    let target =
        parse_target(SourceId(0), "user { country fi }\nand entity { id x }", &mut findings).expect("a target");
    assert!(target.user.is_some() && target.entity.is_some());
    for actor in ["aino", "as learner", "as learner, manager { unit oulu }", "as { country fi }"] {
        assert!(parse_actor(SourceId(0), actor, &mut findings).is_some(), "{actor}");
    }
    assert_eq!(findings.len(), 0);
    assert!(parse_target(SourceId(0), "user { country fi", &mut findings).is_none());
    assert!(parse_actor(SourceId(0), "as {", &mut findings).is_none());
    assert!(parse_target(SourceId(0), &"(".repeat(100_000), &mut findings).is_none());
    assert_eq!(findings.into_iter().map(|f| f.code.0).collect::<Vec<_>>(), ["BW002", "BW002", "BW005"]);
}

#[test]
fn every_broken_declaration_is_shown_and_the_others_are_kept() {
    let text = "label a\nrole b {\n  alow x\n  extends c\n  scope q\n}\nlabl d\nrole e { allow }\nlabel f";
    let (file, findings) = read(text);
    let lines: Vec<usize> = findings
        .iter()
        .filter_map(|f| f.span())
        .map(|span| 1 + text[..span.start as usize].matches('\n').count())
        .collect();
    assert_eq!(lines, [3, 5, 7, 8], "{findings:#?}");
    assert!(file.broken);
    assert_eq!(file.decls.len(), 4, "the roles are kept without their broken lines");
}

#[test]
fn lines_and_files_have_limits() {
    let long = format!("label a\nlabel {}\nlabel b", "c".repeat(1_000_001));
    let (file, findings) = read(&long);
    assert_eq!((file.decls.len(), findings[0].code.0), (2, "BW007"));
    assert_eq!(codes(&format!("label {}", "a".repeat(1_025))), ["BW007"]);
}
