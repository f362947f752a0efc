//! Signatures of an archive, checked against what its publisher registered: a detached signature against the
//! keys, a sigstore bundle against the workflows, or against the keys where it has no certificate; and so the
//! bundles that tell how the archive was built.
//!
//! Nothing is taken from the evidence itself but the proof: who may sign comes from the publisher's file on the
//! base. Bundles are checked against the trust root of the public sigstore instance that this program was built
//! with: certificate chain, signed certificate timestamp, inclusion in the transparency log, checkpoint, and the
//! signature over the archive's digest.

use crate::model::Digest;
use crate::schema::{Key, TrustedCi};
use sigstore_crypto::{SigningScheme, SubjectAltName, VerificationKey};
use sigstore_trust_root::{SIGSTORE_PRODUCTION_TRUSTED_ROOT, TrustedRoot};
use sigstore_types::{
    Artifact, ArtifactDigest, Bundle, DerPublicKey, Sha256Hash, SignatureBytes, SignatureContent, Statement,
};
use sigstore_verify::{PublicKeyVerificationPolicy, VerificationPolicy, Verifier};

/// The most bytes of a signature or bundle.
pub const MAX_BYTES: usize = 1 << 20;

/// The most lines of provenance that are read; forges write one for each workflow that attests an archive.
const MAX_LINES: usize = 64;

/// How the types of SLSA's provenance begin, whatever the version.
const PROVENANCE: &str = "https://slsa.dev/provenance/";

/// The algorithms of registered keys, by the name in the publisher's file.
const ALGORITHMS: &[(&str, SigningScheme)] = &[
    ("rsa-sha256", SigningScheme::RsaPkcs1Sha256),
    ("rsa-pss-sha256", SigningScheme::RsaPssSha256),
    ("ecdsa-p256-sha256", SigningScheme::EcdsaP256Sha256),
];

/// Why a file of evidence proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unproven {
    /// It is longer than [`MAX_BYTES`].
    #[error("it has {0} bytes, and at most {MAX_BYTES} are read")]
    TooLarge(usize),
    /// It cannot be read as what its name says.
    #[error("it cannot be read: {0}")]
    Unreadable(String),
    /// No key that counts now, and no workflow, has signed this archive: what each was found to be.
    #[error("{}", .0.join("; "))]
    Nobody(Vec<String>),
}

/// Checks a detached signature; returns the id of the key that made it.
///
/// # Errors
/// When none of `keys` made it for an archive of that digest.
pub fn by_key<'a>(keys: &[&'a Key], signature: &[u8], archive: &Digest) -> Result<&'a str, Unproven> {
    let signature = SignatureBytes::from_bytes(&decoded(limited(signature)?));
    let check = |key: &Key| -> Result<(), String> {
        let scheme = scheme(key)?;
        let public = DerPublicKey::from_pem(&key.pem).map_err(|error| error.to_string())?;
        let public =
            VerificationKey::from_spki_with_scheme(&public, scheme).map_err(|error| error.to_string())?;
        let signed = public.verify_prehashed(archive.as_bytes(), &signature);
        signed.map_err(|_| "did not sign an archive with this digest".to_owned())
    };
    first_of(keys, |key| check(key).map_err(|error| format!("the key `{}` {error}", key.id)))
        .map(|key| &*key.id)
}

/// Checks a sigstore bundle; returns the workflow or key that signed, in words.
///
/// # Errors
/// When none of `workflows` and `keys` signed an archive of that digest.
pub fn by_bundle(
    workflows: &[TrustedCi],
    keys: &[&Key],
    bundle: &[u8],
    archive: &Digest,
) -> Result<String, Unproven> {
    Judge::new(workflows, keys, archive)?.signer(&read(text(bundle)?)?)
}

/// Checks provenance: lines that are each a sigstore bundle, as forges' attestations are downloaded; returns who
/// signed one that tells in [SLSA](https://slsa.dev/provenance/)'s words how the archive was built.
///
/// # Errors
/// When no line is such a bundle by one of `workflows` and `keys`, about an archive of that digest.
pub fn by_provenance(
    workflows: &[TrustedCi],
    keys: &[&Key],
    lines: &[u8],
    archive: &Digest,
) -> Result<String, Unproven> {
    let judge = Judge::new(workflows, keys, archive)?;
    let lines: Vec<_> =
        text(lines)?.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).collect();
    if lines.len() > MAX_LINES {
        return Err(Unproven::Unreadable(format!(
            "it has {} lines, at most {MAX_LINES} are read",
            lines.len()
        )));
    }
    let mut wrong = Vec::new();
    for (at, line) in lines {
        let told = read(line).and_then(|bundle| {
            if is_provenance(&bundle) {
                judge.signer(&bundle)
            } else {
                Err(Unproven::Nobody(vec!["it is no statement of provenance".to_owned()]))
            }
        });
        match told {
            Ok(signer) => return Ok(signer),
            Err(error) => wrong.push(format!("line {}: {error}", at + 1)),
        }
    }
    Err(Unproven::Nobody(wrong))
}

