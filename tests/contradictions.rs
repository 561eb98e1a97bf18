//! What the learning portal's sources forbid is found when a copy of the policy permits it.

mod shipped;

use std::collections::BTreeSet;

use bailiwick::diagnostic::{Finding, Severity};
use bailiwick::source::{SourceMap, Span};
use bailiwick::{Outcome, check};
use shipped::{Shipped, policies};

/// A copy of the learning portal with changes: file, what stood there (once), what stands there now.
fn portal(changes: &[(&str, &str, &str)]) -> Shipped {
    let folder = policies().into_iter().find(|folder| folder.ends_with("learning-portal")).expect("the portal");
    let mut copy = Shipped::read(&folder);
    for (file, old, new) in changes {
        let (_, text) = copy.files.iter_mut().find(|(name, _)| name == file).expect("a file of the policy");
        assert_eq!(text.matches(old).count(), 1, "`{old}` in {file}");
        *text = text.replace(old, new);
    }
    copy
}

/// The errors of a code.
fn errors(outcome: &Outcome, code: check::Check) -> Vec<&Finding> {
    outcome.findings.iter().filter(|f| f.code == code.code && f.severity == Severity::Error).collect()
}

/// The check with this code.
fn check_of(code: &str) -> check::Check {
    *check::CHECKS.iter().find(|c| c.code.0 == code).expect("a check")
}

/// The text of a place.
fn text(sources: &SourceMap, span: Span) -> &str {
    &sources.get(span.source).text[span.start as usize..span.end as usize]
}

/// The places of a finding as (what is said of it, text).
fn places(sources: &SourceMap, finding: &Finding) -> BTreeSet<(String, String)> {
    finding.labels.iter().map(|l| (l.text.clone(), text(sources, l.span).to_owned())).collect()
}

fn pairs(expected: &[(&str, &str)]) -> BTreeSet<(String, String)> {
    expected.iter().map(|(said, text)| ((*said).to_owned(), (*text).to_owned())).collect()
}

/// R003-58: "read only", and four things that change something: the finding names these and nothing else.
#[test]
fn what_a_monitor_changes_contradicts_that_it_only_reads() {
    let meant = "courses.enrol_self, paths.enrol_self, groups.enrol_self, collab_groups.create";
    let copy = portal(&[("administrators.bw", &format!(" except {meant}\n"), "\n")]);
    let outcome = copy.outcome();
    assert_eq!(outcome.findings.iter().filter(|f| f.severity == Severity::Error).count(), 1);
    let [finding] = errors(&outcome, check_of("BW308"))[..] else { panic!("{:?}", outcome.findings) };
    let said: BTreeSet<&str> = finding.notes.iter().flat_map(|note| note.split('`').skip(1).step_by(2)).collect();
    assert_eq!(said, meant.split(", ").collect::<BTreeSet<_>>());
    assert!(finding.message.contains("`monitor` gives 4 actions"), "{}", finding.message);
    let enrols = "gives `courses.enrol_self`, `groups.enrol_self` and `paths.enrol_self`";
    let expected = [
        ("promised here", "read only"),
        ("gives `collab_groups.create`", "allow   collab_groups.create"),
        (enrols, "allow   courses.enrol_self, paths.enrol_self, groups.enrol_self"),
    ];
    assert_eq!(places(&copy.sources(), finding), pairs(&expected));
}

/// The line by which a partial administrator promises not to see, change or give the status.
const PROMISE: &str = "  never   admin_kind, assign.portal_admin, assign.partial_admin  // R003-25";

/// R003-25: a partial administrator who may give the status of a full one gives more than he has.
#[test]
fn a_partial_administrator_who_gives_the_full_status_is_found() {
    let copy = portal(&[("administrators.bw", PROMISE, "  assigns portal_admin  //")]);
    let outcome = copy.outcome();
    let [finding] = errors(&outcome, check_of("BW501"))[..] else { panic!("{:?}", outcome.findings) };
    assert!(finding.message.starts_with("`pia` may give the role `portal_admin`, which has "), "{}", finding.message);
    let expected = [("lets it be given", "assigns portal_admin"), ("gives more", "portal_admin")];
    assert_eq!(places(&copy.sources(), finding), pairs(&expected));
}

/// The same with the promise left in the text: it is seen to be broken.
#[test]
fn the_promise_itself_is_broken_too() {
    let assigns = format!("  assigns portal_admin\n{PROMISE}");
    let outcome = portal(&[("administrators.bw", PROMISE, &assigns)]).outcome();
    assert_eq!(errors(&outcome, check_of("BW501")).len(), 1);
    let [broken] = errors(&outcome, check_of("BW307"))[..] else { panic!("{:?}", outcome.findings) };
    assert!(broken.message.contains("partial_admin") && broken.message.contains("portal_admin"), "{}", broken.message);
}

/// R003-25: "although it may add accounts": if adding an account decides its roles, a full administrator can be added.
#[test]
fn a_partial_administrator_who_adds_a_full_one_is_found() {
    let outcome = portal(&[("resources.bw", "  write   add\n", "  write   add changes roles\n")]).outcome();
    let found = errors(&outcome, check_of("BW501"));
    let given = found.iter().filter(|f| f.message.contains("may give the role `portal_admin`"));
    let who: Vec<&str> =
        given.flat_map(|f| [f.message.as_str()].into_iter().chain(f.notes.iter().map(String::as_str))).collect();
    assert!(who.iter().any(|text| text.contains("`pia`")), "{who:?}");
}

/// A clerk who corrects her own record, and an office that makes whoever is in it a full administrator.
const OFFICE: &str = "role clerk { allow accounts.edit on users in self }
admin clara { email clara@portal.example; phone +44 1632 960011; unit north; role clerk }
group office = unit south_campus
users in office hold portal_admin
";

/// R003-25: nor by a way round: he logs in as somebody who moves into the office whose people are full administrators. Every step
/// is shown with its line.
#[test]
fn a_chain_to_the_full_status_is_printed_step_by_step() {
    let login = "allow accounts.login_as on users in holders of clerk";
    let edit = "allow accounts.edit on users in self";
    let never = "  never   accounts.login_as                                      // R003-26";
    let mut copy = portal(&[("administrators.bw", never, &format!("  {login}\n"))]);
    copy.files.push(("office.bw".to_owned(), OFFICE.to_owned()));
    let outcome = copy.outcome();
    let found = errors(&outcome, check_of("BW502"));
    let chain = found
        .iter()
        .find(|f| f.message.starts_with("`pia` can come to "))
        .expect("a chain of the partial administrator");
    let expected = [("who", "pia"), ("step 1", login), ("step 2", edit)];
    assert_eq!(places(&copy.sources(), chain), pairs(&expected));
    let [first, second, last] = &chain.notes[..] else { panic!("{:?}", chain.notes) };
    assert_eq!(*first, format!("1. `pia` can act as `clara` by `accounts.login_as` (role partial_admin: {login})"));
    let moved = "2. `clara` changes `unit` and `labels` of itself by `accounts.edit`";
    assert_eq!(*second, format!("{moved} (role clerk: {edit})"));
    assert!(last.starts_with("3. `clara` may then use `accounts."), "{last}");
}

/// Nothing of this is found in the policy as it is.
#[test]
fn the_portal_as_it_is_contradicts_nothing() {
    let outcome = portal(&[]).outcome();
    assert!(outcome.findings.iter().all(|f| f.severity != Severity::Error), "{:?}", outcome.findings);
}
