//! Artifacts from a real server, with everything that goes wrong on the way.

use crate::nginx::Nginx;
use shelfmark::artifact::store::{
    ArtifactLocation, ArtifactOptions, ArtifactStore, Artifacts, FetchError, NetworkPolicy, Wanted,
};
use shelfmark::model::{Digest, RelPath};
use shelfmark::platform::http::{Patience, TestHost};
use shelfmark::source::Snapshot;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Bytes that no two places of are alike.
fn bytes(length: usize) -> Vec<u8> {
    (0..length as u64).map(|at| (at.wrapping_mul(at + 7) >> 3) as u8).collect()
}

fn options(host: TestHost, state: &Path) -> ArtifactOptions {
    ArtifactOptions {
        state: Some(state.to_owned()),
        network: NetworkPolicy::Online,
        test_host: Some(host),
        patience: Patience { total: Duration::from_secs(20), ..Patience::default() },
        ..ArtifactOptions::default()
    }
}

/// Takes the error, and prints no bytes where there is none.
fn refused(result: Result<Vec<u8>, FetchError>) -> FetchError {
    match result {
        Ok(bytes) => panic!("{} bytes came", bytes.len()),
        Err(error) => error,
    }
}

fn empty() -> Snapshot {
    Snapshot::from_memory([]).unwrap()
}

/// Fetches what is expected to be `content` from an address.
fn fetch(url: &str, content: &[u8], options: ArtifactOptions) -> Result<Vec<u8>, FetchError> {
    let location = ArtifactLocation::Url(url.to_owned());
    fetch_from(&location, content, None, options)
}

fn fetch_from(
    location: &ArtifactLocation,
    content: &[u8],
    store: Option<(&Path, &str)>,
    options: ArtifactOptions,
) -> Result<Vec<u8>, FetchError> {
    let snapshot = empty();
    let artifacts = Artifacts::new(&snapshot, store.map(|(at, _)| at), store.map(|(_, name)| name), options);
    artifacts.fetch(&Wanted {
        release: "com.example.a@1.0.0",
        location,
        sha256: Digest::of(content),
        size: content.len() as u64,
    })
}

#[test]
fn a_download_is_kept_and_then_needs_no_network() {
    let (server, state) = (Nginx::start(""), tempfile::tempdir().unwrap());
    let content = bytes(300_000);
    server.serve("a.tgz", &content);
    let online = options(server.test_host(), state.path());
    let offline = ArtifactOptions { network: NetworkPolicy::Offline, ..online.clone() };
    let error = refused(fetch(&server.url("a.tgz"), &content, offline.clone()));
    assert!(matches!(error, FetchError::Offline { .. }) && error.is_missing(), "{error}");
    assert_eq!(server.log(), "");

    assert_eq!(fetch(&server.url("a.tgz"), &content, online.clone()).unwrap(), content);
    assert_eq!(
        server.log(),
        "GET /a.tgz 200 range=- encoding=identity cookie=- authorization=-\n",
        "one request, and nothing in it that was not asked for"
    );
    assert_eq!(fetch(&server.url("a.tgz"), &content, offline.clone()).unwrap(), content);
    assert_eq!(fetch(&server.url("a.tgz"), &content, online.clone()).unwrap(), content);
    assert_eq!(server.log().lines().count(), 1);

    let file = state.path().join(format!("artifacts/{}.tgz", Digest::of(&content)));
    std::fs::write(&file, &content[1..]).unwrap();
    let error = refused(fetch(&server.url("a.tgz"), &content, offline));
    assert!(matches!(error, FetchError::Offline { .. }), "a damaged copy was used: {error}");
    assert_eq!(fetch(&server.url("a.tgz"), &content, online).unwrap(), content);
    assert_eq!(std::fs::read(&file).unwrap(), content);
    assert_eq!(server.log().lines().count(), 2);
}

#[test]
fn a_connection_that_breaks_is_gone_on_with_where_it_broke() {
    let (server, state) = (Nginx::start(""), tempfile::tempdir().unwrap());
    let content = bytes(900_000);
    server.serve("a.tgz", &content);
    let (proxy, connections) = server.cutting_proxy(&[400_000, 200_000]);
    let url = format!("https://{proxy}/a.tgz");
    assert_eq!(fetch(&url, &content, options(server.test_host_at(proxy), state.path())).unwrap(), content);
    assert_eq!(connections.load(Ordering::SeqCst), 3);
    let log = server.log();
    assert_eq!(log.matches(" 206 range=bytes=").count(), 2, "{log}");
}

