//! Check `secret-in-file`.

use super::{Check, Findings, Subject};
use crate::model::{Confidence, Severity};
use crate::scan::context::{is_example, lowered, tests_begin};
use crate::scan::placeholder::is_placeholder;
use crate::scan::randomness::{
    entropy, has_valid_checksum, is_hex, is_uuid, kinds, mean_run, share_of_words,
};
use crate::scan::{Hit, Match};
use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD};
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    id: "secret-in-file",
    summary: "A file holds a password, a token or a private key.",
    docs: "\
What is in a package is public for good: everyone who downloads it can use a secret that is in it, and a
later version does not take it back. Secrets get in by accident, in settings files, examples and tests.

Looked for are the token formats of more than a hundred services, private keys (PEM, OpenSSH, PGP, PuTTY, age), signed
tokens, addresses with a password, logins in `.npmrc`, `.netrc`, `.pypirc` and Docker settings, and
assignments such as `api_key = \"…\"` in code, JSON, YAML, TOML, XML and environment files.

* **critical**: a format that nothing else has, random enough, such as a private key or a live payment key;
* **high**: a format that a few other things share, a private key under a password, a token whose check digits are wrong, an address with a password, a
  random value given to something named `secret`, `token` or `password`;
* **medium**: a short or guessable password, a signed token (JWT) that expires; what would be high, in a folder of tests;
* not reported: values that only stand for a secret (`changeme`, `<token>`, `${TOKEN}`, `xxxx`, counting
  sequences, keys from a vendor's own documentation) and keys meant to be public (`pk_…`, the public half of a
  Sentry DSN, the web key of a Firebase app).

Only the value itself is judged: no comment or file name beside it makes a secret harmless. Reports show
the first four characters and the length, never the value.

```text
critical: secret-in-file: config/prod.json:4: a GitHub token is in the file (ghp_… (40 characters))
```

Revoke the secret at the service that issued it first: it must be taken as known. Then read it from the environment or
from a secret store, and publish a version without it.
",
    run,
};

const HELP: &str = "revoke it where it was issued, then read it from the environment or a secret store";

/// Patterns of which the name beside the value is the only sign.
const ASSIGNMENTS: &[&str] = &[
    "attribute-secret",
    "element-secret",
    "environment-assignment",
    "header-secret",
    "plain-assignment",
    "prose-assignment",
    "quoted-assignment",
];

/// Patterns of passwords that people choose.
const PASSWORDS: &[&str] =
    &["command-line-password", "jdbc-password", "netrc-password", "npmrc-auth", "url-password"];

/// Formats so loose that lower case, upper case and digits must all occur.
const LOOSE: &[&str] = &[
    "adafruit-key",
    "alibaba-key",
    "brave-search-key",
    "crates-io-token",
    "fireworks-key",
    "linkedin-secret",
    "netlify-legacy-token",
    "notion-legacy-token",
    "openai-style-key",
    "render-key",
    "resend-key",
    "square-access-token",
    "voyage-key",
    "vercel-named-token",
];

/// A longer line is no sentence that tells a secret.
const LONG_LINE: usize = 2_000;

/// Least entropy of a token, in bits a character.
const LEAST_ENTROPY: f64 = 2.8;

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for file in &subject.files {
        let mut found = subject.matches_in(CHECK.id, file);
        let tests = if found.is_empty() { usize::MAX } else { tests_begin(file) };
        // What a service's own format claims is not judged again by its name.
        found.sort_by_key(|one| rank(&one.pattern.id));
        let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
        for one in &found {
            let start = one.at + (one.group.as_ptr() as usize).saturating_sub(one.text.as_ptr() as usize);
            let end = start + one.group.len();
            if taken.range(..end).next_back().is_some_and(|(_, other)| *other > start) {
                continue;
            }
            taken.insert(start, end);
            if let Some((severity, confidence)) = judge(one) {
                let is_mild = one.at >= tests || (severity == Severity::Critical && is_example(file));
                let severity = if is_mild { lowered(severity) } else { severity };
                let hit = Hit::of(one).severity(severity).confidence(confidence);
                findings.add(hit.help(HELP).masked(one.group));
            }
        }
    }
}

