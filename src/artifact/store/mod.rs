//! Where the bytes of artifacts come from: one trait, and behind it the web
//! (`url`), the registry's own store (`path`) and its folders (`tree`).
//!
//! Whatever a store returns has the digest and the size that the release file
//! says; everything else is a [`FetchError`].

mod bucket;
mod cache;
mod chain;
mod tree;
mod url;

pub use bucket::BucketStore;
pub use cache::{Cache, STATE_FOLDER, ignore_by_git};
pub use chain::{ArtifactOptions, Artifacts, NetworkPolicy};
pub use tree::{TreeStore, packed_files};
pub use url::UrlStore;

use crate::model::{Digest, RelPath};
use crate::platform::http::{HttpError, RefusedAddress};

/// Most bytes of an archive, as in [`Limits`](crate::artifact::Limits).
pub const MAX_ARCHIVE_BYTES: u64 = 80 << 20;

/// Where an artifact's bytes are.
#[derive(Debug, Clone, PartialEq)]
pub enum ArtifactLocation {
    /// An https address.
    Url(String),
    /// In the registry's artifact store.
    Path(RelPath),
    /// A folder of the registry.
    Tree(RelPath),
}

/// The artifact that is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Its release, as `id@version`.
    pub release: &'a str,
    /// Where its bytes are.
    pub location: &'a ArtifactLocation,
    /// SHA-256 of the bytes.
    pub sha256: Digest,
    /// How many they are.
    pub size: u64,
}

/// Gives the bytes of artifacts.
pub trait ArtifactStore: Sync {
    /// Returns the bytes: exactly those with the wanted digest and size.
    ///
    /// # Errors
    /// When they cannot be had, or are others.
    fn fetch(&self, wanted: &Wanted<'_>) -> Result<Vec<u8>, FetchError>;
}

/// Why an artifact's bytes are not here. `place` is an address or a path.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The network would be needed.
    #[error("`{place}` is not in the cache, and the network is not used")]
    Offline {
        /// Where it would come from.
        place: String,
    },
    /// There is nothing.
    #[error("there is nothing at `{place}`")]
    NotThere {
        /// Where.
        place: String,
    },
    /// The registry names no store, or one that cannot be found.
    #[error("`{path}` is in the registry's store, but {reason}")]
    NoStore {
        /// The path in the store.
        path: String,
        /// Why there is no store.
        reason: String,
    },
    /// The network failed, again and again.
    #[error("`{place}` cannot be reached: {reason}")]
    Unreachable {
        /// Where.
        place: String,
        /// Why.
        reason: String,
    },
    /// A server answered with something else.
    #[error("`{place}` answered with status {status}")]
    Status {
        /// Where.
        place: String,
        /// The status.
        status: u16,
    },
    /// The address may not be asked.
    #[error("`{place}` may not be fetched: {reason}")]
    Refused {
        /// The address, or the one it leads to.
        place: String,
        /// Why.
        reason: RefusedAddress,
    },
    /// One redirect after the other.
    #[error("`{place}` leads on and on: at most {most} redirects are followed")]
    TooManyRedirects {
        /// Where it began.
        place: String,
        /// How many are followed.
        most: usize,
    },
    /// The server packed what is packed already.
    #[error("`{place}` is sent with the encoding `{encoding}`, and was asked for without any")]
    Encoded {
        /// Where.
        place: String,
        /// The encoding.
        encoding: String,
    },
    /// The size says it cannot be an artifact.
    #[error("the release says {size} bytes, and an artifact has at most {most}")]
    TooLarge {
        /// What the release says.
        size: u64,
        /// The limit.
        most: u64,
    },
    /// Not as many bytes as the release says.
    #[error("`{place}` has {}{got} bytes, but the release says {wanted}", if *is_more { "at least " } else { "" })]
    WrongSize {
        /// Where.
        place: String,
        /// What the release says.
        wanted: u64,
        /// What there is, as far as it was read.
        got: u64,
        /// Whether there may be more.
        is_more: bool,
    },
    /// Other bytes than the release says.
    #[error("`{place}` has the digest `{got}`, but the release says `{wanted}`")]
    WrongDigest {
        /// Where.
        place: String,
        /// What the release says.
        wanted: Digest,
        /// What there is.
        got: Digest,
    },
    /// A path or a link that leads out of the store.
    #[error("`{path}` leads out of the registry's store")]
    Outside {
        /// The path in the store.
        path: String,
    },
    /// A folder that cannot be packed.
    #[error("`{place}` cannot be packed: {reason}")]
    Unpackable {
        /// The folder.
        place: String,
        /// Why.
        reason: String,
    },
    /// A file of this machine cannot be read or written.
    #[error("cannot use `{place}`: {reason}")]
    Unusable {
        /// The file, or what else is needed.
        place: String,
        /// Why.
        reason: String,
    },
}

impl FetchError {
    /// Returns whether the bytes are merely not to be had here and now, which
    /// `--allow-missing` forgives; bytes that are there and wrong, and addresses
    /// that are refused, are never forgiven.
    pub fn is_missing(&self) -> bool {
        match self {
            Self::Offline { .. }
            | Self::NotThere { .. }
            | Self::NoStore { .. }
            | Self::Unreachable { .. }
            | Self::Status { .. }
            | Self::Encoded { .. } => true,
            Self::Refused { .. }
            | Self::TooManyRedirects { .. }
            | Self::TooLarge { .. }
            | Self::WrongSize { .. }
            | Self::WrongDigest { .. }
            | Self::Outside { .. }
            | Self::Unpackable { .. }
            | Self::Unusable { .. } => false,
        }
    }

    /// Says what an error of the network means for the artifact at `place`.
    pub(crate) fn of_network(place: &str, error: HttpError) -> Self {
        let place = shown(place);
        match error {
            HttpError::Refused(reason) => Self::Refused { place, reason },
            HttpError::Unusable(reason) => Self::Unusable { place: "the network".to_owned(), reason },
            other => Self::Unreachable { place, reason: other.to_string() },
        }
    }
}

/// Holds bytes against what the release says.
///
/// # Errors
/// When they are others.
pub(crate) fn verify(wanted: &Wanted<'_>, place: &str, bytes: Vec<u8>) -> Result<Vec<u8>, FetchError> {
    let (got, place) = (bytes.len() as u64, || shown(place));
    if got != wanted.size {
        return Err(FetchError::WrongSize { place: place(), wanted: wanted.size, got, is_more: false });
    }
    let digest = Digest::of(&bytes);
    if digest != wanted.sha256 {
        return Err(FetchError::WrongDigest { place: place(), wanted: wanted.sha256, got: digest });
    }
    Ok(bytes)
}

/// Returns an address as it may be shown: without its query, which in a redirect
/// may be a signature, and without a user's name and password.
pub(crate) fn shown(address: &str) -> String {
    let address = address.split(['?', '#']).next().unwrap_or_default();
    match address.split_once("://").map(|(scheme, rest)| (scheme, rest.split_once('/').unwrap_or((rest, ""))))
    {
        Some((scheme, (host, path))) if host.contains('@') => {
            let host = host.rsplit('@').next().unwrap_or_default();
            format!("{scheme}://…@{host}/{path}")
        }
        _ => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_of_an_address_is_shown() {
        assert_eq!(shown("https://me:word@a.example/x?sig=1#2"), "https://…@a.example/x");
        assert_eq!(shown("https://a.example/x@y?sig=1"), "https://a.example/x@y");
        assert_eq!(shown("sources/com.a.b/1.0.0"), "sources/com.a.b/1.0.0");
    }
}
