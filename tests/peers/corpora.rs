//! Where the peers' cases are.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

/// A peer's folder; none, with a printed word, where it is absent.
pub(crate) fn folder(peer: &str) -> Option<PathBuf> {
    let usual = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora");
    let folder = env::var_os("BAILIWICK_CORPORA").map_or_else(usual, PathBuf::from).join(peer);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: there is no folder {}", folder.display());
    None
}

/// One file of a folder.
pub(crate) fn read<T: DeserializeOwned>(folder: &Path, file: &str) -> Result<T, String> {
    let path = folder.join(file);
    let bytes = fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    serde_json::from_slice(&bytes).map_err(|e| format!("{}: {e}", path.display()))
}
