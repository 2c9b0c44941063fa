import {
  Ack,
  type CanActivate,
  type ExceptionFilter,
  GatewayException,
  Injectable,
  type Interceptor,
  Namespace,
  OnEvent,
  type PipeTransform,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
} from "rookery";
import { useInMemory } from "../support/in-memory.js";

@Injectable()
class Diary {
  readonly lines: string[] = [];
}

/** One class that is all four kinds at once, made by the container. */
function enhancer(name: string) {
  @Injectable()
  class Enhancer implements CanActivate, Interceptor, PipeTransform, ExceptionFilter {
    constructor(private readonly diary: Diary) {}

    canActivate(): boolean {
      this.diary.lines.push(`${name} guard`);
      return true;
    }

    intercept(_context: unknown, next: () => Promise<unknown>): Promise<unknown> {
      this.diary.lines.push(`${name} interceptor`);
      return next();
    }

    transform(value: unknown): unknown {
      this.diary.lines.push(`${name} pipe`);
      return value;
    }

    catch(): void {
      this.diary.lines.push(`${name} filter`);
    }
  }
  return Enhancer;
}

const [Global, Base, Derived, Method] = [enhancer("global"), enhancer("base"), enhancer("derived"), enhancer("method")];

@UseGuards(Base)
@UseInterceptors(Base)
@UsePipes(Base)
@UseFilters(Base)
class BaseGateway {
  @OnEvent("say")
  @Ack()
  @UseGuards(Method)
  @UseInterceptors(Method)
  @UsePipes(Method)
  @UseFilters(Method)
  say(text: string): never {
    throw new GatewayException("CONFLICT", text);
  }
}

@Namespace()
@UseGuards(Derived)
@UseInterceptors(Derived)
@UsePipes(Derived)
@UseFilters(Derived)
class DerivedGateway extends BaseGateway {}

describe("enhancers of a gateway that extends another", () => {
  const start = useInMemory();

  it("add up: from the outside in on the way to the handler, from the inside out for what it throws", async () => {
    const app = await start(
      { providers: [DerivedGateway, Diary] },
      {
        prepare: (a) =>
          a.useGlobalGuards(Global).useGlobalInterceptors(Global).useGlobalPipes(Global).useGlobalFilters(Global),
      },
    );
    const client = await app.connect();
    const { lines } = app.get(Diary);
    lines.length = 0;
    await expect(client.emitWithAck("say", "hi")).rejects.toMatchObject({ code: "CONFLICT" });
    const inwards = ["global", "base", "derived", "method"];
    expect(lines).toEqual([
      ...["guard", "interceptor", "pipe"].flatMap((kind) => inwards.map((name) => `${name} ${kind}`)),
      ...inwards.toReversed().map((name) => `${name} filter`),
    ]);
  });
});
