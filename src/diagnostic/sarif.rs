//! Findings as SARIF 2.1.0 (OASIS, *Static Analysis Results Interchange Format*), for code scanning and editors.
//!
//! A result stands at the finding's own place; further labels are its related locations. Code scanning refuses a result without a
//! location, so a finding about the policy as a whole is filed under the policy's first file, without a region. Texts are written as
//! they are, as other tools do it: `{0}` is no placeholder here, since no result has arguments.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Code, Finding, Fix, Label, fingerprint, place, words};
use crate::check::CHECKS;
use crate::source::{Source, SourceId, SourceMap, Span};
use crate::text::visible;

/// The folder that relative paths start from: where the program was run.
const ROOT: &str = "%SRCROOT%";

/// A log with one run.
#[derive(Debug, Serialize)]
pub struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    column_kind: &'static str,
    original_uri_base_ids: BTreeMap<&'static str, Base>,
    results: Vec<Item>,
}

#[derive(Debug, Serialize)]
struct Base {
    description: Message,
}

#[derive(Debug, Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    information_uri: &'static str,
    rules: Vec<Rule>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    short_description: Option<Message>,
    #[serde(skip_serializing_if = "Option::is_none")]
    full_description: Option<Message>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<Manual>,
}

#[derive(Debug, Serialize)]
struct Message {
    text: String,
}

#[derive(Debug, Serialize)]
struct Manual {
    text: String,
    markdown: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: Fingerprints,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Mending>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Mending {
    description: Message,
    artifact_changes: Vec<Change>,
}

/// The edits of one file.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    artifact_location: Artifact,
    replacements: Vec<Replacement>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    inserted_content: Message,
}

