import { isClass, tokenName, type Class } from "../contracts/class.js";
import { toMilliseconds } from "../duration.js";
import { misplaced } from "../metadata/records.js";
import { at, type SourcePlace } from "../metadata/source-place.js";
import type { MethodKey, MethodRecord } from "../metadata/types.js";
import { isStandardSchema } from "../contracts/standard-schema.js";
import { toAckFormat } from "../pipeline/ack-format.js";
import type { Problems } from "../problems.js";
import {
  methodLabel,
  Named,
  type AckContract,
  type HandlerContract,
  type HookContract,
  type MethodContract,
  type ParameterContract,
} from "./contract.js";
import { toEventContract, type EventContract } from "./event-pattern.js";
import { readOrder, readRateLimits } from "./limits.js";
import type { NamespacePattern } from "./namespace-pattern.js";
import { namedEnhancers, readParameters, type MethodPlace } from "./parameters.js";
import { namedCheck, writtenCheck } from "./payload-check.js";
import { checkHandlerPlacement, checkHookPlacement, checkMethodPlacement } from "./placement.js";

/** The gateway whose methods are read. */
export interface GatewayPlace {
  readonly type: Class;
  readonly namespace: NamespacePattern;
  readonly place: SourcePlace;
}

/** What one method serves; both when it handles events and is a hook as well. */
export interface ReadMethod {
  readonly handler: HandlerContract | undefined;
  readonly hooks: readonly HookContract[];
}

/** @throws GatewayError for what could not work; `problems` gets those of parameters and hooks, each by itself. */
export function readMethod(
  { type, namespace, place: gatewayPlace }: GatewayPlace,
  { key, record }: { readonly key: MethodKey; readonly record: MethodRecord },
  problems: Problems,
): ReadMethod {
  const method = new Named(String(key), key);
  const label = at(methodLabel(new Named(tokenName(type), type), method), record.place ?? gatewayPlace);
  const place: MethodPlace = { gateway: type, key, record, label };
  checkMethodPlacement(place);
  const { timeout } = record;
  const common: MethodContract = {
    method,
    place: record.place,
    ...readParameters(place, problems),
    ...namedEnhancers(record),
    timeoutMs: timeout === undefined ? undefined : toMilliseconds(timeout, `@Timeout of ${label}`),
    validation: record.validation,
    rateLimits: readRateLimits(record.rateLimits, label, record.events.length > 0 ? "socket" : "ip"),
  };
  const handler = record.events.length === 0 ? undefined : toHandler(place, common);
  if (handler !== undefined) checkHandlerPlacement(place, handler, { namespace, problems });
  const hooks = [...new Set(record.hooks)].flatMap(
    (kind) => problems.try(() => toHook(place, common, { kind, namespace, problems })) ?? [],
  );
  return { handler, hooks };
}

function toHandler(place: MethodPlace, common: MethodContract): HandlerContract {
  const events = new Map<string, EventContract>();
  for (const record of place.record.events) {
    const event = toEventContract(record, place.label);
    events.set(`${event.kind} ${event.name}`, event);
  }
  return {
    ...common,
    events: [...events.values()],
    ack: toAck(place, common),
    order: readOrder(place.record.order, place.label),
  };
}

function toAck({ record, label }: MethodPlace, { parameters }: MethodContract): AckContract {
  const hasCallback = parameters.some(({ kind }) => kind === "ack");
  const format = record.ackFormat && toAckFormat(record.ackFormat, `format of @Ack of ${label}`);
  if (record.ack === undefined) {
    return { kind: hasCallback ? "callback" : "none", format, type: undefined, isArray: false };
  }
  if (hasCallback) throw misplaced("Ack", label, "Return the answer, or give it by the callback; not both.");
  const { type } = record.ack;
  if (type === undefined) return { kind: "value", format, type: undefined, isArray: false };
  const where = `@Ack of ${label}`;
  const isThunk = typeof type === "function" && !isClass(type) && !isStandardSchema(type);
  const check = isThunk ? namedCheck(type, where) : writtenCheck(type, where);
  return { kind: "value", format, type: check.type, schema: check.schema, isArray: check.isArray };
}

function toHook(
  place: MethodPlace,
  common: MethodContract,
  {
    kind,
    namespace,
    problems,
  }: { readonly kind: HookContract["kind"]; readonly namespace: NamespacePattern; readonly problems: Problems },
): HookContract {
  const hook = { ...common, parameters: common.parameters.map(toHookParameter), kind };
  checkHookPlacement(place, { ...common, kind }, { namespace, problems });
  return hook;
}

/** The arguments of a hook come as they are: there is nothing to check, and the description is often missing. */
function toHookParameter(parameter: ParameterContract): ParameterContract {
  if (parameter.kind !== "payload") return parameter;
  return { ...parameter, isOptional: true, check: { kind: "any", type: undefined, isArray: false } };
}
