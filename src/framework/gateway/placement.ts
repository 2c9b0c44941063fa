import { tokenName, type Class } from "../contracts/class.js";
import { GatewayError } from "../errors.js";
import { misplaced } from "../metadata/records.js";
import { at } from "../metadata/source-place.js";
import type { GatewayRecord } from "../metadata/types.js";
import type { Problems } from "../problems.js";
import type { HandlerContract, HookContract, NamedContract, ParameterContract } from "./contract.js";
import { checkConnectLimits, orderDecorator } from "./limits.js";
import { propertyDescriptor } from "./method-records.js";
import type { NamespacePattern } from "./namespace-pattern.js";
import { whereOf, type MethodPlace } from "./parameters.js";
import { badParameter } from "./payload-check.js";

/** Checks that decorators stand where they work: each would silently do nothing, or the wrong thing, elsewhere. */

interface Surroundings {
  readonly namespace: NamespacePattern;
  readonly problems: Problems;
}

/** @throws GatewayError `GATEWAY_MISPLACED_DECORATOR` on what is no method, and without @OnEvent or a hook. */
export function checkMethodPlacement({ gateway, key, record, label }: MethodPlace): void {
  const decorator = [...record.decorators].at(-1) ?? "OnEvent";
  if (record.events.length === 0 && record.hooks.length === 0) {
    const mend = "Add @OnEvent, @OnConnect, @OnDisconnecting or @OnDisconnect to the method.";
    const isNameless = record.decorators.has("OnEvent");
    throw misplaced(decorator, label, isNameless ? 'Name an event, such as @OnEvent("message:send").' : mend);
  }
  if (typeof propertyDescriptor(gateway, key)?.value !== "function") {
    throw misplaced(decorator, label, "Make it a method: a property's function knows nothing of its parameters.");
  }
}

/** @throws GatewayError `GATEWAY_MISPLACED_DECORATOR`: handlers of a class that is no gateway are never called. */
export function checkNotAGateway(type: Class, { methods }: GatewayRecord): void {
  for (const [key, { decorators, place }] of methods) {
    const [decorator] = decorators;
    if (decorator === undefined) continue;
    const where = at(`${tokenName(type)}.${String(key)}`, place);
    throw misplaced(decorator, where, `Decorate ${tokenName(type)} with @Namespace().`);
  }
}

/** What NestJS calls by its name, and how the same is written here. */
const HOOKS_OF_NEST: Readonly<Record<string, string>> = {
  afterInit: "Name it onApplicationBootstrap, which is called without arguments; the server is injected.",
  handleConnection: "Decorate it with @OnConnect(): a throw refuses the connection.",
  handleDisconnect: "Decorate it with @OnDisconnect().",
};

/**
 * Whoever comes from NestJS may have left a check in a method that nobody calls here.
 *
 * @param label - the gateway, for errors.
 */
export function checkNestHooks(type: Class, { methods }: GatewayRecord, label: string, problems: Problems): void {
  for (const [name, mend] of Object.entries(HOOKS_OF_NEST)) {
    if (methods.has(name) || typeof propertyDescriptor(type, name)?.value !== "function") continue;
    problems.add(new GatewayError("GATEWAY_UNCALLED_HOOK", { values: { hook: name, where: label, mend } }));
  }
}

/** Gives `problems` the parameters that a handler cannot fill. */
export function checkHandlerPlacement(
  place: MethodPlace,
  { parameters, parameterNames, events }: HandlerContract,
  { namespace, problems }: Surroundings,
): void {
  const eventParams = [...new Set(events.flatMap(({ params }) => params))];
  parameters.forEach((parameter, index) => {
    const where = whereOf(place, index, parameterNames[index]);
    problems.try(() => {
      if (parameter.kind === "reason") throw badParameter(where, "belongs to a disconnect", "Leave it out.");
      if (parameter.kind === "param") checkParam(parameter, namespace, where);
      if (parameter.kind === "eventParam") checkEventParam(parameter, eventParams, where);
    });
  });
}

