// disconnect-clean-up.spec.ts
import { Test } from "rookery/testing";
import { chatProviders, Lobby } from "./chat.gateway.js";

it("forgets who has left, and tells the others", async () => {
  await using app = await Test.createTestingModule({ providers: chatProviders }).compile();
  const ann = await app.connect("/chat", { auth: { name: "ann" } });
  const bob = await app.connect("/chat", { auth: { name: "bob" } });

  await bob.disconnect();

  await expect(ann).toReceive("left", "bob");
  expect([...app.get(Lobby).names]).toEqual(["ann"]);
});
