// auth-refused.spec.ts
import { Test } from "rookery/testing";
import { chatProviders } from "./chat.gateway.js";

it("lets nobody in without a name", async () => {
  await using app = await Test.createTestingModule({ providers: chatProviders }).compile();

  await expect(app.connect("/chat")).toRejectConnect("UNAUTHENTICATED");
  await expect(app.connect("/chat", { auth: { name: "ann" } })).not.toRejectConnect();
});
