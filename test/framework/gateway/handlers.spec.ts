import { IsInt, IsString } from "class-validator";
import { Exclude, Expose, Type } from "class-transformer";
import {
  Ack,
  type AckCallback,
  type CanActivate,
  Catch,
  ConnectedSocket,
  createParamDecorator,
  EventName,
  type ExceptionFilter,
  type ExecutionContext,
  GatewayException,
  Injectable,
  Namespace,
  OnEvent,
  Payload,
  Socket,
  UseFilters,
  UseGuards,
} from "rookery";
import { ask, useApplications } from "../support/applications.js";

class Item {
  @IsString() name!: string;
  @IsInt() count!: number;
}

class Author {
  name!: string;
  @Exclude() password!: string;
}

class Message {
  @Expose() id!: number;
  @Type(() => Author) author!: Author;
}

class Renamed {
  @Expose({ name: "n" }) count!: number;
}

/** Writes its name into `socket.data.asked`. */
abstract class Asked implements CanActivate {
  canActivate({ socket }: ExecutionContext): boolean {
    const data = socket.data as { asked?: string[] };
    (data.asked ??= []).push(this.constructor.name);
    return true;
  }
}

class First extends Asked {}
class Second extends Asked {}
class Third extends Asked {}
class Fourth extends Asked {}

@Injectable()
class Names {
  readonly admin = "ann";
}

@Injectable()
class AdminGuard implements CanActivate {
  constructor(readonly names: Names) {}

  canActivate({ args }: ExecutionContext): boolean {
    return args[0] === this.names.admin;
  }
}

class TooBig extends Error {}

@Catch(TooBig)
class SizeFilter implements ExceptionFilter<TooBig> {
  catch(error: TooBig, context: ExecutionContext): never {
    throw new GatewayException("TOO_BIG", `${context.getClass().name} ${context.event ?? ""}: ${error.message}`);
  }
}

class AnswerFilter implements ExceptionFilter {
  catch(error: unknown): unknown {
    return error instanceof RangeError ? { instead: "an answer" } : undefined;
  }
}

const First3 = createParamDecorator((count: number, { args }) => args.slice(0, count));

