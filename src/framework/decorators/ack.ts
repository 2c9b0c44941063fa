import { checkGiven, methodRecord } from "../metadata/records.js";
import { isStandardSchema, type StandardSchema } from "../contracts/standard-schema.js";
import type { AckFormat, NamedType, PayloadType } from "../metadata/types.js";

/** Answers the client; the first call counts, and without a request for an answer it does nothing. Never throws. */
export type AckCallback = (...args: unknown[]) => void;

type AnswerType = PayloadType | (() => NamedType) | StandardSchema;

/** How a handler answers. */
export interface AckOptions {
  /** Default: the application's `ackFormat`. */
  readonly format?: AckFormat;
}

/**
 * On a method: what it returns or resolves is the client's answer. On a parameter: the method gets an `AckCallback` and
 * answers by itself; ending without a call is answered `NOT_ACKNOWLEDGED`.
 *
 * @param type - on a method: the class that the answer is serialised as (`Dto`, `[Dto]`, `() => Dto`), by
 * class-transformer's rules; a Standard Schema, which also checks it (`() => [schema]` of a list); or the options.
 * @param options - on a parameter the format is that of errors; what the method says by the callback is sent as it is.
 */
export function Ack(type?: AnswerType | AckOptions, options?: AckOptions): MethodDecorator & ParameterDecorator;
export function Ack(
  ...given: readonly [type?: AnswerType | AckOptions, options?: AckOptions]
): MethodDecorator & ParameterDecorator {
  const [type, options] = given;
  return (target: object, method: string | symbol | undefined, place?: unknown) => {
    // Without its class, an answer would be sent as it is, with all that the class keeps back.
    checkGiven(given.length === 1 || (type as unknown) === null ? [type] : [], "Ack", target, method);
    const record = methodRecord(target, method, "Ack");
    const { format } = (isOptions(type) ? type : options) ?? {};
    if (format !== undefined) record.ackFormat = format;
    if (typeof place === "number") record.parameters.set(place, { kind: "ack" });
    else record.ack = { type: isOptions(type) ? undefined : type };
  };
}

function isOptions(value: AnswerType | AckOptions | undefined): value is AckOptions {
  return !isStandardSchema(value) && typeof value === "object" && !Array.isArray(value);
}
