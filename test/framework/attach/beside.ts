import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { io as connect, type Socket as ClientSocket } from "socket.io-client";
import { WebSocket } from "ws";
import { Ack, Application, type ApplicationOptions, Namespace, OnConnect, OnEvent, silentLogger } from "rookery";
import type { HttpServerInstance } from "rookery/core";
import type { App } from "../../support/app-contract.js";
import { connectionClosed, engineOf } from "../../support/clients.js";
import { deferred, nextEvent, within } from "../../support/waiting.js";
import { moduleOf } from "../support/applications.js";

@Namespace("/chat")
class ChatGateway {
  @OnConnect()
  hello(): void {}

  @OnEvent("say")
  @Ack()
  say(text: string): string {
    return `heard ${text}`;
  }
}

interface Reply {
  readonly status: number;
  readonly body: string;
}

/**
 * What holds for an application attached to the HTTP server of another, which answers `GET /hello` with "hello" and
 * `POST /echo` with what was posted.
 */
export function itAttachesTo(open: () => Promise<App>): void {
  let host: App;
  let app: Application;
  const clients: ClientSocket[] = [];

  const start = async (options: ApplicationOptions = {}): Promise<void> => {
    host = await open();
    app = await Application.create(moduleOf({ providers: [ChatGateway] }), { logger: silentLogger, ...options });
    await app.attach(host.server as unknown as HttpServerInstance);
    const listening = nextEvent(host.server, "listening");
    (host.server as unknown as { listen(port: number, host: string): void }).listen(0, "127.0.0.1");
    await listening;
  };
  afterEach(async () => {
    for (const client of clients) client.disconnect();
    await Promise.all(clients.splice(0).map(connectionClosed));
    await app.close();
    await host.close?.();
  });

  const origin = (): string => {
    const { port } = host.server.address() as AddressInfo;
    return `${host.scheme ?? "http"}://127.0.0.1:${port}`;
  };
  const visit = async (transports = ["polling", "websocket"]): Promise<ClientSocket> => {
    const options = { forceNew: true, reconnection: false, transports, rejectUnauthorized: false };
    const client = connect(`${origin()}/chat`, options);
    clients.push(client);
    await nextEvent(client, "connect");
    return client;
  };
  const ask = (path: string, body?: string): Promise<Reply> => {
    const { promise, resolve, reject } = deferred<Reply>();
    const request = host.scheme === "https" ? requestHttps : requestHttp;
    const method = body === undefined ? "GET" : "POST";
    const headers = body === undefined ? {} : { "content-type": "text/plain" };
    request(origin() + path, { method, headers, agent: false, rejectUnauthorized: false }, (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode ?? 0, body: answer }), reject);
    })
      .on("error", reject)
      .end(body);
    return within(promise, `an answer to ${method} ${path}`);
  };

  it.each([[["polling"]], [["websocket"]], [["polling", "websocket"]]])(
    "serves its gateways over %j",
    async (transports) => {
      await start();
      const client = await visit(transports);
      const engine = engineOf(client);
      if (transports.length === 2 && engine.transport.name !== "websocket") await nextEvent(engine, "upgrade");

      expect(await client.emitWithAck("say", "hi")).toBe("heard hi");
      expect(engine.transport.name).toBe(transports.at(-1));
      expect(app.address().port).toBe((host.server.address() as AddressInfo).port);
    },
  );

  it("leaves the host its routes and its upgrades, those under /health too", async () => {
    await start();
    host.server.on("upgrade", (request, socket) => {
      const { url } = request as { url: string };
      if (url === "/own") (socket as { end(data: string): void }).end("HTTP/1.1 418 I'm a Teapot\r\n\r\n");
    });
    await visit();

    expect(await ask("/hello")).toEqual({ status: 200, body: "hello" });
    expect(await ask("/echo", "posted")).toEqual({ status: 200, body: "posted" });
    expect((await ask("/nowhere")).status).toBe(404);
    expect((await ask("/health/live")).status).toBe(404);
    const client = new WebSocket(`${origin().replace("http", "ws")}/own`, { rejectUnauthorized: false });
    expect(String((await nextEvent(client, "error"))[0])).toContain("418");
  });

  it("answers for its health when it is told to, and for nothing else", async () => {
    await start({ health: { path: "/chat-health", onAttached: true } });

    expect(await ask("/chat-health/live")).toEqual({ status: 200, body: '{"status":"live"}' });
    expect(await ask("/chat-health/ready")).toEqual({ status: 200, body: '{"status":"ready"}' });
    expect((await ask("/health/ready")).status).toBe(404);
    expect(await ask("/hello")).toEqual({ status: 200, body: "hello" });
  });

  it("takes the host's server down with it", async () => {
    await start();
    const client = await visit(["websocket"]);
    const gone = nextEvent(client, "disconnect");
    await app.close();

    expect((await gone)[0]).toBe("transport close");
    expect((host.server as unknown as { listening: boolean }).listening).toBe(false);
  });
}
