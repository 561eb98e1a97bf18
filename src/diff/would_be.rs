//! The old policy with the accounts of the new one: what somebody would have by what is given to it, judged by the rules that were there
//! before.

use super::items::Matter;
use super::people::{Reader, people};
use super::transition::Transition;
use super::view::Asked;
use crate::algebra::Algebra;
use crate::diagnostic::Findings;
use crate::lower::rights::Rights;
use crate::lower::{Switches, lower};
use crate::model::Model;
use crate::model::id::{AccountId, ActionId, RoleId};
use crate::query::{Asker, OwnedTarget};
use crate::source::{SourceId, Span, Spanned};
use crate::syntax::ast::{Admin, AdminItem, Decl, DeclKind, File, Name};
use crate::syntax::text::{Fragment, Origin};

/// The old rules with the new accounts.
pub(super) struct WouldBe {
    model: Model,
    rights: Rights,
    table: bailiwick_table::Table<Vec<u8>>,
}

impl WouldBe {
    /// Puts every account that the change gives something in the place of its former self; none where nothing can be lowered.
    pub(super) fn of(transition: &Transition<'_>) -> Option<Self> {
        let given = |edit: &&super::change::Edit| {
            let spot = &edit.spot;
            spot.noun == "admin" && edit.after.is_some() && matches!(spot.matter, Matter::Given | Matter::Declared)
        };
        let mut logins: Vec<&str> = transition.edits.iter().filter(given).map(|e| e.spot.name.as_str()).collect();
        logins.sort_unstable();
        logins.dedup();
        let blocks = blocks(transition, &logins);
        let mut files = transition.old.view.files.to_vec();
        for file in &mut files {
            file.decls.retain(|decl| !replaced(decl, &logins));
        }
        files.push(File { source: SourceId(0), decls: blocks, broken: false });
        let model = crate::resolve::resolve(&files, transition.old.view.sources, &mut Findings::new());
        let rights = lower(&model, &Switches::as_written(&model));
        let bytes = crate::emit::table::table(&model, &rights, 0).ok()?;
        let table = bailiwick_table::Table::from_bytes(bytes).ok()?;
        Some(Self { model, rights, table })
    }

    /// Whether one account may give another what a statement of it says, by the right to do so, and no more than it has itself.
    pub(super) fn may(&self, giver: &str, to: &str, (role, power): (RoleId, ActionId), text: &str, day: i32) -> bool {
        let account = |login: &str| {
            let accounts = &self.model.accounts;
            accounts.binary_search_by(|a| a.login.as_str().cmp(login)).ok().map(AccountId::new)
        };
        let (Some(giver), Some(to)) = (account(giver), account(to)) else { return false };
        if giver == to || !self.is_allowed(giver, to, power, day) {
            return false;
        }
        // The same statement, as it was lowered: a name that the old policy does not have is not there.
        let block = &self.model.accounts[to.index()].block;
        let wanted = format!("admin {block}: {text}");
        let ways = &self.rights.accounts[to.index()].assignments;
        let same = |way: &&crate::lower::rights::Assignment| {
            way.row.0 == role.0 && self.rights.text(way.origin, &self.model) == wanted
        };
        let Some(way) = ways.iter().find(same) else { return false };
        let fence = self.rights.fences[way.alone.0 as usize];
        let mut algebra = Algebra::new(&self.model, &self.rights);
        algebra.begin();
        let within = algebra.gives_within(giver, power, to, fence, day).unwrap_or(false);
        algebra.begin();
        within && matches!(algebra.amplifies(giver, power, role, day), Ok(None))
    }

    fn is_allowed(&self, giver: AccountId, to: AccountId, power: ActionId, day: i32) -> bool {
        let asker = Asker::Account(bailiwick_table::AccountId(giver.0));
        let Some(action) = self.table.action(&self.model.actions[power.index()].path) else { return false };
        let target = OwnedTarget::account(&self.model.accounts[to.index()].login, false);
        target.with(|target| asker.decide(&self.table, action, target, day).allowed)
    }
}

/// Whether a declaration is the block of one of these accounts.
fn replaced(decl: &Decl, logins: &[&str]) -> bool {
    let DeclKind::Admin(admin) = &decl.kind else { return false };
    logins.binary_search(&super::people::login(admin).as_str()).is_ok()
}

/// The accounts of the new policy with these logins as blocks, active and without dates of their own: what is given may begin later.
fn blocks(transition: &Transition<'_>, logins: &[&str]) -> Vec<Decl> {
    let view = &transition.new.view;
    let asked = Asked::default();
    let mut reader = Reader::new(view, &asked);
    let nowhere = Span::new(SourceId(0), 0, 0);
    let mut decls = vec![];
    for person in people(view).iter().filter(|person| logins.binary_search(&person.login.as_str()).is_ok()) {
        let mut body = vec![Spanned::new(AdminItem::Login(Name::new(person.login.clone(), nowhere)), nowhere)];
        let mut title = None;
        for item in reader.items(person) {
            if item.matter == Matter::Fact && item.key == "name" {
                title = item.text.strip_prefix("name ").map(|name| Spanned::new(name.to_owned(), nowhere));
            }
            let left_out = item.matter == Matter::Declared
                || (item.matter == Matter::Fact
                    && matches!(item.key.as_str(), "login" | "name" | "valid" | "inactive"));
            if left_out {
                continue;
            }
            let mut findings = Findings::new();
            let read = Fragment::new(Origin::at(SourceId(0), 0), &item.text, &mut findings).admin_items();
            body.extend(read.into_iter().flatten().map(|item| Spanned::new(item, nowhere)));
        }
        let admin = Admin { name: Name::new(person.block().to_owned(), nowhere), title, body };
        decls.push(Decl { doc: None, ignores: vec![], kind: DeclKind::Admin(Box::new(admin)), span: nowhere });
    }
    decls
}
