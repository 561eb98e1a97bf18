//! Plain admins that were set apart become accounts without a tree that is kept: one after the other, as they stand.
//!
//! What such an admin means needs nothing of another one, but that no two have one name or one login. Where two may, nothing is said
//! here: the policy is read once more, with a tree of each, and what is wrong is found there.

use super::people::{folded, in_order};
use super::{Resolver, fold_login};
use crate::model::Account;
use crate::source::{SourceMap, Span};
use crate::syntax::text::{Brief, Crowd, admin_apart};

impl Resolver<'_> {
    /// The accounts of the admins that were set apart.
    pub(super) fn apart(&mut self, crowds: &[Crowd], sources: &SourceMap) -> Vec<Account> {
        let mut accounts = Vec::with_capacity(crowds.iter().map(Crowd::len).sum());
        for crowd in crowds {
            let text = &sources.get(crowd.source()).text;
            for place in crowd.spans() {
                let text = text.get(place.range()).unwrap_or("");
                let account = self.brief(text, place).or_else(|| self.admin_apart(text, place));
                self.in_doubt |= account.is_none();
                accounts.extend(account);
            }
        }
        accounts
    }

    /// The account of an admin with nothing but roles of the plainest shape.
    fn brief(&self, text: &str, place: Span) -> Option<Account> {
        let brief = Brief::of(text)?;
        let span = |part: &str| {
            let start = place.start as usize + (part.as_ptr().addr() - text.as_ptr().addr());
            Span::new(place.source, start, start + part.len())
        };
        let mut account = Account::bare(brief.name.into(), folded(brief.name), span(brief.name));
        let roles = brief.roles();
        account.assignments.reserve_exact(memchr::memchr2_iter(b'\n', b';', text.as_bytes()).count().saturating_sub(1));
        for role in roles {
            let role = role?;
            account.assignments.push(self.plain_role(role, (place.source, span(role).range().start))?);
        }
        in_order(&mut account, &self.model);
        Some(account)
    }

    /// The account of any other: its tree is made, and not kept.
    fn admin_apart(&mut self, text: &str, place: Span) -> Option<Account> {
        let admin = admin_apart(text, place)?;
        Some(self.resolve_account(fold_login(&admin.name.node), &admin))
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Findings;
    use crate::model::Model;
    use crate::resolve::{resolve, resolve_apart};
    use crate::source::{Source, SourceMap};
    use crate::syntax;

    const NAMES: &str = "resource books on entity, user { view list }
unit acme { north, south }
attribute country { fi, se }
label staff
group finns = country is fi
role clerk { allow books.list }
profile chief { allow books.list }
";

    /// The model with plain admins set apart, how many were, and the model with a tree of each; each with what was found.
    fn both(people: &str, table: &str) -> (Option<String>, usize, String) {
        let policy = Source::new("p.bw", format!("{NAMES}{people}"));
        let sources = SourceMap::new(vec![policy, Source::people("people.csv", table)]);
        let mut found = Findings::new();
        let (files, crowds) = syntax::parse_apart(&sources, &mut found);
        let apart = resolve_apart((&files, &crowds), &sources, &mut found);
        let mut findings = Findings::new();
        let files = syntax::parse(&sources, &mut findings);
        let whole = resolve(&files, &sources, &mut findings);
        let told = |model: &Model, findings: Findings| {
            format!("{:#?}\n{:#?}\n{}", model.accounts, findings.sorted(), model.incomplete)
        };
        let set_apart = crowds.iter().map(syntax::text::Crowd::len).sum();
        (apart.map(|model| told(&model, found)), set_apart, told(&whole, findings))
    }

    #[test]
    fn what_is_set_apart_means_the_same() {
        for (people, set_apart) in [
            ("admin Zoe { role clerk }\nadmin bo {\n  role clerk on users in north, south\n  role clerk\n}\n", 2),
            (
                "admin a \"Ann\" { email a@b.example; labels staff; unit acme.north; country fi; inactive }\nadmin b { profile chief }\n",
                2,
            ),
            ("admin a { login Zoe; role clerk }\nadmin b { role clerk }\nadmin c { role clerk until 2030-01-01 }\n", 1),
            (
                "admin a { role clerk on users in finns }\nadmin b { role clerk on entities in unit north }\nadmin c { role clerk, clerk }\n",
                3,
            ),
            (
                "admin a { role clrk }\nadmin b { role clerk on users in nrth }\nadmin c { country xx }\nadmin d { }\n",
                4,
            ),
            (
                "admin a { role clerk }\n/// of b\nadmin b { role clerk }\nignore BW103 \"x\"\nadmin c { role clerk }\nadmin d { role",
                2,
            ),
            (
                "admin a { role clerk }\nquota at most 1 holders of clerk\nnever admin b can books.list\nadmin b { role clerk }\n",
                2,
            ),
            ("never admin c can books.list\nadmin a { role clerk }\nadmin b { role clerk }\n", 2),
            (
                "admins from \"people.csv\"\nadmin a { role clerk }\nadmin c { role clerk }\nnever admin b can books.list\n",
                2,
            ),
        ] {
            let (apart, number, whole) = both(people, "login,roles\nb,clerk\nB2,clerk on users in north\n");
            assert_eq!(number, set_apart, "{people}");
            assert_eq!(apart.as_deref(), Some(whole.as_str()), "{people}");
        }
    }

    #[test]
    fn two_of_one_name_or_login_are_looked_at_as_trees() {
        for people in [
            "admin a { role clerk }\nadmin a { role clerk }\n",
            "admin a { role clerk }\nadmin A { role clerk }\n",
            "admin a { role clerk }\nadmin x { login A; role clerk }\n",
            "admin a { login x; role clerk }\nadmin a { role clerk }\n",
            "admins from \"people.csv\"\nadmin b { role clerk }\nadmin c { role clerk }\n",
        ] {
            let (apart, number, whole) = both(people, "login,roles\nB,clerk\n");
            assert!(number > 0 && apart.is_none(), "{people}");
            assert!(whole.contains("BW10"), "{whole}");
        }
    }
}
