import { setImmediate as nextTurn } from "node:timers/promises";
import {
  Ack,
  GatewayException,
  type Interceptor,
  Namespace,
  OnConnect,
  OnEvent,
  Payload,
  type PipeTransform,
  UseFilters,
  UseInterceptors,
  UsePipes,
} from "rookery";
import { until } from "../../support/waiting.js";
import { useInMemory } from "../support/in-memory.js";

function fail(): never {
  throw new TypeError("why");
}

const rejectLater: PipeTransform = {
  async transform() {
    await nextTurn();
    fail();
  },
};

/** Things that look like Observables of RxJS. */
const observables: Record<string, unknown> = {
  "throws when subscribed to": { pipe: fail, subscribe: fail },
  "throws when looked at": Object.defineProperty({ pipe: fail }, "subscribe", { get: fail }),
  "fails twice": {
    pipe: fail,
    subscribe: ({ error }: { error: (reason: unknown) => void }) => {
      error(new TypeError("first"));
      error(new TypeError("second"));
    },
  },
};

const hasty: Interceptor = {
  intercept: (_context, next) => {
    void next();
    return "done";
  },
};

@Namespace()
class HostileGateway {
  @OnEvent("intercept")
  @Ack()
  @UseInterceptors({ intercept: fail })
  intercept(): void {
    fail();
  }

  @OnEvent("hasty")
  @Ack()
  @UseInterceptors(hasty)
  async hasty(): Promise<void> {
    await nextTurn();
    fail();
  }

  @OnEvent("pipe")
  @Ack()
  @UsePipes({ transform: fail })
  pipe(value: unknown): unknown {
    return value;
  }

  @OnEvent("two pipes")
  @Ack()
  twoPipes(@Payload(rejectLater) first: unknown, @Payload({ transform: fail }) second: unknown): unknown {
    return [first, second];
  }

  @OnEvent("many pipes")
  @Ack()
  manyPipes(
    @Payload({ transform: (value: number) => (value === 1 ? Promise.reject(new TypeError("why")) : fail()) })
    ...all: unknown[]
  ) {
    return all;
  }

  @OnEvent("observable")
  @Ack()
  observable(how: string): unknown {
    return observables[how];
  }

  @OnEvent("filter")
  @Ack()
  @UseFilters({ catch: fail })
  filter(): void {
    throw new GatewayException("CONFLICT");
  }
}

describe("the process lives, and the client is told INTERNAL, when", () => {
  const start = useInMemory();

  it.each<[what: string, event: string, args: unknown[]]>([
    ["an interceptor throws", "intercept", []],
    ["a pipe throws", "pipe", [1]],
    ["one pipe rejects after another has thrown", "two pipes", [1, 2]],
    ["pipes of a rest parameter do so", "many pipes", [1, 2]],
    ["a filter throws", "filter", []],
    ...Object.keys(observables).map((how): [string, string, string[]] => [`an Observable ${how}`, "observable", [how]]),
  ])("%s", async (_what, event, args) => {
    const app = await start({ providers: [HostileGateway] });
    const client = await app.connect();
    await expect(client.emitWithAck(event, ...args)).rejects.toMatchObject({ code: "INTERNAL" });
    await nextTurn();
    expect(app.log).toHaveLength(1);
  });

  it("an interceptor throws at a connection that has no hook", async () => {
    @Namespace("/quiet")
    @UseInterceptors({ intercept: fail })
    class QuietGateway {}

    const app = await start({ providers: [QuietGateway] });
    await expect(app.connect("/quiet")).rejects.toMatchObject({ code: "INTERNAL" });
  });

  it("a hook's interceptor does not wait for the hook, which fails later: that is logged", async () => {
    @Namespace("/hasty")
    class HastyGateway {
      @OnConnect()
      @UseInterceptors(hasty)
      async hello(): Promise<void> {
        await nextTurn();
        fail();
      }
    }

    const app = await start({ providers: [HastyGateway] });
    await app.connect("/hasty");
    await until(() => app.log.length === 1, "the failure is logged");
    expect(app.log[0]).toMatchObject({ level: "error", message: "HastyGateway.hello failed" });
  });

  it("an interceptor does not wait for the handler: its answer counts, and the failure is logged", async () => {
    const app = await start({ providers: [HostileGateway] });
    expect(await (await app.connect()).emitWithAck("hasty")).toBe("done");
    await until(() => app.log.length === 1, "the failure is logged");
    expect(app.log[0]).toMatchObject({ level: "error", message: "HostileGateway.hasty failed" });
  });
});
