//! The syntax tree: what a policy says, word for word, before any name is looked up.
//!
//! Both forms (text and YAML) give this tree. Every node that a finding may point at keeps its [`Span`].
//! Names are normalised to NFC here and nowhere else.

use crate::source::{SourceId, Span, Spanned};

/// One source's declarations, in the order written.
#[derive(Debug, Clone)]
pub struct File {
    /// The source they were read from.
    pub source: SourceId,
    /// The declarations that could be read; a broken one left a finding instead.
    pub decls: Vec<Decl>,
    /// Whether a declaration was left out because it could not be read.
    pub broken: bool,
}

/// A name: an identifier, or a quoted string with any text; NFC.
pub type Name = Spanned<String>;

/// Names joined by dots; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// The names, in order.
    pub names: Vec<Name>,
    /// From the first to the last.
    pub span: Span,
}

/// A declaration with what stands before it.
#[derive(Debug, Clone)]
pub struct Decl {
    /// The `///` lines before it, joined by line ends.
    pub doc: Option<String>,
    /// The `ignore` lines before it.
    pub ignores: Vec<Ignore>,
    /// What is declared.
    pub kind: DeclKind,
    /// The whole declaration, without `///` and `ignore` lines.
    pub span: Span,
}

/// `ignore BW302 "reason"`.
#[derive(Debug, Clone)]
pub struct Ignore {
    /// The code to silence.
    pub code: Name,
    /// Why.
    pub reason: Spanned<String>,
    /// The whole line.
    pub span: Span,
}

/// What can be declared.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "each variant is the declaration whose name it bears")]
pub enum DeclKind {
    Platform(Platform),
    Feature(Feature),
    Tier(Tier),
    Resource(Resource),
    Attribute(Attribute),
    Label(Tree),
    Unit(Tree),
    Relation(Relation),
    Group(Group),
    Role(Role),
    Automatic(Automatic),
    Forbid(Forbid),
    Admin(Box<Admin>),
    People(People),
    Responsible(Spanned<String>),
    Exception(Exception),
    Transfer(Transfer),
    Quota(Quota),
    Separate(Separate),
    Assertion(Assertion),
    Lint(Lint),
    Test(Test),
}

/// A text, perhaps for one language: `"Owner"` or `label en "Owner"`.
#[derive(Debug, Clone)]
pub struct Text {
    /// The language, none for a text that serves all.
    pub language: Option<Name>,
    /// The text.
    pub text: Spanned<String>,
}

/// `platform acme "Acme Learning" { ... }`.
#[derive(Debug, Clone)]
pub struct Platform {
    /// Its name.
    pub name: Name,
    /// Its title.
    pub label: Option<Spanned<String>>,
    /// `languages en, pl`.
    pub languages: Vec<Name>,
    /// `granularity action` or `resource`.
    pub granularity: Option<Spanned<Granularity>>,
    /// `roles per account many` or `one`.
    pub roles_per_account: Option<Spanned<RolesPerAccount>>,
    /// `super none`.
    pub super_none: Option<Span>,
}

/// How fine a grant may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Granularity {
    /// Grants may name single actions.
    Action,
    /// Grants name whole resources only.
    Resource,
}

/// How many roles an account may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RolesPerAccount {
    /// Any number.
    Many,
    /// Exactly one.
    One,
}

/// `feature resell off set by owner`.
#[derive(Debug, Clone)]
pub struct Feature {
    /// Its name.
    pub name: Name,
    /// On unless `off` is written.
    pub on: bool,
    /// The roles whose holders may turn it.
    pub set_by: Vec<Name>,
}

/// `tier user covers * except administration`.
#[derive(Debug, Clone)]
pub struct Tier {
    /// Its name.
    pub name: Name,
    /// The actions that the tier pays for.
    pub covers: ActionSet,
}

/// `resource reports "Reports" on entity, user when ecommerce { ... }`.
#[derive(Debug, Clone)]
pub struct Resource {
    /// Its name.
    pub name: Name,
    /// Its title.
    pub label: Option<Spanned<String>>,
    /// What its actions are done to; empty for site-wide.
    pub on: Vec<Spanned<TargetKind>>,
    /// The features it exists with.
    pub when: Vec<Name>,
    /// Its actions, in the order written.
    pub actions: Vec<ActionDecl>,
}

/// What an action is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TargetKind {
    /// An entity: everything that is no account.
    Entity,
    /// An account, judged by the user part.
    User,
    /// One account that stands in both parts.
    Account,
}

