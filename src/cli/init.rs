//! `init`: a small policy to begin with.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use super::args::InitArgs;
use super::output::Terminal;
use super::{End, Ended, Failure, load};

const TEXT: &str = include_str!("starter/policy.bw");
const YAML: &str = include_str!("starter/policy.yaml");

/// Writes the policy into a folder that has none.
pub(super) fn run(args: &InitArgs, terminal: &Terminal) -> Ended {
    let folder = &args.folder;
    let cannot =
        |path: &Path, error: &io::Error| Failure::new(format!("cannot write `{}`: {error}", load::shown(path)));
    fs::create_dir_all(folder).map_err(|e| cannot(folder, &e))?;
    if let Some(there) = policy_in(folder)? {
        return Err(Failure::new(format!("`{}` is a policy already, and nothing was written", load::shown(&there)))
            .help("name another folder: `bailiwick init FOLDER`"));
    }
    let (name, text) = if args.yaml { ("policy.yaml", YAML) } else { ("policy.bw", TEXT) };
    let path = folder.join(name);
    let mut file = fs::File::create_new(&path).map_err(|e| cannot(&path, &e))?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|e| cannot(&path, &e))?;
    let (path, folder) = (load::shown(&path), load::shown(folder));
    terminal.say(&format!("wrote {path}"));
    terminal.say(&format!("next: `bailiwick check {folder}`, then `bailiwick test {folder}`"));
    Ok(End::Well)
}

/// A policy file that stands in the folder itself.
fn policy_in(folder: &Path) -> Result<Option<std::path::PathBuf>, Failure> {
    let entries = fs::read_dir(folder).map_err(|e| load::cannot_read(folder, &e))?;
    for entry in entries {
        let path = entry.map_err(|e| load::cannot_read(folder, &e))?.path();
        if load::is_policy(&path) {
            return Ok(Some(path));
        }
    }
    Ok(None)
}
