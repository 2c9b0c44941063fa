import { PacketType, type ConnectHandler, type Socket } from "../../core.js";
import { GatewayException, type ClientError } from "../client-errors.js";
import { similarClause } from "../container/near.js";
import type { Scopes } from "../container/scopes.js";
import { tokenName, type Class } from "../contracts/class.js";
import { GatewayError } from "../errors.js";
import type { MethodKey } from "../metadata/types.js";
import type { AckWriter } from "../pipeline/ack-format.js";
import type { Compiler, LiveGateway } from "../pipeline/compile.js";
import { connectHandler } from "../pipeline/connect.js";
import { DisconnectCall } from "../pipeline/disconnect-call.js";
import type { ErrorReporter } from "../pipeline/error-reporter.js";
import type { Lanes } from "../pipeline/lanes.js";
import { MessageCall, type MessagePlan } from "../pipeline/message-call.js";
import { PatternCall } from "../pipeline/pattern-call.js";
import { leadsTo, servesNamespace } from "./ack-formats.js";
import type { HandlerContract, HookContract } from "./contract.js";
import type { ExploredGateway } from "./explorer.js";
import { setPattern } from "./namespace-params.js";

/** One method to be run by itself. */
export interface DirectCall {
  readonly gateway: Class;
  readonly method: MethodKey;
  readonly socket: Socket;
  /** Of the event; of a disconnect hook its reason. */
  readonly args: readonly unknown[];
  /** The event's name, for a handler of several, or of a pattern; default: the first that it names in full. */
  readonly event?: string | undefined;
}

/** What the client would have been told; of a hook `event` is its name. */
export type DirectOutcome = { readonly value: unknown } | { readonly error: ClientError; readonly event: string };

/** What direct calls need of the application around them. */
export interface DirectCallContext {
  readonly explored: readonly ExploredGateway[];
  readonly live: readonly LiveGateway[];
  readonly compiler: Compiler;
  readonly scopes: Scopes;
  readonly lanes: Lanes;
  readonly reporter: ErrorReporter;
}

/**
 * Runs single methods of gateways through all that stands around them, for sockets that need not be the server's: the
 * testing kit's way in. They wait for no other event, and their rate limits are counted apart.
 */
export class DirectCalls {
  readonly #context: DirectCallContext;
  readonly #plans = new Map<HandlerContract, readonly MessagePlan[]>();
  readonly #hooks = new Map<HookContract, ConnectHandler>();
  readonly #scoped = new Set<Socket>();

  constructor(context: DirectCallContext) {
    this.#context = context;
  }

  /** Name, or pattern, of the namespace that a gateway serves. @throws GatewayError `GATEWAY_NOT_FOUND` */
  namespaceOf(gateway: Class): string {
    return this.#explored(gateway).namespace.name;
  }

  /**
   * Whether handlers of the gateway find what they ask for, such as `room` of "/r/:room", in the name of a namespace.
   *
   * @throws GatewayError `GATEWAY_NOT_FOUND`
   */
  fits(gateway: Class, namespace: string | undefined): boolean {
    const explored = this.#explored(gateway);
    const hasParams = explored.namespace.params.length > 0;
    return !hasParams || (namespace !== undefined && servesNamespace(explored, namespace));
  }

  /**
   * @returns what a handler answers; nothing for a hook.
   * @throws GatewayError `GATEWAY_NOT_FOUND`, `GATEWAY_NOT_A_HANDLER`
   */
  async run(call: DirectCall): Promise<DirectOutcome> {
    const { gateway, method, socket } = call;
    const explored = this.#explored(gateway);
    const { handlers, hooks } = explored.contract;
    const handler = handlers.find((own) => own.method.value === method);
    const hook = hooks.find((own) => own.method.value === method && own.kind !== "any");
    if (handler === undefined && hook === undefined) throw notAHandler(explored, method);
    const { nsp } = socket;
    if (explored.namespace.params.length > 0) setPattern(nsp.dispatch, explored.namespace);
    const { scopes } = this.#context;
    if (scopes.hasConnections && !scopes.isOpen(socket)) {
      scopes.open(socket);
      this.#scoped.add(socket);
    }
    const live = this.#live(explored);
    if (handler !== undefined) return this.#runHandler(live, handler, call);
    return hook === undefined ? { value: undefined } : this.#runHook(live, hook, call);
  }

  /** Ends the scopes of sockets that nobody else ends. @returns `undefined` when there are none. */
  end(): Promise<void> | undefined {
    return this.#scoped.size === 0 ? undefined : this.#endScopes();
  }

  async #endScopes(): Promise<void> {
    const sockets = [...this.#scoped];
    this.#scoped.clear();
    for (const socket of sockets) await this.#context.scopes.close(socket);
  }

