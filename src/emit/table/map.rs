//! The sidecar: where the statements are written that a table's records come from. Files and lines stand here alone, so that moving a
//! line does not change the table.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde::ser::{SerializeSeq, SerializeStruct};
use serde::{Deserialize, Serialize, Serializer};

use super::Written;
use super::indent::Indent;
use crate::lower::rights::{OriginId, Rights};
use crate::model::Model;
use crate::source::SourceMap;

/// The number of its shape.
const VERSION: u32 = 1;

/// The sidecar's shape. Lists are by the numbers of the table's records; a place is `file:line:column`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sidecar {
    /// Of this shape: 1.
    pub version: u32,
    /// The digest of the table it belongs to, in hexadecimal.
    pub digest: String,
    /// The grants.
    pub grants: Vec<String>,
    /// The prohibitions.
    pub forbids: Vec<String>,
    /// The automatic rules.
    pub automatic: Vec<String>,
    /// By login: the account's assignments.
    pub accounts: BTreeMap<String, Vec<String>>,
}

/// Where places are looked up that stand one after the other.
struct Finder<'s> {
    rights: &'s Rights,
    sources: &'s SourceMap,
    /// The line of the last one, and its text.
    last: RefCell<(usize, String)>,
}

/// A place is written as text.
struct Places<'f>(&'f [OriginId], &'f Finder<'f>);

impl Serialize for Places<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(origins, finder) = *self;
        let mut list = serializer.serialize_seq(Some(origins.len()))?;
        let mut last = finder.last.borrow_mut();
        let (near, text) = &mut *last;
        for origin in origins {
            let place = finder.sources.locate_near(finder.rights.origins[origin.0 as usize].span, *near);
            *near = place.line;
            text.clear();
            place.write(text);
            list.serialize_element(text.as_str())?;
        }
        SerializeSeq::end(list)
    }
}

/// The places of each account's assignments, by login.
struct Accounts<'s>(&'s Written, &'s Model, &'s Finder<'s>);

impl Serialize for Accounts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(written, model, finder) = *self;
        let accounts = model.accounts.iter().zip(written.assignments());
        serializer.collect_map(accounts.map(|(account, origins)| (account.login.as_str(), Places(origins, finder))))
    }
}

impl Written {
    /// Writes the sidecar as JSON, straight from what it is made of: for a million accounts it is as large as the table.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_sidecar(
        &self,
        model: &Model,
        rights: &Rights,
        sources: &SourceMap,
        out: impl std::io::Write,
    ) -> std::io::Result<()> {
        let finder = Finder { rights, sources, last: RefCell::default() };
        let places = |origins| Places(origins, &finder);
        let mut json = serde_json::Serializer::with_formatter(out, Indent::default());
        let mut sidecar = json.serialize_struct("Sidecar", 6)?;
        sidecar.serialize_field("version", &VERSION)?;
        sidecar.serialize_field("digest", &self.digest())?;
        sidecar.serialize_field("grants", &places(&self.grants))?;
        sidecar.serialize_field("forbids", &places(&self.forbids))?;
        sidecar.serialize_field("automatic", &places(&self.automatic))?;
        sidecar.serialize_field("accounts", &Accounts(self, model, &finder))?;
        SerializeStruct::end(sidecar)?;
        Ok(())
    }

    /// The sidecar.
    #[must_use]
    pub fn sidecar(&self, model: &Model, rights: &Rights, sources: &SourceMap) -> Sidecar {
        let place = |origin: &OriginId| sources.locate(rights.origins[origin.0 as usize].span).to_string();
        let places = |list: &[OriginId]| list.iter().map(place).collect::<Vec<_>>();
        let accounts = model.accounts.iter().zip(self.assignments());
        Sidecar {
            version: VERSION,
            digest: self.digest(),
            grants: places(&self.grants),
            forbids: places(&self.forbids),
            automatic: places(&self.automatic),
            accounts: accounts.map(|(account, list)| (account.login.to_string(), places(list))).collect(),
        }
    }

    /// The table's digest, in hexadecimal.
    #[must_use]
    pub fn digest(&self) -> String {
        let at = bailiwick_table::layout::header::DIGEST;
        self.bytes[at..at + 16].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
