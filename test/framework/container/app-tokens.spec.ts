import {
  Ack,
  APP_FILTER,
  APP_GUARD,
  APP_INTERCEPTOR,
  APP_PIPE,
  Catch,
  Injectable,
  Namespace,
  OnEvent,
  type CanActivate,
  type ExceptionFilter,
  type ExecutionContext,
  type Interceptor,
  type ModuleMetadata,
  type PipeTransform,
  type Provider,
} from "rookery";
import { Test, type TestingApplication } from "rookery/testing";
import { moduleOf } from "../support/applications.js";

@Injectable()
class Diary {
  readonly entries: string[] = [];
}

@Injectable()
class KindGuard implements CanActivate {
  constructor(readonly diary: Diary) {}

  canActivate({ kind }: ExecutionContext): boolean {
    this.diary.entries.push(`${this.constructor.name} ${kind}`);
    return true;
  }
}

class SecondGuard extends KindGuard {}
class LibraryGuard extends KindGuard {}

class Unknown extends Error {}

@Catch(Unknown)
@Injectable()
class UnknownFilter implements ExceptionFilter {
  constructor(readonly diary: Diary) {}

  catch(): string {
    return `after ${this.diary.entries.length} entries`;
  }
}

@Injectable()
class Upper implements PipeTransform {
  transform(value: string): string {
    return value.toUpperCase();
  }
}

@Injectable()
class Brackets implements Interceptor {
  async intercept(_context: ExecutionContext, next: () => Promise<unknown>): Promise<unknown> {
    return `[${String(await next())}]`;
  }
}

@Namespace()
class EchoGateway {
  @OnEvent("echo")
  @Ack()
  echo(text: string): string {
    if (text === "UNKNOWN") throw new Unknown();
    return text;
  }
}

const DiaryModule = moduleOf({ providers: [Diary], exports: [Diary] });

async function start(metadata: ModuleMetadata): Promise<TestingApplication> {
  return Test.createTestingModule({ imports: [DiaryModule], ...metadata }).compile();
}

describe("providers of the APP_… tokens", () => {
  it("stand around every gateway, whichever module provides them, several of one token too", async () => {
    const Library = moduleOf({
      imports: [DiaryModule],
      providers: [{ provide: APP_GUARD, useClass: LibraryGuard }],
    });
    const app = await start({
      imports: [Library, DiaryModule],
      providers: [
        EchoGateway,
        { provide: APP_GUARD, useClass: KindGuard },
        { provide: APP_GUARD, useClass: SecondGuard },
        { provide: APP_PIPE, useClass: Upper },
        { provide: APP_INTERCEPTOR, useFactory: async () => Promise.resolve(new Brackets()) },
        UnknownFilter,
        { provide: APP_FILTER, useExisting: UnknownFilter },
      ],
    });
    const client = await app.connect();
    const { entries } = app.get(Diary);
    expect(entries.splice(0)).toEqual(["LibraryGuard connect", "KindGuard connect", "SecondGuard connect"]);
    expect(await client.emitWithAck("echo", "hi")).toBe("[HI]");
    expect(entries).toEqual(["LibraryGuard message", "KindGuard message", "SecondGuard message"]);
    expect(await client.emitWithAck("echo", "unknown")).toBe("after 6 entries");
    await app.close();
  });

  it("come after those of useGlobalGuards()", async () => {
    const seen: string[][] = [];
    const app = await Test.createTestingModule({
      imports: [DiaryModule],
      providers: [EchoGateway, { provide: APP_GUARD, useClass: KindGuard }],
    })
      .configure((application) => {
        application.useGlobalGuards({ canActivate: () => seen.push([...application.get(Diary).entries]) > 0 });
      })
      .compile();
    await app.connect();
    expect([seen, app.get(Diary).entries]).toEqual([[[]], ["KindGuard connect"]]);
    await app.close();
  });

  it("are replaced in tests by their class", async () => {
    const app = await Test.createTestingModule({
      imports: [DiaryModule],
      providers: [EchoGateway, { provide: APP_GUARD, useClass: KindGuard }],
    })
      .overrideProvider(KindGuard)
      .useValue({ canActivate: () => false })
      .compile();
    await expect(app.connect()).rejects.toMatchObject({ code: "FORBIDDEN" });
    await app.close();
  });

  it("are refused when they are not what the token says, or scoped without a class", async () => {
    await expect(start({ providers: [EchoGateway, { provide: APP_GUARD, useClass: Upper }] })).rejects.toMatchObject({
      code: "GATEWAY_BAD_ENHANCER",
    });
    for (const provider of [{ useFactory: () => null }, { useValue: undefined }]) {
      await expect(
        start({ providers: [EchoGateway, { provide: APP_GUARD, ...provider } as Provider] }),
      ).rejects.toMatchObject({ code: "GATEWAY_BAD_ENHANCER" });
    }
    await expect(
      start({ providers: [EchoGateway, { provide: APP_GUARD, useClass: undefined as never }] }),
    ).rejects.toMatchObject({ code: "GATEWAY_BAD_PROVIDER" });
    await expect(
      start({
        providers: [EchoGateway, { provide: APP_GUARD, useFactory: () => new Upper(), scope: "connection" }],
      }),
    ).rejects.toMatchObject({ code: "GATEWAY_BAD_PROVIDER" });
  });
});