  #runHandler(live: LiveGateway, handler: HandlerContract, call: DirectCall): Promise<DirectOutcome> {
    const { socket, args, event } = call;
    const found = handler.events.findIndex((claimed) =>
      event === undefined ? claimed.params.length === 0 : leadsTo(claimed, event),
    );
    const pattern = handler.events[found];
    const plan = this.#plansOf(live, handler)[found];
    if (pattern === undefined || plan === undefined) {
      const where = `${handler.method.name} for ${event === undefined ? "no event" : `the event "${event}"`}`;
      throw new GatewayError("GATEWAY_NOT_A_HANDLER", { values: { where, near: "" } });
    }
    return new Promise((resolve) => {
      const name = event ?? pattern.name;
      const own = { ...plan, writer: writerTo(socket, name, resolve) };
      const reply = (...answer: unknown[]): void => {
        checkEncodable(socket, answer);
        resolve({ value: answer[0] });
      };
      const job =
        pattern.kind === "name"
          ? new MessageCall(own, socket, args, reply)
          : new PatternCall(own, socket, args, { reply, event: name, pattern });
      this.#context.lanes.runDetached(job);
    });
  }

  async #runHook(live: LiveGateway, hook: HookContract, { socket, args }: DirectCall): Promise<DirectOutcome> {
    const { compiler, lanes } = this.#context;
    if (hook.kind !== "connect") {
      await new Promise<void>((resolve) => {
        const job = new DisconnectCall(compiler.disconnectHook(live, hook), socket, args);
        lanes.runDetached({ socket, label: job.label, run: () => settled(job.run(), resolve) });
      });
      return { value: undefined };
    }
    try {
      await this.#connectOf(live, hook)(socket);
      return { value: undefined };
    } catch (error) {
      if (!GatewayException.is(error)) throw error;
      const { code, message, details } = error;
      const refusal = details === undefined ? { code, message } : { code, message, details };
      return { error: refusal, event: hook.method.name };
    }
  }

  #connectOf(live: LiveGateway, hook: HookContract): ConnectHandler {
    const { compiler, reporter } = this.#context;
    let connect = this.#hooks.get(hook);
    if (connect === undefined) {
      const guards = live.guards.length === 0 ? [] : [compiler.connectGuards(live, live.guards)];
      const limits = [...compiler.gatewayConnectLimits(live), ...compiler.connectLimits(live, hook)];
      const plans = [...limits, ...guards, compiler.connectHook(live, hook)];
      connect = connectHandler(plans, { reporter, isClosing: () => false });
      this.#hooks.set(hook, connect);
    }
    return connect;
  }

  #plansOf(live: LiveGateway, handler: HandlerContract): readonly MessagePlan[] {
    let plans = this.#plans.get(handler);
    if (plans === undefined) {
      plans = this.#context.compiler.messages(live, handler);
      this.#plans.set(handler, plans);
    }
    return plans;
  }

  #explored(type: Class): ExploredGateway {
    const { explored } = this.#context;
    const found = explored.find(({ contract, provider }) => contract.gateway.value === type || provider.token === type);
    if (found !== undefined) return found;
    const names = explored.map(({ contract }) => contract.gateway.name);
    const values = { token: tokenName(type), near: similarClause(tokenName(type), names) };
    throw new GatewayError("GATEWAY_NOT_FOUND", { values });
  }

  #live({ contract }: ExploredGateway): LiveGateway {
    return this.#context.live.find((gateway) => gateway.contract === contract) as LiveGateway;
  }
}

/** Tells the outcome as it is, whatever the application's format; what could not be sent is an error here too. */
function writerTo(socket: Socket, event: string, resolve: (outcome: DirectOutcome) => void): AckWriter {
  return {
    success: (_reply, value) => {
      checkEncodable(socket, [value]);
      resolve({ value });
    },
    failure: (_reply, error) => {
      resolve({ error, event });
    },
  };
}

/** @throws whatever the encoder throws */
function checkEncodable({ nsp }: Socket, data: unknown[]): void {
  nsp.encoder.encode({ type: PacketType.ACK, nsp: nsp.name, id: 0, data });
}

function settled(running: Promise<void> | undefined, resolve: () => void): Promise<void> | undefined {
  if (running === undefined) resolve();
  return running?.then(resolve);
}

function notAHandler({ contract: { gateway, handlers, hooks } }: ExploredGateway, method: MethodKey): GatewayError {
  const near = similarClause(
    String(method),
    [...handlers, ...hooks].map((own) => own.method.name),
  );
  const where = `${gateway.name}.${String(method)}`;
  return new GatewayError("GATEWAY_NOT_A_HANDLER", { values: { where, near } });
}
