import type { ArgumentMetadata, PipeTransform } from "../contracts/pipe.js";
import { invalidArgument } from "../validation/issues.js";

/** Whole numbers, also written as text: `"42"`. Anything else is answered `VALIDATION_FAILED`. */
export class ParseIntPipe implements PipeTransform {
  transform(value: unknown, { argument }: ArgumentMetadata): number {
    const number = toNumber(value, /^-?\d+$/);
    if (Number.isSafeInteger(number)) return number;
    throw invalidArgument("int", "must be a whole number", argument);
  }
}

/** Numbers, also written as text: `"4.2"`. Anything else is answered `VALIDATION_FAILED`. */
export class ParseFloatPipe implements PipeTransform {
  transform(value: unknown, { argument }: ArgumentMetadata): number {
    const number = toNumber(value, /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i);
    if (Number.isFinite(number)) return number;
    throw invalidArgument("number", "must be a number", argument);
  }
}

/** `true`, `false`, and the two as text. Anything else is answered `VALIDATION_FAILED`. */
export class ParseBoolPipe implements PipeTransform {
  transform(value: unknown, { argument }: ArgumentMetadata): boolean {
    if (value === true || value === "true") return true;
    if (value === false || value === "false") return false;
    throw invalidArgument("boolean", "must be true or false", argument);
  }
}

const UUID = /^[\da-f]{8}-[\da-f]{4}-([\da-f])[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i;

/** UUIDs as text, of any version or of the one given. Anything else is answered `VALIDATION_FAILED`. */
export class ParseUUIDPipe implements PipeTransform {
  readonly #version: number | undefined;

  constructor({ version }: { readonly version?: 1 | 3 | 4 | 5 | 7 } = {}) {
    this.#version = version;
  }

  transform(value: unknown, { argument }: ArgumentMetadata): string {
    const version = typeof value === "string" ? UUID.exec(value)?.[1] : undefined;
    if (version !== undefined && (this.#version === undefined || version === String(this.#version))) {
      return value as string;
    }
    throw invalidArgument(
      "uuid",
      `must be a UUID${this.#version === undefined ? "" : ` of version ${this.#version}`}`,
      argument,
    );
  }
}

/** Values of an enum object. Anything else is answered `VALIDATION_FAILED`. */
export class ParseEnumPipe<T extends string | number = string | number> implements PipeTransform {
  readonly #values: readonly T[];

  constructor(type: Readonly<Record<string, T | string>>) {
    // Enums of numbers have their names as values, too.
    this.#values = Object.entries(type).flatMap(([key, value]) => (Number.isNaN(Number(key)) ? [value as T] : []));
  }

  transform(value: unknown, { argument }: ArgumentMetadata): T {
    const found = this.#values.find((known) => known === value);
    if (found !== undefined) return found;
    throw invalidArgument("enum", `must be one of ${this.#values.join(", ")}`, argument);
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
