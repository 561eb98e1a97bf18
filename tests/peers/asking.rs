//! A translated policy, compiled through the front door, and questions to its table.
//!
//! Each question is put twice: by handles, as a runtime does, and in the language's words, as the command line does. Both answers must
//! be the same.

use bailiwick::check::bw009;
use bailiwick::diagnostic::{Finding, Severity};
use bailiwick::source::{SourceId, SourceMap};
use bailiwick::syntax::print::path_word;
use bailiwick::syntax::{convert, format};
use bailiwick::text::fold_login;
use bailiwick::{Compiled, Options, query};
use bailiwick_table::{Actor, AttributeId, Fact, LabelId, Login, Marks, Party, RoleId, Table, Target, UnitId, Value};

use crate::names::{listed, quoted};

/// The day of every question; no peer's case has dates.
const DAY: i32 = 20_454;

/// A login that no translated policy gives to anybody.
const NOBODY: &str = "nobody at all";

/// What is known of somebody or something; what is not said is absent.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    pub(crate) id: Option<String>,
    pub(crate) unit: Option<String>,
    pub(crate) labels: Vec<String>,
    pub(crate) roles: Vec<String>,
    pub(crate) attributes: Vec<(String, String)>,
}

/// Who asks.
#[derive(Debug, Clone)]
pub(crate) enum Who {
    /// The account with this login.
    Account(String),
    /// Somebody whom the policy does not name.
    Unnamed(Facts),
}

/// A question.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) who: Who,
    /// Resource and action.
    pub(crate) action: [String; 2],
    /// The target entity; none for a site-wide action.
    pub(crate) entity: Option<Facts>,
}

/// A compiled translation.
pub(crate) struct Translated {
    pub(crate) sources: SourceMap,
    pub(crate) compiled: Compiled,
}

/// Compiles a translated policy; no check of it may end with "unknown".
pub(crate) fn compile(text: &str) -> Result<Translated, Vec<Finding>> {
    let sources = SourceMap::single("policy.bw", text);
    let outcome = bailiwick::compile(&sources, &Options::default());
    let unknown = outcome.findings.iter().find(|f| f.code == bw009::CODE);
    assert!(unknown.is_none(), "{unknown:?} in\n{text}");
    match outcome.compiled {
        Some(compiled) => Ok(Translated { sources, compiled }),
        None => Err(outcome.findings),
    }
}

/// Compiles a translated policy that must have no errors; else the first of them, with the line where it is.
pub(crate) fn compile_clean(text: &str) -> Result<Translated, String> {
    let translated = compile(text).map_err(|findings| {
        let first = findings.iter().find(|f| f.severity == Severity::Error);
        let line = first.and_then(Finding::span).and_then(|span| text[..span.end as usize].lines().last());
        first.map_or_else(String::new, |f| format!("{} {} in `{}`", f.code, f.message, line.unwrap_or_default()))
    })?;
    other_forms(&translated)?;
    Ok(translated)
}

/// A policy laid out in the one style, and one in YAML, compile to the same bytes: names are quoted right there too.
fn other_forms(translated: &Translated) -> Result<(), String> {
    let source = translated.sources.get(SourceId(0));
    let laid_out = format::text(SourceId(0), &source.text).map_err(|e| format!("fmt: {e:?}"))?;
    let yaml = convert::converted(SourceId(0), source).map_err(|e| format!("convert: {e:?}"))?;
    for (name, text) in [("policy.bw", laid_out), ("policy.yaml", yaml)] {
        let outcome = bailiwick::compile(&SourceMap::single(name, &text), &Options::default());
        let same = outcome.compiled.is_some_and(|other| other.table() == translated.compiled.table());
        if !same {
            return Err(format!("{name} says something else: {}", text.escape_debug()));
        }
    }
    Ok(())
}

impl Translated {
    /// The table.
    pub(crate) fn table(&self) -> Result<Table<&[u8]>, String> {
        Table::from_bytes(self.compiled.table()).map_err(|e| e.to_string())
    }

    /// Whether the policy names an account with this login.
    pub(crate) fn names(&self, login: &str) -> Result<bool, String> {
        let table = self.table()?;
        Ok(Login::folded(&fold_login(login)).and_then(|l| table.account(l)).is_some())
    }

    /// The answer.
    pub(crate) fn ask(&self, question: &Question) -> Result<bool, String> {
        let table = self.table()?;
        let (handles, words) = (by_handles(&table, question)?, in_words(&table, question)?);
        if handles == words {
            return Ok(handles);
        }
        Err(format!("handles say {handles}, words say {words}: {question:?}"))
    }
}

