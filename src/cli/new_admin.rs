//! `new-admin`: an account with everything that a request for one must say, added to a policy that still compiles with it.

use std::fs;
use std::io::{self, BufRead, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use super::args::NewAdminArgs;
use super::load::Change;
use super::output::Terminal;
use super::{End, Ended, Failure, build, load, policy};
use crate::diagnostic::Findings;
use crate::source::{SourceId, SourceMap, Span, Spanned};
use crate::syntax::ast::{Admin, AdminItem, Name};
use crate::syntax::text::{Fragment, Origin};
use crate::text::{nfc, quoted_list};
use crate::{Options, Outcome};

/// Adds the account to the file, unless something is missing or the policy would have errors.
pub(super) fn run(args: &NewAdminArgs, terminal: &Terminal) -> Ended {
    if args.to.extension().is_none_or(|e| e != "bw") {
        return Err(Failure::new(format!("`{}` is no policy in the text form", load::shown(&args.to)))
            .help("name a file that ends in `.bw`; a YAML policy may have such a file beside it"));
    }
    let request = complete(Request::of(args), &mut Asking::of_terminal())?;
    let admin = match request.admin() {
        Ok(admin) => admin,
        Err((findings, sources)) => {
            terminal.note(&policy::drawn(&findings, &sources, terminal));
            return Ok(End::CouldNot);
        }
    };
    let paths = policy_of(args);
    let old = old_text(&args.to)?;
    if !compiles(&load::load_with(&paths, Some(&change(&args.to, &old)))?, terminal) {
        terminal.note("the policy has errors already: mend them first\n");
        return Ok(End::Findings);
    }
    let new = with(&old, &admin);
    if !compiles(&load::load_with(&paths, Some(&change(&args.to, &new)))?, terminal) {
        terminal.say(&format!("nothing was written: `{}` stays as it was", load::shown(&args.to)));
        return Ok(End::Findings);
    }
    // A link goes on leading to its file.
    let real = fs::canonicalize(&args.to).unwrap_or_else(|_| args.to.clone());
    build::write(&real, new.as_bytes())?;
    terminal.say(&format!("added `{}` to {}", admin.name.node, load::shown(&args.to)));
    Ok(End::Well)
}

/// The policy that the file belongs to.
fn policy_of(args: &NewAdminArgs) -> Vec<PathBuf> {
    if !args.policy.is_empty() {
        return args.policy.clone();
    }
    let folder = args.to.parent().filter(|folder| !folder.as_os_str().is_empty());
    vec![folder.unwrap_or(Path::new(".")).to_owned()]
}

fn old_text(path: &Path) -> Result<String, Failure> {
    match load::bytes(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(load::cannot_read(path, &error)),
        Ok(bytes) => {
            String::from_utf8(bytes).map_err(|_| Failure::new(format!("`{}` is not UTF-8", load::shown(path))))
        }
    }
}

fn change<'a>(path: &'a Path, text: &'a str) -> Change<'a> {
    Change { path, text: text.strip_prefix('\u{feff}').unwrap_or(text) }
}

/// Whether a policy has no errors; what there is to say about it is said.
fn compiles(sources: &SourceMap, terminal: &Terminal) -> bool {
    let outcome: Outcome = crate::compile(sources, &Options::default());
    let errors = outcome.has_errors();
    if errors {
        policy::refuse(&outcome, sources, terminal);
    }
    !errors
}

/// The text of a file with the account behind all that it has, in its own line ends.
fn with(old: &str, admin: &Admin) -> String {
    let kept = old.trim_end();
    let gap = if kept.trim_start_matches('\u{feff}').is_empty() { "" } else { "\n\n" };
    let added = format!("{gap}{admin}\n");
    let added = if old.contains("\r\n") { added.replace('\n', "\r\n") } else { added };
    format!("{kept}{added}")
}

/// What a request for an account says; the first ones are required.
#[derive(Debug, Clone, Default)]
struct Request {
    login: Option<String>,
    name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    photo: Option<String>,
    roles: Vec<String>,
    profile: Option<String>,
    allows: Vec<String>,
    scope: Option<String>,
    id: Option<String>,
    unit: Option<String>,
    labels: Option<String>,
    attributes: Vec<String>,
    from: Option<String>,
    until: Option<String>,
}

/// Text that could not be read, and what is wrong with it.
type Unread = (Vec<crate::diagnostic::Finding>, SourceMap);

impl Request {
    fn of(args: &NewAdminArgs) -> Self {
        let given = |text: &Option<String>| text.as_ref().map(|t| nfc(t.trim())).filter(|t| !t.is_empty());
        let all = |texts: &[String]| texts.iter().filter_map(|t| given(&Some(t.clone()))).collect();
        Self {
            login: given(&args.login),
            name: given(&args.name),
            email: given(&args.email),
            phone: given(&args.phone),
            photo: given(&args.photo),
            roles: all(&args.roles),
            profile: given(&args.profile),
            allows: all(&args.allows),
            scope: given(&args.scope),
            id: given(&args.id),
            unit: given(&args.unit),
            labels: given(&args.labels),
            attributes: all(&args.attributes),
            from: given(&args.from),
            until: given(&args.until),
        }
    }

    /// Whether it says which sections are wanted.
    fn has_sections(&self) -> bool {
        !self.roles.is_empty() || self.profile.is_some() || !self.allows.is_empty()
    }

    /// What is required and not there.
    fn missing(&self) -> Vec<&'static str> {
        let required = [
            ("--login", self.login.is_some()),
            ("--name", self.name.is_some()),
            ("--email", self.email.is_some()),
            ("--phone", self.phone.is_some()),
            ("--role", self.has_sections()),
            ("--scope", self.scope.is_some()),
        ];
        required.into_iter().filter(|(_, there)| !there).map(|(flag, _)| flag).collect()
    }

    /// The declaration.
    fn admin(&self) -> Result<Admin, Unread> {
        let nowhere = Span::new(SourceId(0), 0, 0);
        let named = |text: &Option<String>| text.as_ref().map(|t| Name::new(t.clone(), nowhere));
        let mut body: Vec<AdminItem> = vec![];
        body.extend(named(&self.email).map(AdminItem::Email));
        body.extend(named(&self.phone).map(AdminItem::Phone));
        body.extend(named(&self.id).map(AdminItem::Id));
        body.extend(named(&self.photo).map(AdminItem::Photo));
        for (word, flag, text) in self.lines() {
            body.extend(read(word, flag, &text)?);
        }
        let login = self.login.clone().unwrap_or_default();
        let body = body.into_iter().map(|item| Spanned::new(item, nowhere)).collect();
        Ok(Admin { name: Name::new(login, nowhere), title: named(&self.name), body })
    }

    /// The statements in the words of the language: the word that begins each, the flag that it came from, and what stands behind it.
    fn lines(&self) -> Vec<(&'static str, &'static str, String)> {
        let mut lines = vec![];
        let mut add = |word, flag, texts: &mut dyn Iterator<Item = &String>| {
            lines.extend(texts.map(|text| (word, flag, text.clone())));
        };
        add("unit ", "--unit", &mut self.unit.iter());
        add("labels ", "--labels", &mut self.labels.iter());
        let attributes: Vec<String> = self.attributes.iter().map(|text| text.replacen('=', " ", 1)).collect();
        add("", "--set", &mut attributes.iter());
        add("profile ", "--profile", &mut self.profile.iter());
        add("role ", "--role", &mut self.roles.iter());
        add("scope ", "--scope", &mut self.scope.iter());
        add("allow ", "--allow", &mut self.allows.iter());
        let day = |word: &str, day: &Option<String>| day.as_ref().map_or(String::new(), |d| format!("{word} {d} "));
        let valid = day("from", &self.from) + &day("until", &self.until);
        if !valid.is_empty() {
            lines.push(("valid ", "--from, --until", valid.trim_end().to_owned()));
        }
        lines
    }
}

