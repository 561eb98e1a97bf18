//! The byte map of format version 2, as named constants. `FORMAT.md` says the same in prose.

/// The first eight bytes of a table. Line ends and the high bit show a file that was copied as text.
pub const MAGIC: [u8; 8] = [0x89, b'B', b'W', b'T', 0x0d, 0x0a, 0x1a, 0x0a];
/// The version that this crate reads and the compiler writes.
pub const VERSION: u32 = 2;
/// Sections begin at multiples of this, so that a card or a bucket lies in one line of a processor's cache.
pub const ALIGN: usize = 64;
/// No string, no role, no tier, no account.
pub const NONE: u32 = u32::MAX;

/// Where the fields of the header are.
pub mod header {
    /// u32, the format's version.
    pub const VERSION: usize = 8;
    /// u32, the header's length; the first section begins there.
    pub const LENGTH: usize = 12;
    /// u64, the table's length.
    pub const TOTAL: usize = 16;
    /// u32, CRC-32 of all other bytes.
    pub const CRC: usize = 24;
    /// u32, zero.
    pub const RESERVED: usize = 28;
    /// u64, the caller's revision.
    pub const REVISION: usize = 32;
    /// 16 bytes, the digest of everything behind the header.
    pub const DIGEST: usize = 40;
    /// u32, the number of sections.
    pub const SECTIONS: usize = 56;
    /// u32, zero.
    pub const RESERVED_2: usize = 60;
    /// For each section u32 offset and u32 count of records.
    pub const DIRECTORY: usize = 64;
    /// The length of the whole header.
    pub const SIZE: usize = DIRECTORY + 8 * super::section::COUNT;
}

