import { RawWebSocket } from "../../support/raw-websocket.js";
import type { Running } from "./applications.js";

/** A WebSocket past the engine's handshake, in no namespace yet. */
export async function openRaw({ app }: Running, query?: string): Promise<RawWebSocket> {
  const client = await RawWebSocket.open({ port: app.address().port, onClose: () => undefined }, query);
  await client.next();
  return client;
}

/** The same, in the namespace "/". */
export async function joinRaw(running: Running): Promise<RawWebSocket> {
  const client = await openRaw(running);
  client.send("40");
  await client.next();
  return client;
}
