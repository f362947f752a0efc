//! The fields of the index and how their text is cut into terms.

use super::Error;
use super::text;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};

/// Facets: what results are filtered by and counted over, exactly as written.
pub(super) const FACETS: [&str; 8] =
    ["kind", "category", "license", "pricing", "level", "platform", "score", "status"];

/// Handles of every field.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    /// The id.
    pub(super) id: Field,
    /// Keys of the last label and the display name.
    pub(super) names: Field,
    /// Stems with their level as frequency.
    pub(super) words: Field,
    /// Name, keywords, tagline and description with positions, for phrases.
    pub(super) text: Field,
    /// Id and last label of the publisher.
    pub(super) publisher: Field,
    /// In the order of [`FACETS`].
    pub(super) facets: [Field; FACETS.len()],
    pub(super) number: Field,
    pub(super) standing: Field,
    pub(super) demoted: Field,
    pub(super) published: Field,
    pub(super) updated: Field,
    pub(super) rating: Field,
    pub(super) installs: Field,
    pub(super) dependents: Field,
    pub(super) card: Field,
}

/// Returns the schema.
pub(super) fn schema() -> Schema {
    let indexed = |tokenizer, record| {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer(tokenizer)
                .set_index_option(record)
                .set_fieldnorms(false),
        )
    };
    let mut schema = Schema::builder();
    schema.add_text_field("id", STRING | FAST);
    schema.add_text_field("names", indexed("raw", IndexRecordOption::Basic));
    schema.add_text_field("words", indexed(LEVELS, IndexRecordOption::WithFreqs));
    schema.add_text_field("text", indexed(STEMS, IndexRecordOption::WithFreqsAndPositions));
    schema.add_text_field("publisher", indexed("raw", IndexRecordOption::Basic));
    for facet in FACETS {
        schema.add_text_field(&format!("facet-{facet}"), STRING | FAST);
    }
    for column in ["number", "standing", "demoted", "installs", "dependents"] {
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
        let mut facets = [get("id")?; FACETS.len()];
        for (slot, name) in facets.iter_mut().zip(FACETS) {
            *slot = schema.get_field(&format!("facet-{name}")).map_err(|_| Error::Field(name))?;
        }
        Ok(Self {
            id: get("id")?,
            names: get("names")?,
            words: get("words")?,
            text: get("text")?,
            publisher: get("publisher")?,
            facets,
            number: get("number")?,
            standing: get("standing")?,
            demoted: get("demoted")?,
            published: get("published")?,
            updated: get("updated")?,
            rating: get("rating")?,
            installs: get("installs")?,
            dependents: get("dependents")?,
            card: get("card")?,
        })
    }
}

const LEVELS: &str = "levels";
const STEMS: &str = "stems";

/// Returns the tokenizers.
pub(super) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(LEVELS, Levels);
    manager.register(STEMS, Stems);
    manager
}

/// Adds a stem and its level to a text that [`Levels`] reads.
pub(super) fn push_level(text: &mut String, stem: &str, level: u8) {
    text.push(char::from(b'0' + level));
    text.push_str(stem);
    text.push('\n');
}

/// Reads lines of a level and a stem, and gives each stem as often as its level says.
#[derive(Debug, Clone)]
struct Levels;

/// What is left of the lines.
struct LevelStream<'a> {
    lines: std::str::Lines<'a>,
    left: u8,
    token: Token,
}

impl Tokenizer for Levels {
    type TokenStream<'a> = LevelStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> LevelStream<'a> {
        LevelStream { lines: text.lines(), left: 0, token: Token { position: 0, ..Token::default() } }
    }
}

impl TokenStream for LevelStream<'_> {
    fn advance(&mut self) -> bool {
        if self.left == 0 {
            let Some((level, stem)) = self.lines.next().and_then(|line| line.split_at_checked(1)) else {
                return false;
            };
            self.left = level.bytes().next().unwrap_or(b'0').saturating_sub(b'0');
            self.token.text.clear();
            self.token.text.push_str(stem);
        }
        self.left = self.left.saturating_sub(1);
        true
    }
    fn token(&self) -> &Token {
        &self.token
    }
    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// Cuts text into stems with their positions.
#[derive(Debug, Clone)]
struct Stems;

/// The stems of one text.
struct StemStream {
    stems: std::vec::IntoIter<String>,
    token: Token,
}

impl Tokenizer for Stems {
    type TokenStream<'a> = StemStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> StemStream {
        let stems: Vec<String> = text::words(text).iter().map(|word| text::stem(word).to_owned()).collect();
        StemStream { stems: stems.into_iter(), token: Token { position: usize::MAX, ..Token::default() } }
    }
}

impl TokenStream for StemStream {
    fn advance(&mut self) -> bool {
        let Some(stem) = self.stems.next() else { return false };
        self.token.text = stem;
        self.token.position = self.token.position.wrapping_add(1);
        true
    }
    fn token(&self) -> &Token {
        &self.token
    }
    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
