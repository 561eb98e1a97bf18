//! Where the sets of real permission data are, and their files as rows and trees.
//!
//! The data belongs to its own projects and is not part of this one: it lies beside it, in `../shared/corpora`, or wherever
//! `BAILIWICK_CORPORA` says. What needs it says that it skips where it is absent.

use std::fs;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

/// The folder of a set; none, with a printed word, where it is absent.
pub(crate) fn folder(set: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora");
    let folder = std::env::var_os("BAILIWICK_CORPORA").map_or_else(beside, PathBuf::from).join(set);
    let there = folder.is_dir();
    if !there {
        println!("skipped: there is no real data in {}", folder.display());
    }
    there.then_some(folder)
}

/// The rows of a table of a set.
pub(crate) fn rows<T: DeserializeOwned>(folder: &Path, file: &str) -> Vec<T> {
    let path = folder.join(file);
    let mut reader = csv::Reader::from_path(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    reader.deserialize().map(|row| row.unwrap_or_else(|e| panic!("{}: {e}", path.display()))).collect()
}

/// A tree of a set.
pub(crate) fn tree<T: DeserializeOwned>(folder: &Path, file: &str) -> T {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}
