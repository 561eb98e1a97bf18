//! Typed ids: indices into the arenas of a [`Model`](super::Model), given in the order of the names, so that they never depend on
//! the order in which files or declarations were read.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The id of the item at this index.
            #[must_use]
            pub fn new(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }

            /// The index of the item.
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// A feature.
    FeatureId;
    /// A tier; greater is higher.
    TierId;
    /// A resource.
    ResourceId;
    /// An action; `assign.R` included.
    ActionId;
    /// An attribute; the first four are built in.
    AttributeId;
    /// A label, in the order of a walk over the forest: a subtree is a range.
    LabelId;
    /// A unit, in the order of a walk over the forest: a subtree is a range.
    UnitId;
    /// A relation.
    RelationId;
    /// A group.
    GroupId;
    /// A role or profile.
    RoleId;
    /// An account that the policy names.
    AccountId;
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
