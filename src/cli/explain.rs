//! `explain` and `codes`: the manual pages of the checks.

use super::args::ExplainArgs;
use super::output::Terminal;
use super::{End, Ended, Failure};
use crate::check::CHECKS;

/// Shows one manual page.
pub(super) fn run(args: &ExplainArgs, terminal: &Terminal) -> Ended {
    let wanted = args.code.to_uppercase();
    let Some(check) = CHECKS.iter().find(|c| c.code.0 == wanted) else {
        let near = crate::text::did_you_mean(&wanted, CHECKS.iter().map(|c| c.code.0));
        let help = match near.first() {
            Some(code) => format!("did you mean `{code}`? `bailiwick codes` lists them all"),
            None => "`bailiwick codes` lists them all".to_owned(),
        };
        return Err(Failure::new(format!("there is no code `{}`", args.code)).help(help));
    };
    terminal.print(&(check.manual() + "\n"))?;
    Ok(End::Well)
}

/// Lists all codes with their titles.
pub(super) fn codes(terminal: &Terminal) -> Ended {
    let lines: String = CHECKS.iter().map(|c| format!("{}  {}\n", c.code, c.title())).collect();
    terminal.print(&lines)?;
    Ok(End::Well)
}