fn rank(id: &str) -> u8 {
    match id {
        _ if ASSIGNMENTS.contains(&id) => 3,
        _ if PASSWORDS.contains(&id) || id == "bearer-header" => 2,
        "openai-style-key" | "google-api-key" => 1,
        _ => 0,
    }
}

/// Returns how bad a match is; `None` where it is no secret.
fn judge(found: &Match<'_>) -> Option<(Severity, Confidence)> {
    let (id, secret) = (found.pattern.id.as_str(), found.group);
    let declared = (found.pattern.severity, found.pattern.confidence);
    match id {
        "private-key" | "putty-private-key" if is_encrypted(found) => {
            is_key(found).then_some((Severity::High, Confidence::Sure))
        }
        "private-key" | "putty-private-key" => is_key(found).then_some(declared),
        "jwt" => signed_token(secret),
        "docker-auth" | "basic-auth-header" => login(secret).then_some(declared),
        "google-api-key" if is_firebase(found) => None,
        "prose-assignment" if found.around.len() > LONG_LINE => None,
        _ if ASSIGNMENTS.contains(&id) => {
            let name = &found.text[..(secret.as_ptr() as usize).saturating_sub(found.text.as_ptr() as usize)];
            // `("token", "…")` names it; a list of texts does not.
            let is_argument = found.file.str()[..found.at].trim_end_matches(['"', '\'', '`']).ends_with('(');
            if is_search_key(found) { None } else { assigned(name, secret, is_argument) }
        }
        _ if PASSWORDS.contains(&id) => password(secret),
        "bearer-header" => is_random(secret).then_some(declared),
        _ if is_inside(found) => None,
        _ => token(id, secret, declared),
    }
}

/// Returns whether a match is a piece of a long Base64 text.
fn is_inside(found: &Match<'_>) -> bool {
    /// Most characters of Base64 that touch a token.
    const MOST: usize = 80;
    let text = found.file.str().as_bytes();
    let start = found.at + (found.group.as_ptr() as usize).saturating_sub(found.text.as_ptr() as usize);
    let is_digit = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(**byte, b'+' | b'/');
    let before = text[..start].iter().rev().take(MOST).take_while(is_digit).count();
    let after = text[start + found.group.len()..].iter().take(MOST).take_while(is_digit).count();
    before + after >= MOST
}

/// Judges what has the format of one service.
fn token(id: &str, secret: &str, declared: (Severity, Confidence)) -> Option<(Severity, Confidence)> {
    let body = secret.replace("_test_", "_").replace("_TEST-", "-");
    let body = body.strip_prefix("secret_").or(body.strip_prefix("pypi-")).unwrap_or(&body);
    let letters = body.bytes().filter(u8::is_ascii_alphabetic).count();
    let lower = body.bytes().filter(u8::is_ascii_lowercase).count();
    let has_digit = body.bytes().any(|byte| byte.is_ascii_digit());
    let is_wordy =
        lower > 0 && !is_hex(body) && (share_of_words(body) > 0.6 || (!has_digit && lower * 5 > letters * 4));
    let has_all = has_digit && lower > 0 && lower < letters;
    let is_loose = LOOSE.contains(&id) && !has_all && !(id == "openai-style-key" && is_hex(&body[3..]));
    if is_placeholder(body) || entropy(body) < LEAST_ENTROPY || is_wordy || is_loose {
        return None;
    }
    match id {
        "github-token" | "npm-token" if has_valid_checksum(secret) => Some((declared.0, Confidence::Sure)),
        "github-token" | "npm-token" => Some((Severity::High, Confidence::Likely)),
        _ => Some(declared),
    }
}

/// Returns whether a key is of use only to who knows its password.
fn is_encrypted(found: &Match<'_>) -> bool {
    found.text.starts_with("-----BEGIN ENCRYPTED") || found.group.contains("Proc-Type: 4,ENCRYPTED")
}

