import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { io } from "socket.io-client";
import { GENERATORS } from "../../src/cli/generators/index.js";
import type { RouteRow } from "../../src/cli/routes/rows.js";

const run = promisify(execFile);

/** A project of the template `minimal`, installed, and the packed command. */
export interface Stage {
  readonly project: string;
  readonly rookery: string;
  readonly env: NodeJS.ProcessEnv;
}

/** What every generator writes holds in a project as users have it, and so does what else works on a project. */
export function describeGrownProject(name: string, stage: () => Stage): void {
  describe(`a project that has grown, ${name}`, () => {
    const rookery = (...args: string[]) => {
      const { project: cwd, rookery: command, env } = stage();
      return run(command, args, { cwd, env: { ...env, PORT: "0" } });
    };

    beforeAll(async () => {
      for (const { kind } of GENERATORS) await rookery("generate", kind, `my-${kind}`);
    }, 60_000);

    it("has nothing more to get from a second run of each generator", async () => {
      for (const { kind } of GENERATORS) {
        const { stdout } = await rookery("generate", kind, `my-${kind}`);

        expect(stdout).toBe("Nothing to do: everything is there already.\n");
      }
    }, 60_000);

    it.each(["format:check", "lint", "types", "build"])(
      "passes its own %s",
      async (script) => {
        const { project: cwd, env } = stage();

        await expect(run("npm", ["run", script], { cwd, env })).resolves.toBeDefined();
      },
      90_000,
    );

    it("passes the specs that were written", async () => {
      const { project: cwd, env } = stage();
      const { stderr } = await run("npm", ["test", "--", "my-"], { cwd, env });

      expect(stderr).toMatch(/Test Suites: 11 passed, 11 total/);
    }, 90_000);

    it("tells its routes, in the places where they were written", async () => {
      const { stdout } = await rookery("routes", "--no-build", "--json");
      const rows = JSON.parse(stdout) as RouteRow[];
      const update = rows.find(({ handler }) => handler === "MyResourceGateway.update");

      expect(update).toEqual({
        namespace: "/my-resource",
        event: "update",
        handler: "MyResourceGateway.update",
        takes: ["number", "UpdateMyResourceDto"],
        guards: [],
        limits: [],
        ack: "value",
        file: "src/my-resource/my-resource.gateway.ts",
        line: update?.line,
      });
      expect(sourceLine(update)).toMatch(/@OnEvent\("update"\)|@Ack\(\)|update\(id/);
    }, 30_000);

    it("says so when the app does not come to start", async () => {
      const file = join(stage().project, "nest-cli-like.json");
      const settings = readFileSync(file, "utf8");
      writeFileSync(file, JSON.stringify({ ...(JSON.parse(settings) as object), entryFile: "app.module" }));
      try {
        await expect(rookery("routes", "--no-build")).rejects.toMatchObject({
          code: 1,
          stderr: expect.stringContaining("it ended with 0 before (CLI_NO_CONTRACT)"),
        });
      } finally {
        writeFileSync(file, settings);
      }
    }, 30_000);

    it("is healthy", async () => {
      const { stdout } = await rookery("doctor");

      expect(stdout).toContain("Nothing here breaks an app.");
    }, 60_000);

    it("restarts at a change and ends by one Ctrl-C, however often npm passes it on", async () => {
      const { project: cwd, env } = stage();
      const service = join(cwd, "src/greeting/greeting.service.ts");
      const source = readFileSync(service, "utf8");
      const dev = spawn("npm", ["run", "dev"], {
        cwd,
        env: { ...env, PORT: "0" },
        stdio: ["ignore", "pipe", "inherit"],
        detached: true,
      });
      const lines = createInterface(dev.stdout)[Symbol.asyncIterator]();
      try {
        expect(await greetAt(await nextUrl(lines))).toEqual({ text: "Hello, Ann!" });
        writeFileSync(service, source.replace("Hello", "Welcome"));
        const url = await nextUrl(lines);

        expect(await greetAt(url)).toEqual({ text: "Welcome, Ann!" });
        process.kill(-(dev.pid ?? 0), "SIGINT");
        await once(dev, "close");
        await expect(fetch(url)).rejects.toThrow("fetch failed");
      } finally {
        writeFileSync(service, source);
        dev.kill("SIGKILL");
      }
    }, 60_000);

    it("has its app end with it, when it is killed", async () => {
      const { project: cwd, env } = stage();
      const command = spawn(process.execPath, ["node_modules/rookery/dist/cli/bin.js", "start", "--no-build"], {
        cwd,
        env: { ...env, PORT: "0" },
        stdio: ["ignore", "pipe", "inherit"],
      });
      const url = await nextUrl(createInterface(command.stdout)[Symbol.asyncIterator]());
      command.kill("SIGKILL");
      // The app writes to the same pipe: it closes with the last of them.
      await once(command, "close");

      await expect(fetch(url)).rejects.toThrow("fetch failed");
    }, 60_000);

    function sourceLine(row: RouteRow | undefined): string {
      const text = readFileSync(join(stage().project, row?.file ?? ""), "utf8");
      return text.split("\n")[(row?.line ?? 0) - 1] ?? "";
    }
  });
}

async function nextUrl(lines: AsyncIterator<string>): Promise<string> {
  for (;;) {
    const { value, done } = await lines.next();
    const [, port] = /http:\/\/localhost:(\d+)/.exec(String(value)) ?? [];
    if (port !== undefined) return `http://127.0.0.1:${port}`;
    if (done === true) return "";
  }
}

async function greetAt(url: string): Promise<unknown> {
  const client = io(url, { reconnection: false, forceNew: true });
  const answer: unknown = await client.emitWithAck("greet", { name: "Ann" });
  client.disconnect();
  return answer;
}
