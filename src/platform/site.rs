//! A site that the user named: plain GETs below one address, over http or https.
//!
//! Unlike [`super::http`], which asks addresses that packages name, any host is allowed,
//! this machine too; but no redirect leads out of the site, and a file has a largest size.

use reqwest::blocking::Client;
use reqwest::{Url, redirect};
use std::io::Read;
use std::time::Duration;

/// Most bytes of one file.
const MAX_FILE: u64 = 16 << 20;

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// Not the address of a site.
    #[error("`{0}` is not an http or https address")]
    Address(String),
    /// The network cannot be used, or nobody answers.
    #[error("{0}")]
    Network(String),
    /// An answer that is no file.
    #[error("the server answered {0}")]
    Status(u16),
    /// A file that is too large.
    #[error("it is larger than {} MiB", MAX_FILE >> 20)]
    TooLarge,
}

/// Reads files of one site.
#[derive(Debug)]
pub struct SiteClient {
    client: Client,
    base: Url,
}

impl SiteClient {
    /// Prepares to read a site by the address of its first page.
    ///
    /// # Errors
    /// When that is no http or https address, or the network cannot be used.
    pub fn new(address: &str) -> Result<Self, SiteError> {
        let refused = || SiteError::Address(address.to_owned());
        let mut base = Url::parse(address).map_err(|_| refused())?;
        if !matches!(base.scheme(), "http" | "https") || base.host_str().is_none() {
            return Err(refused());
        }
        base.set_query(None);
        base.set_fragment(None);
        let path = base.path().trim_end_matches("index.html").trim_end_matches('/').to_owned();
        base.set_path(&format!("{path}/"));
        let origin = base.origin();
        let client = Client::builder()
            .user_agent(concat!("shelfmark/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::custom(move |attempt| {
                let is_same = attempt.url().origin() == origin;
                if is_same && attempt.previous().len() < 4 { attempt.follow() } else { attempt.stop() }
            }))
            .connect_timeout(Duration::from_secs(10))
            .timeout(Duration::from_secs(30))
            .build()
            .map_err(|error| SiteError::Network(error.to_string()))?;
        Ok(Self { client, base })
    }

    /// Returns a file by its path from the site's top, or nothing where the site has none.
    ///
    /// # Errors
    /// When nobody answers, or with something else.
    pub fn get(&self, path: &str) -> Result<Option<Vec<u8>>, SiteError> {
        let url = self.base.join(path).map_err(|_| SiteError::Address(path.to_owned()))?;
        let answer = self.client.get(url).send().map_err(|error| SiteError::Network(in_one_line(&error)))?;
        match answer.status().as_u16() {
            200 => {}
            404 | 410 => return Ok(None),
            other => return Err(SiteError::Status(other)),
        }
        let mut bytes = Vec::new();
        answer
            .take(MAX_FILE + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| SiteError::Network(error.to_string()))?;
        if bytes.len() as u64 > MAX_FILE { Err(SiteError::TooLarge) } else { Ok(Some(bytes)) }
    }
}

/// Says what went wrong with all its causes; the address is known to the reader.
fn in_one_line(error: &reqwest::Error) -> String {
    let mut words = Vec::new();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        words.push(error.to_string());
        cause = error.source();
    }
    words.last().cloned().unwrap_or_else(|| error.to_string())
}
