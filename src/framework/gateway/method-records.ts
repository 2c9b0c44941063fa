import type { Class } from "../contracts/class.js";
import { GATEWAY } from "../metadata/keys.js";
import { recordChain } from "../metadata/store.js";
import type { GatewayRecord, MethodKey, MethodRecord } from "../metadata/types.js";

/**
 * What decorators say about a class, with what it inherits: guards and filters add up along the line, so that extending a
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
    namespace: chain.findLast(({ namespace }) => namespace !== undefined)?.namespace,
    guards: chain.flatMap(({ guards }) => guards),
    filters: chain.flatMap(({ filters }) => filters),
    methods,
  };
}

function redeclared(inherited: MethodRecord, own: MethodRecord): MethodRecord {
  const saysWhen = own.events.length > 0 || own.hooks.length > 0;
  return {
    events: saysWhen ? own.events : inherited.events,
    hooks: saysWhen ? own.hooks : inherited.hooks,
    parameters: own.parameters,
    guards: [...inherited.guards, ...own.guards],
    filters: [...own.filters, ...inherited.filters],
    ack: own.ack ?? inherited.ack,
    timeout: own.timeout ?? inherited.timeout,
  };
}
