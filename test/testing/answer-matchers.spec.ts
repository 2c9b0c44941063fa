import { stripVTControlCharacters } from "node:util";
import { Ack, Auth, ConnectedSocket, GatewayException, Namespace, OnConnect, OnEvent, Socket } from "rookery";
import { Test, type TestingApplication } from "rookery/testing";

@Namespace("/")
class DoorGateway {
  @OnConnect()
  hello(@Auth() auth: { readonly refused?: string }): void {
    if (auth.refused === "by accident") throw new Error("the key store is gone");
    if (auth.refused !== undefined) throw new GatewayException(auth.refused, "No.", { since: "noon" });
  }

  @OnEvent("echo")
  @Ack()
  echo(value: unknown): unknown {
    return value;
  }

  @OnEvent("fail")
  fail(code: string): never {
    throw new GatewayException(code, "Not now.", { until: "noon" });
  }

  @OnEvent("break")
  break(): never {
    throw new Error("the database is gone");
  }

  @OnEvent("enter")
  async enter(room: string, @ConnectedSocket() socket: Socket): Promise<void> {
    await Promise.resolve();
    await socket.join(room);
  }
}

let app: TestingApplication;

beforeEach(async () => {
  app = await Test.createTestingModule({ providers: [DoorGateway] }).compile();
});

afterEach(async () => {
  await app.close();
});

/** What a failing expectation says, without colours. */
async function failureOf(expectation: () => unknown): Promise<string> {
  try {
    await expectation();
  } catch (error) {
    return stripVTControlCharacters((error as Error).message);
  }
  return "it passed";
}

describe("toAckWith", () => {
  it("compares what the server acknowledges", async () => {
    const ann = await app.connect();

    await expect(ann.emitWithAck("echo", { a: 1, b: 2 })).toAckWith({ a: 1, b: 2 });
    await expect(ann.emitWithAck("echo", { a: 1, b: 2 })).toAckWith(expect.objectContaining({ b: 2 }));
    await expect(ann.emitWithAck("echo", { a: 1 })).not.toAckWith({ a: 2 });
    await expect(ann.emitWithAck("fail", "X")).not.toAckWith({ a: 2 });
  });

  it("takes any value when none is given, and undefined when that is given", async () => {
    const ann = await app.connect();

    await expect(ann.emitWithAck("echo", 1)).toAckWith();
    await expect(ann.emitWithAck("enter", "hall")).toAckWith(undefined);
    await expect(ann.emitWithAck("echo", 1)).not.toAckWith(undefined);
    await expect(ann.emitWithAck("fail", "X")).not.toAckWith();
  });

  it("says what the server acknowledged instead", async () => {
    const ann = await app.connect();

    expect(await failureOf(() => expect(ann.emitWithAck("echo", { a: 1 })).toAckWith({ a: 2 }))).toBe(
      'expect(answer).toAckWith(value)\n\nExpected: {"a": 2}\nReceived: {"a": 1}',
    );
    expect(await failureOf(() => expect(ann.emitWithAck("echo", 1)).not.toAckWith())).toBe(
      "expect(answer).not.toAckWith(value)\n\nExpected: not any value\nReceived: 1",
    );
  });

  it("shows line by line how long values differ", async () => {
    const ann = await app.connect();
    const item = (state: string): object => ({ id: 1, title: "a".repeat(40), state, tags: ["b".repeat(40)] });

    expect(await failureOf(() => expect(ann.emitWithAck("echo", item("shut"))).toAckWith(item("open")))).toMatch(
      /\n-\s+"state": "open",\n\+\s+"state": "shut",\n/,
    );
  });

  it("says which error came instead, and of an internal one what was thrown", async () => {
    const ann = await app.connect();

    expect(await failureOf(() => expect(ann.emitWithAck("fail", "TOO_LATE")).toAckWith(1))).toBe(
      'expect(answer).toAckWith(value)\n\nExpected: 1\nReceived: the error "TOO_LATE", "Not now.", {"until": "noon"}',
    );
    expect(await failureOf(() => expect(ann.emitWithAck("break")).toAckWith(1))).toMatch(
      /Received: the error "INTERNAL", "Something went wrong\.", .*\n {4}Error: the database is gone\n {8}at /,
    );
  });

  it.each(["toAckWith", "toFailWith"] as const)("lets through what is no answer: %s", async (matcher) => {
    const ann = await app.connect();
    await ann.disconnect();

    const failure = await failureOf(() => expect(ann.emitWithAck("echo", 1)).not[matcher]("TESTING_DISCONNECTED"));

    expect(failure).toMatch(
      matcher === "toAckWith" ? /^the client was disconnected/ : /Received: the error "TESTING_DISCONNECTED"/,
    );
  });
});

