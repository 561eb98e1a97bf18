//! The program: see `bailiwick --help`.

#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    bailiwick::cli::main()
}
