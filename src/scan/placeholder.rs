//! What only stands for a secret. It is told from the text itself: no word
//! beside a secret can make it a placeholder.

use super::randomness::{entropy, share_of_words};

/// Texts that no random secret holds, in lower case: templates, words that say
/// "put yours here".
const MARKS: &[&str] = &[
    "example",
    "sample",
    "dummy",
    "fake",
    "placeholder",
    "changeme",
    "change-me",
    "change_me",
    "change_this",
    "changethis",
    "change-this",
    "replace",
    "your",
    "insert",
    "redacted",
    "removed",
    "masked",
    "hidden",
    "foobar",
    "lorem",
    "fixme",
    "notreal",
    "not-real",
    "not_real",
    "not-a-real",
    "invalid",
    "xxxx",
    "****",
    "....",
    "____",
    "----",
    "####",
    "0000000",
    "qwerty",
    "asdfgh",
    "zxcvbn",
    "deadbeef",
    "cafebabe",
    "d34db33f",
    "badc0ffee",
    "feedface",
    "${",
    "{{",
    "}}",
    "$(",
    "<%",
    "%(",
    "%s",
    "{0}",
    "#{",
    "[your",
    "process.env",
    "os.environ",
    "getenv",
    "import.meta",
    "secrets.",
    "vault:",
    "keyring:",
    "op://",
    "arn:aws",
    "env:",
    "…",
    "goes_here",
    "goes-here",
    "goeshere",
    "fill_me",
    "fill-in",
    "enter_",
    "enter-",
    "put_your",
    "undefined",
    "generate",
    "todo_",
    "<your",
    "thisis",
    "this-is",
    "this_is",
    "never-share",
    "notasecret",
    "not-a-secret",
    "not_a_secret",
    "doesnotmatter",
    "irrelevant",
    "unused",
    "bogus",
    "mocked",
    "swordfish",
    "correcthorse",
    "correct-horse",
    "s3cr3t",
    "p@ssw0rd",
    "passw0rd",
];

/// Words of which a placeholder is made, where nothing random is left without them.
const WORDS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "passwort",
    "pass",
    "pwd",
    "secret",
    "token",
    "apikey",
    "api-key",
    "api_key",
    "access",
    "private",
    "public",
    "signing",
    "key",
    "test",
    "testing",
    "mock",
    "todo",
    "value",
    "string",
    "user",
    "admin",
    "administrator",
    "root",
    "guest",
    "default",
    "postgres",
    "postgresql",
    "mysql",
    "mongo",
    "mongodb",
    "redis",
    "rabbitmq",
    "minio",
    "demo",
    "local",
    "localhost",
    "development",
    "dev",
    "staging",
    "prod",
    "production",
    "hunter",
    "letmein",
    "welcome",
    "login",
    "hello",
    "world",
    "temp",
    "super",
    "strong",
    "secure",
    "random",
    "some",
    "none",
    "null",
    "true",
    "false",
    "auth",
    "bearer",
    "client",
    "server",
    "webhook",
    "jwt",
    "session",
    "cookie",
    "encryption",
    "database",
    "db",
    "app",
    "my",
    "the",
    "here",
    "abc",
    "xyz",
    "foo",
    "bar",
    "baz",
    "aaa",
    "bbb",
    "xxx",
    "long",
    "very",
    "character",
    "char",
    "min",
    "least",
    "safe",
    "only",
    "for",
    "with",
    "and",
    "sa",
    "monkey",
    "dragon",
    "master",
    "iloveyou",
    "sunshine",
    "football",
    "trustno",
    "blah",
    "stub",
    "dummy",
    "initial",
    "basic",
    "credentials",
    "credential",
    "grafana",
    "elastic",
    "keycloak",
    "wordpress",
    "openai",
    "anthropic",
    "github",
    "gitlab",
    "stripe",
    "google",
    "azure",
    "aws",
    "slack",
    "live",
    "proj",
    "sk",
    "pk",
    "ant",
    "api",
    "service",
    "account",
    "a",
    "i",
];

/// Parts of keys that vendors print in their documentation or build into their emulators.
const DOCUMENTED: &[&str] = &[
    "IOSFODNN7",
    "wJalrXUtnFEMI",
    "je7MtGbClwBF",
    "4eC39HqLyjWDarjt",
    "BQokikJOvBiI2HlW",
    "TYooMQauvdEDq54N",
    "Eby8vdM02xNOcqFl",
    "C2y6yDjf5/R+ob0N8A7C",
    "SflKxwRJSMeKKF2QT4",
    "16C7e42F292c6912E7",
    "AaSyDaGmWKa4JsXZ",
    "zaSyDaGmWKa4JsXZ",
    "MTk4NjIyNDgzNDcxOTI1MjQ4",
    "AAHdqTcvCH1vGWJxfSeofS",
    "ABC-DEF1234ghIkl",
    "ac0974bec39a17e36ba4",
    "59c6995e998f97a5a004",
    "4f3edf983ac636a65a84",
    "T00000000",
    "zaSyAk80",
    "dQw4w9WgXcQ",
    "QWxhZGRpbjpvcGVu",
    "dXNlcjpwYXNz",
    "dXNlcm5hbWU6cGFzc3dvcmQ",
    "N2I5N2MxZjY",
    "TJVA95OrM7E2cBab30RMHrHDcEfxjoYZgeFONFh7HgQ",
    "dozjgNryP4J3jVmNHl0w5N",
    "mF_9.B5f-4.1JqM",
    "czZCaGRSa3F0MzpnWDFmQmF0M2JW",
    "2YotnFZFEjr1zCsicMWpAA",
    "SlAV32hkKG",
    "gX1fBat3bV",
    "tGzv3JOkF0XG5Qx2TlKWIA",
    "7Fjfp0ZBr1KtDRbnfVdmIw",
    "niceFRMDB",
];

