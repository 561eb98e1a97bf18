//! # BWT04 asked for by somebody who may not
//!
//! ## What
//! It is known who asks for the change (`--requested-by`), and part of it was not theirs to ask for under the *old* policy. An active
//! holder of the super role may ask for whatever the other rules allow. Otherwise:
//!
//! - access (roles, assignments, scopes, dates, facts that predicates ask for, rules): by the right to assign each role that is given
//!   or taken, within what is handed on with it, and never to oneself; a feature by who may set it; anything at the request of a
//!   `responsible`;
//! - personal data (name, picture, facts that nothing asks for): by the account itself;
//! - recovery data (e-mail address, telephone number): by the account itself, or by who may act as it;
//! - all of these as an `exception` says, on its days. Texts, such as titles and reasons, may be changed by anybody.
//!
//! ## Why
//! What one may not do on the platform, one must not come to by a request to change a file.
//!
//! ## Example
//! ```bw
//! admin pat { role reader; phone 1 }      // pat asks for `role editor`, or for somebody else's number
//! ```
//!
//! ## How to fix
//! Let somebody ask who may: the holder of the super role, a `responsible`, or for personal data the person. Where others are meant to,
//! agree on it first: `exception "..." for ... may change personal until ... reason "..."`, in a change of its own.

use std::collections::BTreeMap;

use crate::dates::date_text;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::diff::change::Edit;
use crate::diff::request::{Judge, Need, said};
use crate::diff::transition::Transition;

/// Its code.
pub const CODE: Code = Code("BWT04");
/// How many places are shown.
const MOST_SHOWN: usize = 8;

/// Asks of every edit whether it was allowed to the requester.
pub fn run(transition: &Transition<'_>, findings: &mut Findings) {
    let Some(requester) = transition.requester else { return };
    let judge = Judge::new(transition, requester);
    let mut refused: BTreeMap<(&str, Need, String), Vec<&Edit>> = BTreeMap::new();
    for edit in transition.edits {
        if let (Some(need), Some(why)) = (Need::of(edit), judge.refusal(edit)) {
            refused.entry((edit.within.as_str(), need, why)).or_default().push(edit);
        }
    }
    for ((within, need, why), edits) in refused {
        findings.push(finding(transition, &judge, within, need, &why, &edits));
    }
}

fn finding(
    transition: &Transition<'_>,
    judge: &Judge<'_, '_>,
    within: &str,
    need: Need,
    why: &str,
    edits: &[&Edit],
) -> Finding {
    let name = transition.requester_name();
    let what = match need {
        Need::Access => "access",
        Need::Recovery => "recovery data",
        Need::Personal => "personal data",
    };
    let message = format!("`{name}` may not ask for this change of {what} in `{within}`: {why}");
    let mut finding = Finding::new(CODE, Severity::Error, message);
    for edit in edits.iter().take(MOST_SHOWN) {
        match edit.after.as_ref().and_then(|said| said.span) {
            Some(span) => finding = finding.at(span, if edit.before.is_some() { "changed here" } else { "new here" }),
            None => {
                if let Some(said) = said(edit) {
                    let place = said.path.as_ref().map_or(String::new(), |path| format!(" ({path}:{})", said.line));
                    finding = finding.note(format!("no longer: {}{place}", said.text));
                }
            }
        }
    }
    if edits.len() > MOST_SHOWN {
        finding = finding.note(format!("and {} more changes there", edits.len() - MOST_SHOWN));
    }
    if let Some((exception, until)) = judge.ended(need) {
        finding = finding.note(format!("the exception `{exception}` ended on {}", date_text(until)));
    }
    finding.help(help(transition, need)).alike(within, format!("declarations are changed as `{name}` may not ask for: {why}"))
}

/// Who could ask.
fn help(transition: &Transition<'_>, need: Need) -> String {
    let (old, at) = (&transition.old, transition.at);
    let roots = old.accounts().filter(|(id, _)| old.is_root(*id, at)).map(|(_, account)| account.block.as_str());
    let mut able: Vec<&str> = roots.collect();
    if need == Need::Access {
        able.extend(old.model().responsible.iter().map(|(name, _)| name.as_str()));
    }
    let others = match need {
        Need::Personal => "the account itself",
        Need::Recovery => "the account itself, or whoever may act as it,",
        Need::Access => "",
    };
    let able = crate::text::quoted_list(able, "or");
    match (able.is_empty(), others.is_empty()) {
        (false, true) => format!("let {able} ask for it"),
        (false, false) => format!("let {others} or {able} ask for it"),
        (true, false) => format!("let {} ask for it", others.trim_end_matches(',')),
        (true, true) => "nobody but who may assign these roles can ask for it: name a `responsible`".to_owned(),
    }
}
