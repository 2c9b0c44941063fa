import { writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";

/** Profiles the measured part of a run only, into a `.cpuprofile` file that Chrome's and VS Code's tools open. */
export class CpuProfiler {
  readonly #session = new Session();
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
    this.#session.connect();
  }

  async start(): Promise<void> {
    await this.#session.post("Profiler.enable");
    await this.#session.post("Profiler.setSamplingInterval", { interval: 200 });
    await this.#session.post("Profiler.start");
  }

  async stop(): Promise<void> {
    const { profile } = await this.#session.post("Profiler.stop");
    writeFileSync(this.#file, JSON.stringify(profile));
  }
}
