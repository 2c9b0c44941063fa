import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";
import {
  compiler,
  compilerOptions,
  installedHere,
  pack,
  plainEnvironment,
  readJson,
  writeJson,
} from "../support/packed-package.js";

const run = promisify(execFile);

/** Line 26 throws; line 31 is never reached. */
const gateway = `import { setTimeout as wait } from "node:timers/promises";
import { IsString } from "class-validator";
import { Ack, ConnectedSocket, Injectable, Namespace, OnEvent, Socket } from "rookery";

export class Guest {
  @IsString() name!: string;
}

@Injectable()
export class Greeter {
  greet(name: string): string { return "hello " + name; }
}

@Namespace("/hall")
export class HallGateway {
  constructor(private readonly greeter: Greeter) {}

  @OnEvent("enter") @Ack()
  async enter(guest: Guest, @ConnectedSocket() socket: Socket): Promise<string> {
    await socket.join("hall");
    socket.broadcast.emit("entered", guest.name);
    return this.greeter.greet(guest.name);
  }

  @OnEvent("break")
  break(): never { throw new Error("a chair is broken"); }

  @OnEvent("leave")
  leave(@ConnectedSocket() socket: Socket): void {
    // Nobody leaves.
    socket.emit("left");
  }

  @OnEvent("knock")
  knock(@ConnectedSocket() socket: Socket): void {
    setTimeout(() => void wait(10).then(() => socket.emit("opened")), 10);
  }
}
`;

const spec = `import { shout } from "es-only";
import { Test, type TestingApplication } from "rookery/testing";
import { Greeter, HallGateway } from "./hall.gateway.js";

let app: TestingApplication;

beforeEach(async () => {
  app = await Test.createTestingModule({ providers: [HallGateway, Greeter] }).compile();
});

afterEach(() => app.close());

it("has every matcher", async () => {
  const ann = await app.connect("/hall");
  const bob = await app.connect("/hall");
  await expect(ann.emitWithAck("enter", { name: "ann" })).toAckWith("hello ann");
  await expect(ann.emitWithAck("enter", {})).toFailWith("VALIDATION_FAILED");
  await expect(bob).toReceive("entered", "ann");
  await expect(bob).not.toReceive("entered");
  expect(bob).toHaveReceived("entered", "ann");
  await expect(ann).toBeInRoom("hall");
  await expect(bob).not.toBeInRoom("hall");
  await expect(app.connect("/cellar")).toRejectConnect();
});

it("loads packages that are ES modules alone", () => {
  expect(shout("hello")).toBe("HELLO!");
});

it("waits for the timers of handlers", async () => {
  const ann = await app.connect("/hall");
  ann.emit("knock");
  await expect(ann).toReceive("opened");
});

it("knows the line of what was thrown, and its Node", async () => {
  const ann = await app.connect("/hall");
  const error = await ann.emitWithAck("break").catch((thrown: unknown) => thrown);
  expect(((error as Error).cause as Error).stack).toMatch(/hall\\.gateway\\.ts:26:/);
  expect(process.version).toContain(process.env.EXPECTED_NODE ?? "");
});
`;

const fakeTimersSpec = `import { Ack, Namespace, OnEvent, Timeout } from "rookery";
import { Test } from "rookery/testing";
import { vi } from "vitest";

@Namespace("/")
class SlowGateway {
  @OnEvent("never") @Timeout("5s")
  async never(): Promise<void> { await new Promise(() => undefined); }

  @OnEvent("later") @Ack()
  async later(): Promise<string> {
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    return "done";
  }
}

afterEach(() => { vi.useRealTimers(); });

it("shares the time of vitest's fake timers", async () => {
  vi.useFakeTimers();
  const app = await Test.createTestingModule({ providers: [SlowGateway] }).compile();
  const [ann, bob] = [await app.connect(), await app.connect()];
  const first = expect(ann.emitWithAck("never")).toFailWith("TIMEOUT");
  const later = expect(bob.emitWithAck("later")).toAckWith("done");
  await app.clock.advance("5s");
  await Promise.all([first, later]);

  const second = expect(ann.emitWithAck("never")).toFailWith("TIMEOUT");
  await app.clock.advance(0);
  await vi.advanceTimersByTimeAsync(5_000);
  await second;
  await app.close();
});
`;

