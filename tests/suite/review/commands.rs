//! The commands around the gate, through the binary: submit, review, decide,
//! approve, queue, waive, withdraw, check-name.

use super::{files, over};
use crate::proposal;
use crate::rules::fill_in_digests;
use crate::support::{ok, run};
use std::path::Path;
use std::process::Command;

fn git(folder: &Path, args: &[&str]) {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["-c", "user.name=t", "-c", "user.email=t@example.org"])
        .args(args)
        .output()
        .unwrap();
    assert!(output.status.success(), "git {}: {}", args.join(" "), String::from_utf8_lossy(&output.stderr));
}

/// A clone of the base registry, with a work tree, an author and two curators.
fn clone() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut base = over(
        &files(""),
        "-- curators.toml --\nformat = 1\n\n[[curator]]\nname = \"ada\"\nforge = \"github\"\nid = 1001\nareas = [\"security\"]\nprefixes = [\"*\"]\n\n\
         [[curator]]\nname = \"ben\"\nforge = \"github\"\nid = 1002\nareas = [\"code\", \"policy\"]\nprefixes = [\"*\"]\n\
         -- .gitignore --\n/.shelfmark/\n/package/\n",
    );
    fill_in_digests(&mut base);
    let top = folder.path().join("registry");
    proposal::repository(&top, &base, &base);
    git(&top, &["branch", "-D", "proposal"]);
    git(&top, &["config", "user.name", "t"]);
    git(&top, &["config", "user.email", "t@example.org"]);
    git(&top, &["reset", "-q", "--hard"]);
    folder
}

/// Writes a package folder beside the clone.
fn package(folder: &Path, id: &str, version: &str) {
    let place = folder.join("package");
    std::fs::create_dir_all(place.join("examples")).unwrap();
    let write = |name: &str, text: &str| std::fs::write(place.join(name), text).unwrap();
    write(
        "shelfmark.toml",
        &format!(
            "format = 1\nid = \"{id}\"\nversion = \"{version}\"\nkind = \"plugin\"\ndescription = \"Counts what comes in and goes out.\"\n\
             license = \"MIT\"\nplatform = \">=1.0.0, <3.0.0\"\n"
        ),
    );
    write("README.md", "# Counter\n\nCounts what comes in and goes out. Install it and look at the count.\n");
    write("CHANGELOG.md", &format!("# Changelog\n\n## {version}\n\n- What is new.\n"));
    write("LICENSE", "SPDX-License-Identifier: MIT\n");
    write("examples/first.md", "# First steps\n\nLook at the count.\n");
}

const OWNER: [&str; 2] = ["--actor", "github:example-releases#2001"];

/// Runs a command in the clone and returns its exit code and what it printed.
fn said(folder: &Path, args: &[&str]) -> (i32, String) {
    let output = run(args, &folder.join("registry"));
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.code().unwrap(), text)
}

fn submit(folder: &Path, more: &[&str]) -> (i32, String) {
    let args = ["submit", "../package", "--registry", ".", "--now", "2026-04-01T00:00:00Z"];
    said(folder, &[&args[..], &OWNER, more].concat())
}

