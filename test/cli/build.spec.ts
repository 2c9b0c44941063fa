import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Desk } from "./support/cli.js";
import { COMPILER_OPTIONS, writeProject } from "./support/small-app.js";

const DECORATED = `export function Marked(): ClassDecorator { return () => undefined; }
export class Service {}
@Marked()
export class Gateway { constructor(readonly service: Service) {} }
`;

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
});

afterEach(() => {
  desk.clear();
});

describe.each(["tsc", "swc"])("rookery build with %s", (builder) => {
  it("compiles, keeps the types of decorated classes, and copies the assets", async () => {
    writeProject(desk, {
      "nest-cli-like.json": { compilerOptions: { builder, assets: ["**/*.txt", "views"] } },
      "src/main.ts": `import { Gateway } from "./chat/gateway.js";\nconsole.log(Gateway.name);\n`,
      "src/chat/gateway.ts": DECORATED,
      "src/chat/welcome.txt": "hello",
      "src/views/index.html": "<p>",
    });
    const { exitCode, stdout, stderr } = await desk.run("build");

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("✔ built into dist\n");
    expect(desk.read("dist/chat/gateway.js")).toMatch(
      /"design:paramtypes", \[\s*(?:typeof Service === "undefined" \? Object : )?Service\s*\]/,
    );
    expect(desk.read("dist/chat/welcome.txt")).toBe("hello");
    expect(desk.read("dist/views/index.html")).toBe("<p>");
  }, 60_000);

  it("writes nothing when a type is wrong", async () => {
    writeProject(desk, { "src/main.ts": `export const count: number = "one";\n` });
    const { exitCode, stdout, stderr } = await desk.run("build", "--builder", builder);

    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/failed after/);
    expect(stderr).toContain("src/main.ts(1,14): error TS2322: Type 'string' is not assignable to type 'number'.");
    expect(stderr).toContain("error: the build failed: TypeScript found errors (CLI_BUILD_FAILED)");
    expect(existsSync(join(desk.folder, "dist"))).toBe(false);
  }, 60_000);
});

describe("rookery build", () => {
  it("takes the sources for the rootDir where there is none, as TypeScript did before version 6", async () => {
    const { rootDir, ...options } = COMPILER_OPTIONS;
    writeProject(desk, {
      "nest-cli-like.json": { compilerOptions: { assets: ["a.txt"] } },
      "tsconfig.json": { compilerOptions: options, include: [rootDir] },
      "src/main.ts": `export {};\n`,
      "src/a.txt": "a",
    });

    expect(await desk.run("build", "-b", "swc")).toMatchObject({ exitCode: 0 });
    expect([desk.read("dist/main.js").includes("export"), desk.read("dist/a.txt")]).toEqual([true, "a"]);
  }, 60_000);

  it("shows where a file is broken, and not what the compiler was doing", async () => {
    writeProject(desk, { "src/main.ts": "const = 1;\n" });
    const { stderr } = await desk.run("build", "-b", "swc");

    expect(stderr).toContain("main.ts:1:1]");
    expect(stderr).not.toMatch(/Caused by|backtrace/);
  }, 60_000);

  it("compiles a CommonJS project to CommonJS with swc as well", async () => {
    writeProject(desk, { "package.json": {}, "src/main.ts": `import { join } from "node:path";\njoin("a");\n` });
    await desk.run("build", "-b", "swc");

    expect(desk.read("dist/main.js")).toContain(`require("node:path")`);
  }, 60_000);

  it.each([
    ["no tsconfig.json", "CLI_BAD_TSCONFIG", "cannot be read", {}],
    ["noEmit", "CLI_BAD_TSCONFIG", "says noEmit", { "tsconfig.json": { compilerOptions: { noEmit: true } } }],
    ["no outDir", "CLI_BAD_TSCONFIG", "has no outDir", { "tsconfig.json": {} }],
    ["no sources", "CLI_NO_SOURCES", "there is no folder", { "nest-cli-like.json": { sourceRoot: "none" } }],
  ])("is refused with %s", async (_title, code, problem, files) => {
    writeProject(desk, { "src/main.ts": "", ...files });
    if (problem === "cannot be read") rmSync(join(desk.folder, "tsconfig.json"));
    const { exitCode, stderr } = await desk.run("build");

    expect(exitCode).toBe(1);
    expect(stderr).toContain(`(${code})`);
    expect(stderr).toContain(problem);
  });

  it.each([
    ["typescript", "tsc", "npm install --save-dev typescript"],
    ["@swc/core", "swc", "npm install --save-dev @swc/core"],
  ])(
    "says when %s cannot be used",
    async (name, builder, mend) => {
      writeProject(desk, { "src/main.ts": "" });
      rmSync(join(desk.folder, "node_modules", name));
      desk.write(`node_modules/${name}/package.json`, { main: "broken.js" });
      desk.write(`node_modules/${name}/broken.js`, "throw new Error('no binary');");
      const { exitCode, stderr } = await desk.run("build", "-b", builder);

      expect(exitCode).toBe(1);
      expect(stderr).toContain(`${name} is not installed, or not on the PATH (CLI_NO_PROGRAM)`);
      expect(stderr).toContain(mend);
    },
    60_000,
  );
});
