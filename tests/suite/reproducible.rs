//! The same files give the same bytes, and a killed build is completed to them.

use crate::support::{RawRepository, assert_same, copy, demo, ok, shelfmark, tree};
use shelfmark::model::{Digest, PackageId};
use shelfmark::schema::{Root, SearchHead};
use std::path::Path;
use std::time::Duration;

fn build(registry: &Path, out: &Path) -> std::process::Command {
    let mut command = shelfmark();
    command.args(["--quiet", "build", "--registry"]).arg(registry).arg("--out").arg(out);
    command
}

#[test]
fn place_zone_threads_and_source_do_not_matter() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two, three) =
        (folder.path().join("one"), folder.path().join("a/b/two"), folder.path().join("three"));
    assert!(
        build(&demo(), &one)
            .args(["--jobs", "1"])
            .env("TZ", "Pacific/Kiritimati")
            .status()
            .unwrap()
            .success()
    );
    let elsewhere = folder.path().join("elsewhere");
    copy(&demo(), &elsewhere);
    let mut command = build(&elsewhere, &two);
    command
        .args(["--jobs", "7"])
        .env("TZ", "America/Los_Angeles")
        .env("LANG", "tr_TR.UTF-8")
        .current_dir(folder.path());
    assert!(command.status().unwrap().success());
    let repository = folder.path().join("repository");
    RawRepository::new(&repository).commit_folder(&demo(), "");
    ok(
        &[
            "--quiet",
            "build",
            "--git",
            &format!("{}@main", repository.display()),
            "--out",
            three.to_str().unwrap(),
        ],
        folder.path(),
    );
    let first = tree(&one);
    assert!(first.len() > 500, "{} files", first.len());
    assert_same(&first, &tree(&two));
    assert_same(&first, &tree(&three));
}

#[test]
fn building_again_writes_nothing_and_another_registry_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let (registry, out) = (folder.path().join("registry"), folder.path().join("out"));
    copy(&demo(), &registry);
    assert!(build(&registry, &out).status().unwrap().success());
    let before = tree(&out);
    let again = build(&registry, &out).args(["--format", "json"]).output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!((report["written"].as_u64(), report["removed"].as_u64()), (Some(0), Some(0)), "{report}");
    change(&registry);
    assert!(build(&registry, &out).status().unwrap().success());
    let fresh = folder.path().join("fresh");
    assert!(build(&registry, &fresh).status().unwrap().success());
    assert_same(&tree(&out), &tree(&fresh));
    assert_ne!(before["index/root.json"], tree(&out)["index/root.json"]);
}

/// Withdraws a release: its index file, pages, search segment and the root change.
fn change(registry: &Path) {
    let path = registry.join("packages/com/hotcrm/com.hotcrm.hr/withdrawals/1.0.0.toml");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(
        path,
        "format = 1\nlevel = \"yanked\"\ndate = 2026-11-01T00:00:00Z\nreason = \"wrong totals; move on\"\n",
    )
    .unwrap();
}

/// Checks that the root and everything it names can be read and has the right digest.
fn assert_readable(site: &Path) {
    let read = |path: &str| std::fs::read(site.join(path)).unwrap_or_else(|_| panic!("`{path}` is gone"));
    let root: Root = serde_json::from_slice(&read("index/root.json")).unwrap();
    let by_hash = |digest: Digest| {
        let bytes = read(&format!("index/tree/{digest}"));
        assert_eq!(Digest::of(&bytes), digest);
        bytes
    };
    for digest in [root.config, root.publishers, root.advisories] {
        by_hash(digest);
    }
    let head = read(&format!("search/{}", root.search));
    assert_eq!(Digest::of(&head), root.search);
    let head: SearchHead = serde_json::from_slice(&head).unwrap();
    for file in head.tantivy {
        let path = if file.name == "meta.json" {
            format!("search/{}", file.sha256)
        } else {
            format!("search/tantivy/{}", file.name)
        };
        assert_eq!(Digest::of(&read(&path)), file.sha256, "{path}");
    }
    let mut waiting = vec![root.merkle];
    let mut packages = 0;
    while let Some(digest) = waiting.pop() {
        let text = String::from_utf8(by_hash(digest)).unwrap();
        let is_bucket = text.starts_with("shelfmark-bucket-1\n");
        for line in text.lines().skip(1) {
            let (name, last) = line.rsplit_once(' ').unwrap();
            let digest = Digest::parse_base64url(last).unwrap();
            if !is_bucket {
                waiting.push(digest);
                continue;
            }
            PackageId::parse(name).unwrap();
            packages += 1;
            for line in String::from_utf8(by_hash(digest)).unwrap().lines() {
                let line: shelfmark::schema::IndexLine = serde_json::from_str(line).unwrap();
                assert_eq!(line.id, name);
                if let (Some(cksum), Some(shelfmark::schema::Origin::Registry)) = (line.cksum, &line.origin) {
                    assert_eq!(Digest::of(&read(&format!("artifacts/{cksum}.tgz"))), cksum);
                }
            }
        }
    }
    assert_eq!(packages, root.packages);
}

#[test]
fn a_build_killed_at_any_moment_leaves_the_earlier_registry_and_is_completed() {
    let folder = tempfile::tempdir().unwrap();
    let (registry, out, clean) =
        (folder.path().join("registry"), folder.path().join("out"), folder.path().join("clean"));
    copy(&demo(), &registry);
    assert!(build(&registry, &out).status().unwrap().success());
    assert_readable(&out);
    let old_root = std::fs::read(out.join("index/root.json")).unwrap();
    change(&registry);
    let start = std::time::Instant::now();
    assert!(build(&registry, &clean).status().unwrap().success());
    let whole = start.elapsed();
    let new_root = std::fs::read(clean.join("index/root.json")).unwrap();
    assert_ne!(old_root, new_root);

    let pristine = tree(&out);
    let mut stopped = 0;
    for step in 0..24_u32 {
        for (path, bytes) in &pristine {
            if std::fs::read(out.join(path)).ok().as_ref() != Some(bytes) {
                std::fs::create_dir_all(out.join(path).parent().unwrap()).unwrap();
                std::fs::write(out.join(path), bytes).unwrap();
            }
        }
        let mut child = build(&registry, &out).spawn().unwrap();
        std::thread::sleep(whole.mul_f64(f64::from(step) / 22.0) + Duration::from_millis(1));
        let was_running = child.try_wait().unwrap().is_none();
        child.kill().unwrap();
        child.wait().unwrap();
        stopped += u32::from(was_running);
        let root = std::fs::read(out.join("index/root.json")).unwrap();
        assert!(root == old_root || root == new_root, "the root is neither the old nor the new one");
        assert_readable(&out);
    }
    assert!(stopped >= 8, "only {stopped} of 24 builds were killed under way");
    assert!(build(&registry, &out).status().unwrap().success());
    assert_same(&tree(&out), &tree(&clean));
}
