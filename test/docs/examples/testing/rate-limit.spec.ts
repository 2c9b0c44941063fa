// rate-limit.spec.ts
import { Test } from "rookery/testing";
import { chatProviders } from "./chat.gateway.js";

it("takes three messages in ten seconds", async () => {
  await using app = await Test.createTestingModule({ providers: chatProviders }).compile();
  app.clock.stop(); // no time passes but by advance()
  const ann = await app.connect("/chat", { auth: { name: "ann" } });
  const send = (): Promise<unknown> => ann.emitWithAck("message:send", { text: "hi" });
  for (let count = 1; count <= 3; count++) await expect(send()).toAckWith();

  await expect(send()).toFailWith("RATE_LIMITED", { retryAfterMs: 10_000 });
  await app.clock.advance("10s");
  await expect(send()).toAckWith();
});