#[test]
fn a_package_is_submitted_approved_and_then_admitted() {
    let folder = clone();
    let top = folder.path().join("registry");
    package(folder.path(), "com.example.counter", "1.0.0");
    let branch = "submit/com.example.counter-1.0.0";
    let (exit, tried) = submit(folder.path(), &["--dry-run"]);
    assert_eq!(exit, 3, "{tried}");
    assert!(tried.contains("+ packages/com/example/com.example.counter/1.0.0.toml"), "{tried}");
    assert!(tried.contains("nothing was committed"), "{tried}");
    let branches = Command::new("git").arg("-C").arg(&top).args(["branch", "--list"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&branches.stdout), "* main\n");
    let (exit, text) = submit(folder.path(), &[]);
    assert_eq!(exit, 3, "{text}");
    assert!(text.contains("waits for code, security"), "{text}");
    let report = |text: &str| text.split_once("needs review:").unwrap().0.to_owned();
    let how = format!("--area code --head {branch}");
    assert!(report(&tried).contains(&how) && report(&text).contains("--area code --head "), "{tried}{text}");
    let without_head = |text: &str| {
        let lines = report(text);
        let lines = lines.lines().map(|line| line.split(" --head ").next().unwrap().to_owned());
        lines.collect::<Vec<_>>()
    };
    assert_eq!(without_head(&tried), without_head(&text), "a trial is judged as the commit is");
    assert!(submit(folder.path(), &[]).1.contains("is already there"), "the branch is not moved by itself");
    let queue = ok(&["queue", "--registry", ".", "--now", "2026-04-02T00:00:00Z"], &top);
    assert!(queue.contains("in-review") && queue.contains("com.example.counter@1.0.0"), "{queue}");
    let json = ok(&["queue", "--registry", ".", "--now", "2026-04-02T00:00:00Z", "--format", "json"], &top);
    let row: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&row["state"], &row["score"]), (&"in-review".into(), &100.into()));
    let release = "com.example.counter@1.0.0";
    let (exit, text) = said(
        folder.path(),
        &["request-changes", release, "--area", "security", "--head", branch, "--notes", "name the unit"],
    );
    assert_eq!(exit, 0, "{text}");
    git(&top, &["add", "-A"]);
    git(&top, &["commit", "-qm", "objection"]);
    let review = |more: &[&str]| {
        let args = ["review", "--registry", ".", "--head", branch, "--now", "2026-04-05T00:00:00Z"];
        said(folder.path(), &[&args[..], &OWNER, more].concat())
    };
    let (exit, text) = review(&[]);
    assert_eq!(exit, 3, "{text}");
    assert!(text.contains("name the unit") && text.contains("changes are requested"), "{text}");
    // Another release file does not make the objection go away.
    std::fs::write(folder.path().join("package/README.md"), "# Counter\n\nCounts, in pieces.\n").unwrap();
    assert_eq!(submit(folder.path(), &["--replace"]).0, 3);
    assert!(review(&[]).1.contains("changes are requested"));
    for area in ["security", "code"] {
        let (exit, text) = said(folder.path(), &["approve", release, "--area", area, "--head", branch]);
        assert_eq!(exit, 0, "{text}");
    }
    git(&top, &["add", "-A"]);
    git(&top, &["commit", "-qm", "approvals"]);
    let (exit, text) = review(&["--explain"]);
    assert_eq!(exit, 0, "{text}");
    assert!(text.contains("approved by ada"), "{text}");
    let (_, report) = review(&["--format", "json"]);
    std::fs::write(folder.path().join("report.json"), report).unwrap();
    let (exit, text) = said(folder.path(), &["decide", "../report.json", "--explain"]);
    assert_eq!(exit, 0, "{text}");
    let value: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(folder.path().join("report.json")).unwrap()).unwrap();
    let schema = shelfmark::schema::Named::find("review-report").unwrap().schema();
    jsonschema::validate(&schema, &value).unwrap();
}

#[test]
fn a_submission_never_touches_the_base_or_the_work_tree() {
    let folder = clone();
    let top = folder.path().join("registry");
    package(folder.path(), "com.example.counter", "1.0.0");
    for branch in ["main", "bad name", "-x"] {
        let (exit, text) = submit(folder.path(), &[&format!("--branch={branch}"), "--replace"]);
        assert_eq!(exit, 2, "{branch}: {text}");
    }
    assert_eq!(submit(folder.path(), &[]).0, 3);
    let status = Command::new("git").arg("-C").arg(&top).args(["status", "--porcelain"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&status.stdout), "");
    package(folder.path(), "com.example.core", "1.0.0");
    let (exit, text) = submit(folder.path(), &[]);
    assert_eq!(exit, 1, "{text}");
    assert!(text.contains("is published already"), "{text}");
    std::fs::write(folder.path().join("package/shelfmark.toml"), "format = = 1\n").unwrap();
    assert_eq!(submit(folder.path(), &[]).0, 1);
    package(folder.path(), "com.example.counter", "1.0.1");
    let manifest = folder.path().join("package/shelfmark.toml");
    let text = std::fs::read_to_string(&manifest).unwrap();
    std::fs::write(&manifest, text.replace("\"MIT\"", "\"GPL-3.0-only\"")).unwrap();
    let (exit, text) = submit(folder.path(), &["--dry-run"]);
    assert_eq!(exit, 1, "{text}");
    assert!(text.contains("license-not-allowed") && text.contains("mend it before"), "{text}");
    let remote = folder.path().join("remote.git");
    git(folder.path(), &["init", "-q", "--bare", "remote.git"]);
    package(folder.path(), "com.example.counter", "1.0.0");
    for again in ["once", "and again, over what is there"] {
        let (_, text) = submit(folder.path(), &["--replace", "--push", remote.to_str().unwrap()]);
        assert!(text.contains("pushed; open a pull request"), "{again}: {text}");
        std::fs::write(folder.path().join("package/README.md"), "# Counter\n\nCounts, in pieces.\n").unwrap();
    }
}

