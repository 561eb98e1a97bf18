//! Two compiled tables compared by what they decide.

pub mod accounts;
pub mod cells;
pub mod compare;
pub mod cover;
mod days;
pub mod example;
pub mod facts;
pub mod joint;
pub mod people;
mod possible;
pub mod protections;
pub mod rights;
pub mod roles;
pub mod rows;
pub mod say;
pub mod shapes;
mod stir;
pub mod twins;
pub mod view;
