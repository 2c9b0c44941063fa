import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, normalize } from "node:path";

const repository = join(__dirname, "../..");
const page = readFileSync(join(repository, "docs/differences-from-socket.io.md"), "utf8");
const rows = [...page.matchAll(/^\| (?!what |-)(.+) \|$/gm)].map(([, row = ""]) => row.split(" | "));
const cited = new Set(
  [...page.matchAll(/\]\((\.\.\/test\/[^)]+)\)/g)].map(([, path = ""]) => normalize(join("docs", path))),
);

describe("docs/differences-from-socket.io.md", () => {
  it("says of each difference what socket.io does, what Rookery does, why, and which tests show it", () => {
    expect(rows.length).toBeGreaterThan(40);
    expect(rows.filter((cells) => cells.length !== 5 || cells.some((cell) => cell.trim() === ""))).toEqual([]);
  });

  it("names each difference once", () => {
    const names = rows.map(([what]) => what?.trim());

    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it("cites tests that are there", () => {
    expect([...cited].filter((path) => !existsSync(join(repository, path)))).toEqual([]);
  });

  it("cites every file with tests that socket.io must fail, and every one of hostile input", () => {
    const files = readdirSync(join(repository, "test"), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".spec.ts"))
      .filter((path) => path.startsWith("hardening/") || isOfDifferences(path))
      .map((path) => join("test", path));

    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((path) => !cited.has(path))).toEqual([]);
  });
});

describe("docs/limits.md", () => {
  it("has every option that the page names", () => {
    const limits = readFileSync(join(repository, "docs/limits.md"), "utf8");
    const names = [...page.matchAll(/`(max[A-Z]\w+|packetCompletionTimeout|closeTimeout)`/g)].map(([, name]) => name);

    expect(names.length).toBeGreaterThan(15);
    expect(names.filter((name) => !limits.includes(`| \`${String(name)}\``))).toEqual([]);
  });
});

function isOfDifferences(path: string): boolean {
  return /from "[./]+support\/better-here\.js"/.test(readFileSync(join(repository, "test", path), "utf8"));
}
