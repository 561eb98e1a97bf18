//! Rules and requirements, lints and tests.

use super::catalogue::line;
use super::fields::Block;
use super::front::{Front, Lead};
use super::node::{Kind, Node};
use crate::source::Spanned;
use crate::syntax::ast::{DeclKind, Exception, Lint, Name, Test};

/// A rule that has more to say than itself.
const RULE: Block = Block {
    what: "a rule",
    example: "- { rule: site.delete unless holders of owner, doc: only the owner closes the site }",
    keys: &["rule", "doc", "ignore"],
};
const LINT: Block = Block { what: "`lint`", example: "lint: { BW311: off }", keys: &[] };
const TESTS: Block =
    Block { what: "`tests`", example: "tests: { an operator looks: [aino can accounts.list] }", keys: &[] };
const TEST: Block = Block {
    what: "a test",
    example: "later: { at: 2027-02-01, lines: [aino can accounts.list] }",
    keys: &["at", "with", "lines", "doc", "ignore"],
};
const EXCEPTIONS: Block = Block {
    what: "`exceptions`",
    example: "exceptions: { regional helpdesk: for holders of operator may change personal until 2027-03-31 }",
    keys: &[],
};

/// The sections whose items are statements: the key, an example, and the words before an item in the text form.
const SECTIONS: [(&str, &str, &str); 7] = [
    ("automatic", "automatic: [users in contractors hold learner]", ""),
    ("forbid", "forbid: [site.delete unless holders of owner]", "forbid "),
    ("quotas", "quotas: [at most 3 role org_admin]", "quota "),
    ("separate", "separate: [plans.change from reports.schedule]", "separate "),
    ("never", "never: [everyone except holders of owner can plans.change]", "never "),
    ("always", "always: [holders of owner can site.delete]", "always "),
    ("transfers", "transfers: [owner from nina to maria]", "transfer "),
];

impl<'t> Front<'t, '_> {
    /// A section whose items are statements; false for another key.
    pub(super) fn rules(&mut self, key: &str, section: &Node<'t>) -> bool {
        if key == "responsible" {
            self.each_rule(section, |front, item| {
                front.value(item, "`responsible`", "responsible: [Works council]").map(DeclKind::Responsible)
            });
            return true;
        }
        let Some((_, example, before)) = SECTIONS.iter().find(|(known, ..)| *known == key) else { return false };
        let what = format!("`{key}`");
        self.each_rule(section, |front, item| {
            if key == "automatic" {
                let statement = line(&what, example, before);
                return front.say(item, &statement, |it| it.automatic()).map(|said| DeclKind::Automatic(said.node));
            }
            front.declaration(item, &what, example, before)
        });
        true
    }

    /// Declares what each item of a section says; an item may be a map with the rule and what else there is to say.
    fn each_rule(&mut self, section: &Node<'t>, read: impl Fn(&mut Self, &Node<'t>) -> Option<DeclKind>) {
        for item in self.each(section) {
            let span = self.span(item);
            let Some((rule, lead)) = self.rule(item) else { continue };
            if let Some(kind) = read(self, rule) {
                self.declare(lead, kind, span);
            }
        }
    }

    /// The rule in an item, and what stands beside it.
    fn rule<'n>(&mut self, item: &'n Node<'t>) -> Option<(&'n Node<'t>, Lead)> {
        let mut lead = Lead::default();
        if !matches!(item.kind, Kind::Map(_)) {
            return Some((item, lead));
        }
        let mut rule = None;
        for entry in self.fields(item, &RULE) {
            if !self.lead(entry, &mut lead) {
                rule = Some(&entry.value);
            }
        }
        if rule.is_none() {
            let span = self.span(item);
            self.missing(item, "rule", &RULE, span);
        }
        Some((rule?, lead))
    }

    /// Exceptions: their names are keys, or stand in quotes at the beginning of the items of a list.
    pub(super) fn exceptions(&mut self, section: &Node<'t>) {
        if let Kind::List(_) = section.kind {
            return self.each_rule(section, |front, item| {
                front.declaration(item, EXCEPTIONS.what, EXCEPTIONS.example, "exception ")
            });
        }
        self.titled(section, &EXCEPTIONS, |front, name, value, lead| {
            let (rule, said) = front.rule(value)?;
            *lead = said;
            let before = "exception \"\" ";
            match front.declaration(rule, EXCEPTIONS.what, EXCEPTIONS.example, before)? {
                DeclKind::Exception(exception) => Some(DeclKind::Exception(Exception { name, ..exception })),
                other => Some(other),
            }
        });
    }

    pub(super) fn lints(&mut self, section: &Node<'t>) {
        const LEVELS: [(&str, &str); 4] =
            [("off", "off"), ("note", "note"), ("warning", "warning"), ("error", "error")];
        for entry in self.entries(section, &LINT).unwrap_or_default() {
            let Some(code) = self.name(&entry.key) else { continue };
            let Some(level) = self.choice(&entry.value, "a lint", &LEVELS) else { continue };
            let span = self.entry_span(entry);
            let level = Name::new(level.node.to_owned(), level.span);
            self.declare(Lead::default(), DeclKind::Lint(Lint { code, level }), span);
        }
    }

    pub(super) fn tests(&mut self, section: &Node<'t>) {
        self.titled(section, &TESTS, |front, name, value, lead| {
            let mut test = Test { name, at: None, with: vec![], lines: vec![] };
            if !matches!(value.kind, Kind::Map(_)) {
                front.lines(value, &mut test);
                return Some(DeclKind::Test(test));
            }
            for entry in front.fields(value, &TEST) {
                match entry.key.text() {
                    "at" => {
                        test.at =
                            front.say(&entry.value, &line("`at`", "at: 2027-02-01", ""), |it| it.day())?.node.into()
                    }
                    "with" => test.with = front.switches(&entry.value),
                    "lines" => front.lines(&entry.value, &mut test),
                    _ => drop(front.lead(entry, lead)),
                }
            }
            Some(DeclKind::Test(test))
        });
    }

    fn lines(&mut self, node: &Node<'t>, test: &mut Test) {
        let statement = line("a line of a test", "aino can reports.open on user { country fi }", "");
        test.lines.extend(self.say_each(node, &statement, |it| it.question()));
    }

    /// `with: manager_goals on`, or `with: { manager_goals: on }`.
    fn switches(&mut self, node: &Node<'t>) -> Vec<(Name, bool)> {
        const WITH: Block = Block { what: "`with`", example: "with: { manager_goals: on }", keys: &[] };
        let Kind::Map(_) = node.kind else {
            let statement = line(WITH.what, "with: manager_goals on", "with ");
            return self.say_each(node, &statement, |it| it.switches()).into_iter().flatten().collect();
        };
        let mut switches = Vec::new();
        for entry in self.once(node, &WITH) {
            let Some(name) = self.name(&entry.key) else { continue };
            let on = self.choice(&entry.value, "a feature", &[("on", true), ("off", false)]);
            switches.extend(on.map(|on: Spanned<bool>| (name, on.node)));
        }
        switches
    }
}
