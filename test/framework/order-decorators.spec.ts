import {
  Ack,
  Concurrency,
  ConnectedSocket,
  type ExecutionContext,
  Latest,
  Namespace,
  OnConnect,
  OnDisconnect,
  OnEvent,
  Serial,
  type Socket,
} from "rookery";
import { Test, type TestClient, type TestingApplication } from "rookery/testing";
import { deferred, until, type Deferred } from "../support/waiting.js";

/** Lets a test decide when the handlers of a gateway end. */
class Stage {
  readonly diary: string[] = [];
  readonly #gates = new Map<string, Deferred<string>>();

  async play(name: string): Promise<string> {
    const gate = deferred<string>();
    this.#gates.set(name, gate);
    this.diary.push(`${name} begins`);
    await gate.promise;
    this.diary.push(`${name} ends`);
    return name;
  }

  end(name: string): void {
    this.#gates.get(name)?.resolve(name);
  }

  async begun(name: string): Promise<void> {
    await until(() => this.#gates.has(name), `"${name}" begins`);
  }
}

const byAccount = ({ args: [, account] }: ExecutionContext): string | undefined => account as string | undefined;

@Namespace()
class OrderGateway {
  readonly stage = new Stage();

  @OnConnect()
  identify(@ConnectedSocket() socket: Socket): void {
    socket.data.user = { id: socket.handshake.auth.user };
  }

  @OnEvent("plain")
  @Ack()
  plain(name: string): Promise<string> {
    return this.stage.play(name);
  }

  @OnEvent("two at once")
  @Ack()
  @Concurrency(2)
  concurrent(name: string): Promise<string> {
    return this.stage.play(name);
  }

  @OnEvent("of a user")
  @Ack()
  @Serial("user")
  ofUser(name: string): Promise<string> {
    return this.stage.play(name);
  }

  @OnEvent(["deposit"])
  @Ack()
  @Serial(byAccount)
  deposit(name: string, _account: unknown): Promise<string> {
    return this.stage.play(name);
  }

  @OnEvent("withdraw")
  @Ack()
  @Concurrency(10)
  @Serial(byAccount)
  withdraw(name: string, _account: unknown): Promise<string> {
    return this.stage.play(name);
  }

  @OnEvent("bad key")
  @Ack()
  @Serial(() => JSON.parse("{") as string)
  badKey(): void {}

  @OnEvent("search")
  @Ack()
  @Latest()
  search(name: string): Promise<string> {
    return this.stage.play(name);
  }

