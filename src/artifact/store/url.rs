//! `url` artifacts: downloads over https.
//!
//! Redirects are followed here, one by one, so that each address is checked. A
//! connection that breaks is gone on with where it broke; what is left after
//! the last try is kept for the next run.

use super::{ArtifactLocation, ArtifactStore, Cache, FetchError, Wanted, shown, verify};
use crate::platform::http::{HttpClient, HttpError, Patience, Response};
use std::time::{Duration, Instant};

/// Most redirects of one download.
const MOST_REDIRECTS: usize = 5;
/// Most tries of one download.
const MOST_TRIES: u32 = 4;
/// What is read before a beginning is written to the cache.
const PARTIAL_STEP: usize = 8 << 20;
/// First wait between two tries; it doubles.
const FIRST_WAIT: Duration = Duration::from_millis(200);

/// Downloads artifacts.
#[derive(Debug)]
pub struct UrlStore<'a> {
    client: &'a HttpClient,
    cache: Option<&'a Cache>,
    patience: Patience,
}

/// Why one try came to an end before the artifact did.
enum Stop {
    /// Another try may do better.
    Again(FetchError),
    /// It would not.
    Final(FetchError),
}

fn stop(address: &str, error: HttpError) -> Stop {
    match error {
        HttpError::Broken(_) | HttpError::Late => Stop::Again(FetchError::of_network(address, error)),
        HttpError::Refused(_) | HttpError::Unusable(_) => Stop::Final(FetchError::of_network(address, error)),
    }
}

impl<'a> UrlStore<'a> {
    /// Downloads with the client; the cache keeps what a broken download left.
    pub fn new(client: &'a HttpClient, cache: Option<&'a Cache>, patience: Patience) -> Self {
        Self { client, cache, patience }
    }

    /// Fetches what is missing behind `bytes`.
    fn go_on(
        &self,
        address: &str,
        wanted: &Wanted<'_>,
        bytes: &mut Vec<u8>,
        deadline: Instant,
    ) -> Result<(), Stop> {
        let mut response = self.follow(address, bytes.len() as u64, deadline)?;
        if let Some(encoding) = response.header("content-encoding").filter(|name| *name != "identity") {
            let encoding = encoding.to_owned();
            return Err(Stop::Final(FetchError::Encoded { place: shown(address), encoding }));
        }
        if !continues_at(&response, bytes.len() as u64) {
            bytes.clear();
            if response.status() != 200 {
                let place = shown(address);
                return Err(Stop::Again(FetchError::Status { place, status: response.status() }));
            }
        }
        let mut written = bytes.len();
        while let Some(piece) = response.piece().map_err(|error| stop(address, error))? {
            bytes.extend_from_slice(&piece);
            if bytes.len() as u64 > wanted.size {
                return Err(Stop::Final(FetchError::WrongSize {
                    place: shown(address),
                    wanted: wanted.size,
                    got: bytes.len() as u64,
                    is_more: true,
                }));
            }
            if bytes.len() - written >= PARTIAL_STEP {
                written = bytes.len();
                self.keep(wanted, bytes).map_err(Stop::Final)?;
            }
        }
        Ok(())
    }

    /// Asks, and asks where the answer leads.
    fn follow(&self, address: &str, from: u64, deadline: Instant) -> Result<Response<'_>, Stop> {
        let mut current = address.to_owned();
        for _ in 0..=MOST_REDIRECTS {
            let response =
                self.client.get(&current, from, deadline).map_err(|error| stop(&current, error))?;
            let place = || shown(&current);
            match response.status() {
                200 | 206 => return Ok(response),
                301 | 302 | 303 | 307 | 308 => {
                    let next = response.header("location").and_then(|location| response.resolve(location));
                    let status = response.status();
                    current =
                        next.ok_or_else(|| Stop::Final(FetchError::Status { place: place(), status }))?;
                }
                404 | 410 => return Err(Stop::Final(FetchError::NotThere { place: place() })),
                // The beginning that is here is not one of what is there.
                416 if from > 0 => return Ok(response),
                status if status == 408 || status == 429 || status >= 500 => {
                    return Err(Stop::Again(FetchError::Status { place: place(), status }));
                }
                status => return Err(Stop::Final(FetchError::Status { place: place(), status })),
            }
        }
        let place = shown(address);
        Err(Stop::Final(FetchError::TooManyRedirects { place, most: MOST_REDIRECTS }))
    }

    fn keep(&self, wanted: &Wanted<'_>, bytes: &[u8]) -> Result<(), FetchError> {
        self.cache.map_or(Ok(()), |cache| cache.put_partial(wanted.sha256, bytes))
    }

    fn forget(&self, wanted: &Wanted<'_>) {
        if let Some(cache) = self.cache {
            cache.forget_partial(wanted.sha256);
        }
    }
}

/// Returns whether the answer is the rest from that byte on.
fn continues_at(response: &Response<'_>, from: u64) -> bool {
    let range = response.header("content-range").and_then(|text| text.strip_prefix("bytes "));
    let first = range.and_then(|range| range.split('-').next()).and_then(|first| first.parse::<u64>().ok());
    response.status() == 206 && first == Some(from)
}

impl ArtifactStore for UrlStore<'_> {
    fn fetch(&self, wanted: &Wanted<'_>) -> Result<Vec<u8>, FetchError> {
        let ArtifactLocation::Url(address) = wanted.location else {
            return Err(FetchError::NotThere { place: wanted.release.to_owned() });
        };
        let deadline = Instant::now() + self.patience.total;
        let mut bytes = self.cache.map_or(Ok(Vec::new()), |cache| cache.partial(wanted.sha256))?;
        if bytes.len() as u64 >= wanted.size {
            bytes.clear();
        }
        let mut wait = FIRST_WAIT;
        for tries in 1..=MOST_TRIES {
            let kept = bytes.len();
            match self.go_on(address, wanted, &mut bytes, deadline) {
                Ok(()) => match verify(wanted, address, std::mem::take(&mut bytes)) {
                    Ok(whole) => return Ok(whole),
                    // The beginning came from another answer: once more without it.
                    Err(_) if kept > 0 && tries < MOST_TRIES => self.forget(wanted),
                    Err(error) => {
                        self.forget(wanted);
                        return Err(error);
                    }
                },
                Err(Stop::Final(error)) => {
                    self.forget(wanted);
                    if kept == 0 || !matches!(error, FetchError::WrongSize { .. }) {
                        return Err(error);
                    }
                    bytes.clear();
                }
                Err(Stop::Again(error)) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if tries == MOST_TRIES || left <= wait {
                        if !bytes.is_empty() {
                            self.keep(wanted, &bytes)?;
                        }
                        return Err(error);
                    }
                    std::thread::sleep(wait);
                    wait *= 2;
                }
            }
        }
        Err(FetchError::Unreachable { place: shown(address), reason: format!("{MOST_TRIES} tries failed") })
    }
}
