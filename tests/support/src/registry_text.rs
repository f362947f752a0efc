//! Whole registries as one text: a section for each file.
//!
//! ```text
//! -- registry.toml --
//! format = 1
//! -- old.toml [delete] --
//! -- link [mode=120000] --
//! target
//! -- big.toml [size=70000] --
//! ```
//!
//! A section's content runs to the next header. `[delete]` removes a file of an
//! earlier text, `[mode=…]` sets the git mode in octal, `[size=…]` pads the
//! content with `#` to that many bytes.

use std::collections::BTreeMap;

/// The mode of a regular file.
pub const REGULAR: u32 = 0o100_644;

/// Files by path, each with its git mode and content.
pub type Files = BTreeMap<String, (u32, Vec<u8>)>;

/// What the head of a section asks for.
struct Head {
    path: String,
    mode: u32,
    size: usize,
    is_deletion: bool,
}

/// Lays the files of a text over `files`.
///
/// # Errors
/// Names the line that is not understood.
pub fn overlay(files: &mut Files, text: &str) -> Result<(), String> {
    let mut current: Option<(Head, String)> = None;
    for (at, line) in text.split_inclusive('\n').enumerate() {
        let bare = line.trim_end_matches('\n');
        match bare.strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --")) {
            Some(inner) => {
                finish(files, current.take())?;
                let head = parse_head(inner).map_err(|reason| format!("line {}: {reason}", at + 1))?;
                current = Some((head, String::new()));
            }
            None => match &mut current {
                Some((_, content)) => content.push_str(line),
                None if bare.is_empty() => {}
                None => return Err(format!("line {}: text before the first section", at + 1)),
            },
        }
    }
    finish(files, current)
}

fn parse_head(inner: &str) -> Result<Head, String> {
    let mut head = Head { path: String::new(), mode: REGULAR, size: 0, is_deletion: false };
    let (path, options) = match inner.split_once(" [") {
        Some((path, options)) => {
            (path, options.strip_suffix(']').ok_or_else(|| format!("`[{options}` is not closed"))?)
        }
        None => (inner, ""),
    };
    path.clone_into(&mut head.path);
    for option in options.split_whitespace() {
        match option.split_once('=') {
            Some(("mode", mode)) => {
                head.mode = u32::from_str_radix(mode, 8).map_err(|error| format!("{mode}: {error}"))?
            }
            Some(("size", size)) => head.size = size.parse().map_err(|error| format!("{size}: {error}"))?,
            None if option == "delete" => head.is_deletion = true,
            _ => return Err(format!("unknown option `{option}`")),
        }
    }
    Ok(head)
}

fn finish(files: &mut Files, section: Option<(Head, String)>) -> Result<(), String> {
    let Some((head, content)) = section else { return Ok(()) };
    if head.is_deletion {
        return match files.remove(&head.path) {
            Some(_) => Ok(()),
            None => Err(format!("`{}` is deleted, but does not exist", head.path)),
        };
    }
    let mut bytes = content.into_bytes();
    if bytes.len() < head.size {
        bytes.resize(head.size, b'#');
    }
    files.insert(head.path, (head.mode, bytes));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_texts_replace_delete_and_pad() {
        let mut files = Files::new();
        overlay(&mut files, "-- a --\none\n-- b/c [mode=120000] --\na\n").unwrap();
        overlay(&mut files, "-- a [delete] --\n-- d [size=4] --\nx\n").unwrap();
        let paths: Vec<_> =
            files.iter().map(|(path, (mode, bytes))| (path.as_str(), *mode, bytes.as_slice())).collect();
        assert_eq!(paths, [("b/c", 0o120_000, b"a\n".as_slice()), ("d", REGULAR, b"x\n##")]);
        assert!(overlay(&mut files, "-- z [delete] --\n").is_err());
        assert!(overlay(&mut files, "stray\n").is_err());
    }
}
