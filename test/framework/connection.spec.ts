import { setImmediate as nextTurn } from "node:timers/promises";
import { IsString, MinLength } from "class-validator";
import {
  Ack,
  Auth,
  type CanActivate,
  Catch,
  type ExceptionFilter,
  type ExecutionContext,
  GatewayException,
  Injectable,
  Namespace,
  OnConnect,
  OnDisconnect,
  OnDisconnecting,
  OnEvent,
  Socket,
  UseFilters,
  UseGuards,
} from "rookery";
import { until } from "../support/waiting.js";
import { ask, useApplications } from "./support/applications.js";
import { openRaw } from "./support/frames.js";
import { ManualClock } from "./support/manual-clock.js";

class Credentials {
  @IsString()
  @MinLength(2)
  name!: string;
}

/** Writes down who asked what, and refuses those whose `auth.role` is missing. */
@Injectable()
class RoleGuard implements CanActivate {
  readonly asked: string[] = [];

  async canActivate(context: ExecutionContext): Promise<boolean> {
    await nextTurn();
    this.asked.push(`${context.kind} ${context.event ?? "-"} ${context.getClass().name}`);
    return context.socket.handshake.auth.role !== undefined;
  }
}

@Namespace("/chat")
class ChatGateway {
  readonly diary: string[] = [];

  @OnConnect()
  hello(socket: Socket, @Auth() auth: Credentials): void {
    if (auth.name === "taken") throw new GatewayException("CONFLICT", "That name is taken.", { name: auth.name });
    this.diary.push(`hello ${auth.name} ${auth instanceof Credentials}`);
    (socket.data as { name?: string }).name = auth.name;
  }

  @OnDisconnecting()
  leaving(socket: Socket, reason: string): void {
    this.diary.push(`leaving ${socket.rooms.size} room: ${reason}`);
  }

  @OnDisconnect()
  gone(socket: Socket, reason: string, description: unknown): void {
    this.diary.push(`gone from ${socket.rooms.size} rooms: ${reason} ${typeof description}`);
  }

  @OnEvent("name")
  @Ack()
  name(socket: Socket): unknown {
    return (socket.data as { name?: string }).name;
  }
}

