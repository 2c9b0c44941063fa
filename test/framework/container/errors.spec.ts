import { Application, GatewayError, Inject, Injectable, Module, type ModuleMetadata, Namespace } from "rookery";
import { buildApplication } from "../../../src/framework/index.js";
import { moduleOf } from "../support/applications.js";

/** The error that starting an application with these providers ends in. */
async function failure(metadata: ModuleMetadata): Promise<GatewayError> {
  @Module(metadata)
  class AppModule {}
  return rejection(Application.create(AppModule));
}

async function rejection(promise: Promise<unknown>): Promise<GatewayError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!GatewayError.is(error)) throw error;
  return error;
}

@Injectable()
class Database {}

@Injectable()
class MessageStore {
  constructor(readonly database: Database) {}
}

@Injectable()
class MessageService {
  constructor(readonly store: MessageStore) {}
}

@Namespace()
class ChatGateway {
  constructor(readonly messages: MessageService) {}
}

describe("a missing provider", () => {
  it("is named with who needs it, which parameter, in which module, and who wanted that", async () => {
    const error = await failure({ providers: [ChatGateway, MessageService, MessageStore] });
    expect(error.code).toBe("GATEWAY_MISSING_PROVIDER");
    expect(error.message.replaceAll(/:\d+/g, "")).toBe(
      "MessageStore (test/framework/container/errors.spec.ts) of AppModule (test/framework/container/errors.spec.ts) " +
        "needs Database as constructor parameter 1, and nothing provides it there (wanted by MessageService, wanted by ChatGateway)",
    );
    expect(error.mend).toBe("Add Database to the providers of AppModule, or import a module that exports it.");
  });

  it("comes with where it is had from when it is a class of socket.io that rookery has, too", async () => {
    const { Server } = await import("socket.io");
    @Injectable()
    class Announcer {
      constructor(@Inject(Server) readonly server: unknown) {}
    }
    const error = await failure({ providers: [Announcer] });
    expect(error.message).toMatch(/; it is not the Server of rookery$/);
    expect(error.mend).toBe('Import Server from "rookery"; where it is, rookery doctor finds second copies.');
  });

  it("comes with the module that provides it without exporting it", async () => {
    @Module({ providers: [Database] })
    class StorageModule {}
    const error = await failure({ imports: [StorageModule], providers: [MessageStore] });
    expect(error.message).toMatch(/; StorageModule provides it, but does not export it$/);
    expect(error.mend).toBe("Add Database to the exports of StorageModule.");
  });

  it("comes with the module that exports it without being imported", async () => {
    @Module({ providers: [Database], exports: [Database] })
    class StorageModule {}
    const Between = moduleOf({ imports: [StorageModule] });
    const error = await failure({ imports: [Between], providers: [MessageStore] });
    expect(error.message).toMatch(/; StorageModule exports it, but AppModule does not import StorageModule$/);
    expect(error.mend).toBe("Add StorageModule to the imports of AppModule.");
  });

  it("comes with tokens of similar names", async () => {
    @Injectable()
    class Consumer {
      constructor(@Inject("databse") readonly database: unknown) {}
    }
    const error = await failure({ providers: [Consumer, { provide: "database", useValue: 1 }] });
    expect(error.message).toMatch(/needs "databse" as constructor parameter 1.*; near: "database"$/);
  });

  it("comes with the class of the same name, which a file loaded twice makes", async () => {
    const twin = { Database: class {} }.Database;
    const error = await failure({ providers: [MessageStore, twin] });
    expect(error.message).toMatch(/; another token of the same name exists: the file may have been loaded twice$/);
  });

  it("is told of factories and aliases too", async () => {
    const factory = await failure({ providers: [{ provide: "made", useFactory: () => 1, inject: ["part"] }] });
    expect(factory.message).toMatch(/^"made" of AppModule \(test\/.*:\d+\) needs "part" as inject\[0\]/);
    const inject = [{ token: "part", optional: false }];
    const long = await failure({ providers: [{ provide: "made", useFactory: () => 1, inject }] });
    expect(long.message).toBe(factory.message);
    const alias = await failure({ providers: [{ provide: "name", useExisting: "other" }] });
    expect(alias.message).toMatch(/^"name" of AppModule \(test\/.*:\d+\) needs "other" as useExisting/);
  });

  it("stops get() and overrides as well", async () => {
    const app = await Application.create(moduleOf({ providers: [Database] }));
    expect(() => app.get("Databases")).toThrow('no module provides "Databases"; near: Database');
    const override = buildApplication(moduleOf({}), { overrides: [{ provide: Database, useValue: 1 }] });
    expect((await rejection(override)).code).toBe("GATEWAY_UNKNOWN_OVERRIDE");
  });
});

