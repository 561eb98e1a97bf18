//! A text for each way in which comparisons of one attribute can come out.

use std::collections::BTreeSet;

/// The constants that a text attribute is compared with.
#[derive(Debug, Clone, Default)]
pub struct Constants {
    /// In `is`.
    pub equal: BTreeSet<String>,
    /// In `starts with`.
    pub starts: BTreeSet<String>,
    /// In `ends with`.
    pub ends: BTreeSet<String>,
    /// In `contains`.
    pub contains: BTreeSet<String>,
}

/// How many tests `contains` of one attribute are told apart.
pub const MOST_PARTS: usize = 12;

impl Constants {
    /// A text for each way in which the comparisons can come out; those with at most [`MOST_PARTS`] tests `contains` are complete.
    ///
    /// A text other than the constants themselves is a beginning, a choice of contained parts and an end, joined by a character
    /// that no constant has: it passes those tests, and others only where a piece forces them. A text in which the pieces overlap
    /// passes the same tests or more of them, and those are the tests of another choice. The joint is a character that no other
    /// one composes with. A text that is `taken` is stretched until it is not; a constant that is taken is left out.
    #[must_use]
    pub fn texts(&self, taken: impl Fn(&str) -> bool) -> Vec<String> {
        let all: String = [&self.equal, &self.starts, &self.ends, &self.contains]
            .into_iter()
            .flatten()
            .flat_map(|t| t.chars())
            .collect();
        let joint =
            "-_.0123456789".chars().chain('\u{4e00}'..='\u{9fff}').find(|c| !all.contains(*c)).unwrap_or('\u{e000}');
        // Texts of one piece alone read best, so they come first; then the pieces joined.
        let alone = self.equal.iter().chain(&self.starts).chain(&self.ends).chain(&self.contains);
        let mut texts: Vec<String> = alone.filter(|t| !taken(t)).cloned().collect();
        let none = String::new();
        for start in std::iter::once(&none).chain(&self.starts) {
            for end in std::iter::once(&none).chain(&self.ends) {
                texts.extend(self.joined(start, end, joint, &taken));
            }
        }
        let mut seen = BTreeSet::new();
        texts.retain(|text| seen.insert(text.clone()));
        texts
    }

    fn joined(&self, start: &str, end: &str, joint: char, taken: &impl Fn(&str) -> bool) -> Vec<String> {
        let choices = 1_usize << self.contains.len().min(MOST_PARTS);
        let text = |choice: usize| {
            let chosen =
                self.contains.iter().enumerate().filter(|(i, _)| choice >> i & 1 == 1).map(|(_, t)| t.as_str());
            let mut text = format!("{start}{joint}");
            for part in chosen {
                text.push_str(part);
                text.push(joint);
            }
            while taken(&format!("{text}{end}")) {
                text.push(joint);
            }
            text + end
        };
        (0..choices).map(text).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_has_a_text() {
        let set = |texts: &[&str]| texts.iter().map(|t| (*t).to_owned()).collect::<BTreeSet<_>>();
        let constants =
            Constants { equal: set(&["ab"]), starts: set(&["a"]), ends: set(&["b"]), contains: set(&["x"]) };
        let outcome = |t: &str| (t == "ab", t.starts_with('a'), t.ends_with('b'), t.contains('x'));
        let outcomes: BTreeSet<_> = constants.texts(|_| false).iter().map(|t| outcome(t)).collect();
        // Of the sixteen, those with "ab" are one; all eight without it are there.
        assert_eq!(outcomes.len(), 9);
        assert!(!constants.texts(|t| t == "ab").contains(&"ab".to_owned()));
    }

    #[test]
    fn a_text_that_is_taken_is_stretched() {
        let free = Constants::default().texts(|t| t.len() < 3);
        assert_eq!(free, ["---"]);
    }
}
