//! What typical changes of a policy look like to whoever reviews them: each comment is a snapshot, to be read.

use bailiwick::diagnostic::Findings;
use bailiwick::diagnostic::human::Style;
use bailiwick::diff::allow::AllowList;
use bailiwick::diff::change::Diff;
use bailiwick::diff::gate::{Gate, Verdict};
use bailiwick::diff::render::{View, human, markdown};
use bailiwick::diff::words;
use bailiwick::diff::{Options, Policy, Side, diff};
use bailiwick::source::SourceMap;
use bailiwick::syntax;
use bailiwick::syntax::ast::File;

const BASE: &str = include_str!("cases/change/base.bw");
/// 2026-11-01.
const DAY: i32 = 20_758;

/// A policy with everything that a comparison asks of it.
struct Written {
    sources: SourceMap,
    files: Vec<File>,
    outcome: bailiwick::Outcome,
}

impl Written {
    fn new(text: &str) -> Self {
        let sources = SourceMap::single("academy.bw", text);
        let files = syntax::parse(&sources, &mut Findings::new());
        let outcome = bailiwick::compile(&sources, &bailiwick::Options { at: Some(DAY), ..Default::default() });
        Self { sources, files, outcome }
    }

    fn side<'a>(&'a self, name: &'a str) -> Side<'a> {
        let policy = Policy { sources: &self.sources, files: &self.files, outcome: &self.outcome };
        let table = self.outcome.compiled.as_ref().map(|c| c.table());
        Side { name, table, sidecar: None, policy: Some(policy) }
    }
}

fn compared(old: &str, new: &str) -> Diff {
    let (old, new) = (Written::new(old), Written::new(new));
    let options = Options { at: Some(DAY), ..Options::default() };
    diff(&old.side("main"), &new.side("branch"), &options).unwrap_or_else(|why| panic!("{why}"))
}

/// The change that replaces these parts of the base policy.
fn changed(parts: &[(&str, &str)]) -> Diff {
    let mut new = BASE.to_owned();
    for (old, by) in parts {
        assert_eq!(new.matches(old).count(), 1, "`{old}` stands once");
        new = new.replace(old, by);
    }
    compared(BASE, &new)
}

fn reads(name: &str, parts: &[(&str, &str)]) {
    let diff = changed(parts);
    let verdict = Verdict::of(&diff, &[Gate::Privileged], &AllowList::default());
    let view = View { old: "main", new: "branch", diff: &diff, verdict: &verdict };
    let style = Style { width: 100, ..Style::default() };
    let terminal = human::summary(&view, style) + &human::render(&view, style) + &human::judgement(&view, style);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::assert_snapshot!(
            format!("change-{name}"),
            format!("{terminal}\n=== comment\n{}", markdown::render(&view))
        );
    });
}

#[test]
fn the_same_policy_changes_nothing() {
    let diff = compared(BASE, BASE);
    assert!(diff.changes.is_empty() && diff.edits.is_empty() && diff.findings.is_empty() && diff.beside.is_empty());
}

#[test]
fn a_new_role() {
    let role = "role auditor \"Auditor\" { allow view courses, reports.open }\nprofile editor";
    let given = "country fi; role teacher; role auditor }";
    reads("new-role", &[("profile editor \"", &format!("{role} \"")), ("country fi; role teacher }", given)]);
}

#[test]
fn a_fence_is_widened() {
    let wider = "group nordic = country in (fi, se)\ngroup finland";
    reads(
        "fence-widened",
        &[("group finland", wider), ("reports.export on users in finland", "reports.export on users in nordic")],
    );
}

#[test]
fn a_profile_is_deleted_while_held() {
    reads(
        "profile-deleted",
        &[("profile editor \"Editor\" { allow courses.edit on entities labelled mandatory }\n", "")],
    );
}

#[test]
fn the_owner_is_transferred() {
    let transfer = "lint BW103 off\ntransfer owner from maria to dora reason \"handover\"";
    let parts = [
        ("lint BW103 off", transfer),
        ("unit helsinki; role owner }", "unit helsinki; role deputy }"),
        ("dora@academy.example; unit helsinki; role deputy }", "dora@academy.example; unit helsinki; role owner }"),
    ];
    reads("owner-transferred", &parts);
    assert!(words::headline(&changed(&parts)).starts_with("`owner` is transferred from `maria` to `dora`; "));
    // Where something is wrong with it, it is not announced.
    let wrong = transfer.replace("from maria", "from nils");
    let diff = changed(&[("lint BW103 off", &wrong), parts[1], parts[2]]);
    assert!(diff.findings.iter().any(|f| f.code.0 == "BWT03"), "{:?}", diff.findings);
    assert!(!words::headline(&diff).contains("is transferred"), "{}", words::headline(&diff));
}

#[test]
fn a_protection_is_dropped() {
    let forbid = "forbid accounts.edit, accounts.remove, become accounts on users in holders of owner unless self\n";
    reads("protection-dropped", &[(forbid, "")]);
}

#[test]
fn an_option_is_turned_on() {
    reads("option-on", &[("feature surveys off", "feature surveys on")]);
}

#[test]
fn an_admin_is_made_inactive() {
    reads("admin-inactive", &[("role analyst; role teacher }", "role analyst; role teacher; inactive }")]);
}

#[test]
fn a_unit_is_moved() {
    let moved = [("{ helsinki, oulu, turku }", "{ helsinki { turku }, oulu }")];
    reads("unit-moved", &moved);
    let diff = changed(&moved);
    assert!(diff.changes.iter().all(|change| !change.causes.is_empty()), "{:?}", diff.changes);
    assert_eq!((diff.edits.len(), diff.declared.len()), (1, 1), "a move is one edit and one name");
}

#[test]
fn the_criterion_of_a_group_is_loosened() {
    reads("group-loosened", &[("country is fi", "country in (fi, se)")]);
}

#[test]
fn a_quota_is_raised() {
    reads("quota-raised", &[("quota at most 4", "quota at most 6")]);
}

#[test]
fn a_seat_beyond_the_limit_has_its_price() {
    let line = "country fi; role teacher }";
    let more = format!("{line}\nadmin eva \"Eva\" {{ email eva@academy.example; unit oulu; role teacher }}");
    let diff = changed(&[(line, &more)]);
    let seats: Vec<&str> = diff.beside.iter().map(|it| it.text.as_str()).collect();
    let wanted = "tier `user`, tier `admin`: 5 of 4 seats instead of 4 of 4; 1 beyond the limit instead of none, \
                  for 9.00 EUR instead of nothing";
    assert_eq!(seats, [wanted]);
}
