//! Comparisons in every format: whatever names a policy has, an output is valid, and the same comparison gives the same text.

use std::sync::LazyLock;

use bailiwick::diagnostic::human::Style;
use bailiwick::diagnostic::{Code, Finding, Severity};
use bailiwick::diff::allow::AllowList;
use bailiwick::diff::change::{
    About, Accounts, ActionName, Beside, Change, Declared, Diff, Direction, Edit, Period, Risk, Said, Spot, Subject,
    What,
};
use bailiwick::diff::gate::{Gate, Verdict};
use bailiwick::diff::render::{View, findings, human, json, markdown};
use bailiwick::source::SourceMap;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let schema = serde_json::from_str(include_str!("../grammar/diff.schema.json")).expect("JSON");
    jsonschema::draft7::meta::validate(&schema).expect("a schema of draft-07");
    jsonschema::draft7::new(&schema).expect("a schema")
});

/// Names that mean something to Markdown, terminals or programs, and any others.
fn text() -> impl Strategy<Value = String> {
    let odd = [
        "",
        " ",
        "pat",
        "a|b",
        "`",
        "``x``",
        "a\\|b",
        "<b>bold</b>",
        "<!--",
        "-->",
        "@octocat",
        "@org/team",
        "#12",
        "</details>",
        "| a |",
        "line\nbreak",
        "\r\n",
        "\u{1b}[31mred",
        "\u{202e}txt",
        "https://x.example",
        "![a](b)",
        "*x* _y_",
        "&amp;",
        "名前",
        "é",
        "~~~",
        "---",
        "$x$",
        "\\",
        "\t",
        "\u{0}",
        ":tada:",
    ];
    prop_oneof![3 => select(odd.to_vec()).prop_map(str::to_owned), 1 => any::<String>(), 1 => "[a-z.@|`<>\\\\ ]{0,12}"]
}

fn risk() -> impl Strategy<Value = Risk> {
    select(Risk::ALL.to_vec())
}

fn causes() -> impl Strategy<Value = Vec<usize>> {
    vec(0..8_usize, 0..8)
}

fn change() -> impl Strategy<Value = Change> {
    let subject = prop_oneof![
        text().prop_map(Subject::Role),
        text().prop_map(Subject::Account),
        Just(Subject::Accounts),
        Just(Subject::Unnamed)
    ];
    let direction = select(vec![Direction::Gained, Direction::Widened, Direction::Narrowed, Direction::Lost]);
    let kind = select(vec!["view", "write", "destroy", "become", "assign"]);
    let action = (text(), kind).prop_map(|(path, kind)| ActionName { path, kind });
    let day = || proptest::option::of(any::<i32>());
    let period = proptest::option::of((day(), day()).prop_map(|(from, until)| Period { from, until }));
    let who = ((subject, vec(text(), 0..3)), direction, vec(action, 0..10), text(), period, text());
    let rest = (0..9_usize, vec(text(), 0..5), vec(text(), 0..3), causes(), risk(), text());
    (who, rest).prop_map(|(who, rest)| {
        let ((subject, also), direction, actions, region, period, witness) = who;
        let (accounts, examples, through, causes, risk, reason) = rest;
        Change {
            subject,
            also,
            direction,
            actions,
            region,
            period,
            witness,
            accounts,
            examples,
            logins: vec![],
            through,
            causes,
            risk,
            reason,
        }
    })
}

fn said() -> impl Strategy<Value = Option<Said>> {
    let path = proptest::option::of(prop_oneof![Just("a.bw".to_owned()), text()]);
    proptest::option::of((text(), path, 0..5_usize).prop_map(|(text, path, line)| Said {
        text,
        path,
        line,
        span: None,
    }))
}

fn finding() -> impl Strategy<Value = Finding> {
    let severity = select(vec![Severity::Note, Severity::Warning, Severity::Error]);
    (severity, text(), proptest::option::of(text()), vec(text(), 0..3)).prop_map(|(severity, message, help, notes)| {
        let code = if message.len() % 2 == 0 { Code("BWT01") } else { Code("BWT11") };
        let mut finding = Finding::new(code, severity, message);
        finding.help = help.map(String::into_boxed_str);
        finding.notes = notes;
        finding
    })
}

fn diff(most: usize) -> impl Strategy<Value = Diff> {
    let what = select(vec![What::Protection, What::Escalation, What::Seats]);
    let beside =
        (what, text(), risk(), causes()).prop_map(|(what, text, risk, causes)| Beside { what, text, risk, causes });
    let about = select(vec![About::Access, About::Governs, About::Recovery, About::Personal, About::Text]);
    let edit = (text(), about, said(), said()).prop_map(|(within, about, before, after)| Edit {
        within,
        about,
        before,
        after,
        spot: Spot::default(),
    });
    let name = || proptest::option::of(text());
    let declared = (name(), name()).prop_map(|(before, after)| Declared { noun: "role", before, after });
    let lists = (vec(change(), 0..most), vec(declared, 0..most), vec(edit, 0..most), vec(beside, 0..most));
    let incomparable = proptest::option::weighted(0.1, text());
    (lists, incomparable, vec(finding(), 0..4)).prop_map(
        |((changes, declared, edits, beside), incomparable, findings)| {
            let accounts = Accounts { before: 3, after: 4, either: 5, touched: 2 };
            Diff { incomparable, changes, declared, edits, beside, findings, accounts }
        },
    )
}

