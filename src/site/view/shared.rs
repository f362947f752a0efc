//! Views that several pages share. Field names are the templates' contract.

use super::super::catalog::{Item, withdrawal_level};
use super::super::text::{self, https};
use crate::model::{PublisherLevel, Requirement, Status, Timestamp, WithdrawalLevel};
use crate::validate::registry::{Package, Publisher, Release};
use serde::Serialize;

/// A day for machines and for people.
#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct Date {
    pub(in super::super) iso: String,
    pub(in super::super) text: String,
}

impl From<Timestamp> for Date {
    fn from(date: Timestamp) -> Self {
        Self { iso: date.day(), text: text::day(date) }
    }
}

/// A number of bytes.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Size {
    bytes: u64,
    text: String,
}

impl From<u64> for Size {
    fn from(bytes: u64) -> Self {
        Self { bytes, text: text::size(bytes) }
    }
}

/// A mention of another package.
#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct Ref {
    pub(in super::super) id: String,
    pub(in super::super) name: Option<String>,
    /// Whether there is a page for it.
    pub(in super::super) here: bool,
}

/// A mention with the versions that will do.
#[derive(Debug, Clone, Serialize)]
pub(super) struct RequirementView {
    #[serde(flatten)]
    pub(super) reference: Ref,
    pub(super) requirement: String,
    pub(super) optional: bool,
}

/// A mention of a publisher.
#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct PublisherRef {
    pub(in super::super) id: String,
    pub(in super::super) name: String,
    pub(in super::super) level: &'static str,
    level_name: &'static str,
}

impl PublisherRef {
    /// Makes a mention.
    pub(in super::super) fn new(id: &str, name: &str, level: PublisherLevel) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            level: level.as_str(),
            level_name: text::level_names(level).0,
        }
    }

    /// Mentions a publisher that has a file.
    pub(in super::super) fn of(publisher: &Publisher) -> Self {
        Self::new(publisher.id.as_str(), &publisher.wire.name, publisher.level())
    }
}

/// One step of the trail above a heading.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Crumb {
    pub(super) label: String,
    pub(super) href: String,
}

/// An average of ratings.
#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct Average {
    pub(in super::super) average: String,
    pub(in super::super) count: usize,
}

/// Returns the average of a package's ratings to one decimal, and rounded.
pub(in super::super) fn average(package: &Package) -> Option<(Average, u64)> {
    let count = package.ratings.len();
    let sum: u64 = package.ratings.iter().map(|rating| u64::from(rating.wire.stars.clamp(1, 5))).sum();
    let tenths = (sum * 10 + count as u64 / 2).checked_div(count as u64)?;
    Some((Average { average: format!("{}.{}", tenths / 10, tenths % 10), count }, (tenths + 5) / 10))
}

/// A package in a list.
#[derive(Debug, Serialize)]
pub(in super::super) struct Card {
    id: String,
    name: String,
    labels: Vec<String>,
    tagline: Option<String>,
    version: Option<String>,
    semver: Option<String>,
    kind: &'static str,
    kind_name: &'static str,
    icon: Option<String>,
    publisher: PublisherRef,
    license: Option<String>,
    pricing_name: Option<&'static str>,
    /// Nothing where the artifact was not scanned.
    score: Option<u8>,
    rating: Option<Average>,
    published: Option<Date>,
    mark: Option<&'static str>,
}

impl Card {
    /// Makes the card of a package.
    pub(in super::super) fn new(item: &Item<'_>) -> Self {
        let (package, newest) = (item.package, item.newest);
        Self {
            id: package.id.to_string(),
            name: package.display_name().to_owned(),
            labels: labels(package),
            tagline: tagline(package).or(newest.description.as_deref()).map(|line| text::shorten(line, 200)),
            version: Some(shown_version(newest)),
            semver: Some(newest.version.to_string()),
            kind: package.kind().as_str(),
            kind_name: text::kind_names(package.kind()).0,
            icon: item.icon.clone(),
            publisher: item.publisher.clone(),
            license: newest.license_text.clone(),
            pricing_name: package.pricing().map(text::pricing_name),
            score: item.score,
            rating: average(package).map(|(average, _)| average),
            published: newest.published.map(Date::from),
            mark: mark(package.status(), newest),
        }
    }
}

/// Returns a version as people know it: as the catalog it came from spells it, else as it is.
pub(in super::super) fn shown_version(release: &Release) -> String {
    match release.source_version.as_deref().map(str::trim) {
        Some(spelling) if !spelling.is_empty() => text::shorten(spelling, 40),
        _ => release.version.to_string(),
    }
}

/// Returns the labels of the id.
pub(super) fn labels(package: &Package) -> Vec<String> {
    package.id.labels().map(str::to_owned).collect()
}

/// Returns the tagline of the listing.
pub(in super::super) fn tagline(package: &Package) -> Option<&str> {
    package.listing.as_ref()?.wire.tagline.as_deref()
}

