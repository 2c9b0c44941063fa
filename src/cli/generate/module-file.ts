import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { CliError } from "../errors.js";
import { isWithin } from "./folders.js";

const SUFFIX = ".module.ts";

/**
 * The module that a class in `folder` belongs to: that of the folder, or of the nearest one above it.
 *
 * @param sources - where the search ends.
 * @param own - the file that is being generated, which cannot be its own module.
 * @throws CliError `CLI_NO_MODULE`
 */
export function nearestModule(folder: string, sources: string, own: string): string {
  for (let each = folder; isWithin(sources, each); each = dirname(each)) {
    const found = modulesIn(each).filter((path) => path !== own);
    if (found.length > 0) return chooseFrom(found, each);
  }
  const problem = `there is no module in ${folder} or above it`;
  throw new CliError("CLI_NO_MODULE", { values: { problem, mend: "Make one by rookery generate module" } });
}

function modulesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => join(folder, name));
}

function chooseFrom(found: readonly string[], folder: string): string {
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const expected = [`${basename(folder)}${SUFFIX}`, `app${SUFFIX}`];
  const chosen = found.find((path) => expected.includes(basename(path)));
  if (chosen !== undefined) return chosen;
  const problem = `${folder} has several modules: ${found.map((path) => basename(path)).join(", ")}`;
  throw new CliError("CLI_NO_MODULE", { values: { problem, mend: "Name one by --module" } });
}