/// Reads what was given for a flag.
fn read(word: &str, flag: &str, text: &str) -> Result<Vec<AdminItem>, Unread> {
    let mut findings = Findings::new();
    let mut origin = Origin::at(SourceId(0), 0);
    origin.shift = -i64::try_from(word.len()).unwrap_or(0);
    let items = Fragment::new(origin, &format!("{word}{text}"), &mut findings).admin_items();
    items.ok_or_else(|| (findings.sorted(), SourceMap::single(&format!("<{flag}>"), text)))
}

/// Somebody to ask for what is missing, where there is somebody.
struct Asking<'a> {
    answers: Option<Box<dyn BufRead + 'a>>,
    questions: Box<dyn Write + 'a>,
}

impl Asking<'_> {
    /// Who sits before the terminal; nobody where input or questions go elsewhere.
    fn of_terminal() -> Self {
        let there = io::stdin().is_terminal() && io::stderr().is_terminal();
        Self {
            answers: there.then(|| Box::new(io::stdin().lock()) as Box<dyn BufRead>),
            questions: Box::new(io::stderr()),
        }
    }

    /// Asks until there is an answer; one that is not required may be empty.
    fn ask(&mut self, question: &str, required: bool) -> Result<Option<String>, Failure> {
        let Some(answers) = &mut self.answers else { return Ok(None) };
        let cannot = |e: io::Error| Failure::new(format!("cannot ask: {e}"));
        loop {
            write!(self.questions, "{question}: ").and_then(|()| self.questions.flush()).map_err(cannot)?;
            let mut line = String::new();
            if answers.read_line(&mut line).map_err(cannot)? == 0 {
                return Err(Failure::new("the answers ended before all was said"));
            }
            let answer = nfc(line.trim());
            if !answer.is_empty() || !required {
                return Ok((!answer.is_empty()).then_some(answer));
            }
        }
    }
}

