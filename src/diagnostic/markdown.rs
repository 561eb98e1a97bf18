//! Findings as a table in Markdown (GitHub's dialect), for the summary of a job or a comment.
//!
//! A summary of more than a mebibyte is refused as a whole. So the gravest come first, rows stop before that, and a last line says how
//! many are left out.

use super::{Finding, place, words};
use crate::source::SourceMap;
use crate::text::visible;

/// Bytes after which no row begins.
const MOST: usize = 900_000;
/// Bytes of one text that are shown: a row is never what makes the summary too large.
const LONGEST: usize = 2_000;

/// A heading with the numbers, and a row for each finding.
#[must_use]
pub fn render(findings: &[Finding], sources: &SourceMap) -> String {
    let mut out = format!("### bailiwick: {}\n", words::summary(findings));
    if findings.is_empty() {
        return out;
    }
    out.push_str("\n| Severity | Code | Place | Finding |\n| --- | --- | --- | --- |\n");
    let sorted = words::gravest_first(findings);
    for (written, finding) in sorted.iter().enumerate() {
        if out.len() > MOST {
            out.push_str(&format!("\nLeft out: {} more.\n", sorted.len() - written));
            break;
        }
        out.push_str(&row(finding, sources));
    }
    out
}

fn row(finding: &Finding, sources: &SourceMap) -> String {
    let place = finding.span().map_or_else(String::new, |span| code(&place::spot(span, sources)));
    let mut text = prose(&finding.message);
    words::advice(finding).for_each(|line| text += &format!("<br>{}", prose(&line)));
    if text.len() > LONGEST {
        text = format!("{} ...", prose(&finding.message.chars().take(LONGEST / 8).collect::<String>()));
    }
    format!("| {} | {} | {place} | {text} |\n", finding.severity.as_str(), finding.code)
}

/// Text whose names in backticks are code, and in which nothing else is markup.
fn prose(text: &str) -> String {
    let text = visible(text);
    let parts: Vec<&str> = text.split('`').collect();
    let paired = parts.len() % 2 == 1;
    let mut out = String::with_capacity(text.len() + 8);
    for (index, part) in parts.iter().enumerate() {
        match (paired, index % 2 == 1) {
            (true, true) => out.push_str(&code(part)),
            (false, _) if index > 0 => out.push_str(&format!("\\`{}", plain(part))),
            _ => out.push_str(&plain(part)),
        }
    }
    out
}

/// Text in which nothing is markup.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\`*_{}[]<>#~|!&$".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A span of code in a cell of a table; plain text where it could not be one.
fn code(text: &str) -> String {
    let text = visible(text);
    if text.trim().is_empty() || text.contains('`') {
        return plain(&text);
    }
    format!("`{}`", text.replace('|', "\\|"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Severity};
    use crate::source::{SourceId, Span};

    #[test]
    fn names_are_code_and_nothing_else_is_markup() {
        assert_eq!(prose("the role `a|b*` is <b> of *x*"), "the role `a\\|b*` is \\<b\\> of \\*x\\*");
        assert_eq!(prose("odd ` tick"), "odd \\` tick");
        assert_eq!(prose("``"), "");
        assert_eq!(prose("a\nb"), "a\\\\nb");
    }

    #[test]
    fn a_row_is_a_line_of_four_cells() {
        let sources = SourceMap::single("a|b.bw", "role r");
        let finding = Finding::new(Code("BW302"), Severity::Warning, "nobody\nholds `r|s`")
            .at(Span::new(SourceId(0), 5, 6), "")
            .help("assign | delete it");
        let shown = render(&[finding], &sources);
        assert_eq!(
            shown,
            "### bailiwick: 1 warning\n\n| Severity | Code | Place | Finding |\n| --- | --- | --- | --- |\n\
             | warning | BW302 | `a\\|b.bw:1:6` | nobody\\\\nholds `r\\|s`<br>help: assign \\| delete it |\n"
        );
        assert_eq!(render(&[], &sources), "### bailiwick: no findings\n");
    }

    #[test]
    fn a_summary_is_never_too_large() {
        let long = Finding::new(Code("BW302"), Severity::Note, "|".repeat(100_000));
        let mut findings = vec![long; 3_000];
        findings.push(Finding::new(Code("BW101"), Severity::Error, "the gravest"));
        let shown = render(&findings, &SourceMap::default());
        assert!(shown.len() < 1_000_000, "{} bytes", shown.len());
        let rows = shown.lines().filter(|line| line.starts_with("| note") || line.starts_with("| error")).count();
        assert!(shown.ends_with(&format!("\nLeft out: {} more.\n", findings.len() - rows)), "{rows} rows");
        assert!(shown.find("the gravest") < shown.find("| note"));
    }
}
