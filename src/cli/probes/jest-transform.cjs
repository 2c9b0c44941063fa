/**
 * Compiles a piece of TypeScript as the project's jest does, and sends the result to the process that asks.
 *
 * It is a program of its own, which runs beside the project's own copy of jest; the package ships it as it stands.
 */
const { createRequire } = require("node:module");
const { join } = require("node:path");

const [root, source] = process.argv.slice(2);
const fromProject = createRequire(join(root, "package.json"));
const fromJest = createRequire(fromProject.resolve("jest"));
const fromCore = createRequire(fromJest.resolve("@jest/core"));

async function compile() {
  const { readConfig } = fromCore("jest-config");
  const { createScriptTransformer } = fromCore("@jest/transform");
  const { projectConfig } = await readConfig({ _: [], $0: "jest" }, root);
  const transformer = await createScriptTransformer(projectConfig, new Map());
  const options = { instrument: false, supportsDynamicImport: true, supportsStaticESM: false };
  return transformer.transformSourceAsync(join(root, "rookery-doctor.ts"), source, options);
}

compile().then(
  ({ code }) => process.send(code, () => process.exit(0)),
  (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  },
);