#[test]
fn a_queue_that_cannot_be_read_says_what_is_missing() {
    let folder = clone();
    package(folder.path(), "com.example.counter", "1.0.0");
    submit(folder.path(), &[]);
    let queue = |more: &[&str]| said(folder.path(), &[&["queue"], more].concat());
    for (more, exit, words) in [
        (
            &["--registry", ".", "--area", "securty"][..],
            2,
            "did you mean `security`? the areas are `architecture`",
        ),
        (&["--registry", ".", "--area", "nonsense"], 2, "`nonsense` is no area of this registry"),
        (&["--registry", "../gone"], 4, "`--registry` takes the folder that holds registry.toml"),
        (&["--registry", "../package"], 4, "a pull request is judged inside a git repository"),
        (&["--registry", ".", "--path", "gone"], 4, "`--path` names the folder of the registry"),
        (&["--registry", ".", "--path", "packages"], 4, "the `registry.toml` of the base cannot be used"),
        (&["--registry", ".", "--base", "gone"], 4, "gone"),
        (&["--registry", ".", "--artifacts", "gone"], 4, "there is no folder `gone`"),
    ] {
        let (code, text) = queue(more);
        assert_eq!(code, exit, "{more:?}: {text}");
        assert!(text.contains(words) && !text.contains("not judged"), "{more:?}: {text}");
    }
    let (code, text) = queue(&["--registry", ".", "--area", "code", "--now", "2026-04-02T00:00:00Z"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("com.example.counter@1.0.0"), "{text}");
    let (code, text) = queue(&["--registry", ".", "--area", "experience", "--now", "2026-04-02T00:00:00Z"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("0 submissions open"), "{text}");
}

#[test]
fn the_queue_names_people_and_tells_a_pull_request_once() {
    let folder = clone();
    let top = folder.path().join("registry");
    package(folder.path(), "com.example.counter", "1.0.0");
    submit(folder.path(), &[]);
    git(&top, &["update-ref", "refs/pull/7/head", "refs/heads/submit/com.example.counter-1.0.0"]);
    let queue = ok(&["queue", "--registry", ".", "--now", "2026-04-02T00:00:00Z"], &top);
    assert_eq!(queue.lines().count(), 1, "{queue}");
    assert!(queue.contains("pull/7/head: com.example.counter@1.0.0"), "{queue}");
    assert!(queue.contains("code (ben (github#1002)); security (ada (github#1001))"), "{queue}");
    let release = top.join("packages/com/example/com.example.core/1.0.0.toml");
    let text = std::fs::read_to_string(&release).unwrap();
    git(&top, &["checkout", "-qb", "edited"]);
    std::fs::write(&release, text.replace("description = \"", "description = \"Now: ")).unwrap();
    git(&top, &["commit", "-qam", "edited"]);
    git(&top, &["checkout", "-q", "main"]);
    let queue = ok(&["queue", "--registry", "."], &top);
    let rejected = queue.lines().find(|line| line.contains("edited")).unwrap();
    assert!(rejected.contains("rejected") && rejected.contains(": 1 file "), "{rejected}");
    assert!(rejected.ends_with("`release-changed` is of level forbid"), "{rejected}");
    ok(&["build", "--registry", ".", "--queue", "--out", "../site"], &top);
    let page = std::fs::read_to_string(folder.path().join("site/queue/index.html")).unwrap();
    let link = "<a class=\"id\" href=\"../rules/release-changed/\">release-changed</a> is of level forbid";
    assert!(page.contains(link) && page.contains("ben (github#1002)"), "{page}");
}

#[test]
fn whose_name_is_needed_is_asked_for_it() {
    let folder = clone();
    let top = folder.path().join("registry");
    let curators = top.join("curators.toml");
    let more = "\n[[curator]]\nname = \"cyn\"\nforge = \"github\"\nid = 1003\nareas = [\"security\"]\nprefixes = [\"*\"]\n";
    let text = std::fs::read_to_string(&curators).unwrap() + more;
    std::fs::write(&curators, text).unwrap();
    git(&top, &["commit", "-qam", "another curator"]);
    package(folder.path(), "com.example.counter", "1.0.0");
    let (_, text) = submit(folder.path(), &[]);
    assert!(text.contains("com.example.counter@1.0.0 --area security --as NAME --head "), "{text}");
    assert!(text.contains("com.example.counter@1.0.0 --area code --head "), "{text}");
    let approve = |more: &[&str]| {
        let head = "submit/com.example.counter-1.0.0";
        let args = ["approve", "com.example.counter@1.0.0", "--area", "security", "--head", head];
        said(folder.path(), &[&args[..], more].concat())
    };
    let (exit, text) = approve(&[]);
    assert_eq!(exit, 2, "{text}");
    assert!(text.contains("`ada`") && text.contains("`cyn`") && text.contains("--as"), "{text}");
    assert_eq!(approve(&["--as", "cyn"]).0, 0);
    // Whoever belongs to the publisher is none of those to choose from.
    let text = std::fs::read_to_string(&curators).unwrap().replace("id = 1003", "id = 2001");
    std::fs::write(&curators, text).unwrap();
    let (exit, text) = approve(&[]);
    assert_eq!(exit, 0, "{text}");
    let (exit, text) = approve(&["--as", "cyn"]);
    assert_eq!(exit, 2, "{text}");
    assert!(text.contains("nobody reviews an own package"), "{text}");
}

#[test]
fn a_listing_that_is_there_is_kept_by_a_submission() {
    let folder = clone();
    let top = folder.path().join("registry");
    let listing = top.join("packages/com/example/com.example.counter");
    std::fs::create_dir_all(&listing).unwrap();
    std::fs::write(listing.join("package.toml"), "format = 1\nname = \"The counter\"\n").unwrap();
    git(&top, &["add", "-A"]);
    git(&top, &["commit", "-qm", "listing"]);
    package(folder.path(), "com.example.counter", "1.0.0");
    let (_, text) = submit(folder.path(), &[]);
    assert!(text.contains("+ packages/com/example/com.example.counter/1.0.0.toml"), "{text}");
    assert!(!text.contains("+ packages/com/example/com.example.counter/package.toml"), "{text}");
}

#[test]
fn names_are_tried_before_anything_is_written() {
    let folder = clone();
    for (name, exit, words) in [
        ("com.example.counter", 0, "is free"),
        ("com.example.core", 1, "is taken"),
        ("com.example.admin", 1, "is reserved"),
        ("com.other.biling", 3, "beside `billing`"),
        ("com.Example.x", 1, "refused"),
    ] {
        let (code, text) = said(folder.path(), &["check-name", name, "--registry", "."]);
        assert_eq!(code, exit, "{name}: {text}");
        assert!(text.contains(words), "{name}: {text}");
    }
    let (code, text) = said(
        folder.path(),
        &["check-name", "com.example.counter", "--registry", ".", "--name", "Coun\u{202e}ret"],
    );
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("refused: the name holds U+202E"), "{text}");
    let (code, text) = said(folder.path(), &["check-name", "com.exampel.weather", "--registry", "."]);
    assert_eq!(code, 3, "{text}");
    assert!(
        text.contains("alike: the packages under `com.example`, distance 1: the publisher's label"),
        "{text}"
    );
    assert!(!text.contains("com.example."), "no package of the publisher is meant: {text}");
}

#[test]
fn a_record_that_hides_what_it_says_is_not_written() {
    let folder = clone();
    let hidden = "Use 1.1.0.\u{202e}";
    let common = ["--registry", "."];
    for args in [
        &["withdraw", "com.example.core@1.0.0", "--reason", hidden][..],
        &["approve", "com.example.core@1.0.0", "--area", "security", "--notes", hidden],
        &["request-changes", "com.example.core@1.0.0", "--area", "security", "--notes", hidden],
        &[
            "waive",
            "secret-in-file",
            "com.example.core",
            "--until",
            "2099-01-01T00:00:00Z",
            "--reason",
            hidden,
        ],
    ] {
        let (exit, text) = said(folder.path(), &[args, &common].concat());
        assert_eq!(exit, 2, "{args:?}: {text}");
        assert!(text.contains("holds U+202E"), "{args:?}: {text}");
    }
}

#[test]
fn records_are_written_whole_or_refused_with_a_reason() {
    let folder = clone();
    let waive = |rule: &str| {
        said(
            folder.path(),
            &[
                "waive",
                rule,
                "com.example.core",
                "--registry",
                ".",
                "--reason",
                "x",
                "--until",
                "2099-01-01T00:00:00Z",
            ],
        )
    };
    assert_eq!(waive("secret-in-file").0, 0);
    for (rule, words) in [
        ("not-scannable", "never admitted"),
        ("release-changed", "level forbid"),
        ("nonsense", "no rule or check"),
        ("license-missing", "at every build"),
    ] {
        let (exit, text) = waive(rule);
        assert_eq!(exit, 2, "{rule}: {text}");
        assert!(text.contains(words), "{rule}: {text}");
    }
    let withdraw = |release: &str, replacement: &str| {
        said(
            folder.path(),
            &[
                "withdraw",
                release,
                "--registry",
                ".",
                "--reason",
                "Loses contacts. Use 1.1.0.",
                "--replacement",
                replacement,
            ],
        )
    };
    for replacement in ["9.9.9", "1.0.0", "com.nope.x", "not a version"] {
        assert_eq!(withdraw("com.example.core@1.0.0", replacement).0, 2, "{replacement}");
    }
    assert_eq!(withdraw("com.example.core@1.0.0", "1.1.0").0, 0);
    assert_eq!(withdraw("com.example.core@7.0.0", "1.1.0").0, 4);
    let (exit, text) = said(folder.path(), &["check", "--registry", "."]);
    assert_eq!(exit, 0, "{text}");
    let (exit, text) = withdraw("com.example.core@1.1.0", "com.example.billing");
    assert_eq!(exit, 0, "{text}");
    assert!(
        text.contains("the rule `newest-yanked` will deny this alone: publish a repaired `1.1.1`"),
        "{text}"
    );
    let (exit, text) = said(
        folder.path(),
        &["approve", "com.example.core@1.0.0", "--area", "security", "--as", "ben", "--registry", "."],
    );
    assert_eq!(exit, 2, "{text}");
    assert!(text.contains("`ada`"), "{text}");
}

#[test]
fn what_is_meant_is_corrected_and_nothing_else() {
    let folder = clone();
    let top = folder.path().join("registry");
    let file = top.join("packages/com/example/com.example.core/package.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(
        &file,
        text.replace("tagline = ", "tag-line = ").replace("status = \"active\"", "status = \"Active\""),
    )
    .unwrap();
    let (exit, said_text) = said(folder.path(), &["check", "--registry", ".", "--fix"]);
    assert_eq!(exit, 1, "{said_text}");
    assert!(said_text.contains("2 safe fixes applied"), "{said_text}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}

#[test]
fn a_missing_key_that_can_have_one_value_is_written() {
    let folder = clone();
    let file = folder.path().join("registry/packages/com/example/com.example.core/1.1.0.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let can_be_told = |line: &&str| ["format =", "id =", "version ="].iter().any(|key| line.starts_with(key));
    let damaged: Vec<&str> = text.lines().filter(|line| !can_be_told(line)).collect();
    assert_eq!(damaged.len() + 3, text.lines().count());
    std::fs::write(&file, damaged.join("\n")).unwrap();
    let (exit, said_text) = said(folder.path(), &["check", "--registry", ".", "--fix"]);
    assert_eq!(exit, 1, "{said_text}");
    assert!(said_text.contains("add the line `version = \"1.1.0\"`"), "{said_text}");
    assert!(said_text.contains("3 safe fixes applied"), "{said_text}");
    let table = |text: &str| toml::from_str::<toml::Table>(text).unwrap();
    assert_eq!(table(&std::fs::read_to_string(&file).unwrap()), table(&text));
    assert_eq!(said(folder.path(), &["check", "--registry", "."]).0, 0);
}

#[test]
fn a_fix_of_a_commit_is_applied_once() {
    let folder = clone();
    let top = folder.path().join("registry");
    let file = top.join("packages/com/example/com.example.core/package.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    git(&top, &["checkout", "-qb", "typo"]);
    std::fs::write(&file, text.replace("tagline = ", "tag-line = ")).unwrap();
    git(&top, &["commit", "-qam", "typo"]);
    let review = || said(folder.path(), &[&["review", "--registry", ".", "--fix"][..], &OWNER].concat());
    let (exit, first) = review();
    assert_eq!(exit, 1, "{first}");
    assert!(first.contains("1 safe fix applied; commit, and run the same command again"), "{first}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    let (_, second) = review();
    assert!(second.contains("0 safe fixes applied"), "{second}");
    assert!(second.contains("package.toml` is not as `HEAD` has it, and stays as it is"), "{second}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}

#[test]
fn without_an_actor_a_listing_is_admitted_from_its_publisher() {
    let folder = clone();
    let top = folder.path().join("registry");
    let file = top.join("packages/com/example/com.example.core/package.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    git(&top, &["checkout", "-qb", "tagline"]);
    std::fs::write(&file, text.replace("Accounts and contacts", "Accounts and people")).unwrap();
    git(&top, &["commit", "-qam", "tagline"]);
    let (exit, text) = said(folder.path(), &["review", "--registry", "."]);
    assert_eq!(exit, 3, "{text}");
    assert!(text.contains("would be admitted from @example-releases; nobody said who proposes it"), "{text}");
    let (exit, text) = said(folder.path(), &[&["review", "--registry", "."][..], &OWNER].concat());
    assert_eq!(exit, 0, "{text}");
}

#[test]
fn a_curator_alone_gives_nobody_the_prefix_of_another() {
    let folder = clone();
    let top = folder.path().join("registry");
    git(&top, &["checkout", "-qb", "prefix"]);
    let publisher = "format = 1\nname = \"Evil\"\ntype = \"organization\"\nlevel = \"verified\"\nprefixes = [\"com.evil\", \"com.example\"]\n";
    std::fs::write(top.join("publishers/com.evil.toml"), publisher).unwrap();
    git(&top, &["add", "-A"]);
    git(&top, &["commit", "-qm", "prefix"]);
    let (exit, text) = said(folder.path(), &["review", "--registry", ".", "--actor", "github:ben#1002"]);
    assert_eq!(exit, 3, "{text}");
    assert!(text.contains("a second curator of the area says so"), "{text}");
}

#[test]
fn the_sources_of_a_removed_release_may_be_deleted_whole() {
    let folder = clone();
    let top = folder.path().join("registry");
    let review = || {
        let args = ["review", "--registry", ".", "--head", "tidy", "--now", "2026-04-05T00:00:00Z"];
        said(folder.path(), &[&args[..], &OWNER].concat())
    };
    let propose = |what: &str| {
        git(&top, &["checkout", "-q", "-B", "tidy", "main"]);
        git(&top, &["rm", "-rq", what]);
        git(&top, &["commit", "-qm", "tidy"]);
    };
    let source = "sources/com.example.core/1.0.0";
    propose(source);
    let (exit, text) = review();
    assert_eq!(exit, 1, "{text}");
    assert!(text.contains("put it back with"), "{text}");
    git(&top, &["checkout", "-q", "main"]);
    let (exit, text) = said(
        folder.path(),
        &[
            "withdraw",
            "com.example.core@1.0.0",
            "--registry",
            ".",
            "--level",
            "removed",
            "--reason",
            "Contains a customer's data. Use 1.1.0.",
            "--replacement",
            "1.1.0",
            "--now",
            "2026-04-01T00:00:00Z",
        ],
    );
    assert_eq!(exit, 0, "{text}");
    git(&top, &["add", "-A"]);
    git(&top, &["commit", "-qm", "withdraw"]);
    propose("sources/com.example.core/1.0.0/README.md");
    let (exit, text) = review();
    assert_eq!(exit, 5, "{text}");
    assert!(text.contains(&format!("`git rm -r {source}`")), "{text}");
    propose(source);
    let (exit, text) = review();
    assert_eq!(exit, 0, "{text}");
    let (exit, text) = said(folder.path(), &["check", "--registry", "."]);
    assert_eq!(exit, 0, "{text}");
    let (exit, text) = said(folder.path(), &["build", "--registry", ".", "--out", "../site"]);
    assert_eq!(exit, 0, "{text}");
    // What comes back into use needs its folder again.
    std::fs::remove_file(top.join("packages/com/example/com.example.core/withdrawals/1.0.0.toml")).unwrap();
    let (exit, text) = said(folder.path(), &["check", "--registry", "."]);
    assert_eq!(exit, 1, "{text}");
    assert!(text.contains("artifact-tree-missing"), "{text}");
}

#[test]
fn a_curator_of_policy_removes_a_rating_and_writes_none_for_others() {
    let folder = clone();
    let top = folder.path().join("registry");
    let rating = "packages/com/example/com.example.core/ratings/github-77.toml";
    std::fs::create_dir_all(top.join(rating).parent().unwrap()).unwrap();
    std::fs::write(
        top.join(rating),
        "format = 1\nstars = 1\ntext = \"An insult.\"\ndate = 2026-03-28T00:00:00Z\n",
    )
    .unwrap();
    git(&top, &["add", "-A"]);
    git(&top, &["commit", "-qm", "rate"]);
    let review = |actor: &str| {
        let args =
            ["review", "--registry", ".", "--head", "tidy", "--now", "2026-04-05T00:00:00Z", "--actor"];
        said(folder.path(), &[&args[..], &[actor]].concat())
    };
    git(&top, &["checkout", "-q", "-B", "tidy", "main"]);
    git(&top, &["rm", "-q", rating]);
    git(&top, &["commit", "-qm", "tidy"]);
    for (actor, exit) in [
        ("github:ben#1002", 0),
        ("github:carol#77", 0),
        ("github:ada#1001", 1),
        (OWNER[1], 1),
        ("github:x#5", 1),
    ] {
        let (code, text) = review(actor);
        assert_eq!(code, exit, "{actor}: {text}");
        assert!(exit == 0 || text.contains("may be deleted, not edited, by `ben`"), "{actor}: {text}");
    }
    git(&top, &["checkout", "-q", "-B", "tidy", "main"]);
    std::fs::write(
        top.join(rating),
        "format = 1\nstars = 5\ntext = \"Very good.\"\ndate = 2026-03-28T00:00:00Z\n",
    )
    .unwrap();
    git(&top, &["commit", "-qam", "improve"]);
    assert_eq!(review("github:ben#1002").0, 1);
}

/// Commits what a closure writes on a new branch, and goes back to main.
fn propose(top: &Path, branch: &str, write: impl Fn(&Path)) {
    git(top, &["checkout", "-q", "-B", branch, "main"]);
    write(top);
    git(top, &["add", "-A"]);
    git(top, &["commit", "-qm", branch]);
    git(top, &["checkout", "-q", "main"]);
}

fn put(top: &Path, path: &str, text: &str) {
    std::fs::create_dir_all(top.join(path).parent().unwrap()).unwrap();
    std::fs::write(top.join(path), text).unwrap();
}

#[test]
fn a_rating_makes_no_folder_and_moves_no_clock() {
    let folder = clone();
    let top = folder.path().join("registry");
    let rating = |id: &str, date: &str| {
        let file = format!("packages/com/example/{id}/ratings/github-999.toml");
        propose(&top, "rate", |top| put(top, &file, &format!("format = 1\nstars = 5\ndate = {date}\n")));
        let args = ["review", "--registry", ".", "--head", "rate", "--now", "2026-04-05T00:00:00Z"];
        said(folder.path(), &[&args[..], &["--actor", "github:any#999"]].concat())
    };
    let day = "2026-04-04T00:00:00Z";
    assert_eq!(rating("com.example.core", day).0, 0);
    for (id, date, rule) in [
        ("com.example.Core", day, "id-invalid"),
        ("com.example.con", day, "id-invalid"),
        ("com.example.co-re", day, "rating-package-unknown"),
        ("com.example.core", "2099-01-01T00:00:00Z", "published-out-of-range"),
    ] {
        let (exit, text) = rating(id, date);
        assert_eq!(exit, 1, "{id} {date}: {text}");
        assert!(text.contains(&format!("error[{rule}]")), "{id} {date}: {text}");
    }
}

#[test]
fn a_collection_may_name_packages_that_do_not_change() {
    let folder = clone();
    let top = folder.path().join("registry");
    let review = |packages: &str| {
        let text = format!(
            "format = 1\nname = \"First\"\ndescription = \"To begin with.\"\npackages = [{packages}]\n"
        );
        propose(&top, "list", |top| put(top, "collections/first.toml", &text));
        let args = ["review", "--registry", ".", "--head", "list", "--actor", "github:ben#1002"];
        said(folder.path(), &args).1
    };
    let text = review("\"com.example.core\", \"com.example.billing\"");
    assert!(!text.contains("collection-package-unknown"), "{text}");
    assert!(review("\"com.example.nothing\"").contains("error[collection-package-unknown]"));
}

#[test]
fn a_source_that_cannot_be_packed_is_rejected_with_its_reason() {
    let folder = clone();
    let top = folder.path().join("registry");
    package(folder.path(), "com.example.counter", "1.0.0");
    submit(folder.path(), &["--branch", "large"]);
    git(&top, &["checkout", "-q", "large"]);
    let large = top.join("sources/com.example.counter/1.0.0/large.bin");
    std::fs::write(large, vec![0_u8; (16 << 20) + 1]).unwrap();
    git(&top, &["add", "-A"]);
    git(&top, &["commit", "-qm", "large"]);
    git(&top, &["checkout", "-q", "main"]);
    let args = ["review", "--registry", ".", "--head", "large", "--now", "2026-04-05T00:00:00Z"];
    let (exit, text) = said(folder.path(), &[&args[..], &OWNER].concat());
    assert_eq!(exit, 1, "{text}");
    assert!(text.contains("error[artifact-unpackable]") && text.contains("large.bin"), "{text}");
}

#[test]
fn what_was_scanned_once_is_not_at_hand_for_ever() {
    let folder = clone();
    let top = folder.path().join("registry");
    package(folder.path(), "com.example.counter", "1.0.0");
    submit(folder.path(), &["--branch", "tree"]);
    let file = "packages/com/example/com.example.counter/1.0.0.toml";
    let show =
        Command::new("git").arg("-C").arg(&top).args(["show", &format!("tree:{file}")]).output().unwrap();
    let release = String::from_utf8(show.stdout).unwrap();
    let elsewhere: Vec<String> = release
        .lines()
        .map(|line| match line.starts_with("tree =") {
            true => "url = \"https://host.invalid/counter.tgz\"".to_owned(),
            false => line.to_owned(),
        })
        .collect();
    propose(&top, "elsewhere", |top| {
        put(top, file, &elsewhere.join("\n"));
        put(top, "packages/com/example/com.example.counter/package.toml", "format = 1\nname = \"counter\"\n");
    });
    let scan = |head: &str| {
        let args = ["review", "--registry", ".", "--head", head, "--now", "2026-04-05T00:00:00Z"];
        let output = run(&[&args[..], &["--format", "json"], &OWNER].concat(), &top);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        report["releases"][0]["scan"].clone()
    };
    assert!(scan("elsewhere").is_null());
    assert!(!scan("tree").is_null());
    assert!(scan("elsewhere").is_null(), "the report of the same bytes is kept, and they are not here");
}

#[test]
fn a_shallow_clone_will_do_where_it_has_the_common_commit() {
    let folder = clone();
    let top = folder.path().join("registry");
    std::fs::write(top.join("README.md"), "# Registry\n").unwrap();
    git(&top, &["add", "-A"]);
    git(&top, &["commit", "-qm", "more history"]);
    let address = format!("file://{}", top.display());
    git(folder.path(), &["clone", "-q", "--depth", "1", &address, "shallow"]);
    let shallow = folder.path().join("shallow");
    git(&shallow, &["config", "user.name", "t"]);
    git(&shallow, &["config", "user.email", "t@example.org"]);
    package(folder.path(), "com.example.counter", "1.0.0");
    let args = ["submit", "../package", "--registry", ".", "--now", "2026-04-01T00:00:00Z"];
    let output = run(&[&args[..], &OWNER].concat(), &shallow);
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
    // An unrelated history has none.
    git(&shallow, &["checkout", "-q", "--orphan", "other"]);
    git(&shallow, &["commit", "-qm", "other"]);
    let output = run(&["review", "--registry", ".", "--head", "other"], &shallow);
    assert_eq!(output.status.code(), Some(4), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_bare_repository_is_judged_by_its_references() {
    let folder = clone();
    package(folder.path(), "com.example.counter", "1.0.0");
    submit(folder.path(), &["--branch", "seven"]);
    git(folder.path(), &["clone", "-q", "--bare", "registry", "bare.git"]);
    let bare = folder.path().join("bare.git");
    git(&bare, &["update-ref", "refs/pull/7/head", "refs/heads/seven"]);
    let args = [
        "review",
        "--registry",
        ".",
        "--head",
        "refs/pull/7/head",
        "--now",
        "2026-04-05T00:00:00Z",
        "--state",
        "../state",
    ];
    let output = run(&[&args[..], &OWNER].concat(), &bare);
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
}
