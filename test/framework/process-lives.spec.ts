import { setImmediate as nextTurn } from "node:timers/promises";
import {
  Ack,
  type AckCallback,
  type CanActivate,
  ConnectedSocket,
  createParamDecorator,
  type ExceptionFilter,
  type ExecutionContext,
  GatewayException,
  Namespace,
  OnConnect,
  OnDisconnect,
  OnDisconnecting,
  OnEvent,
  type Socket,
  UseFilters,
  UseGuards,
} from "rookery";
import { deferred, until } from "../support/waiting.js";
import { ask, useApplications } from "./support/applications.js";

/** Things that are hard to look at without throwing. */
const hostile: Record<string, unknown> = {
  undefined: undefined,
  null: null,
  text: "just text",
  symbol: Symbol("thrown"),
  "object without prototype": Object.create(null),
  "error whose message throws": Object.defineProperty(new Error("hidden"), "message", { get: explode }),
  "error whose stack throws": Object.defineProperty(new Error("hidden"), "stack", { get: explode }),
  "proxy that throws at every touch": new Proxy({}, { get: explode, has: explode, getPrototypeOf: explode }),
  "exception whose code throws": Object.defineProperty(new GatewayException("CONFLICT"), "code", { get: explode }),
};

const cyclic: Record<string, unknown> = { big: 1n };
cyclic.self = cyclic;

function explode(): never {
  throw new Error("do not touch");
}

/** A thenable as no promise is. */
function badThenable(then: unknown): PromiseLike<never> {
  return { then } as PromiseLike<never>;
}

const thenables: Record<string, () => unknown> = {
  "rejects twice": () =>
    badThenable((_: unknown, reject: (error: unknown) => void) => {
      reject(new Error("first"));
      reject(new Error("second"));
    }),
  "throws when awaited": () => badThenable(explode),
  "throws when looked at": () => Object.defineProperty({}, "then", { get: explode }),
  "rejects at once": () => Promise.reject(new Error("at once")),
};

class HostileGuard implements CanActivate {
  canActivate({ args: [name] }: ExecutionContext): boolean {
    throw hostile[String(name)];
  }
}

class AsyncHostileGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    await nextTurn();
    return new HostileGuard().canActivate(context);
  }
}

class HostileFilter implements ExceptionFilter {
  async catch(_error: unknown, { args: [name] }: ExecutionContext): Promise<never> {
    await nextTurn();
    throw hostile[String(name)];
  }
}

const HostileParameter = createParamDecorator(async (_data: undefined, { args: [name] }) => {
  await nextTurn();
  throw hostile[String(name)];
});

@Namespace()
class HostileGateway {
  @OnEvent("throw")
  @Ack()
  throw(name: string): never {
    throw hostile[name];
  }

  @OnEvent("reject")
  @Ack()
  async reject(name: string): Promise<never> {
    await nextTurn();
    throw hostile[name];
  }

  @OnEvent("thenable")
  @Ack()
  thenable(name: string): unknown {
    return thenables[name]?.();
  }

  @OnEvent("guard")
  @UseGuards(HostileGuard)
  guard(_name: string): void {}

  @OnEvent("async guard")
  @UseGuards(AsyncHostileGuard)
  asyncGuard(_name: string): void {}

  @OnEvent("filter")
  @UseFilters(HostileFilter)
  filter(_name: string): never {
    throw new Error("filtered");
  }

  @OnEvent("parameter")
  parameter(_name: string, @HostileParameter(undefined) _parameter: unknown): void {}

  @OnEvent("cyclic details")
  cyclicDetails(): never {
    throw new GatewayException("CONFLICT", "round", cyclic);
  }

  @OnEvent("answer that cannot be encoded")
  @Ack()
  badAnswer(): unknown {
    return cyclic;
  }

  @OnEvent("answer by callback that cannot be encoded")
  badCallbackAnswer(@Ack() reply: AckCallback): void {
    reply(cyclic);
  }

  @OnEvent("answer after the disconnect")
  async afterDisconnect(@Ack() reply: AckCallback, @ConnectedSocket() socket: Socket): Promise<void> {
    socket.disconnect(true);
    await nextTurn();
    reply("nobody listens");
    throw new Error("after the disconnect");
  }
}

