import {
  Application,
  type CanActivate,
  type DynamicModule,
  Inject,
  Injectable,
  Module,
  Namespace,
  namespaceToken,
  Optional,
  Server,
  SocketNamespace,
  UseGuards,
} from "rookery";
import { buildApplication } from "../../../src/framework/index.js";
import { moduleOf } from "../support/applications.js";

@Injectable()
class Clockwork {
  readonly id = Symbol("clockwork");
}

@Injectable()
class Engine {
  constructor(readonly clockwork: Clockwork) {}
}

describe("the container", () => {
  it("fills constructors by type, with one instance for everybody", async () => {
    const app = await Application.create(moduleOf({ providers: [Engine, Clockwork] }));
    expect(app.get(Engine).clockwork).toBe(app.get(Clockwork));
  });

  it("makes a transient provider anew for everyone who asks", async () => {
    @Injectable({ scope: "transient" })
    class Dice {
      readonly id = Symbol("throw");
    }

    @Injectable()
    class Player {
      constructor(readonly dice: Dice) {}
    }

    const app = await Application.create(moduleOf({ providers: [Player, Dice] }));
    expect(app.get(Player)).toBe(app.get(Player));
    expect(await app.resolve(Dice)).not.toBe(await app.resolve(Dice));
    expect(app.get(Player).dice).toBeInstanceOf(Dice);
  });

  it("provides by class, value, factory, async factory and alias, under any token", async () => {
    const REPOSITORY = Symbol("repository");
    abstract class Store {
      abstract name: string;
    }

    @Injectable()
    class MemoryStore extends Store {
      name = "memory";
    }

    @Injectable()
    class Consumer {
      constructor(
        readonly store: Store,
        @Inject("config") readonly config: { port: number },
        @Inject(REPOSITORY) readonly repository: string,
        @Inject("alias") readonly alias: string,
        @Inject("absent") @Optional() readonly absent?: string,
      ) {}
    }

    const app = await Application.create(
      moduleOf({
        providers: [
          Consumer,
          { provide: "alias", useExisting: REPOSITORY },
          {
            provide: REPOSITORY,
            useFactory: async (store: Store, { port }: { port: number }, absent: unknown) =>
              Promise.resolve(`${store.name} ${port} ${String(absent)}`),
            inject: [Store, "config", { token: "absent", optional: true }],
          },
          { provide: "config", useValue: { port: 1 } },
          { provide: Store, useClass: MemoryStore },
        ],
      }),
    );
    expect(app.get(Consumer)).toMatchObject({
      config: { port: 1 },
      repository: "memory 1 undefined",
      alias: "memory 1 undefined",
      absent: undefined,
    });
    expect(app.get(Consumer).store).toBeInstanceOf(MemoryStore);
  });

  it("hands out a value as it is, a thenable too", async () => {
    const query = { then: jest.fn() };
    const app = await Application.create(moduleOf({ providers: [{ provide: "query", useValue: query }] }));
    expect(app.get("query")).toBe(query);
    expect(query.then).not.toHaveBeenCalled();
  });

  it("fills properties, and the constructor that a class inherits", async () => {
    class Base {
      @Inject(Clockwork) readonly inherited!: Clockwork;

      constructor(@Inject("name") readonly name: string) {}
    }

    @Injectable()
    class Derived extends Base {
      @Inject() readonly own!: Engine;
    }

    @Injectable()
    class Rebuilt extends Base {
      constructor(readonly engine: Engine) {
        super("given");
      }
    }

    const app = await Application.create(
      moduleOf({ providers: [Derived, Rebuilt, Engine, Clockwork, { provide: "name", useValue: "injected" }] }),
    );
    expect(app.get(Derived)).toMatchObject({ name: "injected", inherited: app.get(Clockwork), own: app.get(Engine) });
    expect(app.get(Rebuilt)).toMatchObject({ name: "given", engine: app.get(Engine), inherited: app.get(Clockwork) });
  });

  it("injects the server and namespaces: a gateway's own, or the one that is named", async () => {
    @Namespace("/chat")
    class ChatGateway {
      constructor(
        readonly server: Server,
        readonly namespace: SocketNamespace,
      ) {}
    }

    @Injectable()
    class Announcer {
      constructor(
        readonly root: SocketNamespace,
        @Inject(namespaceToken("chat")) readonly chat: SocketNamespace,
      ) {}
    }

    const app = await Application.create(moduleOf({ providers: [ChatGateway, Announcer] }));
    expect(app.get(ChatGateway).server).toBe(app.server);
    expect(app.get(ChatGateway).namespace).toBe(app.server.of("/chat"));
    expect(app.get(Announcer).root).toBe(app.server.of("/"));
    expect(app.get(Announcer).chat).toBe(app.server.of("/chat"));
    expect(app.get(Server)).toBe(app.server);
  });

  it("finds exports of imported modules, handed on through others, one instance for all", async () => {
    const Storage = moduleOf({ providers: [Clockwork], exports: [Clockwork] });
    const Library = moduleOf({ imports: [Storage], exports: [Storage] });
    const app = await Application.create(
      moduleOf({ imports: [Library, Storage], providers: [Engine, { provide: "again", useExisting: Clockwork }] }),
    );
    expect(app.get(Engine).clockwork).toBe(app.get("again"));
  });

  it("gives each module its own instance of what both list", async () => {
    const First = moduleOf({
      providers: [Clockwork, { provide: "first", useExisting: Clockwork }],
      exports: ["first"],
    });
    const Second = moduleOf({
      providers: [Clockwork, { provide: "second", useExisting: Clockwork }],
      exports: ["second"],
    });
    const app = await Application.create(moduleOf({ imports: [First, Second] }));
    expect(app.get("first")).not.toBe(app.get("second"));
  });

  it("makes dynamic modules apart, and adds what they say to what @Module says", async () => {
    @Module({ providers: [Clockwork], exports: [Clockwork] })
    class ConfigModule {
      static forRoot(name: string): DynamicModule {
        return { module: ConfigModule, providers: [{ provide: "name", useValue: name }], exports: ["name"] };
      }
    }

    @Injectable()
    class Consumer {
      constructor(
        @Inject("name") readonly name: string,
        readonly clockwork: Clockwork,
      ) {}
    }

    const Feature = moduleOf({ imports: [ConfigModule.forRoot("feature")], providers: [Consumer] });
    const Other = moduleOf({
      imports: [ConfigModule.forRoot("other")],
      providers: [{ provide: "theirs", useExisting: "name" }],
      exports: ["theirs"],
    });
    const app = await Application.create(moduleOf({ imports: [Feature, Other] }));
    expect([app.get(Consumer).name, app.get("theirs")]).toEqual(["feature", "other"]);
  });

  it("injects into the module's own class, last", async () => {
    @Module({ providers: [Engine, Clockwork] })
    class AppModule {
      constructor(readonly engine: Engine) {}
    }

    const app = await Application.create(AppModule);
    expect(app.get(AppModule).engine).toBe(app.get(Engine));
  });

  it("replaces providers by overrides, in every module that lists them", async () => {
    const fake = { id: Symbol("fake") };
    const Storage = moduleOf({ providers: [Clockwork], exports: [Clockwork] });
    const app = await buildApplication(moduleOf({ imports: [Storage], providers: [Engine] }), {
      overrides: [{ provide: Clockwork, useValue: fake }],
    });
    expect(app.get(Engine).clockwork).toBe(fake);
  });

  it("replaces guards that no module lists", async () => {
    class StrictGuard implements CanActivate {
      canActivate(): boolean {
        return false;
      }
    }

    @Namespace()
    @UseGuards(StrictGuard)
    class ChatGateway {}

    const lenient = { canActivate: () => true };
    const app = await buildApplication(moduleOf({ providers: [ChatGateway] }), {
      overrides: [{ provide: StrictGuard, useValue: lenient }],
    });
    expect(app.get(StrictGuard)).toBe(lenient);
  });
});
