//! A policy in a revision of a git repository: found, and read, as `load` does it on disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::git::{Found, Kind, Repository, Trouble, parts, submodule};
use super::{Failure, build, load, tables};
use crate::paths;
use crate::source::{Source, SourceMap};

/// How files begin that git LFS keeps elsewhere.
const POINTER: &str = "version https://git-lfs.github.com/spec/";

/// A path in a revision.
#[derive(Debug)]
pub(super) struct Place {
    repository: Repository,
    /// The tree of the revision.
    tree: String,
    /// The parts of the path, from the root of the tree.
    parts: Vec<Vec<u8>>,
    /// The path as findings show it.
    shown: String,
    /// The whole as messages name it: `main:policies`.
    name: String,
}

/// What stands at a place.
#[derive(Debug)]
pub(super) enum Content {
    /// Nothing at all.
    Absent,
    Policy(SourceMap),
    /// A compiled table, and the text of its sidecar.
    Table(Vec<u8>, Option<String>),
}

/// A policy file that was found.
struct File {
    object: String,
    /// The path as it is shown.
    shown: String,
}

impl Place {
    /// `REV:PATH`: a path from the root of the repository, or with `./` or `../` from the folder one stands in.
    pub(super) fn named(revision: &str, path: &str) -> Result<Self, Failure> {
        let here = Path::new(".");
        let repository = Repository::open(here)?;
        let tree = repository.revision(here, revision)?;
        let relative = matches!(path, "." | "..") || path.starts_with("./") || path.starts_with("../");
        let from = if relative { repository.prefix().to_vec() } else { vec![] };
        let parts = straight(from.into_iter().chain(parts(path.as_bytes())));
        let shown = load::shown(Path::new(path.trim_end_matches('/')));
        let shown = if shown == "." { String::new() } else { shown };
        Ok(Self { repository, tree, parts, shown, name: format!("{revision}:{path}") })
    }

    /// The place in a revision of the repository that a path of the disk lies in; the path itself need not be there any more.
    pub(super) fn of_disk(revision: &str, path: &Path) -> Result<Self, Failure> {
        let folder = path.ancestors().find(|folder| folder.is_dir()).unwrap_or_else(|| Path::new(""));
        let repository = Repository::open(folder)?;
        let tree = repository.revision(folder, revision)?;
        let rest = path.strip_prefix(folder).unwrap_or(path);
        let rest = parts(rest.to_string_lossy().replace('\\', "/").as_bytes());
        let parts = straight(repository.prefix().iter().cloned().chain(rest));
        let shown = if path == Path::new(".") { String::new() } else { load::shown(path) };
        let name = format!("{revision}:{}", if shown.is_empty() { "." } else { &shown });
        Ok(Self { repository, tree, parts, shown, name })
    }

    /// The whole as messages name it.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is there from the folder that one stands in, where it is not from the root.
    pub(super) fn is_beside(&mut self) -> bool {
        let parts: Vec<_> = self.repository.prefix().iter().chain(&self.parts).cloned().collect();
        self.repository.find(&self.tree, &parts).is_ok()
    }

    /// Reads what stands there.
    pub(super) fn read(&mut self) -> Result<Content, Failure> {
        let found = match self.repository.find(&self.tree, &self.parts) {
            Ok(found) => found,
            Err(Trouble::Absent) => return Ok(Content::Absent),
            Err(trouble) => return Err(self.cannot(&self.name.clone(), trouble)),
        };
        if found.kind == Kind::Folder {
            return self.folder(&found).map(Content::Policy);
        }
        let bytes = self.repository.object(&found.object)?;
        let path = PathBuf::from(&self.shown);
        let named = path.extension().is_some_and(|e| e == "bwt");
        if named || bytes.starts_with(&bailiwick_table::layout::MAGIC) {
            return Ok(Content::Table(bytes, self.sidecar()?));
        }
        load::refuse_people(&path)?;
        self.parts.pop();
        let folder = load::shown(path.parent().unwrap_or(&path));
        let source = self.source(&self.shown.clone(), bytes)?.within(folder.clone());
        Ok(Content::Policy(self.with_tables(vec![source], &folder)))
    }

    /// The policy of a folder.
    fn folder(&mut self, folder: &Found) -> Result<SourceMap, Failure> {
        let mut files = BTreeMap::new();
        self.walk(folder, &mut files)?;
        if files.is_empty() {
            return Err(load::no_policy(&self.name));
        }
        // By the order of the paths as they are shown, so that of two ways to one file the same one counts as on disk.
        let mut files: Vec<(Vec<Vec<u8>>, File)> = files.into_iter().collect();
        files.sort_by(|(_, a), (_, b)| a.shown.cmp(&b.shown));
        let mut sources = vec![];
        let shown = self.shown.clone();
        for (_, file) in files {
            let bytes = self.repository.object(&file.object)?;
            sources.push(self.source(&file.shown, bytes)?.within(shown.clone()));
        }
        Ok(self.with_tables(sources, &shown))
    }

