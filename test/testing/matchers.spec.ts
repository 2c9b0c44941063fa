import { setImmediate as nextTurn } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { clientMatchers, type TestClient } from "rookery/testing";
import { useMemoryServer } from "../support/memory-server.js";

const server = useMemoryServer();

/** What a failing expectation says, without colours. */
async function failureOf(expectation: () => unknown): Promise<string> {
  try {
    await expectation();
  } catch (error) {
    return stripVTControlCharacters((error as Error).message);
  }
  return "it passed";
}

async function settled(): Promise<void> {
  await server().activity.settled();
}

/** More turns of the event loop than a test waits for when nothing is under way. */
async function manyTurns(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await nextTurn();
}

describe("toReceive", () => {
  it("passes for what has come, and for what is to come", async () => {
    const client = await server().connect();
    server().io.emit("news", 1);
    await settled();
    await expect(client).toReceive("news", 1);

    const expectation = expect(client).toReceive("news", 2);
    server().io.emit("news", 2);
    await expectation;

    expect(client.received("news")).toEqual([[1], [2]]);
  });

  it("takes each event once", async () => {
    const client = await server().connect();
    server().io.emit("news", 1);
    await expect(client).toReceive("news", 1);

    await expect(client).not.toReceive("news", 1);
    server().io.emit("news", 1);
    await expect(client).toReceive("news", 1);
  });

  it("leaves what does not match for those who look for that", async () => {
    const client = await server().connect();
    server().io.emit("news", 1);
    server().io.emit("news", 2);
    await expect(client).toReceive("news", 2);

    expect(await client.next("news")).toEqual([1]);
  });

  it("takes any arguments when none are given", async () => {
    const client = await server().connect();
    server().io.emit("news", 1, 2);

    await expect(client).toReceive("news");
  });

  it.each<[string, unknown[], unknown[]]>([
    ["equal objects", [{ a: { b: 1 } }], [{ a: { b: 1 } }]],
    ["asymmetric matchers", [{ a: 1, b: 2 }, "x"], [expect.objectContaining({ a: 1 }), expect.any(String)]],
    ["bytes", [Buffer.from([1, 2])], [Buffer.from([1, 2])]],
  ])("compares %s as toEqual does", async (_what, sent, expected) => {
    const client = await server().connect();
    server().io.emit("news", ...sent);

    await expect(client).toReceive("news", ...expected);
  });

  it.each<[string, unknown[], unknown[]]>([
    ["another value", [1], [2]],
    ["an argument more", [1, 2], [1]],
    ["an argument less", [1], [1, 2]],
    ["other bytes", [Buffer.from([1, 2])], [Buffer.from([1, 3])]],
  ])("does not take %s", async (_what, sent, expected) => {
    const client = await server().connect();
    server().io.emit("news", ...sent);

    await expect(client).not.toReceive("news", ...expected);
  });

  it("fails when all has come to rest, and shows what has come instead", async () => {
    const client = await server().connect();
    server().io.emit("hello");
    server().io.emit("news", 1, { text: "ho" });
    await client.next("hello");

    expect(await failureOf(() => expect(client).toReceive("news", expect.any(Number), { text: "hi" }))).toBe(
      [
        "expect(client).toReceive(event, ...args)",
        "",
        'Expected: "news", Any<Number>, {"text": "hi"}',
        "Received:",
        '  "hello" (taken)',
        '  "news", 1, {"text": "ho"}',
        "Everything had come to rest.",
      ].join("\n"),
    );
  });

  it("shows line by line how long arguments differ from the last of that name", async () => {
    const client = await server().connect();
    const item = (state: string): object => ({ id: 1, title: "a".repeat(40), state, tags: ["b".repeat(40)] });
    server().io.emit("news", item("first"));
    server().io.emit("news", item("last"));

    expect(await failureOf(() => expect(client).toReceive("news", item("open")))).toMatch(
      /\n\n- Expected\n\+ Received\n[^]*\n-\s+"state": "open",\n\+\s+"state": "last",\n/,
    );
  });

  it("shows the last of very many events", async () => {
    const client = await server().connect();
    for (let count = 1; count <= 100; count += 1) server().io.emit("news", count);

    expect(await failureOf(() => expect(client).toReceive("noise"))).toMatch(
      /Received:\n {2}… 70 before\n {2}"news", 71\n[^]*\n {2}"news", 100\nEverything/,
    );
  });

  it("fails at once when the client is disconnected, and says why", async () => {
    const client = await server().connect();
    const failure = failureOf(() => expect(client).toReceive("news"));
    server().io.disconnectSockets();

    expect(await failure).toMatch(
      /Expected: "news"\nReceived: nothing\nThe client was disconnected: io server disconnect\.$/,
    );
  });

  it("passes for what came before the client was disconnected", async () => {
    const client = await server().connect();
    server().io.emit("news", 1);
    server().io.disconnectSockets();
    await settled();

    await expect(client).toReceive("news", 1);
  });

  it("fails with what the server has logged, since that is likely to be why", async () => {
    server().io.on("connection", (socket) => {
      socket.on("say", () => {
        throw new Error("the database is gone");
      });
    });
    const client = await server().connect();
    client.emit("say", "hi");

    expect(await failureOf(() => expect(client).toReceive("said"))).toMatch(
      /The server logged:\n {2}error: a listener of "say" threw\n {4}Error: the database is gone\n {8}at /,
    );
  });

  it("fails in its negation with what has come", async () => {
    const client = await server().connect();
    server().io.emit("news", 1);

    expect(await failureOf(() => expect(client).not.toReceive("news"))).toMatch(
      /^expect\(client\)\.not\.toReceive\(event, \.\.\.args\)\n\nExpected: not "news"\nReceived:\n {2}"news", 1$/,
    );
  });

  it("waits for an answer that the client waits for", async () => {
    const client = await server().connect();
    server().io.on("connection", (socket) => {
      socket.on("ask", (reply: () => void) => {
        void manyTurns().then(reply);
      });
    });
    const asking = await server().connect();
    const order: string[] = [];
    const answered = asking.emitWithAck("ask").then(() => order.push("answered"));
    await expect(client).not.toReceive("news");
    order.push("settled");
    await answered;

    expect(order).toEqual(["answered", "settled"]);
  });
});

