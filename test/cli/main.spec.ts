import { readFileSync } from "node:fs";
import { join } from "node:path";
import { COMMANDS } from "../../src/cli/commands/index.js";
import { CLI_ERRORS, CliError } from "../../src/cli/errors.js";
import { exitCodeOf, renderFailure } from "../../src/cli/failure.js";
import { checkNodeVersion, OLDEST_NODE } from "../../src/cli/node-version.js";
import { createOutput } from "../../src/cli/output.js";
import { Desk } from "./support/cli.js";

const manifest = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8")) as {
  version: string;
  engines: { node: string };
};

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
});

afterEach(() => {
  desk.clear();
});

describe("rookery", () => {
  it.each(["--version", "-V", "-v"])("shows its version for %s", async (flag) => {
    expect(await desk.run(flag)).toEqual({ exitCode: 0, stdout: `${manifest.version}\n`, stderr: "" });
  });

  it("shows its help when it is told nothing", async () => {
    const { exitCode, stdout, stderr } = await desk.run();

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatchSnapshot();
    expect(await desk.run("--quiet")).toEqual({ exitCode: 0, stdout, stderr: "" });
    expect(await desk.run("help")).toEqual({ exitCode: 0, stdout, stderr: "" });
  });

  it.each(COMMANDS.map(({ name }) => name))("shows the help of %s", async (name) => {
    const { exitCode, stdout, stderr } = await desk.run(name, "--help");

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatchSnapshot();
    expect((await desk.run("help", name)).stdout).toBe(stdout);
  });

  it.each(COMMANDS.flatMap(({ name, alias }) => (alias === undefined ? [] : [[alias, name] as const])))(
    "knows %s as %s",
    async (alias, name) => {
      expect((await desk.run(alias, "--help")).stdout).toBe((await desk.run(name, "--help")).stdout);
    },
  );
});

describe("a wrong command line", () => {
  it.each([
    [["nwe"], "unknown command 'nwe'", "Did you mean new? See rookery --help."],
    [["help", "inof"], "unknown command 'inof'", "Did you mean info? See rookery --help."],
    [["help", "gen"], "unknown command 'gen'", "Did you mean generate? See rookery --help."],
    [["gen"], "unknown command 'gen'", "Did you mean generate? See rookery --help."],
    [["--josn"], "unknown option '--josn'", "See rookery --help."],
    [["new", "--dry-rnu"], "unknown option '--dry-rnu'", "Did you mean --dry-run? See rookery new --help."],
    [["n", "--templat", "chat"], "unknown option '--templat'", "Did you mean --template? See rookery new --help."],
    [["info", "more"], "too many arguments", "See rookery info --help."],
    [["completion"], "missing required argument 'shell'", "See rookery completion --help."],
    [["new", "app", "-p", "foo"], "Allowed choices are npm, pnpm, yarn, bun", "See rookery new --help."],
  ])("is refused with what to do: %s", async (args, problem, mend) => {
    const { exitCode, stdout, stderr } = await desk.run(...args);

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(problem);
    expect(stderr).toContain(`(CLI_USAGE)\n  mend: `);
    expect(stderr).toContain(mend);
  });
});

describe("a failure", () => {
  it("shows message, code, causes and mend on standard error", async () => {
    const cause = new Error("the disk", { cause: new Error("is full") });
    const { stderr } = await failWith(new CliError("CLI_FILE", { values: { path: "a.ts", done: "written" }, cause }));

    expect(stderr).toBe(
      `error: a.ts cannot be written (CLI_FILE)\n  cause: the disk\n  cause: is full\n  mend: ${CLI_ERRORS.CLI_FILE.mend}\n`,
    );
  });

  it("shows the stack of what nobody foresaw", async () => {
    const { stderr, exitCode } = await failWith(new TypeError("x is not a function"));

    expect(stderr).toContain("error: the command ended unexpectedly: x is not a function (CLI_UNEXPECTED)");
    expect(stderr).toContain("main.spec.ts");
    expect(exitCode).toBe(1);
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ])("by %s ends with %i", async (signal, exitCode) => {
    const error = new CliError("CLI_INTERRUPTED", { values: { signal } });

    expect(await failWith(error)).toMatchObject({ exitCode });
  });

  async function failWith(error: unknown): Promise<{ stderr: string; exitCode: number }> {
    let stderr = "";
    const stream = { write: (text: string) => (stderr += text) };
    const { signal } = new AbortController();
    const surroundings = { cwd: "/", env: {}, stdin: {}, stdout: stream, stderr: stream, clock: desk.clock, signal };
    renderFailure(error, await createOutput([], surroundings));
    return { stderr, exitCode: exitCodeOf(error) };
  }
});

describe("colours", () => {
  const escape = "\u001b[";

  it.each([
    ["are there in a terminal", true, {}, [], true],
    ["are not there elsewhere", false, {}, [], false],
    ["are there elsewhere with FORCE_COLOR", false, { FORCE_COLOR: "1" }, [], true],
    ["are not there with NO_COLOR", true, { NO_COLOR: "1", FORCE_COLOR: "1" }, [], false],
    ["are there with an empty NO_COLOR", true, { NO_COLOR: "" }, [], true],
    ["are not there with --no-color", true, { FORCE_COLOR: "1" }, ["--no-color"], false],
    ["are not there in a dumb terminal", true, { TERM: "dumb" }, [], false],
  ])("%s", async (_title, isTTY, env, flags, isColoured) => {
    desk.isTTY = isTTY;
    desk.env = { ...desk.env, ...env };
    const { stdout } = await desk.run("new", "--help", ...flags);
    const { stderr } = await desk.run("nwe", ...flags);

    expect([stdout.includes(escape), stderr.includes(escape)]).toEqual([isColoured, isColoured]);
  });
});

describe("the oldest Node.js", () => {
  it("is the one of package.json", () => {
    expect(manifest.engines.node).toBe(`>=${OLDEST_NODE}`);
  });

  it.each(["18.20.0", "20.18.3"])("is not %s", (version) => {
    expect(() => {
      checkNodeVersion(version);
    }).toThrow(`this is Node.js ${version}, and rookery needs ${OLDEST_NODE} or newer`);
  });

  it.each(["20.19.0", "22.0.0", process.versions.node])("lets %s through", (version) => {
    expect(() => {
      checkNodeVersion(version);
    }).not.toThrow();
  });
});
