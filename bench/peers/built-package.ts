import { readdirSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";

/** From `bench/dist/peers/`, where this file is compiled to. */
const DEFAULT_DIST = resolve(import.meta.dirname, "../../../dist");

/**
 * Loads a file of the built package: what is published is what is measured. The server process is told in
 * `ROOKERY_BUILD` when it has to be another build's folder.
 */
export async function importBuilt<Module>(file: string): Promise<Module> {
  return (await import(pathToFileURL(resolve(builtFolder(), file)).href)) as Module;
}

/** Loads what a layer imports when it needs it: the build writes `name-HASH.js` beside the layer's index. */
export async function importLazyPart<Module>(layer: string, name: string): Promise<Module> {
  const isPart = (file: string): boolean => file.startsWith(`${name}-`) && file.endsWith(".js");
  const file = readdirSync(resolve(builtFolder(), layer)).find(isPart) ?? `${name}.js`;
  return importBuilt(`${layer}/${file}`);
}

function builtFolder(): string {
  return resolve(process.env.ROOKERY_BUILD ?? DEFAULT_DIST);
}
