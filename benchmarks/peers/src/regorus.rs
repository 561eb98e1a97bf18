//! regorus: the rights as data, one rule that looks them up.
//!
//! What roles extend is followed beforehand, and each fence is the interval of the groups below it, so that the rule has little left to do:
//! it goes through the few assignments of the administrator, compares two numbers and looks the permission up in a set. The same rule is
//! run by the virtual machine and by the interpreter.

use std::collections::{BTreeMap, BTreeSet};

use bailiwick_benchmarks::model::{Assignment, Model};
use bailiwick_benchmarks::write::{action, login, unit};
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine as Rego, Value};

use crate::Result;
use crate::engine::{Engine, Names, each};

const RULE: &str = "data.authz.allow";

const POLICY: &str = "package authz
import rego.v1

default allow := false

allow if {
	here := data.groups[input.group]
	some assignment in data.admins[input.admin]
	assignment[0] <= here
	here < assignment[1]
	data.roles[assignment[2]][input.permission]
}
";

/// By the virtual machine.
pub(crate) struct Bytecode {
    machine: RegoVM,
    keys: Keys,
}

/// By the interpreter.
pub(crate) struct Interpreter {
    engine: Rego,
    keys: Keys,
}

/// The names of what a question consists of.
struct Keys([Value; 3]);

impl Keys {
    fn new() -> Self {
        Self(["admin", "permission", "group"].map(Value::from))
    }

    fn input(&self, names: &Names<'_>) -> Value {
        let values = [names.login, names.permission, names.group].map(Value::from);
        Value::from(self.0.iter().cloned().zip(values).collect::<BTreeMap<_, _>>())
    }
}

fn object(entries: impl Iterator<Item = (Value, Value)>) -> Value {
    Value::from(entries.collect::<BTreeMap<_, _>>())
}

/// Everything that the rule looks up.
fn data(model: &Model) -> Value {
    let groups = each(model.groups.len()).map(|group| (Value::from(unit(group)), Value::from(group)));
    let roles = model.effective().into_iter().map(|permissions| {
        Value::from(permissions.into_iter().map(|permission| Value::from(action(permission))).collect::<BTreeSet<_>>())
    });
    let admins = each(model.admins.len()).map(|admin| {
        let all = model.admins[admin as usize].iter().flat_map(|one| rows(model, one));
        (Value::from(login(admin)), Value::from(all.collect::<Vec<_>>()))
    });
    object(
        [("groups", object(groups)), ("roles", Value::from(roles.collect::<Vec<_>>())), ("admins", object(admins))]
            .into_iter()
            .map(|(name, value)| (Value::from(name), value)),
    )
}

/// An assignment as intervals of groups, each with the role.
fn rows(model: &Model, one: &Assignment) -> Vec<Value> {
    let row = |first: u32, end: u32| Value::from([first, end, one.role].map(Value::from).to_vec());
    match one.groups.as_slice() {
        [] => vec![row(0, model.size.groups)],
        groups => groups.iter().map(|group| row(*group, model.groups[*group as usize].end)).collect(),
    }
}

fn engine() -> Result<Rego> {
    let mut engine = Rego::new();
    engine.add_policy("authz.rego".to_owned(), POLICY.to_owned())?;
    Ok(engine)
}

fn is_true(value: &Value) -> Result<bool> {
    Ok(*value.as_bool()?)
}

impl Engine for Bytecode {
    type Asked = Value;

    fn new(model: &Model) -> Result<Self> {
        let policy = engine()?.compile_with_entrypoint(&RULE.into())?;
        let program = Compiler::compile_from_policy(&policy, &[RULE])?;
        let mut machine = RegoVM::new();
        machine.load_program(program);
        machine.set_data(data(model)).map_err(|error| error.to_string())?;
        Ok(Self { machine, keys: Keys::new() })
    }

    fn prepare(&self, names: &Names<'_>) -> Result<Value> {
        Ok(self.keys.input(names))
    }

    fn allows(&mut self, asked: &Value) -> Result<bool> {
        self.machine.set_input(asked.clone());
        is_true(&self.machine.execute_entry_point_by_index(0).map_err(|error| error.to_string())?)
    }
}

impl Engine for Interpreter {
    type Asked = Value;

    fn new(model: &Model) -> Result<Self> {
        let mut engine = engine()?;
        engine.add_data(data(model))?;
        Ok(Self { engine, keys: Keys::new() })
    }

    fn prepare(&self, names: &Names<'_>) -> Result<Value> {
        Ok(self.keys.input(names))
    }

    fn allows(&mut self, asked: &Value) -> Result<bool> {
        self.engine.set_input(asked.clone());
        is_true(&self.engine.eval_rule(RULE.to_owned())?)
    }
}
