//! The network: one GET to one address, and nothing that a library would do
//! besides: no redirects, no proxy of the environment, no credentials, no
//! cookies, no compression, no second try.
//!
//! An address that is not public is refused, written as such or found behind a
//! name. What was checked is what is connected to: the check is part of the
//! resolver, so no second look-up can give another answer.

use super::address::is_public;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header;
use std::error::Error;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

/// How long a server may take.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Until there is a connection.
    pub connect: Duration,
    /// Between two pieces of an answer.
    pub idle: Duration,
    /// For everything, redirects and further tries included.
    pub total: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(30),
            total: Duration::from_secs(600),
        }
    }
}

/// A server of a test: this one address may be loopback, and this one
/// certificate authority is trusted instead of the system's.
#[derive(Debug, Clone)]
pub struct TestHost {
    /// Where the server listens.
    pub address: SocketAddr,
    /// Certificates in PEM.
    pub certificates: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The address may not be asked.
    #[error(transparent)]
    Refused(#[from] RefusedAddress),
    /// The client could not be made: no certificates, no threads.
    #[error("the network cannot be used: {0}")]
    Unusable(String),
    /// No connection, a broken one, or none of HTTP.
    #[error("{0}")]
    Broken(String),
    /// The server took too long.
    #[error("no answer in time")]
    Late,
}

/// An address that may not be asked, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RefusedAddress {
    /// No address at all.
    #[error("it is not an address")]
    Unreadable,
    /// Another scheme than https.
    #[error("its scheme is `{0}`; only https is allowed")]
    Scheme(String),
    /// A user name or password in it.
    #[error("it holds a user name or a password")]
    Credentials,
    /// A host that is, or has, an address that is not public.
    #[error("`{host}`{} is not a public address", at(host, address))]
    NotPublic {
        /// The host, as written.
        host: String,
        /// Its address.
        address: IpAddr,
    },
}

/// Says where a host is, unless it is written as an address.
fn at(host: &str, address: &IpAddr) -> String {
    let address = address.to_string();
    if host.trim_matches(['[', ']']) == address { String::new() } else { format!(", at {address},") }
}

/// Asks servers for documents.
#[derive(Debug)]
pub struct HttpClient {
    client: reqwest::Client,
    runtime: Option<tokio::runtime::Runtime>,
    test_host: Option<SocketAddr>,
}

impl Drop for HttpClient {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // A name that is still being looked up holds nobody up.
            runtime.shutdown_background();
        }
    }
}

impl HttpClient {
    /// Makes a client.
    ///
    /// # Errors
    /// When the system has no certificates or gives no threads.
    pub fn new(patience: Patience, test_host: Option<&TestHost>) -> Result<Self, HttpError> {
        let unusable = |error: &dyn Error| HttpError::Unusable(in_one_line(error));
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("shelfmark/", env!("CARGO_PKG_VERSION")))
            .https_only(true)
            .http1_only()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .connect_timeout(patience.connect)
            .read_timeout(patience.idle)
            .timeout(patience.total)
            .dns_resolver(PublicOnly);
        if let Some(host) = test_host {
            let certificates = reqwest::Certificate::from_pem_bundle(&host.certificates)
                .map_err(|error| unusable(&error))?;
            builder = builder.tls_certs_only(certificates);
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("network")
            .enable_all()
            .build()
            .map_err(|error| unusable(&error))?;
        let client = builder.build().map_err(|error| unusable(&error))?;
        Ok(Self { client, runtime: Some(runtime), test_host: test_host.map(|host| host.address) })
    }

    /// Waits for what an asynchronous library does.
    ///
    /// # Errors
    /// Never while the client lives.
    pub fn wait<T>(&self, future: impl Future<Output = T>) -> Result<T, HttpError> {
        let runtime = self.runtime.as_ref().ok_or_else(|| HttpError::Unusable("it was closed".into()))?;
        Ok(runtime.block_on(future))
    }

    /// Returns the client beneath, which refuses what is not public behind a
    /// name; an address itself is to be put before [`HttpClient::check`].
    pub fn inner(&self) -> &reqwest::Client {
        &self.client
    }

    /// Says whether an address may be asked, as far as it can be said without a look-up.
    ///
    /// # Errors
    /// When it may not.
    pub fn check(&self, address: &str) -> Result<reqwest::Url, RefusedAddress> {
        check(address, self.test_host)
    }

    /// Asks for a document, from byte `from` on, until `deadline`.
    ///
    /// # Errors
    /// When the address is refused or there is no answer. An answer of any status is one.
    pub fn get(&self, address: &str, from: u64, deadline: Instant) -> Result<Response<'_>, HttpError> {
        let url = self.check(address)?;
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(HttpError::Late);
        }
        let mut request = self.client.get(url).timeout(left).header(header::ACCEPT_ENCODING, "identity");
        if from > 0 {
            request = request.header(header::RANGE, format!("bytes={from}-"));
        }
        let inner = self.wait(async { request.send().await })?.map_err(|error| explain(&error))?;
        Ok(Response { client: self, inner })
    }
}

/// An answer, of which only the head was read.
#[derive(Debug)]
pub struct Response<'a> {
    client: &'a HttpClient,
    inner: reqwest::Response,
}

