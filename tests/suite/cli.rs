//! The command line as people meet it: what it says, and how it ends.

use crate::support::{copy, demo, ok, root, run, tree};
use std::path::Path;
use std::process::Output;

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs and asserts the exit code and words of both streams.
fn says(args: &[&str], folder: &Path, code: i32, words: &[&str]) {
    let output = run(args, folder);
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), stderr(&output));
    assert_eq!(output.status.code(), Some(code), "shelfmark {}\n{text}", args.join(" "));
    for word in words {
        assert!(text.contains(word), "shelfmark {}: `{word}` is missing in\n{text}", args.join(" "));
    }
}

#[test]
fn mistakes_on_the_command_line_are_usage_errors_with_a_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    std::fs::write(here.join("notes.txt"), "mine").unwrap();
    for (args, code, words) in [
        (&["biuld"][..], 2, &["build"][..]),
        (&["build", "--ouut", "x"], 2, &["--out"]),
        (&["build"], 4, &["no registry here", "shelfmark init"]),
        (&["build", "--registry", "nowhere"], 4, &["no directory `nowhere`"]),
        (&["build", "--git", "nothing"], 2, &["REPOSITORY@REVISION"]),
        (&["build", "--base-url", "ftp://x/"], 2, &["https://"]),
        (&["build", "--jobs", "100000"], 2, &["256"]),
        (&["search", "x"], 4, &["holds no built catalog", "shelfmark build"]),
        (&["info", "com.a.b"], 4, &["holds no built catalog"]),
        (&["serve"], 4, &["holds no built site"]),
        (&["explain", "license-not-spxd"], 2, &["did you mean `license-not-spdx`"]),
        (&["schema", "relase"], 2, &["did you mean `release`"]),
        (&["check", "notes.txt"], 2, &["is a file"]),
        (&["check", "--rule", "no-such-rule"], 2, &["no rule `no-such-rule`"]),
        (
            &["import", "nothing.ndjson", "--owner-prefix", "dev.x", "--into", "y"],
            4,
            &["cannot read `nothing.ndjson`"],
        ),
        (
            &["import", "notes.txt", "--owner-prefix", "dev.x", "--into", "y"],
            4,
            &["is a record", "notes.txt"],
        ),
        (&["new", "plugin", "NotAnId"], 2, &["package id"]),
    ] {
        says(args, here, code, words);
    }
    let demo = demo();
    says(
        &["build", "--registry", demo.to_str().unwrap(), "--out", "."],
        here,
        2,
        &["holds files that `build` did not write", "new or empty folder"],
    );
    assert_eq!(tree(here).len(), 1, "a refused command wrote something");
}

#[test]
fn every_command_has_help_with_examples() {
    let folder = tempfile::tempdir().unwrap();
    let help = ok(&["--help"], folder.path());
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert_eq!(commands.len(), 23, "{commands:?}");
    for command in commands {
        assert!(ok(&[command, "--help"], folder.path()).contains("Examples:"), "{command} has no examples");
    }
    for shell in ["bash", "zsh", "fish"] {
        assert!(ok(&["completions", shell], folder.path()).contains("shelfmark"), "{shell}");
    }
}

#[test]
fn a_file_with_many_mistakes_is_told_whole_and_fixed_by_its_help() {
    let folder = tempfile::tempdir().unwrap();
    ok(&["init", ".", "--publisher", "com.example", "--now", "2026-01-01T00:00:00Z"], folder.path());
    let release = folder.path().join("packages/com/example/com.example.hello/0.1.0.toml");
    let good = std::fs::read_to_string(&release).unwrap();
    let bad = good
        .replace("license = ", "licence = ")
        .replace("kind = \"module\"", "kind = \"modul\"")
        .replace("published = 2026-01-01T00:00:00Z", "published = \"soon\"");
    assert_ne!(good, bad);
    std::fs::write(&release, bad).unwrap();
    says(
        &["check"],
        folder.path(),
        1,
        &[
            "error[key-unknown]: unknown key `licence`",
            "did you mean `license`?",
            "did you mean `module`?",
            "a date-time without quotes is expected",
            "0.1.0.toml:",
            "shelfmark explain key-unknown",
        ],
    );
    let json = run(&["check", "--format", "json"], folder.path());
    for line in String::from_utf8(json.stdout).unwrap().lines() {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(value["v"], 1);
        assert!(value["line"].as_u64().unwrap() >= 1 && value["rule"].is_string(), "{line}");
    }
    let sarif = run(&["check", "--format", "sarif"], folder.path());
    let log: serde_json::Value = serde_json::from_slice(&sarif.stdout).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let place = &results.iter().find(|one| one["ruleId"] == "key-unknown").unwrap()["locations"][0];
    let place = &place["physicalLocation"];
    assert!(place["artifactLocation"]["uri"].as_str().unwrap().ends_with("0.1.0.toml"), "{place}");
    assert!(place["region"]["startLine"].as_u64().unwrap() > 1);
    says(&["check", "--summary", "--format", "sarif"], folder.path(), 2, &["no form for `--summary`"]);
    says(&["build"], folder.path(), 1, &["nothing was built"]);
    std::fs::write(&release, good).unwrap();
    says(&["check"], folder.path(), 0, &["nothing to report"]);
}

