//! The canonical text of a policy: read again it is the same policy, and printed again the same text.

use std::fs;
use std::path::{Path, PathBuf};

use bailiwick::diagnostic::Findings;
use bailiwick::source::SourceId;
use bailiwick::syntax::ast::File;
use bailiwick::syntax::print::quoted;
use bailiwick::syntax::text::parse;
use proptest::prelude::*;

/// Reads a text that must be without fault.
fn read(text: &str) -> Result<File, String> {
    let mut findings = Findings::new();
    let file = parse(SourceId(0), text, &mut findings);
    let complaints: Vec<_> = findings.sorted().iter().map(|f| format!("{}: {}", f.code, f.message)).collect();
    if complaints.is_empty() { Ok(file) } else { Err(format!("{}\nin\n{text}", complaints.join("\n"))) }
}

/// The tree as text, without the places of its nodes (`0:12..34`).
fn without_places(file: &File) -> String {
    let text = format!("{file:?}");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(digit) = rest.find(|c: char| c.is_ascii_digit()) {
        out.push_str(&rest[..digit]);
        rest = &rest[digit..];
        let end = place(rest).unwrap_or_else(|| number(rest));
        if place(rest).is_none() {
            out.push_str(&rest[..end]);
        }
        rest = &rest[end..];
    }
    out + rest
}

fn number(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// The length of a place at the beginning of a text.
fn place(text: &str) -> Option<usize> {
    let digits = |at: usize| Some(number(&text[at..])).filter(|n| *n > 0).map(|n| at + n);
    let source = digits(0)?;
    let start = digits(source + usize::from(text[source..].starts_with(':')))?;
    text[start..].starts_with("..").then(|| digits(start + 2))?
}

/// Checks both halves of the promise for one text.
fn stays_the_same(text: &str) -> Result<(), String> {
    let first = read(text)?;
    let printed = first.to_string();
    let second = read(&printed)?;
    if without_places(&first) != without_places(&second) {
        return Err(format!("another tree:\n{text}\nprinted as\n{printed}"));
    }
    let again = second.to_string();
    if printed == again { Ok(()) } else { Err(format!("printed as\n{printed}\nand then as\n{again}")) }
}

/// The `.bw` files in a folder and those below it.
fn policies_in(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(policies_in(&path));
        } else if path.extension().is_some_and(|it| it == "bw") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn the_example_policies_stay_the_same() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files: Vec<_> =
        ["policies", "tests/cases/decide"].iter().flat_map(|folder| policies_in(&root.join(folder))).collect();
    assert!(files.len() > 10, "the example policies are found");
    for file in files {
        let text = fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(stays_the_same(&text), Ok(()), "{}", file.display());
    }
}

