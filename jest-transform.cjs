/**
 * How the preset compiles a file: what jest can load as it is, the CommonJS of packages, is left alone; ES modules of
 * packages become CommonJS, and so does the app, with its decorators.
 */
const { existsSync, readFileSync } = require("node:fs");
const { dirname, extname, join } = require("node:path");
const { createTransformer } = require("@swc/jest");

/** By folder: whether `.js` files there are ES modules. */
const moduleFolders = new Map();

module.exports = {
  createTransformer(options) {
    const app = createTransformer(options);
    // TypeScript reads a few expressions of JavaScript in another way.
    const jsc = { ...options.jsc, parser: { syntax: "ecmascript" }, transform: {} };
    const packages = createTransformer({ ...options, jsc });
    return {
      ...app,
      process(source, file, context) {
        if (!isOfPackage(file)) return app.process(source, file, context);
        return isModule(file) ? packages.process(source, file, context) : { code: source };
      },
    };
  },
};

function isOfPackage(file) {
  return /[\\/]node_modules[\\/]/.test(file);
}

function isModule(file) {
  const extension = extname(file);
  return extension === ".mjs" || (extension === ".js" && isModuleFolder(dirname(file)));
}

/** As Node decides it: by the nearest package.json. */
function isModuleFolder(folder) {
  let answer = moduleFolders.get(folder);
  if (answer === undefined) {
    const manifest = join(folder, "package.json");
    const parent = dirname(folder);
    if (existsSync(manifest)) answer = JSON.parse(readFileSync(manifest, "utf8")).type === "module";
    else answer = parent !== folder && isModuleFolder(parent);
    moduleFolders.set(folder, answer);
  }
  return answer;
}
