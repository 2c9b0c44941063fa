import { IsString, Length } from "class-validator";
import {
  Ack,
  type AckCallback,
  Auth,
  type CanActivate,
  type ExceptionFilter,
  type ExecutionContext,
  EventName,
  EventParam,
  GatewayException,
  Inject,
  Injectable,
  type Interceptor,
  Namespace,
  OnConnect,
  OnDisconnect,
  OnDispose,
  OnEvent,
  Param,
  type PipeTransform,
  RateLimit,
  Reason,
  Socket,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
} from "rookery";
import { invoke, mockServer, mockSocket, Test } from "rookery/testing";
import { useInMemory } from "../framework/support/in-memory.js";

class SendMessage {
  @IsString()
  @Length(1, 10)
  text!: string;
}

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

class Trimmed implements PipeTransform<{ text: string }> {
  transform({ text }: { text: string }): { text: string } {
    return { text: text.trim() };
  }
}

class Shouting implements Interceptor {
  async intercept(_context: ExecutionContext, next: () => Promise<unknown>): Promise<unknown> {
    const message = (await next()) as { from: string; text: string };
    return { ...message, text: `${message.text}!` };
  }
}

class QuietFilter implements ExceptionFilter {
  catch(error: unknown): unknown {
    return error instanceof RangeError ? "caught" : undefined;
  }
}

@Namespace("/chat")
class ChatGateway {
  onModuleInit(): void {
    this.messages.left.push("started");
  }

  onModuleDestroy(): void {
    this.messages.left.push("ended");
  }

  constructor(private readonly messages: MessageService) {}

  @OnConnect()
  hello(socket: Socket, @Auth() auth: { readonly token?: string }): void {
    if (auth.token === undefined) throw new GatewayException("UNAUTHENTICATED", "No token.", { wants: "token" });
    socket.data = { user: auth.token };
  }

  @OnEvent("message:send")
  @UseGuards(SignedIn)
  @UsePipes(Trimmed)
  @UseInterceptors(Shouting)
  @Ack()
  send(message: SendMessage, socket: Socket): { from: string; text: string } {
    const saved = this.messages.add((socket.data as { user: string }).user, message.text);
    socket.to("lobby").emit("message:new", saved);
    return saved;
  }

  @OnEvent("message:check")
  @Ack()
  sendAsIs(message: SendMessage): string {
    return message.text;
  }

  @OnEvent("touch")
  touch(): string {
    return "not an answer";
  }

  @OnEvent("update")
  update(id: string, @Ack() reply: AckCallback): void {
    if (id !== "") reply(id, "more");
  }

  @OnEvent("break")
  @UseFilters(QuietFilter)
  @Ack()
  break(kind: string): void {
    throw kind === "range" ? new RangeError("too far") : new Error("the database is gone");
  }

  @OnEvent("circle")
  @Ack()
  circle(): object {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    return circle;
  }

  @OnEvent("count")
  @Ack()
  async *count(): AsyncGenerator<number> {
    yield await Promise.resolve(1);
    yield 2;
  }

  @OnEvent(["join", "order:*"])
  @Ack()
  named(@EventName() event: string, @EventParam() parts: object): unknown {
    return [event, { ...parts }];
  }

  @OnEvent("order:*:paid")
  @Ack()
  paid(@EventParam("0") order: string): string {
    return order;
  }

  @OnEvent("often")
  @RateLimit({ points: 2, per: "1m" })
  @Ack()
  often(): string {
    return "yes";
  }

  @OnDisconnect()
  bye(@Reason() reason: string): void {
    this.messages.left.push(reason);
  }

  helper(): void {
    this.messages.left.push("never");
  }
}

const signedIn = { data: { user: "ann" } };

