//! Quick fixes: what is applied, what is not and why, and that what is called safe leaves every answer as it was.
//!
//! Each file in `tests/cases/fix` is fixed twice, safely and with `unsafe`; what came of it is in `snapshots/`.

#[expect(dead_code, reason = "agreement uses the rest")]
#[path = "oracle/bridge.rs"]
mod bridge;
#[expect(dead_code, reason = "the other directory tests use the rest")]
mod directory;
#[expect(dead_code, reason = "the laws use the rest")]
mod oracle;

use bailiwick::diagnostic::{Safety, Severities, Severity};
use bailiwick::fix::apply::{Fixed, Why, apply};
use bailiwick::fix::change::Change;
use bailiwick::model::LintLevel;
use bailiwick::source::SourceMap;
use bailiwick::{Options, Outcome, check, compile};
use proptest::prelude::*;

use oracle::cases::cases;
use oracle::eval::allow;
use oracle::policy::{Marks, Question};
use oracle::print::print;
use oracle::truth::Truth;

fn options() -> Options {
    Options { at: Some(directory::today()), ..Options::default() }
}

/// The one source's text.
fn text(sources: &SourceMap) -> String {
    sources.iter().map(|(_, source)| source.text.clone()).collect()
}

/// What was done and what was not, and the text.
fn shown(fixed: &Fixed) -> String {
    let change = |change: &Change| match change {
        Change::NoneBefore => "  no rights before\n".to_owned(),
        Change::NotShown => "  not shown to be the same\n".to_owned(),
        Change::Rows { lost, gained } => {
            let lines = |sign, rows: &[String]| rows.iter().map(|row| format!("  {sign} {row}\n")).collect::<String>();
            lines('-', lost) + &lines('+', gained)
        }
    };
    let mut out = String::new();
    for fix in &fixed.applied {
        out += &format!("fixed {}: {}\n", fix.place, fix.title);
        out += &fix.change.as_ref().map(change).unwrap_or_default();
    }
    for fix in &fixed.left {
        out += &format!("not fixed {}: {}\n", fix.place, fix.title);
        out += &match &fix.why {
            Why::Rights(rights) => change(rights),
            Why::NewError(error) => format!("  new error: {error}\n"),
            Why::NotTried => "  not tried\n".to_owned(),
        };
    }
    for finding in &fixed.outcome.findings {
        out += &format!("left {}: {}\n", finding.code, finding.message);
    }
    out + "---\n" + &text(&fixed.sources)
}

#[test]
fn cases_are_fixed() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for case in directory::cases("fix") {
            let (sources, name) = (directory::sources(&case), directory::name(&case));
            let (safe, all) = (apply(&sources, &options(), false), apply(&sources, &options(), true));
            let shown = format!("{}===\n{}===\n{}", text(&sources), shown(&safe), shown(&all));
            insta::assert_snapshot!(format!("fix-{name}"), shown);
            for fixed in [&safe, &all] {
                let again = apply(&fixed.sources, &options(), false);
                assert!(again.applied.is_empty(), "{name}: {:?}", again.applied);
                assert_eq!(text(&again.sources), text(&fixed.sources), "{name}");
            }
        }
    });
}

/// Both forms of a case say the same before, so they do afterwards.
#[test]
fn both_forms_are_fixed_alike() {
    let table = |case: &std::path::Path| {
        let fixed = apply(&directory::sources(case), &options(), true);
        compile(&fixed.sources, &options()).compiled.map(|compiled| compiled.table().to_vec())
    };
    let mut pairs = 0;
    for yaml in directory::cases("fix").iter().filter(|case| case.extension().is_some_and(|e| e == "yaml")) {
        let (yaml, text) = (table(yaml), table(&yaml.with_extension("bw")));
        assert!(yaml.is_some() && yaml == text, "what is left of one is not what is left of the other");
        pairs += 1;
    }
    assert_eq!(pairs, 3);
}

#[test]
fn every_fix_of_the_rejected_cases_leaves_something_readable() {
    let mut tried = 0;
    for case in directory::cases("reject") {
        let sources = directory::sources(&case);
        let before = compile(&sources, &options());
        let unreadable = |outcome: &Outcome| {
            outcome.findings.iter().filter(|f| f.code.0 < "BW100").map(|f| f.code.0).collect::<Vec<_>>()
        };
        for fix in before.findings.iter().filter_map(|f| f.fix.as_deref()) {
            let mut after = sources.clone();
            for edit in fix.edits.iter().rev() {
                let mut text = after.get(edit.span.source).text.clone();
                text.replace_range(edit.span.range(), &edit.text);
                after.replace(edit.span.source, text);
            }
            let after = compile(&after, &options());
            let (old, new) = (unreadable(&before), unreadable(&after));
            assert!(new.len() <= old.len(), "{}: {}: {old:?} {new:?}", case.display(), fix.title);
            tried += 1;
        }
    }
    assert!(tried > 80, "{tried} fixes");
}

