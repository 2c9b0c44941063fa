import { isAbsolute, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { checkedLine, type Decorated } from "./source-lines.js";

/** A line of a source file. */
interface Line {
  readonly file: string;
  readonly line: number;
}

/**
 * Where in the source a decorated class or method stands. Prints as `src/chat.gateway.ts:12`, relative to the working directory; as JSON
 * it is `{ file, line }`. With source maps enabled (`node --enable-source-maps`, jest) that is the line as written.
 */
export class SourcePlace {
  readonly #trace: { readonly stack?: string };
  #decorated: Decorated | undefined;
  #line: Line | undefined;

  /** @internal */
  constructor(trace: { readonly stack?: string }) {
    this.#trace = trace;
  }

  /** Says what stands there, for compilers that do not say it. @internal */
  describe(decorated: Decorated): void {
    this.#decorated ??= decorated;
  }

  /** Relative to the working directory when it is below it; empty when it is not known. */
  get file(): string {
    return this.#read().file;
  }

  /** Counted from 1; 0 when it is not known. */
  get line(): number {
    return this.#read().line;
  }

  toString(): string {
    return this.line === 0 ? this.file : `${this.file}:${this.line}`;
  }

  toJSON(): Line {
    return { file: this.file, line: this.line };
  }

  /** Once, and only when asked: formatting a stack costs more than catching one, with source maps a file each. */
  #read(): Line {
    this.#line ??= parse(this.#trace.stack ?? "", this.#decorated);
    return this.#line;
  }
}

/** @param decorator - the function that was called there: the place is its caller's. */
export function callerOf(decorator: (...args: never[]) => unknown): SourcePlace {
  const trace: { stack?: string } = {};
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 1;
  Error.captureStackTrace(trace, decorator);
  Error.stackTraceLimit = stackTraceLimit;
  return new SourcePlace(trace);
}

/** `thing (src/chat.gateway.ts:12)`, as errors name a class or method. */
export function at(thing: string, place: SourcePlace | undefined): string {
  const text = place?.toString() ?? "";
  return text === "" ? thing : `${thing} (${text})`;
}

/** Reads the first frame of a stack: `at name (file:line:column)`, or without a name. */
function parse(stack: string, decorated: Decorated | undefined): Line {
  const [, address = "", line = "0"] = /^\s*at (?:.*? \()?(.+):(\d+):\d+\)?$/m.exec(stack) ?? [];
  const path = toPath(address);
  return { file: fromWorkingDirectory(path), line: checkedLine(path, Number(line), decorated) };
}

function toPath(address: string): string {
  try {
    return address.startsWith("file:") ? fileURLToPath(address) : address;
  } catch {
    // No address of a file on this system.
    return address;
  }
}

function fromWorkingDirectory(path: string): string {
  try {
    const shorter = relative(process.cwd(), path);
    return !isAbsolute(path) || isAbsolute(shorter) || shorter.startsWith("..") ? path : shorter.replaceAll("\\", "/");
  } catch {
    // The working directory is gone.
    return path;
  }
}
