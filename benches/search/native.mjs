// The native engine: one process a question.
import { execFile } from "node:child_process";
import { binary } from "./arguments.mjs";

/** The arguments of one question. */
export const command = (site, text, limit = 10) => ["search", "--site", site, "--format", "json", "-n", String(limit), "--", text];

/** Returns the ids of the first results. */
export function ask(site, text, limit = 10) {
  return new Promise((resolve, reject) => {
    execFile(binary, command(site, text, limit), { maxBuffer: 1 << 26 }, (error, output, said) => {
      // 1 says that nothing was found.
      if (error && error.code !== 1) reject(new Error(`shelfmark search "${text}": ${said || error.message}`));
      else resolve(output.trim() === "" ? [] : JSON.parse(output).results.map(({ id }) => id));
    });
  });
}

/** Asks many questions, two at a time. */
export async function askAll(site, texts) {
  const answers = new Array(texts.length);
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < texts.length; at = next++) answers[at] = await ask(site, texts[at]);
  };
  await Promise.all([worker(), worker()]);
  return answers;
}
