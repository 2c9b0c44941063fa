import { pino } from "pino";
import {
  Ack,
  ContextLogger,
  createLogger,
  GatewayError,
  Injectable,
  type LoggerOptions,
  type LogFields,
  Namespace,
  OnEvent,
  pinoLogger,
} from "rookery";
import { Test } from "rookery/testing";

const ESCAPE = "\u001b[31m";

/** What a logger writes for one line. */
function written(options: LoggerOptions, message: string, fields?: LogFields): string {
  let output = "";
  createLogger({ ...options, write: (line) => (output += line) }).warn(message, fields);
  return output;
}

describe("a logger", () => {
  it("writes JSON, one object a line", () => {
    const fields = { socket: "a", level: "faked", big: 1n, when: new Date(0), bytes: Buffer.from("ab"), run: () => 1 };
    const line = written({ format: "json" }, "slow\nline", fields);

    expect(line.endsWith("\n")).toBe(true);
    expect(line.trimEnd()).not.toContain("\n");
    expect(JSON.parse(line)).toEqual({
      level: "warn",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      message: "slow\nline",
      socket: "a",
      big: "1",
      when: "1970-01-01T00:00:00.000Z",
      bytes: "[2 bytes]",
      run: "[function]",
    });
  });

  it("writes text for people, with who writes and the rest of the fields", () => {
    expect(written({ format: "text", colors: false }, "slow", { context: "Chat", waitedMs: 1_500 })).toMatch(
      /^\d\d:\d\d:\d\d WARN {2}\[Chat\] slow \{"waitedMs":1500\}\n$/,
    );
  });

  it("writes an error with its mend, stack, code and cause", () => {
    const error = new GatewayError("GATEWAY_CLOSED", { cause: new RangeError("why") });
    const [head, mend, ...frames] = written({ format: "text", colors: false }, "failed", { error })
      .split("\n")
      .slice(1);
    const json = JSON.parse(written({ format: "json" }, "failed", { error })) as { error: Record<string, unknown> };

    expect(head).toContain("the application is closed (GATEWAY_CLOSED)");
    expect(mend).toBe("  Create a new one.");
    expect(frames[0]).toMatch(/^ +at /);
    expect(json.error).toMatchObject({
      message: "the application is closed",
      code: "GATEWAY_CLOSED",
      mend: "Create a new one.",
      cause: { name: "RangeError", message: "why" },
    });
  });

  it("lets no control character through, wherever it stands", () => {
    const hostile = `${ESCAPE}red\r\nfaked`;
    const error = new Error(hostile);
    const fields = { context: hostile, event: hostile, error };
    const text = written({ format: "text", colors: false }, hostile, fields);

    expect(text).not.toContain("\u001b");
    expect(text).not.toContain("\r");
    expect(text).not.toMatch(/^faked/m);
    expect(written({ format: "json" }, hostile, { event: hostile })).not.toContain("\u001b");
  });

  it("has colours when it is told to", () => {
    expect(written({ format: "text", colors: true }, "slow")).toContain("\u001b[33mWARN \u001b[0m");
  });

  it.each([
    ["debug", 4],
    ["info", 3],
    ["warn", 2],
    ["error", 1],
    ["silent", 0],
  ] as const)("of level %s writes %d of four lines", (level, count) => {
    const levels: string[] = [];
    const logger = createLogger({ level, write: (_line, of) => levels.push(of) });
    for (const each of ["debug", "info", "warn", "error"] as const) logger[each]("line");

    expect(levels).toEqual(["debug", "info", "warn", "error"].slice(4 - count));
  });

  it("refuses a level that it does not know", () => {
    expect(() => createLogger({ level: "loud" as "info" })).toThrow("option level is loud");
  });

  describe("in its own choice of format", () => {
    const { NODE_ENV } = process.env;
    afterEach(() => {
      process.env.NODE_ENV = NODE_ENV;
    });

    it.each([
      ["production", /^\{/],
      ["development", /^\S*\d\d:\d\d:\d\d/],
    ])("follows NODE_ENV=%s", (environment, pattern) => {
      process.env.NODE_ENV = environment;

      expect(written({}, "line")).toMatch(pattern);
    });
  });
});

describe("what is logged", () => {
  const plain = (fields: LogFields, options: LoggerOptions = {}): Record<string, unknown> =>
    JSON.parse(written({ ...options, format: "json" }, "m", fields)) as Record<string, unknown>;

  it("has no secrets, by the names that they go by", () => {
    const handshake = {
      headers: { Authorization: "Bearer abc", cookie: "id=1", host: "x" },
      auth: { token: "t", name: "ann" },
      url: "/socket.io/?token=abc&room=1&access_token=d",
    };

    expect(plain({ handshake, "X-Api-Key": "k", oldPassword: "p", client_secret: "s", tokens: ["a"] })).toMatchObject({
      handshake: {
        headers: { Authorization: "[redacted]", cookie: "[redacted]", host: "x" },
        auth: "[redacted]",
        url: "/socket.io/?token=[redacted]&room=1&access_token=[redacted]",
      },
      "X-Api-Key": "[redacted]",
      oldPassword: "[redacted]",
      client_secret: "[redacted]",
      tokens: "[redacted]",
    });
  });

  it("has none of the application's own names either, nor in texts and errors", () => {
    const error = Object.assign(new Error("Bearer abc.def was refused"), { iban: "DE1" });

    expect(plain({ error, nested: [{ IBAN: "DE2" }] }, { redact: ["iban"] })).toMatchObject({
      error: { message: "Bearer [redacted] was refused", iban: "[redacted]" },
      nested: [{ IBAN: "[redacted]" }],
    });
    expect(written({ format: "json" }, "GET /?jwt=abc")).toContain("/?jwt=[redacted]");
  });

  it("is bounded, and never throws", () => {
    const cycle: Record<string, unknown> = { list: Array.from({ length: 101 }, (_, index) => index) };
    cycle.self = cycle;
    const hostile = Object.defineProperty({}, "x", { enumerable: true, get: () => JSON.parse("{") as unknown });
    const line = plain({ cycle, hostile, map: new Map([["a", 1]]), set: new Set([1]), nothing: null });

    expect(JSON.stringify(line)).toContain('"[1 more]"');
    expect(JSON.stringify(line)).toContain('"self":"[object]"');
    expect(line).toMatchObject({ hostile: "[unreadable]", map: { a: 1 }, set: [1], nothing: null });
  });
});

describe("pinoLogger", () => {
  const lines: Record<string, unknown>[] = [];
  const target = (level: string): ReturnType<typeof pino> =>
    pino({ level }, { write: (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>) });

  beforeEach(() => lines.splice(0));

  it("hands lines on to pino, errors under `err`, without secrets", () => {
    const logger = pinoLogger(target("debug"), { redact: ["iban"] });
    logger.debug("one");
    logger.info("two", { socket: "a", token: "t", iban: "DE1" });
    logger.error("three", { error: new RangeError("why") });

    expect(lines).toEqual([
      expect.objectContaining({ level: 20, msg: "one" }),
      expect.objectContaining({ level: 30, msg: "two", socket: "a", token: "[redacted]", iban: "[redacted]" }),
      expect.objectContaining({ level: 50, msg: "three", err: expect.objectContaining({ message: "why" }) }),
    ]);
  });

  it("leaves the level to pino", () => {
    const logger = pinoLogger(target("error"));
    logger.warn("no");
    logger.error("yes");

    expect(lines.map(({ msg }) => msg)).toEqual(["yes"]);
  });
});

describe("ContextLogger", () => {
  @Injectable()
  class Service {
    constructor(readonly log: ContextLogger) {}
  }

  @Namespace()
  class ChatGateway {
    constructor(
      readonly log: ContextLogger,
      readonly service: Service,
    ) {}

    @OnEvent("say")
    @Ack()
    say(): void {
      this.log.info("said", { words: 2 });
      this.service.log.with({ table: "words" }).warn("kept");
    }
  }

  it("is injected under the name of whoever asks", async () => {
    const app = await Test.createTestingModule({ providers: [ChatGateway, Service] }).compile();
    await (await app.connect()).emitWithAck("say");
    await app.close();

    expect(app.log).toEqual([
      { level: "info", message: "said", fields: { context: "ChatGateway", words: 2 } },
      { level: "warn", message: "kept", fields: { context: "Service", table: "words" } },
    ]);
  });
});
