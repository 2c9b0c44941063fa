import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { allPages, blocksOf, type Block } from "./support/pages.js";

const LANGUAGES_OF_CODE = ["ts", "js"];

/** The README's files are built and run as an application of their own: test/e2e/package.spec.ts. */
const pages = allPages().filter((page) => page !== "README.md");

const examples = join(__dirname, "examples");
const fragments = join(__dirname, "fragments");
const nameOf = (page: string): string => page.replace(/^docs\//, "").replace(/\.md$/, "");

const codeOf = (page: string): Block[] => blocksOf(page).filter(({ language }) => LANGUAGES_OF_CODE.includes(language));

describe.each(pages.filter((page) => codeOf(page).length > 0))("%s", (page) => {
  const blocks = codeOf(page);
  const folder = join(examples, nameOf(page));
  const files = existsSync(folder) ? readdirSync(folder) : [];

  it("shows every file of its example, as the tests run it, and no other", () => {
    const shown = Object.fromEntries(blocks.flatMap(({ file, code }) => (file === undefined ? [] : [[file, code]])));
    const existing = files.map((name) => [name, readFileSync(join(folder, name), "utf8")]);

    expect(shown).toEqual(Object.fromEntries(existing));
  });

  it("shows no other code than what the compiler has checked", () => {
    const path = join(fragments, `${nameOf(page)}.ts`);
    const checked = existsSync(path) ? withoutIndentation(readFileSync(path, "utf8")) : "";
    const loose = blocks.filter(({ file }) => file === undefined).map(({ code }) => code);

    expect(loose.filter((code) => !checked.includes(withoutIndentation(code)))).toEqual([]);
  });
});

it("has no example that no page shows", () => {
  const named = new Set(pages.map(nameOf));
  const folders = readdirSync(examples, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath }) => parentPath.slice(examples.length + 1));
  const loose = readdirSync(fragments, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => join(path, "..", basename(path, ".ts")));

  expect([...new Set(folders), ...loose].filter((name) => !named.has(name))).toEqual([]);
});

/** A fragment stands in a function that declares what it uses. */
function withoutIndentation(code: string): string {
  return code.replaceAll(/^ +/gm, "");
}