/// One action of a resource.
#[derive(Debug, Clone)]
pub struct ActionDecl {
    /// Its name within the resource.
    pub name: Name,
    /// The kind it was listed under.
    pub kind: Kind,
    /// `signed`: published under the author's signature.
    pub signed: Option<Span>,
    /// `implies`: who may do this may do those. A one-name path names a sibling.
    pub implies: Vec<Path>,
    /// `needs`: prerequisites whose absence is a finding.
    pub needs: Vec<Path>,
    /// `changes`: facts of accounts that the action alters (an attribute, or `unit`, `labels`, `scope`, `roles`, `recovery`).
    pub changes: Vec<Name>,
}

/// What doing an action amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each variant is the keyword whose name it bears")]
pub enum Kind {
    View,
    Write,
    Destroy,
    Become,
    Assign,
}

/// `attribute country { fi, se }`, or `text`, `number`, `flag`.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// Its name.
    pub name: Name,
    /// Its values.
    pub ty: AttributeType,
}

/// The values of an attribute.
#[derive(Debug, Clone)]
pub enum AttributeType {
    /// One of these.
    Closed(Vec<Name>),
    /// Any text.
    Text,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Flag,
}

/// A node of a forest of labels or units, with the nodes below it.
#[derive(Debug, Clone)]
pub struct Tree {
    /// Its name.
    pub name: Name,
    /// The nodes directly below.
    pub children: Vec<Tree>,
}

/// `relation manages on user`.
#[derive(Debug, Clone)]
pub struct Relation {
    /// Its name.
    pub name: Name,
    /// What it leads to: `user`, `entity` or both.
    pub on: Vec<Spanned<TargetKind>>,
}

/// `group finland = country is fi`.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its name.
    pub name: Name,
    /// Who is in it.
    pub condition: Condition,
}

/// A predicate on one account.
#[derive(Debug, Clone)]
pub struct Condition {
    /// The predicate.
    pub kind: ConditionKind,
    /// All of it.
    pub span: Span,
}

/// The forms a predicate takes.
#[derive(Debug, Clone)]
pub enum ConditionKind {
    /// `a and b and c`; at least two.
    And(Vec<Condition>),
    /// `a or b or c`; at least two.
    Or(Vec<Condition>),
    /// `not a`.
    Not(Box<Condition>),
    /// The name of a group, alone.
    Group(Path),
    /// `unit north`, or `unit acme only`.
    Unit {
        /// The unit.
        unit: Path,
        /// Without the units below.
        only: bool,
    },
    /// `labelled fi`.
    Labelled(Path),
    /// `holders of manager`.
    Holders(Name),
    /// `country is fi` and its like.
    Attribute {
        /// A declared attribute, or `login`, `name`, `email`, `id`.
        attribute: Name,
        /// The test, after `not` has been taken out of it.
        test: AttributeTest,
        /// `is not`, `not in`, `is not set`: the same sentence as `not (... is ...)`.
        negated: bool,
    },
}

/// What is asked of an attribute.
#[derive(Debug, Clone)]
pub enum AttributeTest {
    /// `is fi`, `is "sales"`, `is 3`, `is true`.
    Is(Name),
    /// `in (fi, se)`.
    In(Vec<Name>),
    /// `is set`.
    Set,
    /// `starts with "a"`.
    StartsWith(Name),
    /// `ends with "@acme.example"`.
    EndsWith(Name),
    /// `contains "x"`.
    Contains(Name),
    /// `at least 3`.
    AtLeast(Name),
    /// `at most 3`.
    AtMost(Name),
}

/// The one shape of every set: `item, item except item`, or `* except item`.
#[derive(Debug, Clone)]
pub struct Set<T> {
    /// The items, or all.
    pub items: Items<T>,
    /// What is taken out.
    pub except: Vec<Spanned<T>>,
    /// All of it.
    pub span: Span,
}

/// The positive half of a set.
#[derive(Debug, Clone)]
pub enum Items<T> {
    /// `*`.
    All(Span),
    /// `item, item`: any of them; never empty.
    Listed(Vec<Spanned<T>>),
}

/// A set of actions.
pub type ActionSet = Set<ActionItem>;

/// `courses.create`, `courses`, `view courses`, `write *`, `assign.learner`, `assign.*`.
///
/// A bare `*` among several items is an item with no kind and no path.
#[derive(Debug, Clone)]
pub struct ActionItem {
    /// Only actions of this kind.
    pub kind: Option<Spanned<Kind>>,
    /// The resource or action; none for `*`.
    pub path: Option<Path>,
}

/// A set of users, after `users in`.
pub type UserSet = Set<UserItem>;

