//! Syntax trees to the model: every name is looked up, every set becomes predicates and bit sets.
//!
//! What cannot be resolved leaves a finding and is left out ([`Model::incomplete`]); the rest goes on, so that one run reports
//! everything it can find.

mod actions;
mod apart;
mod cells;
mod columns;
mod conditions;
mod forests;
mod names;
mod people;
mod plain;
mod roles;
mod rules;
mod sets;
mod tables;
mod tests;

use crate::check::{bw105, bw106, bw107};
use crate::diagnostic::Findings;
use crate::model::id::{AccountId, FeatureId, RoleId};
use crate::model::{Attribute, AttributeType, Feature, Group, Model, Platform, Relation, Tier};
use crate::source::{SourceMap, Span};
use crate::syntax::ast::{self, Decl, DeclKind, Granularity, Name, RolesPerAccount, TargetKind};
use crate::syntax::text::Crowd;
use crate::text::fold_login;
use forests::Grove;
use names::Namespace;

pub use tests::target_words;

/// What the phases of resolving share.
pub(crate) struct Resolver<'f> {
    model: Model,
    findings: &'f mut Findings,
    features: Namespace,
    tiers: Namespace,
    attributes: Namespace,
    relations: Namespace,
    groups: Namespace,
    roles: Namespace,
    by_claim: Vec<bool>,
    blocks: Namespace,
    account_of_block: Vec<Option<AccountId>>,
    logins: Vec<String>,
    /// The declarations that name tables of people, and the tables.
    table_spans: Vec<(Span, Span)>,
    /// Whether some table cannot be had, so that not every account is known.
    lacks_a_table: bool,
    /// Whether an admin that was set apart may have the name or the login of another one.
    in_doubt: bool,
    /// How many more people tables may have.
    people_left: usize,
    labels: Grove,
    units: Grove,
    short: plain::Short,
    actions: actions::ActionNames,
}

/// The declarations of all files, a list a noun.
struct Sorted<'a> {
    decls: Vec<&'a Decl>,
}

impl<'a> Sorted<'a> {
    /// What `pick` takes of the declarations, in the order of the sources.
    fn all<T: 'a>(&self, pick: impl Fn(&'a Decl) -> Option<T>) -> Vec<T> {
        self.decls.iter().filter_map(|d| pick(d)).collect()
    }
}

/// Picks the declarations of one kind.
macro_rules! pick {
    ($decls:expr, $kind:ident) => {
        $decls.all(|d| match &d.kind {
            DeclKind::$kind(inner) => Some(inner),
            _ => None,
        })
    };
}

/// Resolves the files of one policy; the tables of people that they name are among the sources.
#[must_use]
pub fn resolve(files: &[ast::File], sources: &SourceMap, findings: &mut Findings) -> Model {
    // Nothing is set apart that could leave a doubt.
    resolve_with((files, &[]), sources, findings, tables::MOST_PEOPLE).unwrap_or_default()
}

/// The same where plain admins are set apart; none where two accounts seem to have one name or one login, of which trees of all of them
/// tell more. Findings are as of trees otherwise.
#[must_use]
pub fn resolve_apart(
    (files, crowds): (&[ast::File], &[Crowd]),
    sources: &SourceMap,
    findings: &mut Findings,
) -> Option<Model> {
    resolve_with((files, crowds), sources, findings, tables::MOST_PEOPLE)
}

/// The same with so many people in tables at most.
fn resolve_with(
    (files, crowds): (&[ast::File], &[Crowd]),
    sources: &SourceMap,
    findings: &mut Findings,
    people: usize,
) -> Option<Model> {
    let before = fatal(findings);
    let decls = Sorted { decls: files.iter().flat_map(|f| &f.decls).collect() };
    let mut resolver = declare(&decls, findings);
    resolver.people_left = people;
    resolver.define(&decls, crowds, sources);
    if resolver.in_doubt {
        return None;
    }
    resolver.rules(&decls);
    let mut model = resolver.model;
    model.tables = resolver.table_spans.iter().map(|(_, table)| table.source).collect();
    model.tables.sort_unstable();
    model.incomplete = files.iter().any(|f| f.broken) || fatal(findings) > before;
    model.automatic.sort_by(|a, b| a.text.cmp(&b.text));
    model.forbids.sort_by(|a, b| a.text.cmp(&b.text));
    Some(model)
}

