//! The tier of an actor, for `forbid ... for tier T`.

use super::eval::{Case, restricts_entities, restricts_users};
use super::facts::{Mode, Who};
use super::policy::{ActionPath, Allow, Scope, Signature};
use super::truth::Truth::False;
use super::truth::{Truth, any, from};

impl Case<'_> {
    /// "An account's tier is the highest of its roles and direct allows", as it holds them now.
    pub(super) fn of_tier(&self, tier: &str) -> Truth {
        let tiers = &self.policy.tiers;
        let Some(rank) = tiers.iter().position(|t| t.name == tier) else { return False };
        let above = any((rank + 1..tiers.len()).map(|higher| self.has_tier(higher)));
        self.has_tier(rank).and(above.not())
    }

    /// Whether a role that the actor holds now, or a direct allow of it, is of this tier.
    fn has_tier(&self, rank: usize) -> Truth {
        let roles = self.policy.roles.iter().filter(|r| self.lowest(|a| self.could(&r.name, a)) == Some(rank));
        let held = any(roles.map(|r| self.holds(&self.actor, &r.name, Mode::Actor)));
        let Who::Named(admin) = self.actor.who else { return held };
        let lines = admin.allows.iter().filter(|line| self.now(line.period));
        let open = |line: &Allow, a: &ActionPath| {
            let scopes = [line.on.as_ref(), admin.scope.as_ref()];
            self.gives(&line.actions, a) && scopes.iter().all(|s| self.reaches(*s, a))
        };
        held.or(any(lines.map(|line| from(self.lowest(|a| open(line, a)) == Some(rank)))))
    }

    /// "The lowest tier that covers its grants with every feature on."
    fn lowest(&self, granted: impl Fn(&ActionPath) -> bool) -> Option<usize> {
        let granted: Vec<_> = self.every_action().into_iter().filter(|a| granted(a)).collect();
        self.policy.tiers.iter().position(|t| granted.iter().all(|a| self.member(&t.covers, a)))
    }

    /// Whether a role grants an action to somebody somewhere, with every feature on and at any time.
    fn could(&self, role: &str, action: &ActionPath) -> bool {
        let Some(role) = self.policy.roles.iter().find(|r| r.name == role) else { return false };
        let allows = role.allows.iter().any(|l| self.gives(&l.actions, action) && self.reaches(l.on.as_ref(), action));
        let named = |roles: &[String]| roles.contains(&action.action);
        let assigns = action.resource == "assign"
            && role.assigns.iter().any(|l| l.roles.items.as_deref().is_none_or(named) && !named(&l.roles.except));
        let extended = role.extends.iter().any(|e| self.reaches(e.on.as_ref(), action) && self.could(&e.role, action));
        let whole = |scope: Option<&Scope>| scope.is_none_or(|s| !restricts_users(s) && !restricts_entities(s));
        let removed =
            role.excepts.iter().any(|e| whole(e.on.as_ref()) && self.takes(&e.actions, e.on.as_ref(), action));
        (allows || assigns || extended) && self.reaches(role.scope.as_ref(), action) && !removed
    }

    /// Whether a scope leaves an action anything at all: a site-wide action needs one without restrictions.
    fn reaches(&self, scope: Option<&Scope>, action: &ActionPath) -> bool {
        let free = scope.is_none_or(|s| !restricts_users(s) && !restricts_entities(s));
        free || self.signature(action) != Signature::Site
    }
}
