import type { AckReply, Dispatch, EventHandler } from "../../core.js";
import { clientError } from "../client-errors.js";
import { sendError } from "../pipeline/ack-format.js";
import type { Compiler, LiveGateway } from "../pipeline/compile.js";
import type { Lanes } from "../pipeline/lanes.js";
import { MessageCall, type MessagePlan } from "../pipeline/message-call.js";
import { Orders, type Submit } from "../pipeline/order.js";
import { PatternCall } from "../pipeline/pattern-call.js";
import { claimKey } from "./build-contract.js";
import type { EventContract } from "./event-pattern.js";
import { bySpecificity } from "./pattern-text.js";

/** One handler of an event, ready to run. */
interface Run {
  readonly plan: MessagePlan;
  readonly submit: Submit;
}

/** An event, and the handlers that it comes to: one, or several that share it. */
interface Route {
  readonly event: EventContract;
  readonly runs: Run[];
}

/** What a namespace does with events. */
export interface Routes {
  /** By name. */
  readonly exact: ReadonlyMap<string, EventHandler>;
  /** In the order in which they are tried. */
  readonly patterns: readonly PatternRoute[];
  /** For what nobody handles; `undefined` leaves it to the framework. */
  readonly unhandled: EventHandler | undefined;
}

interface PatternRoute {
  readonly expression: RegExp;
  readonly handler: EventHandler;
}

interface RouteContext {
  readonly compiler: Compiler;
  readonly lanes: Lanes;
  /** Whether the application is closing; asked for every event. */
  readonly isClosing: () => boolean;
}

/** Compiles the handlers of all gateways of one namespace. */
export function compileRoutes(gateways: readonly LiveGateway[], { compiler, lanes, isClosing }: RouteContext): Routes {
  const routes = new Map<string, Route>();
  for (const gateway of gateways) {
    const orders = new Orders(lanes);
    for (const handler of gateway.contract.handlers) {
      const submit = orders.submitterOf(handler.order);
      compiler.messages(gateway, handler).forEach((plan, index) => {
        const event = handler.events[index];
        if (event !== undefined) routeOf(event, routes).runs.push({ plan, submit });
      });
    }
  }
  return toRoutes([...routes.values()], isClosing);
}

/** Looks for the handler of an event that has none under its name. */
export function findPattern(patterns: readonly PatternRoute[]): Parameters<Dispatch["setPatterns"]>[0] {
  return (event) => {
    for (const { expression, handler } of patterns) if (expression.test(event)) return handler;
    return undefined;
  };
}

function routeOf(event: EventContract, routes: Map<string, Route>): Route {
  const key = claimKey(event);
  let route = routes.get(key);
  if (route === undefined) {
    route = { event, runs: [] };
    routes.set(key, route);
  }
  return route;
}

function toRoutes(routes: readonly Route[], isClosing: () => boolean): Routes {
  const handlerOf = (route: Route): EventHandler => toHandler(route, isClosing);
  const names = routes.filter(({ event }) => event.kind === "name");
  const patterns = routes
    .filter(({ event }) => event.kind === "pattern")
    .sort((a, b) => bySpecificity(a.event.parts, b.event.parts));
  const expressions = routes.filter(({ event }) => event.kind === "expression");
  const unhandled = routes.find(({ event }) => event.kind === "unhandled");
  return {
    exact: new Map(names.map((route) => [route.event.name, handlerOf(route)])),
    patterns: [...patterns, ...expressions].flatMap((route) => {
      const { expression } = route.event;
      return expression === undefined ? [] : [{ expression, handler: handlerOf(route) }];
    }),
    unhandled: unhandled === undefined ? undefined : handlerOf(unhandled),
  };
}

function toHandler({ event, runs }: Route, isClosing: () => boolean): EventHandler {
  const [first, ...more] = runs;
  if (first === undefined) return () => undefined;
  const { plan, submit } = first;
  const refuse: EventHandler = (socket, _args, reply, name) => {
    sendError({ socket, event: name, reply, writer: plan.writer }, clientError("SHUTTING_DOWN"));
  };
  if (more.length > 0) {
    const run = shared(event, runs);
    return (socket, args, reply, name) => (isClosing() ? refuse : run)(socket, args, reply, name);
  }
  if (event.kind === "name") {
    return (socket, args, reply, name) => {
      if (isClosing()) refuse(socket, args, reply, name);
      else submit(new MessageCall(plan, socket, args, reply));
    };
  }
  return (socket, args, reply, name) => {
    if (isClosing()) refuse(socket, args, reply, name);
    else submit(new PatternCall(plan, socket, args, { reply, event: name, pattern: event }));
  };
}

/** All run, in order. Of those that end well, only such with `@Ack()` answer, unless none has it. */
function shared(pattern: EventContract, runs: readonly Run[]): EventHandler {
  const hasAnswer = runs.some(({ plan }) => plan.ack !== "none");
  const members = runs.map(({ plan, submit }): Run => {
    const isSilent = hasAnswer && plan.ack === "none";
    return { plan: isSilent ? { ...plan, ack: "silent" } : plan, submit };
  });
  return (socket, args, reply, event) => {
    const first = reply === undefined ? undefined : once(reply);
    for (const { plan, submit } of members) {
      submit(new PatternCall(plan, socket, args, { reply: first, event, pattern }));
    }
  };
}

function once(reply: AckReply): AckReply {
  let isAnswered = false;
  return (...args) => {
    if (isAnswered) return;
    // What cannot be encoded throws, and is no answer.
    reply(...args);
    isAnswered = true;
  };
}
