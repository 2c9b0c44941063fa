import type { Socket } from "../../core.js";
import type { Class } from "./class.js";

/** What is being run: a connection that asks to be let in, an event of a client, or a connection that has ended. */
export type ExecutionKind = "connect" | "message" | "disconnect";

/** What guards, filters and parameter decorators know about the call they serve. */
export interface ExecutionContext {
  readonly kind: ExecutionKind;
  readonly socket: Socket;
  /** The event's arguments without the ack callback; empty on connect, `[reason, description?]` on disconnect. */
  readonly args: readonly unknown[];
  /** The event's name; `undefined` on connect and disconnect. */
  readonly event: string | undefined;
  /** Why the connection ended; `undefined` before. */
  readonly reason: string | undefined;
  /** The gateway whose turn it is. */
  getClass(): Class;
  /** The method that will run; `undefined` while a whole connection is judged. */
  getHandler(): ((...args: never[]) => unknown) | undefined;
}
