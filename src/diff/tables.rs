//! Two compiled tables compared by what they decide.

pub mod cells;
pub mod compare;
pub mod facts;
pub mod joint;
pub mod people;
pub mod rights;
pub mod rows;
pub mod shapes;
pub mod view;
