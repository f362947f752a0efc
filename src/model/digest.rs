//! SHA-256 digests: hexadecimal in file names and authored files, unpadded
//! base64url inside the nodes of the Merkle tree.

use super::Invalid;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use serde::{Deserialize, Serialize};
use sha2::Digest as _;

/// The SHA-256 of some bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest([u8; 32]);

impl Digest {
    /// Computes the digest of the bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(sha2::Sha256::digest(bytes).into())
    }

    /// Parses 64 lower-case hexadecimal digits.
    ///
    /// # Errors
    /// Anything else, upper case included: one digest has one spelling.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        HEXLOWER.decode(text.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok()).map(Self).ok_or_else(
            || Invalid::new("SHA-256 digest", text, "64 lower-case hexadecimal digits are expected"),
        )
    }

    /// Returns the 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Returns 64 lower-case hexadecimal digits.
    pub fn hex(&self) -> String {
        HEXLOWER.encode(&self.0)
    }

    /// Returns 43 characters of unpadded base64url.
    pub fn base64url(&self) -> String {
        BASE64URL_NOPAD.encode(&self.0)
    }

    /// Parses what [`Self::base64url`] wrote.
    ///
    /// # Errors
    /// Anything but 43 canonical characters.
    pub fn parse_base64url(text: &str) -> Result<Self, Invalid> {
        BASE64URL_NOPAD
            .decode(text.as_bytes())
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .map(Self)
            .ok_or_else(|| {
                Invalid::new("SHA-256 digest", text, "43 characters of unpadded base64url are expected")
            })
    }
}

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Digest({})", self.hex())
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.hex())
    }
}

impl TryFrom<String> for Digest {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> String {
        digest.hex()
    }
}

#[cfg(test)]
mod tests {
    use super::Digest;

    #[test]
    fn both_spellings_round_trip_and_others_are_refused() {
        let digest = Digest::of(b"");
        assert_eq!(digest.hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(Digest::parse(&digest.hex()), Ok(digest));
        assert_eq!(Digest::parse_base64url(&digest.base64url()), Ok(digest));
        assert!(Digest::parse(&digest.hex().to_uppercase()).is_err());
        assert!(Digest::parse("00").is_err());
        assert!(Digest::parse_base64url(&format!("{}=", digest.base64url())).is_err());
    }
}