#[test]
fn what_the_last_try_left_is_gone_on_with_by_the_next_run() {
    let (server, state) = (Nginx::start(""), tempfile::tempdir().unwrap());
    let content = bytes(900_000);
    server.serve("a.tgz", &content);
    let (proxy, _) = server.cutting_proxy(&[300_000, 6_000, 6_000, 6_000]);
    let url = format!("https://{proxy}/a.tgz");
    let options = options(server.test_host_at(proxy), state.path());
    let error = refused(fetch(&url, &content, options.clone()));
    assert!(matches!(error, FetchError::Unreachable { .. }) && error.is_missing(), "{error}");
    let part = state.path().join(format!("artifacts/{}.part", Digest::of(&content)));
    let kept = std::fs::read(&part).unwrap();
    assert!(kept.len() > 200_000 && content.starts_with(&kept), "{}", kept.len());

    assert_eq!(fetch(&url, &content, options).unwrap(), content);
    let log = server.log();
    let last = log.lines().last().unwrap();
    assert!(last.contains(&format!(" 206 range=bytes={}-", kept.len())), "{last}");
    assert!(!part.exists());
}

#[test]
fn a_beginning_of_something_else_is_thrown_away() {
    let (server, state) = (Nginx::start(""), tempfile::tempdir().unwrap());
    let content = bytes(50_000);
    server.serve("a.tgz", &content);
    let part = state.path().join(format!("artifacts/{}.part", Digest::of(&content)));
    std::fs::create_dir_all(part.parent().unwrap()).unwrap();
    for length in [1_usize, 49_999, 50_000, 70_000] {
        std::fs::write(&part, vec![b'x'; length]).unwrap();
        let options = options(server.test_host(), state.path());
        assert_eq!(fetch(&server.url("a.tgz"), &content, options).unwrap(), content, "{length}");
        assert!(!part.exists());
        std::fs::remove_file(state.path().join(format!("artifacts/{}.tgz", Digest::of(&content)))).unwrap();
    }
}

#[test]
fn no_redirect_leads_to_a_place_that_may_not_be_asked() {
    let server = Nginx::start(
        "location = /http { return 302 http://example.com/a.tgz; }\n\
         location = /file { return 302 file:///etc/passwd; }\n\
         location = /port { return 307 https://127.0.0.1:1/a.tgz; }\n\
         location = /name { return 301 https://localhost:PORT/a.tgz; }\n\
         location = /six { return 308 https://[::1]:PORT/a.tgz; }\n\
         location = /mapped { return 308 https://[::ffff:127.0.0.1]:PORT/a.tgz; }\n\
         location = /cloud { return 303 https://169.254.169.254/latest/meta-data/?token=secret; }\n\
         location = /short { return 302 https://0x7f.1/a.tgz; }\n\
         location = /number { return 302 https://2130706433/a.tgz; }\n\
         location = /private { return 302 https://10.0.0.1/a.tgz; }\n\
         location = /login { return 302 https://me:word@127.0.0.1:PORT/a.tgz; }\n\
         location = /twice { return 302 /cloud; }\n",
    );
    let (content, state) = (bytes(100), tempfile::tempdir().unwrap());
    server.serve("a.tgz", &content);
    for path in [
        "http", "file", "port", "name", "six", "mapped", "cloud", "short", "number", "private", "login",
        "twice",
    ] {
        let start = Instant::now();
        let error = refused(fetch(&server.url(path), &content, options(server.test_host(), state.path())));
        assert!(matches!(error, FetchError::Refused { .. }) && !error.is_missing(), "{path}: {error}");
        assert!(!error.to_string().contains("secret") && !error.to_string().contains("word@"), "{error}");
        assert!(start.elapsed() < Duration::from_secs(3), "{path} was tried again");
    }
    assert!(!server.log().contains("a.tgz"), "{}", server.log());
}

