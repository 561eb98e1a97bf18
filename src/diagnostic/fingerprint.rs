//! What makes a finding the same one in the next run, although lines above it have come or gone.

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_128;

use super::{Finding, place};
use crate::source::SourceMap;

/// A name for each finding: 32 hexadecimal digits, no two alike.
///
/// It is made of the code, the path, the text of the line with its blanks squeezed, and the message without the numbers in it
/// ("12 accounts ..."); of several that are alike in all this, each has its own by their order. The number of the line is no part of
/// it.
#[must_use]
pub fn fingerprints(findings: &[Finding], sources: &SourceMap) -> Vec<String> {
    let mut met: FxHashMap<u128, u32> = FxHashMap::default();
    let of = |finding: &Finding| {
        let traits = xxh3_128(traits(finding, sources).as_bytes());
        let number = met.entry(traits).or_default();
        *number += 1;
        let mut bytes = traits.to_le_bytes().to_vec();
        bytes.extend(number.to_le_bytes());
        format!("{:032x}", xxh3_128(&bytes))
    };
    findings.iter().map(of).collect()
}

/// What does not change when lines move, with a mark between the parts that none of them holds.
fn traits(finding: &Finding, sources: &SourceMap) -> String {
    let (path, line) = match finding.span() {
        None => ("", String::new()),
        Some(span) => {
            let source = sources.get(span.source);
            let line = source.line(place::region(span, sources).line);
            (source.path.as_str(), line.split_whitespace().collect::<Vec<_>>().join(" "))
        }
    };
    [finding.code.0, path, &line, &without_numbers(&finding.message)].join("\n")
}

/// The message with `0` for every number that stands outside of names.
fn without_numbers(message: &str) -> String {
    let mut out = String::with_capacity(message.len());
    let (mut named, mut in_number) = (false, false);
    for c in message.chars() {
        named ^= c == '`';
        let digit = c.is_ascii_digit() && !named;
        if digit && !in_number {
            out.push('0');
        } else if !digit {
            out.push(c);
        }
        in_number = digit;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Severity};

    /// The fingerprints of a finding at each `here` of a text.
    fn of(text: &str, message: &str) -> Vec<String> {
        let sources = SourceMap::single("a.bw", text);
        let findings: Vec<Finding> = text
            .match_indices("here")
            .map(|(at, word)| crate::source::Span::new(crate::source::SourceId(0), at, at + word.len()))
            .map(|span| Finding::new(Code("BW302"), Severity::Error, message).at(span, ""))
            .collect();
        fingerprints(&findings, &sources)
    }

    #[test]
    fn lines_may_move_and_be_indented() {
        let before = of("role here { }\n", "12 accounts hold `r2`");
        assert_eq!(before, of("\n\n   role  here { }", "13 accounts hold `r2`"));
        assert_ne!(before, of("role here { x }\n", "12 accounts hold `r2`"), "another line");
        assert_ne!(before, of("role here { }\n", "12 accounts hold `r3`"), "another name");
    }

    #[test]
    fn each_has_its_own() {
        let alike = of("here here\nhere here\nhere here\n", "x");
        let mut own = alike.clone();
        own.sort();
        own.dedup();
        assert_eq!(own.len(), 6);
        assert_eq!(of("here here\n", "x")[..], alike[..2], "those before are not changed by those behind");
        assert!(own.iter().all(|print| print.len() == 32));
    }
}