/// Every kind of declaration and statement, in forms that are not the canonical ones.
const EVERYTHING: &str = r#"
platform acme "Acme" { languages en, pl; granularity resource; roles per account one; super none }
platform bare
feature ecommerce on set by owner, "to"
feature resell off
tier viewer covers view *, alerts.process
tier admin covers * except administration, view "Microsoft.Web/sites"."read"
/// What people read.
///
///   indented
ignore BW302 "nobody yet"
resource reports "Reports" on entity, user when ecommerce and resell {
  view list, open; view full implies list
  write schedule needs list, accounts.open
  write create, edit changes country, unit, "a b"
  write publish signed
  destroy view, on
  become login_as; assign give
}
resource empty {}
attribute country { fi, se, "p l", 3 }
attribute department text
attribute size number
attribute remote flag
label region { nordics { fi, se }, cee { pl } }
unit one_long_name_of_a_unit { another_long_name_of_a_unit { helsinki, "the town of oulu" }, and_one_more_unit_below_the_first }
relation manages on user, entity
group a = country is fi and (not unit south only or labelled nordics.fi) or holders of manager
group b = not (finland or top) and not not x and email is not "x" and login in (a, "b c") and not (size at least -3)
group c = department is not set and size not in (1, 2) and email ends with "@x" and (a or b or (c or d)) and remote is true
group d = name starts with "A" and id contains "-" and size at most 3 and department is set and login is "set"
super role owner "Owner" ungrantable { extends portal_admin, "x y" on users in north; allow site.delete; primary }
role odd by claim spare tier admin read only except courses.create, view x when resell and actor in region.top needs role a, b "T" {
  label en "Odd"; label "Neither"
  scope entities labelled fi and nordics.se and users in own unit
  allow *, view x except assign.*, assign.owner, become accounts on users in self, own unit, c.d except holders of b when a and actor in c from 2026-01-01 until 2026-12-31 reason "why"
  except write * on entities in unit north, in own unit, id "x", managed, labelled a, b except labelled c
  assigns * except owner on users in own unit until 2027-01-01
  assigns learner, manager when a
  never courses.create on users in manages
  holders at least 1, at most 2 per unit
  holders exactly 3
  holders at most 4
}
role nothing
profile fi_analyst tier user { label en "Analyst"; label pl "Analityk"; extends analyst }
users in a, b except c hold learner, manager on entities in own unit
forbid become accounts, accounts.edit on users in holders of owner for everyone except admin x unless self, tier t, users in own unit reason "r"
forbid site.delete
admin aino "Aino Virtanen" {
  login aino.virtanen; email aino@acme.example
  phone +358 40 1234567
  id "E-1017"; photo "a b  c.jpg"; unit north.helsinki; labels fi, region.se
  country fi; "role" "x"; motto "a; b // c"
  profile fi_analyst from 2026-01-01
  role operator, editor on users in finnish_sales until 2026-12-31 reason "audit"
  scope users in finland
  allow reports.open on entities id "gdpr-2026"
  valid from 2026-01-01 until 2028-12-31
  inactive
}
admins from "people.csv"
responsible "Works council"
exception "help" for holders of operator may change personal, access until 2027-03-31 reason "agreed"
transfer owner from nina to "for" reason "handover"
quota at most 50 tier user, role x, unit north counting all soft price 9.5 EUR
quota at most 3 role org_admin counting active
separate plans.change, view plans from role portal_admin
separate role a from reports except reports.open
never everyone except holders of owner, role manager can plans.change on users in *
always holders of owner can site.delete
lint BW311 off
test "one" at 2027-02-01 with manager_goals on, resell off {
  aino can reports.open on entity { id "gdpr-2026"; labels mandatory, fi } and user { country fi; relation manages, helps; role learner }
  as learner, "to" { unit oulu; login x } cannot goals, view y on account { login maria; email a@b.example; name "A" }
  as learner can site.delete
  as {} cannot site.delete
  as { country fi } cannot goals.edit on user {}
}
"#;

#[test]
fn every_statement_stays_the_same() {
    assert_eq!(stays_the_same(EVERYTHING), Ok(()));
}

/// The canonical text of the declarations in a text.
fn canonical(text: &str) -> String {
    read(text).map_or_else(|why| why, |file| file.to_string())
}

#[test]
fn one_form_of_many_is_the_canonical_one() {
    let pairs = [
        (
            "forbid view \"reports\"  on entities in own unit\n  and users in \"finland\"",
            "forbid view reports on users in finland and entities in own unit\n",
        ),
        ("group g = ((country is \"fi\") or b) and c", "group g = (country is fi or b) and c\n"),
        ("group g = (a and b) or (not (c))", "group g = a and b or not c\n"),
        ("group g = a and (b and c)", "group g = a and (b and c)\n"),
        ("group g = login is not \"a b\"", "group g = login is not \"a b\"\n"),
        (
            "role r { allow \"a\".\"on\", \"on\".\"a\", assign.\"r s\" }",
            "role r {\n  allow a.on, \"on\".a, assign.\"r s\"\n}\n",
        ),
        (
            "admin a { email   a@b.example // x\n photo \"a.jpg\"; country \"a;b\" }",
            "admin a {\n  email a@b.example\n  photo a.jpg\n  country \"a;b\"\n}\n",
        ),
        ("resource r { view a, b; view c; write d needs a }", "resource r {\n  view a, b, c\n  write d needs a\n}\n"),
        ("role r { allow assign.*, \"users\", \"for\" }", "role r {\n  allow assign *, users, \"for\"\n}\n"),
        ("quota at most 3 tier user price 9.5 EUR soft", "quota at most 3 tier user soft price 9.50 EUR\n"),
        ("/// Doc.\nfeature f on\nfeature g", "/// Doc.\nfeature f\n\nfeature g\n"),
    ];
    for (written, wanted) in pairs {
        assert_eq!(canonical(written), canonical(wanted), "{written}");
        assert_eq!(canonical(written), wanted, "{written}");
    }
}

