import { createServer } from "node:http";
import { createSecureServer, createServer as createHttp2Server } from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Server as NetServer } from "node:net";
import { io as connectClient, type Socket as ClientSocket } from "socket.io-client";
import { connectionClosed } from "./clients.js";
import { Http2Client } from "./http2-client.js";
import { Server, type Socket } from "./peer.js";
import { tls } from "./tls.js";
import { nextEvent } from "./waiting.js";

/** A kind of server that node has, and how clients come to it. */
export interface ServerKind {
  readonly name: string;
  readonly transport: "polling" | "websocket" | "polling by HTTP/2";
  readonly isSecure: boolean;
  readonly create: () => object;
}

const http1: Omit<ServerKind, "transport">[] = [
  { name: "http", isSecure: false, create: () => createServer() },
  { name: "https", isSecure: true, create: () => createHttpsServer(tls) },
  {
    name: "http2 that allows HTTP/1",
    isSecure: true,
    create: () => createSecureServer({ ...tls, allowHTTP1: true }),
  },
];

export const SERVER_KINDS: readonly ServerKind[] = [
  ...http1.flatMap((kind) => (["polling", "websocket"] as const).map((transport) => ({ ...kind, transport }))),
  { name: "http2", transport: "polling by HTTP/2", isSecure: true, create: () => createSecureServer(tls) },
  { name: "http2 without TLS", transport: "polling by HTTP/2", isSecure: false, create: () => createHttp2Server() },
];

/** A client that has joined, and the ends to close. */
export interface Joined {
  readonly socket: Socket;
  close(): Promise<void>;
}

/** Lets a client join a new server of that kind. */
export async function joinServerOf({ create, isSecure, transport }: ServerKind): Promise<Joined> {
  const http = create() as NetServer;
  const io = new Server(http);
  const listening = nextEvent(http, "listening");
  http.listen(0, "127.0.0.1");
  await listening;
  const origin = `${isSecure ? "https" : "http"}://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const connection = nextEvent(io, "connection");
  const leave = transport === "polling by HTTP/2" ? await joinByHttp2(origin) : joinByHttp1(origin, transport);
  const [socket] = (await connection) as [Socket];
  return {
    socket,
    close: async () => {
      await leave();
      await io.close();
    },
  };
}

async function joinByHttp2(origin: string): Promise<() => Promise<void>> {
  const client = new Http2Client(origin);
  await client.join();
  return () => client.close();
}

function joinByHttp1(origin: string, transport: string): () => Promise<void> {
  const options = { forceNew: true, reconnection: false, transports: [transport], rejectUnauthorized: false };
  const client: ClientSocket = connectClient(origin, options);
  return async () => {
    client.disconnect();
    await connectionClosed(client);
  };
}