/// Returns whether the body of a key block is more than dots and words, and as
/// long as it says it is.
fn is_key(found: &Match<'_>) -> bool {
    let plain = found.group.replace("\\n", "\n").replace("\\r", "\n");
    if plain.contains("EXAMPLE") || (found.text.ends_with("-----") && is_cut_short(&plain)) {
        return false;
    }
    plain.split(|c: char| !c.is_ascii_alphanumeric() && !"+/=".contains(c)).any(|line| {
        line.len() >= 40 && entropy(line) >= 3.6 && !is_placeholder(line) && share_of_words(line) < 0.6
    })
}

/// Returns whether a key's first bytes (DER: 30 82 and a length) promise far more than there is.
fn is_cut_short(body: &str) -> bool {
    let digits: String = body.chars().filter(|c| c.is_ascii_alphanumeric() || "+/".contains(*c)).collect();
    let head = digits.get(..8).and_then(|head| BASE64_NOPAD.decode(head.as_bytes()).ok());
    match head.as_deref() {
        Some([0x30, 0x82, high, low, ..]) => {
            let promised = usize::from(*high) << 8 | usize::from(*low);
            digits.len() < 120 && promised > digits.len()
        }
        _ => false,
    }
}

/// Judges a JWT by its claims: whom it is for and how long it lasts.
fn signed_token(token: &str) -> Option<(Severity, Confidence)> {
    /// Longest life of a token that is of little use to who finds it later: a day.
    const SHORT: f64 = 86_400.0;
    let mut parts = token.split('.').skip(1);
    let (claims, signature) = (parts.next()?, parts.next()?);
    let claims: serde_json::Value =
        serde_json::from_slice(&BASE64URL_NOPAD.decode(claims.as_bytes()).ok()?).ok()?;
    let text = |key: &str| claims.get(key).and_then(serde_json::Value::as_str).unwrap_or_default();
    let is_documented = text("sub") == "1234567890" || text("name") == "John Doe" || text("iss") == "joe";
    if is_documented || text("role") == "anon" || is_placeholder(signature) || entropy(signature) < 3.0 {
        return None;
    }
    if text("role") == "service_role" {
        return Some((Severity::Critical, Confidence::Sure));
    }
    if !["sub", "iss", "aud", "exp", "iat", "nbf", "jti", "role", "scope"]
        .iter()
        .any(|key| claims.get(key).is_some())
    {
        return Some((Severity::Low, Confidence::Unsure));
    }
    let number = |key: &str| claims.get(key).and_then(serde_json::Value::as_f64);
    let severity = match (number("iat").or(number("nbf")), number("exp")) {
        (Some(from), Some(until)) if until - from <= SHORT => Severity::Medium,
        (None, Some(_)) => Severity::Medium,
        _ => Severity::High,
    };
    Some((severity, Confidence::Likely))
}

/// Returns whether Base64 is a name and a password.
fn login(encoded: &str) -> bool {
    let bare = encoded.trim_end_matches('=');
    let decoded = BASE64_NOPAD.decode(bare.as_bytes()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let parts = decoded.as_deref().and_then(|text| text.split_once(':'));
    parts.is_some_and(|(name, secret)| {
        !name.chars().chain(secret.chars()).any(char::is_control)
            && !is_placeholder(encoded)
            && password(secret).is_some()
    })
}

/// Returns whether a Google key stands in the settings of a Firebase web app, where it is public by design.
fn is_firebase(found: &Match<'_>) -> bool {
    let near = near(found, 500);
    near.contains(".firebaseapp.com") && near.contains("authDomain")
}

/// Returns whether a key is the search key in the settings of Algolia's browser
/// widget, which is public by design; those that may write are named for it.
fn is_search_key(found: &Match<'_>) -> bool {
    let near = near(found, 150);
    let is_widget = near.contains("indexName") && (near.contains("appId") || near.contains("applicationId"));
    found.text.starts_with("apiKey") && found.group.len() == 32 && is_hex(found.group) && is_widget
}

fn near<'a>(found: &Match<'a>, reach: usize) -> &'a str {
    let text = found.file.str();
    &text[floor(text, found.at.saturating_sub(reach))..floor(text, (found.at + reach).min(text.len()))]
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Judges a password that stands where a password must.
fn password(secret: &str) -> Option<(Severity, Confidence)> {
    if secret.len() < 6 || is_placeholder(secret) || is_reference(secret) {
        return None;
    }
    let has_digit = secret.bytes().any(|byte| byte.is_ascii_digit());
    if is_random(secret)
        || (has_digit && secret.len() >= 8 && entropy(secret) >= 2.5 && !is_words_with_separators(secret))
    {
        return Some((Severity::High, Confidence::Likely));
    }
    let is_mixed = kinds(secret) >= 2 && secret.len() >= 8 && share_of_words(secret) < 0.4;
    if is_mixed && secret.bytes().filter(u8::is_ascii_uppercase).count() >= 2 {
        return Some((Severity::High, Confidence::Likely));
    }
    (has_digit || kinds(secret) >= 3).then_some((Severity::Medium, Confidence::Unsure))
}

