//! Resources, their actions, and sets of actions.

use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;

use super::Resolver;
use super::names::Namespace;
use crate::check::{bw105, bw106, bw110};
use crate::diagnostic::Findings;
use crate::model::id::{ActionId, ResourceId, RoleId};
use crate::model::{Action, ActionSet, Resource, Signature};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, Kind, TargetKind};
use crate::syntax::print::path_word;

/// The word that begins the path of a built-in action.
const ASSIGN: &str = "assign";

/// The actions by the names that their paths are made of.
#[derive(Debug, Default)]
pub(super) struct ActionNames {
    resources: Namespace,
    /// By resource, then by name; the assign actions stand under no resource.
    by_name: FxHashMap<(Option<ResourceId>, String), ActionId>,
    /// The actions of each resource.
    of_resource: Vec<Vec<ActionId>>,
    ungrantable: Vec<String>,
    /// What is read says what nobody may do: there, to give an ungrantable role is nothing that could be done.
    denying: bool,
    /// Whether such a one was named.
    pub(super) denied: bool,
}

/// An action before it has an id.
struct Draft<'a> {
    action: Action,
    name: &'a str,
    decl: Option<&'a ast::ActionDecl>,
}

/// Declares the resources and their actions; what the actions imply, need and change is looked up by [`link`].
pub(super) fn declare<'a>(
    decls: Vec<(&'a ast::Resource, Option<&'a str>)>,
    roles: &[(RoleId, &'a ast::Role)],
    findings: &mut Findings,
) -> (ActionNames, Vec<Resource>, Vec<Action>, Vec<Option<&'a ast::ActionDecl>>) {
    let items = decls.into_iter().map(|(r, doc)| (&r.name, (r, doc))).collect();
    let (resources, kept) = Namespace::declare("resource", items, findings);
    let mut drafts = vec![];
    for (index, (decl, _)) in kept.iter().enumerate() {
        if decl.name.node == ASSIGN {
            findings.push(bw106::reserved("resource", &decl.name.node, decl.name.span, "paths of `assign.ROLE`"));
        }
        draft_actions(decl, ResourceId::new(index), &mut drafts, findings);
    }
    drafts.extend(roles.iter().filter(|(_, r)| r.ungrantable.is_none()).map(|(id, role)| draft_assign(*id, role)));
    drafts.sort_by(|a, b| a.action.path.cmp(&b.action.path));
    let mut names = ActionNames { resources, of_resource: vec![vec![]; kept.len()], ..ActionNames::default() };
    names.ungrantable =
        roles.iter().filter(|(_, r)| r.ungrantable.is_some()).map(|(_, r)| r.name.node.clone()).collect();
    for (index, draft) in drafts.iter().enumerate() {
        let id = ActionId::new(index);
        names.by_name.insert((draft.action.resource, draft.name.to_owned()), id);
        if let Some(resource) = draft.action.resource {
            names.of_resource[resource.index()].push(id);
        }
    }
    let resources = kept
        .into_iter()
        .map(|(decl, doc)| Resource {
            name: decl.name.node.clone(),
            label: decl.label.as_ref().map(|l| l.node.clone()),
            doc: doc.map(str::to_owned),
            when: vec![],
            span: decl.name.span,
        })
        .collect();
    let (actions, decls) = drafts.into_iter().map(|d| (d.action, d.decl)).unzip();
    (names, resources, actions, decls)
}

fn draft_actions<'a>(
    decl: &'a ast::Resource,
    resource: ResourceId,
    drafts: &mut Vec<Draft<'a>>,
    findings: &mut Findings,
) {
    let signature = signature(&decl.on, findings);
    let mut seen: FxHashMap<&str, Span> = FxHashMap::default();
    for action in &decl.actions {
        if action.kind == Kind::Assign {
            findings.push(bw110::assign_is_built_in(&action.name));
            continue;
        }
        if let Some(first) = seen.insert(&action.name.node, action.name.span) {
            findings.push(bw106::finding("action", &action.name.node, first, action.name.span));
            seen.insert(&action.name.node, first);
            continue;
        }
        let path = format!("{}.{}", path_word(&decl.name.node), path_word(&action.name.node));
        let draft = new_action(path, Some(resource), None, action.kind, signature, action.name.span);
        drafts.push(Draft {
            action: Action { signed: action.signed.is_some(), ..draft },
            name: &action.name.node,
            decl: Some(action),
        });
    }
}

fn draft_assign<'a>(id: RoleId, role: &'a ast::Role) -> Draft<'a> {
    let path = format!("{ASSIGN}.{}", path_word(&role.name.node));
    let action = new_action(path, None, Some(id), Kind::Assign, Signature::Account, role.name.span);
    Draft { action, name: &role.name.node, decl: None }
}

fn new_action(
    path: String,
    resource: Option<ResourceId>,
    assigns: Option<RoleId>,
    kind: Kind,
    signature: Signature,
    span: Span,
) -> Action {
    Action {
        path,
        resource,
        assigns,
        kind,
        signature,
        signed: false,
        implies_directly: vec![],
        implies: FixedBitSet::new(),
        implied_by: FixedBitSet::new(),
        needs: vec![],
        changes: vec![],
        span,
    }
}

