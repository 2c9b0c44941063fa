import type { DisconnectReason } from "./disconnect-reason.js";
import type { Socket } from "./socket.js";
import { callListener, deliver } from "./typed-emitter.js";

/** Why a socket left. */
export interface Departure {
  readonly reason: DisconnectReason;
  readonly description?: unknown;
}

type DepartureEvent = "disconnecting" | "disconnect";

/** Of a socket whose client left before anybody had asked why. */
export const goneSilently: Departure = { reason: "transport close" };

/** Tells the namespace's handler, then the listeners of the socket. */
export function announceDeparture(socket: Socket, event: DepartureEvent, departure: Departure): void {
  callDepartureHandler(socket, event, departure);
  deliver(socket, event, [departure.reason, departure.description], socket.server.logger);
}

export function callDepartureHandler(socket: Socket, event: DepartureEvent, { reason, description }: Departure): void {
  const handler = socket.nsp.dispatch[event];
  if (handler === undefined) return;
  callListener(handler, { emitter: socket, event, args: [socket, reason, description], logger: socket.server.logger });
}
