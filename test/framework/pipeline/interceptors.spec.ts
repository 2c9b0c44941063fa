import { setImmediate as nextTurn } from "node:timers/promises";
import { from, map, Observable, of, throwError } from "rxjs";
import {
  Ack,
  type CanActivate,
  type ExceptionFilter,
  type ExecutionContext,
  GatewayException,
  Injectable,
  type Interceptor,
  Namespace,
  OnConnect,
  OnDisconnect,
  OnEvent,
  type PipeTransform,
  Timeout,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
} from "rookery";
import { until } from "../../support/waiting.js";
import { useInMemory } from "../support/in-memory.js";
import { ManualClock } from "../support/manual-clock.js";

const diary: string[] = [];

beforeEach(() => {
  diary.length = 0;
});

/** One of each kind, which write down when they run. */
function enhancers(name: string, isAsync: boolean) {
  const pause = async (): Promise<void> => (isAsync ? nextTurn() : undefined);
  const guard: CanActivate = {
    canActivate: () => {
      diary.push(`${name} guard`);
      return isAsync ? nextTurn().then(() => true) : true;
    },
  };
  const interceptor: Interceptor = {
    async intercept(_context, next) {
      diary.push(`${name} before`);
      await pause();
      try {
        return await next();
      } finally {
        diary.push(`${name} after`);
      }
    },
  };
  const pipe: PipeTransform<string> = {
    transform: (value) => {
      diary.push(`${name} pipe`);
      return isAsync ? nextTurn().then(() => `${value}>${name}`) : `${value}>${name}`;
    },
  };
  const filter: ExceptionFilter = {
    catch: async () => {
      diary.push(`${name} filter`);
      await pause();
    },
  };
  return { guard, interceptor, pipe, filter };
}

describe.each([
  ["synchronous", false],
  ["asynchronous", true],
])("the pipeline with %s enhancers", (_kind, isAsync) => {
  const start = useInMemory();
  const [global, gateway, handler] = ["global", "gateway", "handler"].map((name) => enhancers(name, isAsync)) as [
    ReturnType<typeof enhancers>,
    ReturnType<typeof enhancers>,
    ReturnType<typeof enhancers>,
  ];

  @Namespace()
  @UseGuards(gateway.guard)
  @UseInterceptors(gateway.interceptor)
  @UsePipes(gateway.pipe)
  @UseFilters(gateway.filter)
  class OrderedGateway {
    @OnEvent("say")
    @Ack()
    @UseGuards(handler.guard)
    @UseInterceptors(handler.interceptor)
    @UsePipes(handler.pipe)
    @UseFilters(handler.filter)
    say(text: string): string {
      diary.push("handler");
      if (text.startsWith("bad")) throw new GatewayException("CONFLICT");
      return text;
    }
  }

  const run = () =>
    start(
      { providers: [OrderedGateway] },
      {
        prepare: (app) =>
          app
            .useGlobalGuards(global.guard)
            .useGlobalInterceptors(global.interceptor)
            .useGlobalPipes(global.pipe)
            .useGlobalFilters(global.filter),
      },
    );
  const onTheWayIn = [
    ...["global guard", "gateway guard", "handler guard"],
    ...["global before", "gateway before", "handler before"],
    ...["global pipe", "gateway pipe", "handler pipe", "handler"],
    ...["handler after", "gateway after", "global after"],
  ];

  it("runs guards, interceptors, pipes, the handler, and the interceptors back", async () => {
    const client = await (await run()).connect();
    diary.length = 0;

    expect(await client.emitWithAck("say", "hi")).toBe("hi>global>gateway>handler");
    expect(diary).toEqual(onTheWayIn);
  });

  it("leads a throw through the interceptors to the filters of handler, gateway and application", async () => {
    const client = await (await run()).connect();
    diary.length = 0;

    await expect(client.emitWithAck("say", "bad")).rejects.toMatchObject({ code: "CONFLICT" });
    expect(diary).toEqual([...onTheWayIn, "handler filter", "gateway filter", "global filter"]);
  });
});

@Injectable()
class Suffix {
  readonly text = "!";
}

@Injectable()
class Shout implements Interceptor {
  constructor(private readonly suffix: Suffix) {}

  async intercept({ kind, event }: ExecutionContext, next: () => Promise<unknown>): Promise<unknown> {
    return `${String(await next())} ${kind} ${event ?? "-"}${this.suffix.text}`;
  }
}

@Namespace()
class InterceptedGateway {
  calls = 0;

  @OnEvent("shout")
  @Ack()
  @UseInterceptors(Shout)
  shout(text: string): string {
    return text;
  }

  @OnEvent("cached")
  @Ack()
  @UseInterceptors({ intercept: () => "from the cache" })
  cached(): string {
    this.calls++;
    return "made";
  }

  @OnEvent("retried")
  @Ack()
  @UseInterceptors({ intercept: (_context, next) => next().catch(next) })
  retried(): string {
    if (this.calls++ === 0) throw new RangeError("not yet");
    return "at last";
  }

  @OnEvent("mapped")
  @Ack()
  @UseInterceptors({ intercept: (_context, next) => from(next()).pipe(map((value) => [value])) })
  mapped(): unknown {
    return of(1, 2, 3);
  }

  @OnEvent("nested")
  @Ack()
  @UseInterceptors({ intercept: async (_context, next) => [await next()] }, { intercept: () => of("inner") })
  nested(): void {
    this.calls++;
  }

  @OnEvent("resolved")
  @Ack()
  async resolved(): Promise<unknown> {
    return of("a", "b");
  }

  @OnEvent("failing")
  @Ack()
  failing(): unknown {
    return throwError(() => new GatewayException("CONFLICT"));
  }

