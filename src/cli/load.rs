//! Files and folders to sources.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{Failure, tables};
use crate::source::{Source, SourceMap};

/// Offsets are 32 bits wide.
const LARGEST: u64 = u32::MAX as u64;

/// A file as it is going to be.
#[derive(Debug)]
pub(super) struct Change<'a> {
    /// The file, which may not be there yet.
    pub(super) path: &'a Path,
    /// Its text.
    pub(super) text: &'a str,
}

/// Reads everything that these paths name as one policy, and the tables of people that it names.
pub(super) fn load(paths: &[PathBuf]) -> Result<SourceMap, Failure> {
    load_with(paths, None)
}

/// Reads the same, as if a file of it had been changed already.
pub(super) fn load_with(paths: &[PathBuf], change: Option<&Change<'_>>) -> Result<SourceMap, Failure> {
    let mut files = BTreeMap::new();
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
    if let Some(change) = change.filter(|change| !change.path.exists()) {
        add_new(change.path, paths, &mut files);
    }
    let mut seen = BTreeSet::new();
    let changed = change.map(|change| real(change.path));
    for (file, folder) in files {
        // The same file named twice, or by two ways, is one file.
        let real = real(&file);
        let new = change.filter(|_| changed.as_ref() == Some(&real));
        if seen.insert(real) {
            let source = new.map_or_else(|| read(&file), |change| Ok(Source::new(shown(&file), change.text)))?;
            sources.push(source.within(shown(&folder)));
        }
    }
    if let Some(change) = change.filter(|_| changed.is_some_and(|real| !seen.contains(&real))) {
        return Err(Failure::new(format!("`{}` is no part of this policy", shown(change.path)))
            .help("name the whole policy by `--policy`"));
    }
    Ok(tables::with_tables(sources, tables::read))
}

/// A file without links on the way to it; its folder without, where it is not there yet.
fn real(file: &Path) -> PathBuf {
    let folder = || file.parent().map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
    let new = || Some(fs::canonicalize(folder()?).ok()?.join(file.file_name()?));
    fs::canonicalize(file).ok().or_else(new).unwrap_or_else(|| file.to_owned())
}

/// Adds a file that is not there yet to those of the folder that it is going to be in.
fn add_new(file: &Path, paths: &[PathBuf], files: &mut BTreeMap<PathBuf, PathBuf>) {
    let real = real(file);
    let folder = paths.iter().find(|path| fs::canonicalize(path).is_ok_and(|p| p.is_dir() && real.starts_with(p)));
    if let Some(folder) = folder {
        files.insert(file.to_owned(), folder.clone());
    }
}

pub(super) fn stdin() -> Result<Source, Failure> {
    let mut bytes = vec![];
    io::stdin()
        .lock()
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| Failure::new(format!("cannot read standard input: {e}")))?;
    text("<stdin>", bytes)
}

/// Adds the files that a path names: itself, or every policy file below it. Each comes with the policy's folder, the outermost one
/// where several were named.
pub(super) fn find(path: &Path, files: &mut BTreeMap<PathBuf, PathBuf>) -> Result<(), Failure> {
    let meta = fs::metadata(path).map_err(|e| cannot_read(path, &e))?;
    if !meta.is_dir() {
        refuse_people(path)?;
        files.entry(path.to_owned()).or_insert_with(|| path.parent().unwrap_or(path).to_owned());
        return Ok(());
    }
    let mut found = vec![];
    walk(path, &mut found)?;
    if found.is_empty() {
        return Err(no_policy(&shown(path)));
    }
    let outer = if path == Path::new(".") { Path::new("") } else { path };
    for file in found {
        let folder = files.entry(file).or_insert_with(|| outer.to_owned());
        if folder.starts_with(outer) {
            outer.clone_into(folder);
        }
    }
    Ok(())
}

/// A table of people is part of a policy, and none by itself.
pub(super) fn refuse_people(path: &Path) -> Result<(), Failure> {
    if path.extension().is_none_or(|e| e != "csv") {
        return Ok(());
    }
    Err(Failure::new(format!("`{}` is a table of people, and no policy", shown(path)))
        .help("a policy names it, by `admins from \"people.csv\"`: name that policy here"))
}

/// That a folder holds no policy.
pub(super) fn no_policy(folder: &str) -> Failure {
    Failure::new(format!("no policy in `{folder}`")).help(
        "a policy is one or more files that end in `.bw`, `.yaml` or `.yml`; name the folder or the files that hold them",
    )
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
        } else if is_policy(&path) {
            found.push(path);
        }
    }
    Ok(())
}

/// Whether a path is that of a policy, by its ending.
pub(super) fn is_policy(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "bw" || e == "yaml" || e == "yml")
}

/// `./a.bw` found in `.` is shown as `a.bw`.
fn folder_entry(folder: &Path, entry: &fs::DirEntry) -> PathBuf {
    if folder == Path::new(".") { PathBuf::from(entry.file_name()) } else { entry.path() }
}

/// Reads one file.
pub(super) fn read(path: &Path) -> Result<Source, Failure> {
    let bytes = bytes(path).map_err(|e| cannot_read(path, &e))?;
    text(&shown(path), bytes)
}

/// The bytes of a file, one more than can be used where there are too many.
pub(super) fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let file = fs::File::open(path)?;
    // What the system says of its length saves copies, and need not be true.
    let length = file.metadata().map_or(0, |meta| meta.len().min(LARGEST));
    let mut bytes = Vec::with_capacity(usize::try_from(length).map_or(0, |length| length + 1));
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Bytes to a source.
fn text(path: &str, bytes: Vec<u8>) -> Result<Source, Failure> {
    let text = decoded(bytes).map_err(|(why, help)| Failure::new(format!("`{path}` {why}")).help(help))?;
    Ok(Source::new(path, text))
}

/// Bytes to text: UTF-8, a byte-order mark left out. Otherwise what is wrong with them, and what to do.
pub(super) fn decoded(bytes: Vec<u8>) -> Result<String, (String, &'static str)> {
    if bytes.len() as u64 > LARGEST {
        return Err(("is larger than 4 GiB".to_owned(), "cut it into several files"));
    }
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes()[..at].iter().filter(|b| **b == b'\n').count();
        let why = format!("is not UTF-8: byte {at}, on line {line}, begins no character");
        (why, "save the file in the encoding UTF-8")
    })?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
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
