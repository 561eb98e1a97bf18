//! Azure's built-in roles as a policy.
//!
//! An operation `microsoft.web/sites/restart/action` is the action `restart/action` of the resource `microsoft.web/sites`; the
//! operations of the data plane have resources of their own, `data: microsoft.storage/...`. A role is a role. Where it has several
//! blocks, each is a role of its own and the role extends them. An entry is an `allow` line; a wildcard is the operations that it
//! meets in the closed universe, with the entry itself as the reason. What a block's not-entries name is excepted in that block.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use bailiwick::source::{Source, SourceMap};
use bailiwick::syntax::print::{quoted, word};
use serde::Deserialize;

use crate::corpus;
use crate::operations::{Plane, Universe};

/// The set.
pub(crate) struct Azure {
    /// The roles.
    pub(crate) roles: Vec<Role>,
    /// All operations.
    pub(crate) universe: Universe,
}

/// A built-in role.
#[derive(Deserialize)]
pub(crate) struct Role {
    /// Its name.
    #[serde(rename = "role")]
    pub(crate) name: String,
    /// Its identifier.
    pub(crate) id: String,
    /// What it may do: the union of these.
    pub(crate) blocks: Vec<Block>,
}

/// A block of a role: what its entries meet, minus what its not-entries meet, on either plane.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Block {
    /// Operations of the control plane.
    pub(crate) actions: Vec<String>,
    /// Not these.
    pub(crate) not_actions: Vec<String>,
    /// Operations of the data plane.
    pub(crate) data_actions: Vec<String>,
    /// Not these.
    pub(crate) not_data_actions: Vec<String>,
    /// A condition on attributes, which is not modelled.
    pub(crate) condition: Option<String>,
}

/// What not-entries are taken to mean.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subtraction {
    /// What they do mean: the block does not give these.
    Block,
    /// The role as a whole does not give these.
    Role,
    /// A mistake that is easily made: holders of the role are denied these, whatever else they hold.
    Final,
}

impl Block {
    /// The entries, with their planes.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (Plane, &str)> {
        let control = self.actions.iter().map(|e| (Plane::Control, e.as_str()));
        control.chain(self.data_actions.iter().map(|e| (Plane::Data, e.as_str())))
    }

    /// The not-entries, with their planes.
    pub(crate) fn not_entries(&self) -> impl Iterator<Item = (Plane, &str)> {
        let control = self.not_actions.iter().map(|e| (Plane::Control, e.as_str()));
        control.chain(self.not_data_actions.iter().map(|e| (Plane::Data, e.as_str())))
    }
}

impl Azure {
    /// The set in this folder.
    pub(crate) fn read(folder: &Path) -> Self {
        let universe = Universe::of(corpus::rows(folder, "operations.csv"));
        Self { roles: corpus::tree(folder, "roles.json"), universe }
    }

    /// The policy, and its accounts: one for each role, and one that holds two.
    pub(crate) fn sources(&self, subtraction: Subtraction) -> SourceMap {
        SourceMap::new(vec![
            Source::new("azure.bw", self.policy(subtraction)),
            Source::people("people.csv", self.people()),
        ])
    }

    fn policy(&self, subtraction: Subtraction) -> String {
        let mut text =
            "platform azure \"Azure's built-in roles\" { super none }\nresponsible \"Owner of the tenant\"\n"
                .to_owned();
        text += "admins from \"people.csv\"\n";
        self.universe.declare(&mut text);
        for role in &self.roles {
            self.role(&mut text, role, subtraction).expect("text");
        }
        text
    }

    fn role(&self, text: &mut String, role: &Role, subtraction: Subtraction) -> std::fmt::Result {
        let name = word(&role.name);
        let nots = || role.blocks.iter().flat_map(Block::not_entries);
        if let [block] = role.blocks.as_slice() {
            writeln!(text, "role {name} {{")?;
            self.allows(text, block)?;
        } else {
            let blocks: Vec<String> = (1..=role.blocks.len()).map(|n| quoted(&block_name(&role.name, n))).collect();
            for (name, block) in blocks.iter().zip(&role.blocks) {
                writeln!(text, "role {name} {{")?;
                self.allows(text, block)?;
                if subtraction == Subtraction::Block {
                    self.excepts(text, block.not_entries())?;
                }
                writeln!(text, "}}")?;
            }
            writeln!(text, "role {name} {{\n  extends {}", blocks.join(", "))?;
        }
        if subtraction == Subtraction::Role || (subtraction == Subtraction::Block && role.blocks.len() == 1) {
            self.excepts(text, nots())?;
        }
        writeln!(text, "}}")?;
        for (plane, entry) in nots().filter(|_| subtraction == Subtraction::Final) {
            if let Some(actions) = self.universe.actions(plane, entry) {
                writeln!(text, "forbid {actions} for holders of {name}")?;
            }
        }
        Ok(())
    }

    fn allows(&self, text: &mut String, block: &Block) -> std::fmt::Result {
        for (plane, entry) in block.entries() {
            match self.universe.actions(plane, entry) {
                None => writeln!(text, "  // meets nothing: {entry}")?,
                Some(actions) if entry.contains('*') => writeln!(text, "  allow {actions} reason {}", quoted(entry))?,
                Some(actions) => writeln!(text, "  allow {actions}")?,
            }
        }
        Ok(())
    }

    fn excepts<'e>(&self, text: &mut String, entries: impl Iterator<Item = (Plane, &'e str)>) -> std::fmt::Result {
        for (plane, entry) in entries {
            match self.universe.actions(plane, entry) {
                None => writeln!(text, "  // meets nothing: not {entry}")?,
                Some(actions) => writeln!(text, "  except {actions}   // {entry}")?,
            }
        }
        Ok(())
    }

    fn people(&self) -> String {
        let mut writer = csv::Writer::from_writer(vec![]);
        let both = format!("{}; {}", word("Contributor"), word("User Access Administrator"));
        writer.write_record(["login", "name", "roles"]).expect("a row");
        for role in &self.roles {
            writer.write_record([&*role.id, &role.name, &word(&role.name)]).expect("a row");
        }
        writer.write_record([BOTH, "Holder of two roles", &both]).expect("a row");
        String::from_utf8(writer.into_inner().expect("rows")).expect("text")
    }
}

/// The login of the account that holds both Contributor and User Access Administrator.
pub(crate) const BOTH: &str = "contributor+uaa";

/// The name of the role that a block of a role with several is.
pub(crate) fn block_name(role: &str, number: usize) -> String {
    format!("{role}, block {number}")
}

/// The different spellings of entries beyond one for each.
pub(crate) fn spelling_variants<'e>(entries: impl Iterator<Item = &'e str>) -> usize {
    let spellings: BTreeSet<&str> = entries.collect();
    let lowered: BTreeSet<String> = spellings.iter().map(|s| s.to_lowercase()).collect();
    spellings.len() - lowered.len()
}
