import {
  Ack,
  type CanActivate,
  type Class,
  ConnectedSocket,
  type ExecutionContext,
  Namespace,
  OnConnect,
  OnEvent,
  Payload,
  Socket,
  UseGuards,
} from "rookery";
import { Test, type TestingApplication } from "rookery/testing";

let app: TestingApplication;

async function start(...providers: Class[]): Promise<TestingApplication> {
  app = await Test.createTestingModule({ providers }).compile();
  return app;
}

afterEach(async () => app.close());

/** Writes its name into `socket.data.asked`. */
class Asked implements CanActivate {
  canActivate({ socket, kind }: ExecutionContext): boolean {
    if (kind === "message") socket.data = { asked: true };
    return true;
  }
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what TypeScript asks of the base of a mixin
type Constructor = abstract new (...args: any[]) => object;

class Gateway {}

/** Adds `ping` to any gateway. */
function Pinging<Base extends Constructor>(base: Base) {
  abstract class PingingGateway extends base {
    @OnEvent("ping")
    @Ack()
    ping(text: string): string {
      return `${this.constructor.name} ${text}`;
    }
  }
  return PingingGateway;
}

/** Adds `echo` to any gateway. */
function Echoing<Base extends Constructor>(base: Base) {
  abstract class EchoingGateway extends base {
    @OnEvent("echo")
    @UseGuards(Asked)
    @Ack()
    echo(@ConnectedSocket() socket: Socket, @Payload() text: string): unknown {
      return [text, socket.data];
    }
  }
  return EchoingGateway;
}

describe("a gateway", () => {
  it("has the handlers of its mixins, with their guards, types and parameters", async () => {
    @Namespace()
    class ChatGateway extends Echoing(Pinging(Gateway)) {}

    const client = await (await start(ChatGateway)).connect();
    expect(await client.emitWithAck("ping", "a")).toBe("ChatGateway a");
    expect(await client.emitWithAck("echo", "b")).toEqual(["b", { asked: true }]);
    await expect(client.emitWithAck("echo", 1)).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
  });

  it("shares a mixin with another gateway without sharing its records", async () => {
    @Namespace("/a")
    class FirstGateway extends Pinging(Gateway) {
      @OnEvent("own")
      @Ack()
      own(): string {
        return "own";
      }
    }

    @Namespace("/b")
    class SecondGateway extends Pinging(Gateway) {}

    await start(FirstGateway, SecondGateway);
    const [first, second] = [await app.connect("/a"), await app.connect("/b")];
    expect(await first.emitWithAck("ping", "x")).toBe("FirstGateway x");
    expect(await second.emitWithAck("ping", "x")).toBe("SecondGateway x");
    await expect(second.emitWithAck("own")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("inherits its namespace, and may name another", async () => {
    @Namespace("/base")
    abstract class Base {
      @OnEvent("who")
      @Ack()
      who(): string {
        return this.constructor.name;
      }
    }

    class Heir extends Base {}

    @Namespace("/other")
    class Mover extends Base {}

    await start(Heir, Mover);
    expect(await (await app.connect("/base")).emitWithAck("who")).toBe("Heir");
    expect(await (await app.connect("/other")).emitWithAck("who")).toBe("Mover");
  });

  it("may have methods named by symbols, hooks among them", async () => {
    const send = Symbol("send");
    const greet = Symbol("greet");

    @Namespace()
    class SymbolGateway {
      @OnConnect()
      [greet](socket: Socket): void {
        socket.emit("hello");
      }

      @OnEvent("send")
      @Ack()
      [send](text: string): string {
        return text.toUpperCase();
      }

      @OnEvent("fail")
      [Symbol.for("fail")](): never {
        throw new Error("broken");
      }
    }

    const client = await (await start(SymbolGateway)).connect();
    await expect(client).toReceive("hello");
    expect(await client.emitWithAck("send", "a")).toBe("A");
    await expect(client.emitWithAck("send", 1)).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
    await expect(client.emitWithAck("fail")).rejects.toMatchObject({ code: "INTERNAL" });
    expect(app.log).toContainEqual(expect.objectContaining({ message: "SymbolGateway[Symbol(fail)] failed" }));
  });
});
