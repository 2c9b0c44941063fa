import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { BenchmarkError, within } from "../errors.js";
import type { Command, MemoryReport, Report } from "./messages.js";

const MAIN = resolve(import.meta.dirname, "main.js");
const ANSWER_TIMEOUT_MS = 20_000;
const EXIT_TIMEOUT_MS = 3000;

/** Which server to start. */
export interface PeerChoice {
  /** What the table calls it. */
  readonly label: string;
  readonly name: string;
  /** Folder of the build that peers of this package load; its `dist` unless given. */
  readonly build: string | undefined;
}

export interface StartOptions {
  /** Where the profile of the measured part goes; none is made without it. */
  readonly profileFile?: string | undefined;
  /** For node's command line. */
  readonly nodeOptions?: readonly string[] | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

/** A peer's server in a process of its own, seen from the load generator. */
export class ServerProcess {
  readonly port: number;
  /** When the process was started, on the clock of `performance.now()`. */
  readonly startedAt: number;
  readonly #child: ChildProcess;
  #cpuUsBefore = 0;

  private constructor(child: ChildProcess, port: number, startedAt: number) {
    this.#child = child;
    this.port = port;
    this.startedAt = startedAt;
  }

  /** Starts a peer on a free port. */
  static async start(
    { name, build }: PeerChoice,
    { profileFile, nodeOptions = [], environment }: StartOptions,
  ): Promise<ServerProcess> {
    const startedAt = performance.now();
    const child = fork(MAIN, profileFile === undefined ? [name] : [name, profileFile], {
      env: { ...process.env, NODE_ENV: "production", DEBUG: "", ROOKERY_BUILD: build, ...environment },
      execArgv: [...nodeOptions],
    });
    try {
      const report = await answerOf(child);
      if (report.type !== "listening") throw new BenchmarkError(`${name} did not say its port.`);
      return new ServerProcess(child, report.port, startedAt);
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    }
  }

  async beginMeasuring(): Promise<void> {
    this.#cpuUsBefore = (await this.#ask("begin", "usage")).cpuUs;
  }

  /** What the server used since `beginMeasuring()`. */
  async endMeasuring(): Promise<{ readonly cpuUs: number }> {
    return { cpuUs: (await this.#ask("end", "usage")).cpuUs - this.#cpuUsBefore };
  }

  /** What the server holds now, garbage left out. */
  async memory(): Promise<MemoryReport> {
    return this.#ask("memory", "memory");
  }

  /** Ends the process, by force when it does not listen. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    if (this.#child.connected) this.#child.send("stop" satisfies Command);
    const force = setTimeout(() => this.#child.kill("SIGKILL"), EXIT_TIMEOUT_MS);
    await exited;
    clearTimeout(force);
  }

  async #ask<Type extends Report["type"]>(command: Command, type: Type): Promise<Extract<Report, { type: Type }>> {
    const answer = answerOf(this.#child);
    this.#child.send(command);
    const report = await answer;
    if (report.type !== type) throw new BenchmarkError("The server process answered out of turn.");
    return report as Extract<Report, { type: Type }>;
  }
}

async function answerOf(child: ChildProcess): Promise<Report> {
  const waiting = new AbortController();
  const options = { signal: waiting.signal };
  const answered = once(child, "message", options).then(([report]) => report as Report);
  const exited = once(child, "exit", options).then(([code]) => {
    throw new BenchmarkError(`The server process ended (exit code ${String(code)}).`);
  });
  try {
    return await within(
      ANSWER_TIMEOUT_MS,
      () => "The server process does not answer.",
      Promise.race([answered, exited]),
    );
  } finally {
    waiting.abort();
    // The loser of the race rejects with the abort; nobody is left to hear it.
    await Promise.allSettled([answered, exited]);
  }
}
