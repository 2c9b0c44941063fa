import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { Context } from "./command.js";
import { packageFolder } from "./package.js";

/** Programs of their own, which run beside a project's packages; the package ships them as they stand. */
const PROBES_FOLDER = join(packageFolder, "src/cli/probes");
const MAX_TEXT_LENGTH = 16_384;

/** How a probe ended. */
export interface ProbeOutcome {
  /** What it has sent; `undefined` when it did not come to that. */
  readonly answer: string | undefined;
  /** The end of what it and the project's code have written. */
  readonly text: string;
  /** Why there is no answer. */
  readonly problem: string;
}

/** Where a probe runs, and how long it may take. */
export interface ProbeOptions {
  readonly cwd: string;
  readonly timeoutMs: number;
}

/** Runs a probe to its end. @throws the reason of the signal. */
export async function runProbe(
  file: string,
  args: readonly string[],
  { cwd, timeoutMs }: ProbeOptions,
  { env, signal, clock }: Context,
): Promise<ProbeOutcome> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, ["--enable-source-maps", join(PROBES_FOLDER, file), ...args], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const stop = (): void => void child.kill("SIGKILL");
  signal.addEventListener("abort", stop);
  const timer = clock.setTimeout(stop, timeoutMs);
  try {
    const outcome = await outcomeOf(child, timeoutMs);
    signal.throwIfAborted();
    return outcome;
  } finally {
    clock.clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

function outcomeOf(child: ChildProcess, timeoutMs: number): Promise<ProbeOutcome> {
  let answer: string | undefined;
  let text = "";
  child.on("message", (sent) => {
    answer = sent as string;
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (written: string) => {
      text = (text + written).slice(-MAX_TEXT_LENGTH);
    });
  }
  return new Promise((resolve) => {
    const settle = (problem: string): void => resolve({ answer, text: text.trimEnd(), problem });
    child.on("error", (error) => settle(error.message));
    child.on("close", (exitCode) => {
      settle(exitCode === null ? `it was not there after ${timeoutMs} ms` : `it ended with ${exitCode} before`);
    });
  });
}
