import { setImmediate as nextTurn } from "node:timers/promises";
import {
  Ack,
  APP_GUARD,
  Catch,
  ExecutionContext,
  GatewayException,
  Handshake,
  Inject,
  Injectable,
  Namespace,
  OnConnect,
  OnDisconnect,
  OnEvent,
  Server,
  Socket,
  SocketNamespace,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
  type ArgumentMetadata,
  type CanActivate,
  type ExceptionFilter,
  type Interceptor,
  type PipeTransform,
} from "rookery";
import type { TestingApplication } from "rookery/testing";
import { useInMemory } from "../support/in-memory.js";

let made = 0;

/** Counts its instances. */
abstract class Numbered {
  readonly number = ++made;
}

const startModule = useInMemory();

async function start(...providers: unknown[]): Promise<TestingApplication> {
  return startModule({ providers: providers as never[] });
}

beforeEach(() => {
  made = 0;
});

describe("a gateway of scope connection", () => {
  @Injectable({ scope: "connection" })
  class Cart extends Numbered {
    readonly items: string[] = [];
  }

  @Namespace("/shop")
  @Injectable({ scope: "connection" })
  class ShopGateway extends Numbered {
    readonly #log: string[] = [];

    constructor(
      readonly cart: Cart,
      readonly socket: Socket,
    ) {
      super();
    }

    @OnConnect()
    greet(): void {
      this.#log.push("connected");
    }

    @OnEvent("add")
    @Ack()
    add(item: string): unknown {
      this.cart.items.push(item);
      return [...this.#log, ...this.cart.items, this.socket.id];
    }
  }

  it("is one for each socket, with the providers of its connection", async () => {
    const app = await start(ShopGateway, Cart);
    const [ann, bob] = [await app.connect("/shop"), await app.connect("/shop")];
    expect(await ann.emitWithAck("add", "tea")).toEqual(["connected", "tea", ann.id]);
    expect(await bob.emitWithAck("add", "milk")).toEqual(["connected", "milk", bob.id]);
    expect(await ann.emitWithAck("add", "rice")).toEqual(["connected", "tea", "rice", ann.id]);
    expect(made).toBe(4);
  });

  it("shares its connection's instances with the other gateways of the namespace, and none with another namespace", async () => {
    @Namespace("/shop")
    @Injectable({ scope: "connection" })
    class TillGateway {
      constructor(readonly cart: Cart) {}

      @OnEvent("count")
      @Ack()
      count(): number {
        return this.cart.items.length;
      }
    }

    @Namespace("/other")
    class OtherGateway extends TillGateway {}

    const app = await start(ShopGateway, TillGateway, OtherGateway, Cart);
    const shop = await app.connect("/shop");
    await shop.emitWithAck("add", "tea");
    expect(await shop.emitWithAck("count")).toBe(1);
    const other = await app.connect("/other");
    expect(await other.emitWithAck("count")).toBe(0);
  });

  it("has its parameters checked and its disconnect hook run on the same instance", async () => {
    const gone: unknown[] = [];

    @Namespace()
    @Injectable({ scope: "connection" })
    class CounterGateway extends Numbered {
      #count = 0;

      @OnEvent("add")
      @Ack()
      add(amount: number, ...more: unknown[]): number {
        return (this.#count += amount + more.length);
      }

      @OnDisconnect()
      leave(reason: string): void {
        gone.push([reason, this.#count]);
      }
    }

    const app = await start(CounterGateway);
    const client = await app.connect();
    expect(await client.emitWithAck("add", 2, "a", "b")).toBe(4);
    await expect(client.emitWithAck("add", "two")).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
    expect(await client.emitWithAck("add", 1)).toBe(5);
    await client.disconnect();
    await app.settled();
    expect(gone).toEqual([["client namespace disconnect", 5]]);
    expect(made).toBe(1);
  });

  it("waits for what is made asynchronously, once for events that come together", async () => {
    @Namespace()
    @Injectable({ scope: "connection" })
    class UserGateway {
      constructor(@Inject("user") readonly user: { name: string }) {}

      @OnEvent("whoami")
      @Ack()
      whoami(): string {
        return this.user.name;
      }
    }

    const user = {
      provide: "user",
      inject: [Socket],
      scope: "connection",
      useFactory: async (socket: Socket) => {
        made++;
        await nextTurn();
        return { name: String(socket.handshake.auth.name) };
      },
    };
    const app = await start(UserGateway, user);
    const ann = await app.connect("/", { auth: { name: "Ann" } });
    expect(await Promise.all([ann.emitWithAck("whoami"), ann.emitWithAck("whoami")])).toEqual(["Ann", "Ann"]);
    expect(made).toBe(1);
  });

  it("that cannot be made answers with the exception, or INTERNAL, and is tried again", async () => {
    const failures: Error[] = [new GatewayException("UNAUTHENTICATED"), new RangeError("no disk")];

    @Namespace()
    @Injectable({ scope: "connection" })
    class FragileGateway {
      constructor() {
        const failure = failures.shift();
        if (failure !== undefined) throw failure;
      }

      @OnEvent("ask")
      @Ack()
      ask(): string {
        return "here";
      }
    }

    const app = await start(FragileGateway);
    const client = await app.connect();
    await expect(client.emitWithAck("ask")).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    await expect(client.emitWithAck("ask")).rejects.toMatchObject({
      code: "INTERNAL",
      cause: { code: "GATEWAY_PROVIDER_FAILED", message: "FragileGateway of TestingModule could not be made: no disk" },
    });
    expect(await client.emitWithAck("ask")).toBe("here");
  });
});

describe("a provider of scope message", () => {
  @Injectable({ scope: "message" })
  class UnitOfWork extends Numbered {
    constructor(readonly context: ExecutionContext) {
      super();
    }
  }

  @Injectable({ scope: "message" })
  class Repository {
    constructor(readonly work: UnitOfWork) {}
  }

  it("is one for each event, shared by all that the event needs", async () => {
    @Injectable({ scope: "message" })
    class WorkGuard implements CanActivate {
      constructor(readonly work: UnitOfWork) {}

      canActivate(context: ExecutionContext): boolean {
        return this.work.context === context;
      }
    }

    @Namespace()
    @Injectable({ scope: "message" })
    class WorkGateway {
      constructor(
        readonly work: UnitOfWork,
        readonly repository: Repository,
      ) {}

      @OnEvent("work")
      @UseGuards(WorkGuard)
      @Ack()
      run(): unknown {
        return [this.work.number, this.repository.work.number, this.work.context.event];
      }
    }

    const app = await start(WorkGateway, Repository, UnitOfWork);
    const client = await app.connect();
    expect(await client.emitWithAck("work")).toEqual([1, 1, "work"]);
    expect(await client.emitWithAck("work")).toEqual([2, 2, "work"]);
  });

  it("may need those of the connection and singletons", async () => {
    @Injectable()
    class Database extends Numbered {}

    @Injectable({ scope: "connection" })
    class Session extends Numbered {}

    @Injectable({ scope: "message" })
    class Job extends Numbered {
      constructor(
        readonly database: Database,
        readonly session: Session,
        readonly socket: Socket,
      ) {
        super();
      }
    }

    @Namespace()
    @Injectable({ scope: "message" })
    class JobGateway {
      constructor(readonly job: Job) {}

      @OnEvent("job")
      @Ack()
      run(): unknown {
        const { job } = this;
        return [job.database.number, job.session.number, job.number, job.socket.id];
      }
    }

    const app = await start(JobGateway, Job, Session, Database);
    const client = await app.connect();
    expect(await client.emitWithAck("job")).toEqual([1, 2, 3, client.id]);
    expect(await client.emitWithAck("job")).toEqual([1, 2, 4, client.id]);
  });
});

describe("the hooks of a gateway", () => {
  it("of scope message run on an instance each", async () => {
    const diary: string[] = [];

    @Namespace()
    @Injectable({ scope: "message" })
    class HookGateway extends Numbered {
      @OnConnect()
      arrive(): void {
        diary.push(`arrives ${this.number}`);
      }

      @OnEvent("ask")
      ask(): void {
        diary.push(`asks ${this.number}`);
      }

      @OnDisconnect()
      leave(): void {
        diary.push(`leaves ${this.number}`);
      }
    }

    const app = await start(HookGateway);
    const client = await app.connect();
    await client.emitWithAck("ask");
    await client.disconnect();
    await app.settled();
    expect(diary).toEqual(["arrives 1", "asks 2", "leaves 3"]);
  });

  it("of scope transient run on one for each connection when it depends on that", async () => {
    @Namespace()
    @Injectable({ scope: "transient" })
    class TransientGateway extends Numbered {
      constructor(readonly socket: Socket) {
        super();
      }

      @OnEvent("ask")
      @Ack()
      ask(): unknown {
        return [this.number, this.socket.id];
      }
    }

    const app = await start(TransientGateway);
    const [ann, bob] = [await app.connect(), await app.connect()];
    expect(await ann.emitWithAck("ask")).toEqual([1, ann.id]);
    expect(await bob.emitWithAck("ask")).toEqual([2, bob.id]);
    expect(await ann.emitWithAck("ask")).toEqual([1, ann.id]);
  });
});

describe("sockets and calls", () => {
  const scopesOf = (thing: object): number =>
    Object.getOwnPropertySymbols(thing).filter((key) => key.description === "instances").length;

  it.each([
    ["singleton", 0, 0],
    ["transient", 0, 0],
    ["connection", 1, 0],
    ["message", 0, 1],
  ] as const)("carry nothing that nobody needs: with scope %s", async (scope, ofSocket, ofCall) => {
    @Injectable({ scope })
    class Used {}

    @Namespace()
    class CountingGateway {
      @OnEvent("count")
      @UseGuards({
        canActivate: (context: ExecutionContext) => {
          counts.push(scopesOf(context.socket), scopesOf(context));
          return true;
        },
      })
      count(): void {
        // The guard counts.
      }
    }

    const counts: number[] = [];
    const app = await start(CountingGateway, Used);
    const client = await app.connect();
    await client.emitWithAck("count");
    expect(counts).toEqual([ofSocket, ofCall]);
  });
});

describe("enhancers of a scope", () => {
  @Injectable({ scope: "connection" })
  class Visits {
    count = 0;
  }

  class Refused extends Error {}

  @Injectable({ scope: "connection" })
  class VisitGuard implements CanActivate {
    constructor(readonly visits: Visits) {}

    canActivate({ kind }: ExecutionContext): boolean {
      if (kind === "message" && ++this.visits.count > 2) throw new Refused();
      return true;
    }
  }

  @Catch(Refused)
  @Injectable({ scope: "connection" })
  class VisitFilter implements ExceptionFilter {
    constructor(readonly visits: Visits) {}

    catch(): string {
      return `refused at ${this.visits.count}`;
    }
  }

  @Injectable({ scope: "message" })
  class VisitInterceptor implements Interceptor {
    constructor(readonly visits: Visits) {}

    async intercept(_context: ExecutionContext, next: () => Promise<unknown>): Promise<unknown> {
      return `${String(await next())}, visit ${this.visits.count}`;
    }
  }

  @Injectable({ scope: "connection" })
  class VisitPipe implements PipeTransform {
    constructor(readonly visits: Visits) {}

    transform(value: string, { context }: ArgumentMetadata): string {
      return `${value} ${String(context.event)} ${this.visits.count}`;
    }
  }

  it("serve each connection or call with an instance of its own", async () => {
    @Namespace()
    @UseGuards(VisitGuard)
    @UseFilters(VisitFilter)
    class VisitGateway {
      @OnEvent("visit")
      @UseInterceptors(VisitInterceptor)
      @UsePipes(VisitPipe)
      @Ack()
      visit(name: string): string {
        if (name.startsWith("bad")) throw new TypeError("not for the filter");
        return name;
      }
    }

    const app = await start(VisitGateway, Visits);
    const [ann, bob] = [await app.connect(), await app.connect()];
    expect(await ann.emitWithAck("visit", "ann")).toBe("ann visit 1, visit 1");
    await expect(ann.emitWithAck("visit", "bad")).rejects.toMatchObject({ code: "INTERNAL" });
    expect(await ann.emitWithAck("visit", "ann")).toBe("refused at 3");
    expect(await bob.emitWithAck("visit", "bob")).toBe("bob visit 1, visit 1");
  });

  it("may refuse a connection, which is judged once by a guard of all gateways", async () => {
    @Injectable({ scope: "connection" })
    class SecretGuard extends Numbered implements CanActivate {
      constructor(@Handshake() readonly handshake: Handshake) {
        super();
      }

      canActivate(): boolean {
        return this.handshake.auth.secret === "sesame";
      }
    }

    @Namespace()
    class FirstGateway {}

    @Namespace()
    class SecondGateway {}

    const app = await start(FirstGateway, SecondGateway, { provide: APP_GUARD, useClass: SecretGuard });
    await expect(app.connect()).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect((await app.connect("/", { auth: { secret: "sesame" } })).connected).toBe(true);
    expect(made).toBe(2);
  });
});

describe("a global guard of scope connection", () => {
  it("judges connections to the root namespace when no gateway serves it", async () => {
    @Injectable({ scope: "connection" })
    class SocketGuard implements CanActivate {
      constructor(readonly socket: Socket) {}

      canActivate({ socket }: ExecutionContext): boolean {
        return socket === this.socket && socket.handshake.auth.name === "Ann";
      }
    }

    @Namespace("/elsewhere")
    class ElsewhereGateway {}

    const app = await start(ElsewhereGateway, { provide: APP_GUARD, useClass: SocketGuard });
    await expect(app.connect("/", { auth: { name: "Bob" } })).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect((await app.connect("/", { auth: { name: "Ann" } })).connected).toBe(true);
  });
});

describe("what a scope has by itself", () => {
  it("is the server everywhere; socket, namespace and handshake with the connection; the call with the message", async () => {
    @Injectable({ scope: "message" })
    class Everything {
      constructor(
        readonly server: Server,
        readonly namespace: SocketNamespace,
        readonly socket: Socket,
        @Handshake() readonly handshake: Handshake,
        readonly context: ExecutionContext,
      ) {}
    }

    @Namespace("/orders/:id")
    @Injectable({ scope: "message" })
    class OrderGateway {
      constructor(readonly all: Everything) {}

      @OnEvent("ask")
      @Ack()
      ask(): unknown {
        const { server, namespace, socket, handshake, context } = this.all;
        return [
          server === socket.server,
          namespace.name,
          socket.id,
          handshake.auth.name,
          context.event,
          context.getClass().name,
        ];
      }
    }

    const app = await start(OrderGateway, Everything);
    const client = await app.connect("/orders/7", { auth: { name: "Ann" } });
    expect(await client.emitWithAck("ask")).toEqual([true, "/orders/7", client.id, "Ann", "ask", "OrderGateway"]);
  });

  it("is the namespace that it serves for a singleton gateway", async () => {
    @Namespace("/chat")
    class ChatGateway {
      constructor(
        readonly server: Server,
        readonly namespace: SocketNamespace,
      ) {}
    }

    const app = await start(ChatGateway);
    const { server, namespace } = app.get(ChatGateway);
    expect(server).toBe(app.server);
    expect(namespace).toBe(app.server.of("/chat"));
  });
});

describe("resolve()", () => {
  @Injectable({ scope: "connection" })
  class Session extends Numbered {}

  @Injectable({ scope: "message" })
  class Work extends Numbered {}

  @Injectable({ scope: "transient" })
  class Ticket extends Numbered {
    constructor(readonly session: Session) {
      super();
    }
  }

  @Namespace()
  class PlainGateway {
    @OnEvent("ask")
    @Ack()
    async ask(): Promise<number> {
      return Promise.resolve(0);
    }
  }

  const socketOf = (app: TestingApplication, id: string): Socket => app.server.sockets.sockets.get(id) as Socket;

  it("gives a connection's instance for its socket, and what depends on it", async () => {
    const app = await start(PlainGateway, Session, Work, Ticket);
    const [ann, bob] = [await app.connect(), await app.connect()];
    const session = await app.resolve(Session, socketOf(app, ann.id));
    expect(await app.resolve(Session, socketOf(app, ann.id))).toBe(session);
    expect(await app.resolve(Session, socketOf(app, bob.id))).not.toBe(session);
    const tickets = [
      await app.resolve(Ticket, socketOf(app, ann.id)),
      await app.resolve(Ticket, socketOf(app, ann.id)),
    ];
    expect(tickets.map((ticket) => ticket.session)).toEqual([session, session]);
    expect(tickets[0]).not.toBe(tickets[1]);
  });

  it("gives a message's instance while its handler runs", async () => {
    const contexts: ExecutionContext[] = [];

    @Namespace()
    class AskingGateway {
      @OnEvent("ask")
      @UseGuards({
        canActivate: (context: ExecutionContext) => {
          contexts.push(context);
          return true;
        },
      })
      @Ack()
      async ask(): Promise<boolean> {
        const context = contexts.at(-1);
        return (await app.resolve(Work, context)) === (await app.resolve(Work, context));
      }
    }

    const app = await start(AskingGateway, Work);
    const client = await app.connect();
    expect(await client.emitWithAck("ask")).toBe(true);
    await expect(app.resolve(Work, contexts.at(-1))).rejects.toMatchObject({ code: "GATEWAY_NO_SCOPE" });
  });

  it("refuses without a scope that is open, and what nobody provides", async () => {
    const app = await start(PlainGateway, Session, Work);
    const client = await app.connect();
    const socket = socketOf(app, client.id);
    await expect(app.resolve(Session)).rejects.toMatchObject({
      code: "GATEWAY_NO_SCOPE",
      message: "Session serves one connection, and there is none that is open",
    });
    await expect(app.resolve(Work, socket)).rejects.toMatchObject({ code: "GATEWAY_NO_SCOPE" });
    await expect(app.resolve(ExecutionContext, socket)).rejects.toMatchObject({ code: "GATEWAY_NO_SCOPE" });
    await expect(app.resolve("Sesion", socket)).rejects.toMatchObject({
      message: expect.stringContaining("near: Session"),
    });
    await client.disconnect();
    await app.settled();
    await expect(app.resolve(Session, socket)).rejects.toMatchObject({ code: "GATEWAY_NO_SCOPE" });
  });
});
