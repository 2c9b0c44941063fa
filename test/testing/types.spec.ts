import { expectTypeOf } from "expect-type";
import { APP_GUARD, type CanActivate, type Server, type Socket } from "rookery";
import {
  autoMock,
  type ClientDisconnectReason,
  createMock,
  invoke,
  mockServer,
  mockSocket,
  type ProviderReplacement,
  Test,
  type TestClient,
  type TestingApplication,
  type TestingModuleBuilder,
} from "rookery/testing";

interface ServerToClient {
  news: (text: string, urgency: number) => void;
  question: (text: string, reply: (answer: boolean) => void) => void;
}

interface ClientToServer {
  say: (text: string) => void;
  ask: (text: string, reply: (answer: number) => void) => void;
}

type Typed = TestClient<ServerToClient, ClientToServer>;

class Service {
  readonly #secret = 1;

  find(id: string): number {
    return id.length + this.#secret;
  }
}

/** Never called: the compiler checks what is in it. */
function compiled(typed: Typed, untyped: TestClient, app: TestingApplication): void {
  expectTypeOf(typed.emit("say", "hi")).toEqualTypeOf<Typed>();
  // @ts-expect-error -- no such event
  typed.emit("shout", "hi");
  // @ts-expect-error -- not its argument
  typed.emit("say", 1);
  // @ts-expect-error -- asks for no acknowledgement
  void typed.emitWithAck("say", "hi");

  expectTypeOf(typed.emitWithAck("ask", "hi")).resolves.toEqualTypeOf<number>();
  expectTypeOf(typed.next("question")).resolves.toEqualTypeOf<[text: string]>();
  expectTypeOf(typed.received("news")).toEqualTypeOf<[text: string, urgency: number][]>();

  expectTypeOf(typed.emitWithAck("ask", "hi").raw).resolves.toEqualTypeOf<readonly unknown[]>();

  typed.onAck("question", (text) => {
    expectTypeOf(text).toEqualTypeOf<string>();
    return true;
  });
  typed.onAck("question", async () => Promise.resolve(false));
  // @ts-expect-error -- not what the server asks for
  typed.onAck("question", () => "yes");
  // @ts-expect-error -- the server asks for no acknowledgement
  typed.onAck("news", () => true);
  expectTypeOf(typed.answer("question", true)).resolves.toEqualTypeOf<[text: string]>();
  // @ts-expect-error -- not what the server asks for
  void typed.answer("question", 1);
  void untyped.answer("anything", 1, "two");
  untyped.onAck("anything", (text: string) => text.length);
  void typed.disconnect("ping timeout");
  // @ts-expect-error -- no client can bring that about
  void typed.disconnect("server shutting down");
  expectTypeOf(typed.reconnect()).resolves.toEqualTypeOf<Typed>();
  expectTypeOf(typed.connect<ServerToClient, ClientToServer>("/chat")).resolves.toEqualTypeOf<Typed>();

  typed.on("question", (text, reply) => {
    expectTypeOf(text).toEqualTypeOf<string>();
    reply(true);
  });
  typed.on("disconnect", (reason) => {
    expectTypeOf(reason).toEqualTypeOf<ClientDisconnectReason>();
  });
  untyped.on("anything", (text: string, reply: (answer: number) => void) => {
    reply(text.length);
  });

  expectTypeOf(app.connect<ServerToClient, ClientToServer>("/chat")).resolves.toEqualTypeOf<Typed>();
  expectTypeOf(app.get(Service)).toEqualTypeOf<Service>();

  const module = Test.createTestingModule({});
  expectTypeOf(module.overrideProvider(Service)).toEqualTypeOf<ProviderReplacement<Service, TestingModuleBuilder>>();
  module.overrideProvider(Service).useValue({ find: () => 1 });
  // @ts-expect-error -- not what the provider returns
  module.overrideProvider(Service).useValue({ find: () => "1" });
  module.overrideProvider("token").useValue(1).overrideProvider(Symbol("token")).useValue("any");
  module
    .overrideGuard(Guard)
    .useValue({ canActivate: () => true })
    .overrideGuard(APP_GUARD)
    .useClass(Guard);
  // @ts-expect-error -- no guard
  module.overrideGuard(Service);
  // @ts-expect-error -- no guard either
  module.overrideGuard(Guard).useValue({ find: () => 1 });
  // @ts-expect-error -- a guard is no pipe
  module.overridePipe(Guard);
  module.overrideModule(Service).useModule({ module: Service, providers: [] });
  module.useMocker(autoMock).useMocker((token) => (token === Service ? { find: () => 1 } : undefined));

  expectTypeOf(app.invoke(Gateway, "ask", ["hi"])).resolves.toEqualTypeOf<number>();
  expectTypeOf(app.invoke(Gateway, "count")).resolves.toEqualTypeOf<string[]>();
  expectTypeOf(invoke(new Gateway(), "ask", ["hi"], { socket: mockSocket() })).resolves.toEqualTypeOf<number>();
  // @ts-expect-error -- no method
  void app.invoke(Gateway, "name");
  // @ts-expect-error -- no such method
  void app.invoke(Gateway, "shout");
}

class Guard implements CanActivate {
  async canActivate(): Promise<boolean> {
    return Promise.resolve(false);
  }
}

class Gateway {
  readonly name = "gateway";

  async ask(text: string): Promise<number> {
    return Promise.resolve(text.length);
  }

  async *count(): AsyncGenerator<string> {
    yield await Promise.resolve(this.name);
  }
}

/** Never called either. */
function mocked(): void {
  const socket = mockSocket<ClientToServer, ServerToClient, Record<string, never>, { user: string }>({
    data: { user: "ann" },
  });
  expectTypeOf(socket).toExtend<Socket<ClientToServer, ServerToClient, Record<string, never>, { user: string }>>();
  expectTypeOf(mockSocket()).toExtend<Socket>();
  expectTypeOf(socket.data.user).toEqualTypeOf<string>();
  socket.emit("news", "hi", 1);
  // @ts-expect-error -- not its arguments
  socket.emit("news", 1);
  // @ts-expect-error -- no such data
  mockSocket<ClientToServer, ServerToClient, Record<string, never>, { user: string }>({ data: { name: "ann" } });
  expectTypeOf(mockServer<ClientToServer, ServerToClient>()).toExtend<Server<ClientToServer, ServerToClient>>();
  expectTypeOf(mockServer()).toExtend<Server>();
  mockSocket({ server: mockServer() });

  const service = createMock<Service>();
  expectTypeOf(service).toExtend<Service>();
  service.find.mockReturnValue(1);
  expectTypeOf(service.find.mock.calls).toEqualTypeOf<[id: string][]>();
  // @ts-expect-error -- not what it returns
  service.find.mockReturnValue("1");
  // @ts-expect-error -- no such member
  createMock<Service>({ lose: () => 1 });
}

describe("the types of the testing kit", () => {
  it("know a client's events when they are declared", () => {
    expectTypeOf(compiled).toBeFunction();

    expect(compiled).toHaveLength(3);
  });

  it("make mocks fit where the real ones go", () => {
    expectTypeOf(mocked).toBeFunction();

    expect(mocked).toHaveLength(0);
  });

  it("let everything pass when they are not", () => {
    expectTypeOf<Awaited<ReturnType<TestClient["emitWithAck"]>>>().toBeAny();
    expectTypeOf<Awaited<ReturnType<TestClient["next"]>>[0]>().toBeAny();

    expect(Test).toHaveProperty("createTestingModule");
  });
});
