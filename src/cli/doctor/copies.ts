import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { findInstalled } from "../info/installed.js";
import type { Check, Finding } from "./check.js";

/** Packages that keep what decorators wrote, and what becomes of it when there are several. */
const PACKAGES: readonly { readonly name: string; readonly level: Finding["level"]; readonly consequence: string }[] = [
  { name: "rookery", level: "error", consequence: "gateways of one copy are unknown to the other" },
  { name: "class-transformer", level: "error", consequence: "@Type() of one copy is unknown to the other" },
  { name: "reflect-metadata", level: "warning", consequence: "copies before 0.2 do not see each other's metadata" },
  { name: "inversify", level: "warning", consequence: "what a class of one copy is told, the other does not see" },
];

const MEND =
  "See npm ls {name}: bring the versions together, then npm dedupe; install rookery as a copy, not as a link.";

/** Several copies of what has to be there once. */
export const copiesCheck: Check = {
  name: "copies",
  look: ({ workspace: { root } }) =>
    PACKAGES.flatMap(({ name, level, consequence }): Finding[] => {
      const copies = copiesOf(name, root);
      if (copies.length === 0) return [];
      if (copies.length === 1) return [{ level: "ok", message: `one copy of ${name}` }];
      const places = copies.map((folder) => `${folder} (${versionIn(folder)})`).join(", ");
      const message = `${copies.length} copies of ${name}: ${consequence}: ${places}`;
      return [{ level, message, mend: MEND.replace("{name}", name) }];
    }),
};

/** Folders of all copies that the project, or what is linked into it, can get. */
function copiesOf(name: string, root: string): string[] {
  const found = new Set<string>();
  const rookery = findInstalled("rookery", root)?.folder;
  const homes = rookery === undefined ? [root] : [root, realpathSync(rookery)];
  for (const home of homes) {
    const installed = findInstalled(name, home);
    if (installed !== undefined) found.add(realpathSync(installed.folder));
  }
  collect(join(root, "node_modules"), name, { found, seen: new Set() });
  return [...found].sort();
}

interface Search {
  readonly found: Set<string>;
  readonly seen: Set<string>;
}

/** Goes through a node_modules folder and those within it; links lead to where something else is looked at anyway. */
function collect(modules: string, name: string, search: Search): void {
  if (!existsSync(modules) || search.seen.has(realpathSync(modules))) return;
  search.seen.add(realpathSync(modules));
  if (existsSync(join(modules, name, "package.json"))) search.found.add(realpathSync(join(modules, name)));
  for (const folder of foldersIn(modules)) {
    const path = join(modules, folder);
    // A scope, or the store of pnpm, holds packages.
    const packages =
      folder.startsWith("@") || folder === ".pnpm" ? foldersIn(path).map((each) => join(path, each)) : [path];
    for (const each of packages) collect(join(each, "node_modules"), name, search);
  }
}

function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

function versionIn(folder: string): string {
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { readonly version?: string };
  return version ?? "no version";
}
