//! What the command line takes.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Administration policies as code.
#[derive(Debug, Parser)]
#[command(name = "bailiwick", version, about, max_term_width = 100)]
#[command(after_help = "Exit codes: 0 all well; 1 findings, a denied question or a failing test; 2 could not run.")]
pub(super) struct Cli {
    /// When to use colours
    #[arg(long, value_enum, default_value_t = ColorWhen::Auto, global = true)]
    pub(super) color: ColorWhen,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorWhen {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check a policy and report all findings
    Check(CheckArgs),
    /// Compile a policy to a permission table
    Build(BuildArgs),
    /// Ask whether an account may do something, and why
    Can(CanArgs),
    /// List rights, a row for each action and region
    Rights(RightsArgs),
    /// Print a whole permission table as text, the same for equal tables
    Show(ShowArgs),
    /// Run the tests that the policy itself contains
    Test(TestArgs),
    /// Show what a change of policy does: who gains or loses which right on whom
    Diff(Box<DiffArgs>),
    /// Lay out files in the one style
    Fmt(FmtArgs),
    /// Write a policy in the other form, text or YAML
    Convert(ConvertArgs),
    /// Show the manual page of a code such as BW302
    Explain(ExplainArgs),
    /// List all codes
    Codes,
    /// Write a small policy to begin with
    Init(InitArgs),
    /// Add an account to a policy, with everything that a request for one must say
    NewAdmin(Box<NewAdminArgs>),
    /// Print a script with which a shell completes commands and options
    Completions(CompletionsArgs),
    /// Write manual pages
    Man(ManArgs),
}

/// The files of one policy.
#[derive(Debug, Args)]
pub(super) struct PolicyArgs {
    /// Files and folders that together are one policy; `-` is standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub(super) paths: Vec<PathBuf>,
    /// The day from which on invariants must hold [default: today]
    #[arg(long, value_name = "DATE", value_parser = crate::dates::parse_date)]
    pub(super) at: Option<i32>,
    /// Treat warnings as errors
    #[arg(long)]
    pub(super) strict: bool,
    /// Set the severity of a code: `BW302=off`, `=note`, `=warning` or `=error`
    #[arg(long = "lint", value_name = "CODE=LEVEL", value_parser = super::policy::parse_level)]
    pub(super) lints: Vec<(String, crate::model::LintLevel)>,
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FindingFormat {
    /// For people
    Human,
    /// One JSON object
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// A Code Quality report of GitLab
    Gitlab,
    /// A table, for the summary of a job
    Markdown,
    /// JUnit XML: a suite for each file, a case for each code
    Junit,
}

/// How tests are reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TestFormat {
    /// For people
    Human,
    /// One JSON object
    Json,
    /// JUnit XML: a suite for each file, a case for each test
    Junit,
    /// Annotations of GitHub Actions
    Github,
}

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    pub(super) policy: PolicyArgs,
    /// How to print findings
    #[arg(long, value_enum, default_value_t = FindingFormat::Human)]
    pub(super) format: FindingFormat,
    #[command(flatten)]
    pub(super) timings: TimingsArgs,
    /// Check again whenever a file of the policy changes, until interrupted; what cannot be read is told and waited for
    #[arg(long, conflicts_with_all = ["format", "timings", "fix"])]
    pub(super) watch: bool,
    /// Apply the fixes that leave all rights as they are, and show what the others would change; `--fix=unsafe` applies these too
    #[arg(long, value_enum, value_name = "WHICH", num_args = 0..=1, require_equals = true, default_missing_value = "safe")]
    pub(super) fix: Option<FixWhich>,
}

/// Which fixes are applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FixWhich {
    /// Those that leave all rights as they are
    Safe,
    /// The others too, but for those that would give the policy a new error
    Unsafe,
}

#[derive(Debug, Args)]
pub(super) struct BuildArgs {
    #[command(flatten)]
    pub(super) policy: PolicyArgs,
    /// The table to write; FILE.map beside it names the lines that rules come from
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: PathBuf,
    /// A number that grows with each release, so that a runtime can refuse to go back
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) revision: u64,
    #[command(flatten)]
    pub(super) timings: TimingsArgs,
}

/// Whether to say where the time goes.
#[derive(Debug, Args)]
pub(super) struct TimingsArgs {
    /// Say on standard error where the time goes, stage by stage; `--timings=json` says it in one line for a program
    #[arg(long, value_enum, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "human")]
    pub(super) timings: Option<TimingsFormat>,
}

