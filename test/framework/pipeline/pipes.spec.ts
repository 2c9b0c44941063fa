import { IsString, Length } from "class-validator";
import {
  Ack,
  type ArgumentMetadata,
  Auth,
  createParamDecorator,
  DefaultValuePipe,
  Injectable,
  Namespace,
  OnConnect,
  OnDisconnect,
  OnEvent,
  ParseBoolPipe,
  ParseEnumPipe,
  ParseFloatPipe,
  ParseIntPipe,
  ParseUUIDPipe,
  Payload,
  type PipeTransform,
  Query,
  Socket,
  UsePipes,
} from "rookery";
import { until } from "../../support/waiting.js";
import { useInMemory } from "../support/in-memory.js";

class Message {
  @IsString()
  @Length(1, 5)
  text!: string;
}

/** Takes the spaces from around text, in objects too. */
@Injectable()
class TrimPipe implements PipeTransform {
  transform(value: unknown): unknown {
    if (typeof value === "string") return value.trim();
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.transform(item)]));
  }
}

/** Writes down what it is told. */
class RecordingPipe implements PipeTransform {
  readonly seen: unknown[] = [];

  transform(value: unknown, { context, ...metadata }: ArgumentMetadata): unknown {
    this.seen.push([value, { ...metadata, kind: context.kind }]);
    return value;
  }
}

const Nth = createParamDecorator((index: number, { args }) => args[index]);

describe("a pipe", () => {
  const start = useInMemory();

  it("changes the value before its type is checked, of a DTO as well", async () => {
    @Namespace()
    class TrimmedGateway {
      @OnEvent("say")
      @Ack()
      @UsePipes(TrimPipe)
      say(message: Message): unknown {
        return [message instanceof Message, message.text];
      }

      @OnEvent("raw")
      @Ack()
      raw(message: Message): string {
        return message.text;
      }
    }

    const client = await (await start({ providers: [TrimmedGateway] })).connect();
    expect(await client.emitWithAck("say", { text: "  hi     " })).toEqual([true, "hi"]);
    await expect(client.emitWithAck("say", { text: "     " })).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
    await expect(client.emitWithAck("raw", { text: "  hi     " })).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
  });

  it("belongs to one parameter when its decorator names it: a class, an instance, several, of any decorator", async () => {
    @Namespace()
    class ParameterGateway {
      @OnEvent("page")
      @Ack()
      page(
        @Payload(new DefaultValuePipe("1"), ParseIntPipe) page: number,
        @Payload(1, { optional: true }, TrimPipe) filter: string | undefined,
        @Query("limit", new DefaultValuePipe("10"), ParseIntPipe) limit: number,
        @Nth(1, TrimPipe) again: unknown,
      ): unknown {
        return { page, filter: filter ?? "none", limit, again };
      }
    }

    const app = await start({ providers: [ParameterGateway] });
    const client = await app.connect("/", { query: { limit: "25" } });
    expect(await client.emitWithAck("page", "3", " a ")).toEqual({ page: 3, filter: "a", limit: 25, again: "a" });
    expect(await client.emitWithAck("page")).toEqual({ page: 1, filter: "none", limit: 25 });
    expect(await (await app.connect()).emitWithAck("page")).toMatchObject({ limit: 10 });
    await expect(client.emitWithAck("page", "three")).rejects.toMatchObject({
      code: "VALIDATION_FAILED",
      details: [{ argument: 0, path: "", constraints: { int: "must be a whole number" } }],
    });
  });

  it("leads each of the remaining arguments", async () => {
    @Namespace()
    class RestGateway {
      @OnEvent("sum")
      @Ack()
      sum(@Payload(ParseIntPipe) ...numbers: unknown[]): number {
        return (numbers as number[]).reduce((sum, number) => sum + number, 0);
      }
    }

    const client = await (await start({ providers: [RestGateway] })).connect();
    expect(await client.emitWithAck("sum", "1", 2, "3")).toBe(6);
    await expect(client.emitWithAck("sum", "1", "x")).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
  });

  it("that reads numbers leaves a missing argument missing where it may be", async () => {
    @Namespace()
    class PageGateway {
      @OnEvent("page")
      @Ack()
      page(
        @Payload(ParseIntPipe, { optional: true }) page: number | undefined,
        @Payload(ParseIntPipe) limit: unknown = 10,
        @Query("size", new ParseIntPipe({ optional: true })) size: unknown = 5,
      ): unknown {
        return { page: page ?? "first", limit, size };
      }
    }

    const app = await start({ providers: [PageGateway] });
    const client = await app.connect();
    expect(await client.emitWithAck("page")).toEqual({ page: "first", limit: 10, size: 5 });
    expect(await client.emitWithAck("page", null, "20")).toEqual({ page: "first", limit: 20, size: 5 });
    expect(await client.emitWithAck("page", "3")).toEqual({ page: 3, limit: 10, size: 5 });
    await expect(client.emitWithAck("page", "three")).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
    const sized = await app.connect("/", { query: { size: "7" } });
    expect(await sized.emitWithAck("page")).toEqual({ page: "first", limit: 10, size: 7 });
  });

  it("is told which parameter it works for, on connections too, and sees nothing that the server itself hands over", async () => {
    const pipe = new RecordingPipe();

    @Namespace()
    class ToldGateway {
      @OnConnect()
      hello(@Auth() auth: Message): void {
        expect(auth).toBeInstanceOf(Message);
      }

      @OnEvent("say")
      @Ack()
      say(socket: Socket, message: Message, count: number, anything: unknown, @Query("page", pipe) page: string): void {
        expect([socket.connected, message, count, anything, page]).toHaveLength(5);
      }

      @OnDisconnect()
      bye(reason: string): void {
        pipe.seen.push(reason);
      }
    }

    const app = await start({ providers: [ToldGateway] }, { prepare: (a) => a.useGlobalPipes(pipe) });
    const client = await app.connect("/", { auth: { text: "ann" }, query: { page: "2" } });
    await client.emitWithAck("say", { text: "hi" }, 7, null);
    await client.disconnect();
    await until(() => pipe.seen.length === 6, "the last hook has run");
    const message = { kind: "message", data: undefined, isOptional: false };
    expect(pipe.seen).toEqual([
      [{ text: "ann" }, { ...message, type: "auth", metatype: Message, argument: undefined, kind: "connect" }],
      [{ text: "hi" }, { ...message, type: "payload", metatype: Message, argument: 0 }],
      [7, { ...message, type: "payload", metatype: Number, argument: 1 }],
      [null, { ...message, type: "payload", metatype: undefined, argument: 2 }],
      ["2", { ...message, type: "custom", metatype: undefined, argument: undefined, data: "page" }],
      "client namespace disconnect",
    ]);
  });

  it("is asked for at start where a number is declared and text will come", async () => {
    @Namespace()
    class WrongGateway {
      @OnEvent("page")
      page(@Query("page") page: number): number {
        return page;
      }
    }

    await expect(start({ providers: [WrongGateway] })).rejects.toMatchObject({
      code: "GATEWAY_BAD_PARAMETER",
      message: expect.stringMatching(
        /parameter 1 \(page\) of WrongGateway\.page.* is typed number, but takes text/,
      ) as string,
    });
  });
});

