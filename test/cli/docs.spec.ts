import { readFileSync } from "node:fs";
import { join } from "node:path";
import { COMMANDS } from "../../src/cli/commands/index.js";
import { findProblem, type Schema } from "../../src/cli/workspace/schema.js";

const repository = join(__dirname, "../..");
const page = readFileSync(join(repository, "docs/cli.md"), "utf8");
const schema = JSON.parse(readFileSync(join(repository, "nest-cli-like.schema.json"), "utf8")) as Schema;

describe("docs/cli.md", () => {
  it("lists every command", () => {
    const listed = Array.from(page.matchAll(/^\| `([a-z]+)[^`]*` +\|/gm), ([, name]) => name);

    expect(listed).toEqual(expect.arrayContaining(COMMANDS.map(({ name }) => name)));
  });

  it("shows workspaces that are valid", () => {
    const workspaces = Array.from(page.matchAll(/^```json\n(.*?)^```/gms), ([, text = ""]): unknown =>
      JSON.parse(text),
    );

    expect(workspaces.length).toBeGreaterThan(0);
    expect(workspaces.map((workspace) => findProblem(workspace, schema))).toEqual(workspaces.map(() => undefined));
  });

  it("lists every key of a workspace", () => {
    const keys = Object.keys(schema.properties ?? {}).filter((key) => key !== "$schema" && !key.endsWith("Options"));
    const inner = ["compilerOptions", "generateOptions"].flatMap((group) =>
      Object.keys(schema.$defs?.[group]?.properties ?? {}).map((key) => `${group}.${key}`),
    );

    expect([...keys, ...inner].filter((key) => !page.includes(`| \`${key}\` `))).toEqual([]);
  });
});
