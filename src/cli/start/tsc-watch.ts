import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Layout } from "../build/layout.js";
import { prettyFlag } from "../build/build.js";
import { tscCommand } from "../build/tsc.js";
import type { Context } from "../command.js";
import { CliError } from "../errors.js";
import { END_WITH_PARENT } from "./app-process.js";

/** Hears of every compilation. */
export interface CompilationListener {
  /** It had no errors. */
  readonly passed: () => void;
  /** @param text - what the compiler said. */
  readonly failed: (text: string) => void;
}

// eslint-disable-next-line no-control-regex -- colours are control sequences
const COLORS = /\u001b\[[\d;]*[A-Za-z]/g;
const BEGIN = /(?:Starting compilation in watch mode|File change detected)/;
const END = /Found (\d+) errors?\. Watching for file changes/;

/**
 * Compiles the project at every change, by TypeScript's own watch mode.
 *
 * @param flags - `--noEmit` for types alone.
 * @throws CliError `CLI_BUILD_FAILED` when the compiler ends by itself, `CLI_NO_PROGRAM`
 */
export async function watchWithTsc(
  layout: Layout,
  flags: readonly string[],
  { listener, context }: { readonly listener: CompilationListener; readonly context: Context },
): Promise<void> {
  const { signal, env } = context;
  const watchFlags = ["--watch", "--preserveWatchOutput", ...flags, ...prettyFlag(context)];
  const { program, args } = tscCommand(layout, watchFlags);
  const child = spawn(program, [END_WITH_PARENT, ...args], {
    cwd: layout.root,
    env,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const stop = (): void => void child.kill();
  signal.addEventListener("abort", stop);
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()).on("error", () => resolve()));
  let said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface(stream).on("line", (line) => {
      said = hear(line, said, listener);
    });
  }
  await ended;
  signal.removeEventListener("abort", stop);
  if (signal.aborted) return;
  context.output.errorLine(said.join("\n"));
  throw new CliError("CLI_BUILD_FAILED", { values: { problem: "the compiler has ended" } });
}

function hear(line: string, said: string[], { passed, failed }: CompilationListener): string[] {
  const plain = line.replace(COLORS, "");
  if (BEGIN.test(plain)) return [];
  const [, errors] = END.exec(plain) ?? [];
  if (errors === undefined) return line.trim() === "" ? said : [...said, line];
  if (errors === "0") passed();
  else failed(said.join("\n"));
  return [];
}
