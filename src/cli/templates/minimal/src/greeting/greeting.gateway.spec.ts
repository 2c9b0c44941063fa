import { Test } from "rookery/testing";
import type { TestClient, TestingApplication } from "rookery/testing";
import { GreetingModule } from "./greeting.module.js";
import { GreetingService } from "./greeting.service.js";

/** In memory: the whole pipeline and real frames, without a port. */
describe("GreetingGateway", () => {
  let app: TestingApplication;
  let ann: TestClient;

  beforeEach(async () => {
    app = await Test.createTestingModule({ imports: [GreetingModule] })
      .overrideProvider(GreetingService)
      .useValue({ greet: (name: string) => ({ text: `Good evening, ${name}.` }) })
      .compile();
    ann = await app.connect("/");
  });

  afterEach(async () => {
    await app.close();
  });

  it("answers with the greeting", async () => {
    expect(await ann.emitWithAck("greet", { name: "Ann" })).toEqual({ text: "Good evening, Ann." });
  });

  it("refuses a name that is empty", async () => {
    await expect(ann.emitWithAck("greet", { name: "" })).rejects.toMatchObject({
      code: "VALIDATION_FAILED",
      details: [{ path: "name" }],
    });
  });
});
