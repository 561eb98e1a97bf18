//! `build`: a policy to a table, written whole or not at all.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::args::BuildArgs;
use super::output::Terminal;
use super::timings::{report, watched};
use super::{End, Ended, Failure, load, policy};
use crate::Compiled;
use crate::source::SourceMap;
use crate::text::count;
use crate::timings::{Stages, beside};

/// How much is gathered before it is written.
const BUFFER: usize = 256 * 1024;

/// Compiles a policy. With an error nothing is written, and the old table stays as it was.
pub(super) fn run(args: &BuildArgs, terminal: &Terminal) -> Ended {
    let (stages, start) = (Stages::default(), Instant::now());
    refuse_to_overwrite(&args.output, &args.policy.paths)?;
    let (sources, outcome) = watched(&stages, || policy::compiled(&args.policy, args.revision, &stages))?;
    terminal.note(&policy::drawn(&outcome.findings, &sources, terminal));
    let Some(compiled) = &outcome.compiled else {
        terminal.say(&format!("nothing was written: `{}` stays as it was", load::shown(&args.output)));
        report(args.timings.timings, &stages, start, terminal)?;
        return Ok(End::Findings);
    };
    watched(&stages, || keep(&args.output, compiled, &sources, &stages))?;
    terminal.say(&format!(
        "wrote {}: {}, {}, {}",
        load::shown(&args.output),
        count(compiled.model().roles.len(), "role", "roles"),
        count(compiled.model().accounts.len(), "account", "accounts"),
        count(compiled.table().len(), "byte", "bytes"),
    ));
    // The program ends here: what it holds of a million accounts need not be given back piece by piece.
    std::mem::forget((sources, outcome));
    report(args.timings.timings, &stages, start, terminal)?;
    Ok(End::Well)
}

/// Writes the table, and its sidecar before it.
fn keep(output: &Path, compiled: &Compiled, sources: &SourceMap, stages: &Stages) -> Result<(), Failure> {
    // The map is a help, and left aside when it is not whole: what the system keeps of it after a failure does not matter.
    let map = || Staged::with(&map_path(output), |file| compiled.write_sidecar(sources, file));
    let table = || {
        let table = stages.run("write", || Staged::with(output, |file| file.write_all(compiled.table())))?;
        stages.run("sync", || table.sync())?;
        Ok(table)
    };
    // While the disk is waited for, the map is made.
    let (table, map) = beside(table, || stages.run("map", map));
    let table: Staged = table?;
    map?.put()?;
    stages.run("rename", || table.put())
}

/// The sidecar of a table, which names files and lines.
pub(super) fn map_path(table: &Path) -> PathBuf {
    let mut name = table.as_os_str().to_owned();
    name.push(".map");
    PathBuf::from(name)
}

/// A policy must not be overwritten by its own table.
fn refuse_to_overwrite(output: &Path, inputs: &[PathBuf]) -> Result<(), Failure> {
    let policy_file = load::is_policy(output);
    let same = fs::canonicalize(output).ok();
    let named = same.is_some_and(|out| inputs.iter().any(|i| fs::canonicalize(i).is_ok_and(|i| i == out)));
    if policy_file || named {
        return Err(Failure::new(format!("`{}` is the name of a policy, not of a table", load::shown(output)))
            .help("name the table after `-o`, for example `-o portal.bwt`"));
    }
    Ok(())
}

/// Writes beside the place and renames: a reader sees the old bytes or the new ones, never a part. A file that was there keeps its
/// permissions.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    Staged::new(path, bytes)?.put()
}

/// A file that is whole on disk, beside the place where it is to be. Dropped, it is gone.
pub(super) struct Staged {
    path: PathBuf,
    file: tempfile::NamedTempFile,
}

impl Staged {
    /// Writes the file beside its place.
    pub(super) fn new(path: &Path, bytes: &[u8]) -> Result<Self, Failure> {
        let staged = Self::with(path, |file| file.write_all(bytes))?;
        staged.sync()?;
        Ok(staged)
    }

    /// The same with whatever is written into it; not yet safe from a failure of the system.
    fn with(path: &Path, write: impl FnOnce(&mut BufWriter<&fs::File>) -> io::Result<()>) -> Result<Self, Failure> {
        let file = empty(path)?;
        let mut buffer = BufWriter::with_capacity(BUFFER, file.as_file());
        write(&mut buffer).and_then(|()| buffer.flush()).map_err(|e| cannot(path, &e))?;
        drop(buffer);
        Ok(Self { path: path.to_owned(), file })
    }

    /// Waits until the file is on disk.
    fn sync(&self) -> Result<(), Failure> {
        self.file.as_file().sync_all().map_err(|e| cannot(&self.path, &e))
    }

    /// Puts it in its place.
    pub(super) fn put(self) -> Result<(), Failure> {
        self.file.persist(&self.path).map_err(|e| cannot(&self.path, &e.error))?;
        // The rename itself is on disk once the folder is; where folders cannot be opened as files there is nothing to sync.
        let _ = fs::File::open(folder_of(&self.path)).and_then(|f| f.sync_all());
        Ok(())
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

fn cannot(path: &Path, error: &io::Error) -> Failure {
    let why = match error.kind() {
        io::ErrorKind::NotFound => "there is no such folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    };
    Failure::new(format!("cannot write `{}`: {why}", load::shown(path)))
}

/// An empty file beside a place.
fn empty(path: &Path) -> Result<tempfile::NamedTempFile, Failure> {
    let cannot = |error: &io::Error| cannot(path, error);
    if path.is_dir() {
        return Err(Failure::new(format!("cannot write `{}`: it is a folder", load::shown(path))));
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".bailiwick-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // As any new file: the process's umask takes away what it takes away.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let file = builder.tempfile_in(folder_of(path)).map_err(|e| cannot(&e))?;
    if let Ok(old) = fs::metadata(path) {
        file.as_file().set_permissions(old.permissions()).map_err(|e| cannot(&e))?;
    }
    Ok(file)
}
