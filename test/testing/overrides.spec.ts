import {
  Ack,
  APP_FILTER,
  APP_GUARD,
  APP_INTERCEPTOR,
  APP_PIPE,
  type CanActivate,
  type DynamicModule,
  type ExceptionFilter,
  type ExecutionContext,
  Global,
  Inject,
  Injectable,
  type Interceptor,
  Module,
  Namespace,
  OnEvent,
  Optional,
  type PipeTransform,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
} from "rookery";
import {
  autoMock,
  type ModuleReplacement,
  Test,
  type TestingApplication,
  type TestingModuleBuilder,
} from "rookery/testing";

class NoGuard implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

class OtherGuard extends NoGuard {}

class Doubling implements PipeTransform<string> {
  transform(value: string): string {
    return value + value;
  }
}

class Shouting implements Interceptor {
  async intercept(_context: ExecutionContext, next: () => Promise<unknown>): Promise<unknown> {
    return `${String(await next())}!`;
  }
}

class Answering implements ExceptionFilter {
  catch(): string {
    return "filtered";
  }
}

@Namespace()
class Echo {
  @OnEvent("guarded")
  @UseGuards(NoGuard)
  @Ack()
  guarded(text: string): string {
    return text;
  }

  @OnEvent("echo")
  @UsePipes(Doubling)
  @UseInterceptors(Shouting)
  @Ack()
  echo(text: string): string {
    return text;
  }

  @OnEvent("break")
  @UseFilters(Answering)
  @Ack()
  break(): never {
    throw new RangeError("broken");
  }
}

const allow = { canActivate: () => true };
const builders = {
  echo: () => Test.createTestingModule({ providers: [Echo] }),
};

let app: TestingApplication | undefined;

afterEach(async () => {
  await app?.close();
  app = undefined;
});

async function answerOf(builder: TestingModuleBuilder, event: string, ...args: unknown[]): Promise<unknown> {
  app = await builder.compile();
  return (await app.connect()).emitWithAck(event, ...args);
}

describe("overriding what stands on a gateway", () => {
  it("replaces a guard", async () => {
    expect(await answerOf(builders.echo().overrideGuard(NoGuard).useValue(allow), "guarded", "hi")).toBe("hi");
  });

  it("gives what stands in the test's own providers, wherever it stands", async () => {
    @Injectable()
    class Judge {
      readonly allows = true;
    }

    @Injectable()
    class Lenient implements CanActivate {
      constructor(private readonly judge: Judge) {}

      canActivate(): boolean {
        return this.judge.allows;
      }
    }

    @Module({ providers: [Echo] })
    class EchoModule {}

    const builder = (): TestingModuleBuilder => Test.createTestingModule({ imports: [EchoModule], providers: [Judge] });
    const byFactory = { inject: [Judge], make: (judge: Judge) => new Lenient(judge) };

    expect(await answerOf(builder().overrideGuard(NoGuard).useClass(Lenient), "guarded", "hi")).toBe("hi");
    await app?.close();
    const replaced = builder().overrideGuard(NoGuard).useFactory(byFactory.make, byFactory.inject);
    expect(await answerOf(replaced, "guarded", "hi")).toBe("hi");
  });

  it("replaces a pipe by a class, into which what it needs is injected", async () => {
    @Injectable()
    class Prefixing implements PipeTransform<string> {
      constructor(@Inject("prefix") private readonly prefix: string) {}

      transform(value: string): string {
        return `${this.prefix} ${value}`;
      }
    }
    const builder = Test.createTestingModule({ providers: [Echo, { provide: "prefix", useValue: "so" }] });

    expect(await answerOf(builder.overridePipe(Doubling).useClass(Prefixing), "echo", "hi")).toBe("so hi!");
  });

  it("replaces an interceptor by what a factory makes", async () => {
    const builder = Test.createTestingModule({ providers: [Echo, { provide: "mark", useValue: "?" }] })
      .overrideInterceptor(Shouting)
      .useFactory(
        (mark: string) => ({ intercept: async (_context, next) => `${String(await next())}${mark}` }),
        ["mark"],
      );

    expect(await answerOf(builder, "echo", "hi")).toBe("hihi?");
  });

  it("replaces a filter", async () => {
    const builder = builders
      .echo()
      .overrideFilter(Answering)
      .useValue({ catch: (error) => (error as Error).message });

    expect(await answerOf(builder, "break")).toBe("broken");
  });

  it("says what is near when nothing of that name is there", async () => {
    class NoGuards extends NoGuard {}

    await expect(builders.echo().overrideGuard(NoGuards).useValue(allow).compile()).rejects.toMatchObject({
      code: "GATEWAY_UNKNOWN_OVERRIDE",
      message: "NoGuards is overridden, but no module provides it; near: NoGuard",
    });
  });
});

