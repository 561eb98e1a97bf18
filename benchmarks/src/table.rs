//! The model as the compiler's table, and the handles of what questions name.

use std::collections::HashMap;

use bailiwick::diagnostic::Findings;
use bailiwick::lower::{Switches, lower};
use bailiwick::source::{Source, SourceMap};
use bailiwick::{emit, resolve, syntax};
use bailiwick_table::{AccountId, ActionId, Table, UnitId};

use crate::model::Model;
use crate::questions::Question;
use crate::write::{People, action, people, text, unit};

/// Compiles a model, people as a table of their own; no checks. Errors say what the compiler found, or why there is no table.
///
/// # Errors
/// When the model is no sound policy.
pub fn compile(model: &Model) -> Result<Vec<u8>, String> {
    let policy = Source::new("synthetic.bw", text(model, People::Table));
    compile_sources(&SourceMap::new(vec![policy, Source::people("people.csv", people(model))]))
}

/// The model's table; with `TABLES=some/folder` it is kept there, and made only when it is not there yet.
///
/// # Errors
/// As of [`compile`], and when the folder cannot be used.
pub fn kept(model: &Model) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let Some(folder) = std::env::var_os("TABLES").map(std::path::PathBuf::from) else { return Ok(compile(model)?) };
    let path = folder.join(model.size.name).with_extension("bwt");
    if path.exists() {
        return Ok(std::fs::read(path)?);
    }
    let bytes = compile(model)?;
    std::fs::write(path, &bytes)?;
    Ok(bytes)
}

fn compile_sources(sources: &SourceMap) -> Result<Vec<u8>, String> {
    let mut findings = Findings::new();
    let files = syntax::parse(sources, &mut findings);
    let resolved = resolve::resolve(&files, sources, &mut findings);
    drop(files);
    if !findings.is_empty() {
        return Err(format!("{findings:?}").chars().take(2_000).collect());
    }
    let rights = lower(&resolved, &Switches::as_written(&resolved));
    emit::table::table(&resolved, &rights, 0).map_err(|refused| format!("{refused:?}"))
}

/// What a table calls the things of a model.
#[derive(Debug)]
pub struct Handles {
    actions: Vec<ActionId>,
    units: Vec<UnitId>,
}

/// A question in a table's handles.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// The administrator.
    pub account: AccountId,
    /// The permission.
    pub action: ActionId,
    /// The target's group.
    pub unit: UnitId,
}

impl Handles {
    /// The handles of all permissions and groups; none if the table does not have them all, and as many accounts as it should.
    #[must_use]
    pub fn new<D: AsRef<[u8]>>(table: &Table<D>, model: &Model) -> Option<Self> {
        let last = |path: &str| path.rsplit('.').next().map(str::to_owned);
        let units: HashMap<String, UnitId> =
            table.units().filter_map(|unit| Some((last(table.unit_path(unit)?)?, unit))).collect();
        let handles = Self {
            actions: (0..model.size.permissions).map(|p| table.action(&action(p))).collect::<Option<_>>()?,
            units: (0..model.size.groups).map(|g| units.get(&unit(g)).copied()).collect::<Option<_>>()?,
        };
        (table.account_count() == model.size.admins).then_some(handles)
    }

    /// A question in handles. Logins are as long as each other, so their order is that of the numbers.
    #[must_use]
    pub fn asked(&self, question: &Question) -> Asked {
        Asked {
            account: AccountId(question.admin),
            action: self.actions[question.permission as usize],
            unit: self.units[question.group as usize],
        }
    }
}

#[cfg(test)]
mod tests {
    use bailiwick_table::{Fact, Party, Target};

    use super::*;
    use crate::model::S;
    use crate::naive::allows;
    use crate::questions::questions;
    use crate::write::yaml;

    #[test]
    fn all_forms_are_one_policy() -> Result<(), String> {
        let model = Model::new(S);
        let single = |name: &str, text: String| compile_sources(&SourceMap::new(vec![Source::new(name, text)]));
        let table = compile(&model)?;
        assert!(single("whole.bw", text(&model, People::Blocks))? == table, "the text form");
        assert!(single("whole.yaml", yaml(&model, People::Blocks))? == table, "the YAML form");
        Ok(())
    }

    #[test]
    fn handles_are_those_of_the_model() -> Result<(), String> {
        let model = Model::new(S);
        let table = Table::from_bytes(compile(&model)?).map_err(|error| error.to_string())?;
        let handles = Handles::new(&table, &model).ok_or("the table lacks something")?;
        for question in questions(&model, 20_000) {
            let asked = handles.asked(&question);
            let name = table.account_of(asked.account).map(|account| account.login().to_owned());
            assert_eq!(name, Some(crate::write::login(question.admin)));
            assert_eq!(allows(&model, question.admin, question.permission, question.group), question.allowed);
            let target = Target::entity(Party { unit: Fact::Known(asked.unit), ..Party::closed() });
            let decision = table.decide(asked.account, asked.action, &target, 0);
            assert_eq!(decision.allowed, question.allowed);
            // A change from a state to itself is decided in the general way, which gives the same reason.
            assert_eq!(decision, table.decide_change(asked.account, asked.action, (&target, &target), 0));
        }
        Ok(())
    }
}
