// validation-error.spec.ts
import { Test } from "rookery/testing";
import { chatProviders } from "./chat.gateway.js";

it("refuses an empty message, and sends it to nobody", async () => {
  await using app = await Test.createTestingModule({ providers: chatProviders }).compile();
  const ann = await app.connect("/chat", { auth: { name: "ann" } });
  const bob = await app.connect("/chat", { auth: { name: "bob" } });

  const text = { path: "text", constraints: expect.objectContaining({ isLength: expect.any(String) }) };
  await expect(ann.emitWithAck("message:send", { text: "" })).toFailWith("VALIDATION_FAILED", [text]);
  await expect(bob).not.toReceive("message:new");
});
