//! Two compiled tables compared by what they decide.

pub mod cells;
pub mod compare;
pub mod cover;
pub mod example;
pub mod facts;
pub mod joint;
pub mod people;
pub mod protections;
pub mod rights;
pub mod roles;
pub mod rows;
pub mod say;
pub mod shapes;
pub mod view;
