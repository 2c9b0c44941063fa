import { isThenable, type Logger } from "../common/index.js";
import type { BroadcastFlags } from "./broadcast-operator.js";
import { CatchAll, type CatchAllListener } from "./catch-all.js";
import type { AckReply, Dispatch, EventHandler } from "./dispatch.js";
import { EncodeError } from "./errors.js";
import type { EventsMap } from "./event-types.js";
import { runChain, type Next, type Refused } from "./middleware.js";
import { PacketType, type Packet } from "./packet.js";
import type { Socket } from "./socket.js";
import { deliver, TypedEmitter } from "./typed-emitter.js";

/** An event as middlewares see it: its name, its arguments, then the acknowledgement if the client asked for one. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- socket.io's type; nothing is known of the arguments
export type Event = [eventName: string, ...args: any[]];

export type SocketMiddleware = (event: Event, next: Next) => void;

/** What events are received in. */
export interface ReceivingNamespace {
  readonly name: string;
  readonly dispatch: Dispatch;
  readonly logger: Logger;
}

/**
 * The receiving half of a socket: an event goes to the catch-all listeners, through the middlewares, to the handler of the
 * namespace's dispatch table and to the listeners of its name.
 */
export abstract class ReceivingSocket<ListenEvents extends EventsMap, Own extends EventsMap> extends TypedEmitter<
  ListenEvents,
  Own
> {
  abstract readonly nsp: ReceivingNamespace;
  abstract readonly connected: boolean;
  #any: CatchAll | undefined;
  #middlewares: SocketMiddleware[] | undefined;

  /** @internal */
  abstract packet(packet: Packet, flags?: BroadcastFlags): void;

  /** Adds a listener of every incoming event; it runs before middlewares and handlers. */
  onAny(listener: CatchAllListener): this {
    (this.#any ??= new CatchAll()).append(listener);
    return this;
  }

  /** The same, in front of those already there. */
  prependAny(listener: CatchAllListener): this {
    (this.#any ??= new CatchAll()).prepend(listener);
    return this;
  }

  /** Removes a listener added by `onAny`, or all of them. */
  offAny(listener?: CatchAllListener): this {
    this.#any?.remove(listener);
    return this;
  }

  /** The listeners themselves, as a list that may be changed. */
  listenersAny(): CatchAllListener[] {
    return (this.#any ??= new CatchAll()).list();
  }

  /** Adds a middleware that sees each event before its handlers; its error goes to listeners of "error". */
  use(middleware: SocketMiddleware): this {
    (this.#middlewares ??= []).push(middleware);
    return this;
  }

  /** @internal */
  onError(error: Error): void {
    deliver(this, "error", [error], this.nsp.logger);
  }

  /** @internal */
  protected onEvent(data: unknown[], id: number | undefined): void {
    const { surroundings } = this.nsp.dispatch;
    if (surroundings === undefined) this.#receive(data, id);
    else surroundings.enter(this as unknown as Socket, data, () => this.#receive(data, id));
  }

  #receive(data: unknown[], id: number | undefined): void {
    const event = String(data[0]);
    const reply = id === undefined ? undefined : this.#replyTo(id, event);
    this.#any?.notify(this, reply === undefined ? data : [...data, reply], this.nsp.logger);
    if (this.#middlewares === undefined) this.#dispatch(event, data.slice(1), reply);
    else this.#runMiddlewares([event, ...data.slice(1)], reply);
  }

  #runMiddlewares(event: Event, reply: AckReply | undefined): void {
    if (reply !== undefined) event.push(reply);
    runChain(this.#middlewares ?? [], event, {
      done: (refused) => {
        if (refused !== undefined) this.#onRefused(refused);
        // A middleware may have changed the event, so its parts are taken only now.
        else if (this.connected) this.#dispatch(event[0], event.slice(1, reply && -1), reply);
      },
      onLateError: (error) => {
        this.nsp.logger.error("a socket middleware threw after its next()", { namespace: this.nsp.name, error });
      },
    });
  }

  #onRefused({ error, threw }: Refused): void {
    if (threw) this.nsp.logger.error("a socket middleware threw", { namespace: this.nsp.name, error });
    this.onError(error);
  }

  #dispatch(event: string, args: unknown[], reply: AckReply | undefined): void {
    const { dispatch } = this.nsp;
    if (dispatch.any !== undefined) this.#call(dispatch.any, event, args, undefined);
    const handler = dispatch.handlerOf(event);
    const isHeard = this.listenerCount(event) > 0;
    if (handler !== undefined) this.#call(handler, event, args, reply);
    if (isHeard) deliver(this, event, reply === undefined ? args : [...args, reply], this.nsp.logger);
    else if (handler === undefined && dispatch.unhandled !== undefined) {
      this.#call(dispatch.unhandled, event, args, reply);
    }
  }

  #call(handler: EventHandler, event: string, args: unknown[], reply: AckReply | undefined): void {
    const { logger } = this.nsp;
    try {
      const result: unknown = handler(this as unknown as Socket, args, reply, event);
      if (isThenable(result)) {
        result.then(undefined, (error: unknown) => {
          logger.error(`the handler of "${event}" threw`, { error });
        });
      }
    } catch (error) {
      logger.error(`the handler of "${event}" threw`, { error });
    }
  }

  #replyTo(id: number, event: string): AckReply {
    let sent = false;
    return (...args) => {
      if (sent) {
        this.nsp.logger.warn(`"${event}" was acknowledged twice`, { namespace: this.nsp.name });
        return;
      }
      try {
        this.packet({ type: PacketType.ACK, nsp: this.nsp.name, id, data: args });
      } catch (error) {
        // Another answer may take the place of one that cannot be encoded.
        throw new EncodeError(event, error, args);
      }
      sent = true;
    };
  }
}
