import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Desk } from "./support/cli.js";
import { Session } from "./support/session.js";
import { writeProject } from "./support/small-app.js";

/** A server that takes its time to end; a second one beside it would not get the port. */
function serverApp(version: string): string {
  return `import { createServer } from "node:http";
const server = createServer().listen(Number(process.env["PORT"]), "127.0.0.1", () => console.log("${version} listens"));
process.on("SIGTERM", () => {
  console.log("${version} drains");
  setTimeout(() => server.close(() => { console.log("${version} ended"); process.exit(3); }), 100);
});
`;
}

let desk: Desk;
let sessions: Session[];

beforeEach(() => {
  desk = new Desk();
  sessions = [];
});

afterEach(async () => {
  for (const session of sessions) session.interrupt("SIGTERM");
  await Promise.all(sessions.map(({ exitCode }) => exitCode));
  desk.clear();
});

describe("rookery start", () => {
  it("builds, and runs the app with arguments and variables", async () => {
    writeProject(desk, {
      ".env": "GREETING=hello\nNAME=nobody\n",
      "local.env": "NAME=Ann\n",
      "src/main.ts": `console.log(process.env["GREETING"], process.env["NAME"], ...process.argv.slice(2));\n`,
    });
    const session = start("--env-file", ".env", "--env-file", "local.env", "--", "--loud", "now");

    await session.says("hello Ann --loud now");
    expect(await session.exitCode).toBe(0);
  }, 60_000);

  it("passes the exit code on, and the place of an error as it was written", async () => {
    writeProject(desk, { "src/main.ts": `\n\n\nexport const n: number = 1;\nthrow new Error("broken");\n` });
    const failing = start();

    expect(await failing.exitCode).toBe(1);
    expect(failing.text).toContain("src/main.ts:5");
    desk.write("dist/main.js", "process.exitCode = 7;");
    expect(await start("--no-build").exitCode).toBe(7);
  }, 60_000);

  it("passes signals on, and tells which one has ended the app", async () => {
    writeProject(desk, { "src/main.ts": "", "dist/main.js": `console.log("up"); setInterval(() => {}, 1000);` });
    const session = start("--no-build");
    await session.says("up");
    session.interrupt("SIGINT");

    expect(await session.exitCode).toBe(130);
  }, 60_000);

  it("lets debuggers connect", async () => {
    writeProject(desk, { "src/main.ts": "", "dist/main.js": "" });
    const session = start("--no-build", "--inspect", "127.0.0.1:0");

    await session.says("Debugger listening on ws://127.0.0.1:");
    expect(await session.exitCode).toBe(0);
  }, 60_000);

  it.each([
    [["--no-build"], 1, "the build has no dist/main.js (CLI_NO_ENTRY)"],
    [["--env-file", "none.env"], 1, "none.env (CLI_NO_FILE)"],
    [["--kill-after", "soon"], 2, "It is a number of milliseconds. (CLI_USAGE)"],
    [["--builder", "esbuild"], 2, "Allowed choices are tsc, swc"],
  ])("refuses %j", async (args, exitCode, problem) => {
    writeProject(desk, { "src/main.ts": "" });
    const outcome = await desk.run("start", ...args);

    expect(outcome).toMatchObject({ exitCode, stdout: "" });
    expect(outcome.stderr).toContain(problem);
  });
});

describe.each(["tsc", "swc"])("rookery start --watch with %s", (builder) => {
  it("starts the app anew when the old one has ended, and keeps it while the build is broken", async () => {
    writeProject(desk, { "src/main.ts": serverApp("one") });
    const session = start("--watch", "--builder", builder);
    await session.says("one listens");

    desk.write("src/main.ts", serverApp("two"));
    await session.says("one drains");
    await session.says("one ended");
    await session.says("two listens");

    desk.write("src/main.ts", "const = ;");
    await session.says("The build is broken: what runs goes on.");
    desk.write("src/main.ts", serverApp("three"));
    await session.says("two ended");
    await session.says("three listens");
    session.interrupt("SIGTERM");

    expect(await session.exitCode).toBe(3);
    expect(session.text).toContain("three ended");
    expect(session.text).not.toContain("EADDRINUSE");
  }, 120_000);

  it("waits for a change when the app has ended by itself", async () => {
    writeProject(desk, { "src/main.ts": "process.exitCode = 4;\n" });
    const session = start("--watch", "--builder", builder);
    await session.says("the app has ended with 4; a change starts it again.");
    desk.write("src/main.ts", `console.log("again");\n`);

    await session.says("again");
  }, 120_000);

  it("shows type errors", async () => {
    writeProject(desk, { "src/main.ts": `console.log("up");\nexport const n: number = "one";\n` });
    const session = start("--watch", "--builder", builder);

    await session.says("error TS2322");
    if (builder === "tsc") expect(session.text).not.toContain("up\n");
    else await session.says("There are type errors: the app runs all the same.");
  }, 120_000);
});

describe("an app that does not end", () => {
  it("is killed when its time is over", async () => {
    const stubborn = `process.on("SIGTERM", () => console.log("no")); console.log("up"); setInterval(() => {}, 1000);\n`;
    writeProject(desk, { "src/main.ts": stubborn });
    const session = start("--watch", "--builder", "swc", "--kill-after", "200");
    await session.says("up");
    desk.write("src/main.ts", `console.log("next");\n`);
    await session.says("no");

    await session.says("next");
  }, 120_000);
});

describe("an app whose command is killed", () => {
  const probe = join(__dirname, "../../src/cli/probes/end-with-parent.cjs");
  const parent = `
    const { spawn } = require("node:child_process");
    const args = [${JSON.stringify(`--require=${probe}`)}, "app.js"];
    const { pid } = spawn(process.execPath, args, { detached: true, stdio: ["ignore", "inherit", "inherit", "pipe"] });
    console.log("pid", pid);
  `;

  it("is asked to end, and may take its time", async () => {
    desk.write("app.js", serverApp("app"));
    const env = { ...desk.env, PORT: String(port) };
    const command = spawn(process.execPath, ["-e", parent], {
      cwd: desk.folder,
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const lines: string[] = [];
    for await (const line of createInterface(command.stdout)) {
      lines.push(line);
      if (line === "app listens") command.kill("SIGKILL");
    }

    expect(lines.slice(1)).toEqual(["app listens", "app drains", "app ended"]);
  }, 30_000);

  it("sees nothing of how that comes about, and neither do its workers and children", async () => {
    const report = `console.log(JSON.stringify([process.execArgv, process.argv.length, typeof process.send]));`;
    writeProject(desk, {
      "src/main.ts": "",
      "dist/main.js": `import { fork } from "node:child_process";
        import { Worker } from "node:worker_threads";
        ${report}
        new Worker("./dist/child.cjs").on("exit", () => fork("./dist/child.cjs"));`,
      "dist/child.cjs": report,
    });
    const session = start("--no-build");

    expect(await session.exitCode).toBe(0);
    const flags = ["--enable-source-maps"];
    const lines = session.text.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      [flags, 2, "undefined"],
      [flags, 2, "undefined"],
      [flags, 2, "function"],
    ]);
  }, 30_000);
});

function start(...args: string[]): Session {
  const session = new Session(["start", ...args], { cwd: desk.folder, env: { ...desk.env, PORT: String(port) } });
  sessions.push(session);
  return session;
}

let port: number;

beforeAll(async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  ({ port } = server.address() as AddressInfo);
  server.close();
  await once(server, "close");
});
