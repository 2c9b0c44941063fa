import type { Class } from "../contracts/class.js";
import { GATEWAY } from "../metadata/keys.js";
import { recordChain } from "../metadata/store.js";
import type { GatewayRecord, MethodKey, MethodRecord } from "../metadata/types.js";
import type { ValidationOptions } from "../validation/options.js";

/**
 * What decorators say about a class, with what it inherits: enhancers add up along the line, so that extending a
 * gateway never drops a guard; a method that is decorated anew says its events and parameters itself.
 *
 * @returns `undefined` for a class without any of these decorators.
 */
export function inheritedRecord(type: Class): GatewayRecord | undefined {
  const chain = recordChain<GatewayRecord>(GATEWAY, type);
  if (chain.length === 0) return undefined;
  const methods = new Map<MethodKey, MethodRecord>();
  for (const record of chain) {
    for (const [key, own] of record.methods) {
      const inherited = methods.get(key);
      methods.set(key, inherited === undefined ? own : redeclared(inherited, own));
    }
  }
  return {
    validation: merged(chain.map(({ validation }) => validation)),
    namespace: chain.findLast(({ namespace }) => namespace !== undefined)?.namespace,
    guards: chain.flatMap(({ guards }) => guards),
    interceptors: chain.flatMap(({ interceptors }) => interceptors),
    pipes: chain.flatMap(({ pipes }) => pipes),
    // The nearest first, as those of a method come before those of its gateway.
    filters: chain.toReversed().flatMap(({ filters }) => filters),
    methods,
    rateLimits: chain.flatMap(({ rateLimits }) => rateLimits),
  };
}

/** How a class or one that it extends defines a member; getters are not run. */
export function propertyDescriptor(type: Class, key: MethodKey): PropertyDescriptor | undefined {
  for (let owner: unknown = type.prototype; owner !== null; owner = Object.getPrototypeOf(owner)) {
    const found = Object.getOwnPropertyDescriptor(owner, key);
    if (found !== undefined) return found;
  }
  return undefined;
}

function redeclared(inherited: MethodRecord, own: MethodRecord): MethodRecord {
  const saysWhen = own.events.length > 0 || own.hooks.length > 0;
  return {
    place: own.place ?? inherited.place,
    decorators: new Set([...inherited.decorators, ...own.decorators]),
    events: saysWhen ? own.events : inherited.events,
    hooks: saysWhen ? own.hooks : inherited.hooks,
    parameters: own.parameters,
    guards: [...inherited.guards, ...own.guards],
    interceptors: [...inherited.interceptors, ...own.interceptors],
    pipes: [...inherited.pipes, ...own.pipes],
    filters: [...own.filters, ...inherited.filters],
    ack: own.ack ?? inherited.ack,
    ackFormat: own.ackFormat ?? inherited.ackFormat,
    validation: merged([inherited.validation, own.validation]),
    timeout: own.timeout ?? inherited.timeout,
    order: { ...inherited.order, ...own.order },
    rateLimits: [...inherited.rateLimits, ...own.rateLimits],
  };
}

/** Option by option, the last word counts. */
function merged(all: readonly (ValidationOptions | undefined)[]): ValidationOptions | undefined {
  const said = all.filter((options) => options !== undefined);
  return said.length === 0 ? undefined : (Object.assign({}, ...said) as ValidationOptions);
}
