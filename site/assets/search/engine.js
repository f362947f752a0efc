// Answers questions from the files under search/, in the steps of src/search/engine.rs.
// What is in the files is told in the documentation, under "Search format".
// A page runs it in a worker, so that typing never waits for it.
const RUN = /[\p{Alphabetic}\p{N}]+/gu;
const DENSE = /([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{2fa1f}]+)/u;
const FACETS = "kind category license pricing level platform score status".split(" ");
const CARD = "id name tagline version kind category publisher level license pricing status rating updated dependents".split(" ");
// Bytes of tails that are read where not every match is needed.
const TAILS = 32e3;

const fold = (text) =>
  text.normalize("NFKD").toLowerCase().replace(/[\u0300-\u036f\u3099\u309a]/g, "").replaceAll("ς", "σ");
const letters = (text) => [...text].length;
const withoutE = (word) => word.replace(/(^|[^aeiou])e$/, "$1");

export const keyOf = (text) => (fold(text).match(RUN) ?? []).join("");

export const wordsOf = (text) => (fold(text).match(RUN) ?? []).flatMap((run) => run.split(DENSE).flatMap((part, at) => {
  const all = [...part];
  if (at % 2 && all[1]) return all.slice(1).map((letter, before) => all[before] + letter);
  return part && all.length < 41 ? part : [];
}));

export function stem(word) {
  if (!/^[a-z]{4,}$/.test(word)) return word;
  const singular = word.match(/^(.+[^aeiou])(?:ies|y)$/)?.[1];
  if (singular) word = singular;
  else if (/(ch|sh|ss|x|z)es$/.test(word)) word = word.slice(0, -2);
  else if (/[^sui]s$/.test(word)) word = word.slice(0, -1);
  const rest = word.length > 5 && !/eed$/.test(word) && word.match(/^(.{4,})(?:ing|ed)$/)?.[1];
  if (rest && /[aeiouy]/.test(rest)) return /([^lsz])\1$/.test(rest) ? rest.slice(0, -1) : withoutE(rest);
  return word.length > 4 ? withoutE(word) : word;
}

// Edits between two words, a transposition counting as one.
function distance(a, b) {
  let [before, row] = [[], [...b, 0].map((_, at) => at)];
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] !== b[j - 1]));
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    [before, row] = [row, next];
  }
  return row[b.length];
}

const edits = (word) => (letters(word) < 4 ? 0 : letters(word) < 8 ? 1 : 2);

function hash(text) {
  let sum = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  return sum >>> 0;
}

// Bytes read from the front.
const reader = (bytes, at = 0) => ({
  left: () => at < bytes.length,
  byte: () => bytes[at++],
  bytes: (count) => bytes.subarray(at, (at += count)),
  number() {
    let sum = 0;
    for (let unit = 1, byte = 128; byte > 127; unit *= 128) sum += ((byte = bytes[at++]) & 127) * unit;
    return sum;
  },
  // Ascending numbers, told by their gaps.
  ascending(count) {
    const numbers = new Uint32Array(count);
    for (let next = 0, to = 0; to < count; next += 1) {
      for (let shift = 0, byte = 128; byte > 127; shift += 7) next += ((byte = bytes[at++]) & 127) << shift;
      numbers[to++] = next;
    }
    return numbers;
  },
});
const times = (count, what) => Array.from({ length: count }, what);
const decoder = new TextDecoder();
const encoder = new TextEncoder();
const textOf = (bytes) => decoder.decode(bytes);
// Bytes of Base64. This runs once, when a call for each letter would be slow.
function encoded(text) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at += 1) bytes[at] = letters.charCodeAt(at);
  return bytes;
}
const nameOf = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// Groups of packages: a level, 32 more unless they come last, and their numbers.
function list(from) {
  return times(from.number(), () => {
    const group = from.byte();
    return [group, from.ascending(from.number())];
  });
}

const NOTHING = { names: [], packages: 0, word: [], tails: [] };

