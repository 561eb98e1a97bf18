//! What was declared anew, or no longer is, or has another name.
//!
//! A declaration that is gone and a new one of the same noun are one that was renamed where they say the same but for the name, and no
//! other pair does. What says little about itself (a label, a feature, an action) is renamed only if it is also used in the same places.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Policy;
use super::change::{About, Declared};
use super::items::{Declaration, Item, Key, Matter, declarations};
use super::people::{Person, Reader, people};
use super::view::{Asked, View};
use crate::syntax::print::{path_word, word};

/// Every declaration that is new, gone or renamed, by noun and name.
///
/// Linear in the size of the policies but for sorting.
#[must_use]
pub fn declared(old: &Policy<'_>, new: &Policy<'_>) -> Vec<Declared> {
    between(&View::new(old), &View::new(new))
}

/// The same of what is resolved already.
pub(super) fn between(old: &View<'_>, new: &View<'_>) -> Vec<Declared> {
    let (mut olds, mut news) = (Things::of(old), Things::of(new));
    let others = |these: &Things, those: &Things| -> FxHashSet<String> {
        these.list.iter().filter(|thing| !those.has(thing)).map(|thing| thing.own.clone()).collect()
    };
    let (lost, won) = (others(&olds, &news), others(&news, &olds));
    if !lost.is_empty() && !won.is_empty() {
        olds.add_people(old, &lost);
        news.add_people(new, &won);
    }
    olds.index();
    news.index();
    let mut gone: Vec<&Thing> = olds.list.iter().filter(|thing| !news.has(thing)).collect();
    let mut fresh: Vec<&Thing> = news.list.iter().filter(|thing| !olds.has(thing)).collect();
    let mut all = vec![];
    let mut pairs = moved(&gone, &fresh, &olds, &news);
    let left = |things: &[&Thing], taken: &dyn Fn(&Thing) -> bool| -> Vec<usize> {
        (0..things.len()).filter(|index| !taken(things[*index])).collect()
    };
    let still_gone = left(&gone, &|thing| pairs.iter().any(|(before, _)| std::ptr::eq(*before, thing)));
    let still_fresh = left(&fresh, &|thing| pairs.iter().any(|(_, after)| std::ptr::eq(*after, thing)));
    let still_gone: Vec<&Thing> = still_gone.into_iter().map(|index| gone[index]).collect();
    let still_fresh: Vec<&Thing> = still_fresh.into_iter().map(|index| fresh[index]).collect();
    pairs.extend(renames(&still_gone, &still_fresh, &olds, &news));
    for (before, after) in pairs {
        all.push(Declared { noun: after.noun, before: Some(before.name.clone()), after: Some(after.name.clone()) });
        gone.retain(|thing| !std::ptr::eq(*thing, before));
        fresh.retain(|thing| !std::ptr::eq(*thing, after));
    }
    let only = |thing: &Thing| Some(thing.name.clone());
    all.extend(gone.iter().map(|thing| Declared { noun: thing.noun, before: only(thing), after: None }));
    all.extend(fresh.iter().map(|thing| Declared { noun: thing.noun, before: None, after: only(thing) }));
    all.extend(of_people(old, new));
    all.sort();
    all
}

/// Something that is declared.
struct Thing {
    /// The noun that is shown.
    noun: &'static str,
    /// The noun whose names it shares.
    space: &'static str,
    /// The whole name.
    name: String,
    /// The last part of the name, by which it is used.
    own: String,
    /// What it says.
    says: Vec<String>,
    /// Whether what it says is enough to know it by.
    telling: bool,
}

