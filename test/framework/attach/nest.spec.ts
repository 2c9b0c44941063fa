import { join } from "node:path";
import { io as connect } from "socket.io-client";
import { RemoteProcess } from "../../support/remote-process.js";
import { nextEvent } from "../../support/waiting.js";
import type { Pair } from "../servers/nest.js";

describe("an application attached to a NestJS 12 app", () => {
  let pair: RemoteProcess<Pair, { port: number }>;

  beforeAll(async () => {
    pair = await RemoteProcess.start(join(__dirname, "../servers/nest.ts"), {});
  }, 60_000);
  afterAll(() => pair.stop());

  const get = async (path: string): Promise<string> =>
    (await fetch(`http://127.0.0.1:${pair.details.port}${path}`)).text();

  it.each([[["polling"]], [["websocket"]], [["polling", "websocket"]]])(
    "serves its gateways over %j beside Nest's routes",
    async (transports) => {
      const options = { forceNew: true, reconnection: false, transports };
      const client = connect(`http://127.0.0.1:${pair.details.port}/chat`, options);
      await nextEvent(client, "connect");

      expect(await client.emitWithAck("say", "hi")).toBe("heard hi");
      expect([await get("/hello"), await get("/health/live")]).toEqual(["hello from Nest", "Nest lives"]);
      expect(await get("/nowhere")).toContain("Cannot GET /nowhere");
      client.disconnect();
    },
  );

  it("closes before Nest does, which then has nothing left to close", async () => {
    const options = { forceNew: true, reconnection: false, transports: ["websocket"] };
    const client = connect(`http://127.0.0.1:${pair.details.port}/chat`, options);
    await nextEvent(client, "connect");
    const gone = nextEvent(client, "disconnect");
    await pair.run(async ({ app }) => app.close());

    expect((await gone)[0]).toBe("transport close");
    expect(await pair.run(async ({ nest }) => nest.close().then(() => "closed"))).toBe("closed");
  });
});
