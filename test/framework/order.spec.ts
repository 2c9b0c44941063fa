import {
  Ack,
  ConnectedSocket,
  Namespace,
  OnConnect,
  OnDisconnect,
  OnEvent,
  Reason,
  type Socket,
  Timeout,
} from "rookery";
import { deferred, nextEvent, until, type Deferred } from "../support/waiting.js";
import { ask, useApplications } from "./support/applications.js";
import { ManualClock } from "./support/manual-clock.js";

@Namespace()
class DiaryGateway {
  readonly diary: string[] = [];
  readonly gates = new Map<string, Deferred<undefined>>();

  @OnEvent("slow")
  @Ack()
  async slow(name: string): Promise<string> {
    this.diary.push(`${name} begins`);
    const gate = deferred<undefined>();
    this.gates.set(name, gate);
    await gate.promise;
    this.diary.push(`${name} ends`);
    return name;
  }

  @OnEvent("hangs")
  @Ack()
  @Timeout(5_000)
  async hangs(): Promise<void> {
    this.diary.push("hangs");
    await new Promise(() => undefined);
  }

  @OnEvent("fast")
  @Ack()
  fast(name: string): string {
    this.diary.push(name);
    return name;
  }

  @OnDisconnect()
  gone(@Reason() reason: string): void {
    this.diary.push(reason);
  }

  async begun(name: string): Promise<void> {
    await until(() => this.gates.has(name), `"${name}" runs`);
  }

  async end(name: string): Promise<void> {
    await this.begun(name);
    this.gates.get(name)?.resolve(undefined);
  }
}

describe("events of one socket", () => {
  const run = useApplications();

  it("run one after another, in the order they arrived, each answered in its turn", async () => {
    const running = await run({ providers: [DiaryGateway] });
    const gateway = running.app.get(DiaryGateway);
    const client = await running.connect();
    const answers = [
      ask(client, "slow", "a"),
      ask(client, "fast", "b"),
      ask(client, "slow", "c"),
      ask(client, "fast", "d"),
    ];
    await gateway.end("a");
    await gateway.end("c");
    expect(await Promise.all(answers)).toEqual(["a", "b", "c", "d"]);
    expect(gateway.diary).toEqual(["a begins", "a ends", "b", "c begins", "c ends", "d"]);
  });

  it("do not wait for those of other sockets", async () => {
    const running = await run({ providers: [DiaryGateway] });
    const gateway = running.app.get(DiaryGateway);
    const [ann, bob] = [await running.connect(), await running.connect()];
    const waiting = ask(ann, "slow", "ann");
    await gateway.begun("ann");
    expect(await ask(bob, "fast", "bob")).toBe("bob");
    await gateway.end("ann");
    expect(await waiting).toBe("ann");
  });

  it("are answered RATE_LIMITED beyond maxQueuedEvents", async () => {
    const running = await run({ providers: [DiaryGateway] }, { maxQueuedEvents: 2 });
    const gateway = running.app.get(DiaryGateway);
    const client = await running.connect();
    const answers = ["slow", "fast", "fast", "fast"].map((event, index) => ask(client, event, String(index)));
    expect(await answers[3]).toEqual({ error: { code: "RATE_LIMITED", message: "Too many events are waiting." } });
    await gateway.end("0");
    expect(await Promise.all(answers.slice(0, 3))).toEqual(["0", "1", "2"]);
  });

  it("go on after one that has timed out", async () => {
    const clock = new ManualClock();
    const running = await run({ providers: [DiaryGateway] }, { clock });
    const gateway = running.app.get(DiaryGateway);
    const client = await running.connect();
    const [hung, next] = [ask(client, "hangs"), ask(client, "fast", "next")];
    await until(() => gateway.diary.includes("hangs"), "the handler hangs");
    clock.advance(5_000);
    expect(await hung).toMatchObject({ error: { code: "TIMEOUT" } });
    expect(await next).toBe("next");
  });

  it("come before the disconnect that follows them", async () => {
    const running = await run({ providers: [DiaryGateway] });
    const gateway = running.app.get(DiaryGateway);
    const client = await running.connect();
    client.emit("slow", "last");
    await gateway.begun("last");
    client.disconnect();
    await until(() => running.app.server.sockets.sockets.size === 0, "the socket has gone");
    await gateway.end("last");
    await until(() => gateway.diary.length === 3, "the hook has run");
    expect(gateway.diary).toEqual(["last begins", "last ends", "client namespace disconnect"]);
  });

  it("wait until the connect hook has ended, and what it emits comes after the connect", async () => {
    const admitted = deferred<undefined>();
    const asked = deferred<Socket>();
    const diary: string[] = [];

    @Namespace()
    class DoorGateway {
      @OnConnect()
      async welcome(@ConnectedSocket() socket: Socket): Promise<void> {
        socket.emit("welcome");
        asked.resolve(socket);
        await admitted.promise;
        diary.push("admitted");
      }

      @OnEvent("hello")
      @Ack()
      hello(): string {
        diary.push("hello");
        return "hi";
      }
    }

    const running = await run({ providers: [DoorGateway] });
    const client = running.client();
    client.onAny((event: string) => diary.push(`client hears ${event}`));
    client.on("connect", () => diary.push("client is connected"));
    const welcomed = nextEvent(client, "welcome");
    await asked.promise;
    admitted.resolve(undefined);
    await welcomed;
    expect(await ask(client, "hello")).toBe("hi");
    expect(diary).toEqual(["admitted", "client is connected", "client hears welcome", "hello"]);
  });
});