#[derive(Debug, Serialize)]
struct Fingerprints {
    #[serde(rename = "finding/v1")]
    finding: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: Physical,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Artifact {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

/// The log of these findings. Its rules are the codes that occur, with their manual pages.
#[must_use]
pub fn log(findings: &[Finding], sources: &SourceMap) -> Log {
    let mut codes: Vec<Code> = findings.iter().map(|f| f.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let prints = fingerprint::fingerprints(findings, sources);
    let results = findings.iter().zip(prints).map(|(finding, print)| item(finding, print, &codes, sources)).collect();
    let driver = Driver {
        name: "bailiwick",
        semantic_version: env!("CARGO_PKG_VERSION"),
        information_uri: env!("CARGO_PKG_REPOSITORY"),
        rules: codes.iter().map(|code| rule(*code)).collect(),
    };
    let description = message("the folder that bailiwick was run in");
    let run = Run {
        tool: Tool { driver },
        column_kind: "utf16CodeUnits",
        original_uri_base_ids: BTreeMap::from([(ROOT, Base { description })]),
        results,
    };
    Log { schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] }
}

fn rule(code: Code) -> Rule {
    let Some(check) = CHECKS.iter().find(|check| check.code == code) else {
        return Rule { id: code.0, short_description: None, full_description: None, help: None };
    };
    let manual = check.manual();
    let what = manual.split("## What\n").nth(1).and_then(|rest| rest.split("\n\n").next());
    Rule {
        id: code.0,
        short_description: Some(message(&check.title())),
        full_description: what.map(|what| Message { text: what.trim().replace('\n', " ") }),
        help: Some(Manual { text: manual.clone(), markdown: manual }),
    }
}

fn item(finding: &Finding, print: String, codes: &[Code], sources: &SourceMap) -> Item {
    let lines: Vec<String> =
        std::iter::once(visible(&finding.message).into_owned()).chain(words::advice(finding)).collect();
    let related = finding.labels.iter().enumerate().skip(1).map(|(id, label)| at(Some(id), label, sources));
    let own = finding.labels.first().map(|label| at(None, label, sources));
    let own = own.or_else(|| place::home(finding, sources).map(whole));
    Item {
        rule_id: finding.code.0,
        rule_index: codes.binary_search(&finding.code).unwrap_or_default(),
        level: finding.severity.as_str(),
        message: Message { text: without_links(&lines.join("\n")) },
        locations: own.into_iter().collect(),
        related_locations: related.collect(),
        partial_fingerprints: Fingerprints { finding: print },
        fixes: finding.fix.iter().filter_map(|fix| mending(fix, sources)).collect(),
    }
}

/// A fix file by file; none where it has no edits. What is inserted is no message, so it is as it is.
fn mending(fix: &Fix, sources: &SourceMap) -> Option<Mending> {
    let mut files: BTreeMap<SourceId, Vec<Replacement>> = BTreeMap::new();
    for edit in &fix.edits {
        let inserted_content = Message { text: edit.text.clone() };
        let replacement = Replacement { deleted_region: region(edit.span, sources), inserted_content };
        files.entry(edit.span.source).or_default().push(replacement);
    }
    let change = |(id, replacements)| Change { artifact_location: artifact(sources.get(id)), replacements };
    let artifact_changes: Vec<Change> = files.into_iter().map(change).collect();
    (!artifact_changes.is_empty()).then(|| Mending { description: message(&fix.title), artifact_changes })
}

fn region(span: Span, sources: &SourceMap) -> Region {
    let place::Region { line, column, end_line, end_column } = place::region(span, sources);
    Region { start_line: line, start_column: column, end_line, end_column }
}

/// The place of a label, and what is there.
fn at(id: Option<usize>, label: &Label, sources: &SourceMap) -> Location {
    let region = Some(region(label.span, sources));
    let physical_location = Physical { artifact_location: artifact(sources.get(label.span.source)), region };
    Location { id, physical_location, message: (!label.text.is_empty()).then(|| message(&label.text)) }
}

/// A file as a whole.
fn whole(source: &Source) -> Location {
    let physical_location = Physical { artifact_location: artifact(source), region: None };
    Location { id: None, physical_location, message: Some(message("the policy as a whole")) }
}

fn message(text: &str) -> Message {
    Message { text: without_links(&visible(text)) }
}

/// `[text](1)` would be a link to a related location.
fn without_links(text: &str) -> String {
    text.replace("](", "\\](")
}

/// A relative path is relative to the folder of the run; an absolute one says so.
fn artifact(source: &Source) -> Artifact {
    let path = &source.path;
    let drive = path.as_bytes().get(1) == Some(&b':') && path.as_bytes()[0].is_ascii_alphabetic();
    if path.starts_with("//") {
        Artifact { uri: format!("file:{}", escaped(path)), uri_base_id: None }
    } else if path.starts_with('/') {
        Artifact { uri: format!("file://{}", escaped(path)), uri_base_id: None }
    } else if drive {
        Artifact { uri: format!("file:///{}:{}", &path[..1], escaped(&path[2..])), uri_base_id: None }
    } else {
        Artifact { uri: escaped(path), uri_base_id: Some(ROOT) }
    }
}

/// A path as a URI has it (RFC 3986): everything but unreserved characters and `/` as percent and two digits.
fn escaped(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out += &format!("%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_uris() {
        let uri = |path: &str| artifact(&Source::new(path, "")).uri;
        assert_eq!(uri("policies/a b%c.bw"), "policies/a%20b%25c.bw");
        assert_eq!(uri("a:b.bw"), "a%3Ab.bw".replace("a%3A", "file:///a:"), "a letter and a colon is a drive");
        assert_eq!(uri("ab:c.bw"), "ab%3Ac.bw");
        assert_eq!(uri("/srv/ä.bw"), "file:///srv/%C3%A4.bw");
        assert_eq!(uri("//host/a.bw"), "file://host/a.bw");
        assert_eq!(uri("<stdin>"), "%3Cstdin%3E");
        assert_eq!(uri("C:/p/a.bw"), "file:///C:/p/a.bw");
    }

    #[test]
    fn a_text_makes_no_link() {
        assert_eq!(without_links("`[a](1)`"), "`[a\\](1)`");
    }
}
