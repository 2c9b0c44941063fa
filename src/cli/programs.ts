import { spawn, type ChildProcess } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { CliError } from "./errors.js";

const MAX_TAIL_LENGTH = 16_384;
const isWindows = process.platform === "win32";

/** Where and how another program runs. */
export interface ProgramOptions {
  readonly cwd: string;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** Ends the program when aborted; the reason is what `runProgram` then rejects with. */
  readonly signal: AbortSignal;
}

/** How another program ended. */
export interface ProgramResult {
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  /** The end of what it wrote to both outputs, at most 16 KiB. */
  readonly tail: string;
}

/**
 * Runs a program without a terminal and waits for its end, even when aborted: nothing writes any more afterwards.
 *
 * @throws CliError `CLI_NO_PROGRAM`, or the reason of the signal.
 */
export async function runProgram(
  name: string,
  args: readonly string[],
  { cwd, env, signal }: ProgramOptions,
): Promise<ProgramResult> {
  signal.throwIfAborted();
  // On Windows package managers are scripts, which only a shell runs; the arguments are our own.
  const child = spawn(name, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], shell: isWindows });
  const stop = (): void => void child.kill();
  signal.addEventListener("abort", stop);
  try {
    const tail = collectTail(child);
    const exitCode = await endOf(child, name);
    signal.throwIfAborted();
    return { exitCode, tail: tail() };
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Whether a program of this name could be run. */
export function isInstalled(name: string, env: ProgramOptions["env"]): boolean {
  const folders = (env.PATH ?? env.Path ?? "").split(delimiter).filter((folder) => folder !== "");
  const files = isWindows ? [`${name}.exe`, `${name}.cmd`] : [name];
  return folders.some((folder) => files.some((file) => isExecutable(join(folder, file))));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function collectTail(child: ChildProcess): () => string {
  let tail = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      tail = (tail + text).slice(-MAX_TAIL_LENGTH);
    });
  }
  return () => tail;
}

function endOf(child: ChildProcess, program: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on("close", resolve).on("error", (cause) => {
      const mend = "Install it, or have it on the PATH.";
      reject(new CliError("CLI_NO_PROGRAM", { values: { program, mend }, cause }));
    });
  });
}
