// Seeded numbers and the figures of a sample: the same seed asks the same questions.

/** Returns a function that gives a whole number below `end` (xorshift32 of Marsaglia). */
export function seeded(seed) {
  let state = (Math.imul(seed + 1, 0x9e3779b1) | 1) >>> 0;
  return (end) => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return Math.floor((state / 2 ** 32) * end);
  };
}

/** Returns `count` different items in a random order. */
export function sample(items, count, below) {
  const all = [...items];
  const taken = Math.min(count, all.length);
  for (let at = 0; at < taken; at += 1) {
    const other = at + below(all.length - at);
    [all[at], all[other]] = [all[other], all[at]];
  }
  return all.slice(0, taken);
}

/** Returns the value that this share of the sample does not exceed. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** Median, 95th percentile and maximum, as cells of a table. */
export function spread(values, print = (value) => value.toFixed(1)) {
  if (values.length === 0) return ["", "", ""];
  return [quantile(values, 0.5), quantile(values, 0.95), quantile(values, 1)].map(print);
}
