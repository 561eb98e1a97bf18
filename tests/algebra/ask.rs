//! The way from the cases of a policy to the algebra, and from its witnesses back: the only file here that knows both.

use bailiwick::algebra::{Actor as Seeing, Algebra, Lens, Target, Witness};
use bailiwick::diagnostic::{Severities, Severity};
use bailiwick::model::id::{AccountId, ActionId, AttributeId, LabelId, RelationId, RoleId, UnitId};
use bailiwick::model::{AttributeType, Forest, LintLevel, Model, TestFacts, TestTarget};
use bailiwick::region::Value;
use bailiwick::source::SourceMap;
use bailiwick::{Compiled, Options, Outcome, check, model};

use super::world::{Kind, Led, Spot};
use crate::oracle::facts::login;
use crate::oracle::generate::FIRST_DAY;
use crate::oracle::policy::{ActionPath, Facts, Marks, Policy, Signature, Told};

/// A policy, compiled; what may be switched off is.
pub(crate) fn compile(text: &str) -> Result<Compiled, String> {
    let outcome = compile_with(text, &[], FIRST_DAY);
    let errors = outcome.findings.iter().filter(|f| f.severity == Severity::Error);
    let shown: Vec<_> = errors.map(|f| format!("{} {} {:?}", f.code, f.message, f.span())).collect();
    outcome.compiled.ok_or_else(|| shown.join("\n"))
}

/// What comes of a policy on a day, where only these codes are reported.
pub(crate) fn compile_with(text: &str, codes: &[&str], at: i32) -> Outcome {
    let others = check::CHECKS.iter().map(|c| c.code.to_string()).filter(|c| !codes.contains(&c.as_str()));
    let levels = others.map(|code| (code, LintLevel::Off)).collect();
    let severities = Severities { levels, ..Severities::default() };
    let options = Options { severities, at: Some(at), ..Options::default() };
    bailiwick::compile(&SourceMap::single("policy.bw", text), &options)
}

/// The policy's names in the compiler's ids.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) model: &'a Model,
}

fn found<T>(index: Option<usize>, id: impl Fn(usize) -> T, what: &str) -> Result<T, String> {
    index.map(id).ok_or_else(|| format!("the compiler does not know `{what}`"))
}

fn node(forest: &Forest, name: &str) -> Option<usize> {
    forest.nodes.iter().position(|n| n.name == name)
}

