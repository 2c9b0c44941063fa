// server-to-client-ack.spec.ts
import { Test } from "rookery/testing";
import { chatProviders } from "./chat.gateway.js";

it("asks whoever is invited", async () => {
  await using app = await Test.createTestingModule({ providers: chatProviders }).compile();
  const ann = await app.connect("/chat", { auth: { name: "ann" } });
  const bob = await app.connect("/chat", { auth: { name: "bob" } });
  bob.onAck("invited", (from: string) => from === "ann");

  await expect(ann.emitWithAck("invite", "bob")).toAckWith(true);
});
