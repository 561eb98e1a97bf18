//! What people write on the command line, looked up in a table: accounts, actions, targets.
//!
//! The words are the language's; a name that the table does not have is a finding at its place.

use bailiwick_table::{AttributeType, Signature, Table};

use super::Asker;
use super::facts::{Owned, OwnedTarget, account_of, actor_login};
use super::tests::owned_target;
use crate::check::{bw105, bw110, bw405};
use crate::diagnostic::{Code, Finding, Findings};
use crate::model::id::{AttributeId, LabelId, RelationId, RoleId, UnitId};
use crate::model::{TestFacts, TestTarget};
use crate::region::Value;
use crate::source::{Source, SourceId, SourceMap, Span};
use crate::syntax::ast::{self, Fact};
use crate::syntax::print::path_word;
use crate::syntax::text;
use crate::text::{did_you_mean, fold_login, nfc, quoted_list};

/// Findings about words on the command line, with the sources that they stand in.
#[derive(Debug)]
pub struct Unclear {
    /// The words, as sources.
    pub sources: SourceMap,
    /// What is wrong with them.
    pub findings: Vec<Finding>,
}

/// Reads words by `read` and looks them up by `find`.
fn understand<T, U>(
    title: &str,
    words: &str,
    read: impl FnOnce(SourceId, &str, &mut Findings) -> Option<T>,
    find: impl FnOnce(T, &mut Findings) -> Option<U>,
) -> Result<U, Unclear> {
    let sources = SourceMap::new(vec![Source::new(title, words)]);
    let mut findings = Findings::new();
    let found = read(SourceId(0), words, &mut findings).and_then(|tree| find(tree, &mut findings));
    match found.filter(|_| findings.is_empty()) {
        Some(found) => Ok(found),
        None => Err(Unclear { sources, findings: findings.sorted() }),
    }
}

/// Who asks: a login, or `as learner { unit oulu }`.
///
/// # Errors
/// When the words cannot be read, or name what the table does not have.
pub fn actor<D: AsRef<[u8]>>(table: &Table<D>, words: &str) -> Result<Asker, Unclear> {
    let claims = words.trim_start().strip_prefix("as").is_some_and(|rest| rest.starts_with([' ', '\t', '{']));
    if !claims {
        return login(table, words);
    }
    understand("<account>", words, text::parse_actor, |actor, findings| match actor {
        ast::Actor::Claims { roles, facts, .. } => {
            let mut reader = Names { table, findings };
            let roles = roles.iter().filter_map(|r| reader.claim(r)).map(|r| bailiwick_table::RoleId(r.0)).collect();
            let facts = reader.facts(&facts, Party::User);
            Some(Asker::Claims { login: actor_login(&facts), roles, facts: Box::new(Owned::closed(&facts)) })
        }
        ast::Actor::Admin(_) => None,
    })
}

fn login<D: AsRef<[u8]>>(table: &Table<D>, words: &str) -> Result<Asker, Unclear> {
    let folded = fold_login(words.trim());
    if let Some(account) = account_of(table, &folded) {
        return Ok(Asker::Account(account));
    }
    let logins = table.accounts().filter_map(|a| table.account_of(a)).map(bailiwick_table::Account::login);
    let near = did_you_mean(&folded, logins);
    let span = Span::new(SourceId(0), 0, words.len());
    let help = match near.is_empty() {
        true => "write the login of an account, or an account by its claims: `as learner { unit oulu }`".to_owned(),
        false => format!("did you mean {}?", quoted_list(near, "or")),
    };
    let finding = Finding::fatal(bw105::CODE, format!("there is no account with the login `{}`", words.trim()))
        .at(span, "not in this table")
        .help(help);
    Err(Unclear { sources: SourceMap::single("<account>", words), findings: vec![finding] })
}

/// One action by its path.
///
/// # Errors
/// When the words cannot be read, or name no action, or several.
pub fn action<D: AsRef<[u8]>>(table: &Table<D>, words: &str) -> Result<bailiwick_table::ActionId, Unclear> {
    understand("<action>", words, text::parse_actions, |set, findings| {
        let one = match &set.items {
            ast::Items::Listed(items) if items.len() == 1 && set.except.is_empty() => items[0].node.path.as_ref(),
            _ => None,
        };
        let Some(path) = one.filter(|p| p.names.len() == 2) else {
            findings.push(not_one_action(set.span));
            return None;
        };
        let written: Vec<_> = path.names.iter().map(|n| path_word(&n.node)).collect();
        let found = table.action(&written.join("."));
        if found.is_none() {
            let known = table.actions().filter_map(|a| table.action_of(a)).map(|a| a.path);
            let name = ast::Name::new(written.join("."), path.span);
            findings.push(bw105::undeclared("action", &name, known));
        }
        found
    })
}