#[test]
fn addresses_in_a_release_are_refused_as_those_of_redirects_are() {
    let (content, state, server) = (bytes(100), tempfile::tempdir().unwrap(), Nginx::start(""));
    server.serve("a.tgz", &content);
    for url in [
        format!("https://localhost:{}/a.tgz", server.address.port()),
        "https://127.0.0.1:9/a.tgz".to_owned(),
        "https://[fd00::1]/a.tgz".to_owned(),
        "https://192.168.1.1/a.tgz".to_owned(),
    ] {
        let error = refused(fetch(&url, &content, options(server.test_host(), state.path())));
        assert!(matches!(error, FetchError::Refused { .. }), "{url}: {error}");
    }
    let without = ArtifactOptions { test_host: None, ..options(server.test_host(), state.path()) };
    let error = refused(fetch(&server.url("a.tgz"), &content, without));
    assert!(matches!(error, FetchError::Refused { .. }), "{error}");
    assert_eq!(server.log(), "");
}

#[test]
fn five_redirects_are_followed_and_a_loop_is_not() {
    let server = Nginx::start(
        "location = /1 { return 302 /2; } location = /2 { return 302 /3; } location = /3 { return 302 /4; }\n\
         location = /4 { return 302 /5; } location = /5 { return 302 /a.tgz; } location = /0 { return 302 /1; }\n\
         location = /loop { return 302 /loop; }\n",
    );
    let (content, state) = (bytes(100), tempfile::tempdir().unwrap());
    server.serve("a.tgz", &content);
    let get = |path| fetch(&server.url(path), &content, options(server.test_host(), state.path()));
    for path in ["0", "loop"] {
        let error = refused(get(path));
        assert!(matches!(error, FetchError::TooManyRedirects { most: 5, .. }), "{path}: {error}");
    }
    assert_eq!(get("1").unwrap(), content);
}

#[test]
fn other_bytes_than_the_release_says_are_refused() {
    let server = Nginx::start("location = /slow-and-long { limit_rate 20k; }\n");
    let (content, state) = (bytes(60_000), tempfile::tempdir().unwrap());
    let get = |path| refused(fetch(&server.url(path), &content, options(server.test_host(), state.path())));

    server.serve("more", &bytes(60_001));
    let error = get("more");
    assert!(matches!(error, FetchError::WrongSize { wanted: 60_000, is_more: true, .. }), "{error}");
    // Far more is refused as soon as there is one byte too many, not at its end.
    server.serve("slow-and-long", &bytes(3_000_000));
    let start = Instant::now();
    let error = get("slow-and-long");
    assert!(matches!(error, FetchError::WrongSize { is_more: true, .. }), "{error}");
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());

    server.serve("fewer", &bytes(59_999));
    let error = get("fewer");
    assert!(matches!(error, FetchError::WrongSize { got: 59_999, is_more: false, .. }), "{error}");
    let mut other = content.clone();
    other[30_000] ^= 1;
    server.serve("other", &other);
    let error = get("other");
    assert!(matches!(error, FetchError::WrongDigest { .. }), "{error}");
    assert!(!error.is_missing() && error.to_string().contains(&Digest::of(&other).hex()), "{error}");
    assert_eq!(std::fs::read_dir(state.path()).unwrap().count(), 0, "something wrong was kept");
}

#[test]
fn a_server_that_fails_is_asked_again_and_one_that_says_no_is_not() {
    let server = Nginx::start(
        "location /late/ { try_files $uri =500; }\n\
         location = /gone { return 410; } location = /closed { return 403; } location = /silent { return 444; }\n\
         location = /broken { return 500; }\n\
         location = /packed { add_header Content-Encoding gzip; try_files /a.tgz =404; }\n",
    );
    let (content, state) = (bytes(5_000), tempfile::tempdir().unwrap());
    server.serve("a.tgz", &content);
    let get = |path: &str| fetch(&server.url(path), &content, options(server.test_host(), state.path()));
    let asked = |path: &str| server.log().lines().filter(|line| line.contains(path)).count();
    for (path, tries) in
        [("missing", 1), ("gone", 1), ("closed", 1), ("packed", 1), ("broken", 4), ("silent", 4)]
    {
        let error = refused(get(path));
        assert!(error.is_missing(), "{path}: {error}");
        assert_eq!(asked(&format!("/{path} ")), tries, "{path}: {error}");
    }
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while asked("/late/a.tgz 500") == 0 {
                std::thread::sleep(Duration::from_millis(5));
            }
            server.serve("late/a.tgz", &content);
        });
        assert_eq!(get("late/a.tgz").unwrap(), content);
    });
    assert!(asked("/late/a.tgz 500") >= 1);
}

