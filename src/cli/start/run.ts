import type { Context } from "../command.js";
import { AppProcess, type AppCommand } from "./app-process.js";
import { signalOf } from "./supervisor.js";

/** Runs an app to its end; signals go on to it. @returns its exit code. */
export async function runApp(command: AppCommand, context: Context): Promise<number> {
  const { signal } = context;
  signal.throwIfAborted();
  const app = new AppProcess(command, context);
  const passOn = (): void => app.kill(signalOf(signal.reason));
  signal.addEventListener("abort", passOn);
  const exitCode = await app.ended;
  signal.removeEventListener("abort", passOn);
  return exitCode;
}
