/** Coded errors: every error of Rookery has a stable code and a mend, and lives in one table per layer. */

/** One row of a layer's error table. `{name}` in the message is replaced by the value of that name. */
export interface ErrorRow {
  /** What happened; the text users may match on. */
  readonly message: string;
  /** What the reader should do about it, in one sentence. */
  readonly mend: string;
}

/** A layer's errors by code. */
export type ErrorTable<Code extends string> = Readonly<Record<Code, ErrorRow>>;

/** What a coded error is made with beside its code. */
export interface CodedErrorOptions {
  /** Values for the placeholders of the message. */
  readonly values?: Readonly<Record<string, string | number>>;
  readonly cause?: unknown;
}

/** Registered globally: two copies of the package, or jest's realms, still recognise each other's errors. */
const FAMILY = Symbol.for("rookery.errorFamily");

/**
 * Base of every error that Rookery throws. Layers derive one class each, so `EngineError.is(error, "ENGINE_…")` tells
 * both family and code without `instanceof`.
 */
export class CodedError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly mend: string;
  readonly [FAMILY]: string;

  constructor(family: string, row: ErrorRow, code: Code, options: CodedErrorOptions = {}) {
    super(fill(row.message, options.values), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.mend = fill(row.mend, options.values);
    // Not enumerable: `console.log(error)` and JSON show what the reader needs only.
    Object.defineProperty(this, "name", { value: family, configurable: true });
    this[FAMILY] = family;
    Object.defineProperty(this, FAMILY, { enumerable: false });
  }

  /** Whether `value` is a coded error of any layer. */
  static isCoded(value: unknown): value is CodedError {
    return familyOf(value) !== undefined;
  }
}

/** Whether `value` is an error of that family, and of that code when one is given. */
export function isOfFamily(value: unknown, family: string, code?: string): boolean {
  return familyOf(value) === family && (code === undefined || (value as CodedError).code === code);
}

function familyOf(value: unknown): string | undefined {
  // Not `instanceof`: an error of another realm does not descend from this realm's Object.
  return typeof value === "object" && value !== null ? (value as { [FAMILY]?: string })[FAMILY] : undefined;
}

/** What a thrown value says, whatever it is and whichever realm made it; never throws. */
export function messageOf(thrown: unknown): string {
  try {
    if (typeof thrown !== "object" || thrown === null) return String(thrown);
    return "message" in thrown && typeof thrown.message === "string"
      ? thrown.message
      : Object.prototype.toString.call(thrown);
  } catch {
    return "what was thrown cannot be read";
  }
}

function fill(template: string, values: Readonly<Record<string, string | number>> = {}): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
