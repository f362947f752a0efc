//! PAX records (POSIX.1-2001) of one entry: the few keys that describe it, each
//! at most once, and a path and size that agree with the header.

use super::error::{ArchiveError, Shown};
use super::header::Header;

/// What the records say about the next entry.
#[derive(Debug, Default)]
pub(super) struct Records {
    path: Option<String>,
    size: Option<u64>,
}

impl Records {
    /// Reads `length key=value\n`, again and again.
    pub(super) fn parse(body: &[u8]) -> Result<Self, ArchiveError> {
        let mut records = Self::default();
        let mut seen = Vec::new();
        let mut rest = body;
        while !rest.is_empty() {
            let (key, value, after) = record(rest).ok_or_else(|| ArchiveError::PaxRecord {
                offset: body.len() - rest.len(),
                record: Shown::of(rest.get(..rest.len().min(40)).unwrap_or_default()),
            })?;
            rest = after;
            if seen.contains(&key) {
                return Err(ArchiveError::PaxTwice { key: Shown::of(key) });
            }
            seen.push(key);
            records.take(key, value)?;
        }
        Ok(records)
    }

    fn take(&mut self, key: &[u8], value: &[u8]) -> Result<(), ArchiveError> {
        let bad = || ArchiveError::PaxValue { key: Shown::of(key), value: Shown::of(value) };
        let text = std::str::from_utf8(value).ok().filter(|text| !text.is_empty()).ok_or_else(bad)?;
        if text.chars().any(char::is_control) {
            return Err(bad());
        }
        match key {
            b"path" => self.path = Some(text.to_owned()),
            b"size" => self.size = Some(whole_number(text).ok_or_else(bad)?),
            b"uid" | b"gid" => {
                whole_number(text).ok_or_else(bad)?;
            }
            b"mtime" | b"atime" | b"ctime" => {
                let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
                let whole = whole.strip_prefix('-').unwrap_or(whole);
                if whole_number(whole).is_none() || !is_digits(part) {
                    return Err(bad());
                }
            }
            b"uname" | b"gname" => {}
            _ => return Err(ArchiveError::PaxKey { key: Shown::of(key) }),
        }
        Ok(())
    }

    /// Puts the path of the records into the header that follows them.
    pub(super) fn apply(self, header: &mut Header) -> Result<(), ArchiveError> {
        if let Some(pax) = self.size.filter(|size| *size != header.size) {
            return Err(ArchiveError::PaxSize { name: Shown::of(&header.name), pax, header: header.size });
        }
        if let Some(path) = self.path {
            if !is_cut(&header.name, &path) {
                let (pax, header) = (Shown::of(path.as_bytes()), Shown::of(&header.name));
                return Err(ArchiveError::PaxPath { pax, header });
            }
            header.name = path.into_bytes();
        }
        Ok(())
    }
}

/// Splits the first record off: its key, its value and what follows.
fn record(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let space = bytes.iter().take(8).position(|byte| *byte == b' ')?;
    let length = usize::try_from(whole_number(std::str::from_utf8(bytes.get(..space)?).ok()?)?).ok()?;
    let text = bytes.get(space + 1..length)?.strip_suffix(b"\n")?;
    let equals = text.iter().position(|byte| *byte == b'=').filter(|at| *at > 0)?;
    Some((text.get(..equals)?, text.get(equals + 1..)?, bytes.get(length..)?))
}

/// Decimal digits without a sign or leading zeros.
fn whole_number(text: &str) -> Option<u64> {
    let is_plain = is_digits(text) && (text == "0" || !text.starts_with('0'));
    is_plain.then(|| text.parse().ok()).flatten()
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Says whether the header's name is what tools make of the path when it does not
/// fit: cut at the length of the field, letters that are not ASCII left out or
/// replaced by `?` or `_`. Anything else is a second name of the entry.
fn is_cut(name: &[u8], path: &str) -> bool {
    // node-tar leaves one byte for a NUL.
    const FIELD: usize = 99;
    let mut rest = name;
    for c in path.chars() {
        let mut bytes = [0; 4];
        let bytes: &[u8] = c.encode_utf8(&mut bytes).as_bytes();
        if let Some(after) = rest.strip_prefix(bytes) {
            rest = after;
        } else if name.len() >= FIELD && bytes.starts_with(rest) {
            return true;
        } else if c.is_ascii() {
            return false;
        } else if let [b'?' | b'_', after @ ..] = rest {
            rest = after;
        }
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::is_cut;

    #[test]
    fn a_name_cut_short_is_told_from_another_name() {
        let long = "a/".repeat(60) + "b";
        for (name, path, is_fine) in [
            ("README.md", "README.md", true),
            ("R?sum?.md", "Résumé.md", true),
            ("Rsum.md", "Résumé.md", true),
            ("Résumé.md", "Résumé.md", true),
            (&long[..100], &long, true),
            (&long[..99], &long, true),
            (&long[..98], &long, false),
            ("README", "README.md", false),
            ("README.md", "shelfmark.toml", false),
            ("", "shelfmark.toml", false),
            ("R?adme.md", "Readme.md", false),
            ("", "é", true),
        ] {
            assert_eq!(is_cut(name.as_bytes(), path), is_fine, "{name} {path}");
        }
    }
}
