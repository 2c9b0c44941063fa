import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { entryOf, type Layout } from "../build/layout.js";
import { CliError } from "../errors.js";
import type { AppCommand } from "./app-process.js";

/** What node is told beside the module. */
export interface NodeOptions {
  /** `true`, or `host:port`. */
  readonly inspect?: boolean | string;
  /** The same, and the app waits for the debugger. */
  readonly inspectBrk?: boolean | string;
  /** Relative to where the command runs. */
  readonly envFile?: readonly string[];
}

/** @throws CliError `CLI_NO_FILE` */
export function nodeFlags({ inspect, inspectBrk, envFile = [] }: NodeOptions, cwd: string): string[] {
  return [
    "--enable-source-maps",
    ...envFile.map((file) => `--env-file=${checkFile(resolve(cwd, file))}`),
    ...inspectFlag("--inspect", inspect),
    ...inspectFlag("--inspect-brk", inspectBrk),
  ];
}

/** @throws CliError `CLI_NO_ENTRY` */
export function appCommand(layout: Layout, flags: readonly string[], args: readonly string[]): AppCommand {
  return { args: [...flags, entryOf(layout), ...args], cwd: layout.root };
}

function inspectFlag(name: string, value: boolean | string | undefined): string[] {
  if (value === undefined || value === false) return [];
  return [value === true ? name : `${name}=${value}`];
}

function checkFile(file: string): string {
  if (existsSync(file)) return file;
  throw new CliError("CLI_NO_FILE", { values: { file, option: "--env-file" } });
}
