import { Test } from "rookery/testing";
import type { TestClient, TestingApplication } from "rookery/testing";
import { ChatModule } from "./chat.module.js";

/** In memory: the whole pipeline and real frames, without a port. */
describe("ChatGateway", () => {
  let app: TestingApplication;

  beforeEach(async () => {
    app = await Test.createTestingModule({ imports: [ChatModule] }).compile();
  });

  afterEach(async () => {
    await app.close();
  });

  it("refuses who does not say a name", async () => {
    await expect(app.connect("/chat")).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
  });

  it("carries a message to the others in the room, and answers with it", async () => {
    const [ann, bob] = [await enter("Ann"), await enter("Bob")];
    const sent: unknown = await ann.emitWithAck("message:send", { room: "lobby", text: "hi" });

    expect(sent).toEqual({ id: 1, room: "lobby", from: "Ann", text: "hi" });
    await expect(bob).toReceive("message:new", sent);
    await expect(ann).not.toReceive("message:new");
  });

  it("shows who comes what has been said", async () => {
    const ann = await enter("Ann");
    const sent: unknown = await ann.emitWithAck("message:send", { room: "lobby", text: "hi" });
    const bob = await app.connect("/chat", { auth: { name: "Bob" } });

    expect(await bob.emitWithAck("room:join", { room: "lobby" })).toEqual({ room: "lobby", history: [sent] });
    await expect(ann).toReceive("room:joined", { room: "lobby", name: "Bob" });
  });

  it("takes nothing from those who have left the room", async () => {
    const ann = await enter("Ann");
    await ann.emitWithAck("room:leave", { room: "lobby" });

    await expect(ann.emitWithAck("message:send", { room: "lobby", text: "hi" })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
  });

  it("refuses a message without a text", async () => {
    const ann = await enter("Ann");

    await expect(ann.emitWithAck("message:send", { room: "lobby", text: "" })).rejects.toMatchObject({
      code: "VALIDATION_FAILED",
      details: [{ path: "text" }],
    });
  });

  async function enter(name: string): Promise<TestClient> {
    const client = await app.connect("/chat", { auth: { name } });
    await client.emitWithAck("room:join", { room: "lobby" });
    return client;
  }
});
