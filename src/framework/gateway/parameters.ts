import { Socket } from "../../core.js";
import type { Class } from "../contracts/class.js";
import { GatewayError } from "../errors.js";
import { methodTypes } from "../metadata/store.js";
import type { MethodKey, MethodRecord, ParameterSource, PayloadOptions } from "../metadata/types.js";
import type { ParameterContract, PayloadCheck, PayloadContract } from "./contract.js";
import { Named } from "./contract.js";
import { readParameterList, type WrittenParameter } from "./parameter-list.js";
import { badParameter, checkOf, isOrExtends, namedCheck } from "./payload-check.js";

/** The method whose parameters are read. */
export interface MethodPlace {
  readonly gateway: Class;
  readonly key: MethodKey;
  readonly record: MethodRecord;
  readonly label: string;
}

/**
 * Says for each parameter where its value comes from. Parameters without a decorator take the arguments in order, but for
 * one typed `Socket`.
 *
 * @throws GatewayError `GATEWAY_MISSING_TYPE` and `GATEWAY_BAD_PARAMETER`.
 */
export function readParameters(place: MethodPlace): readonly ParameterContract[] {
  const types = methodTypes(place.gateway, place.key);
  const method = (place.gateway.prototype as Record<MethodKey, unknown>)[place.key];
  const written = readParameterList(method, place.key);
  const length = typeof method === "function" ? method.length : 0;
  const highest = Math.max(-1, ...place.record.parameters.keys());
  const count = Math.max(types?.length ?? 0, written?.length ?? 0, length, highest + 1);
  let nextPosition = 0;
  return Array.from({ length: count }, (_, index) => {
    const source = place.record.parameters.get(index);
    const isTyped = types !== undefined && index < types.length;
    const parameter = new Parameter(place, index, { type: types?.[index], isTyped, written: written?.[index] });
    if (source === undefined && isTyped && isOrExtends(types[index], Socket)) return { kind: "socket" };
    const contract = parameter.contract(source ?? PLAIN_PAYLOAD, nextPosition);
    if (contract.kind === "payload" && contract.position === nextPosition) nextPosition++;
    return contract;
  });
}

const PLAIN_PAYLOAD: ParameterSource = { kind: "payload", position: undefined, options: {} };

interface Reflected {
  readonly type: unknown;
  /** Whether the compiler wrote down a type at all. */
  readonly isTyped: boolean;
  readonly written: WrittenParameter | undefined;
}

class Parameter {
  readonly #reflected: Reflected;
  readonly #where: string;

  constructor(place: MethodPlace, index: number, reflected: Reflected) {
    const name = reflected.written?.name ?? "";
    this.#where = `parameter ${index + 1}${name === "" ? "" : ` (${name})`} of ${place.label}`;
    this.#reflected = reflected;
  }

  contract(source: ParameterSource, nextPosition: number): ParameterContract {
    switch (source.kind) {
      case "payload":
        return this.#payload(source.position ?? nextPosition, source.options);
      case "auth":
        return { kind: "auth", check: this.#check(source.type === undefined ? undefined : () => source.type as Class) };
      case "custom":
        return { kind: "custom", name: source.name, resolve: new Named(source.name, source.resolve) };
      default:
        return { kind: source.kind };
    }
  }

  #payload(position: number, options: PayloadOptions): PayloadContract {
    if ("~standard" in options) {
      throw new GatewayError("GATEWAY_UNSUPPORTED", {
        values: { where: this.#where, what: "a schema", mend: "Give @Payload a class: @Payload(() => Dto)." },
      });
    }
    const { written } = this.#reflected;
    const isRest = written?.isRest ?? false;
    const check = this.#check(options.type);
    return {
      kind: "payload",
      position,
      isOptional: options.optional ?? written?.hasDefault ?? false,
      isRest,
      // Of a rest parameter, tsc writes the element's type and swc Array, which says nothing about the elements.
      check: isRest && check.kind === "array" ? { ...check, kind: "any" } : check,
    };
  }

  #check(named: PayloadOptions["type"]): PayloadCheck {
    if (named !== undefined) return namedCheck(named, this.#where);
    if (this.#reflected.isTyped) return checkOf(this.#reflected.type, this.#where);
    throw new GatewayError("GATEWAY_MISSING_TYPE", { values: { where: this.#where, example: "@Payload(() => Dto)" } });
  }
}

const CONNECT_MEND =
  "Use @Auth() for what the client sent and @ConnectedSocket() for the socket; a class that is imported as a type only " +
  "is not known at run time.";

/** Refuses parameters that a hook cannot fill: nothing but a disconnect has arguments, and only events can be answered. */
export function checkHookParameters(parameters: readonly ParameterContract[], kind: string, label: string): void {
  parameters.forEach((parameter, index) => {
    const where = `parameter ${index + 1} of ${label}`;
    if (parameter.kind === "ack" || parameter.kind === "event") {
      throw badParameter(where, "belongs to an event, which a hook has not", "Leave it out.");
    }
    if (kind === "connect" && (parameter.kind === "payload" || parameter.kind === "reason")) {
      throw badParameter(where, "cannot be filled when a client connects", CONNECT_MEND);
    }
  });
}
