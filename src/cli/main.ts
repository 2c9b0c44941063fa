import { exitCodeOf, renderFailure } from "./failure.js";
import { createOutput } from "./output.js";
import { packageVersion } from "./package.js";
import type { Surroundings } from "./surroundings.js";

const VERSION_FLAGS = ["--version", "-V", "-v"];

/**
 * Runs one command line.
 *
 * @param args - without node and the script.
 * @returns the exit code: 0 when all went well, 1 when it did not, 2 when the command line was wrong, 128 and the signal's
 *   number when a signal ended it. Never rejects.
 */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<number> {
  // Scripts ask for the version often: the parser is not even loaded for it.
  if (args.length === 1 && VERSION_FLAGS.includes(args[0] ?? "")) {
    surroundings.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  const output = await createOutput(args, surroundings);
  try {
    const { runProgram } = await import("./program.js");
    return await runProgram(args, { ...surroundings, output });
  } catch (error) {
    renderFailure(error, output);
    return exitCodeOf(error);
  }
}
