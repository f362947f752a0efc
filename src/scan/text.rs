//! Two readings of a file: the text with its lines, and the prose, which is
//! what a person or a model takes in: wrapped lines joined, markers of comments
//! and lists gone, look-alike and invisible characters undone, lower case.

use unicode_normalization::UnicodeNormalization;

/// The text of a file.
#[derive(Debug, Clone)]
pub struct Text {
    text: String,
    /// Byte offset of each line's start.
    lines: Vec<u32>,
    /// Whether the file was valid UTF-8.
    is_utf8: bool,
}

impl Text {
    /// Decodes bytes: UTF-8, or UTF-16 with a byte order mark. With `is_textual`
    /// wrong bytes become U+FFFD, so that one of them hides nothing; otherwise
    /// they mean that this is no text.
    pub fn decode(bytes: &[u8], is_textual: bool) -> Option<Self> {
        let (text, is_utf8) = match bytes {
            [0xff, 0xfe, rest @ ..] => (utf16(rest, u16::from_le_bytes), false),
            [0xfe, 0xff, rest @ ..] => (utf16(rest, u16::from_be_bytes), false),
            _ => match std::str::from_utf8(bytes) {
                Ok(text) if is_textual || !bytes.contains(&0) => (text.to_owned(), true),
                _ if is_textual => (String::from_utf8_lossy(bytes).into_owned(), false),
                _ => return None,
            },
        };
        let starts = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at as u32 + 1);
        let lines = std::iter::once(0).chain(starts).collect();
        Some(Self { text, lines, is_utf8 })
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns whether the file was valid UTF-8.
    pub fn is_utf8(&self) -> bool {
        self.is_utf8
    }

    /// Returns line and column, from 1, of a byte offset; columns count characters.
    pub fn position(&self, at: usize) -> (u32, u32) {
        let line = self.lines.partition_point(|start| *start as usize <= at).saturating_sub(1);
        let start = self.lines[line] as usize;
        let column = self.text.get(start..at).map_or(0, |before| before.chars().count());
        (line as u32 + 1, column as u32 + 1)
    }

    /// Returns the line of that number, from 1, without its end.
    pub fn line(&self, number: u32) -> &str {
        let at = number.saturating_sub(1) as usize;
        let Some(start) = self.lines.get(at).map(|start| *start as usize) else { return "" };
        let end = self.lines.get(at + 1).map_or(self.text.len(), |next| *next as usize);
        self.text[start..end].trim_end_matches(['\n', '\r'])
    }

    /// Returns the number of lines.
    pub fn line_count(&self) -> usize {
        self.lines.len()
    }
}

fn utf16(bytes: &[u8], decode: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| decode([pair[0], pair[1]]));
    char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')).collect()
}

/// A text as it is taken in: paragraphs, one a line, lower case.
#[derive(Debug, Clone, Default)]
pub struct Prose {
    text: String,
    /// Offset in the prose, offset in the text; ascending in both.
    map: Vec<(u32, u32)>,
}

impl Prose {
    /// Reads a text.
    pub fn of(text: &Text) -> Self {
        let mut prose = Self { text: String::with_capacity(text.as_str().len()), map: Vec::new() };
        let mut in_paragraph = false;
        let mut at = 0;
        for line in text.as_str().split_inclusive('\n') {
            let bare = without_markers(line);
            if bare.is_empty() {
                if in_paragraph {
                    prose.text.push('\n');
                }
                in_paragraph = false;
            } else {
                let skipped = bare.as_ptr() as usize - line.as_ptr() as usize;
                if in_paragraph {
                    prose.text.push(' ');
                }
                prose.push(bare, at + skipped);
                in_paragraph = true;
            }
            at += line.len();
        }
        prose
    }

    /// Returns the paragraphs, one a line.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the offset in the text that an offset in the prose comes from, to about a line.
    pub fn origin(&self, at: usize) -> usize {
        let piece = self.map.partition_point(|(prose, _)| *prose as usize <= at).saturating_sub(1);
        self.map.get(piece).map_or(0, |(_, text)| *text as usize)
    }

    /// Appends one line, read as a person reads it.
    fn push(&mut self, line: &str, at: usize) {
        self.map.push((self.text.len() as u32, at as u32));
        if line.is_ascii() {
            push_ascii(&mut self.text, line);
            return;
        }
        // Compatibility forms fold full-width and styled letters into plain ones.
        let plain: String = line.chars().filter_map(visible).nfkc().map(unlike).collect();
        push_ascii(&mut self.text, &plain.to_lowercase());
    }
}

