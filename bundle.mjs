/**
 * Joins what `tsc` has written into one file for each layer; the types stay as they are. An application then opens a few
 * files at its start in place of seven hundred, half of which are inversify's: that file by file is most of a start.
 *
 * `node bundle.mjs [folder]`, of `dist` unless another is given.
 */
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { build } from "esbuild";

/** Each is entered through its index alone; what lies between them stays a file, and the CLI loads itself piece by piece. */
const LAYERS = ["common", "engineio", "socketio", "eio3", "framework", "testing"];

/** Packages that are joined in; all others are loaded from where the application has them. */
const JOINED = /^(?:inversify$|@inversifyjs\/)/;

const installed = join(import.meta.dirname, "node_modules");
const dist = resolve(process.argv[2] ?? join(import.meta.dirname, "dist"));

for (const layer of LAYERS) await joinLayer(join(dist, layer));

async function joinLayer(folder) {
  const joined = `${folder}.joined`;
  const { metafile } = await build({
    entryPoints: [join(folder, "index.js")],
    outdir: joined,
    bundle: true,
    // What is imported when it is needed stays a file of its own.
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    sourcemap: true,
    metafile: true,
    logLevel: "warning",
    nodePaths: [installed],
    // `sideEffects` of package.json speaks of the files that are being made.
    ignoreAnnotations: true,
    plugins: [{ name: "layer", setup: ({ onResolve }) => keepOutside(folder, onResolve) }],
  });
  const written = readdirSync(folder, { recursive: true, encoding: "utf8" });
  for (const file of written) if (/\.js(?:\.map)?$/.test(file)) rmSync(join(folder, file));
  for (const file of readdirSync(joined)) renameSync(join(joined, file), join(folder, file));
  rmSync(joined, { recursive: true });
  writeLicenses(folder, Object.keys(metafile.inputs));
}

/** Leaves packages and other layers to be imported, these from where the joined file will lie. */
function keepOutside(folder, onResolve) {
  onResolve({ filter: /^[^.]/ }, ({ path, kind }) => {
    return kind === "entry-point" || JOINED.test(path) ? undefined : { path, external: true };
  });
  onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
    const file = resolve(resolveDir, path);
    if (!file.startsWith(dist + sep) || file.startsWith(folder + sep)) return undefined;
    return { path: relative(folder, file).replaceAll("\\", "/"), external: true };
  });
}

/** What the licenses of joined packages ask for: their text, next to their code. */
function writeLicenses(folder, inputs) {
  const homes = inputs.flatMap((input) => /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? []);
  const texts = [...new Set(homes)].sort().map((home) => {
    const license = readFileSync(resolve(home, "LICENSE"), "utf8");
    return `${relative(installed, resolve(home)).replaceAll("\\", "/")}\n\n${license.trim()}\n`;
  });
  if (texts.length > 0) writeFileSync(join(folder, "LICENSES.txt"), texts.join("\n\n"));
}
