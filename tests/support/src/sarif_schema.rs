//! The JSON Schema of SARIF 2.1.0, from the sources of the crate `serde-sarif`,
//! which makes its types of it: nothing is downloaded and no copy is kept.

use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// Returns the schema that a SARIF log is held against.
#[allow(clippy::disallowed_methods, reason = "tests ask cargo where the sources of a dependency are")]
#[allow(clippy::unwrap_used, reason = "without the schema the test fails")]
pub fn sarif_schema() -> Value {
    let host = Command::new("rustc").arg("-vV").output().unwrap();
    let host = String::from_utf8(host.stdout).unwrap();
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_owned();
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let output = Command::new(std::env::var("CARGO").unwrap_or("cargo".into()))
        .args(["metadata", "--format-version=1", "--offline", "--locked", "--filter-platform", &host])
        .args(["--manifest-path", manifest])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let package = metadata["packages"].as_array().unwrap().iter().find(|one| one["name"] == "serde-sarif");
    let manifest = package.unwrap()["manifest_path"].as_str().unwrap();
    let file = Path::new(manifest).with_file_name("src").join("schema.json");
    // One pattern of the published schema, of a field that is not written here, has a bracket too many.
    let text = std::fs::read_to_string(file).unwrap().replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
    serde_json::from_str(&text).unwrap()
}
