//! `path` artifacts: the registry's own store, as `[artifacts] store` of
//! `registry.toml` names it: a directory, or a bucket.

use super::{ArtifactLocation, ArtifactStore, FetchError, Wanted, shown, verify};
use crate::platform::fs;
use crate::platform::http::{HttpClient, HttpError, refusal};
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::client::{ClientOptions, HttpClient as StoreClient, HttpConnector};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::http::HttpBuilder;
use object_store::path::Path as StorePath;
use object_store::{ObjectStore, ObjectStoreExt, RetryConfig};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// The registry's own store.
#[derive(Debug)]
pub enum BucketStore {
    /// A directory of this machine.
    Directory(PathBuf),
    /// A bucket.
    Bucket {
        /// What speaks its protocol.
        store: Box<dyn ObjectStore>,
        /// Folder in the bucket, without slashes at its ends; may be empty.
        prefix: String,
        /// Its address, for messages.
        address: String,
        /// What waits for it.
        client: Arc<HttpClient>,
    },
}

/// Returns whether `[artifacts] store` is an address and no directory.
pub(super) fn is_address(store: &str) -> bool {
    store.contains("://")
}

impl BucketStore {
    /// Opens the bucket of that address: `s3://`, `gs://` and `az://` with a bucket's
    /// name, or `https://`. The settings are those of the clouds' own tools, such as
    /// `AWS_REGION`.
    ///
    /// # Errors
    /// Says what is wrong with the address or a setting.
    pub fn open(
        address: &str,
        settings: &[(String, String)],
        client: Arc<HttpClient>,
    ) -> Result<Self, String> {
        let (scheme, rest) = address.split_once("://").unwrap_or_default();
        let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let prefix = prefix.trim_matches('/').to_owned();
        if scheme != "https" && !is_bucket_name(name) {
            return Err(format!("`{name}` is no name of a bucket: a-z, 0-9, `-`, `.` and `_` are allowed"));
        }
        let store = match scheme {
            "s3" => s3(name, settings),
            "gs" => google(name, settings),
            "az" => azure(name, settings),
            "https" => {
                client.check(address).map_err(|refused| refused.to_string())?;
                let connector = Guarded(client.inner().clone());
                let builder = HttpBuilder::new().with_url(format!("https://{name}")).with_retry(retry());
                boxed(builder.with_http_connector(connector).build())
            }
            _ => return Err(format!("`{scheme}://` is unknown: s3, gs, az and https are known")),
        }?;
        Ok(Self::Bucket { store, prefix, address: address.trim_end_matches('/').to_owned(), client })
    }
}

impl ArtifactStore for BucketStore {
    fn fetch(&self, wanted: &Wanted<'_>) -> Result<Vec<u8>, FetchError> {
        let ArtifactLocation::Path(path) = wanted.location else {
            return Err(FetchError::NotThere { place: wanted.release.to_owned() });
        };
        match self {
            Self::Directory(folder) => from_directory(folder, path.as_str(), wanted),
            Self::Bucket { store, prefix, address, client } => {
                let place = format!("{}/{path}", shown(address));
                let inside = if prefix.is_empty() { path.to_string() } else { format!("{prefix}/{path}") };
                from_bucket(store.as_ref(), &inside, &place, client, wanted)
            }
        }
    }
}

/// Reads a file of the directory; links that lead out of it are refused.
fn from_directory(folder: &Path, path: &str, wanted: &Wanted<'_>) -> Result<Vec<u8>, FetchError> {
    if !fs::is_dir(folder) {
        let reason = format!("`{}` is no folder", folder.display());
        return Err(FetchError::NoStore { path: path.to_owned(), reason });
    }
    let file = folder.join(path);
    let place = file.display().to_string();
    if !fs::exists(&file) {
        return Err(FetchError::NotThere { place });
    }
    if !fs::is_inside(&file, folder) {
        return Err(FetchError::Outside { path: path.to_owned() });
    }
    read_file(&file, wanted)
}

/// Reads a regular file that has the wanted size.
pub(super) fn read_file(file: &Path, wanted: &Wanted<'_>) -> Result<Vec<u8>, FetchError> {
    let place = file.display().to_string();
    let got = match fs::size(file) {
        Some(got) if fs::is_file(file) => got,
        _ => return Err(FetchError::NotThere { place }),
    };
    if got != wanted.size {
        return Err(FetchError::WrongSize { place, wanted: wanted.size, got, is_more: false });
    }
    let bytes = fs::read(file).map_err(|error| super::cache::unusable(file, &error))?;
    verify(wanted, &place, bytes)
}

