import { spawn, type ChildProcess } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import type { Context } from "../command.js";
import { packageFolder } from "../package.js";

/** How an app is started. */
export interface AppCommand {
  /** Arguments of node: its flags, the module, the app's own arguments. */
  readonly args: readonly string[];
  readonly cwd: string;
}

const isWindows = process.platform === "win32";

/** Node's flag for a process that ends when this one is killed; its fourth stream has to be a pipe, which tells it. */
export const END_WITH_PARENT = `--require=${join(packageFolder, "src/cli/probes/end-with-parent.cjs")}`;

/** An app that runs, and ends with this process at the latest. */
export class AppProcess {
  /** Resolves to the exit code, as shells report it: 128 and the signal's number when a signal ended it. Never rejects. */
  readonly ended: Promise<number>;
  readonly #child: ChildProcess;
  #hasEnded = false;

  constructor({ args, cwd }: AppCommand, { env, stdin, stdout, stderr }: Context) {
    this.#child = spawn(process.execPath, [END_WITH_PARENT, ...args], {
      cwd,
      env,
      // A terminal would not let another group read.
      stdio: [
        stdin.isTTY === true ? "ignore" : (stdin.fd ?? "ignore"),
        stdout.fd ?? "pipe",
        stderr.fd ?? "pipe",
        "pipe",
      ],
      // Its own group: Ctrl-C comes to it once, by `kill`, and not from the terminal as well. A second one would cut it off.
      detached: !isWindows,
    });
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => stdout.write(text));
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => stderr.write(text));
    this.ended = this.#end();
    // Whoever ends this process at once ends the app with it.
    const killAtExit = (): void => this.kill("SIGKILL");
    process.on("exit", killAtExit);
    void this.ended.then(() => process.removeListener("exit", killAtExit));
  }

  kill(signal: NodeJS.Signals): void {
    if (!this.#hasEnded) this.#child.kill(signal);
  }

  /** Asks the process to end, waits for what it still has to do, and ends it by force after a time. */
  async stop(killAfterMs: number, { clock }: Pick<Context, "clock">): Promise<void> {
    this.kill("SIGTERM");
    const timer = clock.setTimeout(() => this.kill("SIGKILL"), killAfterMs);
    await this.ended;
    clock.clearTimeout(timer);
  }

  #end(): Promise<number> {
    return new Promise((resolve) => {
      const settle = (exitCode: number | null, signal: NodeJS.Signals | null): void => {
        this.#hasEnded = true;
        resolve(exitCode ?? 128 + (signal === null ? 0 : constants.signals[signal]));
      };
      this.#child.on("close", settle).on("error", () => settle(1, null));
    });
  }
}
