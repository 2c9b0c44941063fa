import { pathToFileURL } from "node:url";
import { resolve } from "node:path";

/** From `bench/dist/peers/`, where this file is compiled to. */
const DEFAULT_DIST = resolve(import.meta.dirname, "../../../dist");

/**
 * Loads a file of the built package: what is published is what is measured. The server process is told in
 * `ROOKERY_BUILD` when it has to be another build's folder.
 */
export async function importBuilt<Module>(file: string): Promise<Module> {
  const folder = resolve(process.env.ROOKERY_BUILD ?? DEFAULT_DIST);
  return (await import(pathToFileURL(resolve(folder, file)).href)) as Module;
}
