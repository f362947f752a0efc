//! A local preview of a built site: plain files with ETag and 304, the right
//! types, and the addresses of `status.json` answered with 410 or 451.
//!
//! It is for looking, on one's own machine: a real host serves the same files.

use crate::model::{Digest, RelPath};
use crate::platform::fs;
use crate::schema::StatusFile;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::Response;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A folder to serve.
#[derive(Debug)]
pub(crate) struct Site {
    root: PathBuf,
    /// The path of the site's base address; served too, so that absolute links of the 404 page work.
    base_path: String,
}

impl Site {
    /// Serves the folder, at `/` and under `base_path` (begins and ends with a slash).
    pub(crate) fn new(root: &Path, base_path: &str) -> Self {
        Self { root: root.to_owned(), base_path: base_path.to_owned() }
    }

    /// Answers one request.
    pub(crate) fn answer(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Response {
        if method != Method::GET && method != Method::HEAD {
            return self.plain(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD are answered here\n");
        }
        let Some(path) = decode(uri.path()) else {
            return self.plain(StatusCode::BAD_REQUEST, "the address cannot be read\n");
        };
        let path = path.strip_prefix(&self.base_path).unwrap_or_else(|| path.trim_start_matches('/'));
        if let Some((status, reason)) = self.status(path) {
            return self.plain(status, &format!("{reason}\n"));
        }
        let Some(file) = self.find(path) else { return self.not_found(method) };
        match file {
            Found::Folder => redirect(uri),
            Found::File(file) => match fs::read(&file) {
                Ok(bytes) => respond(StatusCode::OK, method, headers, &file, path, bytes),
                Err(_) => self.not_found(method),
            },
        }
    }

    fn find(&self, path: &str) -> Option<Found> {
        let trimmed = path.trim_end_matches('/');
        if trimmed.is_empty() {
            return Some(Found::File(self.root.join("index.html")))
                .filter(|_| fs::is_file(&self.root.join("index.html")));
        }
        let relative = RelPath::parse(trimmed).ok()?;
        if relative.components().any(|part| part.starts_with('.')) {
            return None;
        }
        let file = self.root.join(relative.as_str());
        if !fs::is_inside(&file, &self.root) {
            return None;
        }
        if fs::is_dir(&file) {
            let index = file.join("index.html");
            return fs::is_file(&index)
                .then(|| if path.ends_with('/') { Found::File(index) } else { Found::Folder });
        }
        (fs::is_file(&file) && !path.ends_with('/')).then_some(Found::File(file))
    }

    fn status(&self, path: &str) -> Option<(StatusCode, String)> {
        let file: StatusFile =
            serde_json::from_slice(&fs::read(&self.root.join("status.json")).ok()?).ok()?;
        let entry = file.paths.get(path)?;
        Some((
            StatusCode::from_u16(entry.status).ok()?,
            entry.reason.clone().unwrap_or_else(|| "gone".into()),
        ))
    }

    fn not_found(&self, method: &Method) -> Response {
        let page = self.root.join("404.html");
        match fs::read(&page) {
            Ok(bytes) => respond(StatusCode::NOT_FOUND, method, &HeaderMap::new(), &page, "404.html", bytes),
            Err(_) => self.plain(StatusCode::NOT_FOUND, "there is nothing at this address\n"),
        }
    }

    fn plain(&self, status: StatusCode, text: &str) -> Response {
        let mut response = Response::new(Body::from(text.to_owned()));
        *response.status_mut() = status;
        set(&mut response, header::CONTENT_TYPE, "text/plain; charset=utf-8");
        response
    }
}

enum Found {
    File(PathBuf),
    Folder,
}

fn redirect(uri: &Uri) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
    let last = uri.path().rsplit('/').next().unwrap_or_default();
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    set(&mut response, header::LOCATION, &format!("./{last}/{query}"));
    response
}

fn respond(
    status: StatusCode,
    method: &Method,
    headers: &HeaderMap,
    file: &Path,
    path: &str,
    bytes: Vec<u8>,
) -> Response {
    let tag = format!("\"{}\"", &Digest::of(&bytes).base64url()[..22]);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_known = status == StatusCode::OK
        && known
            .split(',')
            .map(|part| part.trim().trim_start_matches("W/"))
            .any(|part| part == tag || part == "*");
    let length = bytes.len().to_string();
    let body = if is_known || method == Method::HEAD { Body::empty() } else { Body::from(bytes) };
    let mut response = Response::new(body);
    *response.status_mut() = if is_known { StatusCode::NOT_MODIFIED } else { status };
    set(&mut response, header::ETAG, &tag);
    set(&mut response, header::CACHE_CONTROL, cache_control(path));
    set(&mut response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(&mut response, header::REFERRER_POLICY, "strict-origin-when-cross-origin");
    if !is_known {
        let kind = content_type(file);
        set(&mut response, header::CONTENT_TYPE, kind);
        set(&mut response, header::CONTENT_LENGTH, &length);
        if kind.starts_with("text/html") {
            set(&mut response, header::CONTENT_SECURITY_POLICY, crate::site::CONTENT_SECURITY_POLICY);
        } else if kind.starts_with("image/") {
            set(&mut response, header::CONTENT_SECURITY_POLICY, crate::site::PICTURE_SECURITY_POLICY);
        }
    }
    response
}

fn set(response: &mut Response, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// Files named by their hash never change; everything else is asked for again.
fn cache_control(path: &str) -> &'static str {
    let folders = ["assets/", "index/tree/", "artifacts/", "search/words/", "search/near/", "search/data/"];
    let is_hashed = folders.iter().any(|folder| path.starts_with(folder))
        || (path.starts_with("search/tantivy/") && !path.ends_with("meta.json"))
        || path.strip_prefix("search/").is_some_and(|name| name.len() == 64 && !name.contains(['/', '.']))
        || (path.starts_with("p/") && path.split('/').nth(2) == Some("files"));
    if is_hashed { "public, max-age=31536000, immutable" } else { "no-cache" }
}

/// Returns the media type by the file's extension; index files have none and are NDJSON.
fn content_type(file: &Path) -> &'static str {
    let is_leaf = file.components().any(|part| part.as_os_str() == "index")
        && !file.to_string_lossy().ends_with(".json");
    match file.extension().and_then(|text| text.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "xml" => "application/xml",
        "md" => "text/markdown; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "tgz" => "application/gzip",
        _ if is_leaf => "application/x-ndjson",
        _ => "application/octet-stream",
    }
}

/// Undoes percent-encoding; refuses what is not UTF-8 then.
fn decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// Answers requests on the listener until the process is told to stop.
///
/// # Errors
/// When the listener fails.
pub(crate) async fn serve(site: Arc<Site>, listener: tokio::net::TcpListener) -> std::io::Result<()> {
    let app = axum::Router::new().fallback(move |method: Method, uri: Uri, headers: HeaderMap| {
        let site = Arc::clone(&site);
        async move {
            tokio::task::spawn_blocking(move || site.answer(&method, &uri, &headers))
                .await
                .unwrap_or_else(|_| Response::new(Body::empty()))
        }
    });
    let stop = async {
        // Without a signal handler the process simply ends on Ctrl-C.
        let _ = tokio::signal::ctrl_c().await;
    };
    axum::serve(listener, app).with_graceful_shutdown(stop).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> (tempfile::TempDir, Site) {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in [
            ("index.html", "<!doctype html>home"),
            ("404.html", "nothing"),
            ("p/com.a.b/index.html", "page"),
            ("assets/site.12345678.css", "a{}"),
            ("index/com/a/com.a.b", "{}\n"),
            (
                "status.json",
                "{\"v\":1,\"paths\":{\"artifacts/x.tgz\":{\"status\":451,\"reason\":\"by order\"}}}",
            ),
        ] {
            fs::atomic_write(&folder.path().join(path), text.as_bytes()).unwrap();
        }
        let site = Site::new(folder.path(), "/registry/");
        (folder, site)
    }

    fn get(site: &Site, path: &str) -> Response {
        site.answer(&Method::GET, &path.parse().unwrap(), &HeaderMap::new())
    }

    fn header(response: &Response, name: header::HeaderName) -> &str {
        response.headers().get(name).unwrap().to_str().unwrap()
    }

    #[test]
    fn pages_folders_and_mistakes_are_answered() {
        let (_folder, site) = site();
        for (path, status) in [
            ("/", 200),
            ("/p/com.a.b/", 200),
            ("/registry/p/com.a.b/", 200),
            ("/p/com.a.b", 308),
            ("/p/", 404),
            ("/nothing", 404),
            ("/../etc/passwd", 404),
            ("/%2e%2e/%2e%2e/etc/passwd", 404),
            ("/%ff", 400),
            ("/artifacts/x.tgz", 451),
            ("/index.html/", 404),
        ] {
            assert_eq!(get(&site, path).status().as_u16(), status, "{path}");
        }
        assert_eq!(header(&get(&site, "/p/com.a.b?q=1"), header::LOCATION), "./com.a.b/?q=1");
        let post = site.answer(&Method::POST, &"/".parse().unwrap(), &HeaderMap::new());
        assert_eq!(post.status(), StatusCode::METHOD_NOT_ALLOWED);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_leads_nowhere_outside() {
        let (folder, site) = site();
        let secret = tempfile::tempdir().unwrap();
        fs::atomic_write(&secret.path().join("key.txt"), b"secret").unwrap();
        std::os::unix::fs::symlink(secret.path(), folder.path().join("out")).unwrap();
        assert_eq!(get(&site, "/out/key.txt").status().as_u16(), 404);
    }

    #[test]
    fn types_and_caches_fit_the_file() {
        let (_folder, site) = site();
        let page = get(&site, "/");
        assert_eq!(header(&page, header::CONTENT_TYPE), "text/html; charset=utf-8");
        assert_eq!(header(&page, header::CACHE_CONTROL), "no-cache");
        assert!(header(&page, header::CONTENT_SECURITY_POLICY).contains("default-src 'none'"));
        assert_eq!(header(&get(&site, "/index/com/a/com.a.b"), header::CONTENT_TYPE), "application/x-ndjson");
        assert!(
            header(&get(&site, "/assets/site.12345678.css"), header::CACHE_CONTROL).contains("immutable")
        );
    }

    #[test]
    fn a_known_tag_gets_304_and_a_changed_file_does_not() {
        let (folder, site) = site();
        let tag = get(&site, "/").headers().get(header::ETAG).unwrap().clone();
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_NONE_MATCH, tag);
        assert_eq!(
            site.answer(&Method::GET, &"/".parse().unwrap(), &headers).status(),
            StatusCode::NOT_MODIFIED
        );
        fs::atomic_write(&folder.path().join("index.html"), b"new").unwrap();
        assert_eq!(site.answer(&Method::GET, &"/".parse().unwrap(), &headers).status(), StatusCode::OK);
    }
}