/// How it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TimingsFormat {
    /// For people
    Human,
    /// One JSON object, in one line
    Json,
}

/// A policy or a compiled table.
#[derive(Debug, Args)]
pub(super) struct AskArgs {
    /// A policy (files and folders; repeat it for several) or a compiled table
    #[arg(short, long = "policy", value_name = "POLICY_OR_TABLE", default_value = ".")]
    pub(super) policy: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct CanArgs {
    /// The login of an account, or an account by its claims: `as learner { unit oulu }`
    pub(super) account: String,
    /// An action such as `reports.open`
    pub(super) action: String,
    /// On what, as the language's tests write it: `user { country fi }`; without it, whether anything is allowed
    pub(super) target: Option<String>,
    #[command(flatten)]
    pub(super) ask: AskArgs,
    /// The day of the question [default: today]
    #[arg(long, value_name = "DATE", value_parser = crate::dates::parse_date)]
    pub(super) at: Option<i32>,
}

/// How rows are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum RowFormat {
    /// For people
    Text,
    /// Comma-separated, with a header
    Csv,
    /// JSON lines, one object a row
    Json,
}

#[derive(Debug, Args)]
pub(super) struct RightsArgs {
    /// The login of an account (with --roles, the name of a role); everybody without it
    pub(super) who: Option<String>,
    /// List what roles give, rather than what accounts have
    #[arg(long)]
    pub(super) roles: bool,
    #[command(flatten)]
    pub(super) ask: AskArgs,
    /// How to print rows
    #[arg(long, value_enum, default_value_t = RowFormat::Text)]
    pub(super) format: RowFormat,
}

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// A compiled table, a policy (a file or folder), or either in a revision of git: `REV:PATH`
    #[arg(value_name = "POLICY_OR_TABLE", default_value = ".")]
    pub(super) path: OsString,
}

#[derive(Debug, Args)]
pub(super) struct TestArgs {
    #[command(flatten)]
    pub(super) policy: PolicyArgs,
    /// How to report tests
    #[arg(long, value_enum, default_value_t = TestFormat::Human)]
    pub(super) format: TestFormat,
}

/// How a comparison is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DiffFormat {
    /// For people
    Human,
    /// A comment on a pull request
    Markdown,
    /// One JSON object, as grammar/diff.schema.json describes it
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// A Code Quality report of GitLab
    Gitlab,
}

/// What fails a comparison, beside an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum GateName {
    /// Anybody gains anything
    Widened,
    /// A new way to more rights by a chain of steps
    Escalation,
    /// A gain, or a change beside the rights, of high or critical risk
    Privileged,
    /// Any change of what anybody may do
    Any,
    /// Nothing but errors
    Error,
}

#[derive(Debug, Args)]
#[command(override_usage = "bailiwick diff [OPTIONS] OLD NEW\n       bailiwick diff [OPTIONS] --git REV [PATH]")]
#[command(
    after_help = "Exit codes: 0 nothing is stopped; 1 a gate stops a change, or a finding is an error; 2 could not compare."
)]
pub(super) struct DiffArgs {
    /// A policy (a file or folder), a compiled table, or either in a revision of git: `main:policies`, `HEAD~1:./policies`
    #[arg(value_name = "SIDE")]
    pub(super) sides: Vec<OsString>,
    /// Compare a path (by default the folder you stand in) with what it was in a revision
    #[arg(long, value_name = "REV")]
    pub(super) git: Option<String>,
    /// Take a path that is not there for a policy that says nothing: for one that is new, or gone
    #[arg(long)]
    pub(super) or_empty: bool,
    /// The day from which on rights are compared [default: today]
    #[arg(long, value_name = "DATE", value_parser = crate::dates::parse_date)]
    pub(super) at: Option<i32>,
    /// Who asks for the change, a login or a responsible: every change must be allowed to them
    #[arg(long, value_name = "WHO")]
    pub(super) requested_by: Option<String>,
    /// Warn where a change touches this share of all accounts or more
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(1..=100))]
    pub(super) many: Option<u8>,
    /// What ends with exit code 1, beside an error; several with commas between
    #[arg(long, value_name = "GATE", value_enum, value_delimiter = ',')]
    pub(super) fail_on: Vec<GateName>,
    /// A file of changes that are expected, which no gate stops
    #[arg(long, value_name = "FILE")]
    pub(super) allow_list: Option<PathBuf>,
    /// Write all changes to that file
    #[arg(long, requires = "allow_list")]
    pub(super) write_allow_list: bool,
    /// How to print the comparison
    #[arg(long, value_enum, default_value_t = DiffFormat::Human)]
    pub(super) format: DiffFormat,
    /// Print the numbers alone (for people)
    #[arg(long)]
    pub(super) summary: bool,
    /// Treat warnings about the change as errors
    #[arg(long)]
    pub(super) strict: bool,
    /// Set the severity of a code that is about changes: `BWT06=error`
    #[arg(long = "lint", value_name = "CODE=LEVEL", value_parser = super::policy::parse_level)]
    pub(super) lints: Vec<(String, crate::model::LintLevel)>,
}

