import { isClass, tokenName, type Class } from "../contracts/class.js";
import type { ModuleNode } from "../container/module-node.js";
import type { ProviderNode } from "../container/provider-node.js";
import { toMilliseconds } from "../duration.js";
import type { GatewayError } from "../errors.js";
import { misplaced } from "../metadata/records.js";
import type { FilterLike, GatewayRecord, GuardLike, MethodKey } from "../metadata/types.js";
import {
  Named,
  type AckContract,
  type GatewayContract,
  type HandlerContract,
  type HookContract,
  type MethodContract,
  type ParameterContract,
} from "./contract.js";
import { checkEventName, toNamespaceName } from "./names.js";
import { inheritedRecord } from "./method-records.js";
import { checkHookParameters, readParameters, type MethodPlace } from "./parameters.js";
import { checkOf, namedCheck } from "./payload-check.js";

/** A gateway as found among the providers. */
export interface ExploredGateway {
  readonly namespace: string;
  readonly contract: GatewayContract;
  readonly module: ModuleNode;
  readonly provider: ProviderNode;
}

/**
 * Finds the gateways among all providers and reads their decorators.
 *
 * @throws GatewayError for whatever could not work once clients are there.
 */
export function exploreGateways(modules: readonly ModuleNode[]): readonly ExploredGateway[] {
  return modules.flatMap((module) =>
    [...module.providers.values()].flatMap((provider) => {
      const type = provider.implementation ?? (isClass(provider.token) ? provider.token : undefined);
      const record = provider.isAlias || type === undefined ? undefined : inheritedRecord(type);
      if (type === undefined || record === undefined) return [];
      if (record.namespace === undefined) {
        checkNotAGateway(type, record);
        return [];
      }
      const namespace = toNamespaceName(record.namespace.pattern, tokenName(type));
      return [{ namespace, contract: readGateway(type, record), module, provider }];
    }),
  );
}

function readGateway(type: Class, record: GatewayRecord): GatewayContract {
  const handlers: HandlerContract[] = [];
  const hooks: HookContract[] = [];
  for (const [key, method] of record.methods) {
    const place: MethodPlace = { gateway: type, key, record: method, label: `${tokenName(type)}.${String(key)}` };
    if (method.events.length === 0 && method.hooks.length === 0) throw stray(place);
    if (typeof (type.prototype as Record<MethodKey, unknown>)[key] !== "function") throw notAMethod(place);
    const common = readMethod(place);
    if (method.events.length > 0) handlers.push(toHandler(place, common));
    for (const kind of new Set(method.hooks)) hooks.push(toHook(place, common, kind));
  }
  const guards = record.guards.map(toNamed);
  return { gateway: new Named(tokenName(type), type), guards, filters: record.filters.map(toNamed), handlers, hooks };
}

function readMethod(place: MethodPlace): MethodContract {
  const { guards, filters, timeout } = place.record;
  return {
    method: new Named(String(place.key), place.key),
    parameters: readParameters(place),
    guards: guards.map(toNamed),
    filters: filters.map(toNamed),
    timeoutMs: timeout === undefined ? undefined : toMilliseconds(timeout, `@Timeout of ${place.label}`),
  };
}

function toHandler(place: MethodPlace, common: MethodContract): HandlerContract {
  const events = [...new Set(place.record.events)];
  for (const event of events) checkEventName(event, place.label);
  return { ...common, events, ack: toAck(place, common) };
}

function toAck({ record, label }: MethodPlace, { parameters }: MethodContract): AckContract {
  const hasCallback = parameters.some(({ kind }) => kind === "ack");
  if (record.ack === undefined) {
    return { kind: hasCallback ? "callback" : "none", type: undefined, isArray: false };
  }
  if (hasCallback) throw misplaced("Ack", label, "Return the answer, or give it by the callback; not both.");
  const { type } = record.ack;
  if (type === undefined) return { kind: "value", type: undefined, isArray: false };
  const where = `@Ack of ${label}`;
  const isThunk = typeof type === "function" && !isClass(type);
  const check = isThunk ? namedCheck(type, where) : checkOf(type, where);
  return { kind: "value", type: check.type, isArray: check.isArray };
}

function toHook(place: MethodPlace, common: MethodContract, kind: HookContract["kind"]): HookContract {
  checkHookParameters(common.parameters, kind, place.label);
  if (place.record.ack !== undefined && place.record.events.length === 0) {
    throw misplaced("Ack", place.label, "Only events are answered.");
  }
  if (kind !== "connect" && common.guards.length > 0) {
    throw misplaced("UseGuards", place.label, "A disconnect cannot be refused.");
  }
  return { ...common, parameters: common.parameters.map(toHookParameter), kind };
}

/** The arguments of a hook come from the server itself: there is nothing to check, and the description is often missing. */
function toHookParameter(parameter: ParameterContract): ParameterContract {
  if (parameter.kind !== "payload") return parameter;
  return { ...parameter, isOptional: true, check: { kind: "any", type: undefined, isArray: false } };
}

function notAMethod({ record, label }: MethodPlace): GatewayError {
  const mend = "Make it a method: a property's function knows nothing of its parameters.";
  return misplaced(record.events.length > 0 ? "OnEvent" : "OnConnect (or its like)", label, mend);
}

/** Decorators without @OnEvent or a hook would silently do nothing. */
function stray({ record, label }: MethodPlace): GatewayError {
  const decorator =
    [
      record.ack === undefined ? "" : "Ack",
      record.timeout === undefined ? "" : "Timeout",
      record.guards.length === 0 ? "" : "UseGuards",
      record.filters.length === 0 ? "" : "UseFilters",
    ].find((name) => name !== "") ?? "Payload (or its like)";
  return misplaced(decorator, label, "Add @OnEvent, @OnConnect, @OnDisconnecting or @OnDisconnect to the method.");
}

function checkNotAGateway(type: Class, { methods }: GatewayRecord): void {
  for (const [key, method] of methods) {
    const decorator = method.events.length > 0 ? "OnEvent" : method.hooks[0];
    if (decorator !== undefined) {
      throw misplaced(decorator, `${tokenName(type)}.${String(key)}`, `Decorate ${tokenName(type)} with @Namespace().`);
    }
  }
}

function toNamed<T extends GuardLike | FilterLike>(enhancer: T): Named<T> {
  return new Named(typeof enhancer === "function" ? tokenName(enhancer) : enhancer.constructor.name, enhancer);
}
