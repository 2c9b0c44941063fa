import { Ack, ConnectedSocket, Inject, Namespace, OnConnect, OnEvent, Server, Socket } from "rookery";
import { Test, type TestingApplication } from "rookery/testing";

@Namespace("/chat")
class ChatGateway {
  constructor(
    private readonly server: Server,
    @Inject("greeting") private readonly greeting: string,
  ) {}

  @OnConnect()
  hello(@ConnectedSocket() socket: Socket): void {
    socket.data = { greeting: this.greeting, since: new Date(0) };
  }

  @OnEvent("join")
  async join(room: string, @ConnectedSocket() socket: Socket): Promise<void> {
    await socket.join(room);
  }

  @OnEvent("say")
  say(room: string, text: unknown, @ConnectedSocket() socket: Socket): void {
    socket.to(room).emit("said", text);
  }

  @OnEvent("poll")
  @Ack()
  async poll(question: unknown): Promise<unknown[]> {
    return this.server.of("/chat").timeout(1_000).emitWithAck("poll", question);
  }

  @OnEvent("who")
  @Ack()
  async who(): Promise<unknown[]> {
    const sockets = await this.server.of("/chat").fetchSockets();
    return sockets.map(({ rooms, data }) => ({ rooms: rooms.size, data }));
  }
}

let app: TestingApplication | undefined;

afterEach(async () => {
  await app?.close();
  app = undefined;
});

async function compile(): Promise<TestingApplication> {
  return (app = await Test.createTestingModule({
    providers: [ChatGateway, { provide: "greeting", useValue: "hello" }],
  })
    .overrideProvider("greeting")
    .useValue("welcome")
    .compile());
}

describe("app.cluster", () => {
  it("starts others of the same, with the application in front", async () => {
    const running = await compile();

    const members = await running.cluster(3);

    expect(members).toHaveLength(3);
    expect(members[0]).toBe(running);
    expect(new Set(members.map(({ server }) => server)).size).toBe(3);
    expect(members.map((member) => member.get("greeting"))).toEqual(["welcome", "welcome", "welcome"]);
  });

  it("carries rooms from server to server", async () => {
    const [one, two] = await (await compile()).cluster(2);
    const [ann, bob, eve] = [await one.connect("/chat"), await two.connect("/chat"), await two.connect("/chat")];
    await bob.emitWithAck("join", "lobby");

    ann.emit("say", "lobby", { text: "hi", bytes: Buffer.from([1, 2]) });

    await expect(bob).toReceive("said", { text: "hi", bytes: Buffer.from([1, 2]) });
    await expect(eve).not.toReceive("said");
    await expect(ann).not.toReceive("said");
  });

  it("collects acknowledgements of all servers", async () => {
    const [one, two] = await (await compile()).cluster(2);
    const ann = await one.connect("/chat");
    const bob = await two.connect("/chat");
    ann.on("poll", (_question: unknown, reply: (answer: string) => void) => reply("ann's"));
    bob.on("poll", (question: unknown, reply: (answer: unknown) => void) => reply(question));

    const answers = await ann.emitWithAck("poll", Buffer.from([7]));

    expect(answers).toEqual(expect.arrayContaining(["ann's", Buffer.from([7])]));
    expect(answers).toHaveLength(2);
  });

  it("shows the sockets of all servers, as they look from another", async () => {
    const [one, two] = await (await compile()).cluster(2);
    const ann = await one.connect("/chat");
    await two.connect("/chat");

    const sockets = (await ann.emitWithAck("who")) as unknown[];

    const data = { greeting: "welcome", since: "1970-01-01T00:00:00.000Z" };
    expect(sockets).toEqual([
      { rooms: 1, data },
      { rooms: 1, data },
    ]);
  });

  it("emits from server to server, and collects what they answer", async () => {
    const [one, two, three] = await (await compile()).cluster(3);
    two.server.on("sum", (numbers: number[], reply: (sum: number) => void) => {
      reply(numbers.length);
    });
    three.server.on("sum", (numbers: number[], reply: (sum: number) => void) => {
      reply(numbers[0] ?? 0);
    });

    const answers = await one.server.serverSideEmitWithAck("sum", [3, 4]);

    expect((answers as number[]).toSorted()).toEqual([2, 3]);
  });

  it("goes on without a member that has closed", async () => {
    const [one, two] = await (await compile()).cluster(2);
    const ann = await one.connect("/chat");
    const bob = await two.connect("/chat");
    await two.close();

    expect(bob.connected).toBe(false);
    expect(await ann.emitWithAck("who")).toHaveLength(1);
  });

  it("has one clock and one log, and settles and closes as one", async () => {
    const running = await compile();
    const [one, two] = await running.cluster(2);
    const bob = await two.connect("/chat");
    bob.emit("nothing");
    await one.settled();

    expect(bob).toHaveReceived("exception");
    expect(two.clock).toBe(one.clock);
    expect(two.log).toBe(one.log);
    await running.close();
    expect(bob.connected).toBe(false);
  });

  it("is refused once clients are connected", async () => {
    const running = await compile();
    await running.connect("/chat");

    await expect(running.cluster(2)).rejects.toMatchObject({ code: "TESTING_CLUSTER_LATE" });
  });
});
