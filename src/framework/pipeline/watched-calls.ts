import type { EngineSocket, Socket } from "../../core.js";
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

/** The same of clients that ask to be let in: no namespace knows of their sockets yet, so that their connections tell. */
const connecting = new WeakMap<EngineSocket, Set<WatchedCall>>();

/** From here on the call's signal aborts when its client leaves. */
export function watchCall(call: WatchedCall): void {
  const { kind, socket } = call;
  if (kind === "disconnect") return;
  const isGone = kind === "connect" ? socket.conn.readyState === "closed" : !socket.connected;
  if (isGone) call.abort(disconnected());
  else if (kind === "connect") connectingOn(socket.conn).add(call);
  else callsOf(socket).add(call);
}

export function forgetCall(call: WatchedCall): void {
  watched.get(call.socket)?.delete(call);
  connecting.get(call.socket.conn)?.delete(call);
}

/** The client has gone: what runs for it is told. */
export function abortCallsOf(socket: Socket): void {
  const calls = watched.get(socket);
  if (calls === undefined) return;
  watched.delete(socket);
  abortAll(calls);
}

function callsOf(socket: Socket): Set<WatchedCall> {
  let calls = watched.get(socket);
  if (calls === undefined) {
    calls = new Set();
    watched.set(socket, calls);
  }
  return calls;
}

/** One listener for all namespaces that the client asks for, however often. */
function connectingOn(conn: EngineSocket): Set<WatchedCall> {
  const known = connecting.get(conn);
  if (known !== undefined) return known;
  const calls = new Set<WatchedCall>();
  connecting.set(conn, calls);
  conn.once("close", () => {
    abortAll(calls);
  });
  return calls;
}

function abortAll(calls: Iterable<WatchedCall>): void {
  for (const call of calls) call.abort(disconnected());
}

function disconnected(): GatewayException {
  return new GatewayException("DISCONNECTED", "The client has disconnected.");
}
