//! Shelfmark turns a git repository into a curated package marketplace.
//!
//! # The map
//!
//! Stages, in the order of [`build`]; each is a function from a typed value to
//! a typed value:
//!
//! | stage | takes | gives |
//! |---|---|---|
//! | [`source`] | a git revision or a directory | [`source::Snapshot`] |
//! | [`validate`] | a snapshot | [`validate::Registry`] and sorted [`diagnostic::Diagnostic`]s |
//! | [`scan`] | an archive and what the registry knows | findings, a score, a [`schema::ScanReport`] |
//! | [`review`] | a [`validate::Proposal`], what rules and scan say of it | a [`schema::ReviewReport`] with its decision |
//! | [`index`] | a [`validate::ValidRegistry`] | index files, Merkle tree, root |
//! | [`search`] | a valid registry | the tantivy index; answers to queries; which packages are alike |
//! | [`site`] | a valid registry | pages, feeds, machine twins, host presets |
//! | [`publish`] | files of the stages | a directory, root last |
//!
//! Around them: [`model`] holds the types that cannot be wrong, [`schema`] the
//! wire formats, [`trust`] signatures, [`artifact`] archives and where they come from, [`import`] foreign
//! catalogs, [`scaffold`] what `init` and `new` write, [`platform`] the raw
//! effects, [`cli`] the command line.
//!
//! # Files read, and who owns their format
//!
//! | file | format | becomes |
//! |---|---|---|
//! | `registry.toml`, `policy.toml`, `curators.toml` | [`schema::Registry`], [`schema::Policy`], [`schema::Curators`] | [`validate::registry::Settings`] and fields of the registry |
//! | `publishers/<prefix>.toml` | [`schema::Publisher`] | [`validate::registry::Publisher`] |
//! | `packages/…/package.toml`, `<version>.toml` | [`schema::Listing`], [`schema::Release`] | [`validate::registry::Package`], [`validate::registry::Release`] |
//! | `withdrawals/`, `amendments/`, `reviews/`, `ratings/` | [`schema::Withdrawal`], [`schema::Amendment`], [`schema::Review`], [`schema::Rating`] | fields of a release or package |
//! | `sources/<id>/<version>/`, and archives elsewhere | `source::layout`, [`artifact::store`], `validate::contents` | [`validate::registry::Contents`] |
//! | `collections/`, `advisories/`, `waivers/` | [`schema::Collection`], OSV, [`schema::Waiver`] | fields of the registry |
//!
//! # Files written
//!
//! | file | by |
//! |---|---|
//! | `index/**`, the root last | [`index`]; formats [`schema::Root`], [`schema::IndexLine`] |
//! | `search/**` | [`search`]; formats [`schema::SearchHead`], and for browsers that of `site/content/search-format.md` |
//! | `artifacts/<sha256>.tgz`, `status.json` | [`build`] |
//! | `reports/<sha256>.json`, `.cdx.json` | [`build`]; formats [`schema::ScanReport`], CycloneDX ([`scan::sbom`]) |
//! | `<state>/artifacts/<sha256>.tgz` and `.part`, a cache | [`artifact::store`] |
//! | everything else, `p/<id>/index.json` among it, which `shelfmark similar` reads | [`site`] |

pub mod artifact;
pub mod build;
pub mod cli;
pub mod diagnostic;
pub mod import;
pub mod index;
pub mod model;
pub mod platform;
pub mod publish;
pub mod review;
pub mod scaffold;
pub mod scan;
pub mod schema;
pub mod search;
pub mod site;
pub mod source;
pub mod trust;
pub mod validate;
