import type { DisconnectHandler, Dispatch, EventHandler, Namespace, Socket } from "../../core.js";
import { clientError } from "../client-errors.js";
import type { HookKind } from "../metadata/types.js";
import { sendError } from "../pipeline/ack-format.js";
import { AnyCall } from "../pipeline/any-call.js";
import type { Compiler, ConnectPlan, LiveGateway } from "../pipeline/compile.js";
import { connectHandler } from "../pipeline/connect.js";
import { DisconnectCall } from "../pipeline/disconnect-call.js";
import type { ErrorReporter } from "../pipeline/error-reporter.js";
import type { Job, Lanes } from "../pipeline/lanes.js";
import { abortCallsOf } from "../pipeline/watched-calls.js";
import type { HookContract } from "./contract.js";
import type { ExploredGateway } from "./explorer.js";
import { compileRoutes, findPattern } from "./routes.js";

/** What binding needs beside the gateways. */
export interface BindContext {
  readonly compiler: Compiler;
  readonly lanes: Lanes;
  readonly reporter: ErrorReporter;
  /** Whether the application is closing; asked for every connection and event. */
  readonly isClosing: () => boolean;
}

/** What belongs to one namespace. */
interface NamespaceParts {
  readonly gateways: readonly LiveGateway[];
  readonly middlewares: ExploredGateway["middlewares"];
}

/**
 * Puts the compiled handlers of all gateways of one namespace into its dispatch table: sockets come and go without a
 * listener of their own.
 */
export function bindNamespace(
  namespace: Namespace,
  { gateways, middlewares }: NamespaceParts,
  context: BindContext,
): void {
  const { dispatch } = namespace;
  for (const middleware of middlewares) namespace.use(middleware);
  const { compiler, lanes } = context;
  const { exact, patterns, unhandled } = compileRoutes(gateways, context);
  for (const [event, handler] of exact) dispatch.handle(event, handler);
  if (patterns.length > 0) dispatch.setPatterns(findPattern(patterns));
  dispatch.setUnhandled(unhandled ?? nobody(context));
  const surroundings = compiler.surroundings();
  if (surroundings !== undefined) dispatch.setSurroundings(surroundings);
  if (gateways.length === 0) return;
  bindAny(dispatch, gateways, context);
  bindConnect(dispatch, gateways, context);
  const run = (job: Job): void => lanes.runDetached(job);
  const queue = (job: Job): void => lanes.submitLast(job);
  dispatch.setDisconnecting(disconnectHandler(gateways, { kind: "disconnecting", compiler, start: run }));
  dispatch.setDisconnect(disconnectHandler(gateways, { kind: "disconnect", compiler, start: queue }));
}

function bindConnect(dispatch: Dispatch, gateways: readonly LiveGateway[], context: BindContext): void {
  const { compiler, lanes } = context;
  const handler = connectHandler(connectPlans(gateways, compiler), context);
  const end = compiler.connectionEnd();
  if (end === undefined) dispatch.setConnect(handler);
  else {
    const release = (socket: Socket): void => lanes.submitLast(new DisconnectCall(end, socket, ["refused"]));
    dispatch.setConnect(compiler.inConnectionScope(handler, release));
  }
}

/** Answers events that have no handler. */
function nobody({ compiler: { writer }, isClosing }: BindContext): EventHandler {
  return (socket, _args, reply, event) => {
    sendError({ socket, event, reply, writer }, clientError(isClosing() ? "SHUTTING_DOWN" : "NOT_FOUND"));
  };
}

/** Hooks that see every event have their turn in their socket's order, before the event's handler. */
function bindAny(
  dispatch: Dispatch,
  gateways: readonly LiveGateway[],
  { compiler, lanes, isClosing }: BindContext,
): void {
  const plans = gateways.flatMap((gateway) =>
    hooksOf(gateway, "any").map((hook) => compiler.disconnectHook(gateway, hook)),
  );
  if (plans.length === 0) return;
  dispatch.setAny((socket, args, _reply, event) => {
    if (isClosing()) return;
    for (const plan of plans) lanes.submit(new AnyCall(plan, socket, args, event));
  });
}

/**
 * Rate limits come first; then all guards, before the first hook: a hook then runs for admitted clients only. A shared guard
 * is asked once.
 */
function connectPlans(gateways: readonly LiveGateway[], compiler: Compiler): ConnectPlan[] {
  const asked = new Set<unknown>();
  const guards = gateways.flatMap((gateway) => {
    const fresh = gateway.guards.filter((guard) => !asked.has(guard));
    for (const guard of fresh) asked.add(guard);
    return fresh.length === 0 ? [] : [compiler.connectGuards(gateway, fresh)];
  });
  const limits = gateways.flatMap((gateway) => [
    ...compiler.gatewayConnectLimits(gateway),
    ...hooksOf(gateway, "connect").flatMap((hook) => compiler.connectLimits(gateway, hook)),
  ]);
  return [...limits, ...guards, ...connectHooks(gateways, compiler)];
}

/** Interceptors stand around each hook; those that no hook of the namespace has see the connection all the same, once. */
function connectHooks(gateways: readonly LiveGateway[], compiler: Compiler): ConnectPlan[] {
  const isHooked = (gateway: LiveGateway): boolean => hooksOf(gateway, "connect").length > 0;
  const seen = new Set(gateways.filter(isHooked).flatMap(({ interceptors }) => interceptors));
  return gateways.flatMap((gateway) => {
    if (isHooked(gateway)) return hooksOf(gateway, "connect").map((hook) => compiler.connectHook(gateway, hook));
    const fresh = gateway.interceptors.filter((interceptor) => !seen.has(interceptor));
    for (const interceptor of fresh) seen.add(interceptor);
    return fresh.length === 0 ? [] : [compiler.connectInterceptors(gateway, fresh)];
  });
}

interface DisconnectBinding {
  readonly kind: "disconnecting" | "disconnect";
  readonly compiler: Compiler;
  readonly start: (job: Job) => void;
}

function disconnectHandler(
  gateways: readonly LiveGateway[],
  { kind, compiler, start }: DisconnectBinding,
): DisconnectHandler {
  const plans = gateways.flatMap((gateway) =>
    hooksOf(gateway, kind).map((hook) => compiler.disconnectHook(gateway, hook)),
  );
  const end = kind === "disconnect" ? compiler.connectionEnd() : undefined;
  if (end !== undefined) plans.push(end);
  return (socket, reason, description) => {
    abortCallsOf(socket);
    for (const plan of plans) start(new DisconnectCall(plan, socket, [reason, description]));
  };
}

function hooksOf({ contract }: LiveGateway, kind: HookKind): readonly HookContract[] {
  return contract.hooks.filter((hook) => hook.kind === kind);
}
