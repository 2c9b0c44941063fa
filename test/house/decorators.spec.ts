import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as rookery from "rookery";

const repository = join(__dirname, "../..");
const folder = join(repository, "src/framework/decorators");
const page = readFileSync(join(repository, "docs/decorators.md"), "utf8");

const PLACES = ["class", "constructor parameter", "method", "parameter", "property"];

describe("docs/decorators.md", () => {
  it("lists every decorator that the package exports, once, and no other", () => {
    expect(
      rows()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(decorators());
  });

  it("says of each where it stands", () => {
    for (const { name, places } of rows()) {
      expect([name, places.filter((place) => !PLACES.includes(place))]).toEqual([name, []]);
    }
  });
});

describe("the decorators of src/framework/decorators", () => {
  it("are all exported by the package", () => {
    expect(decorators().filter((name) => !(name in rookery))).toEqual([]);
  });
});

/** What the files of the folder export under a name that begins like a decorator's. */
function decorators(): string[] {
  const modules = readdirSync(folder).map(
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- which files there are is read from the disk
    (file) => require(join(folder, file)) as Record<string, unknown>,
  );
  const names = modules.flatMap((module) => Object.keys(module));
  return names.filter((name) => /^[A-Z]/.test(name)).sort();
}

/** Rows without a meaning are none. */
function rows(): { name: string; places: string[] }[] {
  return [...page.matchAll(/^\| `@(\w+)` +\| ([^|]+?) +\| \S.* \|$/gm)].map(([, name = "", places = ""]) => ({
    name,
    places: places.split(", "),
  }));
}
