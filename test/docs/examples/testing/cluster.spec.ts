// cluster.spec.ts
import { Test } from "rookery/testing";
import { chatProviders } from "./chat.gateway.js";

it("reaches people on another server", async () => {
  await using app = await Test.createTestingModule({ providers: chatProviders }).compile();
  const [one, two] = await app.cluster(2);
  const ann = await one.connect("/chat", { auth: { name: "ann" } });
  const bob = await two.connect("/chat", { auth: { name: "bob" } });
  bob.onAck("invited", () => true);

  await ann.emitWithAck("message:send", { text: "hi" });

  await expect(bob).toReceive("message:new", { from: "ann", text: "hi" });
  await expect(ann.emitWithAck("invite", "bob")).toAckWith(true);
  expect(await one.server.of("/chat").in("lobby").fetchSockets()).toHaveLength(2);
});
