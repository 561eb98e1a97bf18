//! The program itself, run on files; and reading a table of people without doing anything with it.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use xxhash_rust::xxh3::Xxh3;

/// A stage of the program, in seconds.
#[derive(Debug, Clone)]
pub(crate) struct Stage {
    pub(crate) name: String,
    pub(crate) seconds: f64,
}

/// What one run of the program took: seconds of processors, seconds on the clock, bytes.
#[derive(Debug, Clone)]
pub(crate) struct Build {
    pub(crate) processor: f64,
    pub(crate) clock: f64,
    pub(crate) peak: f64,
    pub(crate) stages: Vec<Stage>,
}

impl Build {
    /// The least of both.
    pub(crate) fn least(mut self, other: Option<Self>) -> Self {
        let Some(other) = other else { return self };
        self.processor = self.processor.min(other.processor);
        self.clock = self.clock.min(other.clock);
        self.peak = self.peak.max(other.peak);
        for (stage, same) in self.stages.iter_mut().zip(other.stages) {
            stage.seconds = stage.seconds.min(same.seconds);
        }
        self
    }
}

/// The program: `PROGRAM`, or the one beside this.
pub(crate) fn program() -> Result<PathBuf, Box<dyn Error>> {
    let beside = || Ok::<_, std::io::Error>(std::env::current_exe()?.with_file_name("bailiwick"));
    let program = std::env::var_os("PROGRAM").map_or_else(beside, |path| Ok(PathBuf::from(path)))?;
    if program.is_file() {
        Ok(program)
    } else {
        Err(format!("there is no program {}: build it first", program.display()).into())
    }
}

/// Builds a table with the program, which says where its time goes.
pub(crate) fn build(program: &Path, policy: &Path, table: &Path) -> Result<Build, Box<dyn Error>> {
    let before = of_children().unwrap_or(0.0);
    let run = Command::new(program).arg("build").arg(policy).arg("-o").arg(table).arg("--timings=json").output()?;
    let processor = of_children().unwrap_or(0.0) - before;
    let said = String::from_utf8_lossy(&run.stderr);
    if !run.status.success() {
        return Err(said.chars().take(2_000).collect::<String>().into());
    }
    let timings: Value = serde_json::from_str(said.lines().next_back().unwrap_or(""))?;
    let stages = timings["stages"].as_array().ok_or("no stages")?;
    let number = |value: &Value| value.as_f64().unwrap_or(0.0);
    let peak = stages.iter().map(|stage| number(&stage["peak_bytes"])).fold(0.0, f64::max);
    let stages = stages.iter().map(|stage| Stage {
        name: stage["name"].as_str().unwrap_or("").to_owned(),
        seconds: number(&stage["seconds"]),
    });
    Ok(Build { processor, clock: number(&timings["seconds"]), peak, stages: stages.collect() })
}

/// Seconds that processors have worked for programs that were run and have ended; the system counts them in hundredths.
fn of_children() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let mut words = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(13);
    let (user, system): (u32, u32) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    Some(f64::from(user + system) / 100.0)
}

/// Reads every row of a table of people and hashes every cell.
pub(crate) fn read_and_hash(table: &Path) -> Result<u64, String> {
    let mut reader = csv::Reader::from_path(table).map_err(|error| error.to_string())?;
    let mut record = csv::ByteRecord::new();
    let mut hash = Xxh3::new();
    while reader.read_byte_record(&mut record).map_err(|error| error.to_string())? {
        record.iter().for_each(|cell| hash.update(cell));
    }
    Ok(hash.digest())
}