/// One item after `users in`.
#[derive(Debug, Clone)]
pub enum UserItem {
    /// A group, a unit or a relation: they share one namespace.
    Named(Path),
    /// `own unit`.
    OwnUnit,
    /// `self`.
    Myself,
    /// `holders of ROLE`.
    Holders(Name),
}

/// A set of entities, after `entities`.
pub type EntitySet = Set<EntityItem>;

/// One item after `entities`.
#[derive(Debug, Clone)]
pub enum EntityItem {
    /// `in unit north`.
    InUnit(Path),
    /// `in own unit`.
    InOwnUnit,
    /// `id "gdpr-2026"`.
    Id(Name),
    /// A relation.
    Relation(Name),
    /// `labelled fi, mandatory` (any) or `labelled fi and mandatory` (all).
    Labelled {
        /// The labels; never empty.
        labels: Vec<Path>,
        /// Joined by `and`.
        all: bool,
    },
}

/// `users in ...`, `entities ...`, or both joined by `and`; at least one is there.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The user part.
    pub users: Option<UserSet>,
    /// The entity part.
    pub entities: Option<EntitySet>,
    /// All of it.
    pub span: Span,
}

/// A set of subjects: who.
pub type SubjectSet = Set<SubjectItem>;

/// One item of a set of subjects. `everyone` is an item, not `*`.
#[derive(Debug, Clone)]
pub enum SubjectItem {
    /// `holders of manager`.
    Holders(Name),
    /// `users in finland`: one item.
    UsersIn(UserItem),
    /// `admin aino`: by the name of the block.
    Admin(Name),
    /// `tier viewer`.
    Tier(Name),
    /// `role manager`: its own grants.
    Role(Name),
    /// `self`: the target is the actor.
    Myself,
    /// `everyone`.
    Everyone,
}

/// A condition on a line: `when resell and actor in top`.
#[derive(Debug, Clone)]
pub enum Gate {
    /// A feature.
    Feature(Name),
    /// `actor in GROUP`.
    ActorIn(Path),
}

/// `from` and `until`, both inclusive, both optional.
#[derive(Debug, Clone, Default)]
pub struct Period {
    /// The first day.
    pub from: Option<Spanned<jiff::civil::Date>>,
    /// The last day.
    pub until: Option<Spanned<jiff::civil::Date>>,
}

/// `role` or `profile`.
#[derive(Debug, Clone)]
pub struct Role {
    /// Declared with `profile`.
    pub profile: bool,
    /// Its name.
    pub name: Name,
    /// Its titles: the string in the head, and `label` lines.
    pub labels: Vec<Text>,
    /// `super`.
    pub superuser: Option<Span>,
    /// `ungrantable`.
    pub ungrantable: Option<Span>,
    /// `by claim`.
    pub by_claim: Option<Span>,
    /// `spare`.
    pub spare: Option<Span>,
    /// `read only`, with what it excepts.
    pub read_only: Option<ReadOnly>,
    /// `tier admin`.
    pub tier: Option<Name>,
    /// `needs role portal_admin`.
    pub needs: Vec<Name>,
    /// `when resell and actor in top`.
    pub when: Vec<Gate>,
    /// The statements of the body, in the order written.
    pub body: Vec<Spanned<RoleItem>>,
}

/// `read only except courses.create`.
#[derive(Debug, Clone)]
pub struct ReadOnly {
    /// The actions of another kind that it may hold all the same.
    pub except: Vec<Spanned<ActionItem>>,
    /// All of it.
    pub span: Span,
}

/// A statement of a role's body (`label` lines stand in [`Role::labels`]).
#[derive(Debug, Clone)]
pub enum RoleItem {
    /// `scope ...`.
    Scope(Scope),
    /// `extends learner, operator on ...`.
    Extends(Extends),
    /// `allow ...`.
    Allow(Allow),
    /// `except ... on ...`.
    Except(Except),
    /// `assigns learner on ...`.
    Assigns(Assigns),
    /// `never ... on ...`.
    Never(Except),
    /// `holders at most 2 per unit`.
    Holders(Holders),
    /// `primary`: the role decides the interface, not the rights.
    Primary,
}

/// `extends learner on users in own unit`.
#[derive(Debug, Clone)]
pub struct Extends {
    /// The roles.
    pub roles: Vec<Name>,
    /// The fence on what comes from them.
    pub on: Option<Scope>,
}

/// `allow courses.edit on ... when ... from ... until ... reason "..."`.
#[derive(Debug, Clone)]
pub struct Allow {
    /// The actions.
    pub actions: ActionSet,
    /// The fence on this line.
    pub on: Option<Scope>,
    /// Conditions.
    pub when: Vec<Gate>,
    /// The days it is valid.
    pub period: Period,
    /// Why.
    pub reason: Option<Spanned<String>>,
}

