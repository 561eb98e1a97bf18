//! `check`: all findings of a policy.

use super::args::CheckArgs;
use super::output::Terminal;
use super::{End, Ended, findings, fix, load, policy};

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
    let nothing = format!("{} checked, no findings\n", crate::text::count(sources.iter().count(), "file", "files"));
    let day = args.policy.at.unwrap_or_else(crate::dates::today);
    findings::print(&outcome.findings, &sources, args.format, (&nothing, day), terminal)?;
    Ok(if outcome.has_errors() { End::Findings } else { End::Well })
}
