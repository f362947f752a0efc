//! Kinds of characters that hide or disguise text, for the checks that look for them.

/// Returns whether a character embeds, overrides or isolates a direction of writing, or ends that.
pub(super) fn is_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Returns whether a character forces the order of others.
pub(super) fn is_override(c: char) -> bool {
    matches!(c, '\u{202d}' | '\u{202e}')
}

/// Returns whether a letter is of a script written from right to left.
pub(super) fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// Returns whether directions that a line begins all end in it, in order.
pub(super) fn is_balanced(line: &str) -> bool {
    let mut open = Vec::new();
    for c in line.chars() {
        match c {
            '\u{202a}' | '\u{202b}' | '\u{202d}' | '\u{202e}' => open.push('\u{202c}'),
            '\u{2066}'..='\u{2068}' => open.push('\u{2069}'),
            '\u{202c}' | '\u{2069}' if open.pop() != Some(c) => return false,
            _ => {}
        }
    }
    open.is_empty()
}

/// Returns whether a character has no width and no place in ordinary text but
/// between letters of scripts that join.
pub(super) fn is_zero_width(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{206a}'..='\u{206f}' | '\u{feff}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180e}' | '\u{17b4}' | '\u{17b5}' | '\u{1d173}'..='\u{1d17a}')
}

/// Returns whether a letter of an alphabet is drawn as nothing.
pub(super) fn is_blank_letter(c: char) -> bool {
    matches!(c, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}')
}

/// Returns whether a character is of the tags block, which spells ASCII that nobody sees.
pub(super) fn is_tag(c: char) -> bool {
    matches!(c, '\u{e0000}'..='\u{e007f}')
}

/// Returns whether a character chooses how the one before it is drawn.
pub(super) fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Returns whether a letter is of a script in which joiners change how words are drawn.
pub(super) fn is_of_joining_script(c: char) -> bool {
    is_right_to_left(c)
        || matches!(c, '\u{900}'..='\u{fff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{18af}' | '\u{1a00}'..='\u{1aaf}' | '\u{a800}'..='\u{abff}' | '\u{11000}'..='\u{11fff}')
}

/// Returns whether a character is a picture, or part of one.
pub(super) fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}' | '\u{1f000}'..='\u{1faff}' | '\u{20e3}' | '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '0'..='9' | '#' | '*')
}

/// Returns whether a letter of another script is drawn like a Latin one.
pub(super) fn is_look_alike(c: char) -> bool {
    "аеорсухіїѕјԁһԛԝӏқԍɡАВЕЅІЈКМНОРСТУХҮԌԚԜοϲϳΑΒΕΖΗΙΚΜΝΟΡΤΥΧօսհցԼᴀᴄᴇᴏᴠᴡᴢꓐꓑꓒᎪᎬᏴᏟᎠ".contains(c)
        || matches!(c, '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' | '\u{1d400}'..='\u{1d6a3}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directions_end_in_the_order_they_began() {
        assert!(is_balanced("a \u{2066}b \u{202a}c\u{202c}\u{2069} d"));
        assert!(!is_balanced("a \u{202e}b"));
        assert!(!is_balanced("\u{2067}a\u{202c}"));
        assert!(!is_balanced("a\u{2069}"));
        assert!(is_balanced("plain"));
    }
}