/// Every place for a name (`@1@` to `@6@`), each of them quoted.
const PLACES: &str = r#"
platform @1@ @2@ { languages @3@ }
feature @1@ off set by @2@, @3@
tier @1@ covers view @2@, @3@, @4@.@5@ except assign.@6@, @1@.@2@.@3@
resource @1@ @2@ on user when @3@ and @4@ { view @1@, @2@; write @3@ implies @4@, @5@.@6@ needs @1@ changes @2@, @3@ }
attribute @1@ { @2@, @3@ }
label @1@ { @2@ { @3@, @4@ }, @5@ }
unit @1@ { @2@ { @3@, @4@ }, @5@ }
relation @1@ on entity
group @1@ = @2@ and (@3@.@4@ or unit @5@) and @6@ is @1@ and @2@ not in (@3@, @4@) and holders of @5@ and labelled @6@
group @1@ = @2@ starts with @3@ or @4@ contains @5@ or @6@ at least 3 or @2@ is set or unit @3@.@4@ only
role @1@ @2@ tier @3@ read only except @1@, @2@.@3@ needs role @4@, @5@ when @6@ and actor in @1@ {
  label @1@ @2@
  extends @3@, @4@
  allow @5@, @6@.@1@ on users in @2@, holders of @3@ and entities @4@, id @5@, in unit @6@, labelled @1@, @2@ when @3@ reason @4@
  assigns @1@, @2@ except @3@ on users in @4@.@5@
}
users in @1@ hold @2@, @3@
forbid @1@ for holders of @2@, admin @3@, tier @4@ unless users in @5@, role @6@
admin @1@ @2@ { @3@ @4@ }
admin @1@ { login @2@; email @3@; phone @4@; id @5@; photo @6@; unit @1@.@2@; labels @3@, @4@; role @5@ on users in @6@; profile @1@ }
admins from @1@
responsible @1@
exception @1@ for holders of @2@ may change @3@, @4@
transfer @1@ from @2@ to @3@ reason @4@
quota at most 3 tier @1@, role @2@, unit @3@ price 1 @4@
separate role @1@ from role @2@
separate @1@ from @2@, @3@
never holders of @1@ can @2@ on users in @3@
test @1@ with @2@ on, @3@ off {
  @1@ can @2@, @3@.@4@ on entity { id @5@; labels @6@ } and user { relation @3@, @4@; role @5@ }
  @1@ can @2@ on account { @3@ @4@ }
  as @1@, @2@ { @3@ @4@ } cannot @5@
}
"#;

/// Names that a careless printer would get wrong.
fn tricky_names() -> impl Strategy<Value = String> {
    let words = "and or not is in own self except on view write destroy become assign as can cannot when unless until from reason \
        role roles unit users entities everyone holders of labelled labels label id login relation set tier admin by actor \
        scope profile valid inactive allow primary signed needs implies changes at least * assign.* 3 -3 3a 2026-01-01 true";
    let words: Vec<_> = words.split_whitespace().map(str::to_owned).collect();
    prop_oneof![
        proptest::sample::select(words),
        "[a-z_][a-z0-9_-]{0,6}",
        r#"[ \.;{}()"\\,/*@#=a-]{1,6}"#,
        "\\PC{1,5}",
        "[\u{1}-\u{20}\u{7f}\u{85}\u{ad}\u{301}\u{200b}-\u{202e}\u{feff}a]{1,4}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]
    #[test]
    fn whatever_the_names_are_they_stay_the_same(names in proptest::array::uniform6(tricky_names())) {
        let mut text = PLACES.to_owned();
        for (i, name) in names.iter().enumerate() {
            text = text.replace(&format!("@{}@", i + 1), &quoted(name));
        }
        prop_assert_eq!(stays_the_same(&text), Ok(()));
    }
}
