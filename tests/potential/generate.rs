//! Random tiny policies, made of lists of bytes: small bytes choose simple things, so that what fails shrinks.

use proptest::collection::vec;
use proptest::prelude::*;

use super::dice::Dice;
use super::tiny::{Account, Action, Dims, Facts, Forbid, Item, Line, On, Role, Rule, Scope, ScopeId, Set, Thing, Tiny};

/// The bytes that a policy is made of, block by block.
#[derive(Debug, Clone)]
struct Seeds {
    head: Vec<u8>,
    roles: Vec<Vec<u8>>,
    accounts: Vec<Vec<u8>>,
    rules: Vec<Vec<u8>>,
    forbids: Vec<Vec<u8>>,
}

/// Random tiny policies.
pub(crate) fn tiny_policies() -> impl Strategy<Value = Tiny> {
    let block = || vec(any::<u8>(), 36);
    let seeds = (block(), vec(block(), 1..=3), vec(block(), 1..=3), vec(block(), 0..=1), vec(block(), 0..=2));
    seeds.prop_map(|(head, roles, accounts, rules, forbids)| policy(&Seeds { head, roles, accounts, rules, forbids }))
}

fn policy(seeds: &Seeds) -> Tiny {
    let mut tiny = Tiny::default();
    let dice = &mut Dice::new(&seeds.head);
    tiny.dims = dims(dice);
    // `ungrantable` roles have no action that gives them.
    let ungrantable: Vec<bool> = seeds.roles.iter().map(|_| dice.chance(8)).collect();
    tiny.actions = actions(dice, tiny.dims, &ungrantable);
    // Who asks for roles that are not held asks for what a gift may take away.
    let negative = dice.chance(25);
    let mut maker = Maker { tiny, roles: seeds.roles.len(), negative };
    for (index, seed) in seeds.roles.iter().enumerate() {
        let role = maker.role(index, &mut Dice::new(seed), ungrantable[index]);
        maker.tiny.roles.push(role);
    }
    for seed in &seeds.rules {
        let dice = &mut Dice::new(seed);
        let group = maker.fact(dice);
        let rule = Rule { group, role: dice.below(maker.roles), on: maker.scope(dice, 25) };
        if !maker.tiny.roles[rule.role].ungrantable {
            maker.tiny.rules.push(rule);
        }
    }
    for seed in &seeds.forbids {
        let forbid = maker.forbid(&mut Dice::new(seed));
        maker.tiny.forbids.push(forbid);
    }
    for seed in &seeds.accounts {
        let account = maker.account(&mut Dice::new(seed));
        maker.tiny.accounts.push(account);
    }
    maker.tiny
}

/// One or two of the facts, so that there are few states.
fn dims(dice: &mut Dice<'_>) -> Dims {
    let (country, unit, label) =
        [(true, false, false), (false, true, false), (true, false, true), (false, true, true), (true, true, false)]
            [dice.below(5)];
    Dims { country, unit, label, relation: dice.chance(20) }
}

/// Four or five actions beside those that give the roles.
fn actions(dice: &mut Dice<'_>, dims: Dims, ungrantable: &[bool]) -> Vec<Action> {
    let people = [("acc", On::Account), ("men", On::User)][dice.below(2)];
    let plain = |(resource, on): (&'static str, On), name: &str| Action {
        resource,
        name: name.into(),
        on,
        takes_over: false,
        by_kind: false,
        destroys: false,
        country: false,
        unit: false,
        label: false,
        scope: false,
        roles: false,
        assigns: None,
    };
    let open = Action { destroys: dice.chance(40), ..plain(people, "open") };
    let mut all = vec![open, plain(("docs", On::Entity), "read")];
    all.push(Action { takes_over: true, by_kind: dice.chance(80), ..plain(people, "login") });
    let edit = plain(people, "edit");
    all.push(match dice.below(8) {
        0 | 1 => Action { country: dims.country, unit: !dims.country, ..edit },
        2 => Action { country: dims.country, unit: dims.unit, ..edit },
        3 => Action { unit: dims.unit, label: dims.label || !dims.unit, ..edit },
        4 | 5 => Action {
            label: dims.label,
            country: !dims.label && dims.country,
            unit: !dims.label && !dims.country,
            ..edit
        },
        6 => Action { scope: true, ..edit },
        _ => Action { roles: true, ..edit },
    });
    if dice.chance(25) {
        let second = Action { country: dims.country, unit: !dims.country, ..plain(people, "move") };
        all.push(second);
    }
    if dice.chance(25) {
        all.push(plain(("site", On::Site), "shut"));
    }
    for role in (0..ungrantable.len()).filter(|r| !ungrantable[*r]) {
        all.push(Action { assigns: Some(role), ..plain(("assign", On::Account), &format!("r{role}")) });
    }
    all
}

