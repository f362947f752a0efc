//! What an import made, and everything it could not represent.

use serde::Serialize;
use std::collections::BTreeMap;

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $about:literal;)+) => {
        /// Why something of the catalog is not, or not as it was, in the registry.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Reason { $($(#[$doc])* $name,)+ }

        impl Reason {
            /// Every reason, in the order of the report.
            pub const ALL: &'static [Reason] = &[$(Reason::$name,)+];

            /// Returns the word used in the report.
            pub fn id(self) -> &'static str {
                match self { $(Reason::$name => $id,)+ }
            }

            /// Returns what happened, as one clause.
            pub fn about(self) -> &'static str {
                match self { $(Reason::$name => $about,)+ }
            }
        }
    };
}

reasons! {
    /// A line is not a record.
    LineMalformed = "line-malformed", "the line is not a record and was left out";
    /// A version has no SemVer spelling.
    VersionUnrepresentable = "version-unrepresentable", "the version has no SemVer spelling; the release was left out";
    /// Two versions map to one.
    VersionDuplicate = "version-duplicate", "the version maps to that of another release, which stayed; this one was left out";
    /// Two versions differ only in case.
    VersionCaseCollision = "version-case-collision", "the version differs from another only in case, which file systems ignore; the release was left out";
    /// A release file would be over the limit.
    ReleaseTooLarge = "release-too-large", "the release file would be over 1 MiB; the release was left out";
    /// All releases of a package were left out.
    PackageEmpty = "package-empty", "no release of the package could be kept";
    /// The id is not the name.
    NameChanged = "name-changed", "the last label of the id differs from the name";
    /// A dependency's name folds to the id of a package of another name.
    DependencyNameFolded = "dependency-name-folded", "the name is not in the catalog, but its id is that of a package with a similar name";
    /// A requirement cannot be read.
    RequirementUnreadable = "requirement-unreadable", "the requirement cannot be represented; it became `*`";
    /// Two requirements on one package exclude each other.
    RequirementsContradict = "requirements-contradict", "two requirements on one package exclude each other; either one is enough now";
    /// Two requirements on one package were joined.
    DependencyRepeated = "dependency-repeated", "several dependencies on one package became one that asks for all of them";
    /// A package depends on itself.
    DependencyOnItself = "dependency-on-itself", "a package depends on itself; the dependency was left out";
    /// A dependency of a kind that is left out.
    DependencyKindLeftOut = "dependency-kind-left-out", "dependencies of this kind are left out by rule";
    /// A dependency of a kind that became optional.
    DependencyKindOptional = "dependency-kind-optional", "dependencies of this kind became optional by rule";
    /// The licence is not SPDX.
    LicenseNotSpdx = "license-not-spdx", "the licence is not an SPDX expression; its text is kept";
    /// A checksum without all an artifact needs.
    ArtifactIncomplete = "artifact-incomplete", "an artifact needs an https address, a SHA-256 and a size; something of that is missing";
    /// A date cannot be read.
    DateUnreadable = "date-unreadable", "the date of publication cannot be read and was left out";
    /// The README is too large.
    ReadmeTooLarge = "readme-too-large", "the README has more than 256 KiB and was left out";
    /// The README has no place.
    ReadmeWithoutPlace = "readme-without-place", "the README is that of a release that was left out, or of one with an artifact of its own; it was left out";
    /// The description was shortened.
    DescriptionCut = "description-cut", "the description was cut to 1,000 characters";
    /// The description had several lines.
    DescriptionJoined = "description-joined", "the lines of the description were joined to one";
    /// The display name was shortened.
    NameCut = "name-cut", "the display name was cut to 100 characters";
    /// Some keywords were not kept.
    KeywordsLeftOut = "keywords-left-out", "keywords that are empty, repeated, over 50 characters or past the thirtieth were left out";
    /// A link that is no web address.
    LinkLeftOut = "link-left-out", "the link does not begin with http:// or https:// and was left out";
    /// Too many categories.
    CategoryLeftOut = "category-left-out", "only the 200 largest categories are kept";
    /// A deprecation says more than a listing can.
    DeprecationText = "deprecation-text", "what the catalog says about the deprecation has no place in a listing, beyond a replacement it names";
    /// A field that no format of the registry has.
    FieldUnknown = "field-unknown", "the field has no place in a registry";
}