/// What one side declares, and all its statements.
struct Things {
    list: Vec<Thing>,
    names: FxHashSet<(&'static str, String)>,
    /// The statements of the policy, each after the name of what it stands in.
    statements: Vec<String>,
    /// The statements that use a word, as indices.
    uses: FxHashMap<String, Vec<usize>>,
}

impl Things {
    fn of(view: &View<'_>) -> Self {
        let mut all =
            Self { list: vec![], names: FxHashSet::default(), statements: vec![], uses: FxHashMap::default() };
        let declarations = declarations(view.decls());
        let mut keys: Vec<&Key> = declarations.keys().collect();
        keys.sort();
        for key in keys {
            all.declaration(key, &declarations[key]);
        }
        all.names = all.list.iter().map(|thing| (thing.space, thing.name.clone())).collect();
        all
    }

    /// Adds how often accounts say each thing that has one of these names in it.
    fn add_people(&mut self, view: &View<'_>, names: &FxHashSet<String>) {
        let asked = Asked::default();
        let mut reader = Reader::new(view, &asked);
        let mut said: FxHashMap<String, usize> = FxHashMap::default();
        for person in people(view) {
            for item in reader.items(&person) {
                let named = words(&item.text).into_iter().filter_map(Word::name).any(|word| names.contains(&word));
                if named
                    && item.about != About::Recovery
                    && !matches!(item.key.as_str(), "login" | "name" | "photo" | "id")
                {
                    *said.entry(item.text).or_default() += 1;
                }
            }
        }
        self.statements.extend(said.into_iter().map(|(text, times)| format!("{times} : {text}")));
    }

    /// Finds the words of the statements.
    fn index(&mut self) {
        for (index, statement) in self.statements.iter().enumerate() {
            let mut words: Vec<String> = words(statement).into_iter().filter_map(Word::name).collect();
            words.sort_unstable();
            words.dedup();
            words.into_iter().for_each(|word| self.uses.entry(word).or_default().push(index));
        }
    }

    fn has(&self, thing: &Thing) -> bool {
        self.names.contains(&(thing.space, thing.name.clone()))
    }

    fn declaration(&mut self, (noun, name): &Key, declaration: &Declaration) {
        let items = &declaration.items;
        let statements = items.iter().filter(|item| item.about != About::Text && item.matter != Matter::Declared);
        self.statements.extend(statements.map(|item| format!("{} : {}", declaration.shown, item.text)));
        match *noun {
            // Rules without a name are edits, and nothing is declared by them.
            "platform" | "forbid" | "automatic rule" | "never" | "always" | "separate" | "quota" | "transfer" => {}
            "label" | "unit" => self.node(noun, name),
            "group" => {
                let says: Vec<String> = items.iter().map(|item| item.text.clone()).collect();
                self.statements.extend(says.iter().cloned());
                self.thing(noun, noun, name, says, true);
            }
            "exception" | "responsible" => {
                for item in items {
                    self.thing(noun, noun, &item.text, vec![item.text.clone()], false);
                }
            }
            _ => {
                let said = |item: &&Item| item.about != About::Text && item.matter != Matter::Declared;
                let says: Vec<String> = items.iter().filter(said).map(|item| item.text.clone()).collect();
                let profile = declaration.shown.starts_with("profile ");
                let telling = matches!(*noun, "role" | "resource" | "tier") && !says.is_empty();
                self.thing(if profile { "profile" } else { noun }, noun, name, says, telling);
                self.parts(noun, name, items);
            }
        }
    }

    /// The actions of a resource, and the values of an attribute.
    fn parts(&mut self, noun: &str, name: &str, items: &[Item]) {
        for item in items {
            let (part, own) = match (noun, item.matter) {
                ("resource", Matter::Action) => ("action", &item.key),
                ("attribute", Matter::Setting) if item.key != "type" => ("value", &item.key),
                _ => continue,
            };
            let path = format!("{}.{}", path_word(name), path_word(own));
            let thing = Thing {
                noun: part,
                space: part,
                name: path,
                own: own.clone(),
                says: vec![name.to_owned(), item.text.clone()],
                telling: false,
            };
            self.list.push(thing);
        }
    }

    fn node(&mut self, noun: &'static str, path: &str) {
        let own = own_name(path);
        self.statements.push(format!("{noun} {path}"));
        self.list.push(Thing {
            noun,
            space: noun,
            name: path.to_owned(),
            own,
            says: vec![path.to_owned()],
            telling: false,
        });
    }

