import { Server as NetServer } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { IsString, Length } from "class-validator";
import {
  Ack,
  type AckCallback,
  Auth,
  type CanActivate,
  ConnectedSocket,
  type ExecutionContext,
  GatewayException,
  Inject,
  Injectable,
  type Logger,
  Module,
  Namespace,
  OnConnect,
  OnDisconnect,
  OnEvent,
  Payload,
  Reason,
  Socket,
  Timeout,
  UseGuards,
} from "rookery";
import { Test, type TestClient, type TestingApplication } from "rookery/testing";

class SendMessage {
  @IsString()
  @Length(1, 10)
  text!: string;
}

interface Credentials {
  readonly token?: string;
}

@Injectable()
class MessageService {
  readonly left: string[] = [];

  add(user: string, text: string): { from: string; text: string } {
    return { from: user, text };
  }
}

@Injectable()
class SignedIn implements CanActivate {
  canActivate({ socket }: ExecutionContext): boolean {
    return (socket.data as { user?: string }).user !== undefined;
  }
}

@Namespace("/chat")
class ChatGateway {
  constructor(
    private readonly messages: MessageService,
    @Inject("greeting") private readonly greeting: string,
  ) {}

  @OnConnect()
  async hello(@ConnectedSocket() socket: Socket, @Auth() auth: Credentials): Promise<void> {
    await nextTurn();
    if (auth.token === "broken") throw new Error("the key store is gone");
    if (auth.token === undefined) throw new GatewayException("UNAUTHENTICATED", "No token.", { wants: "token" });
    socket.data = { user: auth.token };
    await socket.join("lobby");
    socket.emit("welcome", `${this.greeting} ${auth.token}`);
  }

  @OnEvent("message:send")
  @UseGuards(SignedIn)
  @Ack()
  send(message: SendMessage, @ConnectedSocket() socket: Socket): object {
    const saved = this.messages.add((socket.data as { user: string }).user, message.text);
    socket.to("lobby").emit("message:new", saved, Buffer.from(message.text));
    return saved;
  }

  @OnEvent("message:later")
  async sendLater(text: string, @ConnectedSocket() socket: Socket): Promise<void> {
    await manyTurns();
    socket.to("lobby").emit("message:new", { text });
  }

  @OnEvent("update")
  update(id: string, @Payload({ optional: true }) item: object | undefined, @Ack() reply: AckCallback): void {
    reply(id, item);
  }

  @OnEvent("ask")
  @Ack()
  async askBack(question: string, @ConnectedSocket() socket: Socket): Promise<unknown> {
    return socket.emitWithAck("question", question);
  }

  @OnEvent("break")
  @Ack()
  break(): never {
    throw new Error("the database is gone");
  }

  @OnDisconnect()
  bye(@Reason() reason: string): void {
    this.messages.left.push(reason);
  }
}

@Module({ providers: [ChatGateway, MessageService, { provide: "greeting", useValue: "hello" }] })
class ChatModule {}

let app: TestingApplication | undefined;

afterEach(async () => {
  await app?.close();
  app = undefined;
  jest.restoreAllMocks();
});

async function compile(): Promise<TestingApplication> {
  return (app = await Test.createTestingModule({ imports: [ChatModule] }).compile());
}