/// What an import made.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct ImportReport {
    /// Lines that are records.
    pub records: u64,
    /// Packages written.
    pub packages: u64,
    /// Releases written.
    pub releases: u64,
    /// Dependencies written.
    pub dependencies: u64,
    /// What could not be represented, by reason.
    pub groups: BTreeMap<Reason, Group>,
}

/// Everything of one reason.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// How often.
    pub count: u64,
    /// How often by value, for reasons where the value says enough.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, u64>,
    /// Every case, for the others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<Case>,
}

/// One case, in the catalog's own spellings.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct Case {
    /// The line of the catalog, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The package.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// What exactly.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

impl ImportReport {
    /// Notes one case.
    pub(super) fn case(&mut self, reason: Reason, case: Case) {
        let group = self.groups.entry(reason).or_default();
        group.count += 1;
        group.cases.push(case);
    }

    /// Counts one occurrence of a value.
    pub(super) fn tally(&mut self, reason: Reason, value: &str) {
        self.tally_many(reason, value, 1);
    }

    /// Counts occurrences of a value.
    pub(super) fn tally_many(&mut self, reason: Reason, value: &str, count: u64) {
        let group = self.groups.entry(reason).or_default();
        group.count += count;
        match group.values.get_mut(value) {
            Some(sum) => *sum += count,
            None => {
                group.values.insert(value.to_owned(), count);
            }
        }
    }

    /// Adds the counts and cases of another part of the same import.
    pub(super) fn merge(&mut self, other: ImportReport) {
        self.records += other.records;
        self.packages += other.packages;
        self.releases += other.releases;
        self.dependencies += other.dependencies;
        for (reason, group) in other.groups {
            let own = self.groups.entry(reason).or_default();
            own.count += group.count;
            own.cases.extend(group.cases);
            for (value, count) in group.values {
                *own.values.entry(value).or_default() += count;
            }
        }
    }

    /// Returns how often a reason occurred.
    pub fn count(&self, reason: Reason) -> u64 {
        self.groups.get(&reason).map_or(0, |group| group.count)
    }

    /// Returns a few lines for a terminal: what was made, then a line a reason.
    pub fn summary(&self) -> String {
        let mut text = format!(
            "{} records became {} packages with {} releases and {} dependencies\n",
            thousands(self.records),
            thousands(self.packages),
            thousands(self.releases),
            thousands(self.dependencies),
        );
        let widest = self.groups.values().map(|group| thousands(group.count).len()).max().unwrap_or(0);
        for (reason, group) in &self.groups {
            text.push_str(&format!(
                "  {:>widest$}  {}: {}\n",
                thousands(group.count),
                reason.id(),
                reason.about()
            ));
        }
        text
    }

    /// Returns the whole report as JSON.
    pub fn json(&self) -> String {
        #[derive(Serialize)]
        struct Named<'a> {
            reason: &'static str,
            about: &'static str,
            #[serde(flatten)]
            group: &'a Group,
        }
        let groups: Vec<Named<'_>> = self
            .groups
            .iter()
            .map(|(reason, group)| Named { reason: reason.id(), about: reason.about(), group })
            .collect();
        let value = serde_json::json!({
            "records": self.records,
            "packages": self.packages,
            "releases": self.releases,
            "dependencies": self.dependencies,
            "not_represented": groups,
        });
        let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
        text.push('\n');
        text
    }
}

fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_added_and_summed_up() {
        let mut report = ImportReport { records: 1_234_567, ..ImportReport::default() };
        report.tally(Reason::LicenseNotSpdx, "BSD3");
        let mut other = ImportReport::default();
        other.tally_many(Reason::LicenseNotSpdx, "BSD3", 2);
        other.case(Reason::LineMalformed, Case { line: Some(7), ..Case::default() });
        report.merge(other);
        assert_eq!(report.count(Reason::LicenseNotSpdx), 3);
        assert!(report.summary().starts_with("1,234,567 records became 0 packages"));
        assert!(report.summary().contains("3  license-not-spdx: "));
        let json: serde_json::Value = serde_json::from_str(&report.json()).unwrap();
        assert_eq!(json["not_represented"][0]["cases"][0]["line"], 7);
        assert_eq!(json["not_represented"][1]["values"]["BSD3"], 3);
    }
}
