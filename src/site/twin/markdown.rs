//! `p/<id>/index.md`: the twin of a package's page for those who read text.

use super::Twin;
use crate::diagnostic::render::neutralize;
use crate::model::PricingModel;
use crate::site::text;
use crate::site::view::similar::Similar;
use std::fmt::Write as _;

/// Facts first, then releases, then similar packages, then the README between rules.
pub(super) fn render(twin: &Twin<'_>) -> String {
    let line = |text: &str| text::shorten(text, 1000);
    let mut out = format!("# {}\n\n", line(twin.name));
    for sentence in
        [twin.tagline, twin.description.filter(|text| Some(*text) != twin.tagline)].into_iter().flatten()
    {
        let _ = write!(out, "{}\n\n", line(sentence));
    }
    let mut fact = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            let _ = writeln!(out, "- {name}: {}", line(value));
        }
    };
    fact("Id", Some(twin.id));
    fact("Page", Some(&twin.url));
    fact("Kind", Some(twin.kind.as_str()));
    fact("Version", Some(&twin.version.to_string()));
    fact(
        "Publisher",
        Some(&format!("{} ({}, {})", twin.publisher.name, twin.publisher.id, twin.publisher.level)),
    );
    fact("Licence", twin.license);
    fact("Category", twin.category);
    fact("Status", Some(if twin.removed { "removed" } else { twin.status.as_str() }));
    fact("Use instead", twin.replacement);
    fact("Pricing", twin.pricing.map(PricingModel::as_str));
    fact("Repository", twin.links.repository.as_deref());
    fact("Documentation", twin.links.documentation.as_deref());
    if let Some(newest) = twin.releases.iter().find(|release| release.version == twin.version) {
        fact("Platform", newest.platform);
        fact("Permissions", Some(newest.permissions.join(", ")).filter(|list| !list.is_empty()).as_deref());
        for dependency in &newest.dependencies {
            fact("Needs", Some(&format!("{} {}", dependency.id, dependency.requirement)));
        }
    }
    out.push_str("\n## Releases\n\n");
    for release in &twin.releases {
        let _ = write!(out, "- {}", release.version);
        if let Some(published) = release.published {
            let _ = write!(out, ", {}", published.day());
        }
        if let Some(withdrawn) = &release.withdrawn {
            let _ =
                write!(out, ", {}: {}", withdrawn.level, line(withdrawn.reason.unwrap_or("no reason given")));
        }
        out.push('\n');
    }
    if !twin.similar.is_empty() {
        out.push_str("\n## Similar packages\n\n");
    }
    for similar in &twin.similar {
        let _ = writeln!(out, "- {}", line(&sentence(similar)));
    }
    if let Some(readme) = twin.readme {
        let _ = write!(out, "\n## Read me\n\n{}\n", readme.trim_end());
    }
    neutralize(&out)
}

/// What is alike and how it differs, in a line.
fn sentence(similar: &Similar<'_>) -> String {
    let differences: Vec<&str> =
        similar.differences.iter().map(|difference| difference.text.as_str()).collect();
    let colon = if differences.is_empty() { "" } else { ": " };
    format!("{} ({}){colon}{}", similar.name, similar.id, differences.join("; "))
}
