//! Handles: small numbers that a caller may keep as long as it keeps the table.
//!
//! A handle means something in the table it came from only. One of another table names something else there, or nothing; it is
//! checked wherever it is used, so that it can lead to a wrong name but never out of the table.

macro_rules! handles {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The handle as an index.
            #[must_use]
            #[inline]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

handles! {
    /// An account that the table names, in the order of the logins.
    AccountId;
    /// An action, in the order of the paths.
    ActionId;
    /// An attribute of accounts; the first four are built in.
    AttributeId;
    /// A label, in the order of a walk over the forest.
    LabelId;
    /// A unit, in the order of a walk over the forest.
    UnitId;
    /// A relation, in the order of the names.
    RelationId;
    /// A role or profile, in the order of the names.
    RoleId;
    /// A tier; greater is higher.
    TierId;
    /// A prohibition.
    ForbidId;
    /// An automatic rule.
    AutomaticId;
    /// A grant of a row.
    GrantId;
}

impl AttributeId {
    /// `email`, text.
    pub const EMAIL: Self = Self(0);
    /// `id`, text: of an account or of an entity.
    pub const ID: Self = Self(1);
    /// `login`, text, folded.
    pub const LOGIN: Self = Self(2);
    /// `name`, text.
    pub const NAME: Self = Self(3);
}
