import { methodRecord } from "../metadata/records.js";
import type { PayloadType } from "../metadata/types.js";

/** Answers the client; the first call counts, and without a request for an answer it does nothing. Never throws. */
export type AckCallback = (...args: unknown[]) => void;

/**
 * On a method: what it returns or resolves is the client's answer. On a parameter: the method gets an `AckCallback` and
 * answers by itself; ending without a call is answered `NOT_ACKNOWLEDGED`.
 *
 * @param type - on a method: the class that the answer is serialised as (`Dto`, `[Dto]`, `() => Dto`), by
 * class-transformer's rules.
 */
export function Ack(type?: PayloadType | (() => PayloadType)): MethodDecorator & ParameterDecorator {
  return (target: object, method: string | symbol | undefined, place?: unknown) => {
    const record = methodRecord(target, method, "Ack");
    if (typeof place === "number") record.parameters.set(place, { kind: "ack" });
    else record.ack = { type };
  };
}