function entry(body) {
  const from = reader(body);
  const flags = from.byte();
  const found = { ...NOTHING, names: flags & 1 ? list(from) : [] };
  if (flags & 2) {
    found.packages = from.number();
    found.word = list(from);
  }
  if (flags & 8) found.tails = times(from.number(), () => [nameOf(from.bytes(6)), from.number(), from.byte()]);
  if (flags & 4) {
    found.longer = times(from.number(), () => [from.number(), from.number(), from.byte()]);
    found.longerWords = times(from.number(), () => textOf(from.bytes(from.number())));
  }
  return flags & 16 ? { ...found, packages: from.number() } : found;
}

function parse(asked) {
  const question = { without: [], filters: {} };
  const plain = asked.slice(0, 1000).replace(/(?<!\S)-"([^"]*)"?/g, (_, words) => words.replace(/\S+/g, "-$& ")).split('"').flatMap((piece, at) => (at % 2 ? piece : piece.split(/\s+/))).filter((part) => {
    const [, name, value] = part.match(/^([a-z]+):(.+)/) ?? [];
    if (/^-./.test(part)) question.without.push(...wordsOf(part).map(stem));
    else if (name === "publisher" || FACETS.includes(name)) (question.filters[name] ??= []).push(value.toLowerCase());
    else return part;
  }).join(" ").trim();
  const labels = /^[a-z][a-z\d-]*(\.[a-z][a-z\d-]*){2,}$/i.test(plain) && plain.split(".");
  const bare = keyOf(fold(plain).replace(/[\d._@ -]+$/, "").replace(/(?<![a-z\d])v$/, ""));
  return {
    ...question,
    text: labels ? labels.slice(1).join(" ") : plain,
    id: labels && plain.toLowerCase(),
    key: keyOf(labels ? labels.at(-1) : plain),
    bare: /\d$/.test(plain) && letters(bare) > 1 && bare,
  };
}

