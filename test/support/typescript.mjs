/**
 * Lets a process that a test starts run TypeScript: `node --import ./test/support/typescript.mjs server.ts`. The options
 * are those that jest compiles the tests with, so a fresh clone needs no build and nothing is left on the disk.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire, register } from "node:module";
import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";

const { moduleNameMapper, transform } = createRequire(import.meta.url)("../../jest.config.cjs");
const [, options] = Object.values(transform)[0];
const source = (path) => new URL(path.replace("<rootDir>/", "../../"), import.meta.url).href;
const ownEntries = new Map(
  Object.entries(moduleNameMapper)
    .filter(([, path]) => typeof path === "string")
    .map(([pattern, path]) => [pattern.slice(1, -1), source(path)]),
);

// Hooks live in a thread of their own, which loads this module again.
if (isMainThread) register(import.meta.url);

export function resolve(specifier, context, next) {
  const own = ownEntries.get(specifier);
  if (own !== undefined) return { url: own, shortCircuit: true };
  if (/^\.{1,2}\/.*\.js$/.test(specifier)) {
    const url = new URL(specifier.replace(/\.js$/, ".ts"), context.parentURL);
    if (existsSync(url)) return { url: url.href, shortCircuit: true };
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.endsWith(".ts")) return next(url, context);
  const { transform: compile } = await import("@swc/core");
  const { code } = await compile(await readFile(new URL(url), "utf8"), {
    ...options,
    filename: fileURLToPath(url),
    module: { type: "es6" },
  });
  return { format: "module", source: code, shortCircuit: true };
}
