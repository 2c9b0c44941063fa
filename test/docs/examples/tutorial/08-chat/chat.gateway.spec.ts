// chat.gateway.spec.ts
import { Test, type TestClient, type TestingApplication } from "rookery/testing";
import { ChatGateway } from "./chat.gateway.js";
import { HistoryService } from "./history.service.js";

describe("the chat", () => {
  let app: TestingApplication;
  let ann: TestClient;
  let bob: TestClient;

  beforeEach(async () => {
    app = await Test.createTestingModule({ providers: [ChatGateway, HistoryService] }).compile();
    ann = await app.connect("/chat");
    bob = await app.connect("/chat");
    await ann.emitWithAck("enter", { name: "Ann", room: "attic" });
  });

  afterEach(() => app.close());

  it("carries what is said to the others in the room, and keeps it for those who come later", async () => {
    await bob.emitWithAck("enter", { name: "Bob", room: "attic" });
    await expect(ann).toReceive("entered", "Bob");

    const message = await ann.emitWithAck("say", { text: "hi" });
    await expect(bob).toReceive("said", message);
    const eve = await app.connect("/chat");
    expect(await eve.emitWithAck("enter", { name: "Eve", room: "attic" })).toEqual([{ from: "Ann", text: "hi" }]);
  });

  it("keeps rooms apart", async () => {
    await bob.emitWithAck("enter", { name: "Bob", room: "cellar" });
    await ann.emitWithAck("say", { text: "hi" });

    await expect(bob).not.toReceive("said");
  });

  it("takes nothing from those who are nowhere, and no empty lines", async () => {
    await expect(bob.emitWithAck("say", { text: "hi" })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(ann.emitWithAck("say", { text: "" })).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
  });
});