describe("the container refuses", () => {
  it("parameters without a type at run time, and says which", async () => {
    @Injectable()
    class ByInterface {
      constructor(
        readonly database: Database,
        readonly options: { port: number },
      ) {}
    }
    const error = await failure({ providers: [ByInterface, Database] });
    expect(error.code).toBe("GATEWAY_UNNAMED_DEPENDENCY");
    expect(error.message).toMatch(/^ByInterface \(test\/.*:\d+\), constructor parameter 2 is Object at run time/);
  });

  it("classes without a decorator, whose constructor types nobody writes down", async () => {
    class Undecorated {
      constructor(readonly database: Database) {}
    }
    const error = await failure({ providers: [Undecorated, Database] });
    expect(error.code).toBe("GATEWAY_NOT_INJECTABLE");
    expect(error.message).toMatch(/^constructor parameter 1 of Undecorated has no type at run time/);
    expect(error.mend).toBe("Decorate the class with @Injectable(), or name the type: @Inject(token).");
  });

  it("tokens that an import cycle has left undefined", async () => {
    @Injectable()
    class Consumer {
      constructor(@Inject(undefined) readonly database: unknown) {}
    }
    expect((await failure({ providers: [Consumer] })).code).toBe("GATEWAY_UNNAMED_DEPENDENCY");
  });

  it("providers that need each other", async () => {
    const error = await failure({
      providers: [
        { provide: "egg", useFactory: () => 1, inject: ["hen"] },
        { provide: "hen", useFactory: () => 1, inject: ["egg"] },
      ],
    });
    expect(error.message).toBe('providers need each other: "egg" > "hen" > "egg"');
  });

  it("modules that import each other", async () => {
    const imports: never[] = [];
    @Module({ imports })
    class First {}
    @Module({ imports: [First] })
    class Second {}
    imports.push(Second as never);
    const error = await rejection(Application.create(First));
    expect(error.message).toMatch(/: First \(test\/.*:\d+\) > Second \(test\/.*:\d+\) > First$/);
  });

  it("imports that are no module", async () => {
    const undecorated = await failure({ imports: [Database] });
    expect(undecorated.message).toMatch(/^imports\[0\] of AppModule \(test\/.*:\d+\) is Database, expected a class/);
    const cyclic = await failure({ imports: [undefined as never] });
    expect(cyclic.message).toMatch(/^imports\[0\] of AppModule \(.*\) is undefined/);
  });

  it("exports that the module does not have", async () => {
    expect((await failure({ exports: [Database] })).code).toBe("GATEWAY_UNKNOWN_EXPORT");
  });

  it("providers in no known form, and scopes that do not exist", async () => {
    for (const provider of [
      undefined,
      null,
      { provide: "x" },
      { provide: undefined, useValue: 1 },
      { provide: "x", useFactory: 1 },
    ]) {
      expect((await failure({ providers: [provider as never] })).code).toBe("GATEWAY_BAD_PROVIDER");
    }
    @Injectable({ scope: "request" as never })
    class PerRequest {}
    const unlisted = await failure({ providers: Database as never });
    expect(unlisted.message).toMatch(/^option providers of AppModule \(test\/.*:\d+\) is Database, expected an array$/);
    const error = await failure({ providers: [PerRequest] });
    expect(error.message).toBe("PerRequest has scope 'request', which does not exist");
    expect(error.mend).toBe("Use one of: singleton, transient, connection, message.");
  });

  it("a provider that cannot be made, with its cause", async () => {
    const cause = new RangeError("no disk");
    const broken = (): never => {
      throw cause;
    };
    for (const useFactory of [broken, async () => Promise.resolve().then(broken)]) {
      const error = await failure({ providers: [{ provide: "disk", useFactory }] });
      expect([error.message, error.cause]).toEqual(['"disk" of AppModule could not be made: no disk', cause]);
    }
  });

  it("to hand out by get() what has no one instance, aliases of it too", async () => {
    const provider = { provide: "later", useFactory: async () => Promise.resolve(1), scope: "transient" as const };
    const alias = { provide: "alias", useExisting: "later" };
    const app = await Application.create(moduleOf({ providers: [provider, alias] }));
    expect(() => app.get("later")).toThrow('"later" cannot be had from get(): its scope is transient');
    expect(() => app.get("alias")).toThrow('"alias" cannot be had from get(): its scope is transient');
    expect(await Promise.all([app.resolve("later"), app.resolve("alias")])).toEqual([1, 1]);
  });
});