/// `except ACTIONS on SCOPE`, and the body of `never` in a role.
#[derive(Debug, Clone)]
pub struct Except {
    /// The actions.
    pub actions: ActionSet,
    /// Where.
    pub on: Option<Scope>,
}

/// `assigns learner, manager on users in own unit`.
#[derive(Debug, Clone)]
pub struct Assigns {
    /// The roles.
    pub roles: Set<Name>,
    /// To whom.
    pub on: Option<Scope>,
    /// Conditions.
    pub when: Vec<Gate>,
    /// The days it is valid.
    pub period: Period,
    /// Why.
    pub reason: Option<Spanned<String>>,
}

/// `holders at least 1`, `at most 2 per unit`, `exactly 1`.
#[derive(Debug, Clone)]
pub struct Holders {
    /// At least so many.
    pub least: Option<Spanned<u32>>,
    /// At most so many.
    pub most: Option<Spanned<u32>>,
    /// Counted by the holder's own unit.
    pub per_unit: bool,
}

/// `users in contractors hold learner, analyst on ...`.
#[derive(Debug, Clone)]
pub struct Automatic {
    /// The group, or unit.
    pub users: UserSet,
    /// What they hold.
    pub roles: Vec<Name>,
    /// The fence on it.
    pub on: Option<Scope>,
}

/// `forbid ACTIONS on SCOPE for SUBJECTS unless SUBJECTS`.
#[derive(Debug, Clone)]
pub struct Forbid {
    /// The actions.
    pub actions: ActionSet,
    /// Where; everywhere when it is not written.
    pub on: Option<Scope>,
    /// For whom; everyone when it is not written.
    pub subjects: Option<SubjectSet>,
    /// But not for these.
    pub unless: Option<SubjectSet>,
    /// Why.
    pub reason: Option<Spanned<String>>,
}

/// `admin aino "Aino Virtanen" { ... }`.
#[derive(Debug, Clone)]
pub struct Admin {
    /// The name of the block.
    pub name: Name,
    /// The person's names.
    pub title: Option<Spanned<String>>,
    /// The statements, in the order written.
    pub body: Vec<Spanned<AdminItem>>,
}

/// A statement of an admin's body.
#[derive(Debug, Clone)]
pub enum AdminItem {
    /// `login aino.virtanen`.
    Login(Name),
    /// `email aino@acme.example`.
    Email(Name),
    /// `phone +358 40 1234567`.
    Phone(Name),
    /// `id "E-1017"`.
    Id(Name),
    /// `photo "aino.jpg"`.
    Photo(Name),
    /// `unit helsinki`.
    Unit(Path),
    /// `labels fi, mandatory`.
    Labels(Vec<Path>),
    /// `profile fi_analyst`, perhaps fenced and dated.
    Profile(Assignment),
    /// `role operator on ... until ...`.
    Role(Assignment),
    /// `scope ...`.
    Scope(Box<Scope>),
    /// `allow ...`.
    Allow(Box<Allow>),
    /// `valid from ... until ...`.
    Valid(Period),
    /// `inactive`.
    Inactive,
    /// `country fi`: an attribute as declared.
    Attribute {
        /// The attribute.
        name: Name,
        /// Its value, raw.
        value: Name,
    },
}

/// A role given to an admin.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// The role or profile.
    pub role: Name,
    /// The fence on this assignment.
    pub on: Option<Box<Scope>>,
    /// The days it is valid.
    pub period: Period,
    /// Why.
    pub reason: Option<Spanned<String>>,
}

/// `admins from "people.csv"`.
#[derive(Debug, Clone)]
pub struct People {
    /// The path, relative to the file it is written in.
    pub path: Spanned<String>,
}

/// `exception "name" for SUBJECTS may change personal, access until ... reason "..."`.
#[derive(Debug, Clone)]
pub struct Exception {
    /// Its name.
    pub name: Spanned<String>,
    /// Who.
    pub subjects: SubjectSet,
    /// What they may request: `personal`, `access`, `recovery`.
    pub changes: Vec<Name>,
    /// How long.
    pub period: Period,
    /// Why.
    pub reason: Option<Spanned<String>>,
}

/// `transfer owner from nina to maria reason "handover"`.
#[derive(Debug, Clone)]
pub struct Transfer {
    /// The role that changes hands.
    pub role: Name,
    /// Its former holder, who may be gone.
    pub from: Name,
    /// Its new holder.
    pub to: Name,
    /// Why.
    pub reason: Option<Spanned<String>>,
}

