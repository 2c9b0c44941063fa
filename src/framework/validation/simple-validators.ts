import { refusal } from "../client-errors.js";
import type { PayloadCheck } from "../gateway/contract.js";
import { inArgument, invalidArgument } from "./issues.js";
import type { Validator } from "./validator.js";

export type SimpleKind = Exclude<PayloadCheck["kind"], "any" | "dto" | "schema">;

/** A value's test, and what is wrong when it fails. */
interface Rule {
  readonly accepts: (value: unknown) => boolean;
  readonly message: string;
}

const RULES: Readonly<Record<SimpleKind, Rule>> = {
  string: { accepts: (value) => typeof value === "string", message: "must be a string" },
  number: { accepts: (value) => typeof value === "number" && !Number.isNaN(value), message: "must be a number" },
  boolean: { accepts: (value) => typeof value === "boolean", message: "must be a boolean" },
  bytes: { accepts: isBytes, message: "must be binary" },
  array: { accepts: Array.isArray, message: "must be an array" },
};

/** Checks of what needs no class: no conversion, `"5"` is no number. */
export function simpleValidator(kind: SimpleKind, argument: number | undefined): Validator {
  const { accepts, message } = RULES[kind];
  const validate = (value: unknown): unknown => {
    if (!accepts(value)) throw invalidArgument(kind, message, argument);
    return kind === "bytes" ? toBuffer(value as Uint8Array) : value;
  };
  return { validate, mayWait: false, argument };
}

/** Checks an array whose items are all of one simple kind. */
export function arrayValidator(kind: SimpleKind, argument: number | undefined): Validator {
  const { accepts, message } = RULES[kind];
  const validate = (values: unknown): unknown => {
    if (!Array.isArray(values)) throw invalidArgument("array", RULES.array.message, argument);
    const wrong = values.flatMap((value, index) =>
      accepts(value) ? [] : [inArgument({ path: `[${index}]`, constraints: { [kind]: message } }, argument)],
    );
    if (wrong.length > 0) throw refusal(wrong);
    return values;
  };
  return { validate, mayWait: false, argument };
}

/** Across realms, where `instanceof Uint8Array` is false for a genuine one. */
function isBytes(value: unknown): boolean {
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === "[object Uint8Array]";
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