enum Color {
  Red = "red",
  Blue = "blue",
}

enum Level {
  Low,
  High,
}

describe("a pipe of the package", () => {
  const uuid4 = "1b4e28ba-2fa1-4d2b-883f-0016d3cca427";
  const uuid7 = "018f0e2e-0b5c-7cc0-98c4-dc0c0c07398f";
  const nil = "00000000-0000-0000-0000-000000000000";
  const metadata = { argument: 3, isOptional: false } as ArgumentMetadata;

  it.each<[PipeTransform, given: unknown, result: unknown]>([
    [new ParseIntPipe(), "-42", -42],
    [new ParseIntPipe(), 42, 42],
    [new ParseFloatPipe(), "4.25", 4.25],
    [new ParseFloatPipe(), "1e3", 1000],
    [new ParseFloatPipe(), "+.5", 0.5],
    [new ParseBoolPipe(), "true", true],
    [new ParseBoolPipe(), false, false],
    [new ParseUUIDPipe(), uuid7, uuid7],
    [new ParseUUIDPipe(), nil, nil],
    [new ParseUUIDPipe({ version: 4 }), uuid4, uuid4],
    [new ParseUUIDPipe({ version: "4", optional: true }), uuid4, uuid4],
    [new ParseEnumPipe(Color), "red", Color.Red],
    [new ParseEnumPipe(Level), 1, Level.High],
    [new ParseEnumPipe(Level, { optional: true }), null, undefined],
    [new ParseBoolPipe({ optional: true }), undefined, undefined],
    [new DefaultValuePipe(7), undefined, 7],
    [new DefaultValuePipe(7), null, 7],
    [new DefaultValuePipe(7), Number.NaN, 7],
    [new DefaultValuePipe(7), 0, 0],
  ])("turns what it takes: %o, %p into %p", (pipe, given, result) => {
    expect(pipe.transform(given as never, metadata)).toBe(result);
  });

  it.each<[PipeTransform, given: unknown, rule: string]>([
    [new ParseIntPipe(), "4.2", "int"],
    [new ParseIntPipe(), "12abc", "int"],
    [new ParseIntPipe(), "99999999999999999999", "int"],
    [new ParseIntPipe(), ["1"], "int"],
    [new ParseIntPipe(), undefined, "int"],
    [new ParseFloatPipe(), "", "number"],
    [new ParseFloatPipe(), " 1", "number"],
    [new ParseFloatPipe(), "0x10", "number"],
    [new ParseFloatPipe(), "Infinity", "number"],
    [new ParseFloatPipe(), Number.NaN, "number"],
    [new ParseBoolPipe(), 1, "boolean"],
    [new ParseUUIDPipe({ version: 4 }), uuid7, "uuid"],
    [new ParseUUIDPipe(), "no", "uuid"],
    [new ParseUUIDPipe(), "1b4e28ba-2fa1-0d2b-883f-0016d3cca427", "uuid"],
    [new ParseUUIDPipe({ version: 4 }), nil, "uuid"],
    [new ParseEnumPipe(Color), "Red", "enum"],
    [new ParseEnumPipe(Level), "Low", "enum"],
  ])("refuses the rest: %o, %p by the rule %p", (pipe, given, rule) => {
    const refusal = expect.objectContaining({
      code: "VALIDATION_FAILED",
      details: [{ argument: 3, path: "", constraints: { [rule]: expect.any(String) as string } }],
    }) as Error;
    expect(() => pipe.transform(given as never, metadata)).toThrow(refusal);
  });
});
