import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * A server to measure. It answers these events in the main namespace:
 *
 * | event | answer |
 * |---|---|
 * | `echo` (value, ack) | acks with the value |
 * | `broadcast` (value, times) | emits `news` with the value to everybody, so many times |
 * | `join` (rooms, ack) | lets the socket join the rooms, acks `"joined"` |
 * | `room` (room, value) | emits `news` with the value to the room |
 *| `order` (value, ack) | acks `{ accepted }`, the number of items of a valid order (order-dto.ts), or anything else |
 */
export interface Peer {
  /** Starts it on a free port of 127.0.0.1; resolves to the port. Runs in a process of its own, once. */
  start(): Promise<number>;
}

/** Whether the event `order` is served: a server that validates nothing starts without the library for it. */
export const servesOrders = process.env.BENCH_ORDERS !== "no";

/** Options that every peer gets: no heartbeat falls into a measurement; all else is the peer's default. */
export const commonOptions = { pingInterval: 300_000 };

/** Starts a plain HTTP server for peers that attach to one. */
export async function listenOnFreePort(attach: (server: HttpServer) => void): Promise<number> {
  const server = createServer();
  attach(server);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
}
