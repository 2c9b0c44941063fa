import { useInMemory } from "../framework/support/in-memory.js";
import { ChatGateway } from "./examples/migrating/chat.gateway.js";

describe("the example of docs/migrating.md", () => {
  const start = useInMemory();

  it("refuses, carries and answers", async () => {
    const app = await start({ providers: [ChatGateway] });
    const [ann, bob] = [
      await app.connect("/chat", { auth: { name: "ann" } }),
      await app.connect("/chat", { auth: { name: "bob" } }),
    ];
    expect(await ann.emitWithAck("say", { text: "hi" })).toBe(2);
    await expect(bob).toReceive("said", "hi");
    await expect(ann.emitWithAck("say", { text: "" })).rejects.toMatchObject({ code: "EMPTY" });
    await expect(app.connect("/chat")).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  });
});
