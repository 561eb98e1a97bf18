//! The places where two policies' words differ, whatever order, layout, form and files they are written in.
//!
//! A declaration is known by its noun and its name, an account by its login. Statements that both sides make are left out; of the others
//! two that are about the same thing are one edit, such as `allow reports.open on A` that becomes `allow reports.open on B`.

use rustc_hash::FxHashMap;

use super::Policy;
use super::change::{About, Edit, Said, Spot};
use super::declared::own_name;
use super::items::{Declaration, Item, Key, Matter, declarations};
use super::people::{Person, Reader, people};
use super::view::{Asked, View};

/// Every place where the policies' words differ, by declaration; within one by statement.
///
/// Linear in the size of the policies but for sorting.
#[must_use]
pub fn edits(old: &Policy<'_>, new: &Policy<'_>) -> Vec<Edit> {
    between(&View::new(old), &View::new(new))
}

/// The same of what is resolved already.
pub(super) fn between(old: &View<'_>, new: &View<'_>) -> Vec<Edit> {
    let mut edits = of_declarations(old, new);
    edits.extend(of_people(old, new));
    edits
}

/// Pairs what one side has with what the other has.
struct Sides<'v> {
    old: &'v View<'v>,
    new: &'v View<'v>,
    edits: Vec<Edit>,
}

/// Where the items that are compared belong.
struct Within<'v> {
    shown: &'v str,
    noun: &'static str,
    name: &'v str,
    former: Option<&'v str>,
}

fn of_declarations(old: &View<'_>, new: &View<'_>) -> Vec<Edit> {
    let mut before = declarations(old.decls());
    let after = declarations(new.decls());
    let mut both: Vec<(Key, Option<Declaration>, Option<Declaration>)> =
        after.into_iter().map(|(key, declaration)| (key.clone(), before.remove(&key), Some(declaration))).collect();
    both.extend(before.into_iter().map(|(key, declaration)| (key, Some(declaration), None)));
    both.sort_by(|(a, ..), (b, ..)| a.cmp(b));
    let moved = join_moved(&mut both);
    let mut sides = Sides { old, new, edits: vec![] };
    for ((noun, name), before, after) in &both {
        let shown = after.as_ref().or(before.as_ref()).map_or("", |d| d.shown.as_str());
        let former = moved.get(&(*noun, name.clone())).map(String::as_str);
        let within = Within { shown, noun, name, former };
        let items = |side: &Option<Declaration>| side.as_ref().map_or_else(Vec::new, |d| d.items.clone());
        sides.compare(&within, items(before), items(after));
    }
    sides.edits
}

/// Makes one of a label or unit that is gone and one of the same name elsewhere in the forest, where no other has that name on either
/// side: by its new path, the former one.
fn join_moved(both: &mut Vec<(Key, Option<Declaration>, Option<Declaration>)>) -> FxHashMap<Key, String> {
    let mut by_own: FxHashMap<Key, [Vec<usize>; 2]> = FxHashMap::default();
    for (index, ((noun, name), before, after)) in both.iter().enumerate() {
        if matches!(*noun, "label" | "unit") {
            let sides = by_own.entry((*noun, own_name(name))).or_default();
            sides[0].extend(before.is_some().then_some(index));
            sides[1].extend(after.is_some().then_some(index));
        }
    }
    let mut moved = FxHashMap::default();
    let mut gone = vec![];
    for sides in by_own.values() {
        if let [[from], [to]] = sides.each_ref().map(Vec::as_slice)
            && from != to
        {
            both[*to].1 = both[*from].1.take();
            moved.insert(both[*to].0.clone(), both[*from].0.1.clone());
            gone.push(*from);
        }
    }
    let mut index = 0;
    both.retain(|_| {
        index += 1;
        !gone.contains(&(index - 1))
    });
    moved
}

