import { relative } from "node:path";
import { buildProject } from "../build/build.js";
import { readLayout } from "../build/layout.js";
import { defineCommand, exampleText } from "../command.js";
import { readWorkspace, type CompilerOptions } from "../workspace/workspace.js";

interface BuildOptions {
  readonly project?: string;
  readonly builder?: CompilerOptions["builder"];
}

/** `rookery build`. */
export const buildCommand = defineCommand<[], BuildOptions>({
  configure: (command) => {
    command
      .description("Check the types of an app, compile it, and copy its assets.")
      .option("-p, --project <name>", "project of the workspace")
      .addOption(command.createOption("-b, --builder <name>", "what compiles").choices(["tsc", "swc"]))
      .addHelpText("after", exampleText(["rookery build", "rookery build --project shop --builder swc"]));
  },
  run: async (context, _args, options) => {
    const workspace = readWorkspace(context.cwd);
    const project = workspace.project(options.project, context.cwd);
    const layout = readLayout(workspace, project);
    await buildProject(layout, options.builder ?? project.compilerOptions.builder, context);
    context.output.note(`${context.output.colors.green("✔")} built into ${relative(context.cwd, layout.outDir)}`);
    return 0;
  },
});
