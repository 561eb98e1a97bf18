//! The table, asked through its public interface: by handles, by login, and by three strings.

use bailiwick_benchmarks::model::Model;
use bailiwick_benchmarks::questions::Question;
use bailiwick_benchmarks::table::{Asked, Handles, kept};
use bailiwick_benchmarks::write::{action, login};
use bailiwick_table::{Fact, Login, Names as Index, Party, Table, Target, UnitId};

use crate::Result;
use crate::engine::Names;

/// 2026-01-01.
const DAY: i32 = 20_454;

/// The table, and everything that it is asked.
pub(crate) struct Ours {
    table: Table<Vec<u8>>,
    index: Index,
    asked: Vec<Asked>,
    /// The three strings of each question behind one another.
    text: String,
    /// Where they end.
    ends: Vec<[u32; 3]>,
}

fn target(unit: UnitId) -> Target<'static> {
    Target::entity(Party { unit: Fact::Known(unit), ..Party::closed() })
}

impl Ours {
    pub(crate) fn new(model: &Model, questions: &[Question]) -> Result<Self> {
        let table = Table::from_bytes(kept(model)?)?;
        let handles = Handles::new(&table, model).ok_or("the table lacks something")?;
        let asked: Vec<Asked> = questions.iter().map(|question| handles.asked(question)).collect();
        let (mut text, mut ends) = (String::new(), vec![]);
        for (question, asked) in questions.iter().zip(&asked) {
            let path = table.unit_path(asked.unit).ok_or("a unit without a path")?;
            let mut each = [0; 3];
            for (end, word) in each.iter_mut().zip([&login(question.admin), &action(question.permission), path]) {
                text.push_str(word);
                *end = u32::try_from(text.len())?;
            }
            ends.push(each);
        }
        Ok(Self { index: Index::new(&table), table, asked, text, ends })
    }

    #[inline]
    fn names(&self, question: usize) -> Names<'_> {
        let start = question.checked_sub(1).map_or(0, |before| self.ends[before][2]);
        let [login, permission, group] = self.ends[question];
        let word = |from: u32, to: u32| self.text.get(from as usize..to as usize).unwrap_or("");
        Names { login: word(start, login), permission: word(login, permission), group: word(permission, group) }
    }

    /// By handles.
    #[inline]
    pub(crate) fn by_handle(&self, question: usize) -> bool {
        let asked = &self.asked[question];
        self.table.decide(asked.account, asked.action, &target(asked.unit), DAY).allowed
    }

    /// The login as a string, the rest by handles.
    #[inline]
    pub(crate) fn by_login(&self, question: usize) -> bool {
        let asked = &self.asked[question];
        let account = Login::ascii(self.names(question).login).and_then(|login| self.table.account(login));
        account.is_some_and(|account| self.table.decide(account, asked.action, &target(asked.unit), DAY).allowed)
    }

    /// Login, permission and group as strings; what has no such name is refused.
    #[inline]
    pub(crate) fn by_names(&self, question: usize) -> bool {
        let names = self.names(question);
        let account = Login::ascii(names.login).and_then(|login| self.table.account(login));
        let action = self.index.action(&self.table, names.permission);
        let found = account.zip(action).zip(self.index.unit(&self.table, names.group));
        found.is_some_and(|((account, action), unit)| self.table.decide(account, action, &target(unit), DAY).allowed)
    }

    /// Every way gives the naive evaluator's answer to every question.
    pub(crate) fn verify(&self, questions: &[Question]) -> Result<()> {
        for (number, question) in questions.iter().enumerate() {
            let answers = [self.by_handle(number), self.by_login(number), self.by_names(number)];
            if answers != [question.allowed; 3] {
                return Err(format!("the table, question {number}: {question:?}, answered {answers:?}").into());
            }
        }
        Ok(())
    }
}