fn from_bucket(
    store: &dyn ObjectStore,
    inside: &str,
    place: &str,
    client: &HttpClient,
    wanted: &Wanted<'_>,
) -> Result<Vec<u8>, FetchError> {
    let path = StorePath::parse(inside).map_err(|_| FetchError::Outside { path: inside.to_owned() })?;
    let answer = client.wait(async {
        let found = store.get(&path).await?;
        let got = found.meta.size;
        // Of another size, not a byte more is read.
        Ok(if got == wanted.size { Ok(found.bytes().await?) } else { Err(got) })
    });
    match answer.map_err(|error| FetchError::of_network(place, error))? {
        Ok(Ok(bytes)) => verify(wanted, place, bytes.to_vec()),
        Ok(Err(got)) => {
            let place = place.to_owned();
            Err(FetchError::WrongSize { place, wanted: wanted.size, got, is_more: false })
        }
        Err(object_store::Error::NotFound { .. }) => Err(FetchError::NotThere { place: place.to_owned() }),
        Err(error) => Err(of_store(place, &error)),
    }
}

fn of_store(place: &str, error: &object_store::Error) -> FetchError {
    if let Some(reason) = refusal(error) {
        return FetchError::of_network(place, HttpError::Refused(reason));
    }
    FetchError::Unreachable { place: place.to_owned(), reason: in_one_line(&error.to_string()) }
}

/// Returns the first line of a library's words without the queries of addresses,
/// in which a cloud may have put a signature.
fn in_one_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let words = line.split(' ').map(|word| match word.split_once('?') {
        Some((address, _)) if address.contains("://") => address,
        _ => word,
    });
    words.collect::<Vec<_>>().join(" ").chars().take(200).collect()
}

fn is_bucket_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-._".contains(&byte);
    (1..=222).contains(&name.len()) && name.bytes().all(is_plain) && !name.contains("..")
}

fn retry() -> RetryConfig {
    RetryConfig { max_retries: 3, retry_timeout: Duration::from_secs(60), ..RetryConfig::default() }
}

fn boxed<S: ObjectStore>(store: object_store::Result<S>) -> Result<Box<dyn ObjectStore>, String> {
    match store {
        Ok(store) => Ok(Box::new(store)),
        Err(error) => Err(in_one_line(&error.to_string())),
    }
}

/// Returns the settings that a cloud's builder knows, of those with its prefix.
fn known<K: FromStr>(settings: &[(String, String)], prefix: &str) -> Vec<(K, String)> {
    let keys = settings.iter().filter(|(key, _)| key.starts_with(prefix));
    keys.filter_map(|(key, value)| Some((key.to_ascii_lowercase().parse().ok()?, value.clone()))).collect()
}

fn s3(bucket: &str, settings: &[(String, String)]) -> Result<Box<dyn ObjectStore>, String> {
    let builder = known::<AmazonS3ConfigKey>(settings, "AWS_")
        .into_iter()
        .fold(AmazonS3Builder::new(), |builder, (key, value)| builder.with_config(key, value));
    boxed(builder.with_bucket_name(bucket).with_retry(retry()).build())
}

fn google(bucket: &str, settings: &[(String, String)]) -> Result<Box<dyn ObjectStore>, String> {
    let builder = known::<GoogleConfigKey>(settings, "GOOGLE_")
        .into_iter()
        .fold(GoogleCloudStorageBuilder::new(), |builder, (key, value)| builder.with_config(key, value));
    boxed(builder.with_bucket_name(bucket).with_retry(retry()).build())
}

fn azure(container: &str, settings: &[(String, String)]) -> Result<Box<dyn ObjectStore>, String> {
    let builder = known::<AzureConfigKey>(settings, "AZURE_")
        .into_iter()
        .fold(MicrosoftAzureBuilder::new(), |builder, (key, value)| builder.with_config(key, value));
    boxed(builder.with_container_name(container).with_retry(retry()).build())
}

/// Gives a store the client that refuses what is not public.
#[derive(Debug)]
struct Guarded(reqwest::Client);

impl HttpConnector for Guarded {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<StoreClient> {
        Ok(StoreClient::new(self.0.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_library_hold_no_signature() {
        let text = "GET https://a.example/b?sig=secret failed: why?\nmore";
        assert_eq!(in_one_line(text), "GET https://a.example/b failed: why?");
    }

    #[test]
    fn a_name_of_a_bucket_leads_to_no_other_host() {
        for (name, is_good) in [
            ("market", true),
            ("my-market.example_1", true),
            ("", false),
            ("a/b", false),
            ("a@b", false),
            ("a:80", false),
            ("A", false),
            ("a..b", false),
        ] {
            assert_eq!(is_bucket_name(name), is_good, "{name}");
        }
    }

    #[test]
    fn a_cloud_takes_the_settings_that_are_its_own() {
        let settings = [("AWS_REGION", "x"), ("AWS_UNKNOWN", "y"), ("GOOGLE_BUCKET", "z")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()));
        let taken = known::<AmazonS3ConfigKey>(&settings, "AWS_");
        assert_eq!(taken, [(AmazonS3ConfigKey::Region, "x".to_owned())]);
    }
}