struct Maker {
    tiny: Tiny,
    roles: usize,
    negative: bool,
}

impl Maker {
    fn role(&mut self, index: usize, dice: &mut Dice<'_>, ungrantable: bool) -> Role {
        let mut role = Role { by_claim: !ungrantable && dice.chance(20), ungrantable, ..Role::default() };
        role.lines = (0..1 + dice.below(3)).map(|_| self.line(dice)).collect();
        role.scope = self.scope(dice, 25);
        if dice.chance(12) {
            role.when = Some(self.condition(dice));
        }
        if index > 0 && dice.chance(25) {
            role.extends.push((dice.below(index), self.scope(dice, 30)));
        }
        if dice.chance(15) {
            let plain = [0, 1, 2, 3][dice.below(4)];
            let on = self.part(dice, self.tiny.actions[plain].on);
            role.excepts.push((plain, on));
        }
        role
    }

    fn line(&mut self, dice: &mut Dice<'_>) -> Line {
        let action = self.action(dice);
        let on = self.part(dice, self.tiny.actions[action].on);
        let when = dice.chance(12).then(|| self.condition(dice));
        Line { action, on, when }
    }

    /// Mostly one that reaches others.
    fn action(&self, dice: &mut Dice<'_>) -> usize {
        let of = |is: fn(&Action) -> bool| -> Vec<usize> {
            (0..self.tiny.actions.len()).filter(|i| is(&self.tiny.actions[*i])).collect()
        };
        let any: Vec<usize> = (0..self.tiny.actions.len()).collect();
        let chosen = match dice.below(8) {
            0 | 1 => any,
            2 | 3 => of(|a| a.takes_over),
            4 | 5 => of(|a| a.changes_facts() || a.scope || a.roles),
            _ => of(|a| a.assigns.is_some()),
        };
        dice.pick(&chosen).copied().unwrap_or(0)
    }

    fn forbid(&mut self, dice: &mut Dice<'_>) -> Forbid {
        let action = self.action(dice);
        let on = self.part(dice, self.tiny.actions[action].on);
        let subject = |maker: &Self, dice: &mut Dice<'_>| maker.condition(dice);
        let whom = dice.chance(40).then(|| subject(self, dice));
        let unless = dice.chance(40).then(|| subject(self, dice));
        Forbid { action, on, whom, unless }
    }

    fn account(&mut self, dice: &mut Dice<'_>) -> Account {
        let facts = Facts {
            country: if self.tiny.dims.country { u8::try_from(dice.below(3)).unwrap_or(0) } else { 0 },
            unit: if self.tiny.dims.unit { u8::try_from(dice.below(4)).unwrap_or(0) } else { 0 },
            label: self.tiny.dims.label && dice.chance(50),
        };
        let mut account = Account { facts, ..Account::default() };
        for _ in 0..1 + dice.below(2) {
            let given = (dice.below(self.roles), self.scope(dice, 30));
            if !account.roles.iter().any(|(r, _)| *r == given.0) {
                account.roles.push(given);
            }
        }
        if dice.chance(30) {
            account.lines.push(Line { when: None, ..self.line(dice) });
        }
        account.scope = self.scope(dice, 25);
        account.inactive = dice.chance(4);
        account
    }

