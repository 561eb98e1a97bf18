//! The mutants of a policy: each way to take one thing out of it, and each way to break one of its demands.
//!
//! Two things are told apart. What *decides* (grants, fences, conditions, prohibitions, trees, who was given what) is taken away,
//! and the policy must be refused or fail a test of its own. What is *demanded* (`never`, `always`, `separate`, `quota`,
//! `holders`, `read only`, what an action `needs`, a declared tier) decides nothing, so that nobody notices when it goes; it is
//! broken instead, and the compiler must say so.
//!
//! Not touched, because nothing can notice: titles, names, addresses, reasons, documentation; `primary`, which decides an
//! interface and no answer; the values of a closed attribute, which are a fact about the world; what an action `changes`, which
//! tells checks where to look, so that without it they can only say less, and where a policy has nothing for them to find, the
//! same; `granularity` and `roles per account`, which refuse what the policy does not say; `responsible`, `exception` and
//! `transfer`, which are read when two versions are compared; an `ignore`, since one that silences nothing is a finding.

#[path = "catalogue.rs"]
mod catalogue;
#[path = "parts.rs"]
mod parts;
#[path = "people.rs"]
mod people;
#[path = "roles.rs"]
mod roles;
#[path = "rules.rs"]
mod rules;
#[path = "tables.rs"]
mod tables;

use std::collections::BTreeMap;

use bailiwick::check::RESERVED;
use bailiwick::source::{Source, SourceKind, SourceMap};
use bailiwick::syntax::ast::{
    ActionItem, ActionSet, Admin, AdminItem, Decl, DeclKind, Feature, File, Items, Kind, Name, Resource, RoleItem, Tree,
};

use parts::Less;

/// How a mutant is to be noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notice {
    /// The compiler refuses it, or one of its tests fails.
    Refused,
    /// There are other findings of this code than before.
    Found(&'static str),
    /// There are other findings than before.
    Said,
}

/// What is changed.
enum Change {
    /// A declaration, by its file and its number there, and what stands in its place.
    Tree((usize, usize), Vec<Decl>),
    /// A table of people, by its path, and its text.
    Table(String, String),
}

/// A policy with one thing changed.
pub(crate) struct Mutant {
    /// The change, in words.
    pub(crate) what: String,
    change: Change,
    /// How it is noticed.
    pub(crate) notice: Notice,
    /// The check without which nobody can notice: a code of [`BY_CHECK`], or that of a setting.
    pub(crate) needs: Option<&'static str>,
}

impl Mutant {
    /// The policy so changed.
    pub(crate) fn apply(&self, files: &[File], sources: &SourceMap) -> (Vec<File>, SourceMap) {
        let mut files = files.to_vec();
        match &self.change {
            Change::Tree(at, decls) => {
                drop(files[at.0].decls.splice(at.1..=at.1, decls.iter().cloned()));
                (files, sources.clone())
            }
            Change::Table(path, text) => {
                let changed = |(_, source): (_, &Source)| {
                    let text = if source.path == *path { text } else { &source.text };
                    match source.kind {
                        SourceKind::People => Source::people(&source.path, text).within(&source.folder),
                        SourceKind::Policy => source.clone(),
                    }
                };
                (files, SourceMap::new(sources.iter().map(changed).collect()))
            }
        }
    }
}

/// The mutants that only a check can notice: its code, and why no question to the policy can. Those of a check that is not written yet
/// wait for it.
pub(crate) const BY_CHECK: [(&str, &str); 11] = [
    ("BW104", "`signed` changes no answer, it says under whose name a message appears"),
    ("BW201", "`holders` gives nobody a right: it is broken by a bound that nobody keeps"),
    ("BW306", "what an action `needs` gives nothing: it is broken by somebody who has the action alone"),
    ("BW307", "a role's `never` takes nothing away: it is broken by giving the role just that"),
    ("BW308", "`read only` takes nothing away: it is broken by giving the role writing actions"),
    ("BW501", "a right to give an `ungrantable` role can only be denied, so no question is asked that it would answer"),
    ("BW601", "`separate` takes nothing away: it is broken by somebody who has both sides"),
    ("BW605", "`never` and `always` change no answer: they are broken by their contrary"),
    ("BW701", "a `quota` takes nothing away: it is broken by a limit of none"),
    ("BW703", "a declared tier gives nothing: it is broken by a lower one"),
    ("BW804", "who may turn a feature changes no answer"),
];

