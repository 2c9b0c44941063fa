import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import {
  createSecureServer,
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { itServesBeside, type AppServer } from "../../support/app-contract.js";
import { Http2Client } from "../../support/http2-client.js";
import { Server, type Socket } from "../../support/peer.js";
import { tls } from "../../support/tls.js";
import { nextEvent } from "../../support/waiting.js";

function app(request: IncomingMessage | Http2ServerRequest, response: ServerResponse | Http2ServerResponse): void {
  const reply = (status: number, body: string): void => {
    (response as ServerResponse).writeHead(status).end(body);
  };
  if (request.url === "/hello") reply(200, "hello");
  else if (request.url !== "/echo") reply(404, "");
  else void text(request).then((body) => reply(200, body));
}

describe("the server on node:http", () => {
  itServesBeside(async () => ({ server: createServer(app) }));
});

describe("the server on node:https", () => {
  itServesBeside(async () => ({ server: createHttpsServer(tls, app), scheme: "https" }));
});

describe("the server on node:http2 with TLS and clients of HTTP/1", () => {
  itServesBeside(async () => ({ server: createSecureServer({ ...tls, allowHTTP1: true }, app), scheme: "https" }));
});

describe.each([
  ["plain", "http", () => createHttp2Server(app)],
  ["with TLS", "https", () => createSecureServer(tls, app)],
])("the server on node:http2, %s, polled over HTTP/2", (_how, scheme, create) => {
  let io: Server;
  let client: Http2Client;

  beforeEach(async () => {
    const server = create() as unknown as AppServer & { listen(port: number, host: string): void };
    io = new Server(server as never);
    server.listen(0, "127.0.0.1");
    await nextEvent(server, "listening");
    client = new Http2Client(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });

  afterEach(async () => {
    await client.close();
    await io.close();
  });

  const join = async (): Promise<{ path: string; socket: Socket }> => {
    const connection = nextEvent(io, "connection");
    const path = await client.join();
    const [socket] = (await connection) as [Socket];
    return { path, socket };
  };

  it("carries events both ways", async () => {
    const { path, socket } = await join();
    const heard = nextEvent(socket, "say");
    const poll = client.send(path);
    expect(await client.send(path, '42["say",1]')).toEqual({ status: 200, body: "ok" });
    socket.emit("say", 2);

    expect(await heard).toEqual([1]);
    expect(await poll).toEqual({ status: 200, body: '42["say",2]' });
  });

  it("knows when a poll is given up", async () => {
    const { path, socket } = await join();
    const gone = nextEvent(socket, "disconnect");
    client.abandon(path);

    expect((await gone)[0]).toBe("transport error");
  });

  it("refuses what is too large and what is unknown, and leaves the app its routes", async () => {
    const { path } = await join();

    expect((await client.send(path, "4".repeat(1_000_001))).status).toBe(413);
    expect(await client.send("/socket.io/?EIO=4&transport=pigeon")).toEqual({
      status: 400,
      body: '{"code":0,"message":"Transport unknown"}',
    });
    expect((await client.send("/socket.io/socket.io.js")).status).toBe(200);
    expect(await client.send("/hello")).toEqual({ status: 200, body: "hello" });
  });
});
