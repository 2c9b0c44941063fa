import { setImmediate as nextTurn } from "node:timers/promises";
import {
  Ack,
  currentContext,
  ExecutionContext,
  Injectable,
  Namespace,
  OnAny,
  OnConnect,
  OnDisconnect,
  OnEvent,
  Socket,
  type Application,
  type ApplicationOptions,
  type CanActivate,
} from "rookery";
import type { TestingApplication } from "rookery/testing";
import { useInMemory } from "../support/in-memory.js";

const startModule = useInMemory();

async function start(options: ApplicationOptions, ...providers: unknown[]): Promise<TestingApplication> {
  return startModule({ providers: providers as never[] }, options);
}

/** What is known of the call that the running code belongs to. */
function seen(): string {
  const context = currentContext();
  return context === undefined ? "nothing" : `${context.kind} ${context.event ?? "-"} ${context.getClass().name}`;
}

describe("currentContext()", () => {
  // First of all: once any application of the process keeps the context, there is nothing to refuse.
  it("is refused where no application keeps the context", async () => {
    @Namespace()
    class AskGateway {
      @OnEvent("ask")
      @Ack()
      ask(): string {
        return seen();
      }
    }

    const app = await start({}, AskGateway);
    const client = await app.connect();
    await expect(client.emitWithAck("ask")).rejects.toMatchObject({
      cause: { code: "GATEWAY_NO_CONTEXT", mend: "Create the application with the option asyncContext: true." },
    });
  });

  it("is the call in hooks, guards and handlers, in what they await and in the timers they start", async () => {
    const diary: string[] = [];
    const note = (where: string): void => {
      diary.push(`${where}: ${seen()}`);
    };

    class NotingGuard implements CanActivate {
      async canActivate(): Promise<boolean> {
        await nextTurn();
        note("guard");
        return true;
      }
    }

    @Namespace()
    class NotingGateway {
      @OnConnect()
      connect(): void {
        note("connect hook");
      }

      @OnAny()
      any(): void {
        note("any hook");
      }

      @OnEvent("work")
      async work(): Promise<void> {
        await nextTurn();
        note("handler");
        await new Promise<void>((resolve) => {
          setTimeout(() => {
            note("timer");
            resolve();
          }, 1);
        });
      }

      @OnDisconnect()
      leave(): void {
        note("disconnect hook");
      }
    }

    const prepare = (application: Application): unknown => application.useGlobalGuards(NotingGuard);
    const app = await startModule({ providers: [NotingGateway] }, { asyncContext: true, prepare });
    const client = await app.connect();
    await client.emitWithAck("work");
    await client.disconnect();
    await app.settled();
    expect(diary).toEqual([
      "guard: connect - NotingGateway",
      "connect hook: connect - NotingGateway",
      "any hook: message work NotingGateway",
      "guard: message work NotingGateway",
      "handler: message work NotingGateway",
      "timer: message work NotingGateway",
      "disconnect hook: disconnect - NotingGateway",
    ]);
    expect(seen()).toBe("nothing");
  });

  it("is each event's own in handlers that run at the same time, and in those that had to wait", async () => {
    @Namespace()
    class SlowGateway {
      @OnEvent("slow")
      @Ack()
      async slow(text: string): Promise<unknown> {
        await nextTurn();
        return [text, currentContext()?.args, currentContext()?.socket.id];
      }
    }

    const app = await start({ asyncContext: true }, SlowGateway);
    const [ann, bob] = [await app.connect(), await app.connect()];
    const answers = [ann.emitWithAck("slow", "a"), bob.emitWithAck("slow", "b"), ann.emitWithAck("slow", "c")];
    expect(await Promise.all(answers)).toEqual([
      ["a", ["a"], ann.id],
      ["b", ["b"], bob.id],
      ["c", ["c"], ann.id],
    ]);
  });

  it("reaches listeners of the socket, and its catch-all listeners", async () => {
    const diary: string[] = [];

    @Namespace()
    class ListeningGateway {
      @OnConnect()
      listen(socket: Socket): void {
        socket.onAny((event: string) => diary.push(`any ${event}: ${seen()}`));
        socket.on("plain", (reply: () => void) => {
          diary.push(`plain: ${seen()}`);
          reply();
        });
      }
    }

    const app = await start({ asyncContext: true }, ListeningGateway);
    const client = await app.connect();
    await client.emitWithAck("plain");
    expect(diary).toEqual(["any plain: message plain Socket", "plain: message plain Socket"]);
  });

  it("reaches the callbacks of acknowledgements, of one client and of a broadcast", async () => {
    const diary: string[] = [];

    @Namespace()
    class AskingGateway {
      @OnEvent("ask")
      async ask(socket: Socket): Promise<void> {
        await new Promise<void>((resolve) => {
          socket.emit("question", () => {
            diary.push(`socket: ${seen()}`);
            resolve();
          });
        });
        await new Promise<void>((resolve) => {
          socket.nsp.timeout(1_000).emit("question", () => {
            diary.push(`broadcast: ${seen()}`);
            resolve();
          });
        });
      }
    }

    const app = await start({ asyncContext: true }, AskingGateway);
    const client = await app.connect();
    client.on("question", (reply: (text: string) => void) => reply("answer"));
    await client.emitWithAck("ask");
    expect(diary).toEqual(["socket: message ask AskingGateway", "broadcast: message ask AskingGateway"]);
  });

  it("tells resolve() which connection and which message is meant", async () => {
    @Injectable({ scope: "message" })
    class Work {
      constructor(readonly context: ExecutionContext) {}
    }

    @Namespace()
    class WorkGateway {
      @OnEvent("work")
      @Ack()
      async work(): Promise<boolean> {
        const { context } = await app.resolve(Work);
        return context === currentContext();
      }
    }

    const app = await start({ asyncContext: true }, WorkGateway, Work);
    const client = await app.connect();
    expect(await client.emitWithAck("work")).toBe(true);
  });
});
