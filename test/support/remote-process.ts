import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { TaskSender, type RemoteTask } from "./remote-tasks.js";

const compiler = join(__dirname, "typescript.mjs");

/** A process that a test has started: a TypeScript module that ends in `performTasks(context, details)`. */
export class RemoteProcess<Context, Details> {
  readonly details: Details;
  readonly #child: ChildProcess;
  readonly #tasks: TaskSender;

  private constructor(child: ChildProcess, tasks: TaskSender, details: Details) {
    this.#child = child;
    this.#tasks = tasks;
    this.details = details;
  }

  /**
   * @param module - its path.
   * @param settings - what the module finds as its one argument, as JSON.
   * @param variables - of its environment, beside those of this process.
   * @throws when the process ends before it performs tasks, with what it wrote.
   */
  static async start<Context, Details>(
    module: string,
    settings: unknown,
    variables: Record<string, string> = {},
  ): Promise<RemoteProcess<Context, Details>> {
    const child = fork(module, [JSON.stringify(settings)], {
      env: { ...process.env, ...variables },
      execArgv: ["--import", compiler],
      serialization: "advanced",
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    const tasks = new TaskSender((request) => child.send(request));
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => (output += String(text)));
    child.once("exit", (code, signal) => {
      tasks.abandon(`the process has ended (${signal ?? `exit code ${String(code)}`})\n${output}`);
    });
    child.on("message", (message) => {
      tasks.receive(message);
    });
    return new RemoteProcess(child, tasks, (await tasks.ready()) as Details);
  }

  /** Runs a function in the process and brings back what it returns, as a structured clone. */
  async run<Args extends unknown[], Result>(
    task: RemoteTask<Context, Args, Result>,
    ...args: Args
  ): Promise<Awaited<Result>> {
    return (await this.#tasks.perform(task.toString(), args)) as Awaited<Result>;
  }

  /** Ends the process at once, as a crash does. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await gone;
  }
}
