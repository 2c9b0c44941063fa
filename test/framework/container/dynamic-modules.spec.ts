import {
  Application,
  forwardRef,
  Global,
  Inject,
  Injectable,
  Module,
  type DynamicModule,
  type FactoryProvider,
} from "rookery";
import { moduleOf } from "../support/applications.js";

@Injectable()
class ConfigService {
  constructor(@Inject("options") readonly options: { readonly name: string }) {}
}

@Module({})
class ConfigModule {
  static forRoot(options: { readonly name: string }): DynamicModule {
    return {
      module: ConfigModule,
      providers: [ConfigService, { provide: "options", useValue: options }],
      exports: [ConfigService],
    };
  }

  static forRootAsync({
    imports = [],
    inject = [],
    useFactory,
  }: Pick<DynamicModule, "imports"> & Pick<FactoryProvider, "inject" | "useFactory">): DynamicModule {
    return {
      module: ConfigModule,
      imports,
      providers: [ConfigService, { provide: "options", useFactory, inject }],
      exports: [ConfigService],
    };
  }

  static async promised(name: string): Promise<DynamicModule> {
    await Promise.resolve();
    return ConfigModule.forRoot({ name });
  }
}

@Injectable()
class Consumer {
  constructor(readonly config: ConfigService) {}
}

describe("a dynamic module", () => {
  it("is made of its options", async () => {
    const app = await Application.create(
      moduleOf({ imports: [ConfigModule.forRoot({ name: "plain" })], providers: [Consumer] }),
    );
    expect(app.get(Consumer).config.options.name).toBe("plain");
  });

  it("takes options that others provide, made asynchronously", async () => {
    const Environment = moduleOf({ providers: [{ provide: "env", useValue: "test" }], exports: ["env"] });
    const Config = ConfigModule.forRootAsync({
      imports: [Environment],
      inject: ["env"],
      useFactory: async (env: string) => Promise.resolve({ name: `of ${env}` }),
    });
    const app = await Application.create(moduleOf({ imports: [Config], providers: [Consumer] }));
    expect(app.get(Consumer).config.options.name).toBe("of test");
  });

  it("may be promised", async () => {
    const app = await Application.create(
      moduleOf({ imports: [ConfigModule.promised("later")], providers: [Consumer] }),
    );
    expect(app.get(Consumer).config.options.name).toBe("later");
    const root = await Application.create(ConfigModule.promised("root"));
    expect(root.get(ConfigService).options.name).toBe("root");
  });

  it("that is promised in vain stops the start, with the place and the cause", async () => {
    const cause = new Error("no file");
    const broken = { then: (_resolve: unknown, reject: (error: Error) => void) => reject(cause) };
    const error: unknown = await Application.create(moduleOf({ imports: [broken as never] })).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      code: "GATEWAY_MODULE_FAILED",
      message: expect.stringMatching(/^imports\[0\] of TestModule \(.*:\d+\) is a promise that was rejected: no file$/),
      cause,
    });
  });

  it("has features that share what its root holds", async () => {
    @Injectable()
    class Connection {
      readonly tables: string[] = [];
    }

    @Global()
    @Module({ providers: [Connection], exports: [Connection] })
    class DatabaseModule {
      static forFeature(table: string): DynamicModule {
        const repository = {
          provide: `${table} repository`,
          useFactory: (connection: Connection) => {
            connection.tables.push(table);
            return { table };
          },
          inject: [Connection],
        };
        return { module: FeatureModule, providers: [repository], exports: [repository] };
      }
    }

    @Module({})
    class FeatureModule {}

    const Users = moduleOf({
      imports: [DatabaseModule.forFeature("users")],
      providers: [{ provide: "users", useExisting: "users repository" }],
      exports: ["users"],
    });
    const Posts = moduleOf({ imports: [DatabaseModule.forFeature("posts")], exports: [FeatureModule] });
    const app = await Application.create(moduleOf({ imports: [DatabaseModule, Users, Posts] }));
    expect(app.get("users")).toEqual({ table: "users" });
    expect(app.get("posts repository")).toEqual({ table: "posts" });
    expect(app.get(Connection).tables).toEqual(["users", "posts"]);
  });

  it("may be re-exported, as it was imported or by its class", async () => {
    const Config = ConfigModule.forRoot({ name: "shared" });
    for (const item of [Config, ConfigModule, forwardRef(() => Config)]) {
      const Library = moduleOf({ imports: [Config], exports: [item] });
      const app = await Application.create(moduleOf({ imports: [Library], providers: [Consumer] }));
      expect(app.get(Consumer).config.options.name).toBe("shared");
    }
  });
});

describe("a global module", () => {
  @Global()
  @Module({ providers: [{ provide: "colour", useValue: "global" }], exports: ["colour"] })
  class ColourModule {}

  @Injectable()
  class Painter {
    constructor(@Inject("colour") readonly colour: string) {}
  }

  it("is seen by every module without being imported, once anybody imports it", async () => {
    const Far = moduleOf({ providers: [Painter], exports: [Painter] });
    const app = await Application.create(moduleOf({ imports: [Far, ColourModule] }));
    expect(app.get(Painter).colour).toBe("global");
    await expect(Application.create(Far)).rejects.toMatchObject({ code: "GATEWAY_MISSING_PROVIDER" });
  });

  it("shows its exports alone, and comes after what a module has itself or imports", async () => {
    const Own = moduleOf({ providers: [{ provide: "colour", useValue: "imported" }], exports: ["colour"] });
    const Painting = moduleOf({ imports: [Own], providers: [Painter], exports: [Painter] });
    const app = await Application.create(moduleOf({ imports: [ColourModule, Painting] }));
    expect(app.get(Painter).colour).toBe("imported");
    const Hidden: DynamicModule = {
      module: class HiddenModule {},
      global: true,
      providers: [{ provide: "colour", useValue: "hidden" }],
    };
    const error: unknown = await Application.create(moduleOf({ imports: [Hidden], providers: [Painter] })).catch(
      (thrown: unknown) => thrown,
    );
    expect(String(error)).toMatch(
      /Painter \(.+\) of TestModule \(.+\) needs "colour" .*; HiddenModule provides it, but does not export it/,
    );
    expect(error).toMatchObject({ mend: 'Add "colour" to the exports of HiddenModule.' });
  });

  it("may be a dynamic one that says so", async () => {
    const Colours: DynamicModule = {
      module: class Colours {},
      global: true,
      providers: [{ provide: "colour", useValue: "dynamic" }],
      exports: ["colour"],
    };
    const Far = moduleOf({ providers: [Painter], exports: [Painter] });
    const app = await Application.create(moduleOf({ imports: [Far, Colours] }));
    expect(app.get(Painter).colour).toBe("dynamic");
  });
});