fn fatal(findings: &Findings) -> usize {
    findings.iter().filter(|f| f.fatal).count()
}

/// First pass: every name gets its id.
fn declare<'f>(decls: &Sorted<'_>, findings: &'f mut Findings) -> Resolver<'f> {
    let mut model = Model { platform: platform(decls, findings), ..Model::default() };
    let features = declare_features(decls, &mut model, findings);
    let attributes = declare_attributes(decls, &mut model, findings);
    let relations = declare_relations(decls, &mut model, findings);
    let labels = Grove::plant("label", pick!(decls, Label), findings);
    let units = Grove::plant("unit", pick!(decls, Unit), findings);
    (model.labels, model.units) = (labels.forest.clone(), units.forest.clone());
    let groups_named = pick!(decls, Group).into_iter().map(|g| (&g.name, ())).collect();
    let (groups, _) = Namespace::declare("group", groups_named, findings);
    shared_names(&groups, &relations, &units, findings);
    let tiers = declare_tiers(decls, findings);
    let roles_named = pick!(decls, Role).into_iter().map(|r| (&r.name, r)).collect();
    let (roles, role_decls) = Namespace::declare("role", roles_named, findings);
    let by_claim = role_decls.iter().map(|r| r.by_claim.is_some()).collect();
    let ids: Vec<_> = role_decls.into_iter().enumerate().map(|(i, r)| (RoleId::new(i), r)).collect();
    let resources = decls.all(|d| match &d.kind {
        DeclKind::Resource(r) => Some((r, d.doc.as_deref())),
        _ => None,
    });
    let (actions, resources, list, action_decls) = actions::declare(resources, &ids, findings);
    (model.resources, model.actions) = (resources, list);
    let (blocks, block_decls) = people::by_block(pick!(decls, Admin).into_iter().map(|a| &**a).collect(), findings);
    let logins = people::by_login(&block_decls, findings);
    let short = plain::Short::new(&roles, &units);
    let mut resolver = Resolver {
        model,
        features,
        tiers,
        attributes,
        relations,
        groups,
        roles,
        by_claim,
        blocks,
        account_of_block: logins.of_block,
        logins: logins.accounts.iter().map(|(l, _)| l.clone()).collect(),
        table_spans: vec![],
        lacks_a_table: false,
        in_doubt: false,
        people_left: tables::MOST_PEOPLE,
        labels,
        units,
        short,
        actions,
        findings,
    };
    actions::link(&mut resolver, &action_decls);
    resolver
}

fn platform(decls: &Sorted<'_>, findings: &mut Findings) -> Platform {
    let all = pick!(decls, Platform);
    let Some((first, others)) = all.split_first() else { return Platform::default() };
    for other in others {
        findings.push(bw106::second_platform(first.name.span, other.name.span));
    }
    Platform {
        name: Some(first.name.node.clone()),
        label: first.label.as_ref().map(|l| l.node.clone()),
        languages: first.languages.iter().map(|l| l.node.clone()).collect(),
        granularity: first.granularity.as_ref().map_or(Granularity::Action, |g| g.node),
        roles_per_account: first.roles_per_account.as_ref().map_or(RolesPerAccount::Many, |r| r.node),
        super_none: first.super_none.is_some(),
        span: Some(first.name.span),
    }
}

fn declare_features(decls: &Sorted<'_>, model: &mut Model, findings: &mut Findings) -> Namespace {
    let named = pick!(decls, Feature).into_iter().map(|f| (&f.name, f)).collect();
    let (space, kept) = Namespace::declare("feature", named, findings);
    model.features = kept
        .into_iter()
        .map(|f| Feature { name: f.name.node.clone(), on: f.on, set_by: vec![], span: f.name.span })
        .collect();
    space
}