/** @throws GatewayError for decorators that a hook cannot have; `problems` gets the parameters that it cannot fill. */
export function checkHookPlacement(
  place: MethodPlace,
  hook: HookContract,
  { namespace, problems }: Surroundings,
): void {
  const { record, label } = place;
  hook.parameters.forEach((parameter, index) => {
    const where = whereOf(place, index, hook.parameterNames[index]);
    problems.try(() => {
      checkHookParameter(parameter, hook.kind, where);
      if (parameter.kind === "param") checkParam(parameter, namespace, where);
    });
  });
  if (record.ack !== undefined && record.events.length === 0)
    throw misplaced("Ack", label, "Only events are answered.");
  const order = orderDecorator(record.order);
  if (order !== "" && record.events.length === 0) throw misplaced(order, label, "Only events have an order.");
  if (hook.kind === "connect") {
    checkConnectLimits(hook.rateLimits, label);
    return;
  }
  const mend = hook.kind === "any" ? "It sees every event, and cannot refuse one." : "A disconnect cannot be refused.";
  if (hook.guards.length > 0) throw misplaced("UseGuards", label, mend);
  if (hook.rateLimits.length > 0) throw misplaced("RateLimit", label, mend);
}

const CONNECT_MEND =
  "Use @Auth() for what the client sent and @ConnectedSocket() for the socket; a class that is imported as a type only " +
  "is not known at run time.";

type Unfilled = Readonly<Partial<Record<ParameterContract["kind"], string>>>;

const ofAnEvent = "belongs to an event, which a hook has not";
const onConnect = "cannot be filled when a client connects";
const ofAHandler = "belongs to the handler of an event";

/** What each hook cannot fill: nothing but a disconnect and an event has arguments, and only a handler answers. */
const UNFILLED: Readonly<Record<HookContract["kind"], Unfilled>> = {
  connect: { ack: ofAnEvent, event: ofAnEvent, eventParam: ofAnEvent, payload: onConnect, reason: onConnect },
  disconnecting: { ack: ofAnEvent, event: ofAnEvent, eventParam: ofAnEvent },
  disconnect: { ack: ofAnEvent, event: ofAnEvent, eventParam: ofAnEvent },
  any: { ack: ofAHandler, eventParam: ofAHandler, reason: "belongs to a disconnect" },
};

function checkHookParameter(parameter: ParameterContract, hook: HookContract["kind"], where: string): void {
  const problem = UNFILLED[hook][parameter.kind];
  if (problem !== undefined) throw badParameter(where, problem, problem === onConnect ? CONNECT_MEND : "Leave it out.");
  if (hook !== "any" || parameter.kind !== "payload") return;
  if (parameter.check.kind === "any" && !parameter.check.isArray) return;
  const unchecked = "has a type, but every event comes here, whatever it brings: nothing is checked";
  throw badParameter(where, unchecked, "Type it unknown.");
}

function checkParam({ name }: NamedContract, namespace: NamespacePattern, where: string): void {
  const takes = name === undefined ? "the namespace's parameters" : `the namespace's parameter "${name}"`;
  if (namespace.params.length === 0) {
    const problem = `takes ${takes}, but ${namespace.name} has none`;
    throw badParameter(where, problem, 'Write a pattern such as @Namespace("/orders/:id").');
  }
  if (name === undefined || namespace.params.includes(name)) return;
  throw badParameter(
    where,
    `takes ${takes}, which ${namespace.name} has not`,
    `It has: ${namespace.params.join(", ")}.`,
  );
}

function checkEventParam({ name }: NamedContract, params: readonly string[], where: string): void {
  if (params.length === 0) {
    const problem = "takes a part of the event's name, but none of the events has a pattern";
    throw badParameter(where, problem, 'Write a pattern such as @OnEvent("order:*") or @OnEvent("order/:id").');
  }
  if (name === undefined || params.includes(name)) return;
  const problem = `takes the part "${name}" of the event's name, which no pattern has`;
  throw badParameter(where, problem, `The patterns have: ${params.join(", ")}.`);
}