  @OnEvent("empty")
  @Ack()
  empty(): unknown {
    return from([]);
  }

  @OnEvent("unasked")
  unasked(): unknown {
    return from([1, 2]).pipe(map(() => this.calls++));
  }
}

describe("an interceptor", () => {
  const start = useInMemory();

  it("is made by the container, changes the answer and knows what it stands around", async () => {
    const client = await (await start({ providers: [InterceptedGateway, Suffix] })).connect();
    expect(await client.emitWithAck("shout", "hi")).toBe("hi message shout!");
  });

  it("may answer without the handler, at once, or run it again", async () => {
    const app = await start({ providers: [InterceptedGateway, Suffix] });
    const client = await app.connect();
    expect(await client.emitWithAck("cached")).toBe("from the cache");
    expect(app.get(InterceptedGateway).calls).toBe(0);
    expect(await client.emitWithAck("retried")).toBe("at last");
    expect(app.get(InterceptedGateway).calls).toBe(2);
  });

  it("is stopped at start when it has no method intercept", async () => {
    @Namespace()
    @UseInterceptors(Suffix as never)
    class WrongGateway {}

    await expect(start({ providers: [WrongGateway] })).rejects.toMatchObject({
      code: "GATEWAY_BAD_ENHANCER",
      message: expect.stringContaining("Suffix, used by WrongGateway, has no method intercept") as string,
    });
  });

  it("stands around every hook of connections that come and go", async () => {
    const seen: string[] = [];
    const observer: Interceptor = {
      async intercept(context, next) {
        const value = await next();
        seen.push(`${context.kind} ${context.getClass().name} ${context.getHandler()?.name} ${String(value)}`);
        return value;
      },
    };

    @Namespace("/hooks")
    class HookGateway {
      @OnConnect()
      hello(): string {
        return "hello";
      }

      @OnDisconnect()
      bye(): string {
        return "bye";
      }
    }

    const app = await start({ providers: [HookGateway] }, { prepare: (a) => a.useGlobalInterceptors(observer) });
    await (await app.connect("/hooks")).disconnect();
    await until(() => seen.length === 2, "the hooks have run");
    expect(seen).toEqual(["connect HookGateway hello hello", "disconnect HookGateway bye bye"]);
  });

  it("sees a connection to gateways without a hook once, and may refuse it", async () => {
    const seen: string[] = [];
    const observer: Interceptor = {
      async intercept(context, next) {
        seen.push(context.kind);
        await next();
        if (context.auth.name === "mallory") throw new GatewayException("FORBIDDEN", "Not you.");
      },
    };

    @Namespace("/quiet")
    class FirstGateway {}

    @Namespace("/quiet")
    class SecondGateway {}

    const app = await start(
      { providers: [FirstGateway, SecondGateway] },
      { prepare: (a) => a.useGlobalInterceptors(observer) },
    );
    await app.connect("/quiet", { auth: { name: "ann" } });
    expect(seen).toEqual(["connect"]);
    await expect(app.connect("/quiet", { auth: { name: "mallory" } })).rejects.toMatchObject({
      code: "FORBIDDEN",
      message: "Not you.",
    });
  });
});

describe("an Observable", () => {
  const start = useInMemory();

  it.each([
    ["mapped", [3]],
    ["nested", ["inner"]],
    ["resolved", "b"],
    ["empty", undefined],
  ])("is run to its end, and its last value is the answer: %s", async (event, answer) => {
    const client = await (await start({ providers: [InterceptedGateway, Suffix] })).connect();
    expect(await client.emitWithAck(event)).toEqual(answer);
  });

  it("fails the call with its error", async () => {
    const client = await (await start({ providers: [InterceptedGateway, Suffix] })).connect();
    await expect(client.emitWithAck("failing")).rejects.toMatchObject({ code: "CONFLICT" });
  });

  it("is run also when nobody asked for an answer", async () => {
    const app = await start({ providers: [InterceptedGateway, Suffix] });
    (await app.connect()).emit("unasked");
    await app.settled();
    expect(app.get(InterceptedGateway).calls).toBe(2);
  });

  it("is left when the time is up", async () => {
    const clock = new ManualClock();
    const life: string[] = [];

    @Namespace()
    class EndlessGateway {
      @OnEvent("endless")
      @Ack()
      @Timeout("5s")
      endless(): unknown {
        return new Observable((subscriber) => {
          life.push("subscribed");
          subscriber.next(1);
          return () => life.push("unsubscribed");
        });
      }
    }

    const client = await (await start({ providers: [EndlessGateway] }, { clock })).connect();
    const answer = expect(client.emitWithAck("endless")).rejects.toMatchObject({ code: "TIMEOUT" });
    await until(() => life.length === 1, "the handler runs");
    clock.advance(5_000);
    await answer;
    expect(life).toEqual(["subscribed", "unsubscribed"]);
  });

  it("is left at the end of the call when an interceptor has not waited for it", async () => {
    const life: string[] = [];
    const impatient: Interceptor = {
      intercept(_context, next) {
        void next();
        void next();
        return "early";
      },
    };

    @Namespace()
    class EndlessGateway {
      @OnEvent("endless")
      @Ack()
      @UseInterceptors(impatient)
      endless(): unknown {
        return new Observable(() => {
          life.push("subscribed");
          return () => life.push("unsubscribed");
        });
      }
    }

    const client = await (await start({ providers: [EndlessGateway] })).connect();
    expect(await client.emitWithAck("endless")).toBe("early");
    expect(life).toEqual(["subscribed", "subscribed", "unsubscribed", "unsubscribed"]);
  });
});
