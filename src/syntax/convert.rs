//! From one form to the other, and the proof that both say the same.
//!
//! ```text
//! text --parse--> tree --print--> text in the other form --parse--> tree
//!   `---comments by the place of what they belong to---^              `--- the same, but for the order of declarations
//! ```

mod comments;
mod same;
mod text;

use super::ast::File;
use super::format::{self, Refused, yaml};
use super::{is_yaml, print};
use crate::diagnostic::Findings;
use crate::source::{Source, SourceId};

pub use same::same;

/// The two dresses of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The text form.
    Text,
    /// The YAML form.
    Yaml,
}

impl Form {
    /// The form of a source, by its path.
    #[must_use]
    pub fn of(path: &str) -> Self {
        if is_yaml(path) { Self::Yaml } else { Self::Text }
    }

    /// The other form.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Text => Self::Yaml,
            Self::Yaml => Self::Text,
        }
    }

    /// How the name of a file in this form ends.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Text => "bw",
            Self::Yaml => "yaml",
        }
    }

    /// The tree of a text in this form; findings instead, where something is wrong.
    pub(in crate::syntax) fn read(self, id: SourceId, text: &str) -> Result<File, Vec<crate::diagnostic::Finding>> {
        let mut findings = Findings::new();
        let file = match self {
            Self::Text => super::text::parse(id, text, &mut findings),
            Self::Yaml => super::yaml::parse(id, text, &mut findings),
        };
        if findings.is_empty() && !file.broken { Ok(file) } else { Err(findings.sorted()) }
    }
}

/// A source in the other form, with its comments as far as they can be carried.
///
/// # Errors
/// When the source cannot be read, or when the other form cannot say the same.
pub fn converted(id: SourceId, source: &Source) -> Result<String, Refused> {
    let form = Form::of(&source.path);
    let file = form.read(id, &source.text).map_err(Refused::Unreadable)?;
    let mut carried = comments::carried(form, &source.text, &file).ok_or(Refused::NotTheSame)?;
    let written = match form {
        Form::Text => {
            let entries = print::yaml::entries(&file, &mut carried);
            if !entries.has_unique_keys() {
                return Err(Refused::NotTheSame);
            }
            yaml::written(&entries)
        }
        Form::Yaml => format::text(id, &text::written(&file, &mut carried)).map_err(|_| Refused::NotTheSame)?,
    };
    let again = form.other().read(id, &written).map_err(|_| Refused::NotTheSame)?;
    if same(&[file], &[again]) { Ok(written) } else { Err(Refused::NotTheSame) }
}