  @OnDisconnect()
  left(): void {
    this.stage.diary.push("left");
  }
}

let app: TestingApplication;
let stage: Stage;

beforeEach(async () => {
  app = await Test.createTestingModule({ providers: [OrderGateway] }, { maxQueuedEvents: 2 }).compile();
  ({ stage } = app.get(OrderGateway));
});
afterEach(() => app.close({ drainMs: 0 }));

const join = (user = "ann"): Promise<TestClient> => app.connect("/", { auth: { user } });

describe("@Concurrency", () => {
  it("runs as many events of a socket at once, and the next when one of them ends", async () => {
    const ann = await join();
    const answers = ["a", "b", "c"].map((name) => ann.emitWithAck("two at once", name));
    await stage.begun("b");
    stage.end("b");
    await stage.begun("c");
    expect(stage.diary).toEqual(["a begins", "b begins", "b ends", "c begins"]);
    stage.end("c");
    stage.end("a");

    expect(await Promise.all(answers)).toEqual(["a", "b", "c"]);
  });

  it("waits for no other handler's events, and they not for it", async () => {
    const ann = await join();
    const answers = [
      ann.emitWithAck("plain", "first"),
      ann.emitWithAck("two at once", "beside"),
      ann.emitWithAck("plain", "second"),
    ];
    await stage.begun("beside");
    stage.end("first");
    await stage.begun("second");
    for (const name of ["second", "beside"]) stage.end(name);

    expect(await Promise.all(answers)).toEqual(["first", "beside", "second"]);
  });

  it("has a bounded queue", async () => {
    const ann = await join();
    const answers = ["a", "b", "c", "d"].map((name) => ann.emitWithAck("two at once", name));

    await expect(ann.emitWithAck("two at once", "e")).rejects.toMatchObject({ code: "RATE_LIMITED" });
    for (const name of ["a", "b", "c", "d"]) {
      await stage.begun(name);
      stage.end(name);
    }
    expect(await Promise.all(answers)).toEqual(["a", "b", "c", "d"]);
  });

  it("ends before the disconnect that follows", async () => {
    const ann = await join();
    ann.emit("two at once", "a");
    await stage.begun("a");
    await ann.disconnect();
    stage.end("a");
    await app.settled();

    expect(stage.diary).toEqual(["a begins", "a ends", "left"]);
  });
});

describe("@Serial", () => {
  it("runs the events of a user one after another, whichever socket they come from", async () => {
    const [desk, phone, bob] = [await join(), await join(), await join("bob")];
    const answers = [
      desk.emitWithAck("of a user", "desk"),
      phone.emitWithAck("of a user", "phone"),
      bob.emitWithAck("of a user", "bob"),
    ];
    await stage.begun("bob");
    expect(stage.diary).toEqual(["desk begins", "bob begins"]);
    stage.end("bob");
    stage.end("desk");
    await stage.begun("phone");
    stage.end("phone");

    expect(await Promise.all(answers)).toEqual(["desk", "phone", "bob"]);
  });

  it("shares keys among the methods of a gateway, those with @Concurrency too", async () => {
    const [ann, bob] = [await join(), await join("bob")];
    const answers = [
      ann.emitWithAck("deposit", "deposit", "x"),
      bob.emitWithAck("withdraw", "withdraw x", "x"),
      bob.emitWithAck("withdraw", "withdraw y", "y"),
    ];
    await stage.begun("withdraw y");
    expect(stage.diary).toEqual(["deposit begins", "withdraw y begins"]);
    stage.end("deposit");
    await stage.begun("withdraw x");
    for (const name of ["withdraw x", "withdraw y"]) stage.end(name);

    expect(await Promise.all(answers)).toEqual(["deposit", "withdraw x", "withdraw y"]);
  });

  it("keeps the order of each socket all the same", async () => {
    const [ann, bob] = [await join(), await join("bob")];
    const answers = [
      ann.emitWithAck("deposit", "ann's", "x"),
      bob.emitWithAck("deposit", "bob's", "x"),
      bob.emitWithAck("plain", "after bob's"),
    ];
    await stage.begun("ann's");
    await new Promise(setImmediate);
    expect(stage.diary).toEqual(["ann's begins"]);
    stage.end("ann's");
    await stage.begun("bob's");
    stage.end("bob's");
    await stage.begun("after bob's");
    stage.end("after bob's");

    expect(await Promise.all(answers)).toEqual(["ann's", "bob's", "after bob's"]);
  });

  it("waits for nobody without a key, and answers a key function that throws with INTERNAL", async () => {
    const [ann, bob] = [await join(), await join("bob")];
    const answers = [ann.emitWithAck("deposit", "a", null), bob.emitWithAck("deposit", "b", null)];
    await expect(bob.emitWithAck("withdraw", "c")).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
    await stage.begun("a");
    await stage.begun("b");
    for (const name of ["a", "b"]) stage.end(name);
    await Promise.all(answers);

    await expect(ann.emitWithAck("bad key")).rejects.toMatchObject({ code: "INTERNAL" });
  });
});

describe("@Latest", () => {
  it("answers an older event SUPERSEDED, whether it runs or waits, and runs the newest", async () => {
    const ann = await join();
    const first = ann.emitWithAck("search", "a");
    await stage.begun("a");
    const plain = ann.emitWithAck("plain", "between");
    await expect(Promise.all([first, ann.emitWithAck("search", "b")])).rejects.toMatchObject({
      code: "SUPERSEDED",
      message: "A newer event has taken the place of this one.",
    });
    const [second, third] = [ann.emitWithAck("search", "c"), ann.emitWithAck("search", "d")];
    await expect(second).rejects.toMatchObject({ code: "SUPERSEDED" });
    await stage.begun("between");
    stage.end("between");
    await stage.begun("d");
    stage.end("d");

    expect(await Promise.all([plain, third])).toEqual(["between", "d"]);
    expect(stage.diary).toEqual(["a begins", "between begins", "between ends", "d begins", "d ends"]);
  });

  it("takes no room in the queue for what it has superseded", async () => {
    const ann = await join();
    const plain = ann.emitWithAck("plain", "slow");
    const outcomes = Array.from({ length: 20 }, (_, index) => ann.emitWithAck("search", String(index)));
    const all = Promise.allSettled(outcomes);
    await stage.begun("slow");
    stage.end("slow");
    await stage.begun("19");
    stage.end("19");

    expect(await plain).toBe("slow");
    expect((await all).map(({ status }) => status)).toEqual([...Array<string>(19).fill("rejected"), "fulfilled"]);
  });

  it("leaves other sockets alone", async () => {
    const [ann, bob] = [await join(), await join("bob")];
    const answers = [ann.emitWithAck("search", "ann"), bob.emitWithAck("search", "bob")];
    for (const name of ["ann", "bob"]) {
      await stage.begun(name);
      stage.end(name);
    }

    expect(await Promise.all(answers)).toEqual(["ann", "bob"]);
  });
});

describe("the decorators of order", () => {
  const start = (gateway: new () => object): Promise<unknown> =>
    Test.createTestingModule({ providers: [gateway] }).compile();

  it("refuse what makes no sense at the start, by name", async () => {
    @Namespace()
    class Both {
      @OnEvent("a")
      @Latest()
      @Concurrency(2)
      a(): void {}
    }
    @Namespace()
    class Half {
      @OnEvent("a")
      @Concurrency(0.5)
      a(): void {}
    }
    @Namespace()
    class Hook {
      @OnConnect()
      @Serial()
      a(): void {}
    }
    @Namespace()
    class Word {
      @OnEvent("a")
      @Serial("ip" as "user")
      a(): void {}
    }

    await expect(start(Both)).rejects.toThrow(/@Concurrency stands on .*Both\.a/);
    await expect(start(Half)).rejects.toThrow(/@Concurrency of .*Half\.a.* is 0\.5, expected a whole number/);
    await expect(start(Hook)).rejects.toThrow(/@Serial stands on .*Hook\.a/);
    await expect(start(Word)).rejects.toThrow(/@Serial of .*Word\.a.* is ip, expected "user" or a function/);
  });
});
