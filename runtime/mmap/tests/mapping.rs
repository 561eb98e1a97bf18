//! A mapped table answers as one that was read, whatever happens to the name of its file, and no bytes make mapping panic.

#![expect(unsafe_code, reason = "these tests keep the promise: they replace files by renaming, or remove them")]

use std::error::Error;
use std::fs;
use std::path::Path;

use bailiwick_table::{Login, Table};
use bailiwick_table_mmap::{Mapped, OpenError, open};

type Outcome = Result<(), Box<dyn Error>>;

const OFFICE: &[u8] = include_bytes!("../../rust/tests/data/office.table");

fn opened(path: &Path) -> Result<Table<Mapped>, OpenError> {
    // SAFETY: every test has a folder of its own and writes to no file that is mapped.
    unsafe { open(path) }
}

#[test]
fn a_mapped_table_is_the_one_that_was_written() -> Outcome {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("office.bwt");
    fs::write(&path, OFFICE)?;
    let (mapped, read) = (opened(&path)?, Table::from_bytes(OFFICE)?);
    assert_eq!(mapped.digest(), read.digest());
    let login = || Login::ascii("Aino").ok_or("no login");
    assert!(read.account(login()?).is_some());
    assert_eq!(mapped.account(login()?), read.account(login()?));
    assert_eq!(mapped.into_inner().as_ref(), OFFICE);
    Ok(())
}

#[test]
fn what_is_mapped_stays_when_its_file_is_replaced_and_removed() -> Outcome {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("office.bwt");
    fs::write(&path, OFFICE)?;
    let before = opened(&path)?;
    let next = folder.path().join("next");
    fs::write(&next, b"no table")?;
    fs::rename(next, &path)?;
    assert!(matches!(opened(&path), Err(OpenError::Refused(_))));
    fs::remove_file(&path)?;
    assert_eq!(before.digest(), Table::from_bytes(OFFICE)?.digest());
    assert_eq!(before.into_inner().as_ref(), OFFICE);
    Ok(())
}

#[test]
fn every_cut_of_a_table_is_refused() -> Outcome {
    let folder = tempfile::tempdir()?;
    for length in (0..OFFICE.len()).step_by(7) {
        let path = folder.path().join(length.to_string());
        fs::write(&path, &OFFICE[..length])?;
        assert!(matches!(opened(&path), Err(OpenError::Refused(_))), "{length} bytes");
    }
    Ok(())
}

#[test]
fn what_is_no_file_is_said() -> Outcome {
    let folder = tempfile::tempdir()?;
    for path in [folder.path().join("none"), folder.path().to_path_buf()] {
        let error = opened(&path).err().ok_or("opened")?;
        assert!(matches!(error, OpenError::Unreadable(_)));
        assert_eq!(error.to_string(), "the file cannot be mapped");
        assert!(error.source().is_some());
    }
    Ok(())
}
