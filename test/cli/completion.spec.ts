import { execFileSync } from "node:child_process";
import { Command } from "commander";
import { COMMANDS } from "../../src/cli/commands/index.js";
import { completionScript, SHELLS } from "../../src/cli/completion/script.js";
import { Desk } from "./support/cli.js";

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
});

afterEach(() => {
  desk.clear();
});

describe("rookery completion", () => {
  it.each(SHELLS)("writes a script for %s, with --quiet too", async (shell) => {
    const { exitCode, stdout } = await desk.run("completion", shell);

    expect(exitCode).toBe(0);
    for (const { name } of COMMANDS) expect(stdout).toContain(name);
    expect(await desk.run("completion", shell, "--quiet")).toMatchObject({ stdout });
  });

  it.each(SHELLS)("quotes what %s would take for its own", (shell) => {
    const program = new Command("rookery");
    const brew = program.command("brew").alias("b").summary("Make somebody's tea");
    brew.addOption(brew.createOption("-k, --kind <kind>", "which: [green]").choices(["green", "black"]));
    brew.option("--pot <path>", "pot").argument("[rest]").option("--milk");
    program
      .command("pour")
      .summary("Pour")
      .addArgument(brew.createArgument("<into>").choices(["cup", "glass"]));

    expect(completionScript(shell, program)).toMatchSnapshot();
  });

  it.each([
    [["ne"], "new"],
    [["new", "--temp"], "--template"],
    [["new", "--template", ""], "minimal chat"],
    [["n", "-m", "e"], "esm"],
    [["--quiet", "inf"], "info"],
    [["completion", "f"], "fish"],
    [["help", "comp"], "completion"],
  ])("lets bash complete %j", async (words, expected) => {
    const { stdout: script } = await desk.run("completion", "bash");
    const line = ["rookery", ...words].map((word) => `'${word}'`).join(" ");
    const code = `${script}\nCOMP_WORDS=(${line})\nCOMP_CWORD=${words.length}\n_rookery\necho "\${COMPREPLY[*]}"`;

    expect(execFileSync("bash", ["-c", code], { encoding: "utf8" }).trim()).toBe(expected);
  });
});
