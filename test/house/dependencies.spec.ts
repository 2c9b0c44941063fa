import { readFileSync } from "node:fs";
import { join } from "node:path";

const repository = join(__dirname, "../..");
const page = readFileSync(join(repository, "docs/dependencies.md"), "utf8");
const manifest = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as Record<
  "dependencies" | "peerDependencies" | "devDependencies",
  Record<string, string>
>;

describe("docs/dependencies.md", () => {
  it.each([
    ["Runtime", manifest.dependencies],
    ["Peer", manifest.peerDependencies],
    ["Development", manifest.devDependencies],
  ])("lists under %s exactly what package.json does, each with a reason", (heading, dependencies) => {
    expect(packagesUnder(heading)).toEqual(Object.keys(dependencies).sort());
  });
});

/** Packages in the table of a section; a row without a reason is none. */
function packagesUnder(heading: string): string[] {
  const [, section = ""] = page.split(new RegExp(`^## ${heading}$`, "m"));
  const [table = ""] = section.split(/^## /m);
  return [...table.matchAll(/^\| `([^`]+)` +\| \S.* \|$/gm)].map(([, name = ""]) => name);
}