describe("an application under test", () => {
  it("answers, broadcasts and greets as the real one", async () => {
    const running = await compile();
    const ann = await connectAs(running, "ann");
    const bob = await connectAs(running, "bob");

    expect(await ann.emitWithAck("message:send", { text: "hi" })).toEqual({ from: "ann", text: "hi" });
    await expect(bob).toReceive("message:new", expect.objectContaining({ text: "hi" }), Buffer.from("hi"));
    await expect(bob).toReceive("welcome", "hello bob");
    await expect(ann).not.toReceive("message:new");
  });

  it("opens no port", async () => {
    const listen = jest.spyOn(NetServer.prototype, "listen");
    const running = await compile();
    await (await connectAs(running, "ann")).emitWithAck("message:send", { text: "hi" });

    expect(listen).not.toHaveBeenCalled();
  });

  it("gives its instances", async () => {
    const running = await compile();

    expect(running.get(MessageService)).toBeInstanceOf(MessageService);
    expect(running.get<string>("greeting")).toBe("hello");
    expect(() => running.get("nothing")).toThrow(expect.objectContaining({ code: "GATEWAY_NOT_FOUND" }));
  });

  it("gives what a client has of its own, until that has left", async () => {
    @Injectable({ scope: "connection" })
    class Drafts {}

    app = await Test.createTestingModule({ providers: [Drafts] }).compile();
    const [ann, bob] = [await app.connect(), await app.connect()];
    const own = await app.resolve(Drafts, ann);

    expect(own).toBeInstanceOf(Drafts);
    expect(await app.resolve(Drafts, ann)).toBe(own);
    expect(await app.resolve(Drafts, bob)).not.toBe(own);
    await ann.disconnect();
    await expect(app.resolve(Drafts, ann)).rejects.toMatchObject({ code: "TESTING_DISCONNECTED" });
  });

  it("gives its server", async () => {
    const running = await compile();
    const ann = await connectAs(running, "ann");

    expect(running.server.of("/chat").sockets.get(ann.id)?.data).toEqual({ user: "ann" });
  });

  it("stops where the real one would not start", async () => {
    const greeting = { provide: "greeting", useValue: "hello" };
    const module = Test.createTestingModule({ providers: [ChatGateway, greeting] });

    await expect(module.compile()).rejects.toMatchObject({ code: "GATEWAY_MISSING_PROVIDER" });
  });
});

describe("a connection that is refused", () => {
  it("rejects with the code, message and details of the gateway", async () => {
    const running = await compile();

    await expect(running.connect("/chat")).rejects.toMatchObject({
      code: "UNAUTHENTICATED",
      message: "No token.",
      data: { code: "UNAUTHENTICATED", details: { wants: "token" } },
    });
  });

  it("has what was thrown as its cause", async () => {
    const running = await compile();

    await expect(connectAs(running, "broken")).rejects.toMatchObject({
      code: "INTERNAL",
      cause: expect.objectContaining({ message: "the key store is gone" }),
    });
  });
});

describe("an event that fails", () => {
  it("rejects with code and details when its payload is not valid", async () => {
    const running = await compile();
    const ann = await connectAs(running, "ann");

    await expect(ann.emitWithAck("message:send", { text: "" })).rejects.toMatchObject({
      code: "VALIDATION_FAILED",
      details: [{ path: "text", constraints: { isLength: expect.any(String) } }],
    });
  });

  it("has what was thrown as its cause, and leaves it in the log", async () => {
    const running = await compile();
    const ann = await connectAs(running, "ann");
    const thrown = expect.objectContaining({ message: "the database is gone" });

    await expect(ann.emitWithAck("break")).rejects.toMatchObject({ code: "INTERNAL", cause: thrown });
    expect(running.log).toContainEqual({
      level: "error",
      message: "ChatGateway.break failed",
      fields: expect.objectContaining({ event: "break", error: thrown }),
    });
  });

  it("reaches the client as an exception when no acknowledgement was asked for", async () => {
    const running = await compile();
    const ann = await connectAs(running, "ann");
    ann.emit("nothing");

    await expect(ann).toReceive("exception", {
      event: "nothing",
      error: { code: "NOT_FOUND", message: "Nobody handles this event." },
    });
  });
});

