import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { findProblem, type Schema } from "../../../src/cli/workspace/schema.js";

const schema = JSON.parse(readFileSync(join(__dirname, "../../../nest-cli-like.schema.json"), "utf8")) as Schema;
const validate = new Ajv2020({ strict: true }).compile(schema);

describe("findProblem", () => {
  it.each([
    [[], "the whole is [], expected an object", "Write an object, or leave it out."],
    [{ sourceroot: "src" }, "sourceroot is unknown", "Did you mean sourceRoot?"],
    [{ zebra: 1 }, "zebra is unknown", "There are: $schema, sourceRoot, entryFile, gateways, compilerOptions"],
    [{ compilerOptions: { asset: [] } }, "compilerOptions.asset is unknown", "Did you mean assets?"],
    [
      { compilerOptions: { builder: "swx" } },
      'compilerOptions.builder is "swx", expected tsc or swc',
      "Did you mean swc?",
    ],
    [
      { generateOptions: { spec: "no" } },
      'generateOptions.spec is "no", expected true or false',
      "Write true or false",
    ],
    [{ sourceRoot: "" }, "sourceRoot is empty", "Give it a value, or leave it out."],
    [{ compilerOptions: { assets: ["a", ""] } }, "compilerOptions.assets[1] is empty", "Give it a value"],
    [{ collections: ["a", "a"] }, 'collections has "a" twice', "Take one away."],
    [{ projects: { chat: {} } }, "projects.chat.sourceRoot is missing", "Add it."],
    [{ projects: { "A/b": { sourceRoot: "a" } } }, "projects.A/b is no name", "Take lower-case letters"],
    [JSON.parse('{ "__proto__": {} }'), "__proto__ is unknown", "There are: "],
  ])("says what is wrong with %j, and what to do", (value, problem, mend) => {
    const found = findProblem(value, schema);

    expect(found?.problem).toBe(problem);
    expect(found?.mend).toContain(mend);
  });

  it("decides as a full validator does", () => {
    fc.assert(
      fc.property(workspaces(), (value) => {
        expect([value, findProblem(value, schema) === undefined]).toEqual([value, validate(value)]);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Values that look like a workspace, with something wrong about half of the time. */
function workspaces(): fc.Arbitrary<unknown> {
  const text = fc.constantFrom("src", "", "tsc", "swc", "**/*.html");
  const wrong = fc.constantFrom(undefined, null, 1, true, [], {}, ["a", "a"], [1]);
  const mostly = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
    fc.oneof({ weight: 9, arbitrary: value }, { weight: 1, arbitrary: wrong });
  const record = (fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> =>
    fc.record(fields, { requiredKeys: [] }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);
  const settings = {
    sourceRoot: mostly(text),
    entryFile: mostly(text),
    gateways: mostly(text),
    collections: mostly(fc.array(text)),
    compilerOptions: mostly(
      record({
        tsConfigPath: mostly(text),
        builder: mostly(fc.constantFrom("tsc", "swc", "vite")),
        assets: mostly(fc.array(text)),
      }),
    ),
    generateOptions: mostly(record({ spec: mostly(fc.boolean()), flat: mostly(fc.boolean()), specs: mostly(text) })),
  };
  const projects = fc.dictionary(fc.constantFrom("chat", "admin-api", "a/b"), mostly(record(settings)), { maxKeys: 2 });
  return mostly(record({ $schema: mostly(text), ...settings, projects: mostly(projects) }));
}
