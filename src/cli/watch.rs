//! `check --watch`: checks again whenever a file of the policy changes, until it is interrupted or its reader has gone.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

use super::args::CheckArgs;
use super::output::Terminal;
use super::timings::watched;
use super::{End, Ended, Failure, load, policy};
use crate::source::SourceMap;
use crate::text::{count, quoted_list};
use crate::timings::Stages;
use crate::workspace::Workspace;

/// For how long nothing must happen before it is looked at what did: an editor writes a file in several steps.
const QUIET: Duration = Duration::from_millis(40);
/// How long that is waited for at most.
const PATIENCE: Duration = Duration::from_millis(400);
/// How often files are looked at where the system does not tell of all changes.
const LOOK: Duration = Duration::from_secs(1);
/// How many changed files are named.
const NAMED: usize = 3;

/// Checks a policy, and again after each change. What cannot be read then is told, and waited for.
pub(super) fn run(args: &CheckArgs, terminal: &Terminal) -> Ended {
    let paths = &args.policy.paths;
    if paths.iter().any(|path| path.as_os_str() == "-") {
        return Err(Failure::new("standard input cannot be watched").help("save the policy in a file and name that"));
    }
    let mut changes = Changes::new();
    let mut workspace = Workspace::new(policy::options(&args.policy, 0));
    changes.follow(paths, workspace.sources());
    workspace.replace(load::load(paths)?);
    if !check(&mut workspace, &[], terminal)? {
        return Ok(End::Well);
    }
    let mut complaint = None;
    loop {
        let waits = complaint.is_some();
        if waits {
            // What is gone is followed anew when it is there again.
            changes.followed.clear();
        }
        if !changes.follow(paths, workspace.sources()) || waits {
            changes.wait(waits);
        }
        match load::load(paths) {
            Err(failure) => {
                if complaint.as_ref() != Some(&failure.message) {
                    terminal.complain(&failure.message, failure.help.as_deref());
                }
                complaint = Some(failure.message);
            }
            Ok(sources) => {
                let changed = sources.changed_since(workspace.sources());
                let mended = complaint.take().is_some();
                workspace.replace(sources);
                if (mended || !changed.is_empty()) && !check(&mut workspace, &changed, terminal)? {
                    return Ok(End::Well);
                }
            }
        }
    }
}

/// Checks what is there now and prints everything there is to say; whether anybody still reads that.
fn check(workspace: &mut Workspace, changed: &[String], terminal: &Terminal) -> Result<bool, Failure> {
    let (stages, start) = (Stages::default(), Instant::now());
    let findings = watched(&stages, || workspace.compile(&stages)).findings;
    let took = start.elapsed();
    let mut text = policy::drawn(&findings, workspace.sources(), terminal);
    if findings.is_empty() {
        text.push_str("no findings\n");
    }
    let after = match changed {
        [] => String::new(),
        few if few.len() <= NAMED => {
            format!(" after a change of {}", quoted_list(few.iter().map(String::as_str), "and"))
        }
        many => format!(" after a change of {}", count(many.len(), "file", "files")),
    };
    let files = count(workspace.sources().iter().count(), "file", "files");
    let line = format!("{files} checked in {}{after}; waiting for changes", told(took));
    terminal.print_to_reader(&format!("{text}{}\n", crate::text::visible(&line)))
}

fn told(time: Duration) -> String {
    if time < Duration::from_secs(1) {
        format!("{} ms", time.as_millis())
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}

/// What the system tells of changes.
struct Changes {
    watcher: Option<RecommendedWatcher>,
    told: Receiver<notify::Result<Event>>,
    /// Without a watcher nothing is sent, and the other end waits its time.
    _sender: Sender<notify::Result<Event>>,
    /// The folders that it tells of, and whether of all that is below them.
    followed: BTreeMap<PathBuf, RecursiveMode>,
    /// Whether it tells of all folders.
    whole: bool,
}

impl Changes {
    fn new() -> Self {
        let (sender, told) = mpsc::channel();
        let watcher = notify::recommended_watcher(sender.clone()).ok();
        Self { watcher, told, _sender: sender, followed: BTreeMap::new(), whole: true }
    }

    /// Follows the folders of a policy and of all its sources; whether there is a new one, in which something may have changed already.
    fn follow(&mut self, paths: &[PathBuf], sources: &SourceMap) -> bool {
        let mut wanted: BTreeMap<PathBuf, RecursiveMode> = BTreeMap::new();
        let files = sources.iter().map(|(_, source)| folder_of(Path::new(&source.path)));
        for folder in files.chain(paths.iter().filter(|path| !path.is_dir()).map(|path| folder_of(path))) {
            wanted.insert(folder, RecursiveMode::NonRecursive);
        }
        for folder in paths.iter().filter(|path| path.is_dir()) {
            wanted.retain(|other, _| !other.starts_with(folder));
            wanted.insert(folder.clone(), RecursiveMode::Recursive);
        }
        let before = self.followed.len();
        self.whole = true;
        for (folder, mode) in wanted {
            if self.followed.contains_key(&folder) {
                continue;
            }
            let following = self.watcher.as_mut().is_some_and(|watcher| watcher.watch(&folder, mode).is_ok());
            self.whole &= following;
            if following {
                self.followed.insert(folder, mode);
            }
        }
        self.followed.len() > before
    }

    /// Waits until something has changed; for a second only where something is not there, or not all changes are told.
    fn wait(&mut self, not_long: bool) {
        let start = Instant::now();
        let told = loop {
            let next = if not_long || !self.whole {
                self.told.recv_timeout(LOOK.saturating_sub(start.elapsed())).ok()
            } else {
                self.told.recv().ok()
            };
            match next {
                Some(told) if matters(&told) => break told,
                Some(_) => {}
                None => return,
            }
        };
        self.note(&told);
        let start = Instant::now();
        while start.elapsed() < PATIENCE
            && let Ok(told) = self.told.recv_timeout(QUIET)
        {
            self.note(&told);
        }
    }

    /// Where a folder is gone, or something was missed, all are followed anew.
    fn note(&mut self, told: &notify::Result<Event>) {
        let is_folder = |path: &PathBuf| path.extension().is_none();
        let whole = told
            .as_ref()
            .is_ok_and(|event| !(event.need_rescan() || event.kind.is_remove() && event.paths.iter().any(is_folder)));
        if !whole {
            self.followed.clear();
        }
    }
}

/// Whether a policy may be another one after this. That files are read is told too, and they are read here.
fn matters(told: &notify::Result<Event>) -> bool {
    let Ok(event) = told else { return true };
    let written = match event.kind {
        EventKind::Access(kind) => kind == AccessKind::Close(AccessMode::Write),
        _ => true,
    };
    // A path without an ending may be a folder.
    let of_policy = |path: &PathBuf| load::is_policy(path) || path.extension().is_none_or(|ending| ending == "csv");
    event.need_rescan() || (written && (event.paths.is_empty() || event.paths.iter().any(of_policy)))
}

fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}
