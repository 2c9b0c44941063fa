import { setImmediate as nextTurn } from "node:timers/promises";
import {
  Application,
  Global,
  Injectable,
  Module,
  Namespace,
  OnDisconnect,
  Reason,
  silentLogger,
  type BeforeApplicationShutdown,
  type ModuleMetadata,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from "rookery";
import { moduleOf, useApplications } from "../support/applications.js";

const diary: string[] = [];

/** Writes each hook down, and that it has ended a turn later. */
abstract class Diarist
  implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown, OnApplicationShutdown
{
  onModuleInit(): Promise<void> {
    return this.#write("init");
  }

  onApplicationBootstrap(): Promise<void> {
    return this.#write("bootstrap");
  }

  onModuleDestroy(): Promise<void> {
    return this.#write("destroy");
  }

  beforeApplicationShutdown(signal?: string): Promise<void> {
    return this.#write(`before shutdown ${signal ?? "-"}`);
  }

  onApplicationShutdown(signal?: string): Promise<void> {
    return this.#write(`shutdown ${signal ?? "-"}`);
  }

  async #write(hook: string): Promise<void> {
    diary.push(`${this.constructor.name} ${hook}`);
    await nextTurn();
    diary.push("ended");
  }
}

@Injectable()
class Database extends Diarist {}

@Module({ providers: [Database, { provide: "alias", useExisting: Database }], exports: [Database, "alias"] })
class StorageModule {}

@Namespace()
class ChatGateway extends Diarist {
  constructor(readonly database: Database) {
    super();
  }

  @OnDisconnect()
  async gone(@Reason() reason: string): Promise<void> {
    await nextTurn();
    diary.push(`gone: ${reason}`);
  }
}

const AppModule = moduleOf({ imports: [StorageModule], providers: [ChatGateway] });

describe("lifecycle hooks", () => {
  const run = useApplications();

  beforeEach(() => {
    diary.length = 0;
  });

  it("run one after another: imported first at the start, last at the end, after the disconnects", async () => {
    const running = await run({ imports: [StorageModule], providers: [ChatGateway] });
    const begin = ["Database init", "ChatGateway init", "Database bootstrap", "ChatGateway bootstrap"];
    expect(diary.filter((entry) => entry !== "ended")).toEqual(begin);
    expect(diary.filter((_, index) => index % 2 === 1)).toEqual(["ended", "ended", "ended", "ended"]);
    diary.length = 0;
    await running.connect();
    await running.app.close();
    expect(diary.filter((entry) => entry !== "ended")).toEqual([
      "gone: server shutting down",
      "ChatGateway destroy",
      "Database destroy",
      "ChatGateway before shutdown -",
      "Database before shutdown -",
      "ChatGateway shutdown -",
      "Database shutdown -",
    ]);
  });

  it("run in modules that are farthest from the root first, global ones before all, the module's own class last", async () => {
    const moduleNamed = (name: string, metadata: ModuleMetadata = {}): new () => object => {
      const own = { [name]: class extends Diarist {} }[name] as new () => Diarist;
      Module({ ...metadata, providers: [{ provide: `${name} part`, useFactory: () => new Part(name) }] })(own);
      return own;
    };
    class Part {
      constructor(readonly name: string) {}

      onModuleInit(): void {
        diary.push(`${this.name} part init`);
      }
    }
    const Deep = moduleNamed("Deep");
    const Near = moduleNamed("Near");
    const Between = moduleNamed("Between", { imports: [Deep] });
    const Everywhere = moduleNamed("Everywhere");
    Global()(Everywhere);
    const app = await Application.create(moduleNamed("Root", { imports: [Near, Between, Everywhere] }));
    await app.init();
    const order = ["Everywhere", "Deep", "Near", "Between", "Root"];
    const inits = diary.filter((entry) => entry.endsWith("init"));
    expect(inits).toEqual(order.flatMap((name) => [`${name} part init`, `${name} init`]));
    diary.length = 0;
    await app.close();
    const destroyed = diary.filter((entry) => entry.endsWith("destroy"));
    expect(destroyed).toEqual(order.reverse().map((name) => `${name} destroy`));
  });

  it("run on the transient instances that singletons hold", async () => {
    @Injectable({ scope: "transient" })
    class Part extends Diarist {}

    @Injectable()
    class Machine {
      constructor(
        readonly left: Part,
        readonly right: Part,
      ) {}
    }

    const app = await Application.create(moduleOf({ providers: [Machine, Part] }));
    await app.init();
    await app.resolve(Part);
    expect(diary.filter((entry) => entry === "Part init")).toHaveLength(2);
    await app.close();
    expect(diary.filter((entry) => entry === "Part destroy")).toHaveLength(2);
  });

  it("run once, however often the application is told to start or close", async () => {
    const app = await Application.create(AppModule);
    await Promise.all([app.init(), app.init()]);
    await Promise.all([app.close(), app.close()]);
    expect(diary.filter((entry) => entry.startsWith("Database"))).toHaveLength(5);
  });

  it("stop the start when one throws, naming provider and hook", async () => {
    const cause = new TypeError("no connection");
    const provider = {
      provide: "database",
      useValue: {
        onModuleInit: () => {
          throw cause;
        },
      },
    };
    const app = await Application.create(moduleOf({ providers: [provider, ChatGateway, Database] }));
    await expect(app.init()).rejects.toMatchObject({
      code: "GATEWAY_HOOK_FAILED",
      message: 'onModuleInit of "database" threw: no connection',
      cause,
    });
    expect(diary).toEqual([]);
  });

  it("are named by class and place when the class is known, whatever the token", async () => {
    @Injectable()
    class Repository implements OnModuleInit {
      onModuleInit(): Promise<void> {
        return Promise.reject(new Error("no table"));
      }
    }

    const app = await Application.create(moduleOf({ providers: [{ provide: "repository", useClass: Repository }] }));
    await expect(app.init()).rejects.toThrow(/^onModuleInit of Repository \(.+hooks\.spec\.ts:\d+\) threw: no table$/);
  });

  it("all run at the end, whatever the others throw, and close() tells", async () => {
    const failing = (name: string): object => ({
      provide: name,
      useValue: { onModuleDestroy: () => Promise.reject(new Error(`${name} is stuck`)) },
    });
    const providers = [failing("a"), Database, failing("b")] as never[];
    const app = await Application.create(moduleOf({ providers }), { logger: silentLogger });
    await app.init();
    await expect(app.close()).rejects.toMatchObject({
      code: "GATEWAY_SHUTDOWN_FAILED",
      message:
        "the application has closed, but 2 of its hooks failed: " +
        'onModuleDestroy of "b" threw: b is stuck; onModuleDestroy of "a" threw: a is stuck',
    });
    expect(diary).toContain("Database shutdown -");
  });
});
