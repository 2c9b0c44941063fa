import type { DisconnectHandler, EventHandler, Namespace } from "../../core.js";
import { clientError } from "../client-errors.js";
import type { HookKind } from "../metadata/types.js";
import type { Compiler, ConnectPlan, LiveGateway } from "../pipeline/compile.js";
import { connectHandler } from "../pipeline/connect.js";
import { DisconnectCall } from "../pipeline/disconnect-call.js";
import type { ErrorReporter } from "../pipeline/error-reporter.js";
import type { Job, Lanes } from "../pipeline/lanes.js";
import { MessageCall, sendError, type MessagePlan } from "../pipeline/message-call.js";
import type { HookContract } from "./contract.js";

/** What binding needs beside the gateways. */
export interface BindContext {
  readonly compiler: Compiler;
  readonly lanes: Lanes;
  readonly reporter: ErrorReporter;
  /** Whether the application is closing; asked for every connection and event. */
  readonly isClosing: () => boolean;
}

/**
 * Puts the compiled handlers of all gateways of one namespace into its dispatch table: sockets come and go without a
 * listener of their own.
 */
export function bindNamespace(namespace: Namespace, gateways: readonly LiveGateway[], context: BindContext): void {
  const { dispatch } = namespace;
  const { compiler, lanes } = context;
  for (const gateway of gateways) {
    for (const plan of gateway.contract.handlers.flatMap((handler) => compiler.messages(gateway, handler))) {
      dispatch.handle(plan.event, messageHandler(plan, context));
    }
  }
  dispatch.setUnhandled((socket, _args, reply, event) => {
    sendError(socket, event, reply, clientError(context.isClosing() ? "SHUTTING_DOWN" : "NOT_FOUND"));
  });
  if (gateways.length === 0) return;
  dispatch.setConnect(connectHandler(connectPlans(gateways, compiler), context));
  const run = (job: Job): void => lanes.runDetached(job);
  const queue = (job: Job): void => lanes.submit(job);
  dispatch.setDisconnecting(disconnectHandler(gateways, { kind: "disconnecting", compiler, start: run }));
  dispatch.setDisconnect(disconnectHandler(gateways, { kind: "disconnect", compiler, start: queue }));
}

function messageHandler(plan: MessagePlan, { lanes, isClosing }: BindContext): EventHandler {
  return (socket, args, reply, event) => {
    if (isClosing()) sendError(socket, event, reply, clientError("SHUTTING_DOWN"));
    else lanes.submit(new MessageCall(plan, socket, args, reply));
  };
}

/** All guards come before the first hook: a hook then runs for admitted clients only. A shared guard is asked once. */
function connectPlans(gateways: readonly LiveGateway[], compiler: Compiler): ConnectPlan[] {
  const asked = new Set<unknown>();
  const guards = gateways.flatMap((gateway) => {
    const fresh = gateway.guards.filter((guard) => !asked.has(guard));
    for (const guard of fresh) asked.add(guard);
    return fresh.length === 0 ? [] : [compiler.connectGuards(gateway, fresh)];
  });
  const hooks = gateways.flatMap((gateway) =>
    hooksOf(gateway, "connect").map((hook) => compiler.connectHook(gateway, hook)),
  );
  return [...guards, ...hooks];
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
  return (socket, reason, description) => {
    for (const plan of plans) start(new DisconnectCall(plan, socket, [reason, description]));
  };
}

function hooksOf({ contract }: LiveGateway, kind: HookKind): readonly HookContract[] {
  return contract.hooks.filter((hook) => hook.kind === kind);
}
