//! Findings and tests as JUnit XML, which nearly every CI system reads.
//!
//! A suite is a file. For `check` its cases are the codes that were found in it: a case fails where one of its findings is an error, as
//! the exit code does; what is no error stands in the suite's output. No duration is measured, so that equal policies give equal
//! reports.

use std::collections::BTreeMap;
use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::{Code, Finding, Severity, place, words};
use crate::source::{SourceId, SourceKind, SourceMap};
use crate::text::{count, visible};

/// The cases of one file.
#[derive(Debug, Default)]
pub struct Suite {
    /// The path.
    pub name: String,
    /// What was looked at.
    pub cases: Vec<Case>,
    /// What there is to say beside failures.
    pub output: String,
}

/// One thing that passes or fails.
#[derive(Debug)]
pub struct Case {
    /// Its name within the suite.
    pub name: String,
    /// Why it fails, if it does.
    pub failure: Option<Failure>,
}

/// Why a case fails.
#[derive(Debug)]
pub struct Failure {
    /// A word on the kind.
    pub kind: String,
    /// One line.
    pub message: String,
    /// All there is to say, on several lines.
    pub text: String,
}

/// The suites of a check: one for each source, and one for the policy as a whole where something was found about it.
#[must_use]
pub fn suites(findings: &[Finding], sources: &SourceMap) -> Vec<Suite> {
    let mut found: BTreeMap<Option<SourceId>, BTreeMap<Code, Vec<&Finding>>> = BTreeMap::new();
    for (id, _) in sources.iter().filter(|(_, source)| source.kind == SourceKind::Policy) {
        found.entry(Some(id)).or_default();
    }
    for finding in findings {
        let codes = found.entry(finding.span().map(|span| span.source)).or_default();
        codes.entry(finding.code).or_default().push(finding);
    }
    found.into_iter().map(|(id, codes)| suite(id, &codes, sources)).collect()
}

fn suite(id: Option<SourceId>, codes: &BTreeMap<Code, Vec<&Finding>>, sources: &SourceMap) -> Suite {
    let name = id.map_or_else(|| "the policy as a whole".to_owned(), |id| sources.get(id).path.clone());
    let mut suite = Suite { name, ..Suite::default() };
    for (code, findings) in codes {
        let (errors, others): (Vec<&Finding>, Vec<&Finding>) =
            findings.iter().partition(|f| f.severity == Severity::Error);
        let text = |findings: &[&Finding]| findings.iter().map(|f| lines(f, sources)).collect::<String>();
        let failure = errors.first().map(|first| {
            let others = match errors.len() - 1 {
                0 => String::new(),
                n => format!(", and {}", count(n, "error more", "errors more")),
            };
            let message = format!("{}{others}", visible(&first.message));
            Failure { kind: "error".to_owned(), message, text: text(&errors) }
        });
        suite.cases.push(Case { name: code.to_string(), failure });
        suite.output += &text(&others);
    }
    if suite.cases.is_empty() {
        suite.cases.push(Case { name: "no findings".to_owned(), failure: None });
    }
    suite
}

/// A finding on a line, and indented below it its other places and what to do.
fn lines(finding: &Finding, sources: &SourceMap) -> String {
    let place = finding.span().map_or_else(String::new, |span| place::spot(span, sources) + ": ");
    let mut text = format!("{place}{} {}: {}\n", finding.severity.as_str(), finding.code, visible(&finding.message));
    for label in finding.labels.iter().skip(1) {
        text += &format!("    {}: {}\n", place::spot(label.span, sources), visible(&label.text));
    }
    words::advice(finding).for_each(|line| text += &format!("    {line}\n"));
    text
}

/// The report. Its time is the beginning of the day (days since 1970-01-01) that was asked about.
///
/// # Errors
/// Never in practice: writing to memory does not fail.
pub fn render(suites: &[Suite], day: i32) -> io::Result<String> {
    let mut writer = Writer::new_with_indent(vec![], b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer.write_event(Event::Start(BytesStart::new("testsuites")))?;
    let stamp = format!("{}T00:00:00", crate::dates::date_text(day));
    for (id, suite) in suites.iter().enumerate() {
        write_suite(&mut writer, id, suite, &stamp)?;
    }
    writer.write_event(Event::End(BytesEnd::new("testsuites")))?;
    let text = String::from_utf8(writer.into_inner()).map_err(io::Error::other)?;
    Ok(text + "\n")
}

fn write_suite(writer: &mut Writer<Vec<u8>>, id: usize, suite: &Suite, stamp: &str) -> io::Result<()> {
    let failures = suite.cases.iter().filter(|case| case.failure.is_some()).count().to_string();
    let (id, name, tests) = (id.to_string(), token(&suite.name), suite.cases.len().to_string());
    let mut start = BytesStart::new("testsuite");
    start.extend_attributes([
        ("id", id.as_str()),
        ("package", "bailiwick"),
        ("name", &name),
        ("hostname", "localhost"),
    ]);
    start.extend_attributes([("timestamp", stamp), ("time", "0")]);
    start.extend_attributes([("tests", tests.as_str()), ("failures", &failures), ("errors", "0")]);
    writer.write_event(Event::Start(start))?;
    writer.write_event(Event::Empty(BytesStart::new("properties")))?;
    for case in &suite.cases {
        write_case(writer, case, &name)?;
    }
    write_text(writer, BytesStart::new("system-out"), &suite.output)?;
    writer.write_event(Event::Empty(BytesStart::new("system-err")))?;
    writer.write_event(Event::End(BytesEnd::new("testsuite")))
}

fn write_case(writer: &mut Writer<Vec<u8>>, case: &Case, suite: &str) -> io::Result<()> {
    let mut start = BytesStart::new("testcase");
    start.extend_attributes([("classname", suite), ("name", token(&case.name).as_str()), ("time", "0")]);
    let Some(failure) = &case.failure else { return writer.write_event(Event::Empty(start)) };
    writer.write_event(Event::Start(start))?;
    let mut why = BytesStart::new("failure");
    why.extend_attributes([("type", visible(&failure.kind).as_ref()), ("message", visible(&failure.message).as_ref())]);
    write_text(writer, why, &failure.text)?;
    writer.write_event(Event::End(BytesEnd::new("testcase")))
}

/// An element with nothing but text in it.
fn write_text(writer: &mut Writer<Vec<u8>>, start: BytesStart<'_>, text: &str) -> io::Result<()> {
    if text.is_empty() {
        return writer.write_event(Event::Empty(start));
    }
    let shown: Vec<_> = text.split('\n').map(visible).collect();
    let end = start.to_end().into_owned();
    writer.write_event(Event::Start(start))?;
    writer.write_event(Event::Text(BytesText::new(&shown.join("\n"))))?;
    writer.write_event(Event::End(end))
}

/// A name that is not empty and has nothing hidden in it.
fn token(name: &str) -> String {
    if name.trim().is_empty() { "(no name)".to_owned() } else { visible(name).into_owned() }
}
