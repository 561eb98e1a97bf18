//! Policies in YAML as nobody would write them, though YAML allows it: every style of text, brackets over many lines, keys behind
//! question marks, anchors, tags, and comments wherever there is room for one.

use crate::oracle::dice::Dice;
use crate::styles::Writer;

/// What is written down.
pub(crate) enum Tree {
    Nothing,
    Text(String),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

const NAMES: [&str; 12] =
    ["a", "b c", "no", "ä/ö", "x: y", "#z", "- d", "it's", "q\"r", "017", "e\\f", "long-name_of.it"];
const STATEMENTS: [&str; 6] = [
    "x.a",
    "* except x.b, y",
    "x.c on users in g and entities labelled l",
    "x.\"d e\"",
    "view x, y.z",
    "x.a reason \"it's: # on\"",
];
const PROSE: [&str; 7] =
    ["One.", "One.\nTwo.", "One.\n\n  Two: 2.\nThree # 3.", " in", "- a\n- b", "One.\n\n", "\n\nOne two.\n \nthree"];

/// A text that is most often a policy, and how many numbered comments it has.
pub(crate) fn policy(bytes: &[u8]) -> (String, usize) {
    let mut dice = Dice::new(bytes);
    let sections = sections(&mut dice);
    let end = if dice.chance(15) { "\r\n" } else { "\n" };
    let mut writer = Writer { dice, out: String::new(), notes: 0, anchors: 0, below: false };
    if writer.dice.chance(5) {
        writer.out.push('\u{feff}');
    }
    if writer.dice.chance(10) {
        writer.out.push_str("---");
        writer.line_end();
    }
    if writer.dice.chance(15) {
        writer.flow(&Tree::Map(sections), 1);
        writer.line_end();
    } else if let Tree::Map(entries) = Tree::Map(sections) {
        writer.block_map(&entries, 0);
    }
    writer.comments(0);
    if writer.dice.chance(10) {
        writer.out.push_str("...\n");
    }
    (writer.out.replace('\n', end), writer.notes)
}

/// Each section at most once, each with a few things.
fn sections(dice: &mut Dice<'_>) -> Vec<(String, Tree)> {
    let mut sections = Vec::new();
    for name in ["roles", "labels", "responsible", "forbid", "attributes", "features", "groups", "exceptions"] {
        if dice.chance(45) {
            let value = match name {
                "roles" => named(dice, role),
                "labels" => named(dice, |dice| nodes(dice, 2)),
                "responsible" => Tree::List(several(dice, |dice| text(dice, &NAMES))),
                "forbid" => Tree::List(several(dice, rule)),
                "attributes" => named(dice, |dice| Tree::List(several(dice, |dice| text(dice, &NAMES)))),
                "features" => named(dice, |dice| text(dice, &["on", "off"])),
                "groups" => named(dice, group),
                _ => named(dice, |_| Tree::Text("for everyone may change personal until 2027-01-01".to_owned())),
            };
            sections.push((name.to_owned(), value));
        }
    }
    sections
}

fn text(dice: &mut Dice<'_>, from: &[&str]) -> Tree {
    Tree::Text(dice.pick(from).copied().unwrap_or("a").to_owned())
}

fn several(dice: &mut Dice<'_>, one: impl Fn(&mut Dice<'_>) -> Tree) -> Vec<Tree> {
    let count = 1 + dice.below(3);
    (0..count).map(|_| one(dice)).collect()
}

/// A map with names for keys, each once.
fn named(dice: &mut Dice<'_>, one: impl Fn(&mut Dice<'_>) -> Tree) -> Tree {
    let (first, count) = (dice.below(NAMES.len()), 1 + dice.below(3));
    Tree::Map((0..count).map(|i| (NAMES[(first + i) % NAMES.len()].to_owned(), one(dice))).collect())
}

fn nodes(dice: &mut Dice<'_>, deep: usize) -> Tree {
    match dice.below(4) {
        _ if deep == 0 => Tree::Nothing,
        0 => Tree::Nothing,
        1 => Tree::List(several(dice, |dice| text(dice, &NAMES))),
        2 => Tree::List(several(dice, |dice| Tree::Map(vec![("n".to_owned(), nodes(dice, deep - 1))]))),
        _ => named(dice, |dice| nodes(dice, deep - 1)),
    }
}

fn role(dice: &mut Dice<'_>) -> Tree {
    let mut entries = Vec::new();
    for key in ["label", "doc", "allow", "except", "extends", "super", "ignore"] {
        if dice.chance(35) {
            let value = match key {
                "label" => text(dice, &NAMES),
                "doc" => text(dice, &PROSE),
                "super" => text(dice, &["true"]),
                "extends" => Tree::List(several(dice, |dice| text(dice, &["a", "b", "\"c d\""]))),
                "ignore" => Tree::Map(vec![("BW302".to_owned(), text(dice, &PROSE))]),
                _ => Tree::List(several(dice, |dice| text(dice, &STATEMENTS))),
            };
            entries.push((key.to_owned(), value));
        }
    }
    if entries.is_empty() { Tree::Nothing } else { Tree::Map(entries) }
}

fn rule(dice: &mut Dice<'_>) -> Tree {
    let rule = Tree::Text("x.a unless holders of owner".to_owned());
    if dice.chance(60) {
        rule
    } else {
        Tree::Map(vec![("doc".to_owned(), text(dice, &PROSE)), ("rule".to_owned(), rule)])
    }
}

fn group(dice: &mut Dice<'_>) -> Tree {
    let is = text(dice, &["k is x", "k in (x, y) and not (a or b)"]);
    if dice.chance(60) { is } else { Tree::Map(vec![("is".to_owned(), is), ("doc".to_owned(), text(dice, &PROSE))]) }
}
