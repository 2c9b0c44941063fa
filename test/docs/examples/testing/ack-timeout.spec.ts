// ack-timeout.spec.ts
import { Test } from "rookery/testing";
import { chatProviders } from "./chat.gateway.js";

it("gives up on somebody who does not answer", async () => {
  await using app = await Test.createTestingModule({ providers: chatProviders }).compile();
  const ann = await app.connect("/chat", { auth: { name: "ann" } });
  const bob = await app.connect("/chat", { auth: { name: "bob" } });

  const answer = expect(ann.emitWithAck("invite", "bob")).toFailWith("NO_ANSWER");
  await app.clock.advance("20s");

  await answer;
  await expect(bob).toReceive("invited", "ann");
});
