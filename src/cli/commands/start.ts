import { InvalidArgumentError } from "commander";
import { buildProject } from "../build/build.js";
import { readLayout } from "../build/layout.js";
import { defineCommand, exampleText } from "../command.js";
import { runApp } from "../start/run.js";
import { appCommand, nodeFlags, type NodeOptions } from "../start/start-options.js";
import { watchApp } from "../start/watch.js";
import { readWorkspace, type CompilerOptions } from "../workspace/workspace.js";

/** More than an application takes by default for closing. */
const DEFAULT_KILL_AFTER_MS = 15_000;

interface StartOptions extends NodeOptions {
  readonly watch?: boolean;
  readonly build?: boolean;
  readonly project?: string;
  readonly builder?: CompilerOptions["builder"];
  readonly killAfter: number;
}

/** `rookery start`. */
export const startCommand = defineCommand<[args: string[]], StartOptions>({
  configure: (command) => {
    command
      .description("Build an app and run it; its exit code is the command's, signals go on to it.")
      .argument("[args...]", "arguments of the app, after --")
      .option("-w, --watch", "start it anew after every change; a broken build leaves it running")
      .option("--no-build", "run what was built last")
      .option("-p, --project <name>", "project of the workspace")
      .addOption(command.createOption("-b, --builder <name>", "what compiles").choices(["tsc", "swc"]))
      .option("--inspect [address]", "let debuggers connect, at host:port")
      .option("--inspect-brk [address]", "the same, and wait for one")
      .option("--env-file <file>", "variables for the app; may be given several times", collect)
      .option("--kill-after <ms>", "how long it may take to end before it is replaced", toMs, DEFAULT_KILL_AFTER_MS)
      .addHelpText("after", exampleText(EXAMPLES));
  },
  run: async (context, [args], options) => {
    const workspace = readWorkspace(context.cwd);
    const project = workspace.project(options.project, context.cwd);
    const layout = readLayout(workspace, project);
    const builder = options.builder ?? project.compilerOptions.builder;
    const flags = nodeFlags(options, context.cwd);
    const command = () => appCommand(layout, flags, args);
    if (options.watch === true) {
      return watchApp({ layout, builder, command, killAfterMs: options.killAfter }, context);
    }
    if (options.build !== false) await buildProject(layout, builder, context);
    return runApp(command(), context);
  },
});

const EXAMPLES = [
  "rookery start",
  "rookery start --watch --builder swc",
  "rookery start --env-file .env --inspect 127.0.0.1:9230 -- --verbose",
];

function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}

function toMs(value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new InvalidArgumentError("It is a number of milliseconds.");
}
