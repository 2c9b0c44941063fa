import { cp } from "node:fs/promises";
import { join } from "node:path";
import { CliError } from "../errors.js";
import { builtSources, type Layout } from "./layout.js";

/**
 * Copies what `assets` names beside the compiled files.
 *
 * @returns how many files.
 * @throws CliError `CLI_FILE`
 */
export async function copyAssets(layout: Layout): Promise<number> {
  const { assets } = layout.project.compilerOptions;
  if (assets.length === 0) return 0;
  const { findFiles } = await import("./find-files.js");
  const found = await findFiles(assets, layout.sources);
  const target = builtSources(layout);
  for (const path of found) await copy(join(layout.sources, path), join(target, path));
  return found.length;
}

async function copy(from: string, to: string): Promise<void> {
  try {
    await cp(from, to, { recursive: true });
  } catch (cause) {
    throw new CliError("CLI_FILE", { values: { path: to, done: "written" }, cause });
  }
}
