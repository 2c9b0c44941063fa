import type { Colors } from "picocolors/types.js";
import { startProgress, type Progress } from "./progress.js";
import type { OutputStream, Surroundings } from "./surroundings.js";

/** What a command says, and how: see the methods. Made once per run. */
export class Output {
  /** Colours for standard output; they do nothing where colours are not wanted. */
  readonly colors: Colors;
  /** The same for standard error. */
  readonly errorColors: Colors;
  readonly #surroundings: Surroundings;
  readonly #isQuiet: boolean;

  constructor(surroundings: Surroundings, colors: { out: Colors; error: Colors }, isQuiet: boolean) {
    this.#surroundings = surroundings;
    this.colors = colors.out;
    this.errorColors = colors.error;
    this.#isQuiet = isQuiet;
  }

  /** What the command was called for: always written, to standard output. */
  print(text: string): void {
    this.#surroundings.stdout.write(`${text}\n`);
  }

  /** The answer to `--json`. */
  json(value: unknown): void {
    this.print(JSON.stringify(value, undefined, 2));
  }

  /** What is good to know: left out with `--quiet` and with `--json`. */
  note(text = ""): void {
    if (!this.#isQuiet) this.print(text);
  }

  /** What may become a problem, on standard error. */
  warn(text: string): void {
    this.errorLine(`${this.errorColors.yellow("warning:")} ${text}`);
  }

  /** One line on standard error. */
  errorLine(text: string): void {
    this.#surroundings.stderr.write(`${text}\n`);
  }

  /** Shows that something takes its time; end it by one of its methods. */
  progress(label: string): Progress {
    const { stdout, clock } = this.#surroundings;
    return startProgress(label, { stream: stdout, clock, colors: this.colors, isQuiet: this.#isQuiet });
  }
}

/** Reads what concerns output straight from the command line, so that its mistakes are reported as it asks for. */
export async function createOutput(args: readonly string[], surroundings: Surroundings): Promise<Output> {
  const { createColors } = (await import("picocolors")).default;
  const flags = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  const isPlain = flags.includes("--no-color");
  const colorsFor = (stream: OutputStream): Colors => createColors(!isPlain && hasColors(stream, surroundings.env));
  const colors = { out: colorsFor(surroundings.stdout), error: colorsFor(surroundings.stderr) };
  return new Output(
    surroundings,
    colors,
    ["--quiet", "-q", "--json"].some((flag) => flags.includes(flag)),
  );
}

/** @see https://no-color.org: any value but the empty one turns colours off. */
function hasColors(stream: OutputStream, env: Surroundings["env"]): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== "0";
  return stream.isTTY === true && env.TERM !== "dumb";
}