fn of_people(old: &View<'_>, new: &View<'_>) -> Vec<Edit> {
    let mut asked = Asked::default();
    asked.add(&old.model);
    asked.add(&new.model);
    let (mut olds, mut news) = (Reader::new(old, &asked), Reader::new(new, &asked));
    let mut sides = Sides { old, new, edits: vec![] };
    for (before, after) in pairs(&people(old), &people(new)) {
        let shown = after.or(before).map(Person::head).unwrap_or_default();
        let name = after.or(before).map_or("", |p| p.login.as_str());
        let former = before.map(|p| p.login.as_str()).filter(|login| *login != name);
        let within = Within { shown: &shown, noun: "admin", name, former };
        match (before, after) {
            (Some(before), Some(after)) => sides.compare(&within, olds.items(before), news.items(after)),
            // An account that is new or gone is one edit, as long as its block may be.
            (before, after) => {
                let whole =
                    |person: &Person<'_>| Item::new(Matter::Declared, About::Access, "", person.head(), person.span());
                sides.push(&within, before.map(whole), after.map(whole));
            }
        }
    }
    sides.edits
}

/// Accounts of both sides with one login; of those left over, with one name of a block; in the order of the logins.
fn pairs<'p, 'v>(
    old: &'p [Person<'v>],
    new: &'p [Person<'v>],
) -> Vec<(Option<&'p Person<'v>>, Option<&'p Person<'v>>)> {
    let mut pairs: Vec<(Option<&Person<'_>>, Option<&Person<'_>>)> = vec![];
    let (mut olds, mut news) = (old.iter().peekable(), new.iter().peekable());
    loop {
        let order = match (olds.peek(), news.peek()) {
            (None, None) => break,
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some(before), Some(after)) => before.login.cmp(&after.login),
        };
        let before = if order.is_le() { olds.next() } else { None };
        let after = if order.is_ge() { news.next() } else { None };
        pairs.push((before, after));
    }
    let gone: FxHashMap<&str, &Person<'_>> =
        pairs.iter().filter_map(|(b, a)| a.is_none().then_some((*b)?)).map(|p| (p.block(), p)).collect();
    let mut joined: Vec<&str> = vec![];
    for (before, after) in &mut pairs {
        if let (None, Some(person)) = (&before, &after)
            && let Some(former) = gone.get(person.block())
        {
            *before = Some(former);
            joined.push(&former.login);
        }
    }
    joined.sort_unstable();
    pairs.retain(|(b, a)| a.is_some() || b.is_some_and(|p| joined.binary_search(&p.login.as_str()).is_err()));
    pairs
}

impl Sides<'_> {
    /// Adds the edits that lead from the one list of items to the other.
    fn compare(&mut self, within: &Within<'_>, before: Vec<Item>, after: Vec<Item>) {
        let (before, after) = without_common(before, after);
        if before.is_empty() && after.is_empty() {
            return;
        }
        let first = self.edits.len();
        let mut places: FxHashMap<(Matter, String), Vec<usize>> = FxHashMap::default();
        for (index, item) in after.iter().enumerate().rev() {
            places.entry((item.matter, item.key.clone())).or_default().push(index);
        }
        let mut after: Vec<Option<Item>> = after.into_iter().map(Some).collect();
        let mut left = vec![];
        for item in before {
            let other = places.get_mut(&(item.matter, item.key.clone())).and_then(Vec::pop);
            match other.and_then(|index| after[index].take()) {
                Some(other) => self.push(within, Some(item), Some(other)),
                None => left.push(item),
            }
        }
        for item in left {
            let shares = |other: &Item| other.parts.iter().any(|part| item.parts.contains(part));
            let other = take(&mut after, |other| other.matter == item.matter && shares(other));
            self.push(within, Some(item), other);
        }
        for item in after.into_iter().flatten() {
            self.push(within, None, Some(item));
        }
        let order = |edit: &Edit| {
            let text = |said: &Option<Said>| said.as_ref().map(|s| s.text.clone());
            (edit.spot.matter, text(&edit.before), text(&edit.after))
        };
        self.edits[first..].sort_by_cached_key(order);
    }

    fn push(&mut self, within: &Within<'_>, before: Option<Item>, after: Option<Item>) {
        let only_reason = matches!((&before, &after), (Some(b), Some(a)) if b.core() == a.core());
        let Some(one) = after.as_ref().or(before.as_ref()) else { return };
        // What either side decides from is access.
        let about = before.iter().chain(&after).map(|item| item.about).min().unwrap_or(one.about);
        let spot = Spot {
            noun: within.noun,
            name: within.name.to_owned(),
            former: within.former.map(ToOwned::to_owned),
            matter: one.matter,
            key: one.key.clone(),
        };
        self.edits.push(Edit {
            within: within.shown.to_owned(),
            about: if only_reason { About::Text } else { about },
            before: before.map(|item| said(self.old, item)),
            after: after.map(|item| said(self.new, item)),
            spot,
        });
    }
}

