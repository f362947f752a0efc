//! Which keys lie next to each other on a QWERTY keyboard.

/// The rows of the keyboard; a key touches its neighbours in the row, and two keys of the rows above and below.
const ROWS: [&str; 4] = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];

/// Returns whether the keys of two letters touch.
pub(super) fn are_neighbours(one: char, other: char) -> bool {
    let (Some((row, column)), Some((other_row, other_column))) = (key(one), key(other)) else {
        return false;
    };
    match other_row.cmp(&row) {
        std::cmp::Ordering::Equal => column.abs_diff(other_column) == 1,
        std::cmp::Ordering::Greater => {
            row + 1 == other_row && (column == other_column || column == other_column + 1)
        }
        std::cmp::Ordering::Less => {
            other_row + 1 == row && (column == other_column || column + 1 == other_column)
        }
    }
}

fn key(letter: char) -> Option<(usize, usize)> {
    ROWS.iter().enumerate().find_map(|(row, keys)| Some((row, keys.find(letter)?)))
}
