//! How random a text is: what tells a secret or an encoded payload from words.

use flate2::Crc;

/// Returns the Shannon entropy of the bytes, in bits a byte.
pub(super) fn entropy(text: &str) -> f64 {
    let mut counts = [0_u32; 256];
    text.bytes().for_each(|byte| counts[usize::from(byte)] += 1);
    let total = text.len().max(1) as f64;
    let share = |count: &u32| f64::from(*count) / total;
    counts.iter().filter(|count| **count > 0).map(share).map(|p| -p * p.log2()).sum()
}

/// Returns whether every byte is a hexadecimal digit.
pub(super) fn is_hex(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Returns whether a text is a UUID as they are written.
pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Returns how many kinds of characters there are: lower case, upper case, digits, others.
pub(super) fn kinds(text: &str) -> usize {
    let has = |test: fn(&char) -> bool| usize::from(text.chars().any(|c| test(&c)));
    has(char::is_ascii_lowercase)
        + has(char::is_ascii_uppercase)
        + has(char::is_ascii_digit)
        + has(|c| !c.is_ascii_alphanumeric())
}

/// Returns the share of the text that stands in runs of letters one could
/// pronounce: near 1 for identifiers and sentences, small for random text.
pub(super) fn share_of_words(text: &str) -> f64 {
    let bytes = text.as_bytes();
    let (mut start, mut words) = (0, 0);
    for at in 0..=bytes.len() {
        let goes_on = at > start
            && at < bytes.len()
            && bytes[at].is_ascii_alphabetic()
            && bytes[at - 1].is_ascii_alphabetic()
            && !(bytes[at].is_ascii_uppercase() && bytes[at - 1].is_ascii_lowercase());
        if !goes_on && at > start {
            words += if is_word(&bytes[start..at]) { at - start } else { 0 };
            start = at;
        }
    }
    words as f64 / bytes.len().max(1) as f64
}

/// Returns the mean length of the runs of one kind of character, a capital and
/// the small letters after it being one: about two for random text.
pub(super) fn mean_run(text: &str) -> f64 {
    let kind = |byte: u8| match byte {
        b'a'..=b'z' => 0_u8,
        b'A'..=b'Z' => 1,
        b'0'..=b'9' => 2,
        _ => 3,
    };
    let ends = |pair: &[u8]| {
        let (a, b) = (kind(pair[0]), kind(pair[1]));
        a != b && (a, b) != (1, 0)
    };
    let runs = 1 + text.as_bytes().windows(2).filter(|pair| ends(pair)).count();
    text.len() as f64 / runs as f64
}

/// Returns whether letters could be a word: vowels in it, no heap of consonants,
/// and one case after the first letter.
fn is_word(letters: &[u8]) -> bool {
    if letters.len() < 4 || !letters.iter().all(u8::is_ascii_alphabetic) {
        return false;
    }
    let rest = &letters[1..];
    if !rest.iter().all(u8::is_ascii_lowercase) && !letters.iter().all(u8::is_ascii_uppercase) {
        return false;
    }
    let is_vowel = |byte: &u8| b"aeiouyAEIOUY".contains(byte);
    let vowels = letters.iter().filter(|byte| is_vowel(byte)).count();
    let heap = letters.split(is_vowel).map(<[u8]>::len).max().unwrap_or(0);
    vowels * 5 >= letters.len() && vowels * 4 <= letters.len() * 3 && heap <= 4
}

/// Returns whether the last six characters of a token are the CRC-32, in base
/// 62, of the 30 before them, as the tokens of GitHub and npm have it.
pub(super) fn has_valid_checksum(token: &str) -> bool {
    const DIGITS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let Some((body, check)) = token
        .rsplit_once('_')
        .filter(|(_, rest)| rest.len() == 36 && rest.is_ascii())
        .map(|(_, rest)| rest.split_at(30))
    else {
        return false;
    };
    let mut crc = Crc::new();
    crc.update(body.as_bytes());
    let mut sum = crc.sum();
    let mut digits = [b'0'; 6];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[(sum % 62) as usize];
        sum /= 62;
    }
    check.as_bytes() == digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_random_texts_are_told_apart() {
        assert!(share_of_words("mySecretTokenProvider") > 0.8);
        assert!(share_of_words("correct-horse-battery") > 0.8);
        for random in ["k3Jx9QmZ27vLrT5bW8nYc4Hs", "9f86d081884c7d659a2feaa0c55ad015", "x7k2m9qz4w8rt1vb"] {
            assert!(share_of_words(random) < 0.3, "{random}");
            assert!(entropy(random) > 3.0, "{random}");
        }
        assert!(entropy("aaaaaaaa") < 0.1);
        assert_eq!(kinds("aB3!"), 4);
        assert!(mean_run("x1b6wrfnu8pe8h5yoroh15caeflewm6e") < 3.0);
        assert!(mean_run("mySecretTokenProvider") > 3.5);
    }

    #[test]
    fn check_digits_are_verified() {
        let body = "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ";
        let good = format!("ghp_{body}0mLq17");
        assert!(has_valid_checksum(&good));
        assert!(!has_valid_checksum(&format!("ghp_{body}0mLq18")));
        assert!(!has_valid_checksum("ghp_short"));
    }
}
