//! `convert`: a policy in the other form, proved to say the same before anything is written.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::args::{ConvertArgs, FormName};
use super::output::Terminal;
use super::{End, Ended, Failure, build, load, policy};
use crate::Options;
use crate::source::{Source, SourceKind, SourceMap};
use crate::syntax::convert::{Form, converted};
use crate::syntax::format::Refused;
use crate::text::count;

/// Converts one file, or each file of a folder.
pub(super) fn run(args: &ConvertArgs, terminal: &Terminal) -> Ended {
    let folder = args.path.is_dir();
    if folder && args.output.is_none() {
        return Err(Failure::new(format!(
            "`{}` is a folder: its files cannot all go to one output",
            load::shown(&args.path)
        ))
        .help("name a folder for them after `-o`"));
    }
    let sources = load::load(std::slice::from_ref(&args.path))?;
    let to = target_form(args, &sources)?;
    let Some(new) = all(&sources, to, terminal)? else { return Ok(End::CouldNot) };
    prove(&sources, &new)?;
    match &args.output {
        Some(output) if folder => write_all(&args.path, output, &sources, &new, terminal)?,
        Some(output) => write(&args.path, output, &new)?,
        None => new.values().try_for_each(|source| terminal.print(&source.text))?,
    }
    Ok(End::Well)
}

/// The form to write: what was asked for, else the one that no file is in.
fn target_form(args: &ConvertArgs, sources: &SourceMap) -> Result<Form, Failure> {
    match args.to {
        Some(FormName::Yaml) => return Ok(Form::Yaml),
        Some(FormName::Text) => return Ok(Form::Text),
        None => {}
    }
    let mut forms = policies(sources).map(|(_, source)| Form::of(&source.path));
    let first = forms.next().unwrap_or(Form::Text);
    if forms.all(|form| form == first) {
        return Ok(first.other());
    }
    Err(Failure::new(format!("`{}` has files of both forms", load::shown(&args.path)))
        .help("say which one to write: `--to yaml` or `--to text`"))
}

/// The sources that hold declarations, by their numbers.
fn policies(sources: &SourceMap) -> impl Iterator<Item = (crate::source::SourceId, &Source)> {
    sources.iter().filter(|(_, source)| source.kind == SourceKind::Policy)
}

/// Every policy file in the new form, by its old path; none where one cannot be read, and why has been said then.
fn all(sources: &SourceMap, to: Form, terminal: &Terminal) -> Result<Option<BTreeMap<String, Source>>, Failure> {
    let mut new = BTreeMap::new();
    let mut unreadable = false;
    for (id, source) in policies(sources) {
        if Form::of(&source.path) == to {
            new.insert(source.path.clone(), source.clone());
            continue;
        }
        match converted(id, source) {
            Ok(text) => {
                let path = PathBuf::from(&source.path).with_extension(to.ending());
                let source = Source::new(load::shown(&path), text).within(source.folder.clone());
                new.insert(sources.get(id).path.clone(), source);
            }
            Err(Refused::Unreadable(findings)) => {
                terminal.note(&policy::drawn(&findings, sources, terminal));
                unreadable = true;
            }
            Err(Refused::NotTheSame) => return Err(cannot_say(&source.path, to)),
        }
    }
    let mut paths: Vec<&str> = new.values().map(|source: &Source| source.path.as_str()).collect();
    paths.sort_unstable();
    if let Some(twice) = paths.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(
            Failure::new(format!("two files would become `{}`", twice[0])).help("give one of them another name")
        );
    }
    if unreadable {
        terminal.note("nothing was written: what cannot be read cannot be converted\n");
    }
    Ok((!unreadable).then_some(new))
}

fn cannot_say(path: &str, to: Form) -> Failure {
    let form = match to {
        Form::Text => "text",
        Form::Yaml => "YAML",
    };
    Failure::new(format!("nothing was written: in the {form} form `{path}` would not say the same"))
        .help("in the YAML form no two declarations of one kind share a name, and no attribute is called `name`, `roles`, `doc` or `ignore`")
}

/// Compiles both forms, where the old one compiles, and compares the tables. The trees have been compared before.
fn prove(old: &SourceMap, new: &BTreeMap<String, Source>) -> Result<(), Failure> {
    let replaced = old.iter().map(|(_, source)| new.get(&source.path).unwrap_or(source).clone());
    let replaced = SourceMap::new(replaced.collect());
    let Some(before) = crate::compile(old, &Options::default()).compiled else { return Ok(()) };
    let after = crate::compile(&replaced, &Options::default()).compiled;
    if after.is_some_and(|after| after.table() == before.table()) {
        return Ok(());
    }
    Err(Failure::new(
        "nothing was written: the other form compiles to another table, which is a mistake of this program",
    )
    .help("please report it, with the policy if you can"))
}

/// Writes the one file.
fn write(input: &Path, output: &Path, new: &BTreeMap<String, Source>) -> Result<(), Failure> {
    let same = |one: &Path| fs::canonicalize(one).ok();
    if same(output).is_some() && same(output) == same(input) {
        return Err(Failure::new(format!("`{}` would be overwritten by its other form", load::shown(input)))
            .help("name another file after `-o`"));
    }
    new.values().try_for_each(|source| build::write(output, source.text.as_bytes()))
}

/// Writes every file below the output folder, where it stood below the old one.
fn write_all(
    input: &Path,
    output: &Path,
    sources: &SourceMap,
    new: &BTreeMap<String, Source>,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let root = load::shown(input);
    let place =
        |source: &Source| output.join(source.path.strip_prefix(&root).unwrap_or(&source.path).trim_start_matches('/'));
    if let Some(path) = new.values().map(place).find(|path| path.exists()) {
        return Err(
            Failure::new(format!("`{}` is there already", load::shown(&path))).help("name a new folder after `-o`")
        );
    }
    for source in new.values() {
        let path = place(source);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)
                .map_err(|e| Failure::new(format!("cannot make the folder `{}`: {e}", load::shown(folder))))?;
        }
        build::write(&path, source.text.as_bytes())?;
    }
    terminal.say(&format!("wrote {} to {}", count(new.len(), "file", "files"), load::shown(output)));
    for (_, source) in sources.iter().filter(|(_, source)| source.kind == SourceKind::People) {
        terminal.say(&format!("`{}` belongs to the policy and was not copied", source.path));
    }
    Ok(())
}
