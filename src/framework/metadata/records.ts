import { GatewayError } from "../errors.js";
import type { Class } from "../contracts/class.js";
import { GATEWAY, INJECTIONS } from "./keys.js";
import { ownRecord } from "./store.js";
import type { GatewayRecord, InjectionRecord, InjectionRecords, MethodKey, MethodRecord } from "./types.js";

/** Where decorators write. Each answers the record of the decorated thing, empty on first use. */

export function gatewayRecord(target: Class): GatewayRecord {
  return ownRecord(GATEWAY, target, () => ({ namespace: undefined, guards: [], filters: [], methods: new Map() }));
}

/**
 * @param target - what the compiler hands to a method or parameter decorator: the prototype, or for static methods the class.
 * @param decorator - its name, for the error.
 * @throws GatewayError `GATEWAY_MISPLACED_DECORATOR` on static methods and constructor parameters.
 */
export function methodRecord(target: object, method: MethodKey | undefined, decorator: string): MethodRecord {
  if (typeof target === "function" || method === undefined) {
    const place = method === undefined ? "a constructor parameter" : `the static method ${String(method)}`;
    throw misplaced(decorator, `${place} of ${nameOf(target)}`, "Put it on a method of a gateway instance.");
  }
  const { methods } = gatewayRecord(target.constructor as Class);
  let record = methods.get(method);
  if (record === undefined) {
    record = emptyMethodRecord();
    methods.set(method, record);
  }
  return record;
}

/** @param target - the class for a constructor parameter, the prototype for a property. */
export function injectionRecord(target: object, place: number | MethodKey): InjectionRecord {
  const owner = (typeof target === "function" ? target : target.constructor) as Class;
  const records = ownRecord<InjectionRecords>(INJECTIONS, owner, () => new Map());
  let record = records.get(place);
  if (record === undefined) {
    record = { token: undefined, isTokenMissing: false, isOptional: false };
    records.set(place, record);
  }
  return record;
}

export function misplaced(decorator: string, where: string, mend: string): GatewayError {
  return new GatewayError("GATEWAY_MISPLACED_DECORATOR", { values: { decorator, where, mend } });
}

export function emptyMethodRecord(): MethodRecord {
  return {
    events: [],
    hooks: [],
    parameters: new Map(),
    guards: [],
    filters: [],
    ack: undefined,
    timeout: undefined,
  };
}

function nameOf(target: object): string {
  return typeof target === "function" ? target.name : target.constructor.name;
}
