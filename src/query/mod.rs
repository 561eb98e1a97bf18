//! Questions to a compiled table: by the policy's own tests, and by people.
//!
//! Everything here decides by the table's reader, the same that runtimes use.

mod constants;
mod facts;
pub mod listing;
mod names;
mod rows;
mod search;
mod tests;
mod words;

use bailiwick_table::{AccountId, ActionId, Decision, Table, Target};

pub use facts::{Owned, OwnedTarget};
pub use names::{Unclear, action, actor, target};
pub use rows::{Effect, Row, account_rows, role_rows};
pub use search::{Anything, anything};
pub use tests::{Failure, Ran, Report, run_tests};

/// Who asks.
#[derive(Debug, Clone)]
pub enum Asker {
    /// An account that the table names.
    Account(AccountId),
    /// Somebody else, by the roles that a token presents.
    Claims {
        /// A login that the table does not name.
        login: String,
        /// The roles.
        roles: Vec<bailiwick_table::RoleId>,
        /// What is known of the actor.
        facts: Box<Owned>,
    },
}

impl Asker {
    /// Asks the table.
    #[must_use]
    pub fn decide<D: AsRef<[u8]>>(
        &self,
        table: &Table<D>,
        action: ActionId,
        target: &Target<'_>,
        day: i32,
    ) -> Decision {
        match self {
            Self::Account(account) => table.decide(*account, action, target, day),
            Self::Claims { login, roles, facts } => {
                let attributes = facts.attributes();
                let actor =
                    bailiwick_table::Actor { login: facts::login_of(login), roles, facts: facts.party(&attributes) };
                table.decide_as(&actor, action, target, day)
            }
        }
    }

    /// Everything that the asker may do an action to, in words.
    #[must_use]
    pub fn region<D: AsRef<[u8]>>(&self, table: &Table<D>, action: ActionId, day: i32) -> String {
        match self {
            Self::Account(account) => table.filter(*account, action, day).to_string(),
            Self::Claims { login, roles, facts } => {
                let attributes = facts.attributes();
                let actor =
                    bailiwick_table::Actor { login: facts::login_of(login), roles, facts: facts.party(&attributes) };
                table.filter_as(&actor, action, day).to_string()
            }
        }
    }
}
