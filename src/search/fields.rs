//! The fields of the index and how their text is cut into terms.

use super::Error;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{
    AsciiFoldingFilter, LowerCaser, RemoveLongFilter, SimpleTokenizer, TextAnalyzer, TokenizerManager,
};

/// Name of the tokenizer of every text field.
pub(super) const TOKENIZER: &str = "shelfmark";

/// Fields that are filtered and counted, exactly as written.
pub(super) const FACETS: [&str; 6] = ["kind", "category", "license", "pricing", "level", "status"];

/// Handles of every field.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    pub(super) id: Field,
    pub(super) exact: Field,
    pub(super) name: Field,
    pub(super) label: Field,
    pub(super) keywords: Field,
    pub(super) tagline: Field,
    pub(super) description: Field,
    pub(super) readme: Field,
    pub(super) facets: [Field; 6],
    pub(super) level_rank: Field,
    pub(super) score: Field,
    pub(super) published: Field,
    pub(super) updated: Field,
    pub(super) rating: Field,
    pub(super) installs: Field,
    pub(super) dependents: Field,
    pub(super) demoted: Field,
    pub(super) card: Field,
}

/// Returns the schema.
pub(super) fn schema() -> Schema {
    let text = |record| {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default().set_tokenizer(TOKENIZER).set_index_option(record),
        )
    };
    let positions = IndexRecordOption::WithFreqsAndPositions;
    let mut schema = Schema::builder();
    schema.add_text_field("id", STRING | FAST);
    schema.add_text_field("exact", STRING);
    for field in ["name", "label", "keywords", "tagline", "description"] {
        schema.add_text_field(field, text(positions));
    }
    schema.add_text_field("readme", text(IndexRecordOption::WithFreqs));
    for facet in FACETS {
        schema.add_text_field(facet, STRING | FAST);
    }
    for column in ["level_rank", "score", "installs", "dependents", "demoted"] {
        schema.add_u64_field(column, FAST);
    }
    for column in ["published", "updated"] {
        schema.add_i64_field(column, FAST | INDEXED);
    }
    schema.add_f64_field("rating", FAST);
    schema.add_bytes_field("card", STORED);
    schema.build()
}

impl Fields {
    /// Looks the fields up in a schema that may come from another version.
    pub(super) fn of(schema: &Schema) -> Result<Self, Error> {
        let get = |name: &'static str| schema.get_field(name).map_err(|_| Error::Field(name));
        let mut facets = [get("id")?; 6];
        for (slot, name) in facets.iter_mut().zip(FACETS) {
            *slot = get(name)?;
        }
        Ok(Self {
            id: get("id")?,
            exact: get("exact")?,
            name: get("name")?,
            label: get("label")?,
            keywords: get("keywords")?,
            tagline: get("tagline")?,
            description: get("description")?,
            readme: get("readme")?,
            facets,
            level_rank: get("level_rank")?,
            score: get("score")?,
            published: get("published")?,
            updated: get("updated")?,
            rating: get("rating")?,
            installs: get("installs")?,
            dependents: get("dependents")?,
            demoted: get("demoted")?,
            card: get("card")?,
        })
    }
}

/// Returns the tokenizers: words of letters and digits, lower case, diacritics folded.
pub(super) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(TOKENIZER, analyzer());
    manager
}

/// Returns the analyzer of every text field.
pub(super) fn analyzer() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(60))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .build()
}