fn declare_attributes(decls: &Sorted<'_>, model: &mut Model, findings: &mut Findings) -> Namespace {
    let named = pick!(decls, Attribute).into_iter().map(|a| (&a.name, a)).collect();
    let (declared, kept) = Namespace::declare("attribute", named, findings);
    let nowhere = Span::new(crate::source::SourceId(0), 0, 0);
    let mut space = Namespace::declare::<()>("attribute", vec![], findings).0;
    for name in ["email", "id", "login", "name"] {
        space.add(name, nowhere);
        model.attributes.push(Attribute { name: name.to_owned(), ty: AttributeType::Text, span: None });
    }
    for (id, attribute) in (0u32..).zip(kept) {
        let name = &attribute.name;
        if bw105::ADMIN_KEYWORDS.contains(&name.node.as_str()) {
            findings.push(bw106::reserved("attribute", &name.node, name.span, "a statement of the `admin` block"));
            continue;
        }
        if bw107::is_secret(&name.node) {
            findings.push(bw107::declared(name));
        }
        space.add(&name.node, declared.span(id));
        let ty = attribute_type(&attribute.ty, findings);
        model.attributes.push(Attribute { name: name.node.clone(), ty, span: Some(name.span) });
    }
    space
}

fn attribute_type(ty: &ast::AttributeType, findings: &mut Findings) -> AttributeType {
    match ty {
        ast::AttributeType::Text => AttributeType::Text,
        ast::AttributeType::Number => AttributeType::Number,
        ast::AttributeType::Flag => AttributeType::Closed(vec!["false".to_owned(), "true".to_owned()]),
        ast::AttributeType::Closed(values) => {
            let named = values.iter().map(|v| (v, v.node.clone())).collect();
            AttributeType::Closed(Namespace::declare("value", named, findings).1)
        }
    }
}

fn declare_relations(decls: &Sorted<'_>, model: &mut Model, findings: &mut Findings) -> Namespace {
    let named = pick!(decls, Relation).into_iter().map(|r| (&r.name, r)).collect();
    let (space, kept) = Namespace::declare("relation", named, findings);
    model.relations = kept
        .into_iter()
        .map(|r| Relation {
            name: r.name.node.clone(),
            on_users: r.on.iter().any(|k| k.node != TargetKind::Entity),
            on_entities: r.on.iter().any(|k| k.node != TargetKind::User),
            span: r.name.span,
        })
        .collect();
    space
}

/// Groups, relations and units share one namespace.
fn shared_names(groups: &Namespace, relations: &Namespace, units: &Grove, findings: &mut Findings) {
    for (id, name) in (0u32..).zip(relations.names()) {
        if let Some(group) = groups.get(name) {
            let (a, b) = (groups.span(group), relations.span(id));
            findings.push(bw106::shared("both a group and a relation", name, a.min(b), a.max(b)));
        }
    }
    let named = |space: &Namespace, what: &str, findings: &mut Findings| {
        for (id, name) in (0u32..).zip(space.names()) {
            if let Some(unit) = units.forest.nodes.iter().find(|n| units.has(name) && n.name == name) {
                let (a, b) = (unit.span, space.span(id));
                findings.push(bw106::shared(what, name, a.min(b), a.max(b)));
            }
        }
    };
    named(groups, "both a group and a unit", findings);
    named(relations, "both a relation and a unit", findings);
}

/// Tiers keep the order in which they are written.
fn declare_tiers(decls: &Sorted<'_>, findings: &mut Findings) -> Namespace {
    let all: Vec<(&Name, ())> = pick!(decls, Tier).into_iter().map(|t| (&t.name, ())).collect();
    let mut space = Namespace::declare::<()>("tier", all.clone(), findings).0;
    let mut in_order = Namespace::declare::<()>("tier", vec![], findings).0;
    for (name, ()) in all {
        if in_order.get(&name.node).is_none() {
            in_order.add(&name.node, name.span);
        }
    }
    std::mem::swap(&mut space, &mut in_order);
    space
}