#[test]
fn an_endless_answer_ends_in_time_and_is_not_lost() {
    let server = Nginx::start("limit_rate 30k;");
    let (content, state) = (bytes(3_000_000), tempfile::tempdir().unwrap());
    server.serve("a.tgz", &content);
    let patience = Patience { total: Duration::from_secs(2), ..Patience::default() };
    let options = ArtifactOptions { patience, ..options(server.test_host(), state.path()) };
    let start = Instant::now();
    let error = refused(fetch(&server.url("a.tgz"), &content, options));
    assert!(matches!(error, FetchError::Unreachable { .. }), "{error}");
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
    let part = state.path().join(format!("artifacts/{}.part", Digest::of(&content)));
    assert!(content.starts_with(&std::fs::read(part).unwrap()));
}

#[test]
fn a_server_of_another_authority_is_not_believed() {
    let (server, other) = (Nginx::start(""), Nginx::start(""));
    let (content, state) = (bytes(100), tempfile::tempdir().unwrap());
    server.serve("a.tgz", &content);
    let host = TestHost { address: server.address, certificates: other.test_host().certificates };
    let error = refused(fetch(&server.url("a.tgz"), &content, options(host, state.path())));
    assert!(matches!(error, FetchError::Unreachable { .. }), "{error}");
    assert_eq!(server.log(), "");
}

#[test]
fn a_folder_of_the_caller_comes_first() {
    let (folder, content) = (tempfile::tempdir().unwrap(), bytes(1_000));
    let options = ArtifactOptions { folder: Some(folder.path().to_owned()), ..ArtifactOptions::default() };
    let url = "https://downloads.example.com/a.tgz";
    assert!(refused(fetch(url, &content, options.clone())).is_missing());
    let by_name = folder.path().join("com.example.a-1.0.0.tgz");
    std::fs::write(&by_name, &content).unwrap();
    assert_eq!(fetch(url, &content, options.clone()).unwrap(), content);
    std::fs::write(&by_name, bytes(1_001)).unwrap();
    let error = refused(fetch(url, &content, options.clone()));
    assert!(matches!(error, FetchError::WrongSize { got: 1_001, .. }), "{error}");
    std::fs::write(folder.path().join(format!("{}.tgz", Digest::of(&content))), &content).unwrap();
    assert_eq!(fetch(url, &content, options).unwrap(), content);
}

#[test]
fn a_store_that_is_a_folder_gives_nothing_from_outside_of_it() {
    let (registry, content) = (tempfile::tempdir().unwrap(), bytes(1_000));
    let store = registry.path().join("store");
    std::fs::create_dir_all(store.join("finance")).unwrap();
    std::fs::write(store.join("finance/a.tgz"), &content).unwrap();
    std::fs::write(registry.path().join("secret"), &content).unwrap();
    std::fs::write(store.join("short"), &content[1..]).unwrap();
    for (name, target) in [("inside", "finance/a.tgz"), ("outside", "../secret"), ("dangling", "nowhere")] {
        std::os::unix::fs::symlink(target, store.join(name)).unwrap();
    }
    std::os::unix::fs::symlink("..", store.join("up")).unwrap();
    let get = |path: &str| {
        let location = ArtifactLocation::Path(RelPath::parse(path).unwrap());
        fetch_from(&location, &content, Some((registry.path(), "store")), ArtifactOptions::default())
    };
    assert_eq!(get("finance/a.tgz").unwrap(), content);
    assert_eq!(get("inside").unwrap(), content);
    for path in ["outside", "up/secret", "dangling"] {
        let error = refused(get(path));
        assert!(matches!(error, FetchError::Outside { .. }) && !error.is_missing(), "{path}: {error}");
    }
    assert!(matches!(refused(get("short")), FetchError::WrongSize { .. }));
    for path in ["none", "finance"] {
        assert!(matches!(refused(get(path)), FetchError::NotThere { .. }), "{path}");
    }
    assert!(RelPath::parse("../secret").is_err() && RelPath::parse("/etc/passwd").is_err());
    let location = ArtifactLocation::Path(RelPath::parse("a").unwrap());
    for store in [None, Some((registry.path(), "no-store"))] {
        let error = refused(fetch_from(&location, &content, store, ArtifactOptions::default()));
        assert!(matches!(error, FetchError::NoStore { .. }) && error.is_missing(), "{error}");
    }
}

