//! A line of the index, as a client reads it: nothing panics, and what was read
//! is written so that it is read again as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shelfmark::schema::IndexLine;

fuzz_target!(|data: &[u8]| {
    let Ok(line) = serde_json::from_slice::<IndexLine>(data) else { return };
    let text = serde_json::to_string(&line).expect("a line is written");
    assert!(!text.contains('\n'), "a line is one line");
    let again: IndexLine = serde_json::from_str(&text).expect("what was written is read");
    assert_eq!(again, line);
    assert_eq!(serde_json::to_string(&again).expect("a line is written"), text);
});