/// Returns the one word that warns of a package, the gravest first.
pub(super) fn mark(status: Status, release: &Release) -> Option<&'static str> {
    let level = withdrawal_level(release);
    match (level, status) {
        (Some(WithdrawalLevel::Removed), _) => Some("removed"),
        (Some(WithdrawalLevel::Quarantined), _) => Some("quarantined"),
        (Some(WithdrawalLevel::Yanked), _) => Some("yanked"),
        (_, Status::Suspended) => Some("suspended"),
        (Some(WithdrawalLevel::Deprecated), _) | (_, Status::Deprecated) => Some("deprecated"),
        (_, Status::Archived) => Some("archived"),
        (None, Status::Active | Status::Unlisted) => None,
    }
}

/// Returns what is asked of the platform today, amendments included.
pub(super) fn platform(release: &Release) -> Option<String> {
    let later = release.amendments.iter().filter_map(|amendment| amendment.platform.as_ref());
    let all: Vec<&Requirement> = release.platform.iter().chain(later).collect();
    (!all.is_empty()).then(|| joint(all))
}

/// Prints requirements that must all hold, without those that another implies.
pub(super) fn joint<'a>(all: impl IntoIterator<Item = &'a Requirement>) -> String {
    let all: Vec<&Requirement> = all.into_iter().collect();
    let shown: Vec<&str> = Requirement::narrowest(&all).into_iter().map(Requirement::as_str).collect();
    shown.join(" and ")
}

/// One thing a person may set.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Setting {
    key: String,
    title: Option<String>,
    #[serde(rename = "type")]
    kind: String,
    description: Option<String>,
    default: Option<String>,
    required: bool,
    secret: bool,
}

/// Most settings shown.
const MOST_SETTINGS: usize = 200;

/// Reads the properties of a JSON Schema.
pub(super) fn settings(schema: &serde_json::Value) -> Vec<Setting> {
    let required: Vec<&str> = schema
        .get("required")
        .and_then(|list| list.as_array())
        .into_iter()
        .flatten()
        .filter_map(|key| key.as_str())
        .collect();
    let properties = schema.get("properties").and_then(|value| value.as_object());
    properties
        .into_iter()
        .flatten()
        .take(MOST_SETTINGS)
        .map(|(key, property)| {
            let words = |name: &str| property.get(name).and_then(|value| value.as_str()).map(str::to_owned);
            Setting {
                key: key.clone(),
                title: words("title"),
                kind: type_of(property),
                description: words("description"),
                default: property
                    .get("default")
                    .filter(|default| !default.is_null())
                    .map(printed)
                    .filter(|default| !default.trim().is_empty()),
                required: required.contains(&key.as_str()),
                secret: property.get("writeOnly").and_then(|value| value.as_bool()).unwrap_or(false),
            }
        })
        .collect()
}

fn type_of(property: &serde_json::Value) -> String {
    if let Some(values) = property.get("enum").and_then(|value| value.as_array()) {
        return values.iter().take(12).map(printed).collect::<Vec<_>>().join(" | ");
    }
    match property.get("type") {
        Some(serde_json::Value::String(name)) => name.clone(),
        Some(serde_json::Value::Array(names)) => names.iter().map(printed).collect::<Vec<_>>().join(" or "),
        _ => "any".into(),
    }
}

fn printed(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        other => text::shorten(&other.to_string(), 120),
    }
}

/// What a person must enter for an outside service.
#[derive(Debug, Clone, Serialize)]
pub(super) struct CredentialView {
    id: String,
    label: String,
    hint: Option<String>,
    #[serde(rename = "where")]
    location: Option<String>,
    secret: bool,
    pattern: Option<String>,
}

/// An outside service.
#[derive(Debug, Clone, Serialize)]
pub(super) struct ProviderView {
    auth_type: &'static str,
    auth_name: &'static str,
    docs: Option<String>,
    credentials: Vec<CredentialView>,
}

impl ProviderView {
    /// Reads the fields of the kind.
    pub(super) fn of(release: &Release) -> Option<Self> {
        use crate::model::AuthType;
        let provider = release.details.integration_provider.as_ref()?;
        let dotless =
            |text: &Option<String>| text.as_deref().map(|text| text.trim_end_matches('.').to_owned());
        Some(Self {
            auth_type: provider.auth_type.as_str(),
            auth_name: match provider.auth_type {
                AuthType::ApiKey => "API key",
                AuthType::Oauth2 => "OAuth 2",
                AuthType::Basic => "User name and password",
                AuthType::None => "No sign-in",
            },
            docs: https(provider.docs.as_deref()),
            credentials: provider
                .credentials
                .iter()
                .map(|credential| CredentialView {
                    id: credential.id.clone(),
                    label: credential.label.clone(),
                    hint: dotless(&credential.hint),
                    location: dotless(&credential.location),
                    secret: credential.secret,
                    pattern: credential.pattern.clone(),
                })
                .collect(),
        })
    }
}
