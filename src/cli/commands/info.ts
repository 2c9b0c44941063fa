import { defineCommand, exampleText, type Context } from "../command.js";
import { collectInfo, type InfoReport } from "../info/report.js";

/** `rookery info`. */
export const infoCommand = defineCommand<[], { readonly json?: boolean }>({
  configure: (command) => {
    command
      .description("Show versions of the system, of rookery and of what works with it: what to put into a report.")
      .option("--json", "as JSON")
      .addHelpText("after", exampleText(["rookery info", "rookery info --json"]));
  },
  run: async (context, _args, { json = false }) => {
    const report = await collectInfo(context);
    if (json) context.output.json(report);
    else show(report, context);
    return 0;
  },
});

function show(report: InfoReport, { output }: Context): void {
  const { system, packageManagers, workspace, packages, warnings } = report;
  const section = (title: string, rows: readonly (readonly [string, string])[]): void => {
    output.print(output.colors.bold(title));
    for (const [name, value] of rows) output.print(`  ${name.padEnd(20)}${value}`);
  };
  section("System", [
    ["os", system.os],
    ["node", system.node],
    ...Object.entries(packageManagers),
    ["rookery", report.rookery],
  ]);
  section("Workspace", [
    ["folder", workspace.root],
    ["file", workspace.file ?? "none, defaults apply"],
    ["projects", workspace.projects.join(", ") || "one app"],
  ]);
  section(
    "Packages",
    Object.entries(packages).map(([name, version]) => [name, version ?? "not installed"]),
  );
  for (const warning of warnings) output.warn(warning);
}
