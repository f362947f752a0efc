//! The bill of materials of an artifact, CycloneDX 1.5 as JSON.
//!
//! A package of a registry has the purl
//! `pkg:generic/<id>@<version>?checksum=sha256:<digest>`: there is no purl type
//! for registries of this form, and the digest says which bytes are meant
//! whatever the registry. What a package requires is a range that is resolved
//! where it is installed, so a requirement is a component without a version, with
//! the range as the property `shelfmark:requirement`; a lock file inside the
//! artifact does say versions.

use super::subject::Subject;
use super::third_party::{ThirdParty, third_party};
use crate::diagnostic::render::neutralize;
use crate::model::{Digest, PackageId, Timestamp};
use crate::schema::{FileEntry, LicenseEntry, ScanReport};
use cyclonedx_bom::external_models::date_time::DateTime;
use cyclonedx_bom::models::bom::BomReference;
use cyclonedx_bom::models::component::{Classification, Scope};
use cyclonedx_bom::models::composition::{AggregateType, Composition, Compositions};
use cyclonedx_bom::models::dependency::{Dependencies, Dependency};
use cyclonedx_bom::models::hash::{Hash, HashAlgorithm, HashValue, Hashes};
use cyclonedx_bom::models::license::{LicenseChoice, Licenses};
use cyclonedx_bom::models::property::{Properties, Property};
use cyclonedx_bom::models::tool::Tools;
use cyclonedx_bom::prelude::{
    Bom, Component, Components, Metadata, NormalizedString, Purl, SpdxExpression, SpecVersion, UrnUuid,
    Validate,
};
use std::collections::BTreeMap;

/// Most files that are listed; of more only the number is given.
const MOST_FILES: usize = 500;

/// Most libraries of other registries that are listed, and how many more there are is told.
const MOST_LIBRARIES: usize = 5_000;

/// What the registry says of the release; the rest is in the artifact.
#[derive(Debug, Clone, Copy)]
pub struct SbomSubject<'a> {
    /// The package id.
    pub id: &'a str,
    /// The version.
    pub version: &'a str,
    /// The publisher's first prefix.
    pub publisher: Option<&'a str>,
    /// The licence expression.
    pub license: Option<&'a str>,
    /// When it was published.
    pub published: Option<Timestamp>,
}

/// Why there is no bill of materials.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The parts do not make a valid document.
    #[error("the bill of materials of `{name}` is not valid CycloneDX: {reason}")]
    Invalid {
        /// Package and version.
        name: String,
        /// What the format's own validation says.
        reason: String,
    },
    /// The document could not be written as JSON.
    #[error("the bill of materials of `{name}` could not be written")]
    Write {
        /// Package and version.
        name: String,
        /// Why.
        #[source]
        source: cyclonedx_bom::errors::JsonWriteError,
    },
}

