import { existsSync, watch } from "node:fs";
import { join } from "node:path";
import type { Layout } from "../build/layout.js";
import { SwcCompiler, writeCompiled } from "../build/swc.js";
import type { Context } from "../command.js";
import { CliError } from "../errors.js";
import type { CompilationListener } from "./tsc-watch.js";

/** Editors write a file in several steps. */
const QUIET_MS = 50;

/**
 * Compiles what changes, by swc and without looking at types.
 *
 * @throws CliError `CLI_NO_PROGRAM`, `CLI_FILE`
 */
export async function watchWithSwc(layout: Layout, listener: CompilationListener, context: Context): Promise<void> {
  const compilation = new Compilation(new SwcCompiler(layout), listener);
  // Before the first compilation, which misses nothing then.
  const changes = watchFolder(layout.sources, context, (paths) => compilation.update(paths));
  await compilation.all();
  await changes;
}

/** Every change is compiled, one batch after the other; files that did not compile are tried again with the next. */
class Compilation {
  readonly #compiler: SwcCompiler;
  readonly #listener: CompilationListener;
  readonly #broken = new Set<string>();
  #turn: Promise<void> = Promise.resolve();

  constructor(compiler: SwcCompiler, listener: CompilationListener) {
    this.#compiler = compiler;
    this.#listener = listener;
  }

  async all(): Promise<void> {
    await this.update(await this.#compiler.sources());
  }

  update(paths: readonly string[]): Promise<void> {
    this.#turn = this.#turn.then(() => this.#compile(paths));
    return this.#turn;
  }

  async #compile(paths: readonly string[]): Promise<void> {
    const sources = paths.filter((path) => this.#compiler.isSource(path));
    if (sources.length === 0) return;
    const problems: string[] = [];
    for (const path of new Set([...this.#broken, ...sources])) {
      const problem = await this.#compileFile(path);
      if (problem !== undefined) problems.push(problem);
    }
    if (problems.length === 0) this.#listener.passed();
    else this.#listener.failed(problems.join("\n"));
  }

  /** @returns what is wrong with it. */
  async #compileFile(path: string): Promise<string | undefined> {
    this.#broken.delete(path);
    if (!existsSync(path)) {
      await this.#compiler.remove(path);
      return undefined;
    }
    try {
      await writeCompiled(await this.#compiler.compile(path));
      return undefined;
    } catch (error) {
      if (!CliError.is(error, "CLI_BUILD_FAILED")) throw error;
      this.#broken.add(path);
      return (error.cause as Error).message;
    }
  }
}

/** Until the signal aborts. */
function watchFolder(
  folder: string,
  { clock, signal }: Context,
  changed: (paths: readonly string[]) => Promise<void>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const pending = new Set<string>();
    let timer: unknown;
    const flush = (): void => {
      const paths = [...pending];
      pending.clear();
      changed(paths).catch(reject);
    };
    const watcher = watch(folder, { recursive: true }, (_event, name) => {
      if (name === null) return;
      pending.add(join(folder, name));
      clock.clearTimeout(timer);
      timer = clock.setTimeout(flush, QUIET_MS);
    });
    watcher.on("error", reject);
    const stop = (): void => {
      clock.clearTimeout(timer);
      watcher.close();
      resolve();
    };
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
