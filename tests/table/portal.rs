//! A small portal whose policy has one of everything, and the words to ask its table.

use bailiwick::diagnostic::{Severities, Severity};
use bailiwick::model::LintLevel;
use bailiwick::source::SourceMap;
use bailiwick::{Compiled, Options, check};
use bailiwick_table::{AccountId, ActionId, Login, Party, Table, Target};

/// Declarations stand one a paragraph, so that they can be shuffled.
pub(crate) const PORTAL: &str = r#"
platform acme "Acme" {
  languages en
}

feature goals_for_managers off set by owner

tier viewer covers view *

tier admin covers *

resource reports on entity, user {
  view list, open
  write edit implies reports.open
}

resource accounts on account {
  view show
  write change changes unit
  become login_as
}

resource courses on entity { view open; write edit }

resource goals on user { write edit }

resource site { write configure; destroy delete }

attribute country { fi, se, pl }

attribute department text

attribute level number

label region { nordics { fi, se }, cee { pl } }

label mandatory

unit acme { north { helsinki, oulu }, south }

relation manages on user

relation keeps on entity

group finland = country is fi

group sales = department starts with "sales" and level at least 3

group top = unit acme only

group outside = not country is fi and login ends with "@ext.example"

super role owner "Owner" ungrantable { extends boss; allow site.delete }

role boss tier admin { allow * except site.delete; assigns * except boss }

role clerk {
  allow reports.list, reports.open on users in finland
  except reports.open on users in sales and entities labelled mandatory
  except reports.open on users in manages and entities labelled cee
}

role keeper { allow courses on entities keeps }

role local { scope users in own unit and entities in own unit; allow courses, accounts.show, accounts.change, goals }

role chief { allow courses.edit when actor in top; allow site.configure; allow goals.edit until 2026-06-30 }

role learner by claim { allow courses.open; allow goals.edit on users in self }

role tutor needs role learner by claim { allow reports.list on users in manages }

profile north_clerk { extends clerk on entities in unit north }

users in outside hold keeper on entities in unit south

forbid become accounts on users in holders of owner unless self

forbid site.configure unless users in top

forbid courses.edit on entities labelled cee

admin maria "Maria" { unit acme; email m@acme.example; role owner }

admin aino "Aino Virtanen" { unit helsinki; country fi; labels fi, mandatory; id "E-1"; role local; role clerk on entities in unit north }

admin olli { unit oulu; department "sales north"; level 4; profile north_clerk; role keeper until 2026-03-31 }

admin ines "Ines" { country se; role chief; role boss from 2027-01-01; inactive }

admin juha "Juha" { country se; role chief; valid until 2026-12-31; allow reports.open on entities id "gdpr"; allow site.configure }

admin emma { unit acme; role chief; scope entities labelled fi }

admin kari { login kari@ext.example; country se; role learner }
"#;

/// 2026-01-01.
pub(crate) const DAY: i32 = 20_454;

/// Compiles a policy of which only the table matters: whatever can be switched off is.
pub(crate) fn compiled(text: &str) -> Result<Compiled, String> {
    let levels = check::CHECKS.iter().map(|c| (c.code.to_string(), LintLevel::Off)).collect();
    let options =
        Options { at: Some(DAY), severities: Severities { levels, ..Severities::default() }, ..Options::default() };
    let outcome = bailiwick::compile(&SourceMap::single("portal.bw", text), &options);
    let errors = outcome.findings.iter().filter(|f| f.severity == Severity::Error);
    let shown: Vec<String> = errors.map(|f| format!("{} {}", f.code, f.message)).collect();
    outcome.compiled.ok_or_else(|| shown.join("\n"))
}

/// A loaded table with short words for questions.
pub(crate) struct Portal {
    pub(crate) table: Table<Vec<u8>>,
}

impl Portal {
    /// The table of this policy.
    pub(crate) fn of(text: &str) -> Result<Self, String> {
        let bytes = compiled(text)?.table().to_vec();
        Ok(Self { table: Table::from_bytes(bytes).map_err(|e| e.to_string())? })
    }

    pub(crate) fn new() -> Result<Self, String> {
        Self::of(PORTAL)
    }

    pub(crate) fn account(&self, login: &str) -> Result<AccountId, String> {
        let found = Login::ascii(login).and_then(|l| self.table.account(l));
        found.ok_or_else(|| format!("no account {login}"))
    }

    pub(crate) fn action(&self, path: &str) -> Result<ActionId, String> {
        self.table.action(path).ok_or_else(|| format!("no action {path}"))
    }

    /// The answer in words.
    pub(crate) fn ask(&self, login: &str, action: &str, target: &Target<'_>, day: i32) -> Result<String, String> {
        let decision = self.table.decide(self.account(login)?, self.action(action)?, target, day);
        let words = self.table.explain(decision).to_string();
        assert_eq!(decision.allowed, words.starts_with("allowed"), "{words}");
        Ok(words)
    }
}

/// A closed target user with this login.
pub(crate) fn called(login: &str) -> Party<'_> {
    let login = Login::ascii(login).map_or(bailiwick_table::Fact::Unset, bailiwick_table::Fact::Known);
    Party { login, ..Party::closed() }
}
