import {
  Ack,
  ContextLogger,
  createLogger,
  Injectable,
  Latest,
  Namespace,
  OnEvent,
  RateLimit,
  Serial,
  Signal,
  Timeout,
} from "rookery";
import { nextEvent } from "../../support/waiting.js";
import { ask, useApplications } from "../support/applications.js";

@Namespace("/desk")
@RateLimit({ points: 3, per: "1h", on: "connection" })
@Injectable()
class DeskGateway {
  #running = 0;

  constructor(private readonly log: ContextLogger) {}

  @OnEvent("knock")
  @Ack()
  @RateLimit({ points: 2, per: "1h" })
  knock(): string {
    return "come in";
  }

  @OnEvent("sign")
  @Ack()
  @Serial(() => "the one pen")
  async sign(): Promise<number> {
    const running = ++this.#running;
    // The time that signing takes, in which another hand could reach for the pen; no test waits for it.
    await new Promise((resolve) => setTimeout(resolve, 1));
    this.#running--;
    return running;
  }

  @OnEvent("search")
  @Ack()
  @Latest()
  @Timeout("50ms")
  async search(word: string, @Signal() signal: AbortSignal): Promise<string> {
    if (word === "all") await new Promise((resolve) => signal.addEventListener("abort", resolve));
    return word;
  }

  @OnEvent("note")
  @Ack()
  note(text: string): void {
    this.log.warn("noted", { text, password: text });
  }
}

describe("order and limits, over a real socket", () => {
  const run = useApplications();

  it("refuse what is too often, connections as well as events", async () => {
    const desk = await run({ providers: [DeskGateway] });
    const ann = await desk.connect("/desk");
    const bob = await desk.connect("/desk");
    const answers = [await ask(ann, "knock"), await ask(ann, "knock"), await ask(ann, "knock")];

    const limited = { code: "RATE_LIMITED", details: { retryAfterMs: expect.any(Number) } };
    expect(answers).toEqual(["come in", "come in", { error: expect.objectContaining(limited) }]);
    expect(await ask(bob, "knock")).toBe("come in");
    await desk.connect("/desk");
    expect(await desk.refused("/desk")).toMatchObject({ data: limited });
  });

  it("run one at a time, supersede, and give up", async () => {
    const desk = await run({ providers: [DeskGateway] });
    const [ann, bob] = [await desk.connect("/desk"), await desk.connect("/desk")];

    expect(await Promise.all([ann, bob, ann].map((client) => ask(client, "sign")))).toEqual([1, 1, 1]);
    const [older, newer] = [ask(ann, "search", "all"), ask(ann, "search", "tea")];
    expect(await older).toMatchObject({ error: { code: "SUPERSEDED" } });
    expect(await newer).toBe("tea");
    expect(await ask(ann, "search", "all")).toMatchObject({ error: { code: "TIMEOUT" } });
  });
});

describe("the log, over a real socket", () => {
  const run = useApplications();

  it("has what handlers write in one line, without control characters and secrets", async () => {
    const lines: string[] = [];
    const logger = createLogger({ format: "json", write: (line) => lines.push(line) });
    const desk = await run({ providers: [DeskGateway] }, { logger });
    const ann = desk.client("/desk");
    await nextEvent(ann, "connect");
    await ask(ann, "note", "a\nb\u001b[31m");

    const line = lines.find((each) => each.includes("noted")) ?? "";
    const written = line.trimEnd();
    expect([written.includes("\n"), written.includes("\u001b")]).toEqual([false, false]);
    expect(JSON.parse(written)).toMatchObject({ level: "warn", context: "DeskGateway", password: "[redacted]" });
  });
});