describe("a handler", () => {
  const run = useApplications();

  it("takes the arguments in order, the socket wherever it stands, and decorated parameters besides", async () => {
    @Namespace()
    class ArgumentGateway {
      @OnEvent("all")
      @Ack()
      all(
        socket: Socket,
        first: string,
        @ConnectedSocket() same: Socket,
        second: number,
        @EventName() event: string,
        @Payload(0) again: string,
        third: boolean,
        @First3(2) two: unknown[],
      ): unknown {
        return [socket === same, first, second, third, event, again, two];
      }
    }

    const client = await (await run({ providers: [ArgumentGateway] })).connect();
    expect(await ask(client, "all", "a", 2, true, "surplus")).toEqual([true, "a", 2, true, "all", "a", ["a", 2]]);
  });

  it("may leave arguments out when the parameter is optional or has a default, before others as null", async () => {
    @Namespace()
    class OptionalGateway {
      @OnEvent("page")
      @Ack()
      page(@Payload({ optional: true }) after: string | undefined, size: number = 10): unknown {
        return { after: after ?? "start", size };
      }
    }

    const client = await (await run({ providers: [OptionalGateway] })).connect();
    expect(await ask(client, "page")).toEqual({ after: "start", size: 10 });
    expect(await ask(client, "page", null, 5)).toEqual({ after: "start", size: 5 });
    expect(await ask(client, "page", "x", "5")).toMatchObject({ error: { code: "VALIDATION_FAILED" } });
  });

  it("takes the rest of the arguments, checked when a type is named", async () => {
    @Namespace()
    class RestGateway {
      @OnEvent("any")
      @Ack()
      any(first: string, ...rest: unknown[]): unknown {
        return { first, rest };
      }

      @OnEvent("items")
      @Ack()
      items(@Payload(() => Item) ...items: Item[]): unknown {
        return items.map((item) => [item instanceof Item, item.name]);
      }
    }

    const client = await (await run({ providers: [RestGateway] })).connect();
    expect(await ask(client, "any", "a", 1, { b: 2 }, null)).toEqual({ first: "a", rest: [1, { b: 2 }, null] });
    expect(await ask(client, "any", "a")).toEqual({ first: "a", rest: [] });
    expect(await ask(client, "items", { name: "x", count: 1 }, { name: "y", count: 2 })).toEqual([
      [true, "x"],
      [true, "y"],
    ]);
    expect(await ask(client, "items", { name: "x", count: 1 }, { name: "y" })).toMatchObject({
      error: { details: [{ path: "count" }] },
    });
  });

  it("takes buffers, and gives them back", async () => {
    @Namespace()
    class BinaryGateway {
      @OnEvent("reverse")
      @Ack()
      reverse(bytes: Buffer): Uint8Array {
        return Buffer.from(bytes).reverse();
      }
    }

    const client = await (await run({ providers: [BinaryGateway] })).connect();
    expect(await ask(client, "reverse", Buffer.from([1, 2, 3]))).toEqual(Buffer.from([3, 2, 1]));
    expect(await ask(client, "reverse", "text")).toMatchObject({
      error: { details: [{ path: "", constraints: { bytes: "must be binary" } }] },
    });
  });

  it("serves several events, from one decorator or stacked ones", async () => {
    @Namespace()
    class ManyGateway {
      @OnEvent("a", "b")
      @OnEvent(["c"])
      @OnEvent("a")
      @Ack()
      many(@EventName() event: string): string {
        return event;
      }
    }

    const client = await (await run({ providers: [ManyGateway] })).connect();
    expect(await Promise.all(["a", "b", "c"].map((event) => ask(client, event)))).toEqual(["a", "b", "c"]);
  });

  it("is inherited, with its guards; an override may say its events and parameters anew but keeps the guards", async () => {
    abstract class Base {
      @OnEvent("inherited")
      @Ack()
      inherited(text: string): string {
        return `base ${text}`;
      }

      @OnEvent("old name")
      @UseGuards(First)
      @Ack()
      renamed(_text: string): unknown {
        return undefined;
      }

      @OnEvent("overridden")
      @Ack()
      overridden(): string {
        return "base";
      }
    }

    @Namespace()
    class Derived extends Base {
      @OnEvent("new name")
      override renamed(@ConnectedSocket() socket: unknown): unknown {
        return (socket as Socket).data.asked;
      }

      override overridden(): string {
        return "derived";
      }
    }

    const client = await (await run({ providers: [Derived] })).connect();
    expect(await ask(client, "inherited", "x")).toBe("base x");
    expect(await ask(client, "inherited", 1)).toMatchObject({ error: { code: "VALIDATION_FAILED" } });
    expect(await ask(client, "new name")).toEqual(["First"]);
    expect(await ask(client, "old name")).toMatchObject({ error: { code: "NOT_FOUND" } });
    expect(await ask(client, "overridden")).toBe("derived");
  });

  it("is guarded by the global guards, then the gateway's, then its own, in the order written", async () => {
    @Namespace()
    @UseGuards(Second)
    class GuardedGateway {
      @OnEvent("asked")
      @UseGuards(Third)
      @UseGuards(Fourth)
      @Ack()
      asked(socket: Socket): unknown {
        return socket.data.asked;
      }
    }

    const running = await run({ providers: [GuardedGateway] }, { prepare: (app) => app.useGlobalGuards(First) });
    const client = await running.connect();
    expect(await ask(client, "asked")).toEqual(["First", "Second", "First", "Second", "Third", "Fourth"]);
  });

  it("is guarded by classes that the container makes, and by instances", async () => {
    const closed: CanActivate = { canActivate: () => Promise.resolve(false) };

    @Namespace()
    class GuardedGateway {
      @OnEvent("admin")
      @UseGuards(AdminGuard)
      @Ack()
      admin(name: string): string {
        return name;
      }

      @OnEvent("closed")
      @UseGuards(closed)
      closed(): void {}

      @OnEvent("truthy")
      @UseGuards({ canActivate: () => "yes" as never })
      truthy(): void {}
    }

    const client = await (await run({ providers: [GuardedGateway, Names] })).connect();
    expect(await ask(client, "admin", "ann")).toBe("ann");
    for (const [event, ...args] of [["admin", "bob"], ["closed"], ["truthy"]] as const) {
      expect(await ask(client, event, ...args)).toMatchObject({ error: { code: "FORBIDDEN" } });
    }
  });

  it("has its errors filtered: nearest first, only those that the filter is for", async () => {
    @Namespace()
    @UseFilters(SizeFilter)
    class FilteredGateway {
      @OnEvent("too big")
      @UseFilters(AnswerFilter)
      tooBig(): never {
        throw new TooBig("10 MB");
      }

      @OnEvent("answered")
      @UseFilters(new AnswerFilter())
      async answered(): Promise<never> {
        return Promise.reject(new RangeError());
      }

      @OnEvent("left alone")
      @UseFilters(AnswerFilter)
      leftAlone(@Ack() _reply: AckCallback): never {
        throw new GatewayException("CONFLICT");
      }
    }

    const client = await (await run({ providers: [FilteredGateway] })).connect();
    expect(await ask(client, "too big")).toEqual({
      error: { code: "TOO_BIG", message: "FilteredGateway too big: 10 MB" },
    });
    expect(await ask(client, "answered")).toEqual({ instead: "an answer" });
    expect(await ask(client, "left alone")).toMatchObject({ error: { code: "CONFLICT" } });
  });

  it("has its errors filtered globally last", async () => {
    @Namespace()
    class FilteredGateway {
      @OnEvent("breaks")
      breaks(): never {
        throw new RangeError();
      }
    }

    const running = await run(
      { providers: [FilteredGateway] },
      { prepare: (app) => app.useGlobalFilters(AnswerFilter) },
    );
    expect(await ask(await running.connect(), "breaks")).toEqual({ instead: "an answer" });
  });

  it("answers as the class of @Ack(Dto), one or an array, from plain objects and instances", async () => {
    const plain = { id: 1, author: { name: "ann", password: "hunter2" } };

    @Namespace()
    class ReplyGateway {
      @OnEvent("one")
      @Ack(Message)
      one(): unknown {
        return plain;
      }

      @OnEvent("many")
      @Ack(() => [Message])
      async many(): Promise<unknown> {
        return Promise.resolve([
          plain,
          Object.assign(new Message(), { id: 2, author: Object.assign(new Author(), plain.author) }),
        ]);
      }

      @OnEvent("renamed")
      @Ack([Renamed])
      renamed(): unknown {
        return [Object.assign(new Renamed(), { count: 3 }), { n: 4 }];
      }

      @OnEvent("none")
      @Ack(Message)
      none(): undefined {
        return undefined;
      }
    }

    const client = await (await run({ providers: [ReplyGateway] })).connect();
    expect(await ask(client, "one")).toEqual({ id: 1, author: { name: "ann" } });
    expect(await ask(client, "many")).toEqual([
      { id: 1, author: { name: "ann" } },
      { id: 2, author: { name: "ann" } },
    ]);
    expect(await ask(client, "renamed")).toEqual([{ n: 3 }, { n: 4 }]);
    expect(await ask(client, "none")).toBeUndefined();
  });

  it("shares its namespace with other gateways, and its sockets with plain listeners", async () => {
    @Namespace("/shared")
    class FirstGateway {
      @OnEvent("first")
      @Ack()
      first(): string {
        return "first";
      }
    }

    @Namespace("/shared")
    class SecondGateway {
      @OnEvent("second")
      @Ack()
      second(): string {
        return "second";
      }
    }

    const running = await run({ providers: [FirstGateway, SecondGateway] });
    running.app.server.of("/shared").on("connection", (socket) => {
      socket.on("plain", (reply: (answer: string) => void) => reply("plain"));
    });
    const client = await running.connect("/shared");
    expect(await Promise.all(["first", "second", "plain"].map((event) => ask(client, event)))).toEqual([
      "first",
      "second",
      "plain",
    ]);
    expect(
      running.app.server
        .of("/shared")
        .sockets.get(client.id ?? "")
        ?.listenerCount("first"),
    ).toBe(0);
  });
});
