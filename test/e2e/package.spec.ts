import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { io } from "socket.io-client";
import { allPages, blocksOf } from "../docs/support/pages.js";
import {
  compiler,
  compilerOptions,
  installedHere,
  pack,
  plainEnvironment,
  writeJson,
} from "../support/packed-package.js";

const run = promisify(execFile);

const app = `
import { Ack, Application, Module, Namespace, OnEvent } from "rookery";
@Namespace("/") class EchoGateway { @OnEvent("echo") @Ack() echo(text: string): string { return text; } }
@Module({ providers: [EchoGateway] }) class AppModule {}
const listening = Application.create(AppModule).then((app) => app.listen(0, "127.0.0.1"));
void listening.then((app) => { console.log(JSON.stringify(app.address())); });
`;

const spec = `
import { Ack, Injectable, Namespace, OnEvent } from "rookery";
import { Test } from "rookery/testing";

@Injectable()
class Greeter {
  greet(name: string): string { return "hello " + name; }
}

@Namespace("/hall")
class HallGateway {
  constructor(private readonly greeter: Greeter) {}

  @OnEvent("enter")
  @Ack()
  enter(name: string): string { return this.greeter.greet(name); }
}

it("greets whoever enters", async () => {
  const app = await Test.createTestingModule({ providers: [HallGateway, Greeter] })
    .overrideProvider(Greeter)
    .useValue({ greet: (name: string) => "welcome " + name })
    .compile();
  const ann = await app.connect("/hall");

  expect(await ann.emitWithAck("enter", "ann")).toBe("welcome ann");
  await app.close();
});
`;

const tsconfig = { compilerOptions: { ...compilerOptions, types: ["node", "jest"], outDir: "dist" } };

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rookery-package-"));
  const tarball = await pack(join(folder, "package"));
  writeJson(join(folder, "package.json"), { private: true });
  const companions = ["socket.io-client", "jest", "@swc/core", "@swc/jest", "@types/jest", "@types/node"].map(
    installedHere,
  );
  await run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", tarball, ...companions], { cwd: folder });
}, 240_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe.each([
  ["an ES module app", "module"],
  ["a CommonJS app", "commonjs"],
])("the packed package in %s", (_name, type) => {
  let appFolder: string;

  beforeAll(async () => {
    appFolder = join(folder, type);
    mkdirSync(appFolder);
    writeJson(join(appFolder, "package.json"), { type, private: true, jest: { preset: "rookery" } });
    writeJson(join(appFolder, "tsconfig.json"), tsconfig);
    writeFileSync(join(appFolder, "app.ts"), app);
    writeFileSync(join(appFolder, "hall.gateway.spec.ts"), spec);
    await run(process.execPath, [compiler], { cwd: appFolder });
  }, 60_000);

  it("serves a Socket.IO client", async () => {
    const server = spawn(process.execPath, ["dist/app.js"], { cwd: appFolder, stdio: ["ignore", "pipe", "inherit"] });
    try {
      const [line] = await once(createInterface(server.stdout), "line");
      const { port } = JSON.parse(line) as { port: number };
      const client = io(`http://127.0.0.1:${port}`, { reconnection: false, forceNew: true });

      expect(await client.emitWithAck("echo", "hi")).toBe("hi");
      client.disconnect();
    } finally {
      server.kill();
    }
  }, 30_000);

  it("runs its jest test with the preset and no flags", async () => {
    const { stderr } = await run("npx", ["--no-install", "jest"], { cwd: appFolder, env: plainEnvironment() });

    expect(stderr).toContain("Tests:       1 passed, 1 total");
  }, 60_000);
});

describe("the README's example", () => {
  let appFolder: string;

  beforeAll(async () => {
    appFolder = join(folder, "readme");
    writeFilesOf("README.md", appFolder);
    writeJson(join(appFolder, "package.json"), { type: "module", private: true, jest: { preset: "rookery" } });
    writeJson(join(appFolder, "tsconfig.json"), tsconfig);
    await run(process.execPath, [compiler], { cwd: appFolder });
  }, 60_000);

  it("serves its own client", async () => {
    const server = spawn(process.execPath, ["dist/main.js"], {
      cwd: appFolder,
      env: { ...process.env, PORT: "0" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const [line] = (await once(createInterface(server.stdout), "line")) as [string];
      const port = line.replace("listening on ", "");
      const client = join(appFolder, "dist/client.js");
      writeFileSync(client, readFileSync(client, "utf8").replace("localhost:3000", `127.0.0.1:${port}`));
      const { stdout } = await run(process.execPath, [client]);

      expect(stdout).toContain("{ id: 1, from: 'ann', text: 'hi' }");
      expect(stdout).toContain("VALIDATION_FAILED");
    } finally {
      server.kill();
    }
  }, 30_000);

  it("runs its core-only server", async () => {
    const server = spawn(process.execPath, ["dist/core.js"], {
      cwd: appFolder,
      env: { ...process.env, PORT: "0", NODE_OPTIONS: `--import=${announcePort()}` },
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const [port] = (await once(createInterface(server.stdout), "line")) as [string];
      const client = io(`http://127.0.0.1:${port}`, { reconnection: false, forceNew: true });

      expect(await client.emitWithAck("echo", "hi")).toBe("hi");
      client.disconnect();
    } finally {
      server.kill();
    }
  }, 30_000);

  it("passes its own test", async () => {
    const { stderr } = await run("npx", ["--no-install", "jest"], { cwd: appFolder, env: plainEnvironment() });

    expect(stderr).toContain("Tests:       1 passed, 1 total");
  }, 60_000);
});

describe("the tutorial", () => {
  const chapters = allPages().filter((page) => page.startsWith("docs/tutorial/"));
  let appFolder: string;

  beforeAll(async () => {
    appFolder = join(folder, "tutorial");
    const [{ code: itsConfig } = { code: "" }] = blocksOf(chapters[0] ?? "").filter(
      ({ language }) => language === "json",
    );
    for (const chapter of chapters) writeFilesOf(chapter, join(appFolder, basename(chapter, ".md")));
    writeJson(join(appFolder, "package.json"), { type: "module", private: true });
    writeFileSync(join(appFolder, "tsconfig.json"), itsConfig.replace("{", '{ "exclude": ["**/*.spec.ts", "dist"],'));
    await run(process.execPath, [compiler], { cwd: appFolder });
  }, 60_000);

  it("compiles as its first chapter says, and its first server serves its first client", async () => {
    const server = spawn(process.execPath, ["dist/01-prerequisites/main.js"], {
      cwd: appFolder,
      env: { ...process.env, PORT: "0" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const [line] = (await once(createInterface(server.stdout), "line")) as [string];
      const url = line.replace("listening on port ", "http://127.0.0.1:");
      const { stdout } = await run(process.execPath, ["01-prerequisites/client.mjs", url], { cwd: appFolder });

      expect(stdout).toBe("connected\n");
    } finally {
      server.kill();
    }
  }, 30_000);
});

/** The files that a page shows. */
function writeFilesOf(page: string, into: string): void {
  mkdirSync(into, { recursive: true });
  for (const { file, code } of blocksOf(page)) {
    if (file !== undefined) writeFileSync(join(into, file), code);
  }
}

/** Prints the port of each HTTP server that listens: the example does not, and any port but 0 may be taken. */
function announcePort(): string {
  const code = `import { Server } from "node:net"; const { listen } = Server.prototype; Server.prototype.listen = function (...args) {
    this.once("listening", () => console.log(this.address().port)); return listen.apply(this, args); };`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}
