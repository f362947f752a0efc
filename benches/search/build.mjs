// What a build writes for search, what it costs, and how much of it is written anew
// when one package changes its tagline and has a new version with the same README.
//
//   node benches/search/build.mjs --registry DIR [--work DIR]
//
// WORK (/dev/shm) takes a folder with a site and a copy of the registry, of hard links where both are on one disk.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { binary, finish, options, stop, table } from "./arguments.mjs";

const given = options({ registry: null, work: "/dev/shm" });
if (!existsSync("/usr/bin/time")) stop("install Debian's package time");
const work = mkdtempSync(path.join(given.work, "shelfmark-search-build-"));
process.once("exit", () => rmSync(work, { recursive: true, force: true }));
const [registry, site, state] = ["registry", "site", "state"].map((name) => path.join(work, name));
const isOneDisk = statSync(given.registry).dev === statSync(work).dev;
execFileSync("cp", [isOneDisk ? "-al" : "-a", path.resolve(given.registry), registry]);

/** Builds, and returns [seconds, MiB] of the whole command. */
function build() {
  const figures = path.join(work, "time");
  execFileSync("/usr/bin/time", ["-f", "%e %M", "-o", figures, binary, "--quiet", "build", "--registry", registry, "--out", site, "--state", state], { stdio: ["ignore", "ignore", "inherit"] });
  const [seconds, kibibytes] = readFileSync(figures, "utf8").trim().split(" ").map(Number);
  return [seconds.toFixed(2), (kibibytes / 1024).toFixed(0)];
}

/** Path to size and time of change of every file under search/. */
function files() {
  const folder = path.join(site, "search");
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(entries.map((entry) => {
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    const { size, mtimeNs, ino } = statSync(file, { bigint: true });
    return [path.relative(folder, file), { size: Number(size), mark: `${mtimeNs} ${ino}` }];
  }));
}

/** Writes a file of the copy; its hard link, the original, stays as it is. */
function replace(file, change) {
  const text = change(readFileSync(file, "utf8"));
  rmSync(file);
  writeFileSync(file, text);
}

/** Gives one package with a README another tagline and a new version. */
function change() {
  const ids = readdirSync(path.join(registry, "sources")).sort();
  const id = ids[Math.floor(ids.length / 2)];
  const folder = path.join(registry, "packages", ...id.split(".").slice(0, 2), id);
  const version = readdirSync(path.join(registry, "sources", id))[0];
  const [major, minor, patch] = version.split(".").map(Number);
  const next = `${major}.${minor}.${patch + 1}`;
  const source = path.join(registry, "sources", id, next);
  cpSync(path.join(registry, "sources", id, version), source, { recursive: true });
  const release = path.join(folder, `${next}.toml`);
  cpSync(path.join(folder, `${version}.toml`), release);
  const renewed = (text) => text.replace(/^version = .*/m, `version = "${next}"`).replace(/^source-version.*\n/m, "");
  replace(path.join(source, "shelfmark.toml"), renewed);
  replace(release, (text) => renewed(text).replace(/^tree = .*/m, `tree = "sources/${id}/${next}"`));
  replace(path.join(folder, "package.toml"), (text) => text.replace(/^tagline = .*/m, `tagline = "Another line about what it is for"`));
  execFileSync(binary, ["--quiet", "pack", source, "--record", release], { stdio: ["ignore", "ignore", "inherit"] });
  return `${id} ${version} → ${next}`;
}

const first = build();
const before = files();
const changed = change();
const second = build();
const after = files();

const groups = { "tantivy/": (name) => name.startsWith("tantivy/"), "cards/": (name) => name.startsWith("cards/"), "the rest": (name) => !/^(tantivy|cards)\//.test(name), "all": () => true };
const rows = Object.entries(groups).map(([title, isIn]) => {
  const names = [...before.keys()].filter(isIn);
  const written = [...after].filter(([name, { mark }]) => isIn(name) && before.get(name)?.mark !== mark);
  const gone = names.filter((name) => !after.has(name)).length;
  const bytes = (entries) => `${(entries.reduce((sum, { size }) => sum + size, 0) / 1e6).toFixed(2)} MB`;
  return [title, names.length, bytes(names.map((name) => before.get(name))), written.length, gone, bytes(written.map(([, file]) => file))];
});
console.log(`### Build: ${path.basename(given.registry)}\n`);
table(["under search/", "files", "bytes", "written after a change", "removed", "bytes written"], rows);
table(["whole command", "s", "MiB"], [["first build", ...first], [`after ${changed}`, ...second]]);
finish();