fn not_one_action(span: Span) -> Finding {
    Finding::fatal(Code("BW001"), "one action is wanted")
        .at(span, "not the path of one action")
        .help("write `resource.action`, such as `reports.open`")
}

/// A target for an action, as the language's tests write it; it must have the parts that the action needs.
///
/// # Errors
/// When the words cannot be read, or name what the table does not have, or do not fit the action.
pub fn target<D: AsRef<[u8]>>(
    table: &Table<D>,
    action: bailiwick_table::ActionId,
    words: &str,
) -> Result<OwnedTarget, Unclear> {
    understand("<target>", words, text::parse_target, |tree, findings| {
        let shown = table.action_of(action)?;
        let given = (tree.entity.is_some(), tree.user.is_some(), tree.account.is_some());
        let wanted = match shown.signature {
            Signature::Site => (false, false, false),
            Signature::Entity => (true, false, false),
            Signature::User => (false, true, false),
            Signature::Both => (true, true, false),
            Signature::Account => (false, false, true),
        };
        if given != wanted {
            findings.push(bw405::target_of(shown.path, signature(shown.signature), tree.span));
        }
        let mut names = Names { table, findings };
        let target = TestTarget {
            entity: tree.entity.as_ref().map(|f| names.facts(f, Party::Entity)),
            user: tree.user.as_ref().map(|f| names.facts(f, Party::User)),
            account: tree.account.as_ref().map(|f| names.facts(f, Party::Account)),
        };
        Some(owned_target(&target))
    })
}

const fn signature(signature: Signature) -> crate::model::Signature {
    match signature {
        Signature::Site => crate::model::Signature::Site,
        Signature::Entity => crate::model::Signature::Entity,
        Signature::User => crate::model::Signature::User,
        Signature::Both => crate::model::Signature::Both,
        Signature::Account => crate::model::Signature::Account,
    }
}

/// Which party facts are about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Party {
    Entity,
    User,
    Account,
}

/// Looks names up in a table.
struct Names<'a, D> {
    table: &'a Table<D>,
    findings: &'a mut Findings,
}

