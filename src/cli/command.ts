import type { Command } from "commander";
import type { Output } from "./output.js";
import type { Prompter } from "./prompter.js";
import type { Clock, Surroundings } from "./surroundings.js";

/** What a command works with. */
export interface Context {
  readonly cwd: string;
  readonly env: Surroundings["env"];
  readonly clock: Clock;
  /** See `Surroundings`; what takes long hands it on, or asks `throwIfAborted()`. */
  readonly signal: AbortSignal;
  readonly output: Output;
  /** Of this process, for its children; a command itself writes by `output`. */
  readonly stdin: Surroundings["stdin"];
  readonly stdout: Surroundings["stdout"];
  readonly stderr: Surroundings["stderr"];
  readonly prompter: Prompter;
  /** The whole program with every command loaded, for whoever describes them all. */
  readonly describe: () => Promise<Command>;
}

/** A line of the table of commands: all that `rookery --help` needs, without loading the command. */
export interface CommandEntry {
  readonly name: string;
  readonly alias?: string;
  readonly summary: string;
  readonly load: () => Promise<CommandDefinition>;
}

/** A command. */
export interface CommandDefinition {
  /** Adds description, arguments, options and examples. */
  readonly configure: (command: Command) => void;
  /**
   * @param args - one entry per declared argument; an array for a variadic one.
   * @param options - by camel-cased name.
   * @returns the exit code; 0 when there is none.
   */
  readonly run: (context: Context, args: readonly unknown[], options: unknown) => Promise<number | undefined>;
}

/** A command with its own types; that they fit what `configure` declares is up to its file. */
export interface TypedCommand<Args extends readonly unknown[], Options> {
  readonly configure: (command: Command) => void;
  readonly run: (context: Context, args: Args, options: Options) => Promise<number | undefined>;
}

/** The parser hands over what was declared, untyped; here it gets the types that the command has declared. */
export function defineCommand<Args extends readonly unknown[], Options>(
  command: TypedCommand<Args, Options>,
): CommandDefinition {
  return command as unknown as CommandDefinition;
}

/** Lines for the end of a command's `--help`. */
export function exampleText(examples: readonly string[]): string {
  return `\nExamples:\n${examples.map((example) => `  $ ${example}`).join("\n")}`;
}
