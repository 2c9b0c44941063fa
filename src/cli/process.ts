import { constants } from "node:os";
import { CliError } from "./errors.js";
import { main } from "./main.js";
import type { Clock, Surroundings } from "./surroundings.js";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const ECHO_MS = 500;

const systemClock: Clock = {
  now: () => performance.now(),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimeout: (timer) => {
    clearTimeout(timer as NodeJS.Timeout);
  },
};

/** Runs the command line of this process, and leaves the outcome in `process.exitCode`. */
export async function runProcess(): Promise<void> {
  endQuietlyWithoutReader();
  const signal = abortOnSignals();
  const { stdin, stdout, stderr, env } = process;
  const surroundings: Surroundings = { cwd: process.cwd(), env, stdin, stdout, stderr, clock: systemClock, signal };
  process.exitCode = await main(process.argv.slice(2), surroundings);
}

/**
 * The first signal asks the command to clean up and end; another one ends the process where it stands. What follows at once
 * is the same one again: npm passes on to its scripts what the terminal has sent to all.
 */
function abortOnSignals(): AbortSignal {
  const controller = new AbortController();
  let abortedAt = 0;
  for (const name of SIGNALS) {
    process.on(name, () => {
      const isEcho = systemClock.now() - abortedAt < ECHO_MS;
      if (controller.signal.aborted && isEcho) return;
      if (controller.signal.aborted) process.exit(128 + constants.signals[name]);
      abortedAt = systemClock.now();
      controller.abort(new CliError("CLI_INTERRUPTED", { values: { signal: name } }));
    });
  }
  return controller.signal;
}

/** `rookery info | head -1`: whoever read the output has gone, and wants no more of it. */
function endQuietlyWithoutReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
}
