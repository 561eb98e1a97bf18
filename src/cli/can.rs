//! `can`: whether an account may do something, and by which row.

use bailiwick_table::{ActionId, Table, Target};

use super::args::CanArgs;
use super::output::Terminal;
use super::policy::Asked;
use super::{End, Ended, Failure};
use crate::query::{self, Anything, Asker, Unclear};
use crate::text::visible;

/// Answers a question. Exit code 0 when it is allowed, 1 when it is denied.
pub(super) fn run(args: &CanArgs, terminal: &Terminal) -> Ended {
    let Some(asked) = Asked::open(&args.ask.policy, terminal)? else { return Ok(End::CouldNot) };
    let day = args.at.unwrap_or_else(crate::dates::today);
    match answer(&asked, args, day, terminal) {
        Ok(ended) => ended,
        Err(unclear) => {
            terminal.note(&super::policy::drawn(&unclear.findings, &unclear.sources, terminal));
            Ok(End::CouldNot)
        }
    }
}

fn answer(asked: &Asked, args: &CanArgs, day: i32, terminal: &Terminal) -> Result<Ended, Unclear> {
    let table = &asked.table;
    let asker = query::actor(table, &args.account)?;
    let action = query::action(table, &args.action)?;
    let Some(words) = &args.target else { return Ok(anything(asked, &asker, action, day, terminal)) };
    let target = query::target(table, action, words)?;
    let decision = target.with(|target| asker.decide(table, action, target, day));
    Ok(say(asked, &asker, decision, terminal))
}

/// The answer with the row that decided, and where it is written.
fn say(asked: &Asked, asker: &Asker, decision: bailiwick_table::Decision, terminal: &Terminal) -> Ended {
    let mut text = format!("{}\n", answer_text(&asked.table, decision));
    for place in asked.places(asker, decision.reason) {
        text += &format!("  {}\n", visible(&place));
    }
    terminal.print(&text)?;
    Ok(if decision.allowed { End::Well } else { End::Findings })
}

/// "allow: by `role analyst: allow view reports`".
fn answer_text(table: &Table<Vec<u8>>, decision: bailiwick_table::Decision) -> String {
    let explained = table.explain(decision).to_string();
    let (answer, word) = if decision.allowed { ("allow", "allowed") } else { ("deny", "denied") };
    let why = explained.strip_prefix(word).map_or(explained.as_str(), |rest| rest.trim_start_matches([':', ' ']));
    if why.is_empty() { answer.to_owned() } else { format!("{answer}: {why}") }
}

/// Without a target: whether anything is allowed, on what, and an example.
fn anything(asked: &Asked, asker: &Asker, action: ActionId, day: i32, terminal: &Terminal) -> Ended {
    let table = &asked.table;
    let whole_site = asker.decide(table, action, &Target::SITE, day);
    if whole_site.allowed {
        return say(asked, asker, whole_site, terminal);
    }
    match query::anything(table, asker, action, day) {
        Anything::Yes(example) => {
            let region = asker.region(table, action, day);
            terminal.print(&format!("allow on {region}\n  for example on {example}\n"))?;
            Ok(End::Well)
        }
        Anything::No(why) => {
            terminal.print(&format!("deny: {why}\n"))?;
            Ok(End::Findings)
        }
        Anything::ActorUnknown(fact) => {
            terminal.print(&format!("deny: the actor's `{}` is not known\n", visible(&fact)))?;
            Ok(End::Findings)
        }
        Anything::Unknown => Err(Failure::new("unknown: there are too many cases to look at")
            .help("name a target: that question is always answered")),
    }
}
