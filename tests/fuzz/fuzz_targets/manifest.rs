//! A release file: read by itself, and judged as part of a registry. Nothing
//! panics, and no diagnostic carries a control character to a terminal.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shelfmark::diagnostic::render;
use shelfmark::schema::Release;
use shelfmark::source::{Mode, Snapshot};
use std::sync::Arc;

const PATH: &str = "packages/com/example/com.example.demo/1.0.0.toml";

const AROUND: &[(&str, &str)] = &[
    ("registry.toml", "format = 1\nname = \"fuzz\"\n"),
    ("policy.toml", "format = 1\n"),
    ("publishers/com.example.toml", "format = 1\nid = \"com.example\"\nname = \"Example\"\n"),
    (
        "packages/com/example/com.example.demo/package.toml",
        "format = 1\nname = \"Demo\"\ncategory = \"sales\"\n",
    ),
];

fuzz_target!(|data: &[u8]| {
    let mut diagnostics = Vec::new();
    let parsed =
        shelfmark::validate::parse_toml::<Release>(&Arc::from(PATH), "release", data, &mut diagnostics);
    assert!(parsed.is_some() || !diagnostics.is_empty(), "what is not read is told");

    let around =
        AROUND.iter().map(|(path, text)| ((*path).to_owned(), Mode::Regular, text.as_bytes().to_vec()));
    let files = around.chain([(PATH.to_owned(), Mode::Regular, data.to_vec())]);
    let snapshot = Snapshot::from_memory(files).expect("memory is read");
    let validation = shelfmark::validate::validate(&snapshot, None).expect("memory is read");
    diagnostics.extend(validation.diagnostics);

    let source = |path: &str| (path == PATH).then(|| String::from_utf8_lossy(data).into_owned());
    let context = render::Context::new(&source, "https://registry.example/");
    let options = render::TextOptions { color: false, width: 100 };
    for diagnostic in &diagnostics {
        let text = render::text(diagnostic, &context, options);
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
        let line = render::json_line(diagnostic, &context);
        assert!(serde_json::from_str::<serde_json::Value>(&line).is_ok(), "{line:?}");
    }
});
