//! Random findings in random sources: any text, any place, even one that is not in the source.

use bailiwick::check::CHECKS;
use bailiwick::diagnostic::{Code, Edit, Finding, Fix, Mend, Severity, human};
use bailiwick::source::{Source, SourceId, SourceMap, Span};
use proptest::prelude::*;

use super::{FORMATS, judged};

/// What means something in one format or another.
const MARKS: [&str; 30] = [
    "%",
    ":",
    ",",
    "::",
    "::error::",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "](1)",
    "[a](1)",
    "`",
    "|",
    "\\",
    "\u{1b}[31m",
    "\u{0}",
    "\u{7f}",
    "\u{9b}",
    "\u{202e}",
    "\u{ffff}",
    "\u{fffe}",
    "\u{1fffe}",
    "]]>",
    "<![CDATA[",
    "&amp;",
    "{0}",
    "<b>",
    "%0A",
    "\u{1f512}",
    " ",
];

fn text() -> impl Strategy<Value = String> {
    let mark = prop::sample::select(&MARKS[..]).prop_map(str::to_owned);
    let word = prop_oneof![3 => mark, 1 => any::<String>(), 2 => "[a-zåöж]{1,6}"];
    prop::collection::vec(word, 0..6).prop_map(|words| words.concat())
}

/// A source of any name, without blanks before it: by an indent the judge tells a finding from its other lines.
fn source() -> impl Strategy<Value = Source> {
    (text(), text(), any::<bool>()).prop_map(|(path, text, people)| {
        let path = path.trim_start();
        if people { Source::people(path, text) } else { Source::new(path, text) }
    })
}

/// A label of some source: from any byte to any byte, often on no character boundary, past the end, or backwards.
fn label() -> impl Strategy<Value = (prop::sample::Index, u32, u32, String)> {
    let offset = prop_oneof![9 => 0..40_u32, 1 => any::<u32>()];
    (any::<prop::sample::Index>(), offset.clone(), offset, text())
}

fn finding(sources: usize) -> impl Strategy<Value = Finding> {
    let codes: Vec<Code> = CHECKS.iter().map(|check| check.code).chain([Code("BWT01")]).collect();
    let severity = prop::sample::select(vec![Severity::Note, Severity::Warning, Severity::Error]);
    let labels = prop::collection::vec(label(), 0..4);
    let fix = prop::option::of((text(), prop::collection::vec(label(), 0..3)));
    let advice = (prop::option::of(text()), fix, prop::collection::vec(text(), 0..3));
    let span = move |index: prop::sample::Index, start, end| {
        let source = SourceId(u32::try_from(index.index(sources)).expect("few sources"));
        Span { source, start, end }
    };
    (prop::sample::select(codes), severity, text(), labels, advice).prop_map(
        move |(code, severity, message, labels, (help, fix, notes))| {
            let finding = Finding::new(code, severity, message);
            let placed = |finding: Finding, (index, start, end, text)| finding.at(span(index, start, end), text);
            let mut finding = labels.into_iter().fold(finding, placed);
            finding.help = help.map(String::into_boxed_str);
            finding.fix = fix.map(|(title, edits)| {
                let edit = |(index, start, end, text)| Edit { span: span(index, start, end), text };
                let mend = Mend::Statement(Span::new(SourceId(0), 0, 0));
                Box::new(Fix { title, mend, edits: edits.into_iter().map(edit).collect(), safety: None })
            });
            notes.into_iter().fold(finding, Finding::note)
        },
    )
}

fn reports() -> impl Strategy<Value = (SourceMap, Vec<Finding>)> {
    prop::collection::vec(source(), 1..4).prop_flat_map(|sources| {
        let number = sources.len();
        (Just(SourceMap::new(sources)), prop::collection::vec(finding(number), 0..8))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_finding_is_valid_in_every_format((sources, findings) in reports()) {
        for (format, render) in FORMATS {
            prop_assert_eq!(judged(format, &render(&findings, &sources)), findings.len(), "{}", format);
        }
        for finding in &findings {
            let drawn = human::render(finding, &sources, human::Style::default());
            prop_assert!(!drawn.chars().any(|c| c.is_control() && c != '\n'), "{:?}", drawn);
        }
    }
}

/// So many findings on the lines of two files, several of them alike.
pub(crate) fn many(number: usize) -> (Vec<Finding>, SourceMap) {
    let lines: String = (0..1_000).map(|n| format!("role r{n} {{ }}\n")).collect();
    let sources = SourceMap::new(vec![Source::new("a.bw", lines.clone()), Source::new("b, c:d%.bw", lines)]);
    let finding = |n: usize| {
        let (source, start) = (SourceId(u32::try_from(n % 2).expect("0 or 1")), (n * 7) % 13_000);
        Finding::new(CHECKS[n % CHECKS.len()].code, Severity::Error, "alike")
            .at(Span::new(source, start, start + 3), "here")
    };
    ((0..number).map(finding).collect(), sources)
}