fn by_handles(table: &Table<&[u8]>, question: &Question) -> Result<bool, String> {
    let path = question.action.each_ref().map(|name| path_word(name)).join(".");
    let action = table.action(&path).ok_or_else(|| format!("the table has no action {path}"))?;
    let entity = question.entity.as_ref().map(|facts| Handles::of(table, facts)).transpose()?;
    let target = entity.as_ref().map_or(Target::SITE, |entity| Target::entity(entity.party()));
    let decision = match &question.who {
        Who::Account(login) => {
            let folded = fold_login(login);
            let account = Login::folded(&folded).and_then(|l| table.account(l));
            table.decide(account.ok_or_else(|| format!("the table has no account {login}"))?, action, &target, DAY)
        }
        Who::Unnamed(facts) => {
            let login = Login::ascii(NOBODY).ok_or("not ASCII")?;
            let actor = Handles::of(table, facts)?;
            table.decide_as(&Actor { login, roles: &actor.roles, facts: actor.party() }, action, &target, DAY)
        }
    };
    Ok(decision.allowed)
}

/// Facts in a table's own handles.
struct Handles<'f> {
    id: Fact<&'f str>,
    unit: Fact<UnitId>,
    labels: Vec<LabelId>,
    roles: Vec<RoleId>,
    attributes: Vec<(AttributeId, Fact<Value<'f>>)>,
}

impl<'f> Handles<'f> {
    fn of(table: &Table<&[u8]>, facts: &'f Facts) -> Result<Self, String> {
        let none = |what: &str, name: &str| format!("the table has no {what} {name:?}");
        let label = |name: &String| table.label(&path_word(name)).ok_or_else(|| none("label", name));
        let role = |name: &String| table.role(name).ok_or_else(|| none("role", name));
        let unit = |name: &String| table.unit(&path_word(name)).ok_or_else(|| none("unit", name));
        let attribute = |(name, value): &'f (String, String)| {
            let id = table.attribute(name).ok_or_else(|| none("attribute", name))?;
            let value = table.value(id, value).ok_or_else(|| none("value", value))?;
            Ok::<_, String>((id, Fact::Known(value)))
        };
        Ok(Self {
            id: facts.id.as_deref().map_or(Fact::Unset, Fact::Known),
            unit: facts.unit.as_ref().map(unit).transpose()?.map_or(Fact::Unset, Fact::Known),
            labels: facts.labels.iter().map(label).collect::<Result<_, _>>()?,
            roles: facts.roles.iter().map(role).collect::<Result<_, _>>()?,
            attributes: facts.attributes.iter().map(attribute).collect::<Result<_, _>>()?,
        })
    }

    fn party(&self) -> Party<'_> {
        let labels = Marks::Only(self.labels.as_slice());
        Party { id: self.id, unit: self.unit, labels, attributes: &self.attributes, ..Party::closed() }
    }
}

fn in_words(table: &Table<&[u8]>, question: &Question) -> Result<bool, String> {
    let unclear = |unclear: query::Unclear| format!("{:?}", unclear.findings);
    let path = question.action.each_ref().map(|name| quoted(name)).join(".");
    let action = query::action(table, &path).map_err(unclear)?;
    let asker = match &question.who {
        Who::Account(login) => login.clone(),
        Who::Unnamed(facts) => format!("as {} {}", listed(&facts.roles), written(facts)),
    };
    let asker = query::actor(table, &asker).map_err(unclear)?;
    // A site-wide action has no target to write.
    let target =
        question.entity.as_ref().map(|facts| query::target(table, action, &format!("entity {}", written(facts))));
    let target = target.transpose().map_err(unclear)?.unwrap_or_default();
    Ok(target.with(|target| asker.decide(table, action, target, DAY)).allowed)
}

fn written(facts: &Facts) -> String {
    let id = facts.id.iter().map(|id| format!("id {}", quoted(id)));
    let unit = facts.unit.iter().map(|unit| format!("unit {}", quoted(unit)));
    let labels = (!facts.labels.is_empty()).then(|| format!("labels {}", listed(&facts.labels)));
    let attributes = facts.attributes.iter().map(|(name, value)| format!("{name} {}", quoted(value)));
    format!("{{ {} }}", id.chain(unit).chain(labels).chain(attributes).collect::<Vec<_>>().join("; "))
}