describe("the log", () => {
  it("is printed by nobody", async () => {
    const writes = [jest.spyOn(process.stderr, "write"), jest.spyOn(process.stdout, "write")];
    const running = await compile();
    await expect((await connectAs(running, "ann")).emitWithAck("break")).rejects.toMatchObject({ code: "INTERNAL" });

    expect(writes.map(({ mock }) => mock.calls)).toEqual([[], []]);
  });

  it("goes to the logger of the options as well", async () => {
    const logger: Logger = { debug: jest.fn(), info: jest.fn(), warn: jest.fn(), error: jest.fn() };
    const running = (app = await Test.createTestingModule({ imports: [ChatModule] }, { logger }).compile());
    const ann = await connectAs(running, "ann");
    await expect(ann.emitWithAck("break")).rejects.toMatchObject({ code: "INTERNAL" });

    expect(logger.error).toHaveBeenCalledWith("ChatGateway.break failed", expect.objectContaining({ event: "break" }));
    expect(running.log).toHaveLength(1);
  });
});

describe("overrideProvider", () => {
  it("puts a value in place of a provider", async () => {
    const add = jest.fn(() => ({ from: "nobody", text: "faked" }));
    app = await Test.createTestingModule({ imports: [ChatModule] })
      .overrideProvider(MessageService)
      .useValue({ add, left: [] })
      .compile();
    const ann = await connectAs(app, "ann");

    expect(await ann.emitWithAck("message:send", { text: "hi" })).toEqual({ from: "nobody", text: "faked" });
    expect(add).toHaveBeenCalledWith("ann", "hi");
  });

  it("puts a class in place of a provider, and injects what that needs", async () => {
    @Injectable()
    class ShoutingMessages {
      readonly left: string[] = [];

      constructor(@Inject("greeting") private readonly greeting: string) {}

      add(user: string, text: string): { from: string; text: string } {
        return { from: user, text: `${this.greeting} ${text.toUpperCase()}` };
      }
    }
    app = await Test.createTestingModule({ imports: [ChatModule] })
      .overrideProvider(MessageService)
      .useClass(ShoutingMessages)
      .compile();
    const ann = await connectAs(app, "ann");

    expect(await ann.emitWithAck("message:send", { text: "hi" })).toEqual({ from: "ann", text: "hello HI" });
  });

  it("puts what a factory makes in place of a provider", async () => {
    app = await Test.createTestingModule({ imports: [ChatModule] })
      .overrideProvider("greeting")
      .useFactory(
        async (messages: MessageService) => Promise.resolve(messages.add("x", "welcome").text),
        [MessageService],
      )
      .compile();
    const ann = await connectAs(app, "ann");

    expect(await ann.next("welcome")).toEqual(["welcome ann"]);
  });

  it("replaces guards", async () => {
    app = await Test.createTestingModule({ imports: [ChatModule] })
      .overrideProvider(SignedIn)
      .useValue({ canActivate: () => false })
      .compile();
    const ann = await connectAs(app, "ann");

    await expect(ann.emitWithAck("message:send", { text: "hi" })).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  it("refuses a token that nobody provides", async () => {
    const module = Test.createTestingModule({ imports: [ChatModule] })
      .overrideProvider("greetings")
      .useValue("hi");

    await expect(module.compile()).rejects.toMatchObject({ code: "GATEWAY_UNKNOWN_OVERRIDE" });
  });
});

describe("configure", () => {
  it("runs before the start, in the order given", async () => {
    const order: string[] = [];
    app = await Test.createTestingModule({ imports: [ChatModule] })
      .configure(async () => {
        await nextTurn();
        order.push("first");
      })
      .configure((application) => {
        order.push("second");
        application.useGlobalGuards({ canActivate: () => false });
      })
      .compile();

    await expect(connectAs(app, "ann")).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect(order).toEqual(["first", "second"]);
  });
});

describe("waiting", () => {
  it("lasts while a handler runs, however long that takes", async () => {
    const running = await compile();
    const ann = await connectAs(running, "ann");
    const bob = await connectAs(running, "bob");
    ann.emit("message:later", "hi");

    await expect(bob).toReceive("message:new", { text: "hi" });
  });

  it("is over for settled when the handlers are", async () => {
    const running = await compile();
    const ann = await connectAs(running, "ann");
    const bob = await connectAs(running, "bob");
    ann.emit("message:later", "hi");
    await running.settled();

    expect(bob).toHaveReceived("message:new", { text: "hi" });
  });

  it("asks the client back on the way", async () => {
    const running = await compile();
    const ann = await connectAs(running, "ann");
    ann.on("question", (question: string, reply: (answer: string) => void) => {
      reply(`${question}!`);
    });

    expect(await ann.emitWithAck("ask", "well")).toBe("well!");
  });

  it("takes several arguments each way", async () => {
    const running = await compile();
    const ann = await connectAs(running, "ann");
    const reply = jest.fn();
    ann.emit("update", "7", { qty: 1 }, reply);
    await running.settled();

    expect(reply).toHaveBeenCalledWith("7", { qty: 1 });
  });
});

describe("close", () => {
  it("disconnects everyone, runs the hooks, and takes no more clients", async () => {
    const running = await compile();
    const ann = await connectAs(running, "ann");
    const messages = running.get(MessageService);
    await running.close();

    expect([ann.connected, ann.disconnectReason]).toEqual([false, "transport close"]);
    expect(messages.left).toEqual(["server shutting down"]);
    await expect(running.connect("/chat")).rejects.toMatchObject({ code: "TESTING_CLOSED" });
  });

  it("lets no client come back", async () => {
    const running = await compile();
    const ann = await connectAs(running, "ann");
    await running.close();

    await expect(ann.reconnect()).rejects.toMatchObject({ code: "TESTING_CLOSED" });
    await expect(ann.connect("/chat")).rejects.toMatchObject({ code: "TESTING_CLOSED" });
    await expect(running.invoke(ChatGateway, "break")).rejects.toMatchObject({ code: "TESTING_CLOSED" });
  });

  it("leaves behind a handler that never ends", async () => {
    @Namespace()
    class Stuck {
      @OnEvent("hang")
      hang(): Promise<never> {
        return new Promise(() => undefined);
      }
    }
    const running = await Test.createTestingModule({ providers: [Stuck] }).compile();
    const ann = await running.connect();
    ann.emit("hang");
    await manyTurns();
    await running.close({ drainMs: 1 });

    expect(ann.connected).toBe(false);
  });

  it("comes by itself at the end of an `await using` block", async () => {
    const running = await compile();
    await (async () => {
      await using closing = running;
      await connectAs(closing, "ann");
    })();

    await expect(running.connect()).rejects.toMatchObject({ code: "TESTING_CLOSED" });
  });
});

describe("under jest's fake timers", () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it("connects and carries events", async () => {
    @Namespace()
    class Echo {
      @OnEvent("echo")
      @Ack()
      echo(text: string, @ConnectedSocket() socket: Socket): string {
        socket.emit("echoed", text);
        return text;
      }
    }
    app = await Test.createTestingModule({ providers: [Echo] }).compile();
    const ann = await app.connect();

    expect(await ann.emitWithAck("echo", "hi")).toBe("hi");
    await expect(ann).toReceive("echoed", "hi");
    await expect(ann).not.toReceive("echoed");
  });

  it("times handlers out when they are advanced", async () => {
    @Namespace()
    class Slow {
      @OnEvent("hang")
      @Timeout("1m")
      @Ack()
      hang(): Promise<never> {
        return new Promise(() => undefined);
      }
    }
    app = await Test.createTestingModule({ providers: [Slow] }).compile();
    const ann = await app.connect();
    const outcome = expect(ann.emitWithAck("hang")).rejects.toMatchObject({ code: "TIMEOUT" });
    await jest.advanceTimersByTimeAsync(60_000);

    await outcome;
  });
});

async function connectAs(running: TestingApplication, token: string): Promise<TestClient> {
  return running.connect("/chat", { auth: { token } });
}

/** More turns of the event loop than a test waits for when nothing is under way. */
async function manyTurns(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await nextTurn();
}