describe("overriding global enhancers", () => {
  const global = (provide: symbol, useClass: new () => object) =>
    Test.createTestingModule({ providers: [Echo, { provide, useClass }] })
      .overrideGuard(NoGuard)
      .useValue(allow);

  it.each([
    ["its class", OtherGuard],
    ["its token", APP_GUARD],
  ])("replaces a guard by %s", async (_what, token) => {
    const builder = global(APP_GUARD, OtherGuard).overrideGuard(token).useValue(allow);

    expect(await answerOf(builder, "guarded", "hi")).toBe("hi");
  });

  it("replaces pipes, interceptors and filters by their tokens", async () => {
    const providers = [
      Echo,
      { provide: APP_PIPE, useClass: Doubling },
      { provide: APP_INTERCEPTOR, useClass: Shouting },
      { provide: APP_FILTER, useClass: Answering },
    ];
    const builder = Test.createTestingModule({ providers })
      .overrideGuard(NoGuard)
      .useValue({
        canActivate: () => {
          throw new RangeError("guarded");
        },
      })
      .overridePipe(APP_PIPE)
      .useValue({ transform: (value) => `(${value as string})` })
      .overrideInterceptor(APP_INTERCEPTOR)
      .useValue({ intercept: async (_context, next) => `<${String(await next())}>` })
      .overrideFilter(APP_FILTER)
      .useValue({ catch: (error) => (error as Error).message });

    expect(await answerOf(builder, "echo", "hi")).toBe("<(hi)(hi)!>");
    expect(await (await app?.connect())?.emitWithAck("guarded", "hi")).toBe("guarded");
  });

  it("replaces one that the application is told of before it starts", async () => {
    const builder = builders
      .echo()
      .configure((application) => application.useGlobalGuards(OtherGuard))
      .overrideGuard(NoGuard)
      .useValue(allow)
      .overrideGuard(OtherGuard)
      .useValue(allow);

    expect(await answerOf(builder, "guarded", "hi")).toBe("hi");
  });

  it("refuses a token under which nothing is provided", async () => {
    await expect(builders.echo().overrideGuard(APP_GUARD).useValue(allow).compile()).rejects.toMatchObject({
      code: "GATEWAY_UNKNOWN_OVERRIDE",
    });
  });
});

describe("overrideModule", () => {
  class Database {
    find(): string {
      return "real";
    }
  }

  @Module({ providers: [Database], exports: [Database] })
  class DatabaseModule {
    static forRoot(): DynamicModule {
      return { module: DatabaseModule };
    }
  }

  @Module({ imports: [DatabaseModule], exports: [DatabaseModule] })
  class DataModule {}

  @Module({ providers: [{ provide: Database, useValue: { find: () => "faked" } }], exports: [Database] })
  class FakeDatabaseModule {}

  @Namespace()
  class Finder {
    constructor(private readonly database: Database) {}

    @OnEvent("find")
    @Ack()
    find(): string {
      return this.database.find();
    }
  }

  it.each([
    ["a module", DatabaseModule, FakeDatabaseModule],
    ["a dynamic module", DatabaseModule.forRoot(), FakeDatabaseModule],
    ["a module that another exports", DataModule, FakeDatabaseModule],
    [
      "a module by a dynamic one",
      DatabaseModule,
      { module: class Empty {}, providers: [Database], exports: [Database] },
    ],
  ])("replaces %s", async (what, imported, replacement) => {
    const builder = Test.createTestingModule({ imports: [imported], providers: [Finder] })
      .overrideModule(DatabaseModule)
      .useModule(replacement);

    expect(await answerOf(builder, "find")).toBe(what.endsWith("one") ? "real" : "faked");
    expect(() => app?.get(DatabaseModule)).toThrow(expect.objectContaining({ code: "GATEWAY_NOT_FOUND" }));
  });

  const dynamic: DynamicModule = { module: FakeDatabaseModule, global: true };

  it.each<[string, (replacement: ModuleReplacement<TestingModuleBuilder>) => TestingModuleBuilder]>([
    ["a class", (replacement) => replacement.useClass(FakeDatabaseModule)],
    ["a dynamic module", (replacement) => replacement.useValue(dynamic)],
    ["what a factory returns", (replacement) => replacement.useFactory(() => FakeDatabaseModule)],
    ["what a factory resolves", (replacement) => replacement.useFactory(() => Promise.resolve(dynamic))],
  ])("takes %s", async (_what, by) => {
    const builder = Test.createTestingModule({ imports: [DataModule], providers: [Finder] });

    expect(await answerOf(by(builder.overrideModule(DatabaseModule)), "find")).toBe("faked");
  });

  it("asks the factory anew for each application", async () => {
    const factory = jest.fn(() => FakeDatabaseModule);
    const builder = Test.createTestingModule({ imports: [DataModule] }).overrideModule(DatabaseModule);
    app = await builder.useFactory(factory).compile();
    await app.cluster(3);

    expect(factory).toHaveBeenCalledTimes(3);
  });

  it("says what is near when nobody imports the module", async () => {
    const builder = Test.createTestingModule({ imports: [DatabaseModule], providers: [Finder] });

    await expect(builder.overrideModule(FakeDatabaseModule).useModule(DataModule).compile()).rejects.toMatchObject({
      code: "GATEWAY_UNKNOWN_OVERRIDE",
      message: "FakeDatabaseModule is overridden, but no module imports it; near: DatabaseModule",
    });
  });
});

