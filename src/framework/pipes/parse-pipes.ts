import type { ArgumentMetadata, PipeTransform } from "../contracts/pipe.js";
import { invalidArgument } from "../validation/issues.js";

/** What every pipe that reads text may be told. */
export interface ParseOptions {
  /** Whether a missing value, `undefined` or `null`, passes as `undefined`. Default: whether the parameter is optional. */
  readonly optional?: boolean;
}

/** What is wrong with a value: the rule's name, and what the client reads. */
interface Refusal {
  readonly rule: string;
  readonly message: string;
}

abstract class ParsePipe<Out> implements PipeTransform {
  readonly #optional: boolean | undefined;

  constructor({ optional }: ParseOptions = {}) {
    this.#optional = optional;
  }

  protected abstract get refusal(): Refusal;

  /** @returns `undefined` for what is to be refused. */
  protected abstract parse(value: unknown): Out | undefined;

  /** @returns `undefined` for a missing value that may be missing. */
  transform(value: unknown, { argument, isOptional }: ArgumentMetadata): Out | undefined {
    if ((value === undefined || value === null) && (this.#optional ?? isOptional)) return undefined;
    const parsed = this.parse(value);
    if (parsed !== undefined) return parsed;
    throw invalidArgument(this.refusal.rule, this.refusal.message, argument);
  }
}

/** Whole numbers, also written as text: `"42"`. Anything else is answered `VALIDATION_FAILED`. */
export class ParseIntPipe extends ParsePipe<number> {
  protected get refusal(): Refusal {
    return { rule: "int", message: "must be a whole number" };
  }

  protected parse(value: unknown): number | undefined {
    const number = toNumber(value, /^-?\d+$/);
    return Number.isSafeInteger(number) ? number : undefined;
  }
}

/** Numbers, also written as text: `"4.2"`. Anything else is answered `VALIDATION_FAILED`. */
export class ParseFloatPipe extends ParsePipe<number> {
  protected get refusal(): Refusal {
    return { rule: "number", message: "must be a number" };
  }

  protected parse(value: unknown): number | undefined {
    const number = toNumber(value, /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i);
    return Number.isFinite(number) ? number : undefined;
  }
}

/** `true`, `false`, and the two as text. Anything else is answered `VALIDATION_FAILED`. */
export class ParseBoolPipe extends ParsePipe<boolean> {
  protected get refusal(): Refusal {
    return { rule: "boolean", message: "must be true or false" };
  }

  protected parse(value: unknown): boolean | undefined {
    if (value === true || value === "true") return true;
    return value === false || value === "false" ? false : undefined;
  }
}

const UUID = /^[\da-f]{8}-[\da-f]{4}-([1-8])[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i;
/** Those of no version. */
const NIL_OR_MAX_UUID = /^(?:0{8}(?:-0{4}){3}-0{12}|f{8}(?:-f{4}){3}-f{12})$/i;

/** Which UUIDs are meant. */
export interface ParseUUIDOptions extends ParseOptions {
  /** Default: any. */
  readonly version?: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "all";
}

/** UUIDs as text, of any version or of the one given. Anything else is answered `VALIDATION_FAILED`. */
export class ParseUUIDPipe extends ParsePipe<string> {
  readonly #version: string;

  constructor({ version = "all", ...options }: ParseUUIDOptions = {}) {
    super(options);
    this.#version = String(version);
  }

  protected get refusal(): Refusal {
    return { rule: "uuid", message: `must be a UUID${this.#version === "all" ? "" : ` of version ${this.#version}`}` };
  }

  protected parse(value: unknown): string | undefined {
    if (typeof value !== "string") return undefined;
    const version = UUID.exec(value)?.[1];
    if (this.#version !== "all") return version === this.#version ? value : undefined;
    return version !== undefined || NIL_OR_MAX_UUID.test(value) ? value : undefined;
  }
}

/** Values of an enum object. Anything else is answered `VALIDATION_FAILED`. */
export class ParseEnumPipe<T extends string | number = string | number> extends ParsePipe<T> {
  readonly #values: readonly T[];

  constructor(type: Readonly<Record<string, T | string>>, options?: ParseOptions) {
    super(options);
    // Enums of numbers have their names as values, too.
    this.#values = Object.entries(type).flatMap(([key, value]) => (Number.isNaN(Number(key)) ? [value as T] : []));
  }

  protected get refusal(): Refusal {
    return { rule: "enum", message: `must be one of ${this.#values.join(", ")}` };
  }

  protected parse(value: unknown): T | undefined {
    return this.#values.find((known) => known === value);
  }
}

/** Puts a value in the place of a missing one: `undefined`, `null`, and what is not a number. */
export class DefaultValuePipe<T = unknown> implements PipeTransform {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  transform(value: unknown): unknown {
    return value === undefined || value === null || Number.isNaN(value) ? this.#value : value;
  }
}

function toNumber(value: unknown, written: RegExp): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && written.test(value) ? Number(value) : Number.NaN;
}
