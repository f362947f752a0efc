//! Encoded text inside a file: where it stands and what it decodes to, within
//! limits and in linear time.

use data_encoding::{BASE32_NOPAD, BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER_PERMISSIVE, Specification};
use flate2::read::{GzDecoder, ZlibDecoder};
use std::io::Read;
use std::sync::LazyLock;

/// Fewest characters of a run that is looked at.
pub(super) const LEAST: usize = 20;

/// One run of encoded characters.
pub(super) struct Run {
    /// Byte offset in the text.
    pub(super) at: usize,
    /// Byte offset of its end.
    pub(super) end: usize,
    /// Its characters, of all the lines it goes over.
    pub(super) text: String,
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// Returns the runs of Base64 or hexadecimal characters, lines of the same text joined.
pub(super) fn runs(text: &str) -> Vec<Run> {
    let bytes = text.as_bytes();
    let mut runs: Vec<Run> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let length = bytes[at..].iter().take_while(|byte| is_digit(**byte)).count();
        if length < LEAST {
            at += length.max(1);
            continue;
        }
        let mut end = at + length;
        end += bytes[end..].iter().take(2).take_while(|byte| **byte == b'=').count();
        let piece = &text[at..end];
        match runs.last_mut() {
            Some(last) if goes_on(&text[last.end..at], last.text.len()) => {
                last.text.push_str(piece);
                last.end = end;
            }
            _ => runs.push(Run { at, end, text: piece.to_owned() }),
        }
        at = end;
    }
    runs
}

/// Returns whether only a line's end, quotes and joining signs stand between two pieces.
fn goes_on(between: &str, before: usize) -> bool {
    const MOST: usize = 40;
    before >= 40
        && between.len() <= MOST
        && !between.contains(',')
        && between.contains(['\n', '"', '\''])
        && between.chars().all(|c| {
            c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '+' | '\\' | '>' | '#' | '*' | '(' | '.')
        })
        && between.matches('\n').count() <= 1
}

/// Decodes Base64, of both alphabets, with or without padding.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    static LENIENT: LazyLock<Option<data_encoding::Encoding>> = LazyLock::new(|| {
        let mut specification = Specification::new();
        specification.symbols.push_str("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
        specification.check_trailing_bits = false;
        specification.encoding().ok()
    });
    if !text.is_ascii() {
        return None;
    }
    let bare = text.trim_end_matches('=').replace('=', "");
    let whole = if bare.len() % 4 == 1 { &bare[..bare.len() - 1] } else { &bare };
    let standard = whole.replace('-', "+").replace('_', "/");
    BASE64_NOPAD
        .decode(whole.as_bytes())
        .or_else(|_| BASE64URL_NOPAD.decode(whole.as_bytes()))
        .ok()
        .or_else(|| LENIENT.as_ref()?.decode(standard.as_bytes()).ok())
}

/// Decodes hexadecimal digits.
pub(super) fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_start_matches("0x");
    HEXLOWER_PERMISSIVE.decode(text.get(..text.len() / 2 * 2)?.as_bytes()).ok()
}

/// Decodes Base32.
pub(super) fn base32(text: &str) -> Option<Vec<u8>> {
    BASE32_NOPAD.decode(text.trim_end_matches('=').as_bytes()).ok()
}

/// Decodes Base85 as Python's `b85encode` writes it, or Ascii85.
pub(super) fn base85(text: &str) -> [Option<Vec<u8>>; 2] {
    const DIGITS: &str =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";
    let by = |digit: &dyn Fn(u8) -> Option<u32>| -> Option<Vec<u8>> {
        let mut out = Vec::new();
        for group in text.as_bytes().chunks(5) {
            let mut value = 0_u32;
            for at in 0..5 {
                let one = group.get(at).map_or(Some(84), |byte| digit(*byte))?;
                value = value.checked_mul(85)?.checked_add(one)?;
            }
            out.extend_from_slice(&value.to_be_bytes()[..group.len().saturating_sub(1)]);
        }
        Some(out)
    };
    let python = |byte: u8| DIGITS.bytes().position(|digit| digit == byte).map(|at| at as u32);
    let ascii = |byte: u8| (b'!'..=b'u').contains(&byte).then(|| u32::from(byte - b'!'));
    [by(&python), by(&ascii)]
}

/// Decompresses zlib and gzip, at most so many bytes; `None` for anything else.
pub(super) fn inflate(bytes: &[u8], most: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let limit = most as u64;
    match bytes {
        [0x1f, 0x8b, 8, ..] => GzDecoder::new(bytes).take(limit).read_to_end(&mut out).ok(),
        [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] => {
            ZlibDecoder::new(bytes).take(limit).read_to_end(&mut out).ok()
        }
        _ => None,
    };
    (!out.is_empty()).then_some(out)
}

/// Returns text of bytes: UTF-8, or UTF-16 as PowerShell encodes its commands.
/// Bytes that are not nearly all printable are no text.
pub(super) fn text_of(bytes: &[u8]) -> Option<String> {
    let is_wide = bytes.len() >= 8 && bytes.chunks_exact(2).all(|pair| pair[1] == 0 && pair[0] != 0);
    let text = if is_wide {
        bytes.chunks_exact(2).map(|pair| char::from(pair[0])).collect()
    } else {
        match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            // The last character may be cut off.
            Err(error) if error.valid_up_to() + 4 > bytes.len() => {
                String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned()
            }
            Err(_) => return None,
        }
    };
    let bad = text.chars().filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')).count();
    (!text.is_empty() && bad * 50 <= text.len()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn runs_go_over_lines_of_the_same_text() {
        let line = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVpBQkNERUZHSElKS0xNTk9Q";
        let text = format!("x = '{line}' \\\n    '{line}'\ny = 1\nz = '{line}'");
        let runs = runs(&text);
        assert_eq!(runs.len(), 2);
        assert_eq!(runs[0].text.len(), 2 * line.len());
        assert_eq!(runs[0].at, 5);
    }

    #[test]
    fn what_was_encoded_comes_back() {
        assert_eq!(base64("aGVsbG8gd29ybGQ=").unwrap(), b"hello world");
        assert_eq!(base64("aGVsbG8_d29ybGQ-").unwrap(), b"hello?world>");
        assert_eq!(hexadecimal("68656C6c6f").unwrap(), b"hello");
        assert_eq!(base32("NBSWY3DP").unwrap(), b"hello");
        assert_eq!(base85("Xk~0{Zv")[0].as_deref(), Some(&b"hello"[..]));
        assert_eq!(base85("BOu!rDZ")[1].as_deref(), Some(&b"hello"[..]));
        assert_eq!(text_of(b"h\0e\0l\0l\0o\0!\0").as_deref(), Some("hello!"));
        assert!(text_of(b"\x00\x01\x02\x03hello").is_none());
        assert!(inflate(b"plain", 10).is_none());
    }

    proptest! {
        #[test]
        fn no_text_makes_decoding_fail_badly(text in any::<String>(), bytes in any::<Vec<u8>>()) {
            let _ = (base64(&text), hexadecimal(&text), base32(&text), base85(&text), runs(&text).len());
            let _ = (text_of(&bytes), inflate(&bytes, 100));
            prop_assert!(crate::scan::randomness::share_of_words(&text) <= 1.0);
            prop_assert!(crate::scan::randomness::entropy(&text) <= 8.0);
            let _ = crate::scan::placeholder::is_placeholder(&text);
        }
    }
}