describe("useMocker", () => {
  abstract class Store {
    abstract find(id: string): Promise<string>;
  }

  class Metrics {
    count(): number {
      return 1;
    }
  }

  @Injectable()
  class Service {
    constructor(
      readonly store: Store,
      @Inject("settings") readonly settings: { readonly limits: { readonly length: number } },
      @Optional() readonly metrics?: Metrics,
    ) {}
  }

  @Namespace()
  class Reader {
    constructor(
      private readonly service: Service,
      private readonly store: Store,
    ) {}

    @OnEvent("read")
    @Ack()
    async read(id: string): Promise<unknown> {
      return [await this.service.store.find(id), this.store === this.service.store];
    }
  }

  it("makes what nobody provides, once for each token", async () => {
    const asked: unknown[] = [];
    app = await Test.createTestingModule({ providers: [Reader, Service] })
      .useMocker((token) => {
        asked.push(token);
        return autoMock(token);
      })
      .compile();
    const find = jest.mocked(app.get(Store)).find;
    find.mockResolvedValue("found");

    expect(await (await app.connect()).emitWithAck("read", "7")).toEqual(["found", true]);
    expect(find).toHaveBeenCalledWith("7");
    expect(app.get(Store)).toBeInstanceOf(Store);
    expect(asked).toEqual([Store, "settings", Metrics]);
  });

  it("leaves missing what it makes nothing of", async () => {
    const mock = { find: () => Promise.resolve("known") };
    const builder = Test.createTestingModule({ providers: [Reader, Service] });
    builder.useMocker((token) => (token === Metrics ? undefined : token === Store ? mock : {}));
    app = await builder.compile();

    expect(app.get(Service).metrics).toBeUndefined();
    expect(() => app?.get(Metrics)).toThrow(expect.objectContaining({ code: "GATEWAY_NOT_FOUND" }));
    await expect(builder.useMocker(() => undefined).compile()).rejects.toMatchObject({ code: "GATEWAY_START_FAILED" });
  });

  it("does not hide that a module keeps to itself what another needs", async () => {
    @Module({ providers: [{ provide: Store, useValue: {} }] })
    class StoreModule {}
    const builder = Test.createTestingModule({ imports: [StoreModule], providers: [Reader, Service] });

    await expect(builder.useMocker(autoMock).compile()).rejects.toMatchObject({
      code: "GATEWAY_START_FAILED",
      message: expect.stringContaining("StoreModule provides it, but does not export it"),
    });
  });

  it("leaves alone what is provided, also by a module for all", async () => {
    @Global()
    @Module({ providers: [{ provide: Store, useValue: { find: () => "provided" } }], exports: [Store] })
    class StoreModule {}
    const builder = Test.createTestingModule({ imports: [StoreModule], providers: [Reader, Service] });

    expect(await answerOf(builder.useMocker(autoMock), "read", "7")).toEqual(["provided", true]);
  });
});
