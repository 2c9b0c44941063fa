import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ErrorTable } from "../../src/common/index.js";
import { CLIENT_ERRORS } from "../../src/framework/client-errors.js";

const repository = join(__dirname, "../..");
const page = readFileSync(join(repository, "docs/errors.md"), "utf8");
const tables = readTables();

describe("docs/errors.md", () => {
  it("sees the table of every layer that has one", () => {
    expect(Object.keys(tables)).toEqual(expect.arrayContaining(["ENGINE_ERRORS", "GATEWAY_ERRORS", "SOCKET_ERRORS"]));
  });

  it.each(Object.entries(tables))("lists %s with message and mend", (_name, table) => {
    const rows = documentedRows();

    for (const [code, { message, mend }] of Object.entries(table)) {
      expect([code, rows.get(code)]).toEqual([code, { message, mend }]);
    }
  });

  it("lists what clients receive, with its message", () => {
    const rows = documentedRows();

    for (const [code, message] of Object.entries(CLIENT_ERRORS)) {
      expect([code, rows.get(code)?.message]).toEqual([code, message]);
    }
  });

  it("lists nothing else", () => {
    const codes = [...layerCodes(), ...Object.keys(CLIENT_ERRORS)];

    expect([...documentedRows().keys()].filter((code) => !codes.includes(code))).toEqual([]);
  });
});

describe("the error codes", () => {
  it("belong to one table each", () => {
    const codes = layerCodes();

    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  });
});

/** Every `*_ERRORS` table that the errors.ts of a layer exports. */
function readTables(): Record<string, ErrorTable<string>> {
  const files = readdirSync(join(repository, "src"))
    .map((layer) => join(repository, "src", layer, "errors.ts"))
    .filter((file) => existsSync(file));
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- which layers there are is read from the disk
  const modules = files.map((file) => require(file) as Record<string, ErrorTable<string>>);
  return Object.fromEntries(
    modules.flatMap((module) => Object.entries(module).filter(([name]) => name.endsWith("_ERRORS"))),
  );
}

function layerCodes(): string[] {
  return Object.values(tables).flatMap((table) => Object.keys(table));
}

/** Rows of the page's tables: code and message as code, mend or occasion as prose; a pipe within a cell is written `\|`. */
function documentedRows(): Map<string, { message: string; mend: string }> {
  const rows = [...page.matchAll(/^\| `([A-Z][A-Z0-9_]+)` +\| `(.+?)` +\| (.+?) +\|$/gm)];
  return new Map(
    rows.map(([, code = "", message = "", mend = ""]) => [code, { message: cell(message), mend: cell(mend) }]),
  );
}

function cell(text: string): string {
  return text.replaceAll("\\|", "|");
}
