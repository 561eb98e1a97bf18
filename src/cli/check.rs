//! `check`: all findings of a policy.

use std::time::Instant;

use super::args::CheckArgs;
use super::output::Terminal;
use super::timings::{report, watched};
use super::{End, Ended, findings, fix, policy, watch};
use crate::timings::Stages;

/// Checks a policy. Exit code 1 when a finding is an error.
pub(super) fn run(args: &CheckArgs, terminal: &Terminal) -> Ended {
    if args.watch {
        return watch::run(args, terminal);
    }
    let (stages, start) = (Stages::default(), Instant::now());
    let (sources, outcome) = match args.fix {
        Some(which) => stages.run("fix", || fix::run(args, which, terminal))?,
        None => watched(&stages, || policy::compiled(&args.policy, 0, &stages))?,
    };
    let nothing = format!("{} checked, no findings\n", crate::text::count(sources.iter().count(), "file", "files"));
    let day = args.policy.at.unwrap_or_else(crate::dates::today);
    findings::print(&outcome.findings, &sources, args.format, (&nothing, day), terminal)?;
    report(args.timings.timings, &stages, start, terminal)?;
    Ok(if outcome.has_errors() { End::Findings } else { End::Well })
}
