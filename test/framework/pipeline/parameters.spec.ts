import { setTimeout as later } from "node:timers/promises";
import { IsString } from "class-validator";
import {
  Ack,
  Auth,
  ConnectedSocket,
  CurrentUser,
  ExecutionContext,
  EventName,
  EventParam,
  Handshake,
  Headers,
  Namespace,
  OnConnect,
  OnDisconnect,
  OnEvent,
  Param,
  ParseIntPipe,
  Payload,
  Query,
  Reason,
  Rooms,
  Server,
  Signal,
  Socket,
  SocketData,
  SocketNamespace,
  UseGuards,
} from "rookery";
import { until } from "../../support/waiting.js";
import { useInMemory } from "../support/in-memory.js";

class Credentials {
  @IsString() name!: string;
}

interface Data {
  user: { readonly name: string };
  visits: number;
}

@Namespace("/orders/:id")
class OrderGateway {
  readonly diary: unknown[] = [];

  @OnConnect()
  hello(
    @ConnectedSocket() socket: Socket,
    @Auth() { name }: Credentials,
    @Param("id") id: string,
    @Param() params: unknown,
    @Query("page") page: string | undefined,
    @Rooms() rooms: ReadonlySet<string>,
    @Signal() signal: AbortSignal,
  ): void {
    socket.data = { user: { name }, visits: 1 };
    this.diary.push(["connect", id, params, page, rooms.size, signal.aborted]);
  }

  @OnEvent("item:*:rename")
  @Ack()
  rename(
    name: string,
    @EventName() event: string,
    @EventParam() item: string,
    @EventParam(0, ParseIntPipe) number: number,
    @CurrentUser() user: Data["user"],
    @SocketData("visits") visits: number,
    @SocketData() data: Data,
    @Payload(0) same: string,
  ): unknown {
    return { name, event, item, number, user, visits, data, same };
  }

  @OnEvent("where")
  @Ack()
  where(
    @Handshake() handshake: Handshake,
    @Headers("X-Device") device: string | undefined,
    @Headers() headers: Record<string, unknown>,
    @Query() query: Record<string, unknown>,
    @Query("none") none: string | undefined,
    @Rooms() rooms: ReadonlySet<string>,
    @Auth() auth: Credentials,
  ): unknown {
    return {
      sees: Object.keys(handshake).toSorted(),
      device,
      same: headers["x-device"],
      page: query.page,
      none: none ?? "none",
      rooms: rooms.size,
      auth: auth instanceof Credentials,
    };
  }

  @OnDisconnect()
  bye(@Reason() reason: string, @CurrentUser() user: Data["user"], @Param("id") id: string, @Auth() auth: Credentials) {
    this.diary.push(["disconnect", reason, user.name, id, auth.name]);
  }
}

describe("a parameter decorator", () => {
  const start = useInMemory();

  it("reads the event, the socket, its data and the handshake, on connect, message and disconnect", async () => {
    const app = await start({ providers: [OrderGateway] });
    const client = await app.connect("/orders/7", {
      auth: { name: "ann" },
      headers: { "x-device": "phone" },
      query: { page: "2" },
    });
    const user = { name: "ann" };
    expect(await client.emitWithAck("item:42:rename", "pen")).toEqual({
      ...{ name: "pen", event: "item:42:rename", item: "42", number: 42 },
      ...{ user, visits: 1, data: { user, visits: 1 }, same: "pen" },
    });
    expect(await client.emitWithAck("where")).toEqual({
      sees: ["address", "auth", "headers", "issued", "query", "secure", "time", "url", "xdomain"],
      ...{ device: "phone", same: "phone", page: "2", none: "none", rooms: 1, auth: true },
    });
    await client.disconnect();
    await app.settled();
    expect(app.get(OrderGateway).diary).toEqual([
      ["connect", "7", { id: "7" }, "2", 0, false],
      ["disconnect", "client namespace disconnect", "ann", "7", "ann"],
    ]);
  });

  it("gives undefined for the user and for data that nobody has put there", async () => {
    @Namespace()
    class EmptyGateway {
      @OnEvent("who")
      @Ack()
      who(socket: Socket, @CurrentUser() user: unknown, @SocketData("name") name: unknown): unknown {
        socket.data = null as never;
        return [user === undefined, name === undefined];
      }
    }

    const client = await (await start({ providers: [EmptyGateway] })).connect();
    expect(await client.emitWithAck("who")).toEqual([true, true]);
    expect(await client.emitWithAck("who")).toEqual([true, true]);
  });
});

describe("the execution context", () => {
  const start = useInMemory();

  it("says what guards need: namespace, event, parts of names, handshake, auth, class and method", async () => {
    const seen: unknown[] = [];

    @Namespace("/rooms/:room")
    @UseGuards({
      canActivate: (context: ExecutionContext) => {
        const { kind, namespace, event, args, params, eventParams, handshake, auth, reason, signal } = context;
        seen.push({ kind, namespace: namespace.name, event, args, params, eventParams, reason, auth });
        expect([handshake.auth, signal.aborted]).toEqual([auth, false]);
        seen.push(`${context.getClass().name}.${context.getHandler()?.name}`);
        return true;
      },
    })
    class RoomGateway {
      @OnEvent("say/:to")
      @Ack()
      say(): void {
        seen.push("said");
      }
    }

    const client = await (await start({ providers: [RoomGateway] })).connect("/rooms/a%20b", { auth: { name: "ann" } });
    await client.emitWithAck("say/bob", "hi");
    const common = { namespace: "/rooms/a%20b", params: { room: "a b" }, reason: undefined, auth: { name: "ann" } };
    expect(seen).toEqual([
      { ...common, kind: "connect", event: undefined, args: [], eventParams: {} },
      "RoomGateway.undefined",
      { ...common, kind: "message", event: "say/bob", args: ["hi"], eventParams: { to: "bob" } },
      "RoomGateway.say",
      "said",
    ]);
  });
});

describe("@Signal()", () => {
  const start = useInMemory();

  it("aborts when the client leaves; what the handler throws of it is not logged as an error", async () => {
    const endings: unknown[] = [];

    @Namespace()
    class SlowGateway {
      @OnEvent("slow")
      @Ack()
      async slow(@Signal() signal: AbortSignal): Promise<void> {
        endings.push("began");
        try {
          await later(60_000, undefined, { signal });
        } catch (error) {
          endings.push((signal.reason as { code?: string }).code);
          throw error;
        }
      }
    }

    const app = await start({ providers: [SlowGateway] });
    const client = await app.connect();
    client.emit("slow");
    await until(() => endings.length === 1, "the handler runs");
    await client.disconnect();
    await app.settled();
    expect(endings).toEqual(["began", "DISCONNECTED"]);
    expect(app.log).toEqual([]);
  });
});

describe("a parameter without a decorator", () => {
  const start = useInMemory();

  it("takes no argument when its type is something that every call has", async () => {
    @Namespace("/typed")
    class TypedGateway {
      @OnConnect()
      hello(context: ExecutionContext, namespace: SocketNamespace): void {
        context.socket.data = { hello: [context.kind, namespace.name] };
      }

      @OnEvent("sum")
      @Ack()
      sum(context: ExecutionContext, a: number, socket: Socket, b: number, server: Server): unknown {
        return [a + b, context.event, context.socket === socket, socket.server === server, socket.data.hello];
      }
    }
    const client = await (await start({ providers: [TypedGateway] })).connect("/typed");
    expect(await client.emitWithAck("sum", 1, 2)).toEqual([3, "sum", true, true, ["connect", "/typed"]]);
  });
});
