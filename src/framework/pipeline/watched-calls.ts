import type { Socket } from "../../core.js";
import { GatewayException } from "../client-errors.js";
import type { ExecutionKind } from "../contracts/execution-context.js";

/** As much of a call as it takes to abort it. */
interface WatchedCall {
  readonly kind: ExecutionKind;
  readonly socket: Socket;
  abort(reason: GatewayException): void;
}

/** Calls that run and whose signal somebody has asked for; the others need not hear of a disconnect. */
const watched = new WeakMap<Socket, Set<WatchedCall>>();

/** From here on the call's signal aborts when its client leaves. */
export function watchCall(call: WatchedCall): void {
  if (call.kind === "disconnect") return;
  if (call.kind === "connect") {
    // No namespace knows of the socket yet: its connection tells.
    call.socket.conn.once("close", () => {
      call.abort(disconnected());
    });
    return;
  }
  if (!call.socket.connected) {
    call.abort(disconnected());
    return;
  }
  const calls = watched.get(call.socket);
  if (calls === undefined) watched.set(call.socket, new Set([call]));
  else calls.add(call);
}

export function forgetCall(call: WatchedCall): void {
  watched.get(call.socket)?.delete(call);
}

/** The client has gone: what runs for it is told. */
export function abortCallsOf(socket: Socket): void {
  const calls = watched.get(socket);
  if (calls === undefined) return;
  watched.delete(socket);
  for (const call of calls) call.abort(disconnected());
}

function disconnected(): GatewayException {
  return new GatewayException("DISCONNECTED", "The client has disconnected.");
}
