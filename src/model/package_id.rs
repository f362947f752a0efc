//! The package id: a reverse-DNS name, the one identity of a package.

use super::text::text_type;

text_type!(
    /// A package id such as `com.hotcrm.finance`: lower case, at least three
    /// labels, at most 128 bytes.
    PackageId, "package id", check
);

impl PackageId {
    /// Most bytes of an id.
    pub const MAX_BYTES: usize = 128;

    /// Returns the labels from left to right.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.as_str().split('.')
    }

    /// Returns the first two labels: the directory shard in source and index.
    pub fn shard(&self) -> (&str, &str) {
        let mut labels = self.labels();
        (labels.next().unwrap_or_default(), labels.next().unwrap_or_default())
    }

    /// Returns the last label, the part people say aloud.
    pub fn last_label(&self) -> &str {
        self.as_str().rsplit('.').next().unwrap_or_default()
    }

    /// Returns the key under which ids that differ only in hyphens are equal.
    pub fn fold_key(&self) -> String {
        self.as_str().chars().filter(|c| *c != '-').collect()
    }

    /// Returns `packages/<label1>/<label2>/<id>`, the folder of the package.
    pub fn folder(&self) -> String {
        let (first, second) = self.shard();
        format!("packages/{first}/{second}/{self}")
    }
}

/// Device names that Windows resolves in any directory, with any extension.
pub(super) const DEVICE_NAMES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
    "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// Checks labels shared by ids and prefixes: characters, length, device names
/// and `tree` as the first label (the index keeps its nodes under `index/tree`).
pub(super) fn check_labels(text: &str, fewest: usize) -> Result<(), String> {
    if text.len() > PackageId::MAX_BYTES {
        return Err(format!("it has {} bytes, at most {} fit", text.len(), PackageId::MAX_BYTES));
    }
    let mut count = 0;
    for (position, label) in text.split('.').enumerate() {
        check_label(label).map_err(|reason| format!("label {} {reason}", position + 1))?;
        if position == 0 && label == "tree" {
            return Err("`tree` as the first label is kept for the index".into());
        }
        count += 1;
    }
    if count < fewest {
        return Err(format!("it has {count} label(s), at least {fewest} are needed"));
    }
    Ok(())
}

fn check_label(label: &str) -> Result<(), String> {
    if label.is_empty() {
        return Err("is empty".into());
    }
    if label.len() > 63 {
        return Err(format!("has {} bytes, at most 63 fit", label.len()));
    }
    if let Some(bad) = label.chars().find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '-')) {
        return Err(if bad.is_ascii_uppercase() {
            format!("holds the capital `{bad}`; ids are lower case")
        } else {
            format!("holds `{}`; only a-z, 0-9 and single inner hyphens are allowed", bad.escape_default())
        });
    }
    if label.starts_with('-') || label.ends_with('-') || label.contains("--") {
        return Err(format!("`{label}` has a hyphen at an end or two in a row"));
    }
    if DEVICE_NAMES.contains(&label) {
        return Err(format!("`{label}` is a device name on Windows"));
    }
    Ok(())
}

fn check(text: &str) -> Result<(), String> {
    check_labels(text, 3)?;
    let last = text.rsplit('.').next().unwrap_or_default();
    if matches!(last, "html" | "htm" | "php") {
        return Err(format!("`{last}` as the last label is a file extension that hosts act on"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::PackageId;

    #[test]
    fn good_ids_parse_and_split() {
        let id = PackageId::parse("com.hotcrm.real-estate").unwrap();
        assert_eq!(id.shard(), ("com", "hotcrm"));
        assert_eq!(id.last_label(), "real-estate");
        assert_eq!(id.fold_key(), "com.hotcrm.realestate");
        assert_eq!(id.folder(), "packages/com/hotcrm/com.hotcrm.real-estate");
    }

    #[test]
    fn bad_ids_are_refused_with_a_reason() {
        let long = format!("com.{}.x", "a".repeat(64));
        let total = format!("com.{}.{}.x", "a".repeat(62), "b".repeat(62));
        for (text, word) in [
            ("com.hotcrm", "2 label"),
            ("Com.hotcrm.x", "capital"),
            ("com..x", "empty"),
            ("com.a_b.x", "`_`"),
            ("com.-a.x", "hyphen"),
            ("com.a--b.x", "hyphen"),
            ("com.nul.x", "device"),
            ("tree.a.b", "index"),
            ("com.a.php", "extension"),
            ("com.a.\u{202e}x", "only a-z"),
            (&long, "63"),
            (&total, "128"),
        ] {
            let error = PackageId::parse(text).unwrap_err().to_string();
            assert!(error.contains(word), "{text}: {error}");
        }
    }
}