/// `quota at most 50 tier user, tier admin counting active soft price 9.00 EUR`.
#[derive(Debug, Clone)]
pub struct Quota {
    /// The limit.
    pub most: Spanned<u32>,
    /// What is counted; an account that matches any is counted once.
    pub of: Vec<Spanned<QuotaItem>>,
    /// `counting active` (default) or `counting all`.
    pub counting_all: bool,
    /// The excess is billed, not refused.
    pub soft: Option<Span>,
    /// What a seat above the limit costs.
    pub price: Option<Price>,
}

/// What a quota counts.
#[derive(Debug, Clone)]
pub enum QuotaItem {
    /// Accounts of this tier.
    Tier(Name),
    /// Holders of this role.
    Role(Name),
    /// Accounts in this unit or below.
    Unit(Path),
}

/// `9.00 EUR`.
#[derive(Debug, Clone)]
pub struct Price {
    /// The amount, in hundredths of the currency's unit.
    pub cents: u64,
    /// The currency's code.
    pub currency: Name,
}

/// `separate plans.change from reports.schedule`.
#[derive(Debug, Clone)]
pub struct Separate {
    /// One side.
    pub left: Side,
    /// The other.
    pub right: Side,
}

/// One side of a separation.
#[derive(Debug, Clone)]
pub enum Side {
    /// Actions.
    Actions(ActionSet),
    /// `role portal_admin`.
    Role(Name),
}

/// `never W can A on S`, `always W can A on S`.
#[derive(Debug, Clone)]
pub struct Assertion {
    /// `always`.
    pub always: bool,
    /// Who.
    pub subjects: SubjectSet,
    /// What.
    pub actions: ActionSet,
    /// Where.
    pub on: Option<Scope>,
}

/// `lint BW311 off`.
#[derive(Debug, Clone)]
pub struct Lint {
    /// The code.
    pub code: Name,
    /// `off`, `note`, `warning`, `error`.
    pub level: Name,
}

/// `test "..." at 2027-02-01 with manager_goals on { ... }`.
#[derive(Debug, Clone)]
pub struct Test {
    /// Its title.
    pub name: Spanned<String>,
    /// The day the questions are asked on; today when it is not written.
    pub at: Option<Spanned<jiff::civil::Date>>,
    /// Features set for these questions only.
    pub with: Vec<(Name, bool)>,
    /// The questions.
    pub lines: Vec<TestLine>,
}

/// `aino can reports.open on user { country fi }`.
#[derive(Debug, Clone)]
pub struct TestLine {
    /// Who asks.
    pub actor: Actor,
    /// `can` or `cannot`.
    pub can: bool,
    /// The actions; each must be decided so.
    pub actions: ActionSet,
    /// On what; none for a site-wide action.
    pub target: Option<Target>,
    /// The whole line.
    pub span: Span,
}

/// Who asks a question.
#[derive(Debug, Clone)]
pub enum Actor {
    /// An admin, by the name of its block.
    Admin(Name),
    /// `as learner, manager { unit oulu }`: an account that the policy does not name.
    Claims {
        /// The roles it presents; may be empty (`as { country fi }`).
        roles: Vec<Name>,
        /// Its facts.
        facts: Facts,
        /// All of it.
        span: Span,
    },
}

/// `entity { ... } and user { ... }`, or `account { ... }`; at least one part is there.
#[derive(Debug, Clone)]
pub struct Target {
    /// `entity { ... }`.
    pub entity: Option<Facts>,
    /// `user { ... }`.
    pub user: Option<Facts>,
    /// `account { ... }`: never beside the others.
    pub account: Option<Facts>,
    /// All of it.
    pub span: Span,
}

/// `{ id "gdpr-2026"; labels mandatory; country fi }`.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The facts, in the order written.
    pub items: Vec<Spanned<Fact>>,
    /// From the word before the brace to the closing one.
    pub span: Span,
}

/// One fact about an account or entity.
#[derive(Debug, Clone)]
pub enum Fact {
    /// `login maria`: an account of the policy by its login, or somebody else's login.
    Login(Name),
    /// `id "gdpr-2026"`.
    Id(Name),
    /// `unit oulu`.
    Unit(Path),
    /// `labels fi, mandatory`.
    Labels(Vec<Path>),
    /// `relation manages, path_admin`: those that lead from the actor to it.
    Relations(Vec<Name>),
    /// `role learner`: roles that it presents by claim.
    Roles(Vec<Name>),
    /// `country fi`, or a built-in attribute (`email`, `name`).
    Attribute {
        /// The attribute.
        name: Name,
        /// Its value, raw.
        value: Name,
    },
}