/// Every mutant of a policy. Of two with one name the second has a number.
pub(crate) fn mutants(files: &[File], sources: &SourceMap) -> Vec<Mutant> {
    let around = Around::of(files);
    let mut all = Vec::new();
    for (i, file) in files.iter().enumerate() {
        for (j, decl) in file.decls.iter().enumerate() {
            let mut list = List { at: (i, j), decl, all: &mut all };
            list.of_decl(&around);
        }
    }
    for (_, source) in sources.iter().filter(|(_, source)| source.kind == SourceKind::People) {
        all.extend(tables::of_table(source).into_iter().map(|(what, text)| {
            let change = Change::Table(source.path.clone(), text);
            Mutant { what, change, notice: Notice::Refused, needs: None }
        }));
    }
    let mut seen = BTreeMap::new();
    for mutant in &mut all {
        let count = seen.entry(mutant.what.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            mutant.what += &format!(" ({count})");
        }
    }
    all
}

/// What a mutant must know of the rest of the policy.
struct Around {
    /// The tiers, lowest first.
    tiers: Vec<Name>,
    /// The items of sets that ask for a kind.
    kinds: Vec<ActionItem>,
}

impl Around {
    fn of(files: &[File]) -> Self {
        let decls = || files.iter().flat_map(|file| &file.decls);
        let tiers = decls().filter_map(|decl| match &decl.kind {
            DeclKind::Tier(tier) => Some(tier.name.clone()),
            _ => None,
        });
        let kinds = decls().flat_map(action_sets).flat_map(items).filter(|item| item.kind.is_some());
        Self { tiers: tiers.collect(), kinds: kinds.collect() }
    }

    /// Whether a set asks for this kind of the resource's actions.
    fn asks(&self, resource: &Resource, kind: Kind) -> bool {
        let of_resource = |item: &ActionItem| match &item.path {
            Some(path) => path.names[0].node == resource.name.node,
            None => true,
        };
        self.kinds.iter().any(|item| item.kind.as_ref().is_some_and(|it| it.node == kind) && of_resource(item))
    }
}

/// The sets of actions by which a declaration decides.
fn action_sets(decl: &Decl) -> Vec<&ActionSet> {
    let of_role = |item: &'_ RoleItem| matches!(item, RoleItem::Allow(_) | RoleItem::Except(_));
    match &decl.kind {
        DeclKind::Tier(it) => vec![&it.covers],
        DeclKind::Forbid(it) => vec![&it.actions],
        DeclKind::Role(role) => {
            role.body.iter().filter(|it| of_role(&it.node)).filter_map(|it| of_item(&it.node)).collect()
        }
        DeclKind::Admin(admin) => {
            let allows = admin.body.iter().filter_map(|item| match &item.node {
                AdminItem::Allow(it) => Some(&it.actions),
                _ => None,
            });
            allows.collect()
        }
        _ => Vec::new(),
    }
}

const fn of_item(item: &RoleItem) -> Option<&ActionSet> {
    match item {
        RoleItem::Allow(it) => Some(&it.actions),
        RoleItem::Except(it) => Some(&it.actions),
        _ => None,
    }
}

fn items(set: &ActionSet) -> Vec<ActionItem> {
    let listed = match &set.items {
        Items::All(_) => &[][..],
        Items::Listed(items) => items,
    };
    listed.iter().chain(&set.except).map(|item| item.node.clone()).collect()
}

/// The mutants found so far, and the declaration at hand.
struct List<'a> {
    at: (usize, usize),
    decl: &'a Decl,
    all: &'a mut Vec<Mutant>,
}

