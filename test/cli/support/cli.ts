import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  watch,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { CliError } from "../../../src/cli/errors.js";
import { main } from "../../../src/cli/main.js";
import { ManualClock } from "../../support/manual-clock.js";

/** What a command line left behind. */
export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of its own, and the CLI in this process, at work in it. */
export class Desk {
  /** Without links, as the CLI shows it. */
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "rookery-cli-")));
  readonly clock = new ManualClock();
  env: NodeJS.ProcessEnv = { PATH: process.env.PATH };
  /** Whether the output is a terminal; the input never is: nobody is there to answer. */
  isTTY = false;
  readonly #controller = new AbortController();
  #cwd = ".";

  /** As Ctrl-C does. */
  interrupt(signal: NodeJS.Signals = "SIGINT"): void {
    this.#controller.abort(new CliError("CLI_INTERRUPTED", { values: { signal } }));
  }

  /** Where further command lines run: a folder of the desk. */
  enter(path: string): void {
    mkdirSync(join(this.folder, path), { recursive: true });
    this.#cwd = path;
  }

  async run(...args: string[]): Promise<Outcome> {
    const written = { stdout: "", stderr: "" };
    const stream = (name: keyof typeof written) => ({
      isTTY: this.isTTY,
      columns: 100,
      write: (text: string) => (written[name] += text),
    });
    const exitCode = await main(args, {
      cwd: join(this.folder, this.#cwd),
      env: this.env,
      stdin: {},
      stdout: stream("stdout"),
      stderr: stream("stderr"),
      clock: this.clock,
      signal: this.#controller.signal,
    });
    return { exitCode, ...written };
  }

  write(path: string, content: string | object): string {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    return file;
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  /** A program on the PATH, before all others; `script` is for /bin/sh. */
  install(name: string, script: string): void {
    chmodSync(this.write(`.programs/${name}`, `#!/bin/sh\n${script}\n`), 0o755);
    this.env = { ...this.env, PATH: [join(this.folder, ".programs"), process.env.PATH].join(delimiter) };
  }

  clear(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Resolves when a file is there. */
export async function appears(path: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const watcher = watch(dirname(path), check);
    check();

    function check(): void {
      if (!existsSync(path)) return;
      watcher.close();
      resolve();
    }
  });
}
