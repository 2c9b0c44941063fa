import { defineCommand, exampleText, type Context } from "../command.js";
import { examine, type NamedFinding } from "../doctor/examine.js";
import { readWorkspace } from "../workspace/workspace.js";

interface DoctorOptions {
  readonly json?: boolean;
  readonly project?: string;
}

/** `rookery doctor`. */
export const doctorCommand = defineCommand<[], DoctorOptions>({
  configure: (command) => {
    command
      .description(
        "Look for what breaks Rookery apps: metadata that is not there, copies of packages, module systems that do not fit. Ends with 1 when an error was found.",
      )
      .option("-p, --project <name>", "project of the workspace")
      .option("--json", "as JSON")
      .addHelpText("after", exampleText(["rookery doctor", "rookery doctor --json"]));
  },
  run: async (context, _args, { json = false, project: name }) => {
    const workspace = readWorkspace(context.cwd);
    const project = workspace.project(name, context.cwd);
    const findings = await examine({ workspace, project, context });
    if (json) context.output.json(findings);
    else show(findings, context);
    return findings.some(({ level }) => level === "error") ? 1 : 0;
  },
});

function show(findings: readonly NamedFinding[], { output }: Context): void {
  const { green, yellow, red, cyan, dim } = output.colors;
  const marks = { ok: green("✔"), hint: cyan("ℹ"), warning: yellow("!"), error: red("✖") };
  for (const { level, check, message, mend } of findings) {
    output.print(`${marks[level]} ${message} ${dim(`(${check})`)}`);
    if (mend !== undefined) output.print(`    mend: ${mend}`);
  }
  const count = findings.filter(({ level }) => level === "error").length;
  output.note(count === 0 ? "\nNothing here breaks an app." : `\n${count === 1 ? "One error" : `${count} errors`}.`);
}
