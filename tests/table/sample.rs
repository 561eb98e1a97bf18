//! The table that the reader's own tests load is the one that its policy compiles to.
//!
//! `BAILIWICK_BLESS=1 cargo test --test table sample` writes it anew when the format changes.

use std::path::Path;

use crate::portal::compiled;

#[test]
fn the_sample_is_what_its_policy_compiles_to() -> Result<(), String> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("runtime/rust/tests/data");
    let policy = std::fs::read_to_string(data.join("office.bw")).map_err(|e| e.to_string())?;
    let expected = compiled(&policy)?.table().to_vec();
    let sample = data.join("office.table");
    if std::env::var_os("BAILIWICK_BLESS").is_some() {
        std::fs::write(&sample, &expected).map_err(|e| e.to_string())?;
    }
    let found = std::fs::read(&sample).map_err(|e| e.to_string())?;
    assert_eq!(found, expected, "`office.table` is out of date");
    Ok(())
}
