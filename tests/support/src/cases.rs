//! Small packages as one text, for the fixtures of checks.
//!
//! ```text
//! === case: a token in a settings file [critical]
//! --- file: config.json
//! {"token": "…"}
//! --- file: hidden.md (escaped)
//! read\u{200b} this
//! ```
//!
//! The severity in brackets is the least a finding must have. In an `(escaped)`
//! file `\u{…}`, `\x..`, `\n`, `\t`, `\r`, `\0` and `\\` stand for characters and bytes, so
//! that no fixture holds an invisible character, a binary or a whole secret.

/// One small package.
#[derive(Debug, Default)]
pub struct Case {
    /// What it shows.
    pub title: String,
    /// The least severity that is expected, if the text says so.
    pub severity: Option<String>,
    /// Path and bytes of its files.
    pub files: Vec<(String, Vec<u8>)>,
}

/// Reads the cases of a text.
///
/// # Errors
/// Names the line that is not understood.
pub fn parse(text: &str) -> Result<Vec<Case>, String> {
    let mut cases: Vec<Case> = Vec::new();
    let mut is_escaped = false;
    for (at, line) in text.split_inclusive('\n').enumerate() {
        let fault = |what: &str| format!("line {}: {what}", at + 1);
        if let Some(title) = line.strip_prefix("=== case: ") {
            let title = title.trim_end();
            let (title, severity) = match title.strip_suffix(']').and_then(|rest| rest.rsplit_once(" [")) {
                Some((title, severity)) => (title, Some(severity.to_owned())),
                None => (title, None),
            };
            cases.push(Case { title: title.to_owned(), severity, files: Vec::new() });
        } else if let Some(path) = line.strip_prefix("--- file: ") {
            let case = cases.last_mut().ok_or_else(|| fault("a file before the first case"))?;
            let path = path.trim_end();
            let (path, escaped) = path.strip_suffix(" (escaped)").map_or((path, false), |path| (path, true));
            is_escaped = escaped;
            case.files.push((path.to_owned(), Vec::new()));
        } else {
            match cases.last_mut().and_then(|case| case.files.last_mut()) {
                Some((_, bytes)) if is_escaped => unescape(line, bytes).map_err(|what| fault(&what))?,
                Some((_, bytes)) => bytes.extend_from_slice(line.as_bytes()),
                None if line.trim().is_empty() || line.starts_with('#') => {}
                None => return Err(fault("text before the first file")),
            }
        }
    }
    Ok(cases)
}

fn unescape(line: &str, out: &mut Vec<u8>) -> Result<(), String> {
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('\\') {
        out.extend_from_slice(before.as_bytes());
        let kind = after.chars().next().ok_or("a lone backslash")?;
        rest = &after[kind.len_utf8()..];
        match kind {
            'n' => out.push(b'\n'),
            't' => out.push(b'\t'),
            'r' => out.push(b'\r'),
            '0' => out.push(0),
            '\\' => out.push(b'\\'),
            'x' => {
                let digits = rest.get(..2).ok_or("\\x needs two digits")?;
                out.push(u8::from_str_radix(digits, 16).map_err(|_| format!("\\x{digits}"))?);
                rest = &rest[2..];
            }
            'u' => {
                let (digits, after) =
                    rest.strip_prefix('{').and_then(|rest| rest.split_once('}')).ok_or("\\u needs {…}")?;
                let code = u32::from_str_radix(digits, 16).map_err(|_| format!("\\u{{{digits}}}"))?;
                let c = char::from_u32(code).ok_or_else(|| format!("\\u{{{digits}}} is no character"))?;
                out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                rest = after;
            }
            other => return Err(format!("\\{other} is no escape")),
        }
    }
    out.extend_from_slice(rest.as_bytes());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_packages() {
        let text = "# about\n=== case: one [high]\n--- file: a.md\nx\\n\n--- file: b (escaped)\n\\u{200b}\\xff\n=== case: two\n";
        let cases = parse(text).unwrap();
        assert_eq!(cases.len(), 2);
        assert_eq!((cases[0].title.as_str(), cases[0].severity.as_deref()), ("one", Some("high")));
        assert_eq!(cases[0].files[0].1, b"x\\n\n");
        assert_eq!(cases[0].files[1].1, b"\xe2\x80\x8b\xff\n");
        assert!(parse("stray\n").is_err());
    }
}
