//! Writes the synthetic model: `synthetic S|M|L FOLDER` leaves the policy there in both forms, once with the people in it (`whole.bw`,
//! `whole.yaml`) and once with them in a table beside it (`policy/policy.bw`, `policy/people.csv`).

use std::error::Error;
use std::fs;
use std::path::Path;

use bailiwick_benchmarks::model::{Model, SIZES};
use bailiwick_benchmarks::write::{People, people, text, yaml};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, folder] = arguments.as_slice() else { return Err("usage: synthetic S|M|L FOLDER".into()) };
    let size = SIZES.into_iter().find(|size| size.name == name).ok_or("the sizes are S, M and L")?;
    let model = Model::new(size);
    let folder = Path::new(folder);
    fs::create_dir_all(folder.join("policy"))?;
    fs::write(folder.join("whole.bw"), text(&model, People::Blocks))?;
    fs::write(folder.join("whole.yaml"), yaml(&model, People::Blocks))?;
    fs::write(folder.join("policy/policy.bw"), text(&model, People::Table))?;
    fs::write(folder.join("policy/people.csv"), people(&model))?;
    Ok(())
}