/// Judges a value by itself and by the name it is given to.
fn assigned(before: &str, secret: &str, is_argument: bool) -> Option<(Severity, Confidence)> {
    let name = before.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    let between = &before[name.len()..];
    if between.contains(',') && !(is_argument && between.starts_with(['"', '\'', '`'])) {
        return None;
    }
    let name = name.rsplit([' ', '\t', '\n', '"', '\'', '$', '<', '&']).find(|part| is_secret_name(part));
    let name = name.unwrap_or(before).to_lowercase();
    if is_other_name(&name) || is_placeholder(secret) || is_reference(secret) {
        return None;
    }
    let is_password = ["passw", "pwd", "passphrase", "_pass", "-pass", "dbpass", "userpass"]
        .iter()
        .any(|word| name.contains(word))
        || name == "pass";
    if is_uuid(secret) {
        return Some((Severity::Medium, Confidence::Unsure));
    }
    if is_random(secret) {
        return Some((Severity::High, Confidence::Likely));
    }
    if !is_password || is_words_with_separators(secret) {
        return None;
    }
    let has_digit = secret.bytes().any(|byte| byte.is_ascii_digit());
    match kinds(secret) {
        3.. if has_digit
            && secret.len() >= 8
            && share_of_words(secret) <= 0.75
            && !secret.to_lowercase().contains("password") =>
        {
            Some((Severity::High, Confidence::Likely))
        }
        2.. if has_digit && secret.len() >= 8 => Some((Severity::Medium, Confidence::Unsure)),
        _ => None,
    }
}

/// Returns whether text is long and mixed enough to be made by a machine.
fn is_random(text: &str) -> bool {
    let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
    let has_letter = text.bytes().any(|byte| byte.is_ascii_alphabetic());
    let least = if text.len() < 20 || is_hex(text) { 3.0 } else { 3.3 };
    let shortest = if is_hex(text) { 20 } else { 16 };
    if !has_letter || text.len() < shortest || entropy(text) < least || is_words_with_separators(text) {
        return false;
    }
    let words = share_of_words(text);
    match has_digit {
        true => is_hex(text) || words < 0.5 || mean_run(text) < 3.2 || has_many_numbers(text),
        false => words < 0.3 && kinds(text) >= 2 && text.bytes().filter(u8::is_ascii_uppercase).count() >= 3,
    }
}

/// Returns whether digits stand in many places of a text.
fn has_many_numbers(text: &str) -> bool {
    let numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).count();
    numbers >= 4 && text.len() >= 24
}

/// Returns whether a value is words and numbers with separators, such as `eu-west-1` or `key-2024`.
fn is_words_with_separators(text: &str) -> bool {
    let mut parts = text.split(['-', '_', '.', '/', ':']).filter(|part| !part.is_empty());
    let is_plain = |part: &str| {
        let bare = part.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = part.len() - bare.len();
        bare.is_empty()
            || (bare.len() >= 2 && bare.bytes().all(|byte| byte.is_ascii_alphabetic()) && digits <= 4)
    };
    text.contains(['-', '_', '.', '/', ':']) && parts.all(is_plain)
}