/// Returns whether a text only stands for a secret.
pub(super) fn is_placeholder(secret: &str) -> bool {
    let lower = secret.to_lowercase();
    MARKS.iter().any(|mark| lower.contains(mark))
        || DOCUMENTED.iter().any(|part| secret.contains(part))
        || matches!(secret.as_bytes().first(), Some(b'$' | b'<' | b'{' | b'['))
        || (secret.starts_with('%') && secret.ends_with('%'))
        || is_sequence(lower.as_bytes())
        || is_repetition(lower.as_bytes())
        || is_made_of_words(&lower)
}

/// Returns whether characters count up or down, one by one, or two ways at once
/// as in `a1b2c3d4`.
fn is_sequence(bytes: &[u8]) -> bool {
    let is_next = |a: u8, b: u8| {
        (b == a.wrapping_add(1) || a == b.wrapping_add(1) || (a == b'9' && b == b'0'))
            && a.is_ascii_alphanumeric()
            && b.is_ascii_alphanumeric()
    };
    let run = |step: usize, wanted: usize, only_up: bool| {
        let mut length = 0;
        bytes.iter().zip(bytes.iter().skip(step)).any(|(a, b)| {
            let goes_on = if only_up { *b == a.wrapping_add(1) } else { is_next(*a, *b) };
            length = if goes_on { length + 1 } else { 0 };
            length >= wanted
        })
    };
    run(1, 5, true) || run(1, 6, false) || run(2, 6, true)
}

/// Returns whether one character or one short piece comes again and again.
fn is_repetition(bytes: &[u8]) -> bool {
    let longest = bytes.chunk_by(|a, b| a == b).map(<[u8]>::len).max().unwrap_or(0);
    let wanted = if bytes.len() <= 64 { 6 } else { bytes.len() / 4 };
    let is_padded = bytes.starts_with(b"aaaaaaaaaaaaaaaaaaaa");
    if longest >= wanted.max(4) && !is_padded {
        return true;
    }
    let few = bytes.len() >= 8 && {
        let mut distinct = [false; 256];
        bytes.iter().for_each(|byte| distinct[usize::from(*byte)] = true);
        distinct.iter().filter(|seen| **seen).count() <= 3
    };
    let is_periodic = |period: usize| {
        let same = bytes.iter().zip(&bytes[period..]).filter(|(a, b)| a == b).count();
        same * 10 >= (bytes.len() - period) * 9
    };
    few || (bytes.len() >= 12 && (1..=16.min(bytes.len() / 2)).any(is_periodic))
}

/// Returns whether nothing random is left when the usual words are taken out.
fn is_made_of_words(lower: &str) -> bool {
    let plain: String = lower.chars().map(unleet).collect();
    let is_left = |text: &str| {
        let mut rest = text.to_owned();
        let mut taken = 0;
        for word in WORDS.iter().filter(|word| word.len() > 2) {
            if rest.contains(word) {
                taken += rest.matches(word).count() * word.len();
                rest = rest.replace(word, " ");
            }
        }
        let parts = rest.split(|c: char| !c.is_ascii_alphabetic()).filter(|part| !part.is_empty());
        let letters: usize = parts.filter(|part| !WORDS.contains(part)).map(str::len).sum();
        let digits = rest.chars().filter(char::is_ascii_digit).count();
        let left: String = rest.chars().filter(char::is_ascii_alphanumeric).collect();
        let is_random = left.len() >= 12 && entropy(&left) >= 2.8 && share_of_words(&left) < 0.5;
        taken == 0 || is_random || letters > 3 || digits > 6
    };
    !is_left(lower) || !is_left(&plain)
}

/// Returns the letter that a digit or sign is written for.
fn unleet(c: char) -> char {
    match c {
        '@' | '4' => 'a',
        '0' => 'o',
        '1' | '!' => 'i',
        '$' | '5' => 's',
        '3' => 'e',
        '7' => 't',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_a_secret_is_known_by_itself() {
        for text in [
            "changeme",
            "your-api-key-here",
            "xxxxxxxxxxxx",
            "********",
            "<token>",
            "${TOKEN}",
            "{{ token }}",
            "$TOKEN",
            "process.env.TOKEN",
            "dummy-key",
            "0123456789abcdef",
            "abcdefghijkl",
            "aaaaaaaaaaaaa",
            "my-secret-token",
            "test_key_1",
            "supersecret",
            "Password123!",
            "admin123",
            "hunter2",
            "S3cret!",
            "a1b2c3d4e5f6a7b8",
            "abc123abc123abc123",
            "98765432109876",
            "super-secret-jwt-key",
            "postgres",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn a_random_text_is_no_placeholder() {
        for text in [
            "k3Jx9QmZ27vLrT5bW8nYc4Hs",
            "9f8e41d0884c7d659a2feaa0c55ad015",
            "Tr0ub4dor&3",
            "Gx7!pQ2#vLm9",
            "prod_token_8f3b9c1d7e2a4f60",
            "x7k2m9qz4w8rt1vb",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