/// Writes the bill of materials of an artifact, with a final newline. The same
/// artifact and release give the same bytes.
///
/// # Errors
/// Says so where a value of the package cannot stand in such a document.
pub fn sbom(subject: &Subject<'_>, report: &ScanReport, release: &SbomSubject<'_>) -> Result<Vec<u8>, Error> {
    let name = format!("{}@{}", clean(release.id), clean(release.version));
    let bom = bom(subject, report, release);
    let result = bom.validate_version(SpecVersion::V1_5);
    if result.has_errors() {
        return Err(Error::Invalid { name, reason: format!("{:?}", result.errors().collect::<Vec<_>>()) });
    }
    let mut bytes = Vec::new();
    bom.output_as_json_v1_5(&mut bytes).map_err(|source| Error::Write { name, source })?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn bom(subject: &Subject<'_>, report: &ScanReport, release: &SbomSubject<'_>) -> Bom {
    let mut root = package(report, release);
    let root_ref = root.bom_ref.clone().unwrap_or_default();
    let required = required(subject);
    let mut third = third_party(subject);
    if third.len() > MOST_LIBRARIES {
        let left_out = (third.len() - MOST_LIBRARIES).to_string();
        root.properties
            .iter_mut()
            .for_each(|list| list.0.push(Property::new("shelfmark:left-out", &left_out)));
        third.truncate(MOST_LIBRARIES);
    }
    let files = if report.files.len() > MOST_FILES { Vec::new() } else { files(report) };
    let direct = third.iter().filter(|one| one.is_direct).map(third_party_ref);
    let mut depends: Vec<String> =
        required.iter().filter_map(|one| one.bom_ref.clone()).chain(direct).collect();
    depends.sort();
    depends.dedup();
    let mut by_ref: BTreeMap<String, Component> = BTreeMap::new();
    for one in &third {
        let known = by_ref.entry(third_party_ref(one)).or_insert_with(|| third_party_component(one));
        let seen = Property::new("shelfmark:found-in", &clean(&one.path));
        let asked =
            one.requirement.as_deref().map(|text| Property::new("shelfmark:requirement", &clean(text)));
        let properties = known.properties.get_or_insert_with(|| Properties(Vec::new()));
        for property in asked.into_iter().chain([seen]) {
            if !properties.0.contains(&property) {
                properties.0.push(property);
            }
        }
    }
    // What is inside is all there is; what it pulls in is decided where it is installed.
    let composition = |aggregate, assemblies, dependencies| Composition {
        bom_ref: None,
        aggregate,
        assemblies,
        dependencies,
        vulnerabilities: None,
        signature: None,
    };
    let open = composition(AggregateType::Incomplete, None, Some(vec![BomReference::new(&root_ref)]));
    Bom {
        version: 1,
        serial_number: UrnUuid::new(serial_number(&report.artifact.sha256)).ok(),
        metadata: Some(Metadata {
            timestamp: release.published.and_then(|moment| DateTime::try_from(moment.to_string()).ok()),
            tools: Some(Tools::Object { services: None, components: Some(Components(vec![tool()])) }),
            component: Some(root),
            ..Metadata::default()
        }),
        components: Some(Components(required.into_iter().chain(by_ref.into_values()).chain(files).collect())),
        services: None,
        external_references: None,
        dependencies: Some(Dependencies(vec![Dependency {
            dependency_ref: root_ref,
            dependencies: depends,
        }])),
        compositions: Some(Compositions(vec![open])),
        properties: None,
        vulnerabilities: None,
        signature: None,
        annotations: None,
        formulation: None,
        spec_version: SpecVersion::V1_5,
    }
}

/// Returns a UUID made of the digest: version 8, "custom", of RFC 9562.
fn serial_number(artifact: &Digest) -> String {
    let hash = Digest::of(format!("shelfmark bill of materials\0{}", artifact.hex()).as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.as_bytes()[..16]);
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex = data_encoding::HEXLOWER.encode(&bytes);
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

fn tool() -> Component {
    Component::new(Classification::Application, "shelfmark", env!("CARGO_PKG_VERSION"), None)
}

/// Takes out what a terminal or page acts on.
fn clean(text: &str) -> String {
    neutralize(text).replace(['\n', '\r', '\t'], " ")
}

fn sha256(digest: &Digest) -> Option<Hashes> {
    Some(Hashes(vec![Hash { alg: HashAlgorithm::SHA_256, content: HashValue(digest.hex()) }]))
}

/// An SPDX expression as such, anything else as the name of a licence.
fn licenses(text: &str) -> Option<Licenses> {
    let choice = match SpdxExpression::try_from(text.to_owned()) {
        Ok(expression) => LicenseChoice::Expression(expression),
        Err(_) => LicenseChoice::license(&clean(text)),
    };
    Some(Licenses(vec![choice]))
}

/// Writes a purl; slashes of the name part its namespace.
fn purl(kind: &str, name: &str, version: Option<&str>) -> String {
    let segments: Vec<String> =
        name.split('/').filter(|part| !part.is_empty()).map(|part| encode(&clean(part))).collect();
    let version = version.map(|version| format!("@{}", encode(&clean(version)))).unwrap_or_default();
    format!("pkg:{kind}/{}{version}", segments.join("/"))
}

fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b':' => {
                out.push(char::from(byte))
            }
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn component(kind: Classification, name: &str, version: Option<&str>, bom_ref: String) -> Component {
    let mut component = Component::new(kind, &clean(name), "", Some(bom_ref));
    component.version = version.map(|version| NormalizedString::new(&clean(version)));
    component
}

fn package(report: &ScanReport, release: &SbomSubject<'_>) -> Component {
    let digest = &report.artifact.sha256;
    let address = purl("generic", release.id, Some(release.version));
    let mut root = component(Classification::Application, release.id, Some(release.version), address.clone());
    root.publisher = release.publisher.map(|name| NormalizedString::new(&clean(name)));
    root.hashes = sha256(digest);
    root.licenses = release.license.and_then(licenses);
    root.purl = format!("{address}?checksum=sha256:{}", digest.hex()).parse::<Purl>().ok();
    let mut properties = vec![
        Property::new("shelfmark:size", &report.artifact.size.to_string()),
        Property::new("shelfmark:files", &report.files.len().to_string()),
    ];
    properties
        .extend(report.permissions.iter().map(|name| Property::new("shelfmark:permission", &clean(name))));
    root.properties = Some(Properties(properties));
    root
}

/// Reads the packages that the manifest requires, by id. What is no id or no
/// text is left to the rules of the registry, which refuse it.
fn required(subject: &Subject<'_>) -> Vec<Component> {
    let table = subject.manifest.as_ref().and_then(|manifest| manifest.table.get("dependencies")?.as_table());
    let mut found = BTreeMap::new();
    for (id, value) in table.into_iter().flatten() {
        let requirement = value.as_str().or_else(|| value.get("version")?.as_str());
        let is_optional = value.get("optional").and_then(toml::Value::as_bool).unwrap_or(false);
        let (Ok(_), Some(requirement)) = (PackageId::parse(id), requirement) else { continue };
        let address = purl("generic", id, None);
        let mut one = component(Classification::Application, id, None, address.clone());
        one.scope = Some(if is_optional { Scope::Optional } else { Scope::Required });
        one.purl = address.parse::<Purl>().ok();
        one.properties = Some(Properties(vec![Property::new("shelfmark:requirement", &clean(requirement))]));
        found.insert(id, one);
    }
    found.into_values().collect()
}

fn third_party_ref(one: &ThirdParty) -> String {
    let address = purl(one.kind, &one.name, one.version.as_deref());
    match (&one.version, &one.requirement) {
        (None, Some(requirement)) => format!("{address}#{}", encode(&clean(requirement))),
        _ => address,
    }
}

fn third_party_component(one: &ThirdParty) -> Component {
    let mut component =
        component(Classification::Library, &one.name, one.version.as_deref(), third_party_ref(one));
    component.purl = purl(one.kind, &one.name, one.version.as_deref()).parse::<Purl>().ok();
    component
}

fn files(report: &ScanReport) -> Vec<Component> {
    let mut by_path: BTreeMap<&str, &LicenseEntry> = BTreeMap::new();
    for entry in &report.licenses {
        by_path.entry(&entry.path).or_insert(entry);
    }
    let file = |entry: &FileEntry| {
        let bom_ref = format!("file:{}", clean(&entry.path));
        let mut one = component(Classification::File, &entry.path, None, bom_ref);
        one.hashes = sha256(&entry.sha256);
        one.licenses = by_path.get(entry.path.as_str()).and_then(|entry| licenses(&entry.license));
        one.properties = Some(Properties(vec![Property::new("shelfmark:size", &entry.size.to_string())]));
        one
    };
    report.files.iter().map(file).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RelPath;
    use crate::scan::{Knowledge, ScannedFile, scan};
    use serde_json::{Value, json};

    const MANIFEST: &str = "\
id = \"com.hotcrm.finance\"
version = \"1.4.0\"
permissions = [\"invoice.read\"]
[dependencies]
\"com.hotcrm.core\" = \"^1.0\"
\"com.hotcrm.mail\" = { version = \">=2, <4\", optional = true }
\"Not An Id\" = \"1\"
\"com.hotcrm.odd\" = 7
";

    fn bytes_of(files: &[(String, String)], release: &SbomSubject<'_>) -> Vec<u8> {
        let knowledge = Knowledge::default();
        let scanned = files
            .iter()
            .map(|(path, text)| ScannedFile::new(RelPath::parse(path).unwrap(), text.clone().into_bytes()));
        let subject = Subject::new(scanned.collect(), &knowledge);
        let report = scan(&subject, Digest::of(b"artifact"), 8_192);
        sbom(&subject, &report, release).unwrap()
    }

    fn release() -> SbomSubject<'static> {
        SbomSubject {
            id: "com.hotcrm.finance",
            version: "1.4.0",
            publisher: Some("com.hotcrm"),
            license: Some("MIT OR Apache-2.0"),
            published: Timestamp::parse("2026-02-17T00:00:00Z").ok(),
        }
    }

    fn files() -> Vec<(String, String)> {
        let package = r#"{"dependencies": {"@scope/thing": "^1.2.0", "left-pad": "~1.3"}}"#;
        [("shelfmark.toml", MANIFEST), ("package.json", package), ("a b#é.js", "1\n")]
            .map(|(path, text)| (path.to_owned(), text.to_owned()))
            .to_vec()
    }

    fn find<'a>(bom: &'a Value, name: &str) -> &'a Value {
        bom["components"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap()
    }

    #[test]
    fn the_document_is_valid_and_the_same_every_time() {
        let first = bytes_of(&files(), &release());
        let mut reversed = files();
        reversed.reverse();
        assert_eq!(first, bytes_of(&reversed, &release()));
        let bom = Bom::parse_from_json(first.as_slice()).unwrap();
        assert_eq!(bom.spec_version, SpecVersion::V1_5);
        let result = bom.validate();
        assert!(!result.has_errors(), "{result:?}");
        let value: Value = serde_json::from_slice(&first).unwrap();
        let serial = value["serialNumber"].as_str().unwrap();
        assert_eq!((serial.len(), &serial[23..24]), (45, "8"));
        assert_eq!(value["metadata"]["timestamp"], "2026-02-17T00:00:00Z");
        let undated = bytes_of(&files(), &SbomSubject { published: None, ..release() });
        let undated: Value = serde_json::from_slice(&undated).unwrap();
        assert!(undated["metadata"].get("timestamp").is_none());
    }

    #[test]
    fn the_package_is_named_with_its_digest_and_what_it_requires_with_its_range() {
        let value: Value = serde_json::from_slice(&bytes_of(&files(), &release())).unwrap();
        let root = &value["metadata"]["component"];
        let digest = Digest::of(b"artifact").hex();
        assert_eq!(root["purl"], format!("pkg:generic/com.hotcrm.finance@1.4.0?checksum=sha256:{digest}"));
        assert_eq!(root["licenses"], json!([{"expression": "MIT OR Apache-2.0"}]));
        assert_eq!(root["hashes"], json!([{"alg": "SHA-256", "content": digest}]));
        assert_eq!(root["publisher"], "com.hotcrm");
        let mail = find(&value, "com.hotcrm.mail");
        assert!(mail.get("version").is_none(), "a range is not a version");
        assert_eq!(mail["scope"], "optional");
        assert_eq!(mail["properties"], json!([{"name": "shelfmark:requirement", "value": ">=2, <4"}]));
        let names: Vec<&str> =
            value["components"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!(
            names,
            [
                "com.hotcrm.core",
                "com.hotcrm.mail",
                "@scope/thing",
                "left-pad",
                "a b#é.js",
                "package.json",
                "shelfmark.toml"
            ]
        );
        let scoped = find(&value, "@scope/thing");
        assert_eq!(scoped["purl"], "pkg:npm/%40scope/thing");
        let of = |at: usize| &scoped["properties"][at]["value"];
        assert_eq!((of(0), of(1)), (&json!("^1.2.0"), &json!("package.json")));
        let direct = value["dependencies"][0]["dependsOn"].as_array().unwrap().len();
        assert_eq!(direct, 4);
        let file = find(&value, "a b#é.js");
        assert_eq!(file["type"], "file");
        assert_eq!(file["hashes"][0]["content"], Digest::of(b"1\n").hex());
    }

    #[test]
    fn too_many_files_are_counted_and_not_listed() {
        let many = |count: usize| -> Vec<(String, String)> {
            (0..count).map(|at| (format!("f{at:04}.txt"), at.to_string())).collect()
        };
        for (count, listed) in [(MOST_FILES, MOST_FILES), (MOST_FILES + 1, 0)] {
            let value: Value = serde_json::from_slice(&bytes_of(&many(count), &release())).unwrap();
            assert_eq!(value["components"].as_array().map_or(0, Vec::len), listed);
            let stated = json!({"name": "shelfmark:files", "value": count.to_string()});
            assert!(value["metadata"]["component"]["properties"].as_array().unwrap().contains(&stated));
        }
    }

    #[test]
    fn too_many_libraries_are_cut_and_told() {
        let text: String = (0..=MOST_LIBRARIES).map(|at| format!("lib{at}\n")).collect();
        let bytes = bytes_of(&[("requirements.txt".to_owned(), text)], &release());
        let value: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(value["components"].as_array().unwrap().len(), MOST_LIBRARIES + 1);
        let told = json!({"name": "shelfmark:left-out", "value": "1"});
        assert!(value["metadata"]["component"]["properties"].as_array().unwrap().contains(&told));
    }

    #[test]
    fn hostile_names_are_written_and_do_no_harm() {
        let package = json!({"dependencies": {
            "x\u{1b}[2J\n": "1\u{202e}", "../../etc": "*", "": "1", "/": "1", "a@b?c#d%": "^1", "ok": "1", "n": 7,
        }});
        let files = [("package.json".to_owned(), package.to_string())];
        let odd = SbomSubject { license: Some("My \u{1b} own"), ..release() };
        let bytes = bytes_of(&files, &odd);
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(text.chars().all(|c| c == '\n' || !crate::scan::is_unprintable(c)));
        let bom = Bom::parse_from_json(bytes.as_slice()).unwrap();
        assert!(!bom.validate().has_errors());
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["metadata"]["component"]["licenses"][0]["license"]["name"], "My \u{fffd} own");
        assert_eq!(find(&value, "a@b?c#d%")["purl"], "pkg:npm/a%40b%3Fc%23d%25");
    }
}
