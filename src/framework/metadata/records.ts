import { GatewayError } from "../errors.js";
import type { Class } from "../contracts/class.js";
import { GATEWAY, INJECTABLE, INJECTIONS } from "./keys.js";
import { at, type SourcePlace } from "./source-place.js";
import { ownRecord, recordChain } from "./store.js";
import type {
  EnhancerRecord,
  GatewayRecord,
  InjectableRecord,
  InjectionRecord,
  InjectionRecords,
  MethodKey,
  MethodRecord,
} from "./types.js";

/** Where decorators write. Each answers the record of the decorated thing, empty on first use. */

export function gatewayRecord(target: Class): GatewayRecord {
  return ownRecord(GATEWAY, target, () => ({
    ...noEnhancers(),
    namespace: undefined,
    methods: new Map(),
    rateLimits: [],
  }));
}

/**
 * @param target - what the compiler hands to a method or parameter decorator: the prototype, or for static methods the class.
 * @param decorator - its name, for the error.
 * @throws GatewayError `GATEWAY_MISPLACED_DECORATOR` on static methods and constructor parameters.
 */
export function methodRecord(
  target: object,
  method: MethodKey | undefined,
  decorator: string,
  source?: SourcePlace,
): MethodRecord {
  checkLegacy(method, decorator);
  if (typeof target === "function" || method === undefined) {
    const place = method === undefined ? "a constructor parameter" : `the static method ${String(method)}`;
    throw misplaced(
      decorator,
      at(`${place} of ${nameOf(target)}`, source),
      "Put it on a method of a gateway instance.",
    );
  }
  const { methods } = gatewayRecord(target.constructor as Class);
  let record = methods.get(method);
  if (record === undefined) {
    record = emptyMethodRecord();
    methods.set(method, record);
  }
  record.decorators.add(decorator);
  return record;
}

/** {@link methodRecord} for decorators that a method needs to have a meaning: it is known by their place. */
export function placedRecord(
  target: object,
  method: MethodKey | undefined,
  { decorator, place }: { readonly decorator: string; readonly place: SourcePlace },
): MethodRecord {
  const record = methodRecord(target, method, decorator, place);
  place.describe({ decorator, owner: nameOf(target), member: String(method) });
  record.place ??= place;
  return record;
}

/**
 * Compilers without `experimentalDecorators` call decorators in another way, which has no parameters and no types.
 *
 * @param second - what a decorator was called with after its target: the context, of a standard decorator.
 * @throws GatewayError `GATEWAY_STANDARD_DECORATORS`
 */
export function checkLegacy(second: unknown, decorator: string): void {
  if (typeof second !== "object" || second === null) return;
  const { kind, name } = second as { readonly kind?: unknown; readonly name?: unknown };
  throw new GatewayError("GATEWAY_STANDARD_DECORATORS", {
    values: { decorator, where: `${String(kind)} ${String(name)}` },
  });
}

/** Where the decorator of a gateway or provider stands; `undefined` for classes without one. */
export function placeOf(type: Class): SourcePlace | undefined {
  const gateway = recordChain<GatewayRecord>(GATEWAY, type).at(-1)?.namespace;
  return gateway?.place ?? recordChain<InjectableRecord>(INJECTABLE, type).at(-1)?.place;
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

/**
 * What does not exist when the file is loaded would silently do nothing: a guard that is not there refuses nobody.
 *
 * @throws GatewayError `GATEWAY_UNDEFINED_ARGUMENT`
 */
export function checkGiven(given: readonly unknown[], decorator: string, target: object, method?: MethodKey): void {
  const index = given.findIndex((value) => value === undefined || value === null);
  if (index === -1) return;
  const where = method === undefined ? nameOf(target) : `${nameOf(target)}.${String(method)}`;
  throw new GatewayError("GATEWAY_UNDEFINED_ARGUMENT", { values: { decorator, where, value: String(given[index]) } });
}

export function misplaced(decorator: string, where: string, mend: string): GatewayError {
  return new GatewayError("GATEWAY_MISPLACED_DECORATOR", { values: { decorator, where, mend } });
}

export function emptyMethodRecord(): MethodRecord {
  return {
    place: undefined,
    decorators: new Set(),
    events: [],
    hooks: [],
    parameters: new Map(),
    ...noEnhancers(),
    ack: undefined,
    ackFormat: undefined,
    timeout: undefined,
    order: {},
    rateLimits: [],
  };
}

function noEnhancers(): EnhancerRecord {
  return { guards: [], interceptors: [], pipes: [], filters: [] };
}

function nameOf(target: object): string {
  return typeof target === "function" ? target.name : target.constructor.name;
}