impl Resolver<'_> {
    /// The feature of this name, or a finding.
    fn feature(&mut self, name: &Name) -> Option<FeatureId> {
        self.features.find(name, self.findings).map(FeatureId)
    }

    /// Second pass: what the names stand for.
    fn define(&mut self, decls: &Sorted<'_>, crowds: &[Crowd], sources: &SourceMap) {
        for decl in pick!(decls, Feature) {
            let set_by = decl.set_by.iter().filter_map(|r| self.role(r)).collect();
            if let Some(id) = self.features.get(&decl.name.node) {
                self.model.features[id as usize].set_by = set_by;
            }
        }
        self.define_resources(decls);
        self.define_tiers(decls);
        self.define_groups(decls);
        self.define_roles(decls);
        self.define_accounts(decls, crowds, sources);
    }

    fn define_resources(&mut self, decls: &Sorted<'_>) {
        for decl in pick!(decls, Resource) {
            let when = decl.when.iter().filter_map(|f| self.feature(f)).collect();
            if let Some(r) = self.model.resources.iter_mut().find(|r| r.span == decl.name.span) {
                r.when = when;
            }
        }
    }

    fn define_tiers(&mut self, decls: &Sorted<'_>) {
        for decl in pick!(decls, Tier) {
            if self.model.tiers.iter().any(|t| t.name == decl.name.node) {
                continue;
            }
            let covers = self.action_set(&decl.covers).members;
            self.model.tiers.push(Tier { name: decl.name.node.clone(), covers, span: decl.name.span });
        }
        // The last tier covers every action that assigns a role, without being told.
        let assigning = self.model.actions.iter().enumerate().filter(|(_, a)| a.assigns.is_some()).map(|(i, _)| i);
        if let Some(last) = self.model.tiers.last_mut() {
            last.covers.extend(assigning);
        }
    }

    fn define_groups(&mut self, decls: &Sorted<'_>) {
        let mut groups = decls.all(|d| match &d.kind {
            DeclKind::Group(g) => Some((g, d.doc.as_deref())),
            _ => None,
        });
        groups.sort_by(|(a, _), (b, _)| a.name.node.cmp(&b.name.node).then(a.name.span.cmp(&b.name.span)));
        groups.dedup_by(|(b, _), (a, _)| a.name.node == b.name.node);
        for (group, doc) in groups {
            let pred = self.condition(&group.condition);
            self.model.groups.push(Group {
                name: group.name.node.clone(),
                pred,
                doc: doc.map(str::to_owned),
                span: group.name.span,
            });
        }
    }

    fn define_roles(&mut self, decls: &Sorted<'_>) {
        let mut roles = decls.all(|d| match &d.kind {
            DeclKind::Role(r) => Some((r, d.doc.as_deref())),
            _ => None,
        });
        roles.sort_by(|(a, _), (b, _)| a.name.node.cmp(&b.name.node).then(a.name.span.cmp(&b.name.span)));
        roles.dedup_by(|(b, _), (a, _)| a.name.node == b.name.node);
        for (role, doc) in roles {
            let resolved = self.resolve_role(role, doc);
            self.model.roles.push(resolved);
        }
    }

    fn define_accounts(&mut self, decls: &Sorted<'_>, crowds: &[Crowd], sources: &SourceMap) {
        let mut admins = pick!(decls, Admin);
        admins.sort_by(|a, b| a.name.node.cmp(&b.name.node).then(a.name.span.cmp(&b.name.span)));
        admins.dedup_by(|b, a| a.name.node == b.name.node);
        let mut seats: Vec<Option<&ast::Admin>> = vec![None; self.logins.len()];
        for (block, admin) in admins.into_iter().enumerate() {
            if let Some(id) = self.account_of_block[block] {
                seats[id.index()].get_or_insert(admin);
            }
        }
        let mut written = Vec::with_capacity(seats.len());
        for (index, admin) in seats.into_iter().enumerate() {
            let Some(admin) = admin else { continue };
            let login = self.logins[index].clone();
            written.push(self.resolve_account(login, admin));
        }
        let tabled = self.tables(decls, sources);
        let apart = self.apart(crowds, sources);
        self.join_accounts(written, tabled, apart, sources);
    }

    /// Third pass: what stands beside roles and people.
    fn rules(&mut self, decls: &Sorted<'_>) {
        for decl in &decls.decls {
            for ignore in &decl.ignores {
                let table = self.table_spans.iter().find(|(declared, _)| *declared == decl.span);
                self.ignore(ignore, table.map_or(decl.span, |(_, table)| *table));
            }
            match &decl.kind {
                DeclKind::Automatic(a) => self.automatic(a),
                DeclKind::Forbid(f) => self.forbid(f, decl.span),
                DeclKind::Quota(q) => self.quota(q, decl.span),
                DeclKind::Separate(s) => self.separation(s, decl.span),
                DeclKind::Assertion(a) => self.assertion(a, decl.span),
                DeclKind::Exception(e) => self.exception(e, decl.span),
                DeclKind::Transfer(t) => self.transfer(t, decl.span),
                DeclKind::Responsible(r) => self.model.responsible.push((r.node.clone(), r.span)),
                DeclKind::Lint(l) => self.lint(l),
                DeclKind::Test(t) => self.test(t),
                _ => {}
            }
        }
    }
}
