// connection-scope.spec.ts
import { Test } from "rookery/testing";
import { chatProviders } from "./chat.gateway.js";

it("keeps drafts for each connection", async () => {
  await using app = await Test.createTestingModule({ providers: chatProviders }).compile();
  const [ann, bob] = [await app.connect("/drafts"), await app.connect("/drafts")];

  await expect(ann.emitWithAck("add", "Dear Bob")).toAckWith(["Dear Bob"]);
  await expect(ann.emitWithAck("add", "how are you?")).toAckWith(["Dear Bob", "how are you?"]);
  await expect(bob.emitWithAck("add", "Dear Ann")).toAckWith(["Dear Ann"]);
});