impl Response<'_> {
    /// Returns the status code.
    pub fn status(&self) -> u16 {
        self.inner.status().as_u16()
    }

    /// Returns a header, if it is there and plain text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.inner.headers().get(name)?.to_str().ok()
    }

    /// Returns the address that another is relative to.
    pub fn resolve(&self, location: &str) -> Option<String> {
        self.inner.url().join(location).ok().map(String::from)
    }

    /// Returns the next piece of the body, `None` at its end.
    ///
    /// # Errors
    /// When the connection breaks before the end, or the server takes too long.
    pub fn piece(&mut self) -> Result<Option<Vec<u8>>, HttpError> {
        let piece = self.client.wait(async { self.inner.chunk().await })?.map_err(|error| explain(&error))?;
        Ok(piece.map(|bytes| bytes.to_vec()))
    }
}

/// Says whether an address may be asked, as far as it can be said without a look-up.
///
/// # Errors
/// When it may not.
pub fn check(address: &str, test_host: Option<SocketAddr>) -> Result<reqwest::Url, RefusedAddress> {
    let url = reqwest::Url::parse(address).map_err(|_| RefusedAddress::Unreadable)?;
    if url.scheme() != "https" {
        return Err(RefusedAddress::Scheme(url.scheme().to_owned()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(RefusedAddress::Credentials);
    }
    let host = url.host_str().ok_or(RefusedAddress::Unreadable)?;
    // `0x7f.1`, `2130706433` and their like are addresses by now.
    let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok();
    if let Some(address) = literal {
        let port = url.port_or_known_default().unwrap_or(443);
        if !is_public(address) && test_host != Some(SocketAddr::new(address, port)) {
            return Err(RefusedAddress::NotPublic { host: host.to_owned(), address });
        }
    }
    Ok(url)
}

/// Looks names up, and refuses those with any address that is not public.
#[derive(Debug)]
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            match found.iter().find(|address| !is_public(address.ip())) {
                Some(address) => {
                    let refused =
                        RefusedAddress::NotPublic { host: name.as_str().to_owned(), address: address.ip() };
                    Err(Box::new(refused) as Box<dyn Error + Send + Sync>)
                }
                None => Ok(Box::new(found.into_iter()) as Addrs),
            }
        })
    }
}

/// Finds the refusal of an address among the causes of an error of a library.
pub fn refusal(error: &(dyn Error + 'static)) -> Option<RefusedAddress> {
    causes(error).find_map(|cause| cause.downcast_ref::<RefusedAddress>().cloned())
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |cause| {
        let cause: &'a (dyn Error + 'static) = *cause;
        cause.source()
    })
}

fn explain(error: &reqwest::Error) -> HttpError {
    if let Some(refused) = refusal(error) {
        return HttpError::Refused(refused);
    }
    if error.is_timeout() {
        return HttpError::Late;
    }
    // The innermost cause is the fact; the others repeat the address, whose query may be a secret.
    let last = causes(error).last().map_or_else(String::new, ToString::to_string);
    HttpError::Broken(last.lines().next().unwrap_or_default().to_owned())
}

fn in_one_line(error: &dyn Error) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_judged_however_they_are_written() {
        let test_host = Some(SocketAddr::from(([127, 0, 0, 1], 8443)));
        for (address, is_good) in [
            ("https://example.com/a.tgz", true),
            ("https://1.1.1.1/a.tgz", true),
            ("https://127.0.0.1:8443/a.tgz", true),
            ("https://[2606:4700:4700::1111]/a", true),
            ("http://example.com/a.tgz", false),
            ("ftp://example.com/a.tgz", false),
            ("file:///etc/passwd", false),
            ("https://", false),
            ("a.tgz", false),
            ("https://me:secret@example.com/", false),
            ("https://me@example.com/", false),
            ("https://127.0.0.1/", false),
            ("https://127.0.0.1:8444/", false),
            ("https://0x7f.1/", false),
            ("https://0177.0.0.1/", false),
            ("https://2130706433/", false),
            ("https://127.1/", false),
            ("https://127.0.0.1./", false),
            ("https://１２７.0.0.1/", false),
            ("https://[::1]/", false),
            ("https://[::ffff:127.0.0.1]/", false),
            ("https://[64:ff9b::7f00:1]/", false),
            ("https://169.254.169.254/latest/meta-data/", false),
            ("https://0/", false),
        ] {
            assert_eq!(check(address, test_host).is_ok(), is_good, "{address}");
        }
    }

    #[test]
    fn a_name_of_a_private_address_is_refused_when_it_is_looked_up() {
        let client = HttpClient::new(Patience::default(), Some(&test_host())).unwrap();
        let deadline = Instant::now() + Duration::from_secs(20);
        let error = client.get("https://localhost:1/a", 0, deadline).unwrap_err();
        assert!(matches!(error, HttpError::Refused(RefusedAddress::NotPublic { .. })), "{error:?}");
    }

    fn test_host() -> TestHost {
        TestHost { address: SocketAddr::from(([127, 0, 0, 1], 1)), certificates: Vec::new() }
    }
}
