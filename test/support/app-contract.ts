import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { io as connect, type Socket as ClientSocket } from "socket.io-client";
import { WebSocket } from "ws";
import { Server, type Socket } from "./peer.js";
import { connectionClosed, engineOf } from "./clients.js";
import { nextEvent, within, type EventSource } from "./waiting.js";

/** What a test needs of a server of node's, whatever its protocol. */
export interface AppServer extends EventSource {
  address(): AddressInfo | string | null;
  close(): unknown;
}

/** An app on an HTTP server; it answers `GET /hello` with "hello" and `POST /echo` with what was posted. */
export interface App {
  readonly server: AppServer;
  readonly scheme?: "http" | "https";
  /** Closes what the framework has opened, its server not among it. */
  close?(): Promise<unknown>;
}

interface AppReply {
  readonly status: number;
  readonly body: string;
}

/** What holds for an app and the server on one HTTP server, whatever the app is made with. */
export function itServesBeside(open: () => Promise<App>): void {
  let app: App;
  let io: Server;
  let origin: string;
  const clients: ClientSocket[] = [];

  beforeEach(async () => {
    app = await open();
    io = new Server(app.server as never);
    const listening = nextEvent(app.server, "listening");
    (app.server as unknown as { listen(port: number, host: string): void }).listen(0, "127.0.0.1");
    await listening;
    origin = `${app.scheme ?? "http"}://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    for (const client of clients) client.disconnect();
    await Promise.all(clients.splice(0).map(connectionClosed));
    await io.close();
    await app.close?.();
  });

  const ask = (path: string, method = "GET", body?: string): Promise<AppReply> =>
    within(
      new Promise<AppReply>((resolve, reject) => {
        const headers = { "content-type": "text/plain" };
        const options = { method, agent: false as const, rejectUnauthorized: false, headers: body ? headers : {} };
        const request = app.scheme === "https" ? requestHttps : requestHttp;
        request(origin + path, options, (response) => {
          text(response).then((answer) => {
            resolve({ status: response.statusCode ?? 0, body: answer });
          }, reject);
        })
          .on("error", reject)
          .end(body);
      }),
      `an answer to ${method} ${path}`,
    );

  it.each([[["polling"]], [["websocket"]], [["polling", "websocket"]]])(
    "serves a client over %j",
    async (transports) => {
      const connection = nextEvent(io, "connection");
      const client = connect(origin, { forceNew: true, reconnection: false, transports, rejectUnauthorized: false });
      clients.push(client);
      const [socket] = (await connection) as [Socket];
      socket.on("say", (data: unknown, answer: (data: unknown) => void) => {
        answer([data, "heard"]);
      });
      const engine = engineOf(client);
      if (transports.length === 2 && engine.transport.name !== "websocket") await nextEvent(engine, "upgrade");

      expect(await client.emitWithAck("say", Buffer.from([1, 2]))).toEqual([Buffer.from([1, 2]), "heard"]);
      expect(engine.transport.name).toBe(transports.at(-1));
    },
  );

  it("leaves the app its routes, while clients are connected", async () => {
    const client = connect(origin, { forceNew: true, reconnection: false, rejectUnauthorized: false });
    clients.push(client);
    await nextEvent(client, "connect");

    expect(await ask("/hello")).toEqual({ status: 200, body: "hello" });
    expect(await ask("/echo", "POST", "posted")).toEqual({ status: 200, body: "posted" });
    expect((await ask("/nowhere")).status).toBe(404);
  });

  it("answers what is its own, refusals and the client's files too", async () => {
    expect(await ask("/socket.io/?EIO=4&transport=pigeon")).toEqual({
      status: 400,
      body: '{"code":0,"message":"Transport unknown"}',
    });
    expect((await ask("/socket.io/socket.io.min.js")).body).toContain("Socket.IO");
  });

  it("leaves the app its own upgrades", async () => {
    app.server.on("upgrade", (request, socket) => {
      const { url } = request as { url: string };
      if (url === "/own") (socket as { end(data: string): void }).end("HTTP/1.1 418 I'm a Teapot\r\n\r\n");
    });
    const client = new WebSocket(`${origin.replace("http", "ws")}/own`, { rejectUnauthorized: false });
    const [error] = await nextEvent(client, "error");

    expect(String(error)).toContain("418");
  });
}
