import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Application, Module, silentLogger } from "rookery";
import { useInMemory } from "../framework/support/in-memory.js";
import { ChatGateway } from "./examples/start-up-checks/chat.gateway.js";
import { ChatGateway as UncheckedGateway } from "./fragments/start-up-checks.js";

@Module({ providers: [ChatGateway] })
class AppModule {}

const page = readFileSync(join(__dirname, "../../docs/start-up-checks.md"), "utf8");

describe("the example of docs/start-up-checks.md", () => {
  it("does not start, and says why in the words of the page", async () => {
    const error: unknown = await Application.create(AppModule, { logger: silentLogger }).catch(
      (thrown: unknown) => thrown,
    );
    const [, shown] = /^```\n(GatewayError: [^]*?)\n```$/m.exec(page) ?? [];
    const told = String(error)
      .replaceAll("test/docs/examples/start-up-checks/", "src/")
      .replace(/test\/docs\/start-up-checks\.spec\.ts:\d+/, "src/app.module.ts:5");
    expect(told).toBe(shown);
  });
});

describe("what docs/start-up-checks.md says cannot be seen", () => {
  const start = useInMemory();

  it("is taken unchecked: a class that was imported as a type", async () => {
    const client = await (await start({ providers: [UncheckedGateway] })).connect("/chat");

    expect(await client.emitWithAck("who", { id: "anybody" })).toBe("anybody");
  });
});
