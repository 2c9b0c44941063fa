// binary.spec.ts
import { Test } from "rookery/testing";
import { chatProviders } from "./chat.gateway.js";

it("shares an image, byte by byte", async () => {
  await using app = await Test.createTestingModule({ providers: chatProviders }).compile();
  const ann = await app.connect("/chat", { auth: { name: "ann" } });
  const bob = await app.connect("/chat", { auth: { name: "bob" } });
  const image = Buffer.from([0xff, 0xd8, 0xff, 0x00]);

  await expect(ann.emitWithAck("image:send", image)).toAckWith(4);
  await expect(bob).toReceive("image:new", image);
});
