//! Points in time, as data: read from files and passed in, never from a clock here.

use super::Invalid;
use serde::{Deserialize, Serialize};

/// 0000-01-01T00:00:00Z: RFC 3339 and TOML have no earlier year.
const YEAR_ZERO: i64 = -62_167_219_200;

/// A moment in UTC, printed to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    /// The moment used when a registry holds no date at all.
    pub const EPOCH: Timestamp = Timestamp(jiff::Timestamp::UNIX_EPOCH);

    /// Parses an RFC 3339 date-time with an offset.
    ///
    /// # Errors
    /// Refuses local date-times, since their moment depends on the reader.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let parsed = text.parse().ok().filter(|moment: &jiff::Timestamp| moment.as_second() >= YEAR_ZERO);
        parsed.map(Self).ok_or_else(|| {
            Invalid::new("date", text, "a date-time with an offset is expected, such as 2026-02-17T00:00:00Z")
        })
    }

    /// Returns whole seconds since 1970-01-01T00:00:00Z.
    pub fn unix_seconds(self) -> i64 {
        self.0.as_second()
    }

    /// Returns the moment that many seconds after 1970-01-01T00:00:00Z, if a calendar holds it.
    pub fn from_unix_seconds(seconds: i64) -> Option<Self> {
        jiff::Timestamp::from_second(seconds).ok().map(Self)
    }

    /// Returns the calendar day in UTC, such as `2026-02-17`.
    pub fn day(self) -> String {
        self.to_string().chars().take(10).collect()
    }
}

impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let whole = jiff::Timestamp::from_second(self.0.as_second()).unwrap_or(self.0);
        whole.fmt(f)
    }
}

impl TryFrom<String> for Timestamp {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl From<Timestamp> for String {
    fn from(timestamp: Timestamp) -> String {
        timestamp.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn offsets_become_utc_and_local_times_are_refused() {
        let moment = Timestamp::parse("2026-02-17T02:30:00.25+02:00").unwrap();
        assert_eq!(moment.to_string(), "2026-02-17T00:30:00Z");
        assert_eq!(moment.day(), "2026-02-17");
        assert!(Timestamp::parse("2026-02-17").is_err());
        assert!(Timestamp::parse("2026-02-17T00:00:00").is_err());
        assert!(Timestamp::parse("0000-01-01T00:00:00Z").is_ok());
        assert!(Timestamp::parse("0000-01-01T00:00:00+01:00").is_err());
        assert!(Timestamp::parse("-000400-01-01T00:00:00Z").is_err());
    }
}