#[test]
fn line_ends_and_what_is_beside_stay() {
    let policy = "platform shop { super none }\r\nresponsible \"Example board\"\r\nlabel draft\r\n\r\n// \u{e4}\r\nlabel rare // kept\r\n\
        resource books on entity { view list }\r\nrole clerk { allow books }\r\nadmin pat { role clerk; labels rare }";
    let fixed = apply(&SourceMap::single("a.bw", policy), &options(), false);
    assert_eq!(text(&fixed.sources), policy.replace("label draft\r\n", ""));
    assert_eq!(fixed.applied.len(), 1);
}

#[test]
fn safety_is_told_of_what_is_left() {
    let policy = "platform shop { super none }\nresource books on entity { view list }\nrole clerk { allow boks }\n";
    let outcome = compile(&SourceMap::single("a.bw", policy), &options());
    assert!(outcome.findings.iter().filter_map(|f| f.fix.as_ref()).all(|fix| fix.safety.is_none()));
    let fixed = apply(&SourceMap::single("a.bw", policy), &options(), false);
    let left: Vec<_> = fixed.outcome.findings.iter().filter_map(|f| f.fix.as_ref()).map(|fix| fix.safety).collect();
    assert_eq!(left, [Some(Safety::Unsafe)]);
    assert_eq!(fixed.left.first().map(|left| &left.why), Some(&Why::Rights(Change::NoneBefore)));
}

/// Whether a question tells of an account that it bears a label that is no longer declared: such a tale cannot be told any more, where
/// before it may have been a false one.
fn tells_of_gone(outcome: &Outcome, question: &Question) -> bool {
    let declared: Vec<&str> =
        outcome.compiled.iter().flat_map(|c| &c.model().labels.nodes).map(|node| node.name.as_str()).collect();
    let labels: Vec<&String> = match question.user.as_ref().map(|user| &user.labels) {
        Some(Marks::Only(labels)) => labels.iter().collect(),
        Some(Marks::Each(labels)) => labels.iter().map(|(label, _)| label).collect(),
        Some(Marks::Nothing) | None => vec![],
    };
    labels.iter().any(|label| !declared.contains(&label.as_str()))
}

proptest! {
    #![proptest_config(oracle::config(40))]

    /// Safe fixes, of lines that were there and of some that were added to do nothing, change no answer; but where a fact was missing
    /// there may be an answer that did not wait for it. A second run finds nothing more.
    #[test]
    fn safe_fixes_leave_every_answer(case in cases(60)) {
        let idle = "\nlabel zz_draft { zz_a, zz_b }\nforbid * unless everyone\nignore BW506 \"idle\"\nlabel zz_rare\n";
        let policy = print(&case.policy, case.layout) + idle;
        let note = |c: &check::Check| (c.code.to_string(), LintLevel::At(Severity::Note));
        let severities = Severities { levels: check::CHECKS.iter().map(note).collect(), ..Severities::default() };
        let options = Options { at: bailiwick::dates::parse_date("1900-01-01").ok(), severities, ..Options::default() };
        let sources = SourceMap::single("policy.bw", &policy);
        let before = compile(&sources, &options);
        let fixed = apply(&sources, &options, false);
        let table = |outcome: &Outcome| {
            outcome.compiled.as_ref().map(|c| c.table().to_vec()).ok_or_else(|| format!("{:?}", outcome.findings))
        };
        let (old, new) = (table(&before).map_err(TestCaseError::fail)?, table(&fixed.outcome).map_err(TestCaseError::fail)?);
        let left = text(&fixed.sources);
        prop_assert!(!left.contains("zz_") && !left.contains("forbid * unless everyone"), "{left}\n{:?}", fixed.left);
        let (old, new) = (bridge::Reader::new(&old), bridge::Reader::new(&new));
        let (old, new) = (old.map_err(TestCaseError::fail)?, new.map_err(TestCaseError::fail)?);
        for question in case.questions().filter(|q| !tells_of_gone(&fixed.outcome, q)) {
            let one = old.decide(&case.policy, &question).map_err(TestCaseError::fail)?;
            let other = new.decide(&case.policy, &question).map_err(TestCaseError::fail)?;
            let waited = || other.allowed && allow(&case.policy, &question) == Truth::Unknown;
            prop_assert!(one.allowed == other.allowed || waited(), "{:?}\n{question:?}\n{policy}", fixed.applied);
        }
        let again = apply(&fixed.sources, &options, false);
        prop_assert!(again.applied.is_empty(), "{:?}", again.applied);
        prop_assert_eq!(text(&again.sources), left);
    }
}
