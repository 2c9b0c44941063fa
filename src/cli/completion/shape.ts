import type { Command, Option } from "commander";

/** A command as completion sees it. */
export interface CommandShape {
  readonly names: readonly string[];
  readonly summary: string;
  readonly options: readonly OptionShape[];
  /** What its arguments may be, where that is known. */
  readonly operands: readonly string[];
}

/** An option as completion sees it. */
export interface OptionShape {
  /** `--template`. */
  readonly long: string;
  /** `-t`; not every option has one. */
  readonly short: string | undefined;
  readonly description: string;
  readonly hasValue: boolean;
  readonly choices: readonly string[];
}

/** Every command of the program. */
export function shapesOf(program: Command): CommandShape[] {
  return program.commands.map((command) => ({
    names: [command.name(), ...command.aliases()],
    summary: command.summary(),
    options: [...command.options.map(toOption), { ...HELP, short: "-h" }],
    operands: command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices),
  }));
}

const HELP = { long: "--help", description: "show help", hasValue: false, choices: [] };

function toOption({ long, short, description, argChoices = [], required, optional }: Option): OptionShape {
  return { long: long ?? "", short, description, hasValue: required || optional, choices: argChoices };
}
