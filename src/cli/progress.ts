import type { Colors } from "picocolors/types.js";
import type { Clock, OutputStream } from "./surroundings.js";

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 80;
const CLEAR_LINE = "\r\u001b[K";

/** Something that takes its time, on the screen. */
export interface Progress {
  succeed(): void;
  fail(): void;
}

interface ProgressOptions {
  readonly stream: OutputStream;
  readonly clock: Clock;
  readonly colors: Colors;
  readonly isQuiet: boolean;
}

/** One line that turns in a terminal; two plain lines, at the start and the end, elsewhere. */
export function startProgress(label: string, options: ProgressOptions): Progress {
  if (options.isQuiet) return { succeed: () => undefined, fail: () => undefined };
  return options.stream.isTTY === true ? turningLine(label, options) : plainLines(label, options);
}

function plainLines(label: string, { stream, clock }: ProgressOptions): Progress {
  const startedAt = clock.now();
  const end = (outcome: string): void => void stream.write(`${label}: ${outcome} after ${since(startedAt, clock)}\n`);
  stream.write(`${label} …\n`);
  return { succeed: () => end("done"), fail: () => end("failed") };
}

function turningLine(label: string, { stream, clock, colors }: ProgressOptions): Progress {
  const startedAt = clock.now();
  let frame = 0;
  let timer: unknown;
  const turn = (): void => {
    stream.write(`${CLEAR_LINE}${colors.cyan(FRAMES[frame++ % FRAMES.length] ?? "")} ${label}`);
    timer = clock.setTimeout(turn, FRAME_MS);
  };
  const end = (mark: string): void => {
    clock.clearTimeout(timer);
    stream.write(`${CLEAR_LINE}${mark} ${label} ${colors.dim(since(startedAt, clock))}\n`);
  };
  turn();
  return { succeed: () => end(colors.green("✔")), fail: () => end(colors.red("✖")) };
}

function since(startedAt: number, clock: Clock): string {
  return `${((clock.now() - startedAt) / 1000).toFixed(1)} s`;
}