// Jest fails a test during which the process hears of an uncaught exception or an unhandled rejection.
describe("the process lives, and the client is answered, when", () => {
  const run = useApplications();

  it.each(["throw", "reject", "guard", "async guard", "filter", "parameter"])(
    "anything at all is thrown by: %s",
    async (event) => {
      const running = await run({ providers: [HostileGateway] });
      const client = await running.connect();
      for (const name of Object.keys(hostile)) {
        expect([name, await ask(client, event, name)]).toEqual([
          name,
          {
            error: {
              code: "INTERNAL",
              message: "Something went wrong.",
              details: { correlationId: expect.any(String) },
            },
          },
        ]);
      }
      await nextTurn();
    },
  );

  it.each(Object.keys(thenables))("a returned thenable %s", async (name) => {
    const client = await (await run({ providers: [HostileGateway] })).connect();
    expect(await ask(client, "thenable", name)).toMatchObject({ error: { code: "INTERNAL" } });
    await nextTurn();
  });

  it("the details of an exception cannot be sent: it arrives without them", async () => {
    const running = await run({ providers: [HostileGateway] });
    const client = await running.connect();
    expect(await ask(client, "cyclic details")).toEqual({ error: { code: "CONFLICT", message: "round" } });
    expect(running.log).toContainEqual(expect.objectContaining({ level: "warn" }));
  });

  it.each(["answer that cannot be encoded", "answer by callback that cannot be encoded"])(
    "there is an %s",
    async (event) => {
      const client = await (await run({ providers: [HostileGateway] })).connect();
      expect(await ask(client, event)).toMatchObject({ error: { code: "INTERNAL" } });
    },
  );

  it("a handler answers and throws after its client has gone", async () => {
    const running = await run({ providers: [HostileGateway] });
    const client = await running.connect();
    client.emit("answer after the disconnect", () => undefined);
    await until(() => running.log.length > 0, "the throw is logged");
    expect(running.log[0]?.message).toBe("HostileGateway.afterDisconnect failed");
  });

  it("a logger throws", async () => {
    const logger = { debug: explode, info: explode, warn: explode, error: explode };
    const client = await (await run({ providers: [HostileGateway] }, { logger })).connect();
    expect(await ask(client, "throw", "text")).toMatchObject({ error: { code: "INTERNAL" } });
    expect(await ask(client, "cyclic details")).toMatchObject({ error: { code: "CONFLICT" } });
  });

  it("hooks of a disconnect throw or reject", async () => {
    const ran = deferred<undefined>();

    @Namespace()
    class HookGateway {
      @OnDisconnecting()
      throwing(): never {
        throw hostile["proxy that throws at every touch"];
      }

      @OnDisconnecting()
      async rejecting(): Promise<never> {
        await nextTurn();
        throw new Error("rejected while disconnecting");
      }

      @OnDisconnect()
      async afterwards(): Promise<never> {
        await nextTurn();
        ran.resolve(undefined);
        throw new Error("rejected after disconnecting");
      }
    }

    const running = await run({ providers: [HookGateway] });
    const client = await running.connect();
    client.disconnect();
    await ran.promise;
    await until(() => running.log.length === 3, "all three are logged");
    expect(running.log.map(({ message }) => message).sort()).toEqual([
      "HookGateway.afterwards failed",
      "HookGateway.rejecting failed",
      "HookGateway.throwing failed",
    ]);
  });

  it("a connect hook throws anything: the client is refused", async () => {
    @Namespace()
    class ConnectGateway {
      @OnConnect()
      async judge(@ConnectedSocket() { handshake }: Socket): Promise<void> {
        const name = String(handshake.auth.name);
        if (handshake.auth.later === true) await nextTurn();
        throw hostile[name];
      }
    }

    const running = await run({ providers: [ConnectGateway] });
    for (const name of Object.keys(hostile)) {
      for (const later of [false, true]) {
        const error = await running.refused("/", { name, later });
        expect([name, error.message, error.data]).toEqual([
          name,
          "Something went wrong.",
          { code: "INTERNAL", details: { correlationId: expect.any(String) } },
        ]);
      }
    }
  });
});
