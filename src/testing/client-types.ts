import type {
  EventNames,
  EventNamesWithAck,
  EventParams,
  EventsMap,
  FirstNonErrorArg,
  Last,
  RemoveAcknowledgements,
} from "../core.js";
import type { ClientDisconnectReason } from "./session.js";

/** Events of the client itself; the server sends none of these names. */
export interface ClientReservedEvents {
  disconnect: (reason: ClientDisconnectReason) => void;
}

/** Arguments of an event as `next()` and `received()` give them: without the acknowledgement. */
export type ReceivedArgs<Events extends EventsMap, Name extends EventNames<Events>> = EventParams<
  RemoveAcknowledgements<Events>,
  Name
>;

/** What a client sends as `auth`: gateways read it by `@Auth()` and `socket.handshake.auth`. */
export type ClientAuth = Readonly<Record<string, unknown>>;

/** The value of an acknowledgement; or, by `await reply.raw`, all its arguments as they came, errors among them. */
export type AckPromise<T> = Promise<T> & { readonly raw: Promise<readonly unknown[]> };

/** What a listener of `onAck` may return. */
export type Answer<Events extends EventsMap, Name extends EventNamesWithAck<Events>> = FirstNonErrorArg<
  Last<EventParams<Events, Name>>
>;