/// Checks bundles about one archive.
struct Judge<'a> {
    workflows: &'a [TrustedCi],
    keys: &'a [&'a Key],
    archive: Sha256Hash,
    verifier: Verifier,
}

impl<'a> Judge<'a> {
    fn new(workflows: &'a [TrustedCi], keys: &'a [&'a Key], archive: &Digest) -> Result<Self, Unproven> {
        let root = TrustedRoot::from_json(SIGSTORE_PRODUCTION_TRUSTED_ROOT).map_err(unreadable)?;
        let verifier = Verifier::new(&root).map_err(unreadable)?;
        Ok(Self { workflows, keys, archive: Sha256Hash::new(*archive.as_bytes()), verifier })
    }

    /// Returns the workflow or key that signed, in words.
    fn signer(&self, bundle: &Bundle) -> Result<String, Unproven> {
        if bundle.signing_certificate().is_none() {
            let signed = first_of(self.keys, |key| {
                self.ensure_by_key(key, bundle).map_err(|error| format!("the key `{}`: {error}", key.id))
            })?;
            return Ok(format!("the key `{}`", signed.id));
        }
        let name = |one: &TrustedCi| format!("the workflow `{}` of `{}`", one.workflow, one.repository);
        let signed = first_of(self.workflows, |one| {
            self.ensure_by_workflow(one, bundle).map_err(|error| format!("{}: {error}", name(one)))
        })?;
        Ok(name(signed))
    }

    fn subject(&self) -> Artifact<'static> {
        Artifact::Digest(ArtifactDigest::sha256(self.archive))
    }

    fn ensure_by_key(&self, key: &Key, bundle: &Bundle) -> Result<(), String> {
        let public = DerPublicKey::from_pem(&key.pem).map_err(|error| error.to_string())?;
        let policy = PublicKeyVerificationPolicy::new(public);
        self.verifier.verify(self.subject(), bundle, &policy).map(drop).map_err(|error| error.to_string())
    }

    fn ensure_by_workflow(&self, workflow: &TrustedCi, bundle: &Bundle) -> Result<(), String> {
        let policy = VerificationPolicy::any_identity().require_issuer(workflow.issuer.as_str());
        let proof =
            self.verifier.verify(self.subject(), bundle, &policy).map_err(|error| error.to_string())?;
        match proof.identity() {
            Some(SubjectAltName::Uri(uri)) if is_run_of(workflow, uri) => Ok(()),
            Some(other) => Err(format!("it is signed by `{}`", other.as_str())),
            None => Err("its certificate names nobody".to_owned()),
        }
    }
}

/// Returns whether a bundle holds an in-toto statement of SLSA provenance.
fn is_provenance(bundle: &Bundle) -> bool {
    let SignatureContent::DsseEnvelope(envelope) = &bundle.content else { return false };
    let statement: Option<Statement> = serde_json::from_slice(envelope.payload.as_bytes()).ok();
    statement.is_some_and(|statement| statement.predicate_type.starts_with(PROVENANCE))
}

fn read(bundle: &str) -> Result<Bundle, Unproven> {
    Bundle::from_json(bundle).map_err(unreadable)
}

fn text(bytes: &[u8]) -> Result<&str, Unproven> {
    std::str::from_utf8(limited(bytes)?).map_err(unreadable)
}

fn unreadable(error: impl std::fmt::Display) -> Unproven {
    Unproven::Unreadable(error.to_string())
}

/// Returns whether a certificate's address is that of a run of the workflow, at whatever revision.
///
/// GitHub's has the form `https://github.com/OWNER/REPO/.github/workflows/FILE@REF`.
fn is_run_of(workflow: &TrustedCi, uri: &str) -> bool {
    let path = format!("https://github.com/{}/.github/workflows/{}@", workflow.repository, workflow.workflow);
    uri.starts_with(&path)
}

