//! Files and folders to sources.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::Failure;
use crate::source::{Source, SourceMap};

/// Offsets are 32 bits wide.
const LARGEST: u64 = u32::MAX as u64;

/// Reads everything that these paths name as one policy.
pub(super) fn load(paths: &[PathBuf]) -> Result<SourceMap, Failure> {
    let mut files = BTreeSet::new();
    let mut sources = vec![];
    let mut stdin_taken = false;
    for path in paths {
        if path.as_os_str() == "-" {
            if !std::mem::replace(&mut stdin_taken, true) {
                sources.push(stdin()?);
            }
        } else {
            find(path, &mut files)?;
        }
    }
    let mut seen = BTreeSet::new();
    for file in files {
        // The same file named twice, or by two ways, is one file.
        let real = fs::canonicalize(&file).unwrap_or_else(|_| file.clone());
        if seen.insert(real) {
            sources.push(read(&file)?);
        }
    }
    Ok(SourceMap::new(sources))
}

fn stdin() -> Result<Source, Failure> {
    let mut bytes = vec![];
    io::stdin()
        .lock()
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| Failure::new(format!("cannot read standard input: {e}")))?;
    text("<stdin>", bytes)
}

/// Adds the files that a path names: itself, or every policy file below it.
fn find(path: &Path, files: &mut BTreeSet<PathBuf>) -> Result<(), Failure> {
    let meta = fs::metadata(path).map_err(|e| cannot_read(path, &e))?;
    if !meta.is_dir() {
        files.insert(path.to_owned());
        return Ok(());
    }
    let mut found = vec![];
    walk(path, &mut found)?;
    if found.is_empty() {
        return Err(Failure::new(format!("no policy in `{}`", shown(path)))
            .help("a policy is one or more files that end in `.bw`, `.yaml` or `.yml`; name the folder or the files that hold them"));
    }
    files.extend(found);
    Ok(())
}

/// Collects the policy files below a folder; hidden ones and links to folders are left out.
fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let entries = fs::read_dir(folder).map_err(|e| cannot_read(folder, &e))?;
    for entry in entries {
        let entry = entry.map_err(|e| cannot_read(folder, &e))?;
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let path = folder_entry(folder, &entry);
        let kind = entry.file_type().map_err(|e| cannot_read(&path, &e))?;
        if kind.is_dir() {
            walk(&path, found)?;
        } else if path.extension().is_some_and(|e| e == "bw" || e == "yaml" || e == "yml") {
            found.push(path);
        }
    }
    Ok(())
}

/// `./a.bw` found in `.` is shown as `a.bw`.
fn folder_entry(folder: &Path, entry: &fs::DirEntry) -> PathBuf {
    if folder == Path::new(".") { PathBuf::from(entry.file_name()) } else { entry.path() }
}

/// Reads one file.
fn read(path: &Path) -> Result<Source, Failure> {
    let mut file = fs::File::open(path).map_err(|e| cannot_read(path, &e))?;
    let mut bytes = vec![];
    file.by_ref().take(LARGEST + 1).read_to_end(&mut bytes).map_err(|e| cannot_read(path, &e))?;
    text(&shown(path), bytes)
}

/// Bytes to a source: UTF-8, a byte-order mark left out.
fn text(path: &str, bytes: Vec<u8>) -> Result<Source, Failure> {
    if bytes.len() as u64 > LARGEST {
        return Err(Failure::new(format!("`{path}` is larger than 4 GiB")).help("cut the policy into several files"));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes()[..at].iter().filter(|b| **b == b'\n').count();
        Failure::new(format!("`{path}` is not UTF-8: byte {at}, on line {line}, begins no character"))
            .help("save the file in the encoding UTF-8")
    })?;
    let text = match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    };
    Ok(Source::new(path, text))
}

/// A path as it is shown: with `/` between its parts.
pub(super) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    text.strip_prefix("./").unwrap_or(&text).to_owned()
}

/// What went wrong, in a few words.
pub(super) fn cannot_read(path: &Path, error: &io::Error) -> Failure {
    let why = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    };
    Failure::new(format!("cannot read `{}`: {why}", shown(path)))
}
