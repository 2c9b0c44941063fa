import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build, type BuildOptions } from "esbuild";

const repository = join(__dirname, "../../..");
const BUILD_AND_RUN_TIMEOUT_MS = 60_000;
jest.setTimeout(BUILD_AND_RUN_TIMEOUT_MS);

/** Inside the repository, so that what is built finds its packages. */
const folder = mkdtempSync(join(repository, "node_modules/.rookery-compilers-"));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const LEGACY = { compilerOptions: { experimentalDecorators: true, emitDecoratorMetadata: true } };

/** What tsx asks of esbuild. */
const LIKE_TSX: BuildOptions = { keepNames: true, minifyWhitespace: true, tsconfigRaw: LEGACY };

/** Builds a fixture together with the framework, runs it, and returns what it writes. */
async function run(fixture: string, options: BuildOptions): Promise<string> {
  const outfile = join(folder, `${fixture}.mjs`);
  await build({
    entryPoints: [join(__dirname, "fixtures", `${fixture}.ts`)],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    alias: { rookery: join(repository, "src/index.ts") },
    sourcemap: "inline",
    logLevel: "silent",
    ...options,
  });
  return new Promise((resolve) => {
    execFile(process.execPath, ["--enable-source-maps", outfile], { cwd: repository }, (_failed, output, errors) => {
      resolve(output + errors);
    });
  });
}

describe("an application that a compiler left without types", () => {
  it.each([
    ["esbuild", { tsconfigRaw: LEGACY }],
    ["tsx", LIKE_TSX],
  ])(
    "does not start, compiled by %s: every parameter is named, with the line of its method and the mend",
    async (_, options) => {
      const output = await run("typed-app", options);
      expect(output).toMatch(/^GATEWAY_[A-Z_]+: /);
      expect(output).toContain(
        "parameter 1 (message) of ChatGateway.send (test/framework/gateway/fixtures/typed-app.ts:19) has no type at run time",
      );
      expect(output).toContain(
        "parameter 2 (retries) of ChatGateway.send (test/framework/gateway/fixtures/typed-app.ts:19)",
      );
      expect(output).toContain("constructor parameter 1 of ChatGateway");
      expect(output).toContain(
        'Compile with "experimentalDecorators" and "emitDecoratorMetadata" (tsconfig.json; esbuild',
      );
      expect(output).toContain('run jest with "preset": "rookery"');
      expect(output).not.toContain("started");
    },
  );

  it.each([
    ["esbuild", { tsconfigRaw: LEGACY }],
    ["tsx", LIKE_TSX],
  ])("starts, compiled by %s, when every type is named", async (_, options) => {
    expect(JSON.parse(await run("named-app", options))).toMatchObject([
      { kind: "payload", check: { kind: "dto", type: "SendMessage" } },
      { kind: "payload", check: { kind: "number" } },
    ]);
  });
});

describe("an application whose decorators were compiled as standard ones", () => {
  it("does not load, and says which setting is missing", async () => {
    const output = await run("standard-app", { tsconfigRaw: {} });
    expect(output).toContain("@OnEvent of the method send was compiled as a standard decorator");
    expect(output).toContain("GATEWAY_STANDARD_DECORATORS");
    expect(output).toContain('"experimentalDecorators"');
  });
});