/** Another version of Node as npm delivers it: the executable alone. */
const otherNodes = { "node-22": "22", "node-24": "24" };

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rookery-runners-"));
  const tarball = await pack(join(folder, "package"));
  writeJson(join(folder, "package.json"), { private: true });
  const here = ["jest", "@jest/globals", "@swc/core", "@swc/jest", "@types/jest", "@types/node"].map(installedHere);
  // Of one version: npm cannot solve their peer dependencies on each other for ranges.
  const vitest = ["vitest", "@vitest/coverage-v8"].map((name) => `${name}@4.1.11`);
  await install([tarball, ...here, ...vitest], folder);
  writeModulePackage(join(folder, "node_modules/es-only"));
  // Apart: npx would take a Node that stands beside the program.
  mkdirSync(join(folder, "nodes"));
  writeJson(join(folder, "nodes/package.json"), { private: true });
  const nodes = Object.entries(otherNodes).map(([name, version]) => `${name}@npm:${nodePackage()}@${version}`);
  await install(nodes, join(folder, "nodes"));
}, 240_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe.each([
  ["an ES module app", "module"],
  ["a CommonJS app", "commonjs"],
])("jest with the preset in %s", (_name, type) => {
  let app: string;

  beforeAll(() => {
    app = createApp(`jest-${type}`, { type, jest: { preset: "rookery" } }, "jest");
    writeFileSync(join(app, "hall.spec.ts"), spec);
    const imports =
      'import { afterEach, beforeEach, expect, it } from "@jest/globals";\nimport "rookery/jest-setup";\n';
    writeFileSync(join(app, "imported.spec.ts"), imports + spec);
  });

  it.each([
    ["this Node", process.version, undefined],
    ["Node 22", "v22.", "node-22"],
    ["Node 24", "v24.", "node-24"],
  ])(
    "runs with no flags on %s",
    async (_name, version, node) => {
      const { stderr } = await npx(["jest"], app, { version, node });

      expect(stderr).toContain("Tests:       8 passed, 8 total");
    },
    60_000,
  );

  it("has the types of the matchers, for the global expect and the imported one", async () => {
    await expect(run(process.execPath, [compiler, "-p", app])).resolves.toMatchObject({ stdout: "" });
  }, 60_000);

  it("reports the lines of the source that no test has reached, and no branch of the compiler's making", async () => {
    await npx(["jest", "--coverage", "--coverageReporters=json"], app);

    expect(unreached(app)).toEqual({ lines: [31], branches: [] });
  }, 60_000);
});

describe("vitest", () => {
  let app: string;

  beforeAll(() => {
    app = createApp("vitest", { type: "module" }, "vitest/globals");
    writeFileSync(
      join(app, "vitest.config.mjs"),
      'export default { test: { globals: true, setupFiles: ["rookery/vitest"], coverage: { reporter: ["json"] } } };',
    );
    writeFileSync(join(app, "hall.spec.ts"), spec);
    writeFileSync(join(app, "fake-timers.spec.ts"), fakeTimersSpec);
  });

  it("runs the same test, and reports the lines that it has not reached", async () => {
    const { stdout } = await npx(["vitest", "run", "--coverage"], app);

    expect(stripVTControlCharacters(stdout)).toMatch(/Tests {2}5 passed \(5\)/);
    expect(unreached(app).lines).toEqual([31]);
  }, 60_000);

  it("has the types of the matchers", async () => {
    await expect(run(process.execPath, [compiler, "-p", app])).resolves.toMatchObject({ stdout: "" });
  }, 60_000);
});