/// Asks for what is required and missing; without anybody to ask that is a failure.
fn complete(mut request: Request, asking: &mut Asking<'_>) -> Result<Request, Failure> {
    if asking.answers.is_some() {
        let mut fill = |field: &mut Option<String>, question: &str, required| {
            if field.is_none() {
                *field = asking.ask(question, required)?;
            }
            Ok::<(), Failure>(())
        };
        fill(&mut request.login, "Login", true)?;
        fill(&mut request.name, "Names", true)?;
        fill(&mut request.email, "E-mail", true)?;
        fill(&mut request.phone, "Phone", true)?;
        fill(&mut request.photo, "Picture, a file (may be left out)", false)?;
        if !request.has_sections() {
            let mut roles = None;
            fill(&mut roles, "Sections: roles, with commas between them", true)?;
            request.roles.extend(roles);
        }
        fill(&mut request.scope, "Groups: a scope such as `users in finland`, or `users in *` for everybody", true)?;
    }
    let missing = request.missing();
    if missing.is_empty() {
        return Ok(request);
    }
    let failure = Failure::new(format!(
        "the request is not complete: {} must be given",
        quoted_list(missing.iter().copied(), "and")
    ));
    Err(failure.help(
        "a request says who (login, names, e-mail, phone), which sections (`--role`, `--profile` or `--allow`) and which groups (`--scope`)",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(request: Request, answers: &str) -> (Result<Request, Failure>, String) {
        let mut questions = vec![];
        let mut asking = Asking { answers: Some(Box::new(answers.as_bytes())), questions: Box::new(&mut questions) };
        let request = complete(request, &mut asking);
        drop(asking);
        (request, String::from_utf8_lossy(&questions).into_owned())
    }

    #[test]
    fn what_is_missing_is_asked_for_until_it_is_said() {
        let given = Request { email: Some("eve@shop.example".to_owned()), ..Request::default() };
        let (request, questions) = asked(given, "eve\n\n Eve E. \n+358 1\n\nclerk, manager\nusers in *\n");
        let request = request.expect("all is said");
        assert_eq!((request.login.as_deref(), request.name.as_deref()), (Some("eve"), Some("Eve E.")));
        assert_eq!((request.photo, request.roles), (None, vec!["clerk, manager".to_owned()]));
        assert_eq!(questions.matches("Names: ").count(), 2, "asked again: {questions}");
        assert!(!questions.contains("E-mail"), "given already: {questions}");
    }

    #[test]
    fn answers_that_end_are_a_failure() {
        let (request, _) = asked(Request::default(), "eve\n");
        assert!(request.is_err_and(|failure| failure.message.contains("ended before all was said")));
    }

    #[test]
    fn a_file_keeps_its_line_ends() {
        let request =
            Request { login: Some("eve@shop".to_owned()), roles: vec!["clerk".to_owned()], ..Request::default() };
        let admin = request.admin().expect("words of the language");
        assert_eq!(with("", &admin), "admin \"eve@shop\" {\n  role clerk\n}\n");
        assert_eq!(with("// a\r\n\r\n", &admin), "// a\r\n\r\nadmin \"eve@shop\" {\r\n  role clerk\r\n}\r\n");
        assert_eq!(with("// a", &admin), "// a\n\nadmin \"eve@shop\" {\n  role clerk\n}\n");
    }
}
