//! Exit codes, the same for every command.

/// What a command ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done, or admitted.
    Ok = 0,
    /// Rejected: the data is wrong.
    Rejected = 1,
    /// The command line is wrong.
    Usage = 2,
    /// A person must decide.
    NeedsReview = 3,
    /// Files, network or git failed.
    CouldNotRun = 4,
    /// A digest or signature is wrong.
    VerificationFailed = 5,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
