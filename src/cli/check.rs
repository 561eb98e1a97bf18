//! `check`: all findings of a policy.

use super::args::{CheckArgs, FindingFormat};
use super::output::Terminal;
use super::{End, Ended, Failure, fix, load, policy};
use crate::diagnostic::json;

/// Checks a policy. Exit code 1 when a finding is an error.
pub(super) fn run(args: &CheckArgs, terminal: &Terminal) -> Ended {
    let (sources, outcome) = match args.fix {
        Some(which) => fix::run(args, which, terminal)?,
        None => {
            let sources = load::load(&args.policy.paths)?;
            let outcome = crate::compile(&sources, &policy::options(&args.policy, 0));
            (sources, outcome)
        }
    };
    match args.format {
        FindingFormat::Human => {
            let mut text = policy::drawn(&outcome.findings, &sources, terminal);
            if text.is_empty() {
                let files = crate::text::count(sources.iter().count(), "file", "files");
                text = format!("{files} checked, no findings\n");
            }
            terminal.print(&text)?;
        }
        FindingFormat::Json => {
            let report = json::report(&outcome.findings, &sources);
            let text = serde_json::to_string_pretty(&report)
                .map_err(|e| Failure::new(format!("cannot write the findings as JSON: {e}")))?;
            terminal.print(&(text + "\n"))?;
        }
    }
    Ok(if outcome.has_errors() { End::Findings } else { End::Well })
}
