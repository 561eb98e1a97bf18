//! Actions: which there are, what they are done to, what implies what, and which of them a line speaks of.

use super::eval::{Case, restricts_entities, restricts_users};
use super::policy::{Action, ActionItem, ActionPath, Kind, Scope, Set, Signature};

impl<'a> Case<'a> {
    fn declared(&self, action: &ActionPath) -> Option<&'a Action> {
        let resource = self.policy.resources.iter().find(|r| r.name == action.resource)?;
        resource.actions.iter().find(|a| a.name == action.action)
    }

    /// Each role that is not ungrantable has a built-in action; a resource whose feature is off has none that anybody may use.
    pub(super) fn exists(&self, action: &ActionPath) -> bool {
        if action.resource == "assign" {
            return self.policy.roles.iter().any(|r| r.name == action.action && !r.ungrantable);
        }
        let resource = self.policy.resources.iter().find(|r| r.name == action.resource);
        self.declared(action).is_some() && resource.is_some_and(|r| r.when.iter().all(|f| self.on(f)))
    }

    pub(super) fn every_action(&self) -> Vec<ActionPath> {
        let path = |resource: &str, action: &str| ActionPath { resource: resource.into(), action: action.into() };
        let declared = self.policy.resources.iter().flat_map(|r| r.actions.iter().map(|a| path(&r.name, &a.name)));
        let roles = self.policy.roles.iter().filter(|r| !r.ungrantable);
        declared.chain(roles.map(|r| path("assign", &r.name))).collect()
    }

    pub(super) fn signature(&self, action: &ActionPath) -> Signature {
        let resource = self.policy.resources.iter().find(|r| r.name == action.resource);
        resource.map_or(Signature::Account, |r| r.on)
    }

    /// The action and all that it implies, directly or not.
    fn implied(&self, action: &ActionPath) -> Vec<ActionPath> {
        let mut found = vec![action.clone()];
        let mut next = 0;
        while let Some(current) = found.get(next).cloned() {
            next += 1;
            for implied in self.declared(&current).map_or(&[][..], |a| &a.implies) {
                if !found.contains(implied) {
                    found.push(implied.clone());
                }
            }
        }
        found
    }

    fn matches(&self, item: &ActionItem, action: &ActionPath) -> bool {
        let declared = self.declared(action);
        let built_in = action.resource == "assign";
        let kind = declared.map_or(Kind::Assign, |a| a.kind);
        match item {
            ActionItem::All => !built_in,
            ActionItem::AllOf(k) => kind == *k,
            ActionItem::Resource(name) => action.resource == *name,
            ActionItem::ResourceOf(k, name) => action.resource == *name && kind == *k,
            ActionItem::Assigning => built_in,
            ActionItem::One(path) => path == action,
        }
    }

    /// Membership in a set of actions. "Removing an action, in a set ..., also removes what implies it."
    pub(super) fn member(&self, set: &Set<ActionItem>, action: &ActionPath) -> bool {
        let within = |items: &[ActionItem], a: &ActionPath| items.iter().any(|i| self.matches(i, a));
        let listed = set.items.as_deref().map_or(self.matches(&ActionItem::All, action), |items| within(items, action));
        listed && !self.implied(action).iter().any(|a| within(&set.except, a))
    }

    /// Whether an `allow` of the set gives the action: it is a member, or a member implies it.
    pub(super) fn gives(&self, set: &Set<ActionItem>, action: &ActionPath) -> bool {
        self.every_action().iter().any(|a| self.member(set, a) && self.implied(a).contains(action))
    }

    /// Whether an `except` or `forbid` line speaks of the action: it, or one that it implies, is in the set, and both use every part
    /// that the line restricts ("`except` and `forbid` leave those members out").
    pub(super) fn takes(&self, set: &Set<ActionItem>, scope: Option<&Scope>, action: &ActionPath) -> bool {
        let uses = |a: &ActionPath| self.uses(scope, a);
        uses(action) && self.implied(action).iter().any(|a| uses(a) && self.member(set, a))
    }

    /// Whether an action uses every part that a scope restricts.
    pub(super) fn uses(&self, scope: Option<&Scope>, action: &ActionPath) -> bool {
        let signature = self.signature(action);
        scope.is_none_or(|s| {
            (!restricts_users(s) || signature.uses_users()) && (!restricts_entities(s) || signature.uses_entities())
        })
    }
}