    fn thing(&mut self, noun: &'static str, space: &'static str, name: &str, says: Vec<String>, telling: bool) {
        self.list.push(Thing { noun, space, name: name.to_owned(), own: name.to_owned(), says, telling });
    }

    /// What a thing is known by without its name; none where that is not enough.
    fn print(&self, thing: &Thing, names: &Names) -> Option<Vec<String>> {
        let nameless = |text: &String| rewritten(text, &thing.own, names);
        let mut print: Vec<String> = thing.says.iter().map(nameless).collect();
        print.sort();
        if !thing.telling {
            let uses = self.uses.get(&thing.own).into_iter().flatten().map(|index| &self.statements[*index]);
            let mut uses: Vec<String> = uses.map(nameless).collect();
            // What stands nowhere but in its own declaration could be anything.
            if uses.len() < 2 {
                return None;
            }
            uses.sort();
            print.push("used:".to_owned());
            print.extend(uses);
        }
        print.push(thing.noun.to_owned());
        Some(print)
    }
}

/// Labels and units that stand at another place of their forest: each side has one of that name, wherever it stands.
fn moved<'t>(gone: &[&'t Thing], fresh: &[&'t Thing], olds: &Things, news: &Things) -> Vec<(&'t Thing, &'t Thing)> {
    let count = |things: &Things| {
        let mut all: FxHashMap<(&'static str, String), usize> = FxHashMap::default();
        let nodes = things.list.iter().filter(|thing| matches!(thing.noun, "label" | "unit"));
        nodes.for_each(|thing| *all.entry((thing.noun, thing.own.clone())).or_default() += 1);
        all
    };
    let (before, after) = (count(olds), count(news));
    let only = |thing: &Thing| {
        let key = (thing.noun, thing.own.clone());
        before.get(&key) == Some(&1) && after.get(&key) == Some(&1)
    };
    let by_name: FxHashMap<(&str, &str), &Thing> =
        fresh.iter().filter(|it| only(it)).map(|it| ((it.noun, it.own.as_str()), *it)).collect();
    gone.iter().filter_map(|it| Some((*it, *by_name.get(&(it.noun, it.own.as_str()))?))).collect()
}

/// Pairs of which each says what the other says, and nothing else does; with the parts of these.
fn renames<'t>(gone: &[&'t Thing], fresh: &[&'t Thing], olds: &Things, news: &Things) -> Vec<(&'t Thing, &'t Thing)> {
    // What has another name may be used by what has another name too: first all such names are alike, then the pairs are tried.
    let masked = |things: &[&Thing]| Names::Masked(things.iter().map(|thing| thing.own.clone()).collect());
    let before: Vec<_> = gone.iter().map(|thing| (*thing, olds.print(thing, &masked(gone)))).collect();
    let after: Vec<_> = fresh.iter().map(|thing| (*thing, news.print(thing, &masked(fresh)))).collect();
    let mut pairs = matching(&before, &after);
    loop {
        let renamed = Names::Renamed(pairs.iter().map(|(b, a)| (b.own.clone(), a.own.clone())).collect());
        let kept = Names::Renamed(FxHashMap::default());
        let same = |(b, a): &(&Thing, &Thing)| olds.print(b, &renamed) == news.print(a, &kept);
        let tried: Vec<_> = pairs.iter().copied().filter(same).collect();
        if tried.len() == pairs.len() {
            break;
        }
        pairs = tried;
    }
    let by_name: FxHashMap<(&str, &str), &Thing> = fresh.iter().map(|it| ((it.noun, it.name.as_str()), *it)).collect();
    let parents: FxHashMap<&str, &str> =
        pairs.iter().map(|(before, after)| (before.name.as_str(), after.name.as_str())).collect();
    let mut parts = vec![];
    for thing in gone.iter().filter(|thing| !parents.contains_key(thing.name.as_str())) {
        // The longest part of its path that has another name.
        let ends = thing.name.char_indices().rev().filter(|(_, c)| *c == '.');
        let above = ends.into_iter().find_map(|(at, _)| Some((parents.get(&thing.name[..at])?, &thing.name[at..])));
        let renamed =
            above.and_then(|(above, rest)| by_name.get(&(thing.noun, format!("{above}{rest}").as_str())).copied());
        parts.extend(renamed.map(|after| (*thing, after)));
    }
    pairs.extend(parts);
    pairs
}