macro_rules! sections {
    ($($(#[$doc:meta])* $name:ident, $label:literal, $size:literal;)*) => {
        /// The sections, in the order in which they stand in the file.
        pub mod section {
            #[derive(Clone, Copy)]
            #[expect(non_camel_case_types, clippy::upper_case_acronyms, reason = "the numbers behind the constants below")]
            enum Number { $($name),*, END }
            $($(#[$doc])* pub const $name: usize = Number::$name as usize;)*
            /// How many there are.
            pub const COUNT: usize = Number::END as usize;
            /// Their names in messages.
            pub const TITLES: [&str; COUNT] = [$($label),*];
            /// The bytes of a record of each.
            pub const SIZES: [usize; COUNT] = [$($size),*];
        }
    };
}

sections! {
    /// All strings behind one another, UTF-8.
    TEXT, "text", 1;
    /// Where each string starts in the text; one more for the end.
    STRINGS, "strings", 4;
    /// One record: platform, default signature, longest probe, reserved.
    META, "meta", 16;
    /// path, resource, role given, kind and signature and flags (see `action`).
    ACTIONS, "actions", 16;
    /// name, type, first value, values.
    ATTRIBUTES, "attributes", 16;
    /// A closed attribute's value: string.
    VALUES, "values", 4;
    /// path, end of the subtree.
    LABELS, "labels", 8;
    /// path, end of the subtree.
    UNITS, "units", 8;
    /// name, flags.
    RELATIONS, "relations", 8;
    /// name, flags, tier, needs (first, count), extends (first, count), reserved.
    ROLES, "roles", 32;
    /// Roles that others need or extend.
    ROLE_LIST, "role list", 4;
    /// name.
    TIERS, "tiers", 4;
    /// name, whether it is on.
    FEATURES, "features", 8;
    /// i64.
    NUMBERS, "numbers", 8;
    /// operator and attribute, operand.
    TESTS, "tests", 8;
    /// Words of composite predicates.
    NODES, "nodes", 4;
    /// from, until.
    DAYS, "days", 8;
    /// entities, users, gate, days, holes (first, count).
    CONDITIONS, "conditions", 24;
    /// entities, users.
    HOLES, "holes", 8;
    /// action, condition, origin.
    GRANTS, "grants", 12;
    /// Where each run of grants of role rows starts; one more for the end.
    RUNS, "runs", 4;
    /// bits, unconditional ones, first run: for each role, for each 32 actions.
    ROLE_ROWS, "role rows", 12;
    /// Where each direct row's grants start; one more for the end.
    DIRECT_ROWS, "direct rows", 4;
    /// days, origin or none.
    TERMS, "terms", 8;
    /// A card for each account.
    ACCOUNTS, "account cards", 64;
    /// Words of the blocks of accounts with more than fits their card.
    BLOCKS, "account blocks", 4;
    /// Eight hashes and eight accounts each.
    BUCKETS, "login buckets", 64;
    /// entities, users, actors, unless, origin.
    FORBIDS, "forbids", 20;
    /// Where each action's forbids start; one more for the end.
    FORBID_STARTS, "forbid starts", 4;
    /// Numbers of forbids.
    FORBID_LIST, "forbid list", 4;
    /// users, row, entities, users, terms.
    AUTOMATIC, "automatic rules", 20;
    /// For each action a bit for each role: whether it gives the action without a condition.
    HOLDERS, "holders", 4;
}

/// References to predicates: one word holds a constant, a test or the place of a composite node.
pub mod reference {
    /// The complement of what the rest of the word says.
    pub const NEGATED: u32 = 1 << 31;
    /// Where the kind's four bits stand.
    pub const KIND_SHIFT: u32 = 27;
    /// The bits below the kind.
    pub const PAYLOAD: u32 = (1 << KIND_SHIFT) - 1;
    /// Payload 0: nothing; 1: everything.
    pub const CONST: u32 = 0;
    /// Payload: the word in the nodes where the composite node starts.
    pub const NODE: u32 = 1;
    /// Payload: attribute and value of a closed attribute.
    pub const CHOICE: u32 = 2;
    /// Payload: unit; the party is in it or below.
    pub const UNIT: u32 = 3;
    /// Payload: unit; the party is in the unit itself.
    pub const UNIT_ONLY: u32 = 4;
    /// Payload: label.
    pub const LABEL: u32 = 5;
    /// Payload: relation.
    pub const RELATION: u32 = 6;
    /// Payload: role.
    pub const GIVEN: u32 = 7;
    /// Payload: tier.
    pub const DIRECT_TIER: u32 = 8;
    /// Payload zero.
    pub const OWN_UNIT: u32 = 9;
    /// Payload zero.
    pub const MYSELF: u32 = 10;
    /// Payload: attribute.
    pub const SET: u32 = 11;
    /// Payload: record of the tests.
    pub const TEST: u32 = 12;
    /// In no table: what a reader calls the units of a card's entries by.
    pub const LIST: u32 = 13;
    /// Not a reference: marks the first word of a composite node.
    pub const HEAD: u32 = 15;
    /// The bits of the value in a [`CHOICE`]; the attribute stands above them.
    pub const CHOICE_BITS: u32 = 17;
    /// Nothing.
    pub const FALSE: u32 = 0;
    /// Everything.
    pub const TRUE: u32 = 1;
}

/// The first word of a composite node.
pub mod node {
    /// Set for `or`, clear for `and`.
    pub const OR: u32 = 1 << 31;
    /// Where the depth's eight bits stand.
    pub const DEPTH_SHIFT: u32 = 19;
    /// The bits of the number of children.
    pub const COUNT: u32 = (1 << DEPTH_SHIFT) - 1;
}

/// Operators of the records of tests; the attribute stands in the lower 24 bits.
pub mod operator {
    /// Where the operator stands.
    pub const SHIFT: u32 = 24;
    /// Text is the operand.
    pub const IS: u32 = 0;
    /// Text begins with the operand.
    pub const STARTS_WITH: u32 = 1;
    /// Text ends with the operand.
    pub const ENDS_WITH: u32 = 2;
    /// Text contains the operand.
    pub const CONTAINS: u32 = 3;
    /// A number is the operand.
    pub const EQUALS: u32 = 4;
    /// A number is the operand or greater.
    pub const AT_LEAST: u32 = 5;
    /// A number is the operand or less.
    pub const AT_MOST: u32 = 6;
}

/// The word with which an assignment names its row.
pub mod row {
    /// The bits of the row's number: role rows first, then direct rows.
    pub const NUMBER: u32 = (1 << 29) - 1;
    /// The account was given the row's role on the assignment's days.
    pub const GIVEN: u32 = 1 << 29;
    /// The days are not all days.
    pub const DATED: u32 = 1 << 30;
    /// A fence is written on the way: no site-wide action passes.
    pub const RESTRICTED: u32 = 1 << 31;
}

/// The last word of an action's record.
pub mod action {
    /// It publishes under the author's signature.
    pub const SIGNED: u32 = 1 << 16;
    /// There are prohibitions of it.
    pub const FORBIDDEN: u32 = 1 << 17;
    /// A role gives it only under a condition.
    pub const CONDITIONAL: u32 = 1 << 18;
    /// The bits of kind, signature and flags.
    pub const ALL: u32 = 0x7_ffff;
}

/// The cards of accounts, and the chunks of entries in their blocks: a word, four roles, first units, last units, sixteen bits each.
pub mod card {
    /// Bytes of a card.
    pub const SIZE: usize = 64;
    /// Assignments at most, of a card and of a chunk.
    pub const ROLES: usize = 4;
    /// Entries at most, of a card and of a chunk.
    pub const ENTRIES: usize = 12;
    /// Entries at most of an assignment.
    pub const UNITS_EACH: usize = 7;
    /// The bits of the first word that tell an assignment's number of entries; those of the first stand lowest.
    pub const LENGTH_BITS: u32 = 3;
    /// Where the bits are which assignments the account was given the role by.
    pub const GIVEN: u32 = 12;
    /// Its units are for entities.
    pub const ENTITIES: u32 = 1 << 16;
    /// Its units are for users.
    pub const USERS: u32 = 1 << 17;
    /// The account is active.
    pub const ACTIVE: u32 = 1 << 18;
    /// Its entries hold on the days on which the account is valid, which are not all days.
    pub const DATED: u32 = 1 << 19;
    /// The last word is where its block starts.
    pub const BLOCK: u32 = 1 << 20;
    /// There are chunks in its block.
    pub const CHUNKS: u32 = 1 << 21;
    /// There are assignments in its block.
    pub const REST: u32 = 1 << 22;
    /// Where the five bits are with the length of the login; zero when it stands in the block.
    pub const LOGIN: u32 = 23;
    /// Logins in cards are at most so long.
    pub const LONGEST: usize = 31;
    /// Where the four bits with the number of all entries are.
    pub const COUNT: u32 = 28;
    /// Where the word is that leads to the block.
    pub const LINK: usize = SIZE - 4;
    /// Set in every last unit.
    pub const LAST: u16 = 1 << 15;
    /// The last unit of an entry that is for everything; its first is zero.
    pub const EVERYWHERE: u16 = 0xffff;
    /// The units in entries end here at the latest.
    pub const UNITS: u32 = 0x7ffe;
    /// The bytes of the word, the roles and so many entries.
    #[must_use]
    pub const fn entries(count: usize) -> usize {
        4 + 2 * ROLES + 4 * count
    }
}

/// The blocks of accounts; each flag of the first word announces a word, which follow in this order.
pub mod block {
    /// Where the eight bits with the number of chunks stand; below them that of assignments.
    pub const CHUNKS: u32 = 16;
    /// The days on which it is valid.
    pub const DATED: u32 = 1 << 24;
    /// Its signature.
    pub const NAMED: u32 = 1 << 25;
    /// The number of its facts.
    pub const FACTS: u32 = 1 << 26;
    /// The bytes of its login.
    pub const LOGIN: u32 = 1 << 27;
    /// Its tier and its primary role, where they do not follow from its assignments.
    pub const STANDING: u32 = 1 << 28;
    /// All flags.
    pub const FLAGS: u32 = DATED | NAMED | FACTS | LOGIN | STANDING;
    /// No tier.
    pub const NO_TIER: u32 = 0xff;
    /// No primary role.
    pub const NO_PRIMARY: u32 = 0xffff;
    /// The words of an assignment.
    pub const ASSIGNMENT: u32 = 4;
}

/// The buckets of logins.
pub mod bucket {
    /// Logins in a bucket.
    pub const SLOTS: usize = 8;
}

/// The kinds of facts in the blocks; the id stands in the lower 24 bits of the key.
pub mod fact {
    /// Where the kind stands in the key.
    pub const SHIFT: u32 = 24;
    /// The bits of the id.
    pub const ID: u32 = (1 << SHIFT) - 1;
    /// Attribute; the value's number.
    pub const CHOICE: u32 = 1;
    /// Attribute; string.
    pub const TEXT: u32 = 2;
    /// Attribute; record of the numbers.
    pub const NUMBER: u32 = 3;
    /// Zero; unit.
    pub const UNIT: u32 = 4;
    /// Label; zero.
    pub const LABEL: u32 = 5;
    /// Role; days.
    pub const GIVEN: u32 = 6;
    /// Tier; days.
    pub const DIRECT_TIER: u32 = 7;
}

/// Flags of roles.
pub mod role {
    /// It is a profile.
    pub const PROFILE: u32 = 1;
    /// A token may present it.
    pub const BY_CLAIM: u32 = 2;
    /// It is the super role.
    pub const SUPER: u32 = 4;
    /// Nobody may give it.
    pub const UNGRANTABLE: u32 = 8;
    /// It decides the interface.
    pub const PRIMARY: u32 = 16;
    /// All of them.
    pub const ALL: u32 = 31;
}

/// Flags of relations.
pub mod relation {
    /// It leads to users.
    pub const USERS: u32 = 1;
    /// It leads to entities.
    pub const ENTITIES: u32 = 2;
}

/// What a table may hold at most.
pub mod limit {
    /// Composite nodes above one another.
    pub const DEPTH: u32 = 200;
    /// Tests that one predicate visits when it is unfolded.
    pub const SIZE: u32 = 1 << 20;
    /// Rectangles taken out of one grant.
    pub const HOLES: u32 = 16;
    /// Buckets that a look-up of a login may visit.
    pub const PROBE: u32 = 256;
    /// Chunks of entries of one account.
    pub const CHUNKS: u32 = 255;
    /// Assignments of an account that are entries.
    pub const ENTERED: usize = 128;
    /// Roles and profiles.
    pub const ROLES: u32 = 0xffff;
    /// Tiers.
    pub const TIERS: u32 = 0xff;
    /// Attributes.
    pub const ATTRIBUTES: u32 = 1 << 10;
    /// Values of one closed attribute.
    pub const VALUES: u32 = 1 << super::reference::CHOICE_BITS;
    /// Labels, units, relations, actions: what a fact's key can name.
    pub const NAMES: u32 = 1 << super::fact::SHIFT;
    /// Bytes of a login.
    pub const LOGIN: u32 = 0xffff;
    /// Assignments of one account.
    pub const ASSIGNMENTS: u32 = 0xffff;
}