    /// A test of facts.
    fn fact(&self, dice: &mut Dice<'_>) -> Item {
        let dims = self.tiny.dims;
        let mut all = vec![];
        if dims.country {
            all.extend([Item::Country(1), Item::Country(2), Item::NotCountry(1)]);
        }
        if dims.unit {
            all.extend([Item::Unit(1), Item::Unit(2), Item::Unit(3)]);
        }
        if dims.label {
            all.extend([Item::Labelled, Item::NotLabelled]);
        }
        dice.pick(&all).copied().unwrap_or(Item::Labelled)
    }

    /// A condition on whoever acts.
    fn condition(&self, dice: &mut Dice<'_>) -> Item {
        match dice.below(8) {
            6 => Item::Holders(dice.below(self.roles)),
            7 if self.negative => Item::NotHolders(dice.below(self.roles)),
            _ => self.fact(dice),
        }
    }

    fn item(&self, dice: &mut Dice<'_>) -> Item {
        let own = if self.tiny.dims.unit { Item::OwnUnit } else { Item::Holders(0) };
        match dice.below(12) {
            0..=4 => self.fact(dice),
            5 | 6 => own,
            7 => Item::Holders(dice.below(self.roles)),
            8 if self.negative => Item::NotHolders(dice.below(self.roles)),
            9 => Item::Myself,
            10 | 11 if self.tiny.dims.relation => Item::Manages,
            _ => self.fact(dice),
        }
    }

    fn users(&self, dice: &mut Dice<'_>) -> Set<Item> {
        match dice.below(6) {
            0..=3 => (vec![self.item(dice)], vec![]),
            4 => (vec![], vec![self.item(dice)]),
            _ => (vec![self.item(dice), self.item(dice)], vec![]),
        }
    }

    fn things(&self, dice: &mut Dice<'_>) -> Option<Set<Thing>> {
        let dims = self.tiny.dims;
        let mut all = vec![];
        if dims.unit {
            all.extend([Thing::Unit(1), Thing::Unit(2), Thing::Unit(3), Thing::OwnUnit]);
        }
        if dims.label {
            all.push(Thing::Labelled);
        }
        let thing = *dice.pick(&all)?;
        Some(if dice.chance(25) { (vec![], vec![thing]) } else { (vec![thing], vec![]) })
    }

    /// A scope of a block, in some of a hundred cases.
    fn scope(&mut self, dice: &mut Dice<'_>, percent: usize) -> Option<ScopeId> {
        if !dice.chance(percent) {
            return None;
        }
        let users = dice.chance(80).then(|| self.users(dice));
        let entities = if users.is_none() || dice.chance(30) { self.things(dice) } else { None };
        self.kept(Scope { users, entities })
    }

    /// A scope of a line about this kind of target: it restricts only the parts that are used.
    fn part(&mut self, dice: &mut Dice<'_>, on: On) -> Option<ScopeId> {
        if !dice.chance(55) {
            return None;
        }
        let users = match on {
            On::Account | On::User => dice.chance(85).then(|| self.users(dice)),
            On::Entity | On::Site => None,
        };
        let wanted = on == On::Entity || (on == On::Account && (users.is_none() || dice.chance(15)));
        let entities = if wanted { self.things(dice) } else { None };
        self.kept(Scope { users, entities })
    }

    fn kept(&mut self, scope: Scope) -> Option<ScopeId> {
        if scope == Scope::default() {
            return None;
        }
        let scopes = &mut self.tiny.scopes;
        let at = scopes.iter().position(|s| *s == scope).unwrap_or_else(|| {
            scopes.push(scope);
            scopes.len() - 1
        });
        Some(at)
    }
}
