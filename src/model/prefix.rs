//! The prefix: whole labels that a publisher owns.

use super::PackageId;
use super::package_id::check_labels;
use super::text::text_type;

text_type!(
    /// A publisher's prefix such as `com.hotcrm`: at least two whole labels.
    Prefix, "prefix", check
);

impl Prefix {
    /// Returns whether the id lies strictly under this prefix.
    pub fn covers(&self, id: &PackageId) -> bool {
        is_under(id.as_str(), self.as_str())
    }

    /// Returns whether one of the two prefixes holds the other, or they are equal.
    pub fn overlaps(&self, other: &Prefix) -> bool {
        self == other || is_under(self.as_str(), other.as_str()) || is_under(other.as_str(), self.as_str())
    }

    /// Returns the number of labels.
    pub fn label_count(&self) -> usize {
        self.as_str().split('.').count()
    }
}

fn is_under(longer: &str, shorter: &str) -> bool {
    longer.strip_prefix(shorter).is_some_and(|rest| rest.starts_with('.'))
}

fn check(text: &str) -> Result<(), String> {
    check_labels(text, 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_covers_whole_labels_only() {
        let prefix = Prefix::parse("com.hotcrm").unwrap();
        assert!(prefix.covers(&PackageId::parse("com.hotcrm.crm").unwrap()));
        assert!(!prefix.covers(&PackageId::parse("com.hotcrmx.crm").unwrap()));
        assert!(prefix.overlaps(&Prefix::parse("com.hotcrm.labs").unwrap()));
        assert!(!prefix.overlaps(&Prefix::parse("com.hotcrmx").unwrap()));
        assert!(Prefix::parse("com").is_err());
    }
}