describe("toFailWith", () => {
  it("compares the code, and the details when they are given", async () => {
    const ann = await app.connect();

    await expect(ann.emitWithAck("fail", "TOO_LATE")).toFailWith("TOO_LATE");
    await expect(ann.emitWithAck("fail", "TOO_LATE")).toFailWith("TOO_LATE", { until: "noon" });
    await expect(ann.emitWithAck("fail", "TOO_LATE")).not.toFailWith("TOO_LATE", { until: "night" });
    await expect(ann.emitWithAck("fail", "TOO_LATE")).not.toFailWith("TOO_EARLY");
    await expect(ann.emitWithAck("echo", 1)).not.toFailWith("TOO_LATE");
  });

  it("says what came instead", async () => {
    const ann = await app.connect();

    expect(await failureOf(() => expect(ann.emitWithAck("echo", { a: 1 })).toFailWith("TOO_LATE", {}))).toBe(
      'expect(answer).toFailWith(code, details)\n\nExpected: "TOO_LATE", {}\nReceived: {"a": 1}',
    );
    expect(await failureOf(() => expect(ann.emitWithAck("fail", "TOO_LATE")).not.toFailWith("TOO_LATE"))).toBe(
      "expect(answer).not.toFailWith(code, details)\n\n" +
        'Expected: not "TOO_LATE"\nReceived: the error "TOO_LATE", "Not now.", {"until": "noon"}',
    );
  });

  it("lets through errors without a code", async () => {
    const broken = Promise.reject(new RangeError("out of range"));

    await expect(expect(broken).not.toFailWith("TOO_LATE")).rejects.toThrow(RangeError);
  });
});

describe("toRejectConnect", () => {
  it("compares the code of the refusal, and the details when they are given", async () => {
    const refused = { auth: { refused: "BANNED" } };

    await expect(app.connect("/", refused)).toRejectConnect();
    await expect(app.connect("/", refused)).toRejectConnect("BANNED");
    await expect(app.connect("/", refused)).toRejectConnect("BANNED", { since: "noon" });
    await expect(app.connect("/", refused)).not.toRejectConnect("UNAUTHENTICATED");
    await expect(app.connect("/")).not.toRejectConnect();
    await expect(app.connect("/nowhere")).toRejectConnect();
  });

  it("says what came instead", async () => {
    expect(await failureOf(() => expect(app.connect()).toRejectConnect("BANNED"))).toBe(
      'expect(connection).toRejectConnect(code, details)\n\nExpected: "BANNED"\nReceived: a connection',
    );
    const refused = app.connect("/", { auth: { refused: "by accident" } });
    expect(await failureOf(() => expect(refused).toRejectConnect("BANNED"))).toMatch(
      /Received: the error "INTERNAL", .*\n {4}Error: the key store is gone\n {8}at /,
    );
  });
});

describe("toBeInRoom", () => {
  it("looks when everything has come to rest", async () => {
    const ann = await app.connect();
    ann.emit("enter", "hall");

    await expect(ann).toBeInRoom("hall");
    await expect(ann).not.toBeInRoom("cellar");
  });

  it("says in which rooms the client is", async () => {
    const ann = await app.connect();
    ann.emit("enter", "hall");

    expect(await failureOf(() => expect(ann).toBeInRoom("cellar"))).toBe(
      'expect(client).toBeInRoom(room)\n\nExpected: "cellar"\nRooms: its own, "hall"',
    );
    expect(await failureOf(() => expect(ann).not.toBeInRoom("hall"))).toContain('Expected: not "hall"');
    await ann.disconnect();
    expect(await failureOf(() => expect(ann).toBeInRoom("hall"))).toContain("Rooms: none");
  });
});

describe("what is no promise", () => {
  it.each(["toAckWith", "toFailWith", "toRejectConnect"] as const)("is refused by %s", async (matcher) => {
    const ann = await app.connect();

    const wording = "expected a promise";
    expect(await failureOf(() => expect(ann)[matcher]("X"))).toBe(`${matcher} was given a client, ${wording}`);
    expect(await failureOf(() => expect(1).not[matcher]("X"))).toBe(`${matcher} was given number, ${wording}`);
  });
});
