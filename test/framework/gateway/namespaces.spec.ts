import { setImmediate as nextTurn } from "node:timers/promises";
import {
  Ack,
  type Class,
  EventParam,
  Inject,
  Injectable,
  Namespace,
  namespaceToken,
  OnConnect,
  OnDisconnect,
  OnEvent,
  Param,
  Socket,
  SocketNamespace,
} from "rookery";
import { Test, type TestingApplication } from "rookery/testing";
import { ask, useApplications } from "../support/applications.js";

let app: TestingApplication;

async function start(...providers: Class[]): Promise<TestingApplication> {
  app = await Test.createTestingModule({ providers }).compile();
  return app;
}

afterEach(async () => app.close());

describe("a namespace with parameters", () => {
  const gone: string[] = [];

  @Namespace("/orders/:id")
  class OrderGateway {
    constructor(readonly all: SocketNamespace) {}

    @OnConnect()
    hello(socket: Socket, @Param<"/orders/:id">("id") id: string): void {
      socket.emit("hello", id);
    }

    @OnEvent("who")
    @Ack()
    who(socket: Socket, @Param("id") id: string, @Param() params: unknown): unknown {
      return { id, params, namespace: socket.nsp.name };
    }

    @OnEvent("tell all")
    tellAll(text: string): void {
      this.all.emit("told", text);
    }

    @OnEvent("tell these")
    tellThese(socket: Socket, text: string): void {
      socket.nsp.emit("told", text);
    }

    @OnDisconnect()
    async bye(@Param("id") id: string): Promise<void> {
      await nextTurn();
      gone.push(id);
    }
  }

  it("is made when a client asks for it; hooks and handlers get the parameters, decoded", async () => {
    await start(OrderGateway);
    const ann = await app.connect("/orders/42");
    const bob = await app.connect("/orders/a%20b");
    await expect(ann).toReceive("hello", "42");
    expect(await bob.emitWithAck("who")).toEqual({ id: "a b", params: { id: "a b" }, namespace: "/orders/a%20b" });
    await ann.disconnect();
    await app.settled();
    expect(gone).toEqual(["42"]);
  });

  it("is refused when its name does not match", async () => {
    await start(OrderGateway);
    for (const name of ["/orders", "/orders/", "/orders/4/2", "/Orders/4"]) {
      await expect(app.connect(name)).rejects.toMatchObject({ message: "Invalid namespace" });
    }
  });

  it("shares one table of handlers with all of its pattern", async () => {
    await start(OrderGateway);
    await app.connect("/orders/1");
    await app.connect("/orders/2");
    expect(app.server.of("/orders/1").dispatch).toBe(app.server.of("/orders/2").dispatch);
  });

  it("is one of those that SocketNamespace stands for in its gateway", async () => {
    await start(OrderGateway);
    const [ann, bob] = [await app.connect("/orders/1"), await app.connect("/orders/2")];
    ann.emit("tell all", "everybody");
    await expect(bob).toReceive("told", "everybody");
    ann.emit("tell these", "us");
    await expect(ann).toReceive("told", "us");
    await app.settled();
    expect(bob).not.toHaveReceived("told", "us");
  });

  it("can be reached by its own name or by its pattern's from providers that are no gateway of it", async () => {
    @Injectable()
    class Announcer {
      constructor(
        @Inject(namespaceToken("/orders/:id")) readonly all: SocketNamespace,
        @Inject(namespaceToken("/orders/7")) readonly seven: SocketNamespace,
      ) {}
    }

    await start(OrderGateway, Announcer);
    const [ann, bob] = [await app.connect("/orders/7"), await app.connect("/orders/8")];
    const { all, seven } = app.get(Announcer);
    all.emit("to", "all");
    seven.emit("to", "seven");
    await expect(ann).toReceive("to", "all");
    await expect(ann).toReceive("to", "seven");
    await expect(bob).toReceive("to", "all");
    expect(bob).not.toHaveReceived("to", "seven");
  });
});

describe("a namespace with parameters, over a real socket", () => {
  const run = useApplications();

  it("is served, with event patterns, and closed like any other", async () => {
    const gone: string[] = [];

    @Namespace("/orders/:id")
    class OrderGateway {
      @OnEvent("line/:item")
      @Ack()
      line(@Param("id") id: string, @EventParam("item") item: string): string {
        return `${item} of ${id}`;
      }

      @OnDisconnect()
      bye(@Param("id") id: string): void {
        gone.push(id);
      }
    }

    const running = await run({ providers: [OrderGateway] });
    const client = await running.connect("/orders/a%20b");
    expect(await ask(client, "line/7")).toBe("7 of a b");
    expect(await running.refused("/orders")).toMatchObject({ message: "Invalid namespace" });
    await running.close();
    expect(gone).toEqual(["a b"]);
  });
});

describe("of several namespaces that match a name", () => {
  function named(pattern: string | RegExp, name: string): Class {
    @Namespace(pattern)
    class AnyGateway {
      @OnEvent("who")
      @Ack()
      who(@Param() params: unknown): unknown {
        return [name, params];
      }
    }
    return AnyGateway;
  }

  function fixed(name: string): Class {
    @Namespace(name)
    class FixedGateway {
      @OnEvent("who")
      @Ack()
      who(): string {
        return name;
      }
    }
    return FixedGateway;
  }

  it("a fixed name wins over paths, the more specific path over others, any path over a RegExp", async () => {
    await start(
      named(/^\/(.+)$/, "expression"),
      named("/:kind/:id", "kind"),
      named("/orders/:id", "orders"),
      fixed("/orders/new"),
    );
    const who = async (name: string): Promise<unknown> => (await app.connect(name)).emitWithAck("who");
    expect(await who("/orders/new")).toBe("/orders/new");
    expect(await who("/orders/7")).toEqual(["orders", { id: "7" }]);
    expect(await who("/carts/7")).toEqual(["kind", { kind: "carts", id: "7" }]);
    expect(await who("/a/b/c")).toEqual(["expression", { "0": "a/b/c" }]);
  });

  it("the same pattern at several gateways is one namespace", async () => {
    @Namespace("/rooms/:id")
    class FirstGateway {
      @OnEvent("first")
      @Ack()
      first(@Param("id") id: string): string {
        return `first ${id}`;
      }
    }

    @Namespace("rooms/:id")
    class SecondGateway {
      @OnEvent("second")
      @Ack()
      second(@Param("id") id: string): string {
        return `second ${id}`;
      }
    }

    await start(FirstGateway, SecondGateway);
    const client = await app.connect("/rooms/7");
    expect([await client.emitWithAck("first"), await client.emitWithAck("second")]).toEqual(["first 7", "second 7"]);
  });
});

describe("the middlewares of @Namespace()", () => {
  it("are passed by each connection before guards and hooks, in dynamic namespaces too", async () => {
    const passed: string[] = [];

    @Namespace("/rooms/:id", {
      middlewares: [
        (socket, next) => {
          passed.push(`middleware ${socket.nsp.name}`);
          next(socket.handshake.auth["token"] === "x" ? undefined : new Error("no token"));
        },
      ],
    })
    class RoomGateway {
      @OnConnect()
      hello(@Param("id") id: string): void {
        passed.push(`hook ${id}`);
      }
    }

    await start(RoomGateway);
    await app.connect("/rooms/1", { auth: { token: "x" } });
    await expect(app.connect("/rooms/2")).rejects.toMatchObject({ message: "no token" });
    expect(passed).toEqual(["middleware /rooms/1", "hook 1", "middleware /rooms/2"]);
  });
});