#[test]
fn hostile_files_are_diagnostics() {
    let folder = tempfile::tempdir().unwrap();
    ok(&["init", "."], folder.path());
    let file = folder.path().join("collections/x.toml");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    let deep = format!("format = 1\nname = {}", "[".repeat(10_000));
    let dotted = format!("format = 1\n{} = 1", vec!["a"; 10_000].join("."));
    let keys: String = (0..8_000).map(|n| format!("k{n} = 1\n")).collect();
    for (bytes, rule) in [
        (b"".as_slice(), "key-missing"),
        (b"format = 1\nformat = 1\n", "toml-invalid"),
        (b"\xff\xfe", "toml-invalid"),
        (b"format = 1\n\0", "toml-invalid"),
        (b"format = 9\nfuture = true\n", "format-unsupported"),
        (b"format = 1\nname = \"x\"\npackages = 3\n", "value-invalid"),
        (deep.as_bytes(), "toml-invalid"),
        (dotted.as_bytes(), "toml-invalid"),
        (keys.as_bytes(), "file-too-large"),
    ] {
        std::fs::write(&file, bytes).unwrap();
        says(&["check"], folder.path(), 1, &[&format!("error[{rule}]")]);
    }
}

#[test]
fn a_package_folder_gets_the_verdict_of_its_registry() {
    let folder = tempfile::tempdir().unwrap();
    copy(&demo(), folder.path());
    let package = "sources/com.hotcrm.finance/2.0.0";
    says(&["check", package], folder.path(), 0, &["com.hotcrm.finance@2.0.0 checked: nothing to report"]);
    let manifest = folder.path().join(package).join("shelfmark.toml");
    let text = std::fs::read_to_string(&manifest).unwrap();
    std::fs::write(&manifest, text.replace("\"finance\"", "\"crm\"")).unwrap();
    let output = run(&["check", package], folder.path());
    assert_ne!(output.status.code(), Some(0), "{}", stderr(&output));
    std::fs::write(&manifest, text.replace("com.hotcrm.crm", "com.hotcrm.cmr")).unwrap();
    says(
        &["check", package],
        folder.path(),
        1,
        &["error[dependency-unknown]", "com.hotcrm.crm", "shelfmark.toml"],
    );
}

#[test]
fn packing_is_the_same_everywhere_and_refuses_to_pack_itself() {
    let folder = tempfile::tempdir().unwrap();
    let source = root().join("registry-index/sources/com.hotcrm.finance/2.0.0");
    copy(&source, &folder.path().join("copy"));
    let digest = |from: &Path| {
        let out = ok(&["pack", from.to_str().unwrap(), "--out", "out", "--format", "json"], folder.path());
        serde_json::from_str::<serde_json::Value>(&out).unwrap()["sha256"].as_str().unwrap().to_owned()
    };
    assert_eq!(digest(&source), digest(&folder.path().join("copy")));
    says(&["pack", "copy", "--out", "copy/dist"], folder.path(), 2, &["folder that is packed"]);
    std::fs::write(folder.path().join("copy/.env"), "x").unwrap();
    says(&["pack", "copy", "--out", "out"], folder.path(), 0, &["`.env` is packed", "secrets"]);
}

#[test]
fn a_full_device_is_not_success() {
    if !Path::new("/dev/full").exists() {
        panic!("/dev/full is needed to try a full device");
    }
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = crate::support::shelfmark().arg("explain").stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(4));
    assert!(stderr(&output).contains("could not be printed"));
}
