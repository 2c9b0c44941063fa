import { methodRecord } from "../metadata/records.js";
import { isStandardSchema, type StandardSchema } from "../contracts/standard-schema.js";
import type { AckFormat, PayloadType } from "../metadata/types.js";

/** Answers the client; the first call counts, and without a request for an answer it does nothing. Never throws. */
export type AckCallback = (...args: unknown[]) => void;

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
 * class-transformer's rules; a Standard Schema, which also checks it; or the options.
 * @param options - on a parameter the format is that of errors; what the method says by the callback is sent as it is.
 */
export function Ack(
  type?: PayloadType | (() => PayloadType) | StandardSchema | AckOptions,
  options?: AckOptions,
): MethodDecorator & ParameterDecorator {
  return (target: object, method: string | symbol | undefined, place?: unknown) => {
    const record = methodRecord(target, method, "Ack");
    const given = isOptions(type) ? type : options;
    if (given?.format !== undefined) record.ackFormat = given.format;
    if (typeof place === "number") record.parameters.set(place, { kind: "ack" });
    else record.ack = { type: isOptions(type) ? undefined : type };
  };
}

function isOptions(value: Parameters<typeof Ack>[0]): value is AckOptions {
  return !isStandardSchema(value) && typeof value === "object" && !Array.isArray(value);
}