fn said(view: &View<'_>, item: Item) -> Said {
    let place = view.sources.locate(item.span);
    Said { text: item.text, path: Some(place.path.to_owned()), line: place.line, span: Some(item.span) }
}

/// Takes the first item that fits.
fn take(items: &mut [Option<Item>], fits: impl Fn(&Item) -> bool) -> Option<Item> {
    items.iter_mut().find(|item| item.as_ref().is_some_and(&fits)).and_then(Option::take)
}

/// Both lists without what both say, as often as both say it.
fn without_common(before: Vec<Item>, after: Vec<Item>) -> (Vec<Item>, Vec<Item>) {
    let key = |item: &Item| (item.matter, item.text.clone());
    let mut left: FxHashMap<(Matter, String), usize> = FxHashMap::default();
    after.iter().for_each(|item| *left.entry(key(item)).or_default() += 1);
    let mut common: FxHashMap<(Matter, String), usize> = FxHashMap::default();
    let before = before.into_iter().filter(|item| {
        let again = spend(&mut left, &key(item));
        if again {
            *common.entry(key(item)).or_default() += 1;
        }
        !again
    });
    let before: Vec<Item> = before.collect();
    let after = after.into_iter().filter(|item| !spend(&mut common, &key(item)));
    (before, after.collect())
}

