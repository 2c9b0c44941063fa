import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { CliError } from "../errors.js";
import type { Generator } from "../generators/generator.js";
import { GENERATORS, type GeneratorEntry } from "../generators/index.js";
import { findInstalled } from "../info/installed.js";
import { suggest } from "../near.js";

const DEFAULT_ENTRIES = ["index.js", "index.mjs"];

/** Where own generators are looked for. */
interface Home {
  /** Absolute path of the workspace. */
  readonly root: string;
  /** As in nest-cli-like.json. */
  readonly collections: readonly string[];
}

/**
 * Every generator that can be called: those of the collections, the last one first, then Rookery's own.
 *
 * @throws CliError `CLI_BAD_COLLECTION`
 */
export async function generatorsOf({ root, collections }: Home): Promise<GeneratorEntry[]> {
  const loaded = await Promise.all(collections.map((name) => loadCollection(name, root)));
  const own = loaded.reverse().flat();
  return [...own.map((generator) => ({ ...generator, load: () => Promise.resolve(generator) })), ...GENERATORS];
}

/** @throws CliError `CLI_UNKNOWN_KIND` */
export async function chooseGenerator(kind: string, generators: readonly GeneratorEntry[]): Promise<Generator> {
  const found = generators.find((each) => each.kind === kind || each.aliases?.includes(kind) === true);
  if (found !== undefined) return found.load();
  const mend = suggest(kind, [...new Set(generators.map((each) => each.kind))]);
  throw new CliError("CLI_UNKNOWN_KIND", { values: { kind, mend } });
}

async function loadCollection(collection: string, root: string): Promise<Generator[]> {
  const entry = findEntry(collection, root);
  const exported = await importFrom(entry, collection);
  if (!Array.isArray(exported)) throw badCollection(collection, "exports no list called generators");
  const wrong = exported.findIndex((each) => !isGenerator(each));
  if (wrong < 0) return exported as Generator[];
  throw badCollection(collection, `exports as generators[${wrong}] what has no kind, summary and files()`);
}

async function importFrom(entry: string, collection: string): Promise<unknown> {
  try {
    const { generators } = (await import(pathToFileURL(entry).href)) as { readonly generators?: unknown };
    return generators;
  } catch (cause) {
    throw badCollection(collection, `cannot be loaded from ${entry}`, cause);
  }
}

/** The `generators` of its package.json, or else index.js. */
function findEntry(collection: string, root: string): string {
  const folder = collection.startsWith(".") ? resolve(root, collection) : findInstalled(collection, root)?.folder;
  if (folder === undefined) throw badCollection(collection, "is not installed");
  if (!existsSync(folder)) throw badCollection(collection, "is not there");
  const named = entryIn(join(folder, "package.json"));
  const names = named === undefined ? DEFAULT_ENTRIES : [named];
  const entry = names.map((name) => join(folder, name)).find((path) => existsSync(path));
  if (entry === undefined) throw badCollection(collection, `has no ${names.join(" and no ")}`);
  return entry;
}

function entryIn(manifest: string): string | undefined {
  if (!existsSync(manifest)) return undefined;
  return (JSON.parse(readFileSync(manifest, "utf8")) as { readonly generators?: string }).generators;
}

function isGenerator(value: unknown): value is Generator {
  if (typeof value !== "object" || value === null) return false;
  const { kind, summary, files } = value as Partial<Record<keyof Generator, unknown>>;
  return typeof kind === "string" && typeof summary === "string" && typeof files === "function";
}

function badCollection(collection: string, problem: string, cause?: unknown): CliError {
  return new CliError("CLI_BAD_COLLECTION", { values: { collection, problem }, cause });
}
