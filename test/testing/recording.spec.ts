import { Ack, ConnectedSocket, GatewayException, Auth, Namespace, OnConnect, OnEvent, Socket } from "rookery";
import { type ConnectionLoss, Test, type TestClient, type TestingApplication } from "rookery/testing";

@Namespace("/chat")
class ChatGateway {
  protected readonly greeting: string = "hello";

  @OnConnect()
  hello(@ConnectedSocket() socket: Socket, @Auth() auth: { readonly name?: string }): void {
    if (auth.name === undefined) throw new GatewayException("UNAUTHENTICATED", "Who are you?");
    socket.broadcast.emit("entered", socket.id, auth.name);
  }

  @OnEvent("greet")
  @Ack()
  async greet(bytes: Buffer): Promise<{ greeting: string; bytes: Buffer }> {
    await Promise.resolve();
    return { greeting: this.greeting, bytes };
  }

  @OnEvent("whisper")
  whisper(id: string, text: string, @ConnectedSocket() socket: Socket): void {
    socket.to(id).emit("whispered", text);
  }

  @OnEvent("break")
  @Ack()
  break(): never {
    throw new Error("the database is gone");
  }
}

@Namespace("/chat")
class RuderGateway extends ChatGateway {
  protected override readonly greeting = "what?";
}

const TRANSCRIPT = `\
1 opens {"headers":{"user-agent":"jest"}}
1 > 40/chat,{"name":"ann"}
1 < 40/chat,{"sid":"<socket 1>"}
2 opens {"query":{"v":"1"}}
2 > 40/chat,{"name":"bob"}
1 < 42/chat,["entered","<socket 2>","bob"]
2 < 40/chat,{"sid":"<socket 2>"}
1 > 42/chat,["whisper","<socket 2>","psst"]
2 < 42/chat,["whispered","psst"]
1 > 451-/chat,0["greet",{"_placeholder":true,"num":0}]
1 > bAQID
1 < 461-/chat,0[{"greeting":"hello","bytes":{"_placeholder":true,"num":0}}]
1 < bAQID
2 > 42/chat,0["break"]
2 < 43/chat,0[{"error":{"code":"INTERNAL","message":"Something went wrong.","details":{"correlationId":"<error 1>"}}}]
+ 25000 ms
1 < 2
2 < 2
1 > 3
2 > 3
2 > 41/chat,
2 closes: transport close
`;

const running: TestingApplication[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.close()));
});

async function start(gateway: new () => object = ChatGateway): Promise<TestingApplication> {
  const app = await Test.createTestingModule({ providers: [gateway] }).compile();
  running.push(app);
  return app;
}

/** What the transcript tells. */
async function talk(app: TestingApplication): Promise<TestClient> {
  const ann = await app.connect("/chat", { auth: { name: "ann" }, headers: { "User-Agent": "jest" } });
  const bob = await app.connect("/chat", { auth: { name: "bob" }, query: { v: "1" } });
  const [id] = (await ann.next("entered")) as [string];
  ann.emit("whisper", id, "psst");
  await bob.next("whispered");
  await ann.emitWithAck("greet", Buffer.from([1, 2, 3]));
  await expect(bob.emitWithAck("break")).toFailWith("INTERNAL");
  await app.clock.advance("25s");
  await bob.disconnect();
  await app.settled();
  return ann;
}

describe("app.record", () => {
  it("writes down what was said, with ids that are the same each time", async () => {
    const app = await start();
    const recording = app.record();

    await talk(app);

    expect(recording.transcript).toBe(TRANSCRIPT);
    expect(String(recording)).toBe(TRANSCRIPT);
  });

  it("writes down refusals, and nothing of connections that were there before", async () => {
    const app = await start();
    const ann = await app.connect("/chat", { auth: { name: "ann" } });
    const recording = app.record();
    ann.emit("whisper", "nobody", "psst");

    await expect(app.connect("/chat")).toRejectConnect("UNAUTHENTICATED");
    await app.settled();

    expect(recording.transcript).toBe(
      [
        "1 opens",
        "1 > 40/chat,",
        '1 < 44/chat,{"message":"Who are you?","data":{"code":"UNAUTHENTICATED"}}',
        "1 closes: transport close",
        "",
      ].join("\n"),
    );
  });

  it("writes down no connection after stop", async () => {
    const app = await start();
    const recording = app.record();
    recording.stop();

    await app.connect("/chat", { auth: { name: "ann" } });

    expect(recording.transcript).toBe("");
  });
});

describe("app.replay", () => {
  it("says the same against the same application", async () => {
    expect(await (await start()).replay(TRANSCRIPT)).toBe(TRANSCRIPT);
  });

  it.each<ConnectionLoss>(["transport close", "transport error", "parse error", "ping timeout"])(
    "plays a connection that ends by a %s",
    async (reason) => {
      const app = await start();
      const recording = app.record();
      const ann = await app.connect("/chat", { auth: { name: "ann" } });
      await ann.disconnect(reason);
      recording.stop();

      expect(recording.transcript).toContain(`1 closes: ${reason}\n`);
      expect(await (await start()).replay(recording.transcript)).toBe(recording.transcript);
    },
  );

  it("shows what another application says", async () => {
    const said = await (await start(RuderGateway)).replay(TRANSCRIPT);

    expect(said).toBe(TRANSCRIPT.replace('"greeting":"hello"', '"greeting":"what?"'));
  });

  it.each(["1 shouts", "hello", "x > 40"])("refuses what is no transcript: %s", async (line) => {
    const app = await start();

    await expect(app.replay(`1 opens\n${line}\n`)).rejects.toMatchObject({
      code: "TESTING_BAD_TRANSCRIPT",
      message: `line 2 of the transcript cannot be read: ${JSON.stringify(line)}`,
    });
  });
});
