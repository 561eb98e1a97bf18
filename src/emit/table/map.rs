//! The sidecar: where the statements are written that a table's records come from. Files and lines stand here alone, so that moving a
//! line does not change the table.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::Written;
use crate::lower::rights::{OriginId, Rights};
use crate::model::Model;
use crate::source::SourceMap;

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

impl Written {
    /// The sidecar.
    #[must_use]
    pub fn sidecar(&self, model: &Model, rights: &Rights, sources: &SourceMap) -> Sidecar {
        let place = |origin: &OriginId| sources.locate(rights.origins[origin.0 as usize].span).to_string();
        let places = |list: &[OriginId]| list.iter().map(place).collect::<Vec<_>>();
        let accounts = model.accounts.iter().zip(&self.assignments);
        Sidecar {
            version: 1,
            digest: self.digest(),
            grants: places(&self.grants),
            forbids: places(&self.forbids),
            automatic: places(&self.automatic),
            accounts: accounts.map(|(account, list)| (account.login.clone(), places(list))).collect(),
        }
    }

    /// The table's digest, in hexadecimal.
    #[must_use]
    pub fn digest(&self) -> String {
        let at = bailiwick_table::layout::header::DIGEST;
        self.bytes[at..at + 16].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