impl Names<'_> {
    pub(crate) fn account(self, name: &str) -> Result<AccountId, String> {
        found(self.model.accounts.iter().position(|a| a.block == name), AccountId::new, name)
    }

    pub(crate) fn role(self, name: &str) -> Result<RoleId, String> {
        found(self.model.roles.iter().position(|r| r.name == name), RoleId::new, name)
    }

    pub(crate) fn action(self, path: &ActionPath) -> Result<ActionId, String> {
        let named = |resource: &model::id::ResourceId| self.model.resources[resource.index()].name == path.resource;
        let is = |a: &model::Action| match a.assigns {
            Some(role) => path.resource == "assign" && self.model.roles[role.index()].name == path.action,
            None => a.resource.as_ref().is_some_and(named) && a.path.ends_with(&format!(".{}", path.action)),
        };
        found(self.model.actions.iter().position(is), ActionId::new, &path.action)
    }

    fn attribute(self, name: &str) -> Result<AttributeId, String> {
        self.model.attribute(name).ok_or_else(|| format!("no attribute `{name}`"))
    }

    fn relations(self, names: &[String]) -> Result<Vec<RelationId>, String> {
        let id =
            |name: &String| found(self.model.relations.iter().position(|r| r.name == *name), RelationId::new, name);
        names.iter().map(id).collect()
    }

    // ---- to the algebra ----------------------------------------------------------------------------------------------------

    /// A kind of target.
    pub(crate) fn target(self, kind: &Kind) -> Result<Target, String> {
        Ok(match kind {
            Kind::Stranger => Target::Stranger,
            Kind::Named(_) => Target::Named,
            Kind::Exactly(name) => Target::Exactly(self.account(name)?),
            Kind::Myself(_) => Target::Myself,
        })
    }

    /// A case, as a witness would be told.
    pub(crate) fn case(
        self,
        actor: Option<&Facts>,
        signature: Signature,
        spot: &Spot,
        led: &Led,
        second: &Led,
    ) -> Result<Witness, String> {
        let facts = |facts: &Option<Facts>, led: &[String]| -> Result<Option<TestFacts>, String> {
            let Some(facts) = facts else { return Ok(None) };
            Ok(Some(TestFacts { relations: self.relations(led)?, ..self.facts(facts)? }))
        };
        let user = facts(&spot.user, &led.user)?;
        let (user, account) = if signature == Signature::Account { (None, user) } else { (user, None) };
        Ok(Witness {
            target: TestTarget { entity: facts(&spot.entity, &led.entity)?, user, account },
            entity_from_second: self.relations(&second.entity)?,
            user_from_second: self.relations(&second.user)?,
            from_third: [vec![], vec![]],
            freed: None,
            actor: actor.map(|a| self.facts(a)).transpose()?,
            ..Witness::default()
        })
    }

    /// Facts, without relations.
    pub(crate) fn facts(self, facts: &Facts) -> Result<TestFacts, String> {
        let mut told = TestFacts { login: facts.login.as_ref().map(|l| l.to_lowercase()), ..TestFacts::default() };
        if let Told::Is(unit) = &facts.unit {
            told.unit = Some(found(node(&self.model.units, unit), UnitId::new, unit)?);
        }
        if let Marks::Only(labels) = &facts.labels {
            let ids = labels.iter().map(|l| found(node(&self.model.labels, l), LabelId::new, l));
            told.labels = Some(ids.collect::<Result<_, _>>()?);
        }
        if let Marks::Only(roles) = &facts.roles {
            told.roles = Some(roles.iter().map(|r| self.role(r)).collect::<Result<_, _>>()?);
        }
        if let Told::Is(id) = &facts.id {
            told.attributes.push((AttributeId::ID, Some(Value::Text(id.clone()))));
        }
        for (name, value) in &facts.attributes {
            if let Told::Is(value) = value {
                let id = self.attribute(name)?;
                told.attributes.push((id, Some(self.value(id, value)?)));
            }
        }
        Ok(told)
    }

    fn value(self, id: AttributeId, text: &str) -> Result<Value, String> {
        Ok(match &self.model.attributes[id.index()].ty {
            AttributeType::Text => Value::Text(text.to_owned()),
            AttributeType::Number => Value::Number(text.parse().map_err(|_| format!("no number: {text}"))?),
            AttributeType::Closed(all) => {
                let at = all.iter().position(|v| v == text);
                Value::Closed(found(at, |i| u32::try_from(i).unwrap_or(u32::MAX), text)?)
            }
        })
    }

    // ---- from the algebra --------------------------------------------------------------------------------------------------

    /// What a witness tells: the target, the relations that lead to it from the actor and from the second one.
    pub(crate) fn told(self, witness: &Witness) -> (Spot, Led, Led) {
        let target = &witness.target;
        let user = target.user.as_ref().or(target.account.as_ref());
        let relations = |ids: &[RelationId]| ids.iter().map(|r| self.model.relations[r.index()].name.clone()).collect();
        let of = |facts: Option<&TestFacts>| relations(facts.map_or(&[][..], |f| &f.relations));
        (
            Spot { entity: target.entity.as_ref().map(|f| self.facts_of(f)), user: user.map(|f| self.facts_of(f)) },
            Led { entity: of(target.entity.as_ref()), user: of(user) },
            Led { entity: relations(&witness.entity_from_second), user: relations(&witness.user_from_second) },
        )
    }

    /// Facts in the words of the policy, closed; of an account of the policy its login is enough.
    pub(crate) fn facts_of(self, told: &TestFacts) -> Facts {
        let mut facts = Facts { closed: true, login: told.login.clone(), ..Facts::default() };
        if self.policy.admins.iter().any(|a| Some(login(a)) == told.login) {
            return facts;
        }
        let name = |forest: &Forest, id: u32| forest.nodes[id as usize].name.clone();
        facts.unit = told.unit.map_or(Told::Nothing, |u| Told::Is(name(&self.model.units, u.0)));
        let labels = told.labels.iter().flatten().map(|l| name(&self.model.labels, l.0));
        facts.labels = Marks::Only(labels.collect());
        let roles = told.roles.iter().flatten().map(|r| self.model.roles[r.index()].name.clone());
        facts.roles = Marks::Only(roles.collect());
        for (id, value) in &told.attributes {
            let Some(value) = value else { continue };
            let text = match (value, &self.model.attributes[id.index()].ty) {
                (Value::Closed(v), AttributeType::Closed(all)) => all[*v as usize].clone(),
                (Value::Text(text), _) => text.clone(),
                (Value::Number(n), _) => n.to_string(),
                (Value::Closed(v), _) => v.to_string(),
            };
            match *id {
                AttributeId::ID => facts.id = Told::Is(text),
                id => facts.attributes.push((self.model.attributes[id.index()].name.clone(), Told::Is(text))),
            }
        }
        facts
    }

    /// The unnamed actor that a witness tells of; whatever login it has, nobody else bears it.
    pub(crate) fn actor_of(self, witness: &Witness) -> Result<Facts, String> {
        let told = witness.actor.as_ref().ok_or("no actor is told")?;
        let roles = told.roles.iter().flatten().map(|r| self.model.roles[r.index()].name.clone());
        let facts = Facts { roles: Marks::Only(roles.collect()), ..self.facts_of(told) };
        if facts.login.is_none() {
            return Err("an actor has a login".into());
        }
        Ok(facts)
    }
}

/// A point of view.
pub(crate) fn lens(actor: Seeing, target: Target, day: i32) -> Lens {
    Lens::new(actor, target, day)
}

/// The algebra of a compiled policy.
pub(crate) fn algebra(compiled: &Compiled) -> Algebra<'_> {
    Algebra::new(compiled.model(), compiled.rights())
}