/// Pairs of which both have the same print, and nothing else has it.
fn matching<'t>(
    before: &[(&'t Thing, Option<Vec<String>>)],
    after: &[(&'t Thing, Option<Vec<String>>)],
) -> Vec<(&'t Thing, &'t Thing)> {
    let mut known: FxHashMap<&[String], (Vec<&Thing>, Vec<&Thing>)> = FxHashMap::default();
    for (thing, print) in before {
        if let Some(print) = print {
            known.entry(print).or_default().0.push(thing);
        }
    }
    for (thing, print) in after {
        if let Some(print) = print {
            known.entry(print).or_default().1.push(thing);
        }
    }
    let mut pairs: Vec<(&Thing, &Thing)> = vec![];
    for (before, after) in known.values() {
        if let ([before], [after]) = (before.as_slice(), after.as_slice()) {
            pairs.push((before, after));
        }
    }
    pairs.sort_by(|(a, _), (b, _)| (a.noun, &a.name).cmp(&(b.noun, &b.name)));
    pairs
}

/// How the names in a statement are written.
enum Names {
    /// Those that the other side lacks are all alike.
    Masked(FxHashSet<String>),
    /// Those that have another name by that.
    Renamed(FxHashMap<String, String>),
}

impl Names {
    fn of<'n>(&'n self, name: &'n str) -> &'n str {
        match self {
            Self::Masked(names) if names.contains(name) => "\u{1}",
            Self::Masked(_) => name,
            Self::Renamed(names) => names.get(name).map_or(name, String::as_str),
        }
    }
}

/// A piece of a statement.
pub(crate) enum Word<'t> {
    /// A name, bare or quoted.
    Name(&'t str),
    /// What stands between names.
    Other(&'t str),
}

impl Word<'_> {
    /// The name without its quotes.
    pub(crate) fn name(self) -> Option<String> {
        match self {
            Self::Name(text) => Some(unquoted(text)),
            Self::Other(_) => None,
        }
    }
}

/// The last name of a path.
pub(super) fn own_name(path: &str) -> String {
    words(path).into_iter().filter_map(Word::name).next_back().unwrap_or_default()
}

fn unquoted(text: &str) -> String {
    match text.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"').unwrap_or(rest).replace("\\\"", "\"").replace("\\\\", "\\"),
        None => text.to_owned(),
    }
}

/// Cuts a canonical text into names and what stands between them.
pub(crate) fn words(text: &str) -> Vec<Word<'_>> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let mut words = vec![];
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let name = first == '"' || is_name(first);
        let end = if first == '"' {
            let mut escaped = false;
            let close = rest.char_indices().skip(1).find(|(_, c)| {
                let ends = *c == '"' && !escaped;
                escaped = *c == '\\' && !escaped;
                ends
            });
            close.map_or(rest.len(), |(at, _)| at + 1)
        } else {
            rest.find(|c: char| c == '"' || is_name(c) != name).unwrap_or(rest.len())
        };
        let (word, behind) = rest.split_at(end);
        words.push(if name { Word::Name(word) } else { Word::Other(word) });
        rest = behind;
    }
    words
}

/// A text with a blank in the place of a name, and others as they are written.
fn rewritten(text: &str, own: &str, names: &Names) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in words(text) {
        match piece {
            Word::Other(other) => out.push_str(other),
            Word::Name(name) => {
                let name = unquoted(name);
                if name == own {
                    out.push('\u{0}');
                } else {
                    out.push_str(&word(names.of(&name)));
                }
            }
        }
    }
    // Sets are in order of their words, so a new name may have moved.
    let mut parts: Vec<&str> = out.split(", ").collect();
    parts.sort_unstable();
    parts.join(", ")
}