export function openSearch(base) {
  const files = new Map();
  const parsed = new Map();
  let head;

  async function unpacked(bytes) {
    const { writable, readable } = new DecompressionStream("deflate-raw");
    const to = writable.getWriter();
    // What cannot be read is told by the other end.
    Promise.all([to.write(bytes), to.close()]).catch(() => {});
    return new Uint8Array(await new Response(readable).arrayBuffer());
  }

  async function fetched(path) {
    const answer = await fetch(`${base}search/${path}`);
    if (!answer.ok) throw new Error(path);
    return unpacked(await answer.arrayBuffer());
  }

  // What failed is asked for again the next time, and the head too: the site may have changed.
  const kept = (map, key, make) => {
    if (!map.has(key)) map.set(key, make().catch((error) => { map.delete(key); files.delete(""); throw error; }));
    return map.get(key);
  };
  const file = (path) => kept(files, path, () => fetched(path));

  const prefetch = () => kept(files, "", async () => {
    const bytes = await fetched("head.bin");
    const end = bytes.indexOf(10);
    head = JSON.parse(textOf(bytes.subarray(0, end)));
    if (head.v !== 3) throw new Error(head.v);
    for (const name of ["blocks", "shards"]) head[name] = encoded(head[name]);
    let bound = "";
    head.bounds = (head.bounds.match(/\S+/g) ?? []).map((part) => (bound = bound.slice(0, parseInt(part[0], 36)) + part.slice(1)));
    const from = reader(bytes, end + 1);
    for (const [path, count] of head.inside) files.set(path, unpacked(from.bytes(count)));
  });

  // A shard as its keys, in order, with their bodies.
  const shard = (name) => kept(parsed, name, async () => {
    const from = reader(await file(name));
    const keys = new Map();
    const key = new Uint8Array(4096);
    while (from.left()) {
      const shared = from.number();
      const rest = from.bytes(from.number());
      key.set(rest, shared);
      keys.set(textOf(key.subarray(0, shared + rest.length)), from.bytes(from.number()));
    }
    return keys;
  });

  const nth = (editions, at) => nameOf(editions.subarray(at * 3, at * 3 + 3));
  const data = (name) => file(`data/${name}`);

  function shardOf(key) {
    const after = head.bounds.findIndex((bound) => bound > key);
    const at = after < 0 ? head.bounds.length : after;
    return shard(`words/${nth(head.shards, at)}-${nameOf(encoder.encode(head.bounds[at - 1] ?? ""))}`);
  }

  async function lookUp(key) {
    const body = (await shardOf(key)).get(key);
    return body ? entry(body) : { ...NOTHING };
  }

  async function beginning(key) {
    const found = [];
    for (const [longer, body] of await shardOf(key)) {
      if (longer > key && longer.startsWith(key)) found.push([longer, entry(body)]);
    }
    return found;
  }

  async function near(word) {
    const most = edits(word);
    const all = [...word];
    const first = (all.length - 1) >> 1;
    const halves = [all.slice(0, first).join(""), all.slice(first + 1).join("")];
    const places = halves.map((half, at) => hash("<>"[at] + half) >>> (32 - head.near_bits));
    const found = new Map();
    const editions = await data(head.near);
    for (const keys of most ? await Promise.all(places.map((at) => shard(`near/${nth(editions, at)}-${at}`))) : []) {
      for (const [key, body] of keys) {
        if (!key.startsWith(halves[0]) && !key.endsWith(halves[1])) continue;
        const edited = Math.abs(key.length - word.length) > most ? 9 : distance(word, key);
        if (edited && edited <= most) found.set(key, [key, edited, entry(body)]);
      }
    }
    return [...found.values()];
  }

  const nearest = (found) => found.filter(([, edited]) => edited === Math.min(...found.map((one) => one[1])));
  const frequent = (words, most) =>
    words.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, most).map(([word]) => word);
  const rarity = (count) => Math.log(1 + (head.documents - count + 0.5) / (count + 0.5));

  const column = async (name) => times(head.documents, reader(await data(head.columns[name])).number);

  async function facet(name) {
    const bytes = await data(head.columns[name]);
    const end = bytes.indexOf(10);
    const from = reader(bytes, end + 1);
    return { ...JSON.parse(textOf(bytes.subarray(0, end))), rows: times(head.documents, from.number) };
  }

  // The steps of the ranking. Unless all matches are wanted, tails are read only while they
  // could change the best, and not many.
  async function tally(question, isAll, limit) {
    const { weights, documents } = head;
    const every = [...new Set(wordsOf(question.text))];
    const some = every.filter((word) => !head.stop_words.includes(word));
    const words = (some.length ? some : every).slice(0, 16);
    await Promise.all([question.key, question.bare, ...words.map(stem)].map((key) => key && shardOf(key)));
    const [points, named] = times(2, () => new Float64Array(documents));
    const has = new Uint32Array(documents);
    const isLast = new Uint8Array(documents);
    const all = 2 ** Math.max(words.length, 1) - 1;
    const entries = new Map();
    const word = async (key) => entries.get(key) ?? entries.set(key, await lookUp(key)).get(key);
    const touched = [];
    const touch = (number, mask, group) => {
      if (!has[number]) touched.push(number);
      has[number] |= mask;
      if (group < 32) isLast[number] = 1;
    };

    const asked = await Promise.all(words.map(async (text) => {
      const { packages } = await word(stem(text));
      const base = packages ? rarity(packages) : Math.min(rarity(0), weights.unknown);
      return { text, packages, base, variants: [[stem(text), 1, Infinity]] };
    }));
    const last = asked.at(-1);
    // Common words are not asked for beside others.
    const isCommon = ({ packages }) => packages > weights.common && packages * weights.common_share > documents;
    const telling = asked.filter((one) => !isCommon(one));
    const needed = telling.length ? telling : asked;
    const full = asked.length ? asked.reduce((sum, one, at) => needed.includes(one) ? sum + 2 ** at : sum, 0) : 1;
    const result = { points, has, full, packages: asked.length === 1 ? last.packages : 0 };

    // Reads what may stand for a word; what nobody has does not.
    const add = async (variants) => {
      await Promise.all(variants.map(([, key]) => shardOf(key)));
      for (const [one, key, ...rest] of variants) {
        if (key !== one.variants[0][0] && (await word(key)).packages) one.variants.push([key, ...rest]);
      }
    };

    async function longerWords() {
      if (!last || last.packages >= weights.rare || last.text.length < 3 && !/[^\0-\x7f]/.test(last.text)) return [];
      const own = await lookUp(last.text);
      const longer = own.longer ? own.longerWords.map((rest) => last.text + rest)
        : frequent((await beginning(last.text)).map(([key, { packages }]) => [key, packages]), weights.longer_words);
      return longer.map((key) => [last, key, weights.longer, last.base]);
    }

    const joinedWords = () => asked.slice(1).flatMap((one, at) => {
      const pair = [asked[at], one];
      const key = stem(pair[0].text + one.text);
      return pair.some(({ packages }) => packages < weights.rare) ? pair.map((each) => [each, key, weights.joined, Infinity]) : [];
    });

    if (asked.length === 2) await add(joinedWords());
    let isKnown = false;
    const name = (group, number, worth) => {
      const raised = worth < weights.exact ? worth * (1 + weights.standing * (group & 31)) : worth;
      named[number] = Math.max(named[number], raised);
      touch(number, all, group);
      isKnown = true;
    };
    const allNamed = (names, worth) => names.forEach(([group, numbers]) => numbers.forEach((number) => name(group, number, worth)));
    const typed = letters(question.key);
    const own = await lookUp(question.key);
    allNamed(own.names, weights.exact);
    const longer = own.longer ?? (question.key ? await beginning(question.key) : []).flatMap(([key, { names }]) =>
      names.flatMap(([group, numbers]) => [...numbers].map((number) => [letters(key), number, group])));
    const rank = ([length, , group]) => (1 + weights.standing * (group & 31)) / length - (group < 32 ? weights.demotion : 0);
    longer.sort((a, b) => rank(b) - rank(a) || a[1] - b[1]);
    for (const [length, number, group] of longer.slice(0, weights.longer_names)) name(group, number, weights.prefix * (typed / length));
    const isExact = own.names.length > 0;
    if (!isExact && question.bare) allNamed((await lookUp(question.bare)).names, weights.versioned);

    const valueOf = ([key, factor, most]) => factor * Math.min(rarity(entries.get(key).packages), most) / 16;

    // Adds the best of what stands for each word.
    function addWords() {
      points.fill(0);
      asked.forEach(({ variants }, at) => {
        const best = variants.length > 1 && new Map();
        for (const variant of variants) {
          const value = valueOf(variant);
          for (const [group, numbers] of entries.get(variant[0]).word) {
            const worth = value * (group & 31);
            for (let to = 0; to < numbers.length; to += 1) {
              const number = numbers[to];
              if (!has[number]) touched.push(number);
              has[number] |= 1 << at;
              if (group < 32) isLast[number] = 1;
              if (!best) points[number] += worth;
              else if (!(worth <= best.get(number))) best.set(number, worth);
            }
          }
        }
        for (const [number, worth] of best || []) points[number] += worth;
      });
    }

    const isWhole = (number) => (has[number] & full) === full;
    const whole = () => touched.filter(isWhole);
    // Entries with tails that count.
    const unread = () => [...new Set(asked.flatMap((one) => one.variants.map(([key]) => entries.get(key))
      .filter((found) => found.tails.length && (needed.includes(one) || !isCommon(found)))))];

    // Whether no package that a tail has could be among the best with all words.
    function isSettled() {
      const tops = asked.map(({ variants }) =>
        Math.max(...variants.map((variant) => valueOf(variant) * (entries.get(variant[0]).tails[0]?.[2] & 31))));
      // The most that tails can add to a package with these words, if they have all the others.
      const most = {};
      const rest = (mask) => most[mask] ??= tops.reduce((sum, top, at) => (mask & (1 << at) || !(full & (1 << at)) ? sum : sum + (top || -Infinity)), 0);
      let bound = rest(0);
      const all = [];
      for (const number of touched) {
        const sum = points[number];
        if (isWhole(number)) all.push(sum + named[number]);
        else bound = Math.max(bound, sum + rest(has[number]));
      }
      return bound < 0 || all.filter((sum) => sum >= bound).length >= Math.max(limit, weights.few);
    }

    async function readTails() {
      addWords();
      let left = isAll ? Infinity : TAILS;
      const bytesOf = ({ tails }) => tails.reduce((sum, [, bytes]) => sum + bytes, 0);
      const wanted = unread().sort((a, b) => bytesOf(a) - bytesOf(b)).filter((one) => (left -= bytesOf(one)) >= 0);
      if (!wanted.length || !isAll && (asked.length < 2 || isSettled())) return;
      await Promise.all(wanted.map(async (one) => {
        const lists = await Promise.all(one.tails.map(async ([path]) => list(reader(await data(path)))));
        one.word = one.word.concat(...lists);
        one.tails = [];
      }));
      addWords();
    }
    await readTails();

    if (!isExact && whole().length < weights.few) {
      await add([...await longerWords(), ...asked.length > 2 ? joinedWords() : []]);
      await readTails();
    }
    if (!isKnown && whole().length < (asked.every(({ packages }) => packages) ? 1 : weights.weak)) {
      const names = nearest((await near(question.key)).filter((one) => one[2].names.length));
      for (const [, edited, { names: found }] of names) allNamed(found, weights.near / edited);
      result.near = names.map(([key]) => key).sort()[0];
      // A name of several words with one of them misspelt is what was meant.
      const unknown = names.length && asked.length > 1 ? [] : asked.filter(({ packages }) => !packages);
      await add((await Promise.all(unknown.map(async (one) => {
        const found = nearest((await near(stem(one.text))).filter((each) => each[2].packages));
        return frequent(found.map(([key, , { packages }]) => [key, packages]), weights.near_words)
          .map((key) => [one, key, weights.misspelt, one.base]);
      }))).flat());
      for (const one of unknown) result.near ??= one.variants[1]?.[0];
      await readTails();
    }
    result.atLeast = asked.length > 1 && unread().length > 0;

    const total = asked.reduce((sum, { base }) => sum + base, 0);
    const shares = {};
    for (const number of result.touched = new Uint32Array(touched).sort()) {
      const mask = has[number];
      shares[mask] ??= total ? asked.reduce((sum, { base }, at) => (mask & (1 << at) ? sum + base : sum), 0) / total : 1;
      points[number] = points[number] * shares[mask] + named[number]
        + (isWhole(number) ? weights.all_words : 0) - (isLast[number] ? weights.demotion : 0);
    }
    result.words = [...entries.keys()].filter((key) => entries.get(key).packages);
    return result;
  }

  async function having(name, values) {
    if (name !== "publisher") {
      const { values: all, sets, rows } = await facet(name);
      const isWanted = sets.map((set) => set.some((value) => values.includes(all[value])));
      return rows.map((set) => isWanted[set]);
    }
    const has = [];
    for (const value of values) for (const number of await packagesWith(`publisher:${value}`)) has[number] = 1;
    return has;
  }

  async function packagesWith(key) {
    const { word, tails } = await lookUp(key);
    const rest = await Promise.all(tails.map(async ([path]) => list(reader(await data(path)))));
    return [word, ...rest].flat().flatMap(([, numbers]) => [...numbers]);
  }

  async function ask(text, { filters = {}, sort = "relevance", limit = 10 } = {}) {
    await prefetch();
    const question = parse(text);
    const chosen = Object.entries(filters).filter(([, values]) => values.length);
    const own = await Promise.all(Object.entries(question.filters).map((one) => having(...one)));
    for (const stems of question.without) {
      const unwanted = new Set(await packagesWith(stems));
      own.push(times(head.documents, (_, number) => !unwanted.has(number)));
    }
    const byFacet = new Map(await Promise.all(chosen.map(async ([name, values]) => [name, await having(name, values)])));
    const isAll = sort !== "relevance" || own.length + byFacet.size > 0;
    const found = question.text && await tally(question, isAll, limit);
    const answer = { question, limit, own, byFacet, found };
    const { whole, others } = matches(answer);
    const isSome = !whole.length && others.length > 0;
    const all = isSome ? others : whole;
    const best = (numbers, most) => {
      const { points } = found;
      const kept = [];
      let least = most ? -Infinity : Infinity;
      for (const number of numbers) {
        const sum = points[number];
        if (sum <= least) continue;
        kept.splice(kept.findLastIndex((one) => points[one] >= sum) + 1, 0, number);
        if (kept.length > most) kept.pop();
        if (kept.length === most) least = points[kept[most - 1]];
      }
      return kept;
    };
    let order = all.toReversed();
    if (sort === "relevance" && found) {
      order = best(all, limit);
      if (!isSome) order.push(...best(others, Math.max(0, Math.min(limit, 10) - order.length)));
    } else if (head.columns[sort]) {
      const values = await column(sort);
      order.sort((a, b) => values[b] - values[a] || b - a);
    }
    const words = found?.words ?? [];
    const cards = (await Promise.all(order.slice(0, limit).map((number) => card(number, words)))).sort((a, b) => (b.id === question.id) - (a.id === question.id));
    const near = all.length ? found?.near : null;
    const [spelt] = cards.flatMap(({ marked }) => marked.flat()).find(([piece]) => stem(keyOf(piece)) === near) ?? [near];
    return Object.assign(answer, {
      total: isAll || !found ? all.length : Math.max(all.length, found.packages),
      atLeast: found?.atLeast ?? false,
      some: isSome,
      near: spelt?.toLowerCase(),
      cards,
    });
  }

  // Packages with all the words, and those with some, that pass the filters, or all but one facet's.
  function matches({ own, byFacet, found }, except) {
    const sets = [...own, ...[...byFacet].filter(([name]) => name !== except).map(([, set]) => set)];
    const [whole, others] = [[], []];
    for (const number of found ? found.touched : Array(head.documents).keys()) {
      if (sets.length && sets.some((set) => !set[number])) continue;
      (!found || (found.has[number] & found.full) === found.full ? whole : others).push(number);
    }
    return { whole, others };
  }

  // A card, with the words in its texts marked.
  async function card(number, words) {
    const at = Math.floor(number / head.card);
    const lines = textOf(await file(`cards/${nth(head.blocks, Math.floor(at / head.block))}/${at}`)).split("\n");
    const values = lines.map((line) => line.split("\t")[number % head.card]);
    const found = Object.fromEntries(CARD.map((name, at) => [name, values[at]]));
    found.name ||= found.id.split(".").at(-1);
    found.marked = [found.name, found.tagline].map((part) => mark(part, words));
    return found;
  }

  // How many matches have each value of each facet, the filters of that facet itself left out.
  async function count(answer) {
    const { question, limit, found } = answer;
    const complete = { ...answer, found: found && await tally(question, true, limit) };
    const counts = {};
    for (const name of FACETS) {
      const { values, sets, rows } = await facet(name);
      const { whole, others } = matches(complete, name);
      counts[name] = {};
      for (const number of whole.length ? whole : others) {
        for (const value of sets[rows[number]]) counts[name][values[value]] = (counts[name][values[value]] ?? 0) + 1;
      }
    }
    return counts;
  }

  return { prefetch, ask, count };
}

// Pieces of a text, and whether each is a word that was found.
const mark = (text, words) => text.split(new RegExp(`(${RUN.source})`, "u"))
  .map((piece) => [piece, wordsOf(piece).some((word) => words.includes(stem(word)))]);

// In a worker: a message is a number, the address of the site, and what to do; the answer has
// the number, and what came of it or what went wrong. What is counted is the last question.
if (globalThis.WorkerGlobalScope) {
  let engine, answer;
  let last = 0;
  onmessage = async ({ data: [number, base, text, options] }) => {
    engine ??= openSearch(base);
    try {
      if (options) {
        const made = await engine.ask(text, options);
        if (number > last) [last, answer] = [number, made];
        const { total, atLeast, some, near, cards } = made;
        postMessage([number, { total, atLeast, some, near, cards }]);
      } else postMessage([number, await (text ? engine.count(answer) : engine.prefetch())]);
    } catch (error) {
      postMessage([number, 0, `${error}`]);
    }
  };
}