/// Returns whether a value names where the secret is, instead of being one.
fn is_reference(value: &str) -> bool {
    const STARTS: &[&str] = &[
        "./",
        "../",
        "~",
        "@",
        "#",
        "\\",
        "%",
        "!",
        "sha256",
        "sha512",
        "sha1-",
        "X-",
        "x-",
        "pk_",
        "pk-",
        "pub",
        "phc_",
        "sb_publishable",
        "ssh-",
        "AAAAB3Nza",
        "-----",
        "--",
    ];
    const PARTS: &[&str] =
        &["://", "=>", "()", "=='", "][", "/>", "&&", "||", "\\w", "\\d", "[a-", "[A-", "(?:", "\\u", "\\x"];
    let is_path =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    let is_member = value.contains('.') && value.split('.').all(is_path);
    let is_constant =
        value.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
            && value.contains('_');
    STARTS.iter().any(|start| value.starts_with(start))
        || PARTS.iter().any(|part| value.contains(part))
        || is_member
        || (value.starts_with('/') && (share_of_words(value) > 0.4 || value.len() < 20))
        || is_constant
        || (value.len() == 42 && value.starts_with("0x"))
        || value.ends_with('(')
        || value.starts_with(['>', ')', ',', '.', ':', '|', '=', '?', '*', ';'])
        || (value.contains('{') && value.contains('}'))
        || (value.contains('(') && value.contains(')'))
        || (value.starts_with("eyJ") && !value.contains('.'))
        || value.ends_with(".json")
}

fn is_secret_name(part: &str) -> bool {
    let part = part.to_ascii_lowercase();
    ["pass", "pwd", "secret", "token", "key", "credential"].iter().any(|word| part.contains(word))
}

/// Returns whether a name only resembles that of a secret.
fn is_other_name(name: &str) -> bool {
    const ENDS: &[&str] = &[
        "name",
        "_id",
        "-id",
        "keyid",
        "tokenid",
        "secretid",
        ".id",
        "url",
        "uri",
        "type",
        "file",
        "path",
        "field",
        "label",
        "hint",
        "placeholder",
        "env",
        "var",
        "header",
        "length",
        "count",
        "limit",
        "regex",
        "pattern",
        "format",
        "prefix",
        "suffix",
        "expiry",
        "expires",
        "ttl",
        "ref",
        "hash",
        "digest",
        "checksum",
        "address",
        "mint",
        "usage",
        "version",
        "endpoint",
        "arn",
        "title",
        "description",
        "message",
        "error",
        "selector",
        "symbol",
        "class",
        "store",
        "fingerprint",
        "algorithm",
        "scope",
        "location",
        "source",
        "policy",
    ];
    const PARTS: &[&str] = &[
        "public",
        "tokenize",
        "max_token",
        "next_token",
        "nexttoken",
        "page_token",
        "pagetoken",
        "continuation",
        "sync_token",
        "cancel",
        "_tokens",
        "num_tok",
        "csrf",
        "xsrf",
        "nonce",
        "sitekey",
        "site_key",
        "publishable",
        "token_id",
        "anon_key",
        "anonkey",
        "cache",
        "idempotency",
        "lock_token",
        "locktoken",
        "updatetoken",
        "clienttoken",
        "client_token",
        "purchasetoken",
        "forwardtoken",
        "backwardtoken",
        "changetoken",
        "change_token",
        "requesttoken",
        "resumetoken",
        "resume_token",
        "deltatoken",
        "deltalink",
        "markertoken",
        "devicetoken",
        "starting_token",
        "translation",
        "i18n",
        "placeholder",
        "keyboard",
        "foreign",
        "primary",
    ];
    ENDS.iter().any(|end| name.ends_with(end)) || PARTS.iter().any(|part| name.contains(part))
}
