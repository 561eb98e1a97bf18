//! The program: see `bailiwick --help`.

fn main() -> std::process::ExitCode {
    bailiwick::cli::main()
}
