import type { Socket } from "../../core.js";
import type { Class } from "../contracts/class.js";
import type { ExecutionContext, ExecutionKind } from "../contracts/execution-context.js";

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

  constructor(target: CallTarget, socket: Socket, args: readonly unknown[]) {
    this.target = target;
    this.socket = socket;
    this.args = args;
  }

  get event(): string | undefined {
    return undefined;
  }

  get reason(): string | undefined {
    return undefined;
  }

  /** Whether nobody waits for the outcome any more. */
  get isOver(): boolean {
    return false;
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
