//! The `shelfmark` command: everything is in the library, see `shelfmark::cli`.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    shelfmark::cli::main()
}
