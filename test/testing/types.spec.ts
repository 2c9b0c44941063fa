import { expectTypeOf } from "expect-type";
import type { ClientDisconnectReason, ProviderReplacement, TestClient, TestingApplication } from "rookery/testing";
import { Test } from "rookery/testing";

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
  expectTypeOf(module.overrideProvider(Service)).toEqualTypeOf<ProviderReplacement<Service>>();
  module.overrideProvider(Service).useValue({ find: () => 1 });
  // @ts-expect-error -- not what the provider returns
  module.overrideProvider(Service).useValue({ find: () => "1" });
  module.overrideProvider("token").useValue(1).overrideProvider(Symbol("token")).useValue("any");
}

describe("the types of the testing kit", () => {
  it("know a client's events when they are declared", () => {
    expectTypeOf(compiled).toBeFunction();

    expect(compiled).toHaveLength(3);
  });

  it("let everything pass when they are not", () => {
    expectTypeOf<Awaited<ReturnType<TestClient["emitWithAck"]>>>().toBeAny();
    expectTypeOf<Awaited<ReturnType<TestClient["next"]>>[0]>().toBeAny();

    expect(Test).toHaveProperty("createTestingModule");
  });
});
