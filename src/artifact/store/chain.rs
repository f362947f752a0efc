//! The order in which artifacts are looked for: the caller's folder, the cache,
//! then where the release says they are.

use super::bucket::{is_address, read_file};
use super::{
    ArtifactLocation, ArtifactStore, BucketStore, Cache, FetchError, MAX_ARCHIVE_BYTES, TreeStore, UrlStore,
    Wanted,
};
use crate::artifact::{ArchivedFile, Limits, unpack_in_memory};
use crate::platform::fs;
use crate::platform::http::{self, HttpClient, HttpError, Patience, TestHost};
use crate::source::{Reader, Snapshot};
use crate::validate::registry::Release;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// Whether the network may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NetworkPolicy {
    /// Never.
    #[default]
    Offline,
    /// Where it is needed.
    Online,
}

/// What a caller decides about artifacts.
#[derive(Debug, Clone, Default)]
pub struct ArtifactOptions {
    /// A folder with files `<sha256>.tgz` or `<id>-<version>.tgz`, looked into first.
    pub folder: Option<PathBuf>,
    /// The folder of the cache; without one nothing is kept.
    pub state: Option<PathBuf>,
    /// Whether the network may be used.
    pub network: NetworkPolicy,
    /// How long servers may take.
    pub patience: Patience,
    /// Settings of clouds, such as `AWS_REGION`.
    pub cloud: Vec<(String, String)>,
    /// A server of a test.
    pub test_host: Option<TestHost>,
}

/// Every way to an artifact of one registry.
#[derive(Debug)]
pub struct Artifacts<'a> {
    tree: TreeStore<'a>,
    /// Folder of the registry, if it is one of this machine.
    registry: Option<PathBuf>,
    /// `[artifacts] store` of `registry.toml`.
    store: Option<String>,
    cache: Option<Cache>,
    options: ArtifactOptions,
    client: OnceLock<Result<Arc<HttpClient>, String>>,
    bucket: OnceLock<Result<BucketStore, String>>,
}

impl<'a> Artifacts<'a> {
    /// Looks for the artifacts of a registry: its snapshot, its folder, and the
    /// store that its `registry.toml` names.
    pub fn new(
        snapshot: &'a Snapshot,
        registry: Option<&Path>,
        store: Option<&str>,
        options: ArtifactOptions,
    ) -> Self {
        Self {
            tree: TreeStore::new(snapshot),
            registry: registry.map(Path::to_owned),
            store: store.map(str::to_owned),
            cache: options.state.clone().map(Cache::new),
            options,
            client: OnceLock::new(),
            bucket: OnceLock::new(),
        }
    }

    /// Returns the bytes of a release's artifact; `None` where there are none to
    /// be had by anybody: no artifact, or one that was removed. The reader is one
    /// of the calling thread, for artifacts that are folders of the registry.
    ///
    /// # Errors
    /// When the bytes cannot be had, or are others; [`FetchError::is_missing`] tells which.
    pub fn bytes(&self, reader: &Reader<'_>, release: &Release) -> Result<Option<Vec<u8>>, FetchError> {
        let Some(artifact) = release.artifact.as_ref().filter(|_| !release.is_removed()) else {
            return Ok(None);
        };
        let name = release.name();
        let wanted = Wanted {
            release: &name,
            location: &artifact.location,
            sha256: artifact.sha256,
            size: artifact.size,
        };
        match &artifact.location {
            ArtifactLocation::Tree(tree) => self.tree.pack(&wanted, tree.as_str(), reader).map(Some),
            _ => self.fetch(&wanted).map(Some),
        }
    }

    /// Returns the files of an artifact that was fetched before; `None` where it
    /// cannot be had again or is refused, which is told elsewhere.
    pub fn files(&self, reader: &Reader<'_>, release: &Release) -> Option<Vec<ArchivedFile>> {
        let bytes = self.bytes(reader, release).ok()??;
        unpack_in_memory(&bytes, &Limits::default()).ok()
    }

    /// Returns the folder of caches.
    pub fn state(&self) -> Option<&Path> {
        self.options.state.as_deref()
    }

    /// Returns whether the network may be used.
    pub fn network(&self) -> NetworkPolicy {
        self.options.network
    }

