// room-broadcast.spec.ts
import { Test } from "rookery/testing";
import { chatProviders } from "./chat.gateway.js";

it("sends a message to the others in the lobby", async () => {
  await using app = await Test.createTestingModule({ providers: chatProviders }).compile();
  const ann = await app.connect("/chat", { auth: { name: "ann" } });
  const bob = await app.connect("/chat", { auth: { name: "bob" } });
  await expect(bob).toBeInRoom("lobby");

  await ann.emitWithAck("message:send", { text: "hi" });

  await expect(bob).toReceive("message:new", { from: "ann", text: "hi" });
  await expect(ann).not.toReceive("message:new");
});