describe("a connection", () => {
  const run = useApplications();

  it("is made after the hooks of its namespace, with the auth it sent", async () => {
    const running = await run({ providers: [ChatGateway] });
    const client = await running.connect("/chat", { name: "ann" });
    expect(await ask(client, "name")).toBe("ann");
    client.disconnect();
    const { diary } = running.app.get(ChatGateway);
    await until(() => diary.length === 3, "the hooks have run");
    expect(diary).toEqual([
      "hello ann true",
      "leaving 1 room: client namespace disconnect",
      "gone from 0 rooms: client namespace disconnect undefined",
    ]);
  });

  it("is refused with code, message and details of what a hook throws; no other hook hears of it", async () => {
    const running = await run({ providers: [ChatGateway] });
    const error = await running.refused("/chat", { name: "taken" });
    expect([error.message, error.data]).toEqual([
      "That name is taken.",
      { code: "CONFLICT", details: { name: "taken" } },
    ]);
    await nextTurn();
    expect(running.app.get(ChatGateway).diary).toEqual([]);
    expect(running.log).toEqual([]);
  });

  it("is refused with VALIDATION_FAILED when auth breaks the rules of its class", async () => {
    const error = await (await run({ providers: [ChatGateway] })).refused("/chat", { name: "x" });
    expect([error.message, error.data]).toEqual([
      "The payload is not valid.",
      {
        code: "VALIDATION_FAILED",
        details: [{ path: "name", constraints: { minLength: "name must be longer than or equal to 2 characters" } }],
      },
    ]);
  });

  it("is refused with FORBIDDEN by a guard of the gateway, which is asked for every event too", async () => {
    @Namespace("/staff")
    @UseGuards(RoleGuard)
    class StaffGateway {
      @OnEvent("work")
      @Ack()
      work(): string {
        return "done";
      }
    }

    const running = await run({ providers: [StaffGateway, RoleGuard] });
    const error = await running.refused("/staff");
    expect([error.message, error.data]).toEqual(["You may not do this.", { code: "FORBIDDEN" }]);
    expect(await ask(await running.connect("/staff", { role: "cook" }), "work")).toBe("done");
    expect(running.app.get(RoleGuard).asked).toEqual([
      "connect - StaffGateway",
      "connect - StaffGateway",
      "message work StaffGateway",
    ]);
  });

  it("is judged once by a global guard, before the hooks of all gateways of its namespace", async () => {
    const diary: string[] = [];

    @Namespace("/two")
    class FirstGateway {
      @OnConnect()
      first(): void {
        diary.push("first");
      }
    }

    @Namespace("/two")
    class SecondGateway {
      @OnConnect()
      @UseGuards(RoleGuard)
      second(): void {
        diary.push("second");
      }
    }

    const guard = new RoleGuard();
    const running = await run(
      { providers: [FirstGateway, SecondGateway, { provide: RoleGuard, useValue: guard }] },
      { prepare: (app) => app.useGlobalGuards(guard) },
    );
    await running.refused("/two");
    await running.connect("/two", { role: "cook" });
    expect(guard.asked).toEqual(["connect - FirstGateway", "connect - FirstGateway", "connect - SecondGateway"]);
    expect(diary).toEqual(["first", "second"]);
  });

  it("is judged by global guards even in the main namespace of an application that serves others only", async () => {
    const guard = new RoleGuard();
    const running = await run({ providers: [ChatGateway] }, { prepare: (app) => app.useGlobalGuards(guard) });
    expect((await running.refused("/")).data).toEqual({ code: "FORBIDDEN" });
    const client = await running.connect("/", { role: "cook" });
    expect(await ask(client, "anything")).toMatchObject({ error: { code: "NOT_FOUND" } });
  });

  it("stays refused when a filter answers, with the error that a filter throws in its place", async () => {
    class NotForYou extends Error {}

    @Catch(NotForYou)
    class Polite implements ExceptionFilter {
      catch(): never {
        throw new GatewayException("UNAUTHENTICATED", "Please sign in.");
      }
    }

    class Forgiving implements ExceptionFilter {
      catch(): string {
        return "come in";
      }
    }

    @Namespace("/door")
    @UseFilters(Forgiving)
    class DoorGateway {
      @OnConnect()
      @UseFilters(Polite)
      refuse(): never {
        throw new NotForYou();
      }
    }

    const error = await (await run({ providers: [DoorGateway] })).refused("/door");
    expect([error.message, error.data]).toEqual(["Please sign in.", { code: "UNAUTHENTICATED" }]);
  });

  it("is refused with TIMEOUT when a hook does not end", async () => {
    const clock = new ManualClock();
    let began = false;

    @Namespace("/slow")
    class SlowGateway {
      @OnConnect()
      wait(): Promise<never> {
        began = true;
        return new Promise(() => undefined);
      }
    }

    const running = await run({ providers: [SlowGateway] }, { clock, handlerTimeout: "10s" });
    const refused = running.refused("/slow");
    await until(() => began, "the hook runs");
    clock.advance(10_000);
    expect((await refused).data).toEqual({ code: "TIMEOUT" });
  });

  it("is refused with INTERNAL and a correlation id, which the log has, when a hook throws anything else", async () => {
    @Namespace("/broken")
    class BrokenGateway {
      @OnConnect()
      hello(): never {
        throw new TypeError("password is hunter2");
      }
    }

    const running = await run({ providers: [BrokenGateway] });
    const error = await running.refused("/broken");
    expect(error.message).toBe("Something went wrong.");
    expect(error.data).toEqual({ code: "INTERNAL", details: { correlationId: expect.any(String) as string } });
    const { correlationId } = (error.data as { details: { correlationId: string } }).details;
    expect(running.log).toEqual([
      expect.objectContaining({
        message: "BrokenGateway.hello failed",
        fields: expect.objectContaining({ correlationId, kind: "connect", namespace: "/broken" }) as unknown,
      }),
    ]);
  });

  it("is refused in one frame, with the code in its data; the client may ask again", async () => {
    const running = await run({ providers: [ChatGateway] });
    const client = await openRaw(running);
    client.send('40/chat,{"name":"taken"}');
    expect(await client.next()).toBe(
      '44/chat,{"message":"That name is taken.","data":{"code":"CONFLICT","details":{"name":"taken"}}}',
    );
    client.send('40/chat,{"name":"ann"}');
    expect(await client.next()).toMatch(/^40\/chat,\{"sid":"[\w-]{20}"\}$/);
    expect(client.untaken).toEqual([]);
  });

  describe("while its hook runs", () => {
    /** A gateway whose connections wait until the test opens the gate. */
    function gatedGateway() {
      const gate: { open?: () => void; readonly order: string[] } = { order: [] };

      @Namespace("/gated")
      class GatedGateway {
        @OnConnect()
        async hello(socket: Socket): Promise<void> {
          socket.emit("early", 1);
          await new Promise<void>((resolve) => (gate.open = resolve));
          socket.emit("late", 2);
          gate.order.push("connected");
        }

        @OnEvent("say")
        @Ack()
        async say(text: string): Promise<string> {
          await nextTurn();
          gate.order.push(text);
          return text.toUpperCase();
        }
      }
      return { GatedGateway, gate };
    }

    it("keeps the client's events waiting in their order, and what it emits until after the CONNECT reply", async () => {
      const { GatedGateway, gate } = gatedGateway();
      const client = await openRaw(await run({ providers: [GatedGateway] }));
      client.send("40/gated,", '42/gated,1["say","a"]', '42/gated,["say","b"]', '42/gated,2["say","c"]');
      await until(() => gate.open !== undefined, "the hook runs");
      await nextTurn();
      expect([gate.order, client.untaken]).toEqual([[], []]);
      gate.open?.();

      expect(await client.take(5)).toEqual([
        expect.stringMatching(/^40\/gated,\{"sid":"[\w-]{20}"\}$/),
        '42/gated,["early",1]',
        '42/gated,["late",2]',
        '43/gated,1["A"]',
        '43/gated,2["C"]',
      ]);
      expect(gate.order).toEqual(["connected", "a", "b", "c"]);
    });

    it("ends when more events wait than maxWaitingEvents", async () => {
      const { GatedGateway, gate } = gatedGateway();
      const client = await openRaw(await run({ providers: [GatedGateway] }, { maxWaitingEvents: 2 }));
      client.send("40/gated,", '42/gated,["say","a"]', '42/gated,["say","b"]');
      await until(() => gate.open !== undefined, "the hook runs");
      client.send('42/gated,["say","c"]');

      expect(await client.closeCode()).toBe(1005);
      gate.open?.();
      await nextTurn();
      expect(gate.order).toEqual(["connected"]);
    });
  });

  it("is refused with SHUTTING_DOWN while the application closes", async () => {
    const gate: { open?: () => void } = {};

    @Namespace("/busy")
    class BusyGateway {
      @OnEvent("work")
      @Ack()
      async work(): Promise<void> {
        await new Promise<void>((resolve) => (gate.open = resolve));
      }
    }

    const running = await run({ providers: [BusyGateway] });
    const client = await running.connect("/busy");
    const late = await openRaw(running);
    const answer = ask(client, "work");
    await until(() => gate.open !== undefined, "the handler runs");
    const closed = running.app.close();
    late.send("40/busy,");
    expect(await late.next()).toBe(
      '44/busy,{"message":"The server is shutting down.","data":{"code":"SHUTTING_DOWN"}}',
    );
    gate.open?.();
    expect(await answer).toBeUndefined();
    await closed;
  });
});