async function install(packages: readonly string[], cwd: string): Promise<void> {
  await run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...packages], { cwd });
}

/** What no `require` can load on every Node, and no parser of TypeScript can read: `a<b>(c)` compares. */
function writeModulePackage(at: string): void {
  mkdirSync(join(at, "lib"), { recursive: true });
  writeJson(join(at, "package.json"), { name: "es-only", type: "module", exports: "./lib/index.js" });
  writeFileSync(join(at, "lib/index.d.ts"), "export declare function shout(text: string): string;\n");
  writeFileSync(
    join(at, "lib/index.js"),
    'import { end } from "./end.mjs";\nconst [a, b, c] = [1, 2, 3];\n' +
      "export const shout = (text) => text.toUpperCase() + (a<b>(c) ? import.meta.url : end);\n",
  );
  writeFileSync(join(at, "lib/end.mjs"), 'export const end = "!";\n');
}

function createApp(name: string, manifest: object, types: string): string {
  const app = join(folder, name);
  mkdirSync(app);
  writeJson(join(app, "package.json"), { private: true, ...manifest });
  const itsOptions = { ...compilerOptions, noEmit: true, types: ["node", types] };
  writeJson(join(app, "tsconfig.json"), { compilerOptions: itsOptions });
  writeFileSync(join(app, "hall.gateway.ts"), gateway);
  // What this setup file adds to vitest's types, a program has to import somewhere.
  if (types.startsWith("vitest")) writeFileSync(join(app, "matchers.ts"), 'import "rookery/vitest";\n');
  return app;
}

interface RunOptions {
  readonly version?: string;
  readonly node?: string | undefined;
}

/** Runs a program of the installed packages, by the Node that stands first on the path. */
async function npx(
  [program = "", ...flags]: readonly string[],
  app: string,
  { version = process.version, node }: RunOptions = {},
): Promise<{ stdout: string; stderr: string }> {
  const { PATH = "", ...rest } = plainEnvironment();
  const path = node === undefined ? PATH : `${join(folder, "nodes/node_modules", node, "bin")}${delimiter}${PATH}`;
  const env = { ...rest, PATH: path, EXPECTED_NODE: version };
  return run("npx", ["--no-install", program, ...flags], { cwd: app, env });
}

interface FileCoverage {
  readonly s: Readonly<Record<string, number>>;
  readonly statementMap: Readonly<Record<string, { readonly start: { readonly line: number } }>>;
  readonly b: Readonly<Record<string, readonly number[]>>;
  readonly branchMap: Readonly<Record<string, { readonly loc: { readonly start: { readonly line: number } } }>>;
}

/** What the coverage report says of the gateway. Lines that only close what stands above them do not count. */
function unreached(app: string): { lines: number[]; branches: number[] } {
  const reports = readJson(join(app, "coverage/coverage-final.json")) as Record<string, FileCoverage>;
  const { s, statementMap, b, branchMap } = reports[join(app, "hall.gateway.ts")] ?? fail(readdirSync(app));
  const lines = Object.keys(s).filter((key) => s[key] === 0);
  const branches = Object.keys(b).filter((key) => b[key]?.includes(0));
  return {
    lines: lines.map((key) => statementMap[key]?.start.line ?? 0).filter((line) => hasCode(line)),
    branches: branches.map((key) => branchMap[key]?.loc.start.line ?? 0),
  };
}

function hasCode(line: number): boolean {
  const text = gateway.split("\n")[line - 1] ?? "";
  return /[a-z]/.test(text.replace(/\/\/.*/, ""));
}

function fail(files: readonly string[]): never {
  throw new Error(`the gateway is not among what was covered: ${files.join(", ")}`);
}

function nodePackage(): string {
  const platform = process.platform === "win32" ? "win" : process.platform;
  return `node-${platform}-${process.arch}`;
}
