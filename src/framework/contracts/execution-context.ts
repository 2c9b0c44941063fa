import type { Handshake, Namespace, Socket } from "../../core.js";
import type { Class } from "./class.js";

/** What is being run: a connection that asks to be let in, an event of a client, or a connection that has ended. */
export type ExecutionKind = "connect" | "message" | "disconnect";

/** What guards, interceptors, pipes, filters and parameter decorators know about the call they serve. */
export abstract class ExecutionContext {
  abstract readonly kind: ExecutionKind;
  abstract readonly socket: Socket;
  abstract readonly namespace: Namespace;
  /** The event's arguments without the ack callback; empty on connect, `[reason, description?]` on disconnect. */
  abstract readonly args: readonly unknown[];
  /** The event's name; `undefined` on connect and disconnect. */
  abstract readonly event: string | undefined;
  /** What the parts of the handler's event pattern stand for: `:id` by name, wildcards counted from 0; empty without any. */
  abstract readonly eventParams: Readonly<Record<string, string>>;
  /** What the parameters of the namespace's pattern stand for, by name; empty without any. */
  abstract readonly params: Readonly<Record<string, string>>;
  /** How the connection began: headers, query, address, `auth`. */
  abstract readonly handshake: Handshake;
  /** What the client sent as `auth` when it connected, unchecked. */
  abstract readonly auth: Readonly<Record<string, unknown>>;
  /** Why the connection ended; `undefined` before. */
  abstract readonly reason: string | undefined;
  /**
   * Aborts when nobody waits for the outcome any more: the time is up, the client has left, or the application has
   * closed. Made when it is first read.
   */
  abstract readonly signal: AbortSignal;
  /** The gateway whose turn it is. */
  abstract getClass(): Class;
  /** The method that will run; `undefined` while a whole connection is judged. */
  abstract getHandler(): ((...args: never[]) => unknown) | undefined;
}
