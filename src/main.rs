//! The `shelfmark` command: everything is in the library, see `shelfmark::cli`.

fn main() -> std::process::ExitCode {
    shelfmark::cli::main()
}