/// Takes one off a count; whether there was one.
fn spend(counts: &mut FxHashMap<(Matter, String), usize>, key: &(Matter, String)) -> bool {
    counts.get_mut(key).filter(|left| **left > 0).map(|left| *left -= 1).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::testing::Written;

    /// Each edit in one line: within, about, before, after.
    fn told(old: &str, new: &str) -> Vec<String> {
        let (old, new) = (Written::new(&[("old.bw", old)]), Written::new(&[("new.bw", new)]));
        let line = |edit: &Edit| {
            let said =
                |said: &Option<Said>| said.as_ref().map_or("-".to_owned(), |s| format!("{} ({})", s.text, s.line));
            format!("{}, {:?}: {} => {}", edit.within, edit.about, said(&edit.before), said(&edit.after))
        };
        edits(&old.policy(), &new.policy()).iter().map(line).collect()
    }

    const CATALOGUE: &str = "resource reports on user { view list, open; write edit }\nresource site { view see }\n\
                             unit north { oulu }\nunit south\nattribute country { fi, se }\nattribute shoe number\n\
                             label red\nfeature extra\nplatform p { super none }\n";

    #[test]
    fn order_and_layout_are_no_edits() {
        let old = "role a \"A\" { allow reports.open, reports.list on users in south, north; extends b, c }\nrole b {}\nrole c {}\n\
                   group g = country is fi or shoe is 3";
        let new = "// another\nrole c { }\n/// of b\nrole b {}\ngroup g = shoe is 3 or country is fi\n\
                   role a \"A\" { extends c; extends b; allow reports.list, reports.open on users in north, south }";
        assert_eq!(told(&format!("{CATALOGUE}{old}"), &format!("{new}\n{CATALOGUE}")), Vec::<String>::new());
    }

    #[test]
    fn a_statement_that_changed_is_one_edit() {
        let old = "role a {\n allow reports.open on users in north\n allow reports.list\n extends b\n}\nrole b {}\nfeature f off";
        let new =
            "feature f\nrole b {}\nrole a {\n allow reports.open on users in south\n extends b on users in north\n}";
        let wanted = [
            "feature f, Access: off (7) => on (1)",
            "role a, Access: allow reports.list (3) => -",
            "role a, Access: allow reports.open on users in north (2) => allow reports.open on users in south (4)",
            "role a, Access: extends b (4) => extends b on users in north (5)",
        ];
        assert_eq!(told(old, new), wanted);
    }

    #[test]
    fn what_predicates_ask_for_is_access() {
        let old =
            format!("{CATALOGUE}admin ann \"Ann\" {{ email a@x.example; phone 1; country fi; shoe 38; unit oulu }}");
        let new =
            format!("{CATALOGUE}admin ann \"Anna\" {{ email a@x.example; phone 2; country se; shoe 39; unit south }}");
        let about = |extra: &str| {
            let lines = told(&format!("{old}{extra}"), &format!("{new}{extra}"));
            lines.iter().map(|l| l.split(':').next().unwrap_or("").to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(about("\n").iter().filter(|l| *l == "admin ann, Personal").count(), 4, "{:?}", about("\n"));
        assert_eq!(about("\n").iter().filter(|l| *l == "admin ann, Recovery").count(), 1);
        let asked = "\ngroup g = country is fi\nrole r { allow reports.open on users in own unit }";
        assert_eq!(about(asked).iter().filter(|l| *l == "admin ann, Access").count(), 2, "{:?}", about(asked));
    }

    #[test]
    fn texts_and_reasons_are_no_access() {
        let old = "role a \"A\" { allow reports.open reason \"x\" }\nlint BW311 off";
        let new = "role a \"B\" { allow reports.open reason \"y\" }\ntest \"t\" { }";
        assert!(told(old, new).iter().all(|line| line.starts_with("role a, Text")), "{:?}", told(old, new));
        assert_eq!(told(old, new).len(), 2);
    }

    #[test]
    fn rows_and_blocks_of_one_login_are_one_account() {
        let block = format!(
            "{CATALOGUE}role r {{}}\nrole s {{}}\nadmin ann \"Ann\" {{ unit oulu; role r until 2030-01-01; role s; inactive }}"
        );
        let policy = format!("{CATALOGUE}role r {{}}\nrole s {{}}\nadmins from \"people.csv\"");
        let table = "login,name,unit,roles,active\nann,Ann,oulu,s; r until 2030-01-01,no\n";
        let old = Written::new(&[("p.bw", &block)]);
        let same = Written::new(&[("p.bw", &policy), ("people.csv", table)]);
        assert_eq!(edits(&old.policy(), &same.policy()), vec![]);
        let other = table.replace("oulu", "south");
        let other = Written::new(&[("p.bw", &policy), ("people.csv", &other)]);
        let found = edits(&old.policy(), &other.policy());
        let places: Vec<_> =
            found.iter().filter_map(|e| Some((e.before.as_ref()?.line, e.after.as_ref()?.line))).collect();
        assert_eq!((found.len(), places), (1, vec![(12, 2)]), "{found:?}");
    }

    #[test]
    fn an_account_is_known_by_its_login() {
        let old =
            "role r {}\nadmin ann { login x; role r }\nadmin bo { login y; role r }\nadmin cy { login z; role r }";
        let new = "role r {}\nadmin bo { login x; role r }\nadmin ann { login y; role r }\nadmin cy { login w; role r }\nadmin di { role r }";
        let found = told(old, new);
        let wanted = [
            "admin di, Access: - => admin di (5)",
            "admin cy, Access: login z (4) => login w (4)",
            "admin bo, Text: admin ann (2) => admin bo (2)",
            "admin ann, Text: admin bo (3) => admin ann (3)",
        ];
        assert_eq!(found, wanted);
    }
}
