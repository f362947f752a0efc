// MiniSearch on the same records, with the settings its documentation advises:
// prefixes, one fuzzy edit in five letters, names above the rest.
import MiniSearch from "minisearch";

export const SETTINGS = { prefix: true, fuzzy: 0.2, boost: { name: 4, keywords: 2, description: 2, readme: 0.5 } };

/** Returns a function from a question to the labels of its first results. */
export function build(records) {
  const engine = new MiniSearch({ fields: ["name", "keywords", "description", "readme"], searchOptions: SETTINGS });
  engine.addAll(records.map(({ name, keywords, description, readme }, id) => ({ id, name, keywords: keywords.join(" "), description, readme })));
  return (text, limit = 10) => engine.search(text).slice(0, limit).map(({ id }) => records[id].label);
}