impl List<'_> {
    fn push(&mut self, what: String, kinds: Vec<DeclKind>, notice: Notice, needs: Option<&'static str>) {
        let decls = kinds.into_iter().map(|kind| Decl { kind, ..self.decl.clone() }).collect();
        self.all.push(Mutant { what, change: Change::Tree(self.at, decls), notice, needs });
    }

    /// Changes that decide.
    fn less<T>(&mut self, less: Less<T>, dress: impl Fn(T) -> DeclKind) {
        for (what, it) in less {
            self.push(what, vec![dress(it)], Notice::Refused, None);
        }
    }

    /// Changes that only the check with a code can notice.
    fn broken<T>(&mut self, code: &'static str, broken: Less<T>, dress: impl Fn(T) -> DeclKind) {
        for (what, it) in broken {
            self.push(what, vec![dress(it)], Notice::Found(code), Some(code));
        }
    }

    /// The policy with an account more, which only the check with a code can mind.
    fn and_somebody(&mut self, what: String, admin: Admin, code: &'static str) {
        let kinds = vec![self.decl.kind.clone(), DeclKind::Admin(Box::new(admin))];
        self.push(what, kinds, Notice::Found(code), Some(code));
    }

    /// The policy without the declaration.
    fn gone(&mut self, what: &str) {
        self.push(format!("without {what}"), Vec::new(), Notice::Refused, None);
    }

    fn of_decl(&mut self, around: &Around) {
        match &self.decl.kind {
            DeclKind::Platform(it) => self.less(catalogue::of_platform(it), DeclKind::Platform),
            DeclKind::Feature(it) => self.of_feature(it),
            DeclKind::Tier(it) => self.less(catalogue::of_tier(it), DeclKind::Tier),
            DeclKind::Resource(it) => {
                self.gone(&format!("resource {}", it.name.node));
                self.less(catalogue::of_resource(it, |kind| around.asks(it, kind)), DeclKind::Resource);
                self.broken("BW104", catalogue::unsigned(it), DeclKind::Resource);
                for (what, admin) in rules::without_needed(it, self.decl.span) {
                    self.and_somebody(what, admin, "BW306");
                }
            }
            DeclKind::Attribute(it) => self.gone(&format!("attribute {}", it.name.node)),
            DeclKind::Label(it) => {
                self.gone(&format!("label {}", it.name.node));
                self.of_tree(catalogue::of_tree(it), DeclKind::Label);
            }
            DeclKind::Unit(it) => {
                self.gone(&format!("unit {}", it.name.node));
                self.of_tree(catalogue::of_tree(it), DeclKind::Unit);
            }
            DeclKind::Relation(it) => {
                self.gone(&format!("relation {}", it.name.node));
                self.less(catalogue::of_relation(it), DeclKind::Relation);
            }
            DeclKind::Group(it) => {
                self.gone(&format!("group {}", it.name.node));
                self.less(catalogue::of_group(it), DeclKind::Group);
            }
            _ => self.of_rule(around),
        }
    }

    fn of_rule(&mut self, around: &Around) {
        match &self.decl.kind {
            DeclKind::Role(it) => {
                self.gone(&format!("role {}", it.name.node));
                self.less(roles::of_role(it), DeclKind::Role);
                for (what, it) in roles::grantable(it) {
                    self.push(what, vec![DeclKind::Role(it)], Notice::Refused, Some("BW501"));
                }
                self.broken("BW307", roles::breaking_never(it), DeclKind::Role);
                self.broken("BW308", roles::breaking_read_only(it), DeclKind::Role);
                self.broken("BW201", roles::breaking_holders(it), DeclKind::Role);
                self.broken("BW703", roles::breaking_tier(it, &around.tiers), DeclKind::Role);
            }
            DeclKind::Automatic(it) => {
                self.gone(&format!("`{it}`"));
                self.less(people::of_automatic(it), DeclKind::Automatic);
            }
            DeclKind::Forbid(it) => {
                self.gone(&format!("`{it}`"));
                self.less(rules::of_forbid(it), DeclKind::Forbid);
            }
            DeclKind::Admin(it) => {
                self.gone(&format!("admin {}", it.name.node));
                self.less(people::of_admin(it), |admin| DeclKind::Admin(Box::new(admin)));
            }
            DeclKind::People(it) => self.gone(&format!("`{it}`")),
            DeclKind::Quota(it) => self.broken("BW701", vec![rules::breaking_quota(it)], DeclKind::Quota),
            DeclKind::Separate(it) => {
                let (what, admin) = rules::both_sides(it, self.decl.span);
                self.and_somebody(what, admin, "BW601");
            }
            DeclKind::Assertion(it) => self.broken("BW605", vec![rules::contrary(it)], DeclKind::Assertion),
            DeclKind::Lint(it) => {
                let reserved = RESERVED.iter().copied().find(|code| *code == it.code.node);
                self.push(format!("without `{it}`"), Vec::new(), Notice::Said, reserved);
            }
            _ => {}
        }
    }

    fn of_feature(&mut self, feature: &Feature) {
        let name = &feature.name.node;
        self.gone(&format!("feature {name}"));
        let turned = Feature { on: !feature.on, ..feature.clone() };
        self.push(format!("feature {name} turned"), vec![DeclKind::Feature(turned)], Notice::Refused, None);
        if !feature.set_by.is_empty() {
            let unset = Feature { set_by: Vec::new(), ..feature.clone() };
            let what = format!("feature {name}: without `set by`");
            self.push(what, vec![DeclKind::Feature(unset)], Notice::Found("BW804"), Some("BW804"));
        }
    }

    fn of_tree(&mut self, less: Less<Vec<Tree>>, dress: fn(Tree) -> DeclKind) {
        for (what, trees) in less {
            self.push(what, trees.into_iter().map(dress).collect(), Notice::Refused, None);
        }
    }
}
