/**
 * Prints, as JSON, the names of the boundary rules that each of the given folders breaks.
 *
 *   node test/house/cruise.mjs <folder>…
 *
 * A script of its own because dependency-cruiser is ESM-only; one process for all folders because starting it takes
 * longer than cruising a folder.
 */
import { cruise } from "dependency-cruiser";
import config from "../../.dependency-cruiser.cjs";

const broken = [];
for (const baseDir of process.argv.slice(2)) {
  const options = { ...config.options, ruleSet: config, validate: true, baseDir };
  // The folders borrow this repository's node_modules by a link, which must keep its name.
  const { output } = await cruise(["src"], options, { symlinks: false });
  broken.push([...new Set(output.summary.violations.map(({ rule }) => rule.name))]);
}
process.stdout.write(JSON.stringify(broken));
