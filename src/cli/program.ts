import { Command, CommanderError } from "commander";
import type { CommandDefinition, CommandEntry, Context } from "./command.js";
import { COMMANDS } from "./commands/index.js";
import { CliError } from "./errors.js";
import { suggest } from "./near.js";
import type { Output } from "./output.js";
import { packageVersion } from "./package.js";
import { Prompter } from "./prompter.js";
import type { Surroundings } from "./surroundings.js";

const DEFAULT_WIDTH = 80;

/** Parses the command line and runs the command that it names. @returns the exit code. */
export async function runProgram(
  args: readonly string[],
  surroundings: Surroundings & { readonly output: Output },
): Promise<number> {
  let exitCode = 0;
  const program = createProgram(surroundings);
  const run: RunCommand = async (definition, parsed, options) => {
    const describe = (): Promise<Command> => describeProgram(surroundings);
    const context: Context = { ...surroundings, prompter: new Prompter(surroundings), describe };
    exitCode = (await definition.run(context, parsed, options)) ?? 0;
  };
  await addCommands(program, operandsOf(args), run);
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exitCode;
    // A line without a command is answered by the help; the parser would write it to standard error.
    const [named, topic] = operandsOf(args);
    if (error.code === "commander.unknownCommand") throw unknownCommand(program, named);
    if (error.code !== "commander.help") throw toUsageError(error.message, program, args);
    // `rookery help nwe`
    if (named !== undefined) throw unknownCommand(program, topic);
    program.outputHelp();
  }
  return exitCode;
}

async function describeProgram(surroundings: Surroundings & { readonly output: Output }): Promise<Command> {
  const program = createProgram(surroundings);
  await addCommands(
    program,
    COMMANDS.map(({ name }) => name),
    () => Promise.resolve(),
  );
  return program;
}

type RunCommand = (definition: CommandDefinition, args: readonly unknown[], options: unknown) => Promise<void>;

function createProgram({ stdout, output }: Surroundings & { readonly output: Output }): Command {
  const { bold } = output.colors;
  const program = new Command("rookery")
    .description("Makes, grows, builds and runs Rookery applications.")
    .version(packageVersion(), "-V, --version", "show the version")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help of a command")
    .configureHelp({ styleTitle: (title) => bold(title) })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      // Mistakes are reported by main(), with their mend.
      writeErr: () => undefined,
      getOutHelpWidth: () => stdout.columns ?? DEFAULT_WIDTH,
      // Styles come from `output`, which has decided already.
      getOutHasColors: () => true,
    })
    .exitOverride();
  return addCommonOptions(program);
}

async function addCommands(program: Command, named: readonly string[], run: RunCommand): Promise<void> {
  for (const entry of COMMANDS) {
    const command = program.command(entry.name).summary(entry.summary).description(entry.summary);
    if (entry.alias !== undefined) command.alias(entry.alias);
    if (isNamed(entry, named)) await configure(command, entry, run);
  }
}

async function configure(command: Command, entry: CommandEntry, run: RunCommand): Promise<void> {
  const definition = await entry.load();
  definition.configure(command);
  addCommonOptions(command).helpOption("-h, --help", "show help");
  command.action((...parsed: unknown[]) => {
    // Commander ends the list with the options and the command itself.
    return run(definition, parsed.slice(0, -2), parsed.at(-2));
  });
}

/** They are read by `createOutput`; here they are accepted, and listed in the help. */
function addCommonOptions(command: Command): Command {
  return command
    .option("--no-color", "plain text, as with NO_COLOR in the environment")
    .option("-q, --quiet", "say nothing but what was asked for, and errors");
}

function isNamed({ name, alias }: CommandEntry, named: readonly string[]): boolean {
  return named.includes(name) || (alias !== undefined && named.includes(alias));
}

/** The command is the first word that is no option; after `help` the second. */
function operandsOf(args: readonly string[]): readonly string[] {
  return args.filter((arg) => !arg.startsWith("-")).slice(0, 2);
}

function unknownCommand(program: Command, named = ""): CliError {
  const names = program.commands.map((command) => command.name());
  const values = { problem: `unknown command '${named}'`, mend: `${suggest(named, names)} See rookery --help.` };
  return new CliError("CLI_USAGE", { values });
}

/** The parser writes `error: unknown option '--foo'`, and on the next line `(Did you mean --force?)`. */
function toUsageError(message: string, program: Command, args: readonly string[]): CliError {
  const [first = "", suggestion] = message.split("\n");
  const [named = ""] = operandsOf(args);
  const command = program.commands.find((each) => each.name() === named || each.aliases().includes(named));
  const help = ["rookery", ...(command === undefined ? [] : [command.name()]), "--help"].join(" ");
  const mend = `${suggestion === undefined ? "" : `${suggestion.slice(1, -1)} `}See ${help}.`;
  return new CliError("CLI_USAGE", { values: { problem: first.replace(/^error: /, ""), mend } });
}