/// Returns the first that passes, or what is wrong with each.
fn first_of<T>(all: &[T], check: impl Fn(&T) -> Result<(), String>) -> Result<&T, Unproven> {
    let mut wrong = Vec::new();
    for one in all {
        match check(one) {
            Ok(()) => return Ok(one),
            Err(error) => wrong.push(error),
        }
    }
    Err(Unproven::Nobody(wrong))
}

fn scheme(key: &Key) -> Result<SigningScheme, String> {
    let known = ALGORITHMS.iter().find(|(name, _)| *name == key.algorithm);
    known.map(|(_, scheme)| *scheme).ok_or_else(|| {
        let names: Vec<_> = ALGORITHMS.iter().map(|(name, _)| *name).collect();
        format!("has the algorithm `{}`; known are {}", key.algorithm, names.join(", "))
    })
}

fn limited(bytes: &[u8]) -> Result<&[u8], Unproven> {
    if bytes.len() > MAX_BYTES { Err(Unproven::TooLarge(bytes.len())) } else { Ok(bytes) }
}

/// Returns the bytes of a signature that is written as Base64, else the bytes as they are.
fn decoded(signature: &[u8]) -> Vec<u8> {
    let text: Vec<u8> = signature.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    data_encoding::BASE64.decode(&text).unwrap_or_else(|_| signature.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use sigstore_crypto::KeyPair;

    fn key(id: &str, pair: &KeyPair) -> Key {
        let pem = pair.public_key_der().unwrap().to_pem();
        Key { id: id.to_owned(), algorithm: "ecdsa-p256-sha256".to_owned(), pem, from: None, revoked: None }
    }

    #[test]
    fn the_key_that_signed_is_found_and_no_other() {
        let (one, other) = (KeyPair::generate_ecdsa_p256().unwrap(), KeyPair::generate_ecdsa_p256().unwrap());
        let (first, second) = (key("first", &one), key("second", &other));
        let signature = other.sign(b"archive").unwrap();
        let archive = Digest::of(b"archive");
        assert_eq!(by_key(&[&first, &second], signature.as_bytes(), &archive), Ok("second"));
        let written = format!("{}\n", signature.to_base64());
        assert_eq!(by_key(&[&second], written.as_bytes(), &archive), Ok("second"));
        let wrong = by_key(&[&first], signature.as_bytes(), &archive).unwrap_err();
        assert_eq!(wrong.to_string(), "the key `first` did not sign an archive with this digest");
        assert!(by_key(&[&second], signature.as_bytes(), &Digest::of(b"another")).is_err());
        assert!(by_key(&[], signature.as_bytes(), &archive).is_err());
    }

    #[test]
    fn keys_and_files_that_cannot_be_read_are_told() {
        let pair = KeyPair::generate_ecdsa_p256().unwrap();
        let archive = Digest::of(b"archive");
        let odd = Key { algorithm: "md5".to_owned(), ..key("odd", &pair) };
        assert!(
            by_key(&[&odd], b"x", &archive)
                .unwrap_err()
                .to_string()
                .contains("has the algorithm `md5`; known are")
        );
        let broken = Key { pem: "none".to_owned(), ..key("broken", &pair) };
        assert!(by_key(&[&broken], b"x", &archive).unwrap_err().to_string().starts_with("the key `broken` "));
        let good = key("good", &pair);
        assert_eq!(
            by_key(&[&good], &vec![b'a'; MAX_BYTES + 1], &archive),
            Err(Unproven::TooLarge(MAX_BYTES + 1))
        );
        for bundle in [&b"{}"[..], b"", b"\xff", b"[[[["] {
            assert!(matches!(by_bundle(&[], &[&good], bundle, &archive), Err(Unproven::Unreadable(_))));
        }
    }

    #[test]
    fn a_run_is_of_the_very_repository_and_workflow() {
        let workflow = TrustedCi {
            issuer: "https://token.actions.githubusercontent.com".to_owned(),
            repository: "acme/tools".to_owned(),
            workflow: "release.yml".to_owned(),
        };
        let base = "https://github.com/acme/tools/.github/workflows/release.yml";
        assert!(is_run_of(&workflow, &format!("{base}@refs/tags/v1")));
        for other in
            [base.to_owned(), base.replace("acme", "acme2") + "@refs/tags/v1", base.to_owned() + ".yml@x"]
        {
            assert!(!is_run_of(&workflow, &other), "{other}");
        }
    }
}