/// Appends a line in lower case, white space collapsed, emphasis and escapes of
/// line ends gone.
fn push_ascii(out: &mut String, line: &str) {
    let mut is_space = true;
    let mut rest = line.chars().peekable();
    while let Some(mut c) = rest.next() {
        if c == '\\' && matches!(rest.peek(), Some('n' | 'r' | 't')) {
            rest.next();
            c = ' ';
        }
        if c == '`' || c == '*' {
            continue;
        }
        if c.is_whitespace() {
            if !is_space {
                out.push(' ');
            }
            is_space = true;
        } else {
            out.push(c.to_ascii_lowercase());
            is_space = false;
        }
    }
}

/// Takes the markers of comments, lists, quotes and headings off a line.
pub(super) fn without_markers(line: &str) -> &str {
    let line = line.trim();
    let bare = line.trim_start_matches(['#', '/', '*', '>', '-', '|', ';', '+']).trim_start();
    bare.strip_suffix("*/").unwrap_or(bare).trim_end()
}

/// Drops characters that nobody sees; the tags block spells ASCII that a model reads.
pub(super) fn visible(c: char) -> Option<char> {
    match c {
        '\u{e0020}'..='\u{e007e}' => char::from_u32(u32::from(c) - 0xe0000),
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}' => {
            None
        }
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => None,
        '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e01ef}' => None,
        other => Some(other),
    }
}

/// Returns the Latin letter or ASCII sign that a character is drawn like.
pub(super) fn unlike(c: char) -> char {
    match c {
        'а' | 'α' => 'a',
        'е' | 'ε' => 'e',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'с' | 'ϲ' => 'c',
        'у' | 'γ' => 'y',
        'х' | 'χ' => 'x',
        'і' | 'ι' => 'i',
        'ѕ' => 's',
        'ј' => 'j',
        'ԁ' => 'd',
        'һ' => 'h',
        'А' | 'Α' => 'A',
        'В' | 'Β' => 'B',
        'Е' | 'Ε' => 'E',
        'І' | 'Ι' => 'I',
        'М' | 'Μ' => 'M',
        'Н' | 'Η' => 'H',
        'О' | 'Ο' => 'O',
        'Р' | 'Ρ' => 'P',
        'С' => 'C',
        'Т' | 'Τ' => 'T',
        'Х' | 'Χ' => 'X',
        '‘' | '’' | '‛' | '′' => '\'',
        '“' | '”' | '„' => '"',
        '‐' | '‑' | '‒' | '–' | '—' => '-',
        // Arrows, boxes, ticks and emoji say nothing, and make searching slow.
        '\u{2010}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' => ' ',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prose(text: &str) -> String {
        Prose::of(&Text::decode(text.as_bytes(), true).unwrap()).as_str().to_owned()
    }

    #[test]
    fn wrapped_lines_are_one_paragraph_without_markers() {
        assert_eq!(
            prose("# Ignore\n# all  *previous*\n\n- instructions\n"),
            "ignore all previous\ninstructions"
        );
        assert_eq!(prose("{\"a\": \"one\\ntwo\"}"), "{\"a\": \"one two\"}");
    }

    #[test]
    fn hidden_and_look_alike_letters_are_read_as_what_they_say() {
        assert_eq!(prose("ig\u{200b}nore аll ｐｒｅｖｉｏｕｓ"), "ignore all previous");
        let hidden: String = "run".chars().filter_map(|c| char::from_u32(u32::from(c) + 0xe0000)).collect();
        assert_eq!(prose(&format!("x{hidden}")), "xrun");
    }

    #[test]
    fn places_are_found_again() {
        let text = Text::decode("one\n\n// two\n// three ü\n".as_bytes(), true).unwrap();
        let prose = Prose::of(&text);
        let at = prose.as_str().find("three").unwrap();
        assert_eq!(text.position(prose.origin(at)).0, 4);
        assert_eq!(text.position(text.as_str().find("two").unwrap()), (3, 4));
        assert_eq!(text.line(4), "// three ü");
        assert_eq!(text.line(99), "");
    }

    #[test]
    fn one_wrong_byte_hides_no_text_and_a_binary_is_none() {
        assert!(Text::decode(b"curl \xff evil", true).unwrap().as_str().starts_with("curl "));
        assert!(Text::decode(b"\x7fELF\x00\xff", false).is_none());
        let wide: Vec<u8> =
            [0xff, 0xfe].into_iter().chain("hi".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(Text::decode(&wide, true).unwrap().as_str(), "hi");
    }
}