fn signature(on: &[Spanned<TargetKind>], findings: &mut Findings) -> Signature {
    let has = |kind| on.iter().any(|k| k.node == kind);
    let (entity, user, account) = (has(TargetKind::Entity), has(TargetKind::User), has(TargetKind::Account));
    if account && (entity || user) {
        let span = on.iter().map(|k| k.span).reduce(Span::to);
        findings.extend(span.map(bw110::account_stands_alone).into_iter().collect());
    }
    match (entity, user) {
        _ if account => Signature::Account,
        (true, true) => Signature::Both,
        (true, false) => Signature::Entity,
        (false, true) => Signature::User,
        (false, false) => Signature::Site,
    }
}

/// Looks up what actions imply, need and change, and closes `implies`.
pub(super) fn link(resolver: &mut Resolver<'_>, decls: &[Option<&ast::ActionDecl>]) {
    let count = decls.len();
    let mut direct: Vec<Vec<ActionId>> = vec![vec![]; count];
    for (index, decl) in decls.iter().enumerate() {
        let Some(decl) = decl else { continue };
        let home = resolver.model.actions[index].resource;
        direct[index] = decl.implies.iter().filter_map(|p| resolver.sibling_or_path(p, home)).collect();
        let needs = decl.needs.iter().filter_map(|p| resolver.sibling_or_path(p, home)).collect();
        let changes = decl.changes.iter().filter_map(|c| resolver.changed_fact(c)).collect();
        let action = &mut resolver.model.actions[index];
        (action.needs, action.changes) = (needs, changes);
    }
    for (index, reach) in (0..count).map(|i| closure(i, &direct)).enumerate().collect::<Vec<_>>() {
        for above in reach.ones() {
            let below = &mut resolver.model.actions[above].implied_by;
            below.grow(count);
            below.insert(index);
        }
        resolver.model.actions[index].implies = reach;
        resolver.model.actions[index].implies_directly = std::mem::take(&mut direct[index]);
    }
}

fn closure(start: usize, direct: &[Vec<ActionId>]) -> FixedBitSet {
    let mut reach = FixedBitSet::with_capacity(direct.len());
    let mut stack = vec![start];
    while let Some(at) = stack.pop() {
        if !reach.put(at) {
            stack.extend(direct[at].iter().map(|a| a.index()));
        }
    }
    reach
}

