//! What a command knows of the process it runs in, and how it prints.

use super::Exit;
use crate::diagnostic::render::neutralize;
use crate::platform::fs;
use crate::platform::http::TestHost;
use std::error::Error;
use std::io::{IsTerminal, Write};
use std::sync::Mutex;

/// Any value turns colours off: <https://no-color.org>.
const NO_COLOR: &str = "NO_COLOR";

/// For tests alone: `ADDRESS:PORT=FILE`. Downloads may go to this one address
/// though it is loopback, and trust the certificates of the PEM file instead of
/// the system's. Whoever sets it is told so at every run.
const TEST_HOST: &str = "SHELFMARK_TEST_HOST";

/// Beginnings of the names under which the tools of clouds keep their settings:
/// a registry's store in a bucket is read with the same.
const CLOUDS: [&str; 3] = ["AWS_", "GOOGLE_", "AZURE_"];

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

/// The process around a command.
#[derive(Debug)]
pub(crate) struct Context {
    /// Colours on standard output.
    pub(crate) color: bool,
    /// Colours on standard error.
    pub(crate) color_stderr: bool,
    /// Whether standard error is a terminal, for progress.
    pub(crate) is_terminal: bool,
    /// Whether to say less.
    pub(crate) is_quiet: bool,
    /// Columns of the terminal.
    pub(crate) width: usize,
    /// Why results could not be printed, if they could not.
    lost: Mutex<Option<std::io::Error>>,
}

impl Context {
    /// Looks at the terminal and the environment.
    #[allow(clippy::disallowed_methods)]
    pub(crate) fn of_process(choice: ColorChoice, is_quiet: bool) -> Self {
        let allowed = std::env::var_os(NO_COLOR).is_none_or(|value| value.is_empty());
        let decide = |is_terminal: bool| match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => is_terminal && allowed,
        };
        let width = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok()).unwrap_or(100);
        Self {
            color: decide(std::io::stdout().is_terminal()),
            color_stderr: decide(std::io::stderr().is_terminal()),
            is_terminal: std::io::stderr().is_terminal(),
            is_quiet,
            width,
            lost: Mutex::default(),
        }
    }

    /// Returns the server of a test, if the environment names one.
    #[allow(clippy::disallowed_methods)]
    pub(crate) fn test_host(&self) -> Result<Option<TestHost>, Failure> {
        let Ok(text) = std::env::var(TEST_HOST) else { return Ok(None) };
        let wrong =
            || Failure::new(Exit::Usage, format!("`{TEST_HOST}` is not of the form ADDRESS:PORT=FILE"));
        let (address, file) = text.split_once('=').ok_or_else(wrong)?;
        let address = address.parse().map_err(|_| wrong())?;
        let certificates = fs::read(std::path::Path::new(file))?;
        self.complain(&format!(
            "warning: `{TEST_HOST}` is set: downloads may go to {address}, and `{file}` is trusted\n"
        ));
        Ok(Some(TestHost { address, certificates }))
    }

    /// Returns the settings of clouds in the environment.
    #[allow(clippy::disallowed_methods)]
    pub(crate) fn cloud_settings() -> Vec<(String, String)> {
        let is_cloud = |name: &str| CLOUDS.iter().any(|prefix| name.starts_with(prefix));
        let settings = std::env::vars_os()
            .filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?)));
        settings.filter(|(name, _)| is_cloud(name)).collect()
    }

    /// Prints a result to standard output.
    pub(crate) fn print(&self, text: &str) {
        let mut stdout = std::io::stdout();
        if let (Err(error), Ok(mut lost)) =
            (stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()), self.lost.lock())
        {
            lost.get_or_insert(error);
        }
    }

    /// Says whether all results were printed. A reader that went away, as `head`
    /// does, wanted no more; anything else, such as a full disk, is a failure.
    pub(crate) fn finish(&self) -> Result<(), Failure> {
        match self.lost.lock().ok().and_then(|mut lost| lost.take()) {
            Some(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure {
                causes: vec![error.to_string()],
                ..Failure::new(Exit::CouldNotRun, "the result could not be printed")
            }),
            _ => Ok(()),
        }
    }

    /// Prints a remark to standard error, unless quiet.
    pub(crate) fn remark(&self, text: &str) {
        if !self.is_quiet {
            let _ = writeln!(std::io::stderr(), "{text}");
        }
    }

    /// Prints text to standard error.
    pub(crate) fn complain(&self, text: &str) {
        let _ = std::io::stderr().write_all(text.as_bytes());
    }

    /// Prints why a command could not run: the fact, its causes, what to do next.
    pub(crate) fn print_failure(&self, failure: &Failure) {
        let (red, cyan, bold, end) = if self.color_stderr {
            ("\x1b[1;31m", "\x1b[1;36m", "\x1b[1m", "\x1b[0m")
        } else {
            ("", "", "", "")
        };
        let mut text = format!("{red}error{end}{bold}: {}{end}\n", neutralize(&failure.message));
        for cause in &failure.causes {
            text.push_str(&format!("  caused by: {}\n", neutralize(cause)));
        }
        if let Some(help) = &failure.help {
            text.push_str(&format!("{cyan}help{end}: {}\n", neutralize(help)));
        }
        self.complain(&text);
    }
}

/// Why a command could not do its job.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The fact.
    pub(crate) message: String,
    /// Why, outermost first.
    pub(crate) causes: Vec<String>,
    /// What to do next.
    pub(crate) help: Option<String>,
    /// The exit code.
    pub(crate) exit: Exit,
}

impl Failure {
    /// Makes a failure of the given kind.
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { message: message.into(), causes: Vec::new(), help: None, exit }
    }

    /// Adds what to do next.
    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl<E: Error> From<E> for Failure {
    /// An error of a stage: the job could not be done.
    fn from(error: E) -> Self {
        let mut causes = Vec::new();
        let mut cause = error.source();
        while let Some(inner) = cause {
            causes.push(inner.to_string());
            cause = inner.source();
        }
        Self { message: error.to_string(), causes, help: None, exit: Exit::CouldNotRun }
    }
}
