//! Findings are true: what they say of random policies is held against the interpreter and against the table.
//!
//! `BAILIWICK_CASES=10000 cargo test --release --test findings` tries ten thousand policies.

#[expect(dead_code, reason = "agreement uses the rest")]
#[path = "oracle/bridge.rs"]
mod bridge;
#[expect(dead_code, reason = "the laws use the rest")]
mod oracle;

use bailiwick::diagnostic::{Finding, Severities, Severity};
use bailiwick::model::LintLevel;
use bailiwick::source::SourceMap;
use bailiwick::{Options, check};
use proptest::prelude::*;

use oracle::cases::cases;
use oracle::eval::allow;
use oracle::policy::{Policy, Question, Signature};
use oracle::print::print;
use oracle::truth::Truth;

/// What is said of a policy, with the day of the check before all others, and its table.
fn told(text: &str) -> Result<(Vec<Finding>, Vec<u8>), String> {
    let note = |c: &check::Check| (c.code.to_string(), LintLevel::At(Severity::Note));
    let severities = Severities { levels: check::CHECKS.iter().map(note).collect(), ..Severities::default() };
    let options = Options { at: bailiwick::dates::parse_date("1900-01-01").ok(), severities, ..Options::default() };
    let outcome = bailiwick::compile(&SourceMap::single("policy.bw", text), &options);
    let compiled = outcome.compiled.ok_or_else(|| format!("{:?}", outcome.findings))?;
    Ok((outcome.findings, compiled.table().to_vec()))
}

/// The text with these findings' own places blank.
fn without(text: &str, idle: &[&Finding]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for span in idle.iter().filter_map(|f| f.span()) {
        bytes[span.start as usize..span.end as usize].fill(b' ');
    }
    String::from_utf8(bytes).expect("whole statements")
}

proptest! {
    #![proptest_config(oracle::config(300))]

    /// BW312: what nobody can use is allowed to nobody.
    #[test]
    fn what_nobody_can_use_is_allowed_to_nobody(case in cases(100)) {
        let (findings, _) = told(&print(&case.policy, case.layout)).map_err(TestCaseError::fail)?;
        let unused: String = findings.iter().filter(|f| f.code.0 == "BW312").map(|f| f.message.clone() + "\n").collect();
        for question in case.questions() {
            let (resource, action) = (&question.action.resource, &question.action.action);
            let said = unused.contains(&format!("`{resource}.{action}`")) || unused.contains(&format!("anything of `{resource}`"));
            prop_assert!(!said || allow(&case.policy, &question) != Truth::True, "{unused}{question:?}");
        }
    }

    /// BW313: lines that remove nothing and never apply may be deleted, and every answer stays the same; but where a fact was missing
    /// there may be an answer that did not wait for it.
    #[test]
    fn idle_lines_can_be_deleted(case in cases(100)) {
        let text = print(&case.policy, case.layout);
        let (findings, bytes) = told(&text).map_err(TestCaseError::fail)?;
        let whole = |f: &&Finding| f.code.0 == "BW313" && f.message.starts_with("this ");
        let idle: Vec<&Finding> = findings.iter().filter(whole).collect();
        let (_, fewer) = told(&without(&text, &idle)).map_err(TestCaseError::fail)?;
        let before = bridge::Reader::new(&bytes).map_err(TestCaseError::fail)?;
        let after = bridge::Reader::new(&fewer).map_err(TestCaseError::fail)?;
        for question in case.questions() {
            let old = before.decide(&case.policy, &question).map_err(TestCaseError::fail)?;
            let new = after.decide(&case.policy, &question).map_err(TestCaseError::fail)?;
            let waited = || new.allowed && allow(&case.policy, &question) == Truth::Unknown;
            prop_assert!(old.allowed == new.allowed || waited(), "{idle:?}\n{question:?}");
        }
    }

    /// BW204: a line that names another action in place of the one that is always taken away leaves this one as it was.
    #[test]
    fn what_is_always_taken_away_need_not_be_given(case in cases(100)) {
        let text = print(&case.policy, case.layout);
        let (findings, bytes) = told(&text).map_err(TestCaseError::fail)?;
        let dead = findings.iter().filter(|f| f.code.0 == "BW204").find_map(|f| Some((f, f.span()?)));
        // Whom a `forbid` for a tier binds depends on all that is given.
        let Some((finding, span)) = dead.filter(|_| case.policy.tiers.is_empty()) else { return Ok(()) };
        let (start, end) = (span.start as usize, span.end as usize);
        let path = &text[start..end];
        if !path.contains('.') {
            return Ok(()); // the role of an `assigns` line
        }
        let other = format!("{}{}{}\n{STAND_INS}", &text[..start], stand_in(&case.policy, path), &text[end..]);
        let (_, other) = told(&other).map_err(TestCaseError::fail)?;
        let before = bridge::Reader::new(&bytes).map_err(TestCaseError::fail)?;
        let after = bridge::Reader::new(&other).map_err(TestCaseError::fail)?;
        let about = |q: &Question| path == format!("{}.{}", q.action.resource, q.action.action);
        for question in case.questions().filter(about) {
            let old = before.decide(&case.policy, &question).map_err(TestCaseError::fail)?;
            let new = after.decide(&case.policy, &question).map_err(TestCaseError::fail)?;
            prop_assert!(old.allowed == new.allowed, "{}\n{question:?}", finding.message);
        }
    }
}

/// Actions that no random policy has, one of each signature.
const STAND_INS: &str = "resource zs { view z }
resource ze on entity { view z }
resource zu on user { view z }
resource zb on entity, user { view z }
resource za on account { view z }
";

/// One of them that is done to the same.
fn stand_in(policy: &Policy, path: &str) -> &'static str {
    let named = |name: &str| path.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
    match policy.resources.iter().find(|r| named(&r.name)).map(|r| r.on) {
        Some(Signature::Site) => "zs.z",
        Some(Signature::Entity) => "ze.z",
        Some(Signature::User) => "zu.z",
        Some(Signature::EntityAndUser) => "zb.z",
        Some(Signature::Account) | None => "za.z",
    }
}
