import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";

const repository = join(__dirname, "../..");
const schema = readJson("nest-cli-like.schema.json");
const validate = new Ajv2020({ strict: true }).compile(schema);

interface Workspace {
  sourceRoot: string;
  entryFile: string;
  compilerOptions: { tsConfigPath: string };
}

describe("nest-cli-like.json", () => {
  it("is valid against its schema", () => {
    validate(readJson("nest-cli-like.json"));

    expect(validate.errors).toBeNull();
  });

  it("describes the sample app", () => {
    const { sourceRoot, entryFile, compilerOptions } = readJson("nest-cli-like.json") as unknown as Workspace;

    expect(existsSync(join(repository, sourceRoot, `${entryFile}.ts`))).toBe(true);
    expect(existsSync(join(repository, compilerOptions.tsConfigPath))).toBe(true);
  });
});

describe("the schema of nest-cli-like.json", () => {
  it("accepts a monorepo whose projects refine the top level", () => {
    const workspace = {
      compilerOptions: { builder: "swc", assets: ["**/*.html"] },
      generateOptions: { spec: false, flat: true, baseDir: "gateways" },
      projects: {
        chat: { sourceRoot: "apps/chat/src" },
        "admin-api": { sourceRoot: "apps/admin/src", entryFile: "serve" },
      },
    };

    expect(validate(workspace)).toBe(true);
  });

  it.each([
    ["an unknown key", { sourceroot: "src" }],
    ["an unknown compiler option", { compilerOptions: { webpack: true } }],
    ["an unknown generator option", { generateOptions: { specs: true } }],
    ["an unknown builder", { compilerOptions: { builder: "esbuild" } }],
    ["an empty source root", { sourceRoot: "" }],
    ["a project without a source root", { projects: { chat: {} } }],
    ["projects within a project", { projects: { chat: { sourceRoot: "src", projects: {} } } }],
    ["a project name with a slash", { projects: { "apps/chat": { sourceRoot: "src" } } }],
  ])("refuses %s", (_what, workspace) => {
    expect(validate(workspace)).toBe(false);
  });
});

function readJson(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(repository, path), "utf8"));
}
