import { connect, createServer, type ClientHttp2Session, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Application, silentLogger } from "rookery";
import { nextEvent, until } from "../../support/waiting.js";
import { moduleOf } from "../support/applications.js";
import { ManualClock } from "../support/manual-clock.js";

describe("an application on an HTTP/2 server with sessions open", () => {
  const clock = new ManualClock();
  const streams: ServerHttp2Stream[] = [];
  let app: Application;
  let client: ClientHttp2Session;

  beforeEach(async () => {
    const server = createServer((request, response) => {
      if (request.url === "/slow") streams.push(response.stream);
      else response.end("hello");
    });
    app = await Application.create(moduleOf({}), { logger: silentLogger, clock });
    await app.attach(server);
    server.listen(0, "127.0.0.1");
    await nextEvent(server, "listening");
    client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterEach(() => client.destroy());

  it("closes those that do nothing", async () => {
    expect(await text(client.request({ ":path": "/hello" }).end())).toBe("hello");
    const gone = nextEvent(client, "close");
    await app.close();

    await gone;
    expect(app.server.httpServer.listening).toBe(false);
  });

  it("lets a request that runs end, as long as the goodbye lasts", async () => {
    const slow = client.request({ ":path": "/slow" }).end();
    await until(() => streams.length === 1, "the request runs");
    const closed = app.close();
    await until(() => !app.server.httpServer.listening, "the port is free");
    streams[0]?.end("at last");

    expect(await text(slow)).toBe("at last");
    await closed;
  });

  it("cuts off a request that does not end", async () => {
    client.request({ ":path": "/slow" }).on("error", () => undefined);
    const gone = nextEvent(client, "close");
    await until(() => streams.length === 2, "the request runs");
    const closed = app.close();
    await until(() => !app.server.httpServer.listening, "the port is free");
    clock.advance(2_000);

    await closed;
    await gone;
  });
});
