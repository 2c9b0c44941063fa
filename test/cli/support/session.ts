import { main } from "../../../src/cli/main.js";
import { CliError } from "../../../src/cli/errors.js";
import type { Clock } from "../../../src/cli/surroundings.js";

const clock: Clock = {
  now: () => performance.now(),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimeout: (timer) => {
    clearTimeout(timer as NodeJS.Timeout);
  },
};

/** A command that runs until it is told to end; the processes that it starts are real, and so is the time. */
export class Session {
  /** What the command and its children have written, both streams together. */
  text = "";
  readonly exitCode: Promise<number>;
  readonly #controller = new AbortController();
  readonly #waiting = new Set<() => void>();
  #read = 0;

  constructor(args: readonly string[], { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }) {
    const stream = { columns: 100, write: (text: string) => this.#hear(text) };
    const { signal } = this.#controller;
    this.exitCode = main(args, { cwd, env, stdin: {}, stdout: stream, stderr: stream, clock, signal });
    void this.exitCode.then(() => this.#hear(""));
  }

  /** As Ctrl-C does. */
  interrupt(signal: NodeJS.Signals = "SIGINT"): void {
    this.#controller.abort(new CliError("CLI_INTERRUPTED", { values: { signal } }));
  }

  /** Resolves when this is written, after what was waited for before. */
  async says(expected: string): Promise<void> {
    for (;;) {
      const found = this.text.indexOf(expected, this.#read);
      if (found >= 0) {
        this.#read = found + expected.length;
        return;
      }
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  #hear(text: string): void {
    this.text += text;
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}
