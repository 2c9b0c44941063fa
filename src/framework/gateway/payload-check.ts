import { isStandardSchema, type StandardSchema } from "../contracts/standard-schema.js";
import { isClass, tokenName, type AbstractClass } from "../contracts/class.js";
import { GatewayError } from "../errors.js";
import type { PayloadOptions } from "../metadata/types.js";
import { Named, type PayloadCheck } from "./contract.js";

const SIMPLE_KINDS = new Map<unknown, PayloadCheck["kind"]>([
  [Object, "any"],
  [String, "string"],
  [Number, "number"],
  [Boolean, "boolean"],
  [Array, "array"],
  [Buffer, "bytes"],
  [Uint8Array, "bytes"],
]);

/**
 * What the type of a parameter demands of its argument.
 *
 * @param type - as reflected or as given to `@Payload(() => …)`. What is not a function, such as the enum object that swc
 * writes for an imported enum, says nothing about the value.
 */
export function checkOf(type: unknown, where: string): PayloadCheck {
  if (isStandardSchema(type)) return schemaCheck(type, where);
  const kind = SIMPLE_KINDS.get(type);
  if (kind !== undefined) return { kind, type: undefined, isArray: false };
  if (type === Function) {
    throw badParameter(
      where,
      "is a function, which no client can send",
      "Put @Ack() before it to get the answer callback.",
    );
  }
  if (type === undefined) {
    throw badParameter(
      where,
      "has no type at run time: it is written without one, or two files import each other",
      "Write its type, or name it: @Payload(() => Dto).",
    );
  }
  return isClass(type)
    ? { kind: "dto", type: new Named(tokenName(type), type), isArray: false }
    : { kind: "any", type: undefined, isArray: false };
}

/** @throws GatewayError `GATEWAY_BAD_PARAMETER` when `thunk` returns no type, as in an import cycle. */
export function namedCheck(thunk: NonNullable<PayloadOptions["type"]>, where: string): PayloadCheck {
  const type: unknown = thunk();
  if (type !== undefined && type !== null) return writtenCheck(type, where);
  throw badParameter(where, "names a type that is undefined", "Return a class from it: () => Dto or () => [Dto].");
}

/** What a type demands that somebody wrote down: unlike one that a compiler did, it means something. */
export function writtenCheck(type: unknown, where: string): PayloadCheck {
  if (Array.isArray(type)) return arrayCheck(type, where);
  if (isClass(type) || isStandardSchema(type)) return checkOf(type, where);
  throw badParameter(where, "names a type that is neither a class nor a schema", CLASS_MEND);
}

const CLASS_MEND = "Name a class or a Standard Schema, or one in an array; what may be anything needs no name.";

export function badParameter(where: string, problem: string, mend: string): GatewayError {
  return new GatewayError("GATEWAY_BAD_PARAMETER", { values: { where, problem, mend } });
}

function schemaCheck(schema: StandardSchema, where: string): PayloadCheck {
  const standard = schema["~standard"] as Partial<StandardSchema["~standard"]> | undefined;
  if (typeof standard?.validate !== "function" || standard.version !== 1) {
    throw new GatewayError("GATEWAY_UNSUPPORTED", {
      values: { where, what: "a schema that does not follow Standard Schema 1", mend: "Update the schema library." },
    });
  }
  return {
    kind: "schema",
    type: undefined,
    schema: new Named(`${String(standard.vendor)} schema`, schema),
    isArray: false,
  };
}

function arrayCheck(types: readonly unknown[], where: string): PayloadCheck {
  const item = types.length === 1 ? writtenCheck(types[0], where) : undefined;
  if (item !== undefined && !item.isArray) return { ...item, isArray: true };
  throw badParameter(where, "names an array of something other than one class", "Write () => [Dto].");
}

/** Whether the type is that class, or a class that extends it. */
export function isOrExtends(type: unknown, base: AbstractClass): boolean {
  return type === base || (isClass(type) && type.prototype instanceof base);
}
