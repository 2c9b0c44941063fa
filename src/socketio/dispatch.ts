import { SocketError } from "./errors.js";
import type { DisconnectReason } from "./disconnect-reason.js";
import type { Socket } from "./socket.js";

/** Answers the client's acknowledgement; the second call and those after it do nothing. */
export type AckReply = (...args: unknown[]) => void;

/**
 * A handler of one event. `reply` is undefined when the client asked for no acknowledgement. What it returns is not
 * waited for; a throw or a rejection is logged.
 */
export type EventHandler = (socket: Socket, args: unknown[], reply: AckReply | undefined, event: string) => unknown;

/** Runs before CONNECT is answered; a throw or a rejection refuses the connection. */
export type ConnectHandler = (socket: Socket) => void | Promise<void>;

/** Runs when a socket leaves; `description` is what the transport knows of the cause. */
export type DisconnectHandler = (socket: Socket, reason: DisconnectReason, description?: unknown) => void;

/** What an event takes place in, such as an asynchronous context: for all who hear of it, and for what follows from it. */
export interface EventSurroundings {
  /** @param deliver - hands the event to everyone; to be called at once. @param data - the event's name and arguments. */
  enter(socket: Socket, data: readonly unknown[], deliver: () => void): void;
  /** A callback that later runs in the surroundings of now. */
  bind(callback: AckReply): AckReply;
}

/**
 * Handlers of one namespace, shared by all its sockets: a connection costs no listener. `socket.on()` still works; its
 * listeners run after the handler of this table.
 */
export class Dispatch {
  readonly #namespace: string;
  readonly #events = new Map<string, EventHandler>();
  #patterns: ((event: string) => EventHandler | undefined) | undefined;
  #any: EventHandler | undefined;
  #unhandled: EventHandler | undefined;
  #connect: ConnectHandler | undefined;
  #disconnecting: DisconnectHandler | undefined;
  #disconnect: DisconnectHandler | undefined;
  #surroundings: EventSurroundings | undefined;

  constructor(namespace: string) {
    this.#namespace = namespace;
  }

  /** @throws SocketError `SOCKET_DUPLICATE_HANDLER` when the event has one. */
  handle(event: string, handler: EventHandler): void {
    if (this.#events.has(event)) {
      throw new SocketError("SOCKET_DUPLICATE_HANDLER", { values: { namespace: this.#namespace, event } });
    }
    this.#events.set(event, handler);
  }

  /** Finds the handlers of events that have none under their name. */
  setPatterns(find: (event: string) => EventHandler | undefined): void {
    this.#patterns = find;
  }

  /** Sees every event, before its handler; without the way to answer. */
  setAny(handler: EventHandler): void {
    this.#any = handler;
  }

  /** Takes the events that neither this table nor a listener of the socket takes. */
  setUnhandled(handler: EventHandler): void {
    this.#unhandled = handler;
  }

  /**
   * Decides on each connection after the middlewares and before CONNECT is answered. Until it has ended the client's
   * events wait (`maxWaitingEvents`), and what the socket emits leaves after the answer.
   */
  setConnect(handler: ConnectHandler): void {
    this.#connect = handler;
  }

  /** Runs while the rooms of a leaving socket are still there. */
  setDisconnecting(handler: DisconnectHandler): void {
    this.#disconnecting = handler;
  }

  /** Runs for each socket that the connect handler let in, after it has left its rooms; also when its client was quicker. */
  setDisconnect(handler: DisconnectHandler): void {
    this.#disconnect = handler;
  }

  /** Stands around each event from its arrival on, and around the acknowledgements that callbacks of sockets get. */
  setSurroundings(surroundings: EventSurroundings): void {
    this.#surroundings = surroundings;
  }

  /** @internal */
  get surroundings(): EventSurroundings | undefined {
    return this.#surroundings;
  }

  /** @internal */
  handlerOf(event: string): EventHandler | undefined {
    return this.#events.get(event) ?? this.#patterns?.(event);
  }

  /** @internal */
  get any(): EventHandler | undefined {
    return this.#any;
  }

  /** @internal */
  get unhandled(): EventHandler | undefined {
    return this.#unhandled;
  }

  /** @internal */
  get connect(): ConnectHandler | undefined {
    return this.#connect;
  }

  /** @internal */
  get disconnecting(): DisconnectHandler | undefined {
    return this.#disconnecting;
  }

  /** @internal */
  get disconnect(): DisconnectHandler | undefined {
    return this.#disconnect;
  }
}