describe("invoke", () => {
  const gateway = new ChatGateway(new MessageService());

  it("runs a handler through pipes, validation, guards and interceptors, and gives its answer", async () => {
    const socket = mockSocket({ namespace: "/chat", ...signedIn });

    expect(await invoke(gateway, "send", [{ text: " hi " }], { socket })).toEqual({ from: "ann", text: "hi!" });
    expect(socket.emittedTo("lobby")).toEqual([["message:new", { from: "ann", text: "hi" }]]);
  });

  it("throws what the client would be told", async () => {
    const socket = mockSocket(signedIn);

    await expect(invoke(gateway, "send", [{ text: "hi" }])).rejects.toMatchObject({
      name: "AckError",
      code: "FORBIDDEN",
      event: "message:send",
    });
    await expect(invoke(gateway, "send", [{ text: "" }], { socket })).rejects.toMatchObject({
      code: "VALIDATION_FAILED",
      details: [{ path: "text" }],
    });
  });

  it("throws INTERNAL with what was thrown as its cause, unless a filter answers", async () => {
    expect(await invoke(gateway, "break", ["range"])).toBe("caught");
    await expect(invoke(gateway, "break", ["other"])).rejects.toMatchObject({
      code: "INTERNAL",
      cause: expect.objectContaining({ message: "the database is gone" }),
    });
    await expect(invoke(gateway, "circle")).rejects.toMatchObject({ code: "INTERNAL" });
  });

  it("gives nothing without @Ack(), what the callback got with one, and streams as a list", async () => {
    expect(await invoke(gateway, "touch")).toBeUndefined();
    expect(await invoke(gateway, "update", ["7"])).toBe("7");
    expect(await invoke(gateway, "count")).toEqual([1, 2]);
    await expect(invoke(gateway, "update", [""])).rejects.toMatchObject({ code: "NOT_ACKNOWLEDGED" });
  });

  it("takes the first event of a handler, or the one that is named", async () => {
    expect(await invoke(gateway, "named")).toEqual(["join", {}]);
    expect(await invoke(gateway, "named", [], { event: "order:7" })).toEqual(["order:7", { 0: "7" }]);
    await expect(invoke(gateway, "named", [], { event: "leave" })).rejects.toMatchObject({
      code: "GATEWAY_NOT_A_HANDLER",
    });
  });

  it("asks for the event where a pattern has it in its name", async () => {
    expect(await invoke(gateway, "paid", [], { event: "order:7:paid" })).toBe("7");
    await expect(invoke(gateway, "paid")).rejects.toMatchObject({
      code: "GATEWAY_NOT_A_HANDLER",
      message: "paid for no event is no handler",
    });
  });

  it("runs connect and disconnect hooks", async () => {
    const messages = new MessageService();
    const own = new ChatGateway(messages);
    const socket = mockSocket({ namespace: "/chat", auth: { token: "bob" } });
    await invoke(own, "hello", [], { socket });
    await invoke(own, "bye", ["transport close"], { socket });

    expect(socket.data).toEqual({ user: "bob" });
    expect(messages.left).toEqual(["transport close"]);
    await expect(invoke(own, "hello", [], { auth: {} })).rejects.toMatchObject({
      code: "UNAUTHENTICATED",
      message: "No token.",
      details: { wants: "token" },
    });
  });

  it("takes the options of an application", async () => {
    const validation = { forbidNonWhitelisted: true };
    const surplus = [{ text: "hi", more: 1 }];
    const socket = mockSocket(signedIn);
    const trimmed = { from: "ann", text: "hi!" };

    expect(await invoke(gateway, "send", surplus, { socket })).toEqual(trimmed);
    await expect(invoke(gateway, "sendAsIs", surplus, { application: { validation } })).rejects.toMatchObject({
      code: "VALIDATION_FAILED",
    });
  });

  it("reads auth of its own", async () => {
    expect(await invoke(gateway, "hello", [], { auth: { token: "ann" } })).toBeUndefined();
  });

  it("says which methods are handlers", async () => {
    await expect(invoke(gateway, "helper")).rejects.toMatchObject({
      code: "GATEWAY_NOT_A_HANDLER",
      message: "ChatGateway.helper is no handler",
    });
    await expect(invoke(gateway, "toch" as "touch")).rejects.toMatchObject({
      message: "ChatGateway.toch is no handler; near: touch",
    });
  });

  it("makes guards of what it is given", async () => {
    @Injectable()
    class Keys implements CanActivate {
      constructor(@Inject("key") private readonly key: string) {}

      canActivate({ auth }: ExecutionContext): boolean {
        return auth.key === this.key;
      }
    }

    @Namespace("/orders/:id")
    @UseGuards(Keys)
    class Orders {
      @OnEvent("read")
      @Ack()
      read(@Param("id") id: string): string {
        return id;
      }
    }

    const providers = [{ provide: "key", useValue: "k" }];
    const socket = mockSocket({ namespace: "/orders/7", auth: { key: "k" } });
    expect(await invoke(new Orders(), "read", [], { socket, providers })).toBe("7");
    const stranger = mockSocket({ namespace: "/orders/7" });
    await expect(invoke(new Orders(), "read", [], { socket: stranger, providers })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    await expect(invoke(new Orders(), "read", [])).rejects.toMatchObject({ code: "GATEWAY_MISSING_PROVIDER" });
  });
});

describe("a plain gateway", () => {
  it("is called as any class, with a mock socket and a mock server", () => {
    const server = mockServer();
    const socket = mockSocket({ server, ...signedIn });
    const gateway = new ChatGateway(new MessageService());
    const message = Object.assign(new SendMessage(), { text: "hi" });

    expect(gateway.send(message, socket)).toEqual({ from: "ann", text: "hi" });
    expect(server.emitted).toEqual([
      {
        namespace: "/",
        event: "message:new",
        args: [{ from: "ann", text: "hi" }],
        rooms: ["lobby"],
        except: [socket.id],
      },
    ]);
  });
});

describe("an application's invoke", () => {
  const start = useInMemory();

  it("uses the application's instances and its overrides", async () => {
    const app = await Test.createTestingModule({ providers: [ChatGateway, MessageService] })
      .overrideGuard(SignedIn)
      .useValue({ canActivate: () => true })
      .overrideProvider(MessageService)
      .useValue({ add: () => ({ from: "nobody", text: "faked" }), left: [] })
      .compile();

    expect(await app.invoke(ChatGateway, "send", [{ text: "hi" }])).toEqual({ from: "nobody", text: "faked!" });
    expect(app.get(MessageService).left).toEqual(["started"]);
    await app.close();
  });

  it("answers as a value whatever the format, and in the name of a connected client", async () => {
    const app = await start({ providers: [ChatGateway, MessageService] }, { ackFormat: "node" });
    const ann = await app.connect("/chat", { auth: { token: "ann" } });
    const bob = await app.connect("/chat", { auth: { token: "bob" } });
    app.server.of("/chat").in(bob.id).socketsJoin("lobby");

    expect(await app.invoke(ChatGateway, "send", [{ text: "hi" }], { socket: ann })).toEqual({
      from: "ann",
      text: "hi!",
    });
    expect(await bob.next("message:new")).toEqual([{ from: "ann", text: "hi" }]);
    await ann.disconnect();
    await expect(app.invoke(ChatGateway, "send", [{ text: "hi" }], { socket: ann })).rejects.toMatchObject({
      code: "TESTING_DISCONNECTED",
    });
  });

  it("counts rate limits from call to call", async () => {
    const app = await start({ providers: [ChatGateway, MessageService] });
    const socket = mockSocket();

    await app.invoke(ChatGateway, "often", [], { socket });
    await app.invoke(ChatGateway, "often", [], { socket });
    await expect(app.invoke(ChatGateway, "often", [], { socket })).rejects.toMatchObject({ code: "RATE_LIMITED" });
  });

  it("gives a mock socket a connection scope, which ends with the application", async () => {
    const disposed: string[] = [];

    @Injectable({ scope: "connection" })
    class Cart {
      readonly items: string[] = [];

      @OnDispose()
      clear(): void {
        disposed.push(...this.items);
      }
    }

    @Namespace()
    @Injectable({ scope: "connection" })
    class Shop {
      constructor(private readonly cart: Cart) {}

      @OnEvent("add")
      @Ack()
      add(item: string): number {
        return this.cart.items.push(item);
      }
    }

    const app = await start({ providers: [Shop, Cart] });
    const socket = mockSocket();
    await app.invoke(Shop, "add", ["pear"], { socket });

    expect(await app.invoke(Shop, "add", ["fig"], { socket })).toBe(2);
    expect(await app.invoke(Shop, "add", ["plum"])).toBe(1);
    await app.close();
    expect(disposed.toSorted()).toEqual(["fig", "pear", "plum"]);
  });

  it("asks for a socket where the namespace has something in its name", async () => {
    @Namespace("/rooms/:room")
    class RoomsGateway {
      @OnEvent("which")
      @Ack()
      which(@Param("room") room: string): string {
        return room;
      }
    }
    const app = await start({ providers: [RoomsGateway] });

    expect(await app.invoke(RoomsGateway, "which", [], { socket: mockSocket({ namespace: "/rooms/7" }) })).toBe("7");
    await expect(app.invoke(RoomsGateway, "which")).rejects.toMatchObject({ code: "TESTING_OTHER_NAMESPACE" });
    await expect(app.invoke(RoomsGateway, "which", [], { socket: mockSocket() })).rejects.toMatchObject({
      message: "RoomsGateway serves /rooms/:room, and is called for a socket in /",
    });
  });

  it("refuses a gateway that it has not", async () => {
    const app = await start({ providers: [] });

    await expect(app.invoke(ChatGateway, "touch")).rejects.toMatchObject({ code: "GATEWAY_NOT_FOUND" });
  });
});