#[derive(Debug, Args)]
pub(super) struct FmtArgs {
    /// Files and folders; `-` reads the text form from standard input and writes it to standard output
    #[arg(value_name = "PATH", default_value = ".")]
    pub(super) paths: Vec<PathBuf>,
    /// Change nothing: show what would change, with exit code 1 if anything would
    #[arg(long)]
    pub(super) check: bool,
}

/// The two forms of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FormName {
    /// The YAML form
    Yaml,
    /// The text form
    Text,
}

#[derive(Debug, Args)]
pub(super) struct ConvertArgs {
    /// A file, a folder, or `-` for standard input in the text form
    pub(super) path: PathBuf,
    /// The form to write [default: the one that the policy is not in]
    #[arg(long, value_enum, value_name = "FORM")]
    pub(super) to: Option<FormName>,
    /// The file to write, or the folder for those of a folder [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The code
    pub(super) code: String,
}

#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// The folder of the new policy; it is made if it is not there
    #[arg(value_name = "FOLDER", default_value = ".")]
    pub(super) folder: PathBuf,
    /// Write the YAML form
    #[arg(long)]
    pub(super) yaml: bool,
}

/// On a terminal, what is required and not given is asked for.
#[derive(Debug, Args)]
pub(super) struct NewAdminArgs {
    /// The file to add the account to, in the text form
    #[arg(long, value_name = "FILE")]
    pub(super) to: PathBuf,
    /// The policy that must compile with the new account [default: the folder of FILE]
    #[arg(short, long = "policy", value_name = "PATH")]
    pub(super) policy: Vec<PathBuf>,
    /// The login (required)
    #[arg(long)]
    pub(super) login: Option<String>,
    /// The person's names (required)
    #[arg(long)]
    pub(super) name: Option<String>,
    /// The e-mail address (required)
    #[arg(long)]
    pub(super) email: Option<String>,
    /// The telephone number (required)
    #[arg(long)]
    pub(super) phone: Option<String>,
    /// The file of a picture
    #[arg(long, value_name = "FILE")]
    pub(super) photo: Option<String>,
    /// An own identifier, such as a personnel number
    #[arg(long)]
    pub(super) id: Option<String>,
    /// The unit
    #[arg(long)]
    pub(super) unit: Option<String>,
    /// Labels that the account bears: `fi, mandatory`
    #[arg(long)]
    pub(super) labels: Option<String>,
    /// A role, perhaps fenced and dated: `operator on users in finland until 2026-12-31` (a role, a profile or a right is required)
    #[arg(long = "role", value_name = "ROLE")]
    pub(super) roles: Vec<String>,
    /// A profile, perhaps fenced and dated
    #[arg(long, value_name = "PROFILE")]
    pub(super) profile: Option<String>,
    /// A right of its own: a section such as `reports`, or actions such as `reports.open, view courses`
    #[arg(long = "allow", visible_alias = "section", value_name = "ACTIONS")]
    pub(super) allows: Vec<String>,
    /// On whom and on what: `users in finland`, `entities in own unit`; `users in *` for everybody (required)
    #[arg(long)]
    pub(super) scope: Option<String>,
    /// An attribute
    #[arg(long = "set", value_name = "ATTRIBUTE=VALUE")]
    pub(super) attributes: Vec<String>,
    /// The first day of the account
    #[arg(long, value_name = "DATE")]
    pub(super) from: Option<String>,
    /// The last day of the account
    #[arg(long, value_name = "DATE")]
    pub(super) until: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(super) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// Where to write them
    #[arg(value_name = "FOLDER")]
    pub(super) folder: PathBuf,
}
