import type { Handshake, Namespace, Socket } from "../../core.js";
import type { GatewayException } from "../client-errors.js";
import type { Class } from "../contracts/class.js";
import type { ExecutionContext, ExecutionKind } from "../contracts/execution-context.js";
import { NO_PARAMS } from "../gateway/event-pattern.js";
import { namespaceParams } from "../gateway/namespace-params.js";
import { isEcho } from "./echo.js";
import { loggable } from "../thrown.js";
import { guardedController } from "./guarded-controller.js";
import { forgetCall, watchCall } from "./watched-calls.js";

/** Which method a call is for; one object for all calls of that method. */
export interface CallTarget {
  readonly gateway: Class;
  readonly handler: ((...args: never[]) => unknown) | undefined;
  /** `ChatGateway.send`, for logs. */
  readonly label: string;
}

/** One run of a pipeline. It is its own `ExecutionContext`, so that a call allocates one object. */
export abstract class Call implements ExecutionContext {
  abstract readonly kind: ExecutionKind;
  readonly target: CallTarget;
  readonly socket: Socket;
  readonly args: readonly unknown[];
  /** Gives up waiting for what the call does; there while somebody waits. @internal */
  onCancel: ((reason: GatewayException) => void) | undefined = undefined;
  /** Ends what is run for the call; there while something is. @internal */
  onEnd: (() => void) | undefined = undefined;
  #controller: AbortController | undefined = undefined;
  #abortedBy: GatewayException | undefined = undefined;

  constructor(target: CallTarget, socket: Socket, args: readonly unknown[]) {
    this.target = target;
    this.socket = socket;
    this.args = args;
  }

  get namespace(): Namespace {
    return this.socket.nsp;
  }

  get event(): string | undefined {
    return undefined;
  }

  get eventParams(): Readonly<Record<string, string>> {
    return NO_PARAMS;
  }

  get params(): Readonly<Record<string, string>> {
    return namespaceParams(this.socket.nsp);
  }

  get handshake(): Handshake {
    return this.socket.handshake;
  }

  get auth(): Readonly<Record<string, unknown>> {
    return this.socket.handshake.auth;
  }

  get reason(): string | undefined {
    return undefined;
  }

  /** Whether nobody waits for the outcome any more. */
  get isOver(): boolean {
    return false;
  }

  /** Made when it is first asked for: most handlers never do. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = guardedController((error) => {
        const { logger } = this.socket.server;
        logger.error(`a listener of the signal of ${this.target.label} threw`, { error: loggable(error) });
      });
      if (this.#abortedBy === undefined) watchCall(this);
      else this.#controller.abort(this.#abortedBy);
    }
    return this.#controller.signal;
  }

  /** Tells the method that nobody waits for it; it may go on, to its own end. Idempotent. */
  abort(reason: GatewayException): void {
    if (this.#abortedBy !== undefined) return;
    this.#abortedBy = reason;
    this.#controller?.abort(reason);
  }

  /** Stops waiting for the call: it ends with `reason`, whatever its method does. */
  cancel(reason: GatewayException): void {
    this.abort(reason);
    this.onCancel?.(reason);
  }

  /** An error that says no more than that the call was given up stands for the reason of that. */
  protected causeOf(error: unknown): unknown {
    return this.#abortedBy !== undefined && isEcho(error, this.#abortedBy) ? this.#abortedBy : error;
  }

  /** The call has come to its end. Its signal stays as it is. @internal */
  end(): void {
    this.onCancel = undefined;
    if (this.#controller !== undefined) forgetCall(this);
    this.onEnd?.();
    this.onEnd = undefined;
  }

  getClass(): Class {
    return this.target.gateway;
  }

  getHandler(): ((...args: never[]) => unknown) | undefined {
    return this.target.handler;
  }
}

const noArguments: readonly unknown[] = [];

/** A client asks to be let in. */
export class ConnectCall extends Call {
  constructor(target: CallTarget, socket: Socket) {
    super(target, socket, noArguments);
  }

  get kind(): "connect" {
    return "connect";
  }
}