impl<D: AsRef<[u8]>> Names<'_, D> {
    fn facts(&mut self, facts: &ast::Facts, party: Party) -> TestFacts {
        let mut result = TestFacts::default();
        for item in &facts.items {
            self.fact(&mut result, &item.node, item.span, party);
        }
        result
    }

    fn fact(&mut self, facts: &mut TestFacts, fact: &Fact, span: Span, party: Party) {
        if party == Party::Entity && matches!(fact, Fact::Login(_) | Fact::Roles(_) | Fact::Attribute { .. }) {
            self.findings.push(bw405::not_of_entities(span));
            return;
        }
        match fact {
            Fact::Login(login) => facts.login = Some(fold_login(&login.node)),
            Fact::Id(id) => facts.attributes.push((AttributeId::ID, Some(Value::Text(id.node.clone())))),
            Fact::Unit(path) => facts.unit = self.unit(path),
            Fact::Labels(labels) => {
                let found: Vec<_> = labels.iter().filter_map(|l| self.label(l)).collect();
                facts.labels.get_or_insert_default().extend(found);
            }
            Fact::Relations(names) => facts.relations.extend(names.iter().filter_map(|n| self.relation(n))),
            Fact::Roles(names) => {
                let found: Vec<_> = names.iter().filter_map(|r| self.claim(r)).collect();
                facts.roles.get_or_insert_default().extend(found);
            }
            Fact::Attribute { name, value } => facts.attributes.extend(self.attribute(name, value)),
        }
    }

    fn unit(&mut self, path: &ast::Path) -> Option<UnitId> {
        let all: Vec<&str> = self.table.units().filter_map(|u| self.table.unit_path(u)).collect();
        node("unit", path, &all, self.findings).map(UnitId)
    }

    fn label(&mut self, path: &ast::Path) -> Option<LabelId> {
        let all: Vec<&str> = self.table.labels().filter_map(|l| self.table.label_path(l)).collect();
        node("label", path, &all, self.findings).map(LabelId)
    }

    fn relation(&mut self, name: &ast::Name) -> Option<RelationId> {
        let found = self.table.relation(&name.node);
        if found.is_none() {
            let known = self.table.relations().filter_map(|r| self.table.relation_of(r)).map(|r| r.name);
            self.findings.push(bw105::undeclared("relation", name, known));
        }
        found.map(|r| RelationId(r.0))
    }

    fn claim(&mut self, name: &ast::Name) -> Option<RoleId> {
        let Some(found) = self.table.role(&name.node) else {
            let known = self.table.roles().filter_map(|r| self.table.role_of(r)).map(|r| r.name);
            self.findings.push(bw105::undeclared("role", name, known));
            return None;
        };
        if self.table.role_of(found).is_some_and(|r| r.by_claim) {
            return Some(RoleId(found.0));
        }
        self.findings.push(bw105::not_by_claim(name, None));
        None
    }

    fn attribute(&mut self, name: &ast::Name, value: &ast::Name) -> Option<(AttributeId, Option<Value>)> {
        let Some(found) = self.table.attribute(&name.node) else {
            let known = self.table.attributes().filter_map(|a| self.table.attribute_of(a)).map(|(n, _)| n);
            self.findings.push(bw105::undeclared("attribute", name, known));
            return None;
        };
        let (_, ty) = self.table.attribute_of(found)?;
        let text = nfc(&value.node);
        let value = match (ty, self.table.value(found, &text)) {
            (AttributeType::Closed, Some(bailiwick_table::Value::Choice(choice))) => Some(Value::Closed(choice)),
            (AttributeType::Closed, _) => None,
            (AttributeType::Text, _) => Some(Value::Text(text)),
            (AttributeType::Number, Some(bailiwick_table::Value::Number(number))) => Some(Value::Number(number)),
            (AttributeType::Number, _) => {
                self.findings.push(bw110::not_a_number(&name.node, value));
                return None;
            }
        };
        Some((AttributeId(found.0), value))
    }
}

/// The node whose path has the written names in their order, the last of them at its end; a path that is whole means that node.
fn node(what: &str, path: &ast::Path, all: &[&str], findings: &mut Findings) -> Option<u32> {
    let written: Vec<_> = path.names.iter().map(|n| path_word(&n.node)).collect();
    let whole = written.join(".");
    let hits: Vec<usize> = (0..all.len()).filter(|i| leads_to(&written, all[*i])).collect();
    let exact = hits.iter().copied().find(|i| all[*i] == whole);
    match (exact, hits.as_slice()) {
        (Some(one), _) => u32::try_from(one).ok(),
        (None, [one]) => u32::try_from(*one).ok(),
        (None, []) => {
            let names = all.iter().filter_map(|p| segments(p).pop());
            findings.push(bw105::undeclared_path(what, path, names));
            None
        }
        (None, many) => {
            findings.push(bw105::ambiguous(what, path, many.iter().map(|i| all[*i])));
            None
        }
    }
}

fn leads_to(written: &[std::borrow::Cow<'_, str>], path: &str) -> bool {
    let segments = segments(path);
    let (Some((last, before)), Some((own, above))) = (written.split_last(), segments.split_last()) else {
        return false;
    };
    let mut above = above.iter();
    last == own && before.iter().all(|name| above.any(|segment| name == segment))
}

/// The names of a dotted path; quoted ones keep their quotes.
fn segments(path: &str) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    path.split(|c: char| {
        let cut = c == '.' && !quoted;
        quoted ^= c == '"' && !escaped;
        escaped = c == '\\' && quoted && !escaped;
        cut
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::{leads_to, segments};

    #[test]
    fn paths_split_at_unquoted_dots() {
        assert_eq!(segments(r#"a."b.c\".d".e"#), ["a", r#""b.c\".d""#, "e"]);
    }

    #[test]
    fn ancestors_may_be_left_out() {
        let written = |names: &[&'static str]| names.iter().map(|n| std::borrow::Cow::Borrowed(*n)).collect::<Vec<_>>();
        assert!(leads_to(&written(&["region", "fi"]), "region.nordics.fi"));
        assert!(leads_to(&written(&["fi"]), "region.nordics.fi"));
        assert!(!leads_to(&written(&["nordics", "region", "fi"]), "region.nordics.fi"));
        assert!(!leads_to(&written(&["nordics"]), "region.nordics.fi"));
    }
}
