//! Reads a catalog line by line, plain or compressed, without ever holding it whole.

use super::catalog::Catalog;
use super::report::{Case, ImportReport, Reason};
use super::{Error, VersionScheme};
use crate::schema;
use rayon::prelude::*;
use serde::de::IgnoredAny;
use std::collections::{BTreeMap, HashSet};
use std::io::{BufRead, BufReader, Cursor, Read};
use std::sync::LazyLock;

/// The first bytes of a Zstandard frame (RFC 8878).
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Most bytes of a line; a longer one is skipped and reported.
const MOST_LINE: usize = 64 << 20;

/// Lines and bytes that are parsed at once.
const BATCH_LINES: usize = 4096;
const BATCH_BYTES: usize = 8 << 20;

/// The fields that a record may have.
static KNOWN: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let schema = schema::Named::find("import-record").map(schema::Named::schema).unwrap_or_default();
    let properties = schema.get("properties").and_then(serde_json::Value::as_object);
    properties.map(|properties| properties.keys().cloned().collect()).unwrap_or_default()
});

/// One line; an `Err` says why it is no record.
type Line = Result<(schema::Record, Vec<String>), String>;

/// Reads a whole catalog.
pub(super) fn read(
    mut reader: impl BufRead + Send,
    scheme: VersionScheme,
    report: &mut ImportReport,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Catalog, Error> {
    let mut head = Vec::new();
    reader.by_ref().take(ZSTD_MAGIC.len() as u64).read_to_end(&mut head).map_err(Error::Read)?;
    let is_compressed = head == ZSTD_MAGIC;
    let whole = Cursor::new(head).chain(reader);
    if is_compressed {
        let decoder = zstd::stream::read::Decoder::with_buffer(whole).map_err(Error::Read)?;
        read_lines(BufReader::with_capacity(1 << 20, decoder), scheme, report, progress)
    } else {
        read_lines(whole, scheme, report, progress)
    }
}

fn read_lines(
    mut reader: impl BufRead,
    scheme: VersionScheme,
    report: &mut ImportReport,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Catalog, Error> {
    let mut catalog = Catalog::default();
    let mut number = 0;
    loop {
        let lines = batch(&mut reader, &mut number).map_err(Error::Read)?;
        if lines.is_empty() {
            break;
        }
        let parsed: Vec<(u64, Line)> =
            lines.into_par_iter().map(|(number, bytes)| (number, parse(&bytes))).collect();
        for (number, line) in parsed {
            match line {
                Ok((record, unknown)) => {
                    for field in &unknown {
                        report.tally(Reason::FieldUnknown, field);
                    }
                    catalog.add(number, record, scheme, report);
                }
                Err(detail) => {
                    report.case(Reason::LineMalformed, Case { line: Some(number), detail, ..Case::default() })
                }
            }
        }
        progress(report.records);
    }
    if report.records == 0 {
        return Err(Error::NoRecord { lines: number });
    }
    catalog.finish();
    Ok(catalog)
}

/// Takes the next lines that are not blank, each with its number.
fn batch(reader: &mut impl BufRead, number: &mut u64) -> std::io::Result<Vec<(u64, Vec<u8>)>> {
    let mut lines = Vec::new();
    let mut bytes = 0;
    while lines.len() < BATCH_LINES && bytes < BATCH_BYTES {
        let mut line = Vec::new();
        reader.by_ref().take(MOST_LINE as u64).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            break;
        }
        *number += 1;
        if line.len() == MOST_LINE && !line.ends_with(b"\n") {
            // Its rest is thrown away; the half that is left cannot parse and is reported.
            reader.skip_until(b'\n')?;
        }
        if !line.trim_ascii().is_empty() {
            bytes += line.len();
            lines.push((*number, line));
        }
    }
    Ok(lines)
}

fn parse(line: &[u8]) -> Line {
    let record: schema::Record = serde_json::from_slice(line).map_err(|error| {
        let text = error.to_string();
        let reason = text.split(" at line ").next().unwrap_or(&text);
        format!("{reason}, at column {}", error.column())
    })?;
    let fields: BTreeMap<String, IgnoredAny> = serde_json::from_slice(line).unwrap_or_default();
    let unknown = fields.into_keys().filter(|field| !KNOWN.contains(field)).collect();
    Ok((record, unknown))
}
