//! Building with artifacts that are elsewhere, as an operator meets it.

use crate::nginx::Nginx;
use crate::support::{RawRepository, assert_same, ok, shelfmark, tree};
use shelfmark::artifact::{Limits, unpack_in_memory};
use shelfmark::model::Digest;
use shelfmark_support::archive::{ArchiveBuilder, RawHeader};
use std::path::{Path, PathBuf};
use std::process::Output;

/// A registry with one package whose archive is not in it.
struct Scene {
    folder: tempfile::TempDir,
    archive: Vec<u8>,
}

const NAME: &str = "com.example.hello-0.1.0.tgz";

impl Scene {
    /// Makes the registry; `artifact` is the line that says where the archive is.
    fn new(artifact: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path();
        ok(&["init", "market", "--publisher", "com.example", "--now", "2026-01-01T00:00:00Z"], here);
        let source = "market/sources/com.example.hello/0.1.0";
        ok(&["pack", source, "--out", "packed"], here);
        std::fs::remove_dir_all(here.join("market/sources")).unwrap();
        let release = here.join("market/packages/com/example/com.example.hello/0.1.0.toml");
        let text = std::fs::read_to_string(&release).unwrap();
        let tree = text.lines().find(|line| line.starts_with("tree = ")).unwrap();
        std::fs::write(&release, text.replace(tree, artifact)).unwrap();
        let archive = std::fs::read(here.join("packed").join(NAME)).unwrap();
        Self { folder, archive }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs the binary beside the registry, with the server as the one that may be loopback.
    fn run(&self, args: &str, server: Option<&Nginx>) -> Output {
        let mut command = shelfmark();
        command.args(args.split(' ')).args(["--registry", "market"]).current_dir(self.folder.path());
        if let Some(server) = server {
            let host = format!("{}={}", server.address, server.certificate().display());
            command.env("SHELFMARK_TEST_HOST", host);
        }
        command.output().unwrap()
    }

    /// Runs the binary and asserts the exit code and words of both streams.
    fn says(&self, args: &str, server: Option<&Nginx>, code: i32, words: &[&str]) {
        let output = self.run(args, server);
        let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        assert_eq!(output.status.code(), Some(code), "shelfmark {args}\n{text}");
        for word in words {
            assert!(text.contains(word), "shelfmark {args}: `{word}` is missing in\n{text}");
        }
    }
}

fn page(out: &Path) -> String {
    std::fs::read_to_string(out.join("p/com.example.hello/index.html")).unwrap()
}

#[test]
fn a_build_downloads_once_and_the_cache_changes_no_byte() {
    let server = Nginx::start("");
    let scene = Scene::new(&format!("url = \"{}\"", server.url(NAME)));
    scene.says(
        "build --out out",
        Some(&server),
        4,
        &["com.example.hello@0.1.0: there is nothing at", "--allow-missing", "--artifacts DIR"],
    );
    assert!(!scene.path("out").exists(), "a build that stopped wrote something");

    server.serve(NAME, &scene.archive);
    scene.says("build --out out", Some(&server), 0, &["1 package", "SHELFMARK_TEST_HOST"]);
    let state = scene.path(".shelfmark");
    assert_eq!(std::fs::read_to_string(state.join(".gitignore")).unwrap(), "*\n");
    assert!(page(&scene.path("out")).contains("Hello"), "the README did not reach the page");
    assert!(!tree(&scene.path("out")).keys().any(|path| path.ends_with(".tgz")), "its origin serves it");
    let asked = server.log().lines().count();

    scene.says("build --out warm --offline", None, 1, &["artifact-address-refused"]);
    scene.says("build --out warm --offline", Some(&server), 0, &[]);
    scene.says("build --out again --state other", Some(&server), 0, &[]);
    assert_eq!(server.log().lines().count(), asked + 1, "{}", server.log());
    assert_same(&tree(&scene.path("out")), &tree(&scene.path("warm")));
    assert_same(&tree(&scene.path("out")), &tree(&scene.path("again")));
}

#[test]
fn a_build_without_an_artifact_has_to_be_asked_for() {
    let scene = Scene::new("url = \"https://downloads.example.com/hello.tgz\"");
    scene.says(
        "build --out out --offline",
        None,
        4,
        &["the network is not used", "1 artifact cannot be had"],
    );
    scene.says(
        "build --out out --offline --allow-missing",
        None,
        0,
        &["built without 1 artifact", "not in the cache"],
    );
    assert!(page(&scene.path("out")).contains("com.example.hello"));
    scene.says("check", None, 0, &["1 artifact not looked at", "check --online"]);

    scene.says("build --out out --offline --artifacts nowhere", None, 4, &["no folder `nowhere`"]);
    scene.says("build --out out --offline --artifacts packed", None, 0, &["1 package"]);
    assert!(page(&scene.path("out")).contains("Hello"));
    assert!(!scene.path(".shelfmark/artifacts").exists(), "nothing was downloaded");

    std::fs::write(scene.path("packed").join(NAME), &scene.archive[..scene.archive.len() - 1]).unwrap();
    let words = ["artifact-digest-mismatch", "the release says"];
    scene.says("build --out out --offline --allow-missing --artifacts packed", None, 1, &words);
    scene.says("check --artifacts packed", None, 1, &words);
}

#[test]
fn an_archive_of_the_registrys_store_is_served_unchanged() {
    let scene = Scene::new(&format!("path = \"hello/{NAME}\""));
    scene.says("check", None, 3, &["review[artifact-unavailable]", "`registry.toml` names none"]);
    let settings = scene.path("market/registry.toml");
    let text = std::fs::read_to_string(&settings).unwrap();
    std::fs::write(&settings, format!("{text}\n[artifacts]\nstore = \"../store\"\n")).unwrap();
    std::fs::create_dir_all(scene.path("store/hello")).unwrap();
    scene.says("build --out out", None, 4, &["there is nothing at", NAME]);
    std::fs::write(scene.path("store/hello").join(NAME), &scene.archive).unwrap();
    scene.says("check", None, 0, &["nothing to report"]);
    scene.says("build --out out", None, 0, &[]);
    let served: Vec<Vec<u8>> = tree(&scene.path("out"))
        .into_iter()
        .filter(|(path, _)| path.ends_with(".tgz"))
        .map(|(_, b)| b)
        .collect();
    assert_eq!(served, std::slice::from_ref(&scene.archive));
    assert!(page(&scene.path("out")).contains("Hello"));
}

#[test]
fn what_is_wrong_inside_an_archive_is_told_with_its_place() {
    let scene = Scene::new(&format!("path = \"{NAME}\""));
    let settings = scene.path("market/registry.toml");
    let text = std::fs::read_to_string(&settings).unwrap();
    std::fs::write(&settings, format!("{text}\n[artifacts]\nstore = \"../packed\"\n")).unwrap();
    let release = scene.path("market/packages/com/example/com.example.hello/0.1.0.toml");
    let good = std::fs::read_to_string(&release).unwrap();
    std::fs::write(&release, good.replace("keywords = [\"hello\"]", "keywords = [\"other\"]")).unwrap();
    scene.says(
        "check",
        None,
        1,
        &[
            "error[manifest-mismatch]",
            "com.example.hello/0.1.0.tgz!/shelfmark.toml:",
            "keywords = [\"hello\"]",
        ],
    );

    // The same bytes with a link among them: the digest is right, and the archive is refused.
    let link = RawHeader::new("link", b'2', 0).set(157..163, "/etc/x");
    let manifest = "format = 1\n";
    let hostile = ArchiveBuilder::empty().file("shelfmark.toml", manifest).entry(link, "").tgz();
    std::fs::write(scene.path("packed").join(NAME), &hostile).unwrap();
    let digest = |bytes: &[u8]| Digest::of(bytes).hex();
    let text = good.replace(&digest(&scene.archive), &digest(&hostile));
    let text = text.replace(&format!("size = {}", scene.archive.len()), &format!("size = {}", hostile.len()));
    std::fs::write(&release, text).unwrap();
    scene.says("check", None, 1, &["error[artifact-unpackable]", "`com.example.hello@0.1.0` is refused"]);
    scene.says("build --out out --allow-missing", None, 1, &["error[artifact-unpackable]"]);
    assert!(!scene.path("out").exists());
}

#[test]
fn pictures_of_a_readme_come_out_of_its_archive() {
    let scene = Scene::new(&format!("path = \"{NAME}\""));
    let source = scene.path("source");
    for file in unpack_in_memory(&scene.archive, &Limits::default()).unwrap() {
        let path = source.join(file.path.as_str());
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, file.content).unwrap();
    }
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0h8v8z\"/></svg>";
    std::fs::create_dir_all(source.join("assets")).unwrap();
    std::fs::write(source.join("assets/plan.svg"), svg).unwrap();
    std::fs::write(source.join("README.md"), "# Hello\n\n![a plan](assets/plan.svg)\n").unwrap();
    let here = scene.folder.path();
    let release = "market/packages/com/example/com.example.hello/0.1.0.toml";
    ok(&["pack", "source", "--out", "packed"], here);
    ok(&["pack", "source", "--record", release], here);
    scene.says("build --out out --artifacts packed", None, 0, &[]);
    let name = format!("p/com.example.hello/files/{}.svg", &Digest::of(svg.as_bytes()).hex()[..16]);
    assert_eq!(std::fs::read_to_string(scene.path("out").join(&name)).unwrap(), svg);
    assert!(page(&scene.path("out")).contains("alt=\"a plan\""));
}

#[test]
fn a_build_of_a_revision_keeps_its_cache_here() {
    let server = Nginx::start("");
    let scene = Scene::new(&format!("url = \"{}\"", server.url(NAME)));
    server.serve(NAME, &scene.archive);
    let repository = RawRepository::new(&scene.path("clone"));
    repository.commit_folder(&scene.path("market"), "");
    let host = format!("{}={}", server.address, server.certificate().display());
    let output = shelfmark()
        .args(["build", "--git", "clone@main", "--out", "out"])
        .current_dir(scene.folder.path())
        .env("SHELFMARK_TEST_HOST", host)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(scene.path(".shelfmark/artifacts").is_dir());
}
