//! The example policies of `policies/`, as they are and with something changed.

use std::fs;
use std::path::{Path, PathBuf};

use bailiwick::dates::parse_date;
use bailiwick::source::{Source, SourceMap};
use bailiwick::{Options, Outcome, compile};

/// A copy of an example policy.
pub(crate) struct Shipped {
    /// Its files in order: name and text.
    pub(crate) files: Vec<(String, String)>,
}

/// The folders of all of them, in order.
pub(crate) fn policies() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let mut all: Vec<PathBuf> = fs::read_dir(folder).expect("the policies").map(|e| e.expect("one").path()).collect();
    all.sort();
    all
}

impl Shipped {
    /// A copy of the policy in this folder.
    pub(crate) fn read(folder: &Path) -> Self {
        let mut paths: Vec<PathBuf> =
            fs::read_dir(folder).expect("a policy").map(|e| e.expect("a file").path()).collect();
        paths.sort();
        let named = |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
        let text = |path: &PathBuf| fs::read_to_string(path).expect("a readable file");
        Self { files: paths.iter().filter_map(|path| Some((named(path)?, text(path)))).collect() }
    }

    /// The sources of the policy.
    pub(crate) fn sources(&self) -> SourceMap {
        let source = |(name, text): &(String, String)| {
            let shown = format!("policy/{name}");
            match name.rsplit('.').next()? {
                "bw" | "yaml" => Some(Source::new(shown, text.clone()).within("policy".to_owned())),
                "csv" => Some(Source::people(shown, text.clone()).within("policy".to_owned())),
                _ => None,
            }
        };
        SourceMap::new(self.files.iter().filter_map(source).collect())
    }

    /// What the compiler says of it.
    pub(crate) fn outcome(&self) -> Outcome {
        let at = parse_date("2026-12-01").ok();
        compile(&self.sources(), &Options { at, ..Options::default() })
    }
}
