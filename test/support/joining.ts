import assert from "node:assert/strict";
import type { Socket } from "./peer.js";
import { RawWebSocket } from "./raw-websocket.js";
import type { Stage } from "./stage.js";
import { nextEvent, within } from "./waiting.js";

/** A client that speaks frames by hand, and the server's socket of it. */
export interface RawPair {
  readonly client: RawWebSocket;
  readonly socket: Socket;
}

/** A WebSocket past the engine's handshake, in no namespace yet. */
export async function connect(stage: Stage): Promise<RawWebSocket> {
  const client = await RawWebSocket.open(stage);
  await client.next();
  return client;
}

/** Lets a client into a namespace; `auth` is JSON. The answer is taken. */
export async function join(stage: Stage, namespace = "/", auth = ""): Promise<RawPair> {
  return joinOn(stage, await connect(stage), namespace, auth);
}

/** The same on a connection that is there already. */
export async function joinOn(stage: Stage, client: RawWebSocket, namespace = "/", auth = ""): Promise<RawPair> {
  const prefix = namespace === "/" ? "" : `${namespace},`;
  client.send(`40${prefix}${auth}`);
  const answer = String(await client.next());
  assert(answer.startsWith(`40${prefix}{"sid":`), answer);
  const { sid } = JSON.parse(answer.slice(2 + prefix.length)) as { sid: string };
  const socket = stage.io.of(namespace).sockets.get(sid);
  assert(socket !== undefined);
  return { client, socket };
}

/** The reason and description with which a socket goes. */
export async function departure(socket: Socket): Promise<unknown[]> {
  return nextEvent(socket, "disconnect");
}

/** The arguments that a callback is called with. */
export async function called(register: (callback: (...args: unknown[]) => void) => unknown): Promise<unknown[]> {
  return within(
    new Promise((resolve) => {
      register((...args) => {
        resolve(args);
      });
    }),
    "a callback's call",
  );
}
