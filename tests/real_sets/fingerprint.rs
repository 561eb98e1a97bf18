//! Fingerprints: how many facts there are, and a hash that only these facts have.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// The count of the different lines, and the SHA-256 of them in the order of their bytes, each with a line end behind it. A line is
/// its fields with tabs between them.
pub(crate) fn of<const N: usize, T: AsRef<str>>(facts: impl IntoIterator<Item = [T; N]>) -> (usize, String) {
    let lines: BTreeSet<String> =
        facts.into_iter().map(|fields| fields.each_ref().map(AsRef::as_ref).join("\t")).collect();
    let mut hash = Sha256::new();
    for line in &lines {
        hash.update(line);
        hash.update("\n");
    }
    let mut text = String::new();
    for byte in hash.finalize() {
        write!(text, "{byte:02x}").expect("text");
    }
    (lines.len(), text)
}

#[test]
fn a_fingerprint_is_of_the_sorted_different_lines() {
    // From `printf 'a\tb\nc\td\n' | sha256sum`.
    let known = "31530cb8906d527dbb5ee0624d8a4918233ce77f7a18b576909c0d40f8e202e2";
    let (count, hash) = of([["c", "d"], ["a", "b"], ["c", "d"]]);
    assert_eq!((count, hash.as_str()), (2, known));
}
