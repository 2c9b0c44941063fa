import { silentLogger } from "rookery";
import { io } from "socket.io-client";
import { useInMemory } from "../framework/support/in-memory.js";
import { start as startAdmin } from "./examples/validation/main.js";
import { MessagesGateway } from "./examples/validation/messages.gateway.js";
import { OrdersGateway } from "./examples/validation/orders.gateway.js";

describe("the examples of docs/validation.md", () => {
  const start = useInMemory();

  it("check by DTO classes, nested ones too", async () => {
    const client = await (await start({ providers: [MessagesGateway] })).connect("/chat");
    const attachment = { name: "a.png", size: 7 };

    expect(await client.emitWithAck("message:send", { text: "hi", attachment })).toBe("hi with a.png");
    await expect(client.emitWithAck("message:send", { text: "hi", attachment: {} })).rejects.toMatchObject({
      code: "VALIDATION_FAILED",
      details: [{ path: "attachment.name" }],
    });
  });

  it("check by schemas", async () => {
    const client = await (await start({ providers: [OrdersGateway] })).connect("/orders");

    expect(await client.emitWithAck("order", { id: "a", items: [{ qty: 2 }, { qty: 3 }] })).toEqual({ pieces: 5 });
    await expect(client.emitWithAck("order", { id: "a", items: [{ qty: 0 }] })).rejects.toMatchObject({
      details: [{ path: "items[0].qty" }],
    });
  });

  it("add up the options of the application, the gateway and the handler", async () => {
    const app = await (await startAdmin({ logger: silentLogger })).listen(0, "127.0.0.1");
    const client = io(`http://127.0.0.1:${app.address().port}/admin`, { forceNew: true });

    expect(await client.emitWithAck("import", [{ name: "Ann", salary: 1 }])).toBe(1);
    const { error } = await client.emitWithAck("import", [{ name: "Ann", salary: "1", rank: 1 }]);
    expect(error.details).toMatchObject([{ path: "[0].rank" }, { path: "[0].salary" }]);
    client.disconnect();
    await app.close();
  });
});