describe("toHaveReceived", () => {
  it("looks at all that has come, taken or not, and never waits", async () => {
    const client = await server().connect();
    server().io.emit("news", 1);
    expect(client).not.toHaveReceived("news");
    await client.next("news");

    expect(client).toHaveReceived("news");
    expect(client).toHaveReceived("news", 1);
    expect(client).not.toHaveReceived("news", 2);
  });

  it("says what has come when it fails", async () => {
    const client = await server().connect();
    server().io.emit("news", 1);
    await settled();

    expect(await failureOf(() => expect(client).toHaveReceived("news", 2))).toBe(
      'expect(client).toHaveReceived(event, ...args)\n\nExpected: "news", 2\nReceived:\n  "news", 1',
    );
    expect(await failureOf(() => expect(client).not.toHaveReceived("news", 1))).toBe(
      'expect(client).not.toHaveReceived(event, ...args)\n\nExpected: not "news", 1\nReceived:\n  "news", 1',
    );
  });
});

describe("what is no client", () => {
  it.each<[string, unknown, string]>([
    ["a promise of one", Promise.resolve(), "a promise"],
    ["another object", {}, "object"],
    ["nothing", undefined, "undefined"],
  ])("is refused: %s", async (_what, value, shown) => {
    expect(await failureOf(() => expect(value).toReceive("news"))).toBe(
      `toReceive was given ${shown}, expected a client`,
    );
    expect(await failureOf(() => expect(value).not.toHaveReceived("news"))).toBe(
      `toHaveReceived was given ${shown}, expected a client`,
    );
  });
});

describe("clientMatchers", () => {
  it("works as vitest calls it: without isNot and promise", async () => {
    const client: TestClient = await server().connect();
    const utils = {
      matcherHint: (name: string) => name,
      printExpected: String,
      printReceived: String,
    };
    const context = { equals: (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b), utils };
    server().io.emit("news", 1);
    await settled();

    expect(clientMatchers.toHaveReceived.call(context, client, "news", 1).pass).toBe(true);
    const failed = await clientMatchers.toReceive.call(context, client, "news", 2);
    expect([failed.pass, failed.message()]).toEqual([
      false,
      "toReceive\n\nExpected: news, 2\nReceived:\n  news, 1\nEverything had come to rest.",
    ]);
  });
});
