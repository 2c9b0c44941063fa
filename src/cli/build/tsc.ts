import { existsSync } from "node:fs";
import { join } from "node:path";
import { CliError } from "../errors.js";
import { findInstalled } from "../info/installed.js";
import type { Layout } from "./layout.js";

/** A program and its arguments. */
export interface CommandLine {
  readonly program: string;
  readonly args: readonly string[];
}

/**
 * The project's own TypeScript compiler, as a command line: whichever version that is, it has one.
 *
 * @throws CliError `CLI_NO_PROGRAM`
 */
export function tscCommand(
  { root, tsconfig }: Pick<Layout, "root" | "tsconfig">,
  flags: readonly string[],
): CommandLine {
  const installed = findInstalled("typescript", root);
  const compiler = join(installed?.folder ?? root, "bin/tsc");
  if (installed === undefined || !existsSync(compiler)) {
    const mend = "Install it in the project: npm install --save-dev typescript.";
    throw new CliError("CLI_NO_PROGRAM", { values: { program: "typescript", mend } });
  }
  // Messages in English: the end of a compilation is known by them.
  const args = ["-p", tsconfig.path, "--locale", "en", ...flags];
  return { program: process.execPath, args: [compiler, ...args] };
}