const GATES: [Gate; 5] = [Gate::Widened, Gate::Escalation, Gate::Privileged, Gate::Any, Gate::Error];

fn sources() -> SourceMap {
    SourceMap::single("a.bw", "role a { }\n  allow b\n\nrole c { }")
}

/// The Markdown of a comparison, held against what every comment must be.
fn checked_markdown(view: &View<'_>) -> String {
    let text = markdown::render(view);
    assert!(text.chars().count() <= 65_536, "{} characters", text.chars().count());
    assert_eq!(text.lines().next(), Some(markdown::mark(view.new).as_str()));
    assert_eq!(text.matches("<!--").count(), 1, "only the mark is hidden: {text}");
    assert_eq!(text.matches("<details>").count(), text.matches("</details>").count(), "{text}");
    assert!(!text.chars().any(|c| c != '\n' && bailiwick::text::is_hidden(c)), "{text:?}");
    let mut columns = None;
    for line in text.lines() {
        if line.starts_with('|') {
            let cells = line.matches('|').count();
            assert_eq!(*columns.get_or_insert(cells), cells, "every row of a table has its columns: {line}");
        } else {
            columns = None;
        }
        outside_of_code_is_plain(line);
    }
    text
}

/// Outside of spans of code there are no mentions, and no markup but the page's own.
fn outside_of_code_is_plain(line: &str) {
    if line.starts_with("<!--") {
        return;
    }
    let mut rest = line.to_owned();
    for (open, close) in [("<code>", "</code>"), ("`", "`")] {
        while let Some(start) = rest.find(open) {
            let inside = start + open.len();
            let end = rest[inside..].find(close).unwrap_or_else(|| panic!("a span ends on its line: {line}"));
            rest.replace_range(start..inside + end + close.len(), " ");
        }
    }
    for own in ["<br>", "<details>", "</details>", "<summary>", "</summary>", "&#"] {
        rest = rest.replace(own, " ");
    }
    assert!(!rest.contains(['@', '<', '>', '`', '[', ']', '~', '\\']), "{line}\n{rest}");
    assert!(!rest.contains("://"), "{line}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn every_format_is_valid_whatever_the_names_are(
        diff in diff(8), old in text(), new in text(), gate in select(GATES.to_vec())
    ) {
        let verdict = Verdict::of(&diff, &[gate], &AllowList::default());
        let view = View { old: &old, new: &new, diff: &diff, verdict: &verdict };
        let comment = checked_markdown(&view);
        prop_assert_eq!(&comment, &markdown::render(&view), "the same text again");
        let sources = sources();
        let report = serde_json::to_value(json::report(&view, &sources)).expect("JSON");
        if let Err(error) = SCHEMA.validate(&report) {
            prop_assert!(false, "{error} at {} in {report:#}", error.instance_path());
        }
        for width in [20, 80] {
            let style = Style { colour: false, unicode: true, width };
            let shown = human::summary(&view, style) + &human::render(&view, style) + &human::judgement(&view, style);
            prop_assert!(!shown.chars().any(|c| c != '\n' && bailiwick::text::is_hidden(c)), "{shown:?}");
        }
        let found = findings::of(&view, &sources);
        prop_assert_eq!(found.len(), diff.findings.len() + diff.changes.len() + diff.beside.len());
        let stopped = found.iter().filter(|f| f.severity == Severity::Error).count();
        prop_assert_eq!(stopped, verdict.stopped() + verdict.errors);
        for label in found.iter().flat_map(|finding| &finding.labels) {
            let text = sources.text(label.span);
            prop_assert!(["role a { }", "allow b", "", "role c { }"].contains(&text), "{text}");
        }
    }

    #[test]
    fn a_list_of_all_changes_lets_all_of_them_through(diff in diff(8), gate in select(GATES.to_vec())) {
        let text = AllowList::default().with(&diff);
        let list = AllowList::read(&text).expect("a list that it wrote");
        let verdict = Verdict::of(&diff, &[gate], &list);
        prop_assert_eq!(verdict.stopped(), 0);
        let ways = diff.findings.iter().filter(|f| f.code == Code("BWT11") && f.severity < Severity::Error).count();
        prop_assert_eq!(verdict.expected(), diff.changes.len() + diff.beside.len() + ways);
        prop_assert!(verdict.stale.is_empty());
        prop_assert_eq!(list.with(&diff), text, "nothing to add");
        let nothing = Verdict::of(&Diff::default(), &[gate], &list);
        prop_assert_eq!(nothing.stale.len(), list.entries().count(), "nothing meets them now");
    }

    #[test]
    fn what_differs_is_another_change(first in change(), second in change()) {
        let of = |change: &Change| Diff { changes: vec![change.clone()], ..Diff::default() };
        let list = AllowList::read(&AllowList::default().with(&of(&first))).expect("a list that it wrote");
        let verdict = Verdict::of(&of(&second), &[Gate::Any], &list);
        let traits = |c: &Change| (c.subject.clone(), c.direction, c.actions.clone(), c.region.clone(), c.period);
        if traits(&first) != traits(&second) {
            prop_assert_eq!((verdict.stopped(), verdict.stale.len()), (1, 1));
        }
        // What a change rests on, and where it is written, is no part of it.
        let moved = Change {
            causes: second.causes,
            witness: second.witness,
            risk: second.risk,
            reason: second.reason,
            ..first
        };
        prop_assert_eq!(Verdict::of(&of(&moved), &[Gate::Any], &list).stopped(), 0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]

    #[test]
    fn a_comment_is_never_too_long(one in diff(8), more in change(), names in text()) {
        let mut diff = one;
        diff.changes.extend(std::iter::repeat_n(Change { region: names.repeat(80), ..more }, 3_000));
        let (about, spot) = (About::Text, Spot::default());
        let edit = Edit { within: names.repeat(90), about, before: None, after: None, spot };
        diff.edits.extend(std::iter::repeat_n(edit, 3_000));
        diff.findings.extend(std::iter::repeat_n(Finding::new(Code("BWT02"), Severity::Note, names.repeat(99)), 400));
        let verdict = Verdict::of(&diff, &[], &AllowList::default());
        let view = View { old: &names.repeat(60), new: "policies", diff: &diff, verdict: &verdict };
        let comment = checked_markdown(&view);
        let last = comment.lines().last().unwrap_or_default();
        prop_assert!(last.contains(" more: run "), "what is left out is told: {last}");
    }
}

fn example() -> Diff {
    let said = |text: &str, line| {
        Some(Said { text: text.to_owned(), path: Some("shop/shop.bw".to_owned()), line, span: None })
    };
    let edits = vec![
        Edit {
            about: About::Access,
            spot: Spot::default(),
            within: "role clerk".to_owned(),
            before: said("allow books.list", 4),
            after: said("allow books.list, books.delete", 4),
        },
        Edit {
            about: About::Text,
            spot: Spot::default(),
            within: "role clerk".to_owned(),
            before: said("\"Clerk\"", 3),
            after: said("\"Shop clerk\"", 3),
        },
    ];
    let change = Change {
        subject: Subject::Role("clerk".to_owned()),
        also: vec![],
        direction: Direction::Gained,
        actions: vec![ActionName { path: "books.delete".to_owned(), kind: "destroy" }],
        region: "on entities in own unit".to_owned(),
        period: None,
        witness: "entity { unit turku }".to_owned(),
        accounts: 2,
        examples: vec!["aino".to_owned(), "bo".to_owned()],
        logins: vec![],
        through: vec![],
        causes: vec![0],
        risk: Risk::High,
        reason: "it destroys".to_owned(),
    };
    let declared = vec![Declared { noun: "account", before: None, after: Some("cy".to_owned()) }];
    let accounts = Accounts { before: 2, after: 3, either: 3, touched: 2 };
    Diff { changes: vec![change], declared, edits, accounts, ..Diff::default() }
}

#[test]
fn a_comparison_reads_well_at_a_terminal() {
    let diff = example();
    let verdict = Verdict::of(&diff, &[Gate::Privileged], &AllowList::default());
    let view = View { old: "main:shop", new: "shop", diff: &diff, verdict: &verdict };
    let style = Style { width: 80, ..Style::default() };
    let shown = human::summary(&view, style) + &human::render(&view, style) + &human::judgement(&view, style);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::assert_snapshot!("diff-human", shown);
        insta::assert_snapshot!("diff-markdown", markdown::render(&view));
    });
}

#[test]
fn nothing_changes_is_said_with_what_was_edited() {
    let diff = Diff { changes: vec![], declared: vec![], ..example() };
    let verdict = Verdict::of(&diff, &[Gate::Any], &AllowList::default());
    let view = View { old: "a", new: "b", diff: &diff, verdict: &verdict };
    let shown = human::summary(&view, Style::default());
    assert_eq!(shown, "a -> b\nno access change (2 edits change no right)\n");
    assert!(!verdict.fails());
    assert!(markdown::render(&view).contains("**no access change (2 edits change no right)**"));
}
