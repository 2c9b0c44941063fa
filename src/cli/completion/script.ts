import type { Command } from "commander";
import { bashScript } from "./bash.js";
import { fishScript } from "./fish.js";
import { shapesOf } from "./shape.js";
import { zshScript } from "./zsh.js";

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** Shells that there is a script for. */
export type Shell = keyof typeof SCRIPTS;

/** Their names. */
export const SHELLS = Object.keys(SCRIPTS) as Shell[];

/** A script with everything in it: completing a word starts no process. */
export function completionScript(shell: Shell, program: Command): string {
  return SCRIPTS[shell](shapesOf(program));
}
