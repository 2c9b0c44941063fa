import { io } from "socket.io-client";
import { nextEvent, until } from "../support/waiting.js";
import { start } from "./examples/shutdown/main.js";
import { Orders } from "./examples/shutdown/orders.gateway.js";

describe("the example of docs/shutdown.md", () => {
  it("answers what is in flight, then disconnects, then closes its providers", async () => {
    const app = await start(0);
    const client = io(`http://127.0.0.1:${app.address().port}/orders`, { reconnection: false, forceNew: true });
    await nextEvent(client, "connect");
    const heard: unknown[] = [];
    client.on("disconnect", () => heard.push("disconnect"));
    client.emit("order", "pen", (count: number) => heard.push(count));
    await until(() => app.get(Orders).saved.length > 0, "the order is saved");
    await app.close();
    await until(() => heard.length === 2, "the client has heard all");

    expect(heard).toEqual([1, "disconnect"]);
    expect(app.get(Orders)).toMatchObject({ saved: ["pen", "left"], isOpen: false });
  });
});