    /// Collects the policy files below a folder, by their real places; hidden ones and links to folders are left out.
    fn walk(&mut self, folder: &Found, files: &mut BTreeMap<Vec<Vec<u8>>, File>) -> Result<(), Failure> {
        let mut ahead = vec![(folder.clone(), self.shown.clone())];
        while let Some((folder, shown)) = ahead.pop() {
            for entry in self.repository.tree(&folder.object)?.iter() {
                if entry.name.starts_with(b".") {
                    continue;
                }
                let name = String::from_utf8_lossy(&entry.name).replace('\\', "/");
                let shown = if shown.is_empty() { name } else { format!("{shown}/{name}") };
                let parts: Vec<_> = folder.parts.iter().chain([&entry.name]).cloned().collect();
                let found = Found { parts, kind: entry.kind, object: entry.object.clone() };
                match entry.kind {
                    Kind::Folder => ahead.push((found, shown)),
                    Kind::Submodule => {
                        let why = submodule(shown.as_bytes());
                        return Err(Failure::new(format!("cannot read `{}`: {why}", self.name))
                            .help("compare two checkouts of the policy by their paths"));
                    }
                    Kind::File | Kind::Link if !load::is_policy(Path::new(&shown)) => {}
                    Kind::File => add(files, found, shown),
                    Kind::Link => {
                        let target = self.repository.find(&self.tree, &found.parts);
                        let target = target.map_err(|trouble| self.cannot(&shown, trouble))?;
                        if target.kind != Kind::File {
                            return Err(self.cannot(&shown, Trouble::Odd("it is no file".to_owned())));
                        }
                        add(files, target, shown);
                    }
                }
            }
        }
        Ok(())
    }

    /// A file as a source.
    fn source(&self, shown: &str, bytes: Vec<u8>) -> Result<Source, Failure> {
        let text = load::decoded(bytes)
            .map_err(|(why, help)| Failure::new(format!("`{shown}`, in `{}`, {why}", self.name)).help(help))?;
        if text.starts_with(POINTER) {
            return Err(Failure::new(format!("cannot read `{shown}` in `{}`: {}", self.name, kept_elsewhere())));
        }
        Ok(Source::new(shown, text))
    }

    /// The sources with the tables of people that they name; `self.parts` leads to the policy's folder, which is shown so.
    fn with_tables(&mut self, sources: Vec<Source>, folder: &str) -> SourceMap {
        let folder = paths::plain(folder);
        tables::with_tables(sources, |path, _| {
            let inside = path.strip_prefix(&folder).unwrap_or(path);
            let inside = self.parts.iter().cloned().chain(parts(inside.as_bytes())).collect::<Vec<_>>();
            self.people(&inside).map_err(|trouble| match trouble {
                Trouble::Absent => "there is no such file".to_owned(),
                Trouble::Odd(why) => why,
                Trouble::Failed(failure) => failure.message,
            })
        })
    }

    /// The text of a table of people.
    fn people(&mut self, path: &[Vec<u8>]) -> Result<String, Trouble> {
        let real = self.repository.find(&self.tree, path)?;
        let folder = self.repository.find(&self.tree, &self.parts.clone())?;
        if !real.parts.starts_with(&folder.parts) {
            return Err(Trouble::Odd("a symbolic link leads out of the policy's folder".to_owned()));
        }
        if real.kind != Kind::File {
            return Err(Trouble::Odd("it is no file".to_owned()));
        }
        let bytes = self.repository.object(&real.object)?;
        let text = load::decoded(bytes).map_err(|(why, _)| Trouble::Odd(format!("it {why}")))?;
        if text.starts_with(POINTER) {
            return Err(Trouble::Odd(kept_elsewhere()));
        }
        Ok(text)
    }

    /// The text beside a table that names its lines; none where there is none.
    fn sidecar(&mut self) -> Result<Option<String>, Failure> {
        let Some(name) = self.parts.last_mut() else { return Ok(None) };
        let map = build::map_path(Path::new(&*String::from_utf8_lossy(name)));
        *name = map.to_string_lossy().into_owned().into_bytes();
        let Ok(found) = self.repository.find(&self.tree, &self.parts) else { return Ok(None) };
        if found.kind != Kind::File {
            return Ok(None);
        }
        self.repository.object(&found.object).map(|bytes| String::from_utf8(bytes).ok())
    }

    fn cannot(&self, path: &str, trouble: Trouble) -> Failure {
        let why = match trouble {
            Trouble::Failed(failure) => return failure,
            Trouble::Odd(why) => why,
            Trouble::Absent => "there is no such file".to_owned(),
        };
        if path == self.name {
            return Failure::new(format!("cannot read `{path}`: {why}"));
        }
        Failure::new(format!("cannot read `{path}` in `{}`: {why}", self.name))
    }
}

/// A path whose `..` are gone with the part before them, as git reads `REV:../PATH`; one that leads out of the repository keeps it.
fn straight(parts: impl Iterator<Item = Vec<u8>>) -> Vec<Vec<u8>> {
    let mut way: Vec<Vec<u8>> = vec![];
    for part in parts {
        if part == b".." && way.last().is_some_and(|last| last != b"..") {
            way.pop();
        } else {
            way.push(part);
        }
    }
    way
}

/// Adds a file by its real place; of several ways to it the first one in the order of the paths is shown.
fn add(files: &mut BTreeMap<Vec<Vec<u8>>, File>, found: Found, shown: String) {
    let file = files.entry(found.parts).or_insert_with(|| File { object: found.object, shown: shown.clone() });
    if shown < file.shown {
        file.shown = shown;
    }
}

fn kept_elsewhere() -> String {
    "git LFS keeps it elsewhere, and the revision has only a pointer to it".to_owned()
}
