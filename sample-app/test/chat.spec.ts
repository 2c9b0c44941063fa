import { Test } from "rookery/testing";
import type { TestClient, TestingApplication } from "rookery/testing";
import { ChatModule } from "../src/chat.module.js";
import { MessageService } from "../src/message.service.js";
import { UserService } from "../src/user.service.js";

const KEY = "the key of one tab";

/** The whole application in memory: real frames, no port. */
describe("The chat", () => {
  let app: TestingApplication;
  let tabs = 0;

  beforeEach(async () => {
    app = await Test.createTestingModule({ imports: [ChatModule] }).compile();
  });

  afterEach(async () => {
    await app.close();
  });

  describe("at the door", () => {
    it("greets with the name as it will be shown, and the rooms", async () => {
      const ann = await enter("  Ann   Lee ");

      const rooms: unknown = expect.arrayContaining([{ name: "lobby", members: 0 }]);
      await expect(ann).toReceive("welcome", { name: "Ann Lee", rooms });
    });

    it.each([
      ["an empty name", "  ", { isNotEmpty: "The name is empty." }],
      ["a name that is too long", "x".repeat(25), { maxLength: "The name is too long: 24 characters at most." }],
      ["a name that turns lines around", "A\u202eB", { matches: "The name has characters that cannot be shown." }],
    ])("refuses %s", async (_title, name, constraints) => {
      const issue = { path: "name", constraints };

      await expect(enter(name)).rejects.toMatchObject({ code: "VALIDATION_FAILED", data: { details: [issue] } });
    });

    it("refuses a name that is taken, and has it again when its user has left", async () => {
      const ann = await enter("Ann");
      await expect(enter("ANN")).rejects.toMatchObject({
        code: "NAME_TAKEN",
        message: "Somebody is already here as Ann.",
      });

      await ann.disconnect();
      expect((await enter("ANN")).connected).toBe(true);
    });

    it("is closed while the chat is full", async () => {
      const isFull = jest.spyOn(app.get(UserService), "isFull", "get").mockReturnValue(true);

      await expect(enter("Ann")).rejects.toMatchObject({ code: "CHAT_FULL" });
      isFull.mockRestore();
      expect((await enter("Ann")).connected).toBe(true);
    });

    it("notes in the log who comes in and who leaves", async () => {
      const ann = await enter("Ann");
      await ann.disconnect();
      await app.settled();

      const entries = app.log.filter(({ message }) => message.startsWith("somebody"));
      expect(entries.map(({ message }) => message)).toEqual(["somebody came in", "somebody left"]);
    });

    it("lets the tab that has the name replace its own connection", async () => {
      const before = await enter("Ann", KEY);
      await before.emitWithAck("room:join", { room: "lobby" });
      const after = await enter("Ann", KEY);

      await expect(before).toReceive("session:replaced");
      expect(before.disconnectReason).toBe("io server disconnect");
      const { members } = await after.emitWithAck("room:join", { room: "lobby" });
      expect(members).toEqual(["Ann"]);
    });
  });

  describe("in a room", () => {
    let ann: TestClient;
    let bob: TestClient;

    beforeEach(async () => {
      ann = await enter("Ann");
      bob = await enter("Bob");
      await ann.emitWithAck("room:join", { room: "lobby" });
      await bob.emitWithAck("room:join", { room: "lobby" });
    });

    it("tells who is there, and who comes and goes", async () => {
      await expect(ann).toReceive("member:joined", { room: "lobby", user: "Bob" });

      await bob.emitWithAck("room:leave", { room: "lobby" });
      await expect(ann).toReceive("member:left", { room: "lobby", user: "Bob" });
      await bob.emitWithAck("room:join", { room: "lobby" });
      await bob.disconnect();
      await expect(ann).toReceive("member:left", { room: "lobby", user: "Bob" });
      expect(await ann.emitWithAck("room:join", { room: "lobby" })).toMatchObject({ members: ["Ann"] });
    });

    it("shows everybody how many are where", async () => {
      const eve = await enter("Eve");
      await bob.emitWithAck("room:join", { room: "cellar" });

      const rooms: unknown = expect.arrayContaining([
        { name: "lobby", members: 2 },
        { name: "cellar", members: 1 },
      ]);
      await expect(eve).toReceive("rooms", rooms);
    });

    it("carries a message to the others, and answers with it", async () => {
      const saved = await ann.emitWithAck("message:send", { id: "message-1", room: "lobby", text: "  hi  " });

      expect(saved).toMatchObject({ id: "message-1", room: "lobby", from: "Ann", text: "hi", delivered: false });
      await expect(bob).toReceive("message:new", saved);
      await expect(ann).not.toReceive("message:new");
    });

    it("tells the sender when all others have the message", async () => {
      bob.on("message:new", (_message: unknown, received: () => void) => received());
      await ann.emitWithAck("message:send", { id: "message-1", room: "lobby", text: "hi" });

      await expect(ann).toReceive("message:delivered", { room: "lobby", id: "message-1" });
    });

    it("gives the history to whoever joins later", async () => {
      await ann.emitWithAck("message:send", { id: "message-1", room: "lobby", text: "hi" });
      const eve = await enter("Eve");

      const { history } = await eve.emitWithAck("room:join", { room: "lobby" });
      expect(history).toEqual([expect.objectContaining({ from: "Ann", text: "hi" })]);
    });

    it("shows the others who is typing", async () => {
      ann.emit("typing", { room: "lobby", active: true });

      await expect(bob).toReceive("typing", { room: "lobby", user: "Ann", active: true });
      await expect(ann).not.toReceive("typing");
    });

    it("takes ten messages in five seconds, and says when it takes more", async () => {
      const message = (number: number) => ({ id: `message-${number}`, room: "lobby", text: "spam" });
      for (let sent = 0; sent < 10; sent += 1) await ann.emitWithAck("message:send", message(sent));

      const retryAfterMs: unknown = expect.any(Number);
      await expect(ann.emitWithAck("message:send", message(10))).rejects.toMatchObject({
        code: "RATE_LIMITED",
        details: { retryAfterMs },
      });
      expect(await bob.emitWithAck("message:send", message(11))).toMatchObject({ from: "Bob" });
    });

    it("takes nothing from those who are not in the room", async () => {
      const eve = await enter("Eve");
      const message = { id: "message-1", room: "lobby", text: "let me in" };

      await expect(eve.emitWithAck("message:send", message)).rejects.toMatchObject({ code: "FORBIDDEN" });
      eve.emit("typing", { room: "lobby", active: true });
      await expect(eve).toReceive("exception", expect.objectContaining({ event: "typing" }));
      await expect(bob).not.toReceive("message:new");
    });

    it.each([
      ["an empty text", { id: "message-1", room: "lobby", text: "   " }, "text"],
      ["a text that is too long", { id: "message-1", room: "lobby", text: "x".repeat(1_001) }, "text"],
      ["an id that is none", { id: { $ne: "" }, room: "lobby", text: "hi" }, "id"],
    ])("refuses %s", async (_title, message, path) => {
      await expect(ann.emitWithAck("message:send", message)).rejects.toMatchObject({
        code: "VALIDATION_FAILED",
        details: [{ path }],
      });
    });
  });

  it("works with another message service in place of its own", async () => {
    const remembered = { id: "message-1", room: "lobby", from: "Zoe", text: "hi", sentAt: 1, delivered: true };
    const historyOf = jest.fn((_room: string) => [remembered]);
    await using other = await Test.createTestingModule({ imports: [ChatModule] })
      .overrideProvider(MessageService)
      .useValue({ historyOf })
      .compile();
    const ann = await other.connect("/chat", { auth: { name: "Ann", key: KEY } });

    const { history } = await ann.emitWithAck("room:join", { room: "lobby" });
    expect(history).toEqual([remembered]);
    expect(historyOf).toHaveBeenCalledWith("lobby");
  });

  /** Every tab has a key of its own. */
  async function enter(name: string, key = `tab ${(tabs += 1)} of the browser`): Promise<TestClient> {
    return app.connect("/chat", { auth: { name, key } });
  }
});
