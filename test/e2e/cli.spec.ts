import { execFile, spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { io } from "socket.io-client";
import { appears } from "../cli/support/cli.js";
import { pack, plainEnvironment, readJson } from "../support/packed-package.js";
import { describeWith } from "../support/programs.js";
import { PseudoTerminal } from "../support/pseudo-terminal.js";
import { describeGrownProject } from "./grown-project.js";

const run = promisify(execFile);
const projects = [
  { name: "chat-esm", flags: ["--template", "chat", "--module", "esm"] },
  { name: "minimal-esm", flags: ["--template", "minimal", "--module", "esm", "--strict"] },
  { name: "chat-cjs", flags: ["--template", "chat", "--module", "cjs", "--strict"] },
  { name: "minimal-cjs", flags: ["--template", "minimal", "--module", "cjs"] },
];

let folder: string;
let rookery: string;
let env: NodeJS.ProcessEnv;

/** The command comes from the packed tarball; what it makes depends on that tarball by itself. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rookery-cli-e2e-"));
  env = { ...plainEnvironment(), npm_config_prefer_offline: "true" };
  const tarball = await pack(join(folder, "package"));
  mkdirSync(join(folder, "tools"));
  writeFileSync(join(folder, "tools/package.json"), "{}");
  await run("npm", ["install", "--no-audit", "--no-fund", tarball], { cwd: join(folder, "tools"), env });
  rookery = join(folder, "tools/node_modules/.bin/rookery");
}, 240_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe.each(projects)("a new project, $name", ({ name, flags }) => {
  let project: string;

  beforeAll(async () => {
    // All four have the same packages: they are installed once.
    const [first = ""] = projects.map((each) => each.name);
    const isFirst = name === first;
    await run(rookery, ["new", name, "--skip-git", ...flags, ...(isFirst ? [] : ["--skip-install"])], {
      cwd: folder,
      env,
    });
    project = join(folder, name);
    if (!isFirst) symlinkSync(join(folder, first, "node_modules"), join(project, "node_modules"));
  }, 180_000);

  it("depends on the tarball that the command came from", () => {
    const { dependencies } = readJson(join(project, "package.json")) as { dependencies: Record<string, string> };

    expect(dependencies["rookery"]).toMatch(/^file:\.\.\/package\/rookery-[\d.]+\.tgz$/);
  });

  it.each(["format:check", "lint", "types", "build"])(
    "passes its own %s",
    async (script) => {
      await expect(run("npm", ["run", script], { cwd: project, env })).resolves.toBeDefined();
    },
    90_000,
  );

  it("passes its own tests", async () => {
    const { stderr } = await run("npm", ["test"], { cwd: project, env });

    expect(stderr).toMatch(/Tests: +\d+ passed, \d+ total/);
  }, 90_000);

  it("starts, and talks to a Socket.IO client", async () => {
    const app = spawn("npm", ["start"], {
      cwd: project,
      env: { ...env, PORT: "0" },
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
    });
    const ended = once(app, "close");
    try {
      const url = await announcedUrl(app);
      const client = io(name.startsWith("chat") ? `${url}/chat` : url, { auth: { name: "Ann" }, reconnection: false });
      const answer: unknown = name.startsWith("chat")
        ? await client.emitWithAck("room:join", { room: "lobby" })
        : await client.emitWithAck("greet", { name: "Ann" });
      client.disconnect();

      expect(answer).toEqual(name.startsWith("chat") ? { room: "lobby", history: [] } : { text: "Hello, Ann!" });
    } finally {
      if (app.exitCode === null) process.kill(-(app.pid ?? 0), "SIGTERM");
      await ended;
    }
  }, 60_000);
});

describe.each(["minimal-esm", "minimal-cjs"])("with the packed command", (name) => {
  describeGrownProject(name, () => ({ project: join(folder, name), rookery, env }));
});

describe("the packed command", () => {
  it("ends with the signal's code, and leaves nothing behind, when it is interrupted while installing", async () => {
    const desk = join(folder, "interrupted");
    mkdirSync(join(desk, "programs"), { recursive: true });
    writeFileSync(join(desk, "programs/npm"), "#!/bin/sh\necho started > ../started\nexec sleep 60\n");
    chmodSync(join(desk, "programs/npm"), 0o755);
    const path = [join(desk, "programs"), env.PATH].join(delimiter);
    const command = spawn(rookery, ["new", "my-app", "-y"], {
      cwd: desk,
      env: { ...env, PATH: path },
      stdio: "ignore",
    });
    await appears(join(desk, "started"));
    command.kill("SIGINT");

    expect(await once(command, "close")).toEqual([130, null]);
    expect(readdirSync(desk).sort()).toEqual(["programs", "started"]);
  }, 30_000);

  it("is content when nobody reads its output to the end", async () => {
    const { stdout, stderr } = await run("bash", ["-o", "pipefail", "-c", `'${rookery}' completion zsh | head -1`], {
      env,
    });

    expect({ stdout, stderr }).toEqual({ stdout: "#compdef rookery\n", stderr: "" });
  });
});

describeWith("script", "the packed command in a terminal", () => {
  it("asks for what the options leave open", async () => {
    const desk = join(folder, "asked");
    mkdirSync(desk);
    const terminal = new PseudoTerminal(`'${rookery}' new --skip-install --skip-git`, { cwd: desk, env });
    await terminal.answer("What is the project called?", "asked-app\r");
    await terminal.answer("Which template?", `${DOWN}\r`);
    await terminal.answer("Which module system?", `${DOWN}\r`);
    await terminal.answer("Which package manager?", `${DOWN}\r`);

    expect(await terminal.exitCode).toBe(0);
    expect(terminal.text).toContain("asked-app is there, from the template chat.");
    expect(terminal.text).toContain("pnpm install");
    expect(readJson(join(desk, "asked-app/package.json"))).toMatchObject({ name: "asked-app", type: "commonjs" });
  }, 30_000);

  it("asks nothing but the name with --yes, until npm would take it", async () => {
    const desk = join(folder, "named");
    mkdirSync(desk);
    const terminal = new PseudoTerminal(`'${rookery}' new --yes --skip-install --skip-git`, { cwd: desk, env });
    await terminal.answer("What is the project called?", "../named-app\r");
    await terminal.answer("name cannot start with a period", `${CTRL_U}named-app\r`);

    expect(await terminal.exitCode).toBe(0);
    expect(readJson(join(desk, "named-app/package.json"))).toMatchObject({ name: "named-app", type: "module" });
  }, 30_000);

  it("leaves nothing behind when a question is answered with Ctrl-C", async () => {
    const desk = join(folder, "refused");
    mkdirSync(desk);
    const terminal = new PseudoTerminal(`'${rookery}' new my-app`, { cwd: desk, env });
    await terminal.answer("Which template?", CTRL_C);

    expect(await terminal.exitCode).toBe(130);
    expect(terminal.text).toContain("interrupted by SIGINT");
    expect(readdirSync(desk)).toEqual([]);
  }, 30_000);
});

const DOWN = "\u001b[B";
const CTRL_C = "\u0003";
/** Takes away the line so far. */
const CTRL_U = "\u0015";

/** The address on the first line that has one. */
async function announcedUrl({ stdout }: ChildProcessByStdio<null, Readable, null>): Promise<string> {
  for await (const line of createInterface(stdout)) {
    const [, port] = /http:\/\/localhost:(\d+)/.exec(line) ?? [];
    if (port !== undefined) return `http://127.0.0.1:${port}`;
  }
  throw new Error("the app ended without a word about its address");
}