/// Accounts: new, gone, or with another login.
fn of_people(old: &View<'_>, new: &View<'_>) -> Vec<Declared> {
    let (olds, news) = (people(old), people(new));
    let lacks = |all: &[Person<'_>], login: &str| all.binary_search_by(|p| p.login.as_str().cmp(login)).is_err();
    let gone: Vec<&Person<'_>> = olds.iter().filter(|p| lacks(&news, &p.login)).collect();
    let fresh: Vec<&Person<'_>> = news.iter().filter(|p| lacks(&olds, &p.login)).collect();
    let mut asked = Asked::default();
    asked.add(&old.model);
    asked.add(&new.model);
    let (mut before, mut after) = (Reader::new(old, &asked), Reader::new(new, &asked));
    let gone: Vec<_> = gone.into_iter().map(|person| (person, Known::of(person, &mut before))).collect();
    let fresh: Vec<_> = fresh.into_iter().map(|person| (person, Known::of(person, &mut after))).collect();
    let mut all = vec![];
    let mut taken = FxHashSet::default();
    for by in [Known::id, Known::email, Known::block] {
        let unique = |people: &[(&Person<'_>, Known)]| {
            let mut index: FxHashMap<String, Option<usize>> = FxHashMap::default();
            for (at, (_, known)) in people.iter().enumerate() {
                if let Some(key) = by(known) {
                    index.entry(key.to_owned()).and_modify(|one| *one = None).or_insert(Some(at));
                }
            }
            index
        };
        let (from, to) = (unique(&gone), unique(&fresh));
        let mut pairs: Vec<(usize, usize)> =
            from.iter().filter_map(|(key, a)| Some(((*a)?, (*to.get(key)?)?))).collect();
        pairs.sort_unstable();
        for (a, b) in pairs {
            let free = !taken.contains(&(0, a)) && !taken.contains(&(1, b));
            if free && gone[a].1.says == fresh[b].1.says {
                taken.extend([(0, a), (1, b)]);
                let (before, after) = (gone[a].0.login.clone(), fresh[b].0.login.clone());
                all.push(Declared { noun: "account", before: Some(before), after: Some(after) });
            }
        }
    }
    let left = |side, people: &[(&Person<'_>, Known)]| {
        let left = people.iter().enumerate().filter(|(at, _)| !taken.contains(&(side, *at)));
        left.map(|(_, (person, _))| Some(person.login.clone())).collect::<Vec<_>>()
    };
    all.extend(left(0, &gone).into_iter().map(|before| Declared { noun: "account", before, after: None }));
    all.extend(left(1, &fresh).into_iter().map(|after| Declared { noun: "account", before: None, after }));
    all
}

/// By what an account is known again, and what it has.
struct Known {
    block: String,
    id: Option<String>,
    email: Option<String>,
    says: Vec<String>,
}

impl Known {
    fn of(person: &Person<'_>, reader: &mut Reader<'_>) -> Self {
        let items = reader.items(person);
        let fact = |key: &str| items.iter().find(|item| item.key == key).map(|item| item.text.clone());
        let (id, email) = (fact("id"), fact("email"));
        let access = items.iter().filter(|item| item.about == About::Access && item.key != "login");
        let mut says: Vec<String> = access.map(|item| item.text.clone()).collect();
        says.sort();
        Self { block: person.block().to_owned(), id, email, says }
    }

    fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }

    fn block(&self) -> Option<&str> {
        Some(&self.block)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::testing::Written;

    fn told(old: &str, new: &str) -> Vec<String> {
        let (old, new) = (Written::new(&[("p.bw", old)]), Written::new(&[("p.bw", new)]));
        let name = |name: &Option<String>| name.clone().unwrap_or_else(|| "-".to_owned());
        let line = |it: Declared| format!("{} {} => {}", it.noun, name(&it.before), name(&it.after));
        declared(&old.policy(), &new.policy()).into_iter().map(line).collect()
    }

    const OLD: &str = "resource reports on user { view list, open }\nattribute country { fi, se }\n\
        group finland = country is fi\nlabel red\nlabel region { fi, se }\nfeature extra\nunit north { oulu }\n\
        role reader { allow reports.list on users in finland when extra }\n\
        role writer { extends reader; allow reports.open on users in north; assigns reader }\nrole empty { }\n\
        admin ann { email a@x.example; role reader; labels fi; unit oulu }";

    #[test]
    fn a_rename_is_a_rename() {
        assert_eq!(told(OLD, OLD), Vec::<String>::new());
        let renamed = |from: &str, to: &str| told(OLD, &OLD.replace(from, to));
        assert_eq!(renamed("reader", "viewer"), ["role reader => viewer"]);
        assert_eq!(renamed("finland", "finns"), ["group finland => finns"]);
        assert_eq!(renamed("extra", "more"), ["feature extra => more"]);
        let reports = renamed("reports", "papers");
        assert!(reports.contains(&"resource reports => papers".to_owned()), "{reports:?}");
        assert!(reports.contains(&"action reports.list => papers.list".to_owned()), "{reports:?}");
        assert_eq!(renamed("north", "nord"), ["unit north => nord", "unit north.oulu => nord.oulu"]);
        assert_eq!(renamed("oulu", "uleaborg"), ["unit north.oulu => north.uleaborg"], "used by an account alone");
        assert_eq!(renamed("admin ann", "admin anna"), ["account ann => anna"]);
    }

    #[test]
    fn what_moves_within_its_forest_keeps_its_name() {
        let moved = OLD.replace("unit north { oulu }", "unit north { far { oulu } }");
        assert_eq!(told(OLD, &moved), ["unit - => north.far", "unit north.oulu => north.far.oulu"]);
        let label = OLD.replace("label red\nlabel region { fi, se }", "label region { fi, se, red }");
        assert_eq!(told(OLD, &label), ["label red => region.red"]);
        let two = OLD.replace("unit north { oulu }", "unit north { far { oulu } }\nunit south { oulu }");
        let found = told(OLD, &two);
        assert!(found.contains(&"unit north.oulu => -".to_owned()), "either could be it: {found:?}");
    }

    #[test]
    fn rules_are_edits_and_nothing_is_declared_by_them() {
        let new = format!("{OLD}\nquota at most 4 role reader\ntransfer writer from bo to ann");
        assert_eq!(told(OLD, &new), Vec::<String>::new());
    }

    #[test]
    fn several_renames_that_use_one_another() {
        let new = OLD.replace("reader", "viewer").replace("finland", "suomi").replace("extra", "more");
        assert_eq!(told(OLD, &new), ["feature extra => more", "group finland => suomi", "role reader => viewer"]);
    }

    #[test]
    fn what_says_another_thing_is_gone_and_new() {
        let new = OLD.replace(
            "role writer { extends reader; allow reports.open on users in north",
            "role author { extends reader; allow reports.open",
        );
        assert_eq!(told(OLD, &new), ["role - => author", "role writer => -"]);
        assert_eq!(told(OLD, &OLD.replace("role empty", "role void")), ["role - => void", "role empty => -"]);
        assert_eq!(told(OLD, &OLD.replace("label red", "label blue")), ["label - => blue", "label red => -"]);
        let twice = OLD.replace(
            "role writer {",
            "role editor { extends reader; allow reports.open on users in north; assigns reader }\nrole author {",
        );
        assert_eq!(
            told(OLD, &twice),
            ["role - => author", "role - => editor", "role writer => -"],
            "either could be it"
        );
        let other =
            OLD.replace("admin ann { email a@x.example; role reader", "admin anna { email a@x.example; role writer");
        assert_eq!(told(OLD, &other), ["account - => anna", "account ann => -"]);
    }
}
