import { io } from "socket.io-client";
import { nextEvent } from "../support/waiting.js";
import { start } from "./examples/attach/with-express.js";

describe("the example of docs/attach.md", () => {
  it("serves gateways and routes on one port", async () => {
    const { app, server } = await start(0);
    await nextEvent(server, "listening");
    const origin = `http://127.0.0.1:${app.address().port}`;
    const client = io(`${origin}/chat`, { forceNew: true, reconnection: false });
    await nextEvent(client, "connect");

    expect(await client.emitWithAck("say", "hi")).toBe("heard hi");
    expect(await (await fetch(`${origin}/hello`)).text()).toBe("hello");
    client.disconnect();
    await app.close();
  });
});
