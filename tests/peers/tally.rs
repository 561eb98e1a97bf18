//! What became of a peer's cases: every one of them is counted once.

/// The count of one kind of cases.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Answered as the peer answers.
    met: usize,
    /// Met, with a name that had to stand for another.
    mapped: usize,
    /// Met, with a hierarchy that the translator resolved because the language has none of its kind.
    flattened: usize,
    /// Answered otherwise: the case, and what was expected and found.
    unmet: Vec<String>,
    /// Not translated: the case and the reason.
    inexpressible: Vec<(String, String)>,
}

/// How much a translation had to help itself.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Means {
    pub(crate) mapped: bool,
    pub(crate) flattened: bool,
}

impl Tally {
    /// Counts a case: `answer` is what the table says, or why the question cannot be put.
    pub(crate) fn count<T: PartialEq + std::fmt::Debug>(
        &mut self,
        case: &str,
        expected: &T,
        answer: Result<(T, Means), String>,
    ) {
        match answer {
            Ok((found, means)) if found == *expected => {
                self.met += 1;
                self.mapped += usize::from(means.mapped);
                self.flattened += usize::from(means.flattened);
            }
            Ok((found, _)) => self.unmet.push(format!("{case}: expected {expected:?}, found {found:?}")),
            Err(reason) => self.inexpressible.push((case.to_owned(), reason)),
        }
    }

    /// Holds the count against what it must be: every case met but for those listed, each with its reason.
    pub(crate) fn hold(&self, met: usize, mapped: usize, flattened: usize, listed: &[(&str, &str)]) {
        assert!(self.unmet.is_empty(), "{} cases are not met:\n{}", self.unmet.len(), self.unmet.join("\n"));
        let told: Vec<(&str, &str)> = self.inexpressible.iter().map(|(c, r)| (c.as_str(), r.as_str())).collect();
        assert_eq!(told, listed, "what cannot be expressed");
        assert_eq!((self.met, self.mapped, self.flattened), (met, mapped, flattened), "met, mapped, flattened");
    }
}