impl Resolver<'_> {
    fn sibling_or_path(&mut self, path: &ast::Path, home: Option<ResourceId>) -> Option<ActionId> {
        if let [name] = path.names.as_slice() {
            if let Some(id) = self.actions.by_name.get(&(home, name.node.clone())) {
                return Some(*id);
            }
            self.undeclared_action(name, home);
            return None;
        }
        self.action(path)
    }

    fn changed_fact(&mut self, name: &ast::Name) -> Option<String> {
        const FACTS: [&str; 5] = ["unit", "labels", "scope", "roles", "recovery"];
        if FACTS.contains(&name.node.as_str()) || self.attributes.get(&name.node).is_some() {
            return Some(name.node.clone());
        }
        let known = FACTS.into_iter().chain(self.attributes.names());
        self.findings.push(bw105::undeclared("attribute", name, known));
        None
    }

    /// The action that a path of two names means, or a finding.
    pub(super) fn action(&mut self, path: &ast::Path) -> Option<ActionId> {
        let [first, second] = path.names.as_slice() else {
            self.findings.push(bw105::not_an_action(path));
            return None;
        };
        if first.node == ASSIGN {
            return self.assign_action(second);
        }
        let resource = ResourceId(self.actions.resources.find(first, self.findings)?);
        let found = self.actions.by_name.get(&(Some(resource), second.node.clone())).copied();
        if found.is_none() {
            self.undeclared_action(second, Some(resource));
        }
        found
    }

    /// `assigns R, S`, `assigns * except R`: the actions that give those roles.
    pub(super) fn assigns(&mut self, set: &ast::Set<ast::Name>) -> ActionSet {
        let mut result = self.empty_set(set.span);
        match &set.items {
            ast::Items::All(star) => {
                self.insert_resources(&mut result.members, Some(Kind::Assign));
                result.open.push((Kind::Assign, *star));
            }
            ast::Items::Listed(items) => {
                for name in items {
                    let Some(id) = self.assign_action(&name.node) else { continue };
                    result.members.insert(id.index());
                    result.named.push((id, name.span));
                }
            }
        }
        for name in &set.except {
            let Some(id) = self.assign_action(&name.node) else { continue };
            if !result.members.contains(id.index()) {
                result.idle.push(name.span);
            }
            result.members.set(id.index(), false);
        }
        result.named.retain(|(id, _)| result.members.contains(id.index()));
        result
    }

    fn assign_action(&mut self, role: &ast::Name) -> Option<ActionId> {
        let found = self.actions.by_name.get(&(None, role.node.clone())).copied();
        if found.is_some() {
            return found;
        }
        if self.actions.ungrantable.contains(&role.node) {
            if self.actions.denying {
                self.actions.denied = true;
                return None;
            }
            let declared = self.roles.get(&role.node).map(|id| self.roles.span(id));
            self.findings.push(crate::check::bw507::ungrantable(role, declared));
        } else {
            self.findings.push(bw105::undeclared("role", role, self.roles.names()));
        }
        None
    }

    fn undeclared_action(&mut self, name: &ast::Name, home: Option<ResourceId>) {
        let siblings = self.actions.by_name.keys().filter(|(r, _)| *r == home).map(|(_, n)| n.as_str());
        let resource = home.map(|r| self.model.resources[r.index()].name.as_str());
        self.findings.push(bw105::undeclared_action(name, resource, siblings));
    }

    fn empty_set(&self, span: Span) -> ActionSet {
        let members = FixedBitSet::with_capacity(self.model.actions.len());
        ActionSet { members, named: vec![], finer: vec![], open: vec![], idle: vec![], span }
    }

    /// A set of actions of which it is said that somebody may not do them: that nobody gives an ungrantable role is true.
    pub(super) fn denied_set(&mut self, set: &ast::ActionSet) -> ActionSet {
        self.actions.denying = true;
        let result = self.action_set(set);
        self.actions.denying = false;
        result
    }

    /// A set of actions. What it takes out goes with everything that implies it.
    pub(super) fn action_set(&mut self, set: &ast::ActionSet) -> ActionSet {
        let mut result = self.empty_set(set.span);
        match &set.items {
            ast::Items::All(star) => {
                self.insert_resources(&mut result.members, None);
                let kinds = [Kind::View, Kind::Write, Kind::Destroy, Kind::Become];
                result.open.extend(kinds.map(|kind| (kind, *star)));
            }
            ast::Items::Listed(items) => items.iter().for_each(|i| self.add_item(i, &mut result)),
        }
        let whole = result.members.clone();
        for item in &set.except {
            let mut out = self.empty_set(item.span);
            self.add_item(item, &mut out);
            let mut gone = FixedBitSet::with_capacity(self.model.actions.len());
            out.members.ones().for_each(|a| gone.union_with(&self.model.actions[a].implied_by));
            if whole.is_disjoint(&gone) {
                result.idle.push(item.span);
            }
            result.members.difference_with(&gone);
            result.open.retain(|(kind, _)| out.open.iter().all(|(closed, _)| closed != kind));
            result.finer.append(&mut out.finer);
        }
        result.named.retain(|(id, _)| result.members.contains(id.index()));
        result
    }

    /// Every declared action of a kind, or of all kinds; `assign.*` only where its kind is asked for.
    fn insert_resources(&self, members: &mut FixedBitSet, kind: Option<Kind>) {
        for (index, action) in self.model.actions.iter().enumerate() {
            let wanted = kind.map_or(action.resource.is_some(), |k| k == action.kind);
            members.set(index, members.contains(index) || wanted);
        }
    }

    fn add_item(&mut self, item: &Spanned<ast::ActionItem>, set: &mut ActionSet) {
        let kind = item.node.kind.as_ref().map(|k| k.node);
        let Some(path) = &item.node.path else {
            if kind.is_some_and(|k| k != Kind::Assign) {
                set.finer.push(item.span);
            }
            set.open.extend(kind.map(|kind| (kind, item.span)));
            return self.insert_resources(&mut set.members, kind);
        };
        match path.names.as_slice() {
            [resource] => self.add_resource(resource, kind, item.span, set),
            [first, star] if first.node == ASSIGN && star.node == "*" => {
                self.insert_resources(&mut set.members, Some(Kind::Assign));
                set.open.push((Kind::Assign, item.span));
            }
            _ => self.add_action(path, item, set),
        }
    }

    fn add_resource(&mut self, name: &ast::Name, kind: Option<Kind>, span: Span, set: &mut ActionSet) {
        let Some(id) = self.actions.resources.find(name, self.findings) else { return };
        if kind.is_some() {
            set.finer.push(span);
        }
        let actions = &self.actions.of_resource[id as usize];
        let wanted = actions.iter().filter(|a| kind.is_none_or(|k| self.model.actions[a.index()].kind == k));
        let before = set.members.count_ones(..);
        set.members.extend(wanted.map(|a| a.index()));
        if let (Some(kind), true) = (kind, set.members.count_ones(..) == before) {
            let empty = actions.iter().all(|a| self.model.actions[a.index()].kind != kind);
            if empty {
                self.findings.push(bw105::no_such_kind(name, kind, span));
            }
        }
    }

    fn add_action(&mut self, path: &ast::Path, item: &Spanned<ast::ActionItem>, set: &mut ActionSet) {
        let Some(id) = self.action(path) else { return };
        let action = &self.model.actions[id.index()];
        if let Some(kind) = item.node.kind.as_ref().filter(|k| k.node != action.kind) {
            self.findings.push(bw105::not_of_kind(path, kind, action.kind));
            return;
        }
        if action.resource.is_some() {
            set.finer.push(item.span);
        }
        set.named.push((id, path.span));
        set.members.insert(id.index());
    }
}
