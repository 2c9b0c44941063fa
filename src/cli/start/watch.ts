import { copyAssets } from "../build/assets.js";
import type { Layout } from "../build/layout.js";
import type { Context } from "../command.js";
import type { CompilerOptions } from "../workspace/workspace.js";
import { Supervisor, signalOf, type SupervisorOptions } from "./supervisor.js";
import { watchWithSwc } from "./swc-watch.js";
import { watchWithTsc, type CompilationListener } from "./tsc-watch.js";

/** What is watched, and how it is compiled. */
export interface WatchOptions extends SupervisorOptions {
  readonly layout: Layout;
  readonly builder: CompilerOptions["builder"];
}

/**
 * Runs an app and starts it anew after every change that compiles, until a signal comes, which goes on to the app. A build
 * that is broken leaves the process as it is.
 *
 * @returns the exit code of the app.
 * @throws CliError `CLI_BUILD_FAILED`, `CLI_NO_PROGRAM`, `CLI_NO_ENTRY`, `CLI_FILE`
 */
export async function watchApp({ layout, builder, ...options }: WatchOptions, context: Context): Promise<number> {
  const { signal } = context;
  signal.throwIfAborted();
  const supervisor = new Supervisor(options, context);
  const failure = new AbortController();
  const fail = (error: unknown): void => failure.abort(error);
  const restart = (): void => void start(supervisor, layout, context).catch(fail);
  // Watchers end without an error when it aborts, whoever is the reason.
  const watching = { ...context, signal: AbortSignal.any([signal, failure.signal]) };
  await compile(layout, builder, { restart, context: watching }).catch(fail);
  const exitCode = await supervisor.stop(failure.signal.aborted ? "SIGTERM" : signalOf(signal.reason));
  failure.signal.throwIfAborted();
  return exitCode;
}

interface Compilation {
  readonly restart: () => void;
  readonly context: Context;
}

async function compile(
  layout: Layout,
  builder: CompilerOptions["builder"],
  { restart, context }: Compilation,
): Promise<void> {
  const failed = (text: string): void => report(text, "The build is broken: what runs goes on.", context);
  const build: CompilationListener = { passed: restart, failed };
  if (builder === "tsc") {
    await watchWithTsc(layout, ["--noEmitOnError"], { listener: build, context });
  } else {
    const types = watchWithTsc(layout, ["--noEmit"], { listener: typeListener(context), context });
    await Promise.all([watchWithSwc(layout, build, context), types]);
  }
}

/** Types are looked at beside the build: they hold nothing up. */
function typeListener(context: Context): CompilationListener {
  let hasErrors = false;
  return {
    passed: () => {
      if (hasErrors) context.output.note("There are no type errors any more.");
      hasErrors = false;
    },
    failed: (text) => {
      hasErrors = true;
      report(text, "There are type errors: the app runs all the same.", context);
    },
  };
}

function report(text: string, summary: string, { output }: Context): void {
  output.errorLine(text);
  output.warn(summary);
}

async function start(supervisor: Supervisor, layout: Layout, { output }: Context): Promise<void> {
  await copyAssets(layout);
  output.note(output.colors.dim(`start ${layout.project.entryFile}`));
  await supervisor.restart();
}