    /// Makes the client when it is first needed: most registries need none.
    fn client(&self) -> Result<&Arc<HttpClient>, FetchError> {
        let make = || {
            let made = HttpClient::new(self.options.patience, self.options.test_host.as_ref());
            made.map(Arc::new).map_err(|error| error.to_string())
        };
        self.client.get_or_init(make).as_ref().map_err(|reason| FetchError::Unusable {
            place: "the network".to_owned(),
            reason: reason.clone(),
        })
    }

    /// Refuses an address that can be refused without a look-up.
    fn check(&self, address: &str) -> Result<(), FetchError> {
        let test_host = self.options.test_host.as_ref().map(|host| host.address);
        let checked = http::check(address, test_host);
        checked.map(drop).map_err(|refused| FetchError::of_network(address, HttpError::Refused(refused)))
    }

    /// Looks into the caller's folder.
    fn given(&self, wanted: &Wanted<'_>) -> Result<Option<Vec<u8>>, FetchError> {
        let Some(folder) = &self.options.folder else { return Ok(None) };
        let by_name = wanted.release.replacen('@', "-", 1);
        for name in [wanted.sha256.hex(), by_name] {
            let file = folder.join(format!("{name}.tgz"));
            if fs::is_file(&file) {
                return read_file(&file, wanted).map(Some);
            }
        }
        Ok(None)
    }

    fn cached(
        &self,
        wanted: &Wanted<'_>,
        place: &str,
        fetch: impl FnOnce() -> Result<Vec<u8>, FetchError>,
    ) -> Result<Vec<u8>, FetchError> {
        if let Some(bytes) = self.cache.as_ref().map_or(Ok(None), |cache| cache.get(wanted.sha256))? {
            return super::verify(wanted, place, bytes);
        }
        if self.options.network == NetworkPolicy::Offline {
            return Err(FetchError::Offline { place: super::shown(place) });
        }
        let bytes = fetch()?;
        if let Some(cache) = &self.cache {
            cache.put(wanted.sha256, &bytes)?;
        }
        Ok(bytes)
    }

    fn stored(&self, wanted: &Wanted<'_>, path: &str) -> Result<Vec<u8>, FetchError> {
        let nowhere = |reason: &str| FetchError::NoStore { path: path.to_owned(), reason: reason.to_owned() };
        let store = self.store.as_deref().ok_or_else(|| nowhere("`registry.toml` names none"))?;
        if is_address(store) {
            let place = format!("{}/{path}", store.trim_end_matches('/'));
            if !["s3://", "gs://", "az://"].iter().any(|scheme| store.starts_with(scheme)) {
                self.check(store)?;
            }
            return self.cached(wanted, &place, || {
                let client = self.client()?;
                let open = || BucketStore::open(store, &self.options.cloud, Arc::clone(client));
                let bucket = self.bucket.get_or_init(open).as_ref();
                bucket.map_err(|reason| nowhere(reason))?.fetch(wanted)
            });
        }
        let folder = match &self.registry {
            Some(registry) => registry.join(store),
            None if Path::new(store).is_absolute() => PathBuf::from(store),
            None => return Err(nowhere("a revision of git has no folder beside it")),
        };
        BucketStore::Directory(folder).fetch(wanted)
    }
}

impl ArtifactStore for Artifacts<'_> {
    fn fetch(&self, wanted: &Wanted<'_>) -> Result<Vec<u8>, FetchError> {
        if wanted.size > MAX_ARCHIVE_BYTES {
            return Err(FetchError::TooLarge { size: wanted.size, most: MAX_ARCHIVE_BYTES });
        }
        if let ArtifactLocation::Tree(_) = wanted.location {
            return self.tree.fetch(wanted);
        }
        if let ArtifactLocation::Url(address) = wanted.location {
            // What no client may ask is refused, even where the bytes are at hand.
            self.check(address)?;
        }
        if let Some(bytes) = self.given(wanted)? {
            return Ok(bytes);
        }
        match wanted.location {
            ArtifactLocation::Url(address) => self.cached(wanted, address, || {
                UrlStore::new(self.client()?, self.cache.as_ref(), self.options.patience).fetch(wanted)
            }),
            ArtifactLocation::Path(path) => self.stored(wanted, path.as_str()),
            ArtifactLocation::Tree(_) => self.tree.fetch(wanted),
        }
    }
}