#[test]
fn a_store_that_is_a_bucket_is_read_over_https() {
    let (server, state) =
        (Nginx::start("location = /b/moved { return 302 /b/a.tgz; }"), tempfile::tempdir().unwrap());
    let (content, other) = (bytes(200_000), bytes(200_001));
    server.serve("b/finance/a.tgz", &content);
    server.serve("b/other", &other);
    let bucket = server.url("b/");
    let get = |path: &str, network| {
        let location = ArtifactLocation::Path(RelPath::parse(path).unwrap());
        let options = ArtifactOptions { network, ..options(server.test_host(), state.path()) };
        fetch_from(&location, &content, Some((Path::new("/nowhere"), &bucket)), options)
    };
    let error = refused(get("finance/a.tgz", NetworkPolicy::Offline));
    assert!(matches!(error, FetchError::Offline { .. }), "{error}");
    let error = refused(get("none.tgz", NetworkPolicy::Online));
    assert!(matches!(error, FetchError::NotThere { .. }), "{error}");
    let error = refused(get("other", NetworkPolicy::Online));
    assert!(matches!(error, FetchError::WrongSize { got: 200_001, .. }), "{error}");
    let error = refused(get("moved", NetworkPolicy::Online));
    assert!(matches!(error, FetchError::Unreachable { .. }), "{error}");
    assert_eq!(get("finance/a.tgz", NetworkPolicy::Online).unwrap(), content);
    assert_eq!(get("finance/a.tgz", NetworkPolicy::Offline).unwrap(), content);

    let location = ArtifactLocation::Path(RelPath::parse("a").unwrap());
    for bucket in ["https://169.254.169.254/b", "http://example.com/b", "https://localhost:1/b"] {
        let options = options(server.test_host(), state.path());
        let error =
            refused(fetch_from(&location, b"another", Some((Path::new("/nowhere"), bucket)), options));
        assert!(matches!(error, FetchError::Refused { .. }), "{bucket}: {error}");
    }
    for bucket in ["s3://Evil@host/b", "ftp://x/b"] {
        let options = options(server.test_host(), state.path());
        let error =
            refused(fetch_from(&location, b"another", Some((Path::new("/nowhere"), bucket)), options));
        assert!(
            matches!(error, FetchError::NoStore { .. } | FetchError::Refused { .. }),
            "{bucket}: {error}"
        );
    }
}

#[test]
fn a_store_in_a_cloud_speaks_its_protocol() {
    let (server, content) = (Nginx::start(""), bytes(10_000));
    server.serve("market/finance/a.tgz", &content);
    let settings = [
        ("AWS_ENDPOINT", format!("http://{}", server.plain)),
        ("AWS_ALLOW_HTTP", "true".to_owned()),
        ("AWS_SKIP_SIGNATURE", "true".to_owned()),
        ("AWS_REGION", "nowhere-1".to_owned()),
    ];
    let cloud: Vec<(String, String)> = settings.map(|(key, value)| (key.to_owned(), value)).into();
    let state = tempfile::tempdir().unwrap();
    let get = |path: &str| {
        let location = ArtifactLocation::Path(RelPath::parse(path).unwrap());
        let options = ArtifactOptions { cloud: cloud.clone(), ..options(server.test_host(), state.path()) };
        fetch_from(&location, &content, Some((Path::new("/nowhere"), "s3://market/finance/")), options)
    };
    assert_eq!(get("a.tgz").unwrap(), content);
    assert!(server.log().contains("GET /market/finance/a.tgz 200"), "{}", server.log());
    std::fs::remove_dir_all(state.path().join("artifacts")).unwrap();
    assert!(matches!(refused(get("b.tgz")), FetchError::NotThere { .. }));
}
