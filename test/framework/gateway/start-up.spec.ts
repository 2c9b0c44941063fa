import { readFileSync } from "node:fs";
import { Type } from "class-transformer";
import { IsString, ValidateNested } from "class-validator";
import {
  Ack,
  type AckCallback,
  Application,
  Auth,
  type CanActivate,
  type Class,
  EventName,
  EventParam,
  GatewayError,
  Injectable,
  Namespace,
  OnAny,
  OnConnect,
  OnDisconnect,
  OnEvent,
  OnUnhandled,
  Param,
  Payload,
  Reason,
  silentLogger,
  type Socket,
  Timeout,
  UseGuards,
} from "rookery";
import { moduleOf } from "../support/applications.js";

const FILE = "test/framework/gateway/start-up.spec.ts";

/** `code: message | mend` of the error that starting with these providers ends in; `(here)` for places in this file. */
async function failure(...providers: Class[]): Promise<string> {
  const error: unknown = await Application.create(moduleOf({ providers })).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!GatewayError.is(error)) throw error;
  return `${error.code}: ${error.message} | ${error.mend}`.replaceAll(
    new RegExp(`\\(${FILE}(?::\\d+)?\\)`, "g"),
    "(here)",
  );
}

/** What a compiler without decorator metadata makes of a gateway. */
function withoutMetadata(gateway: Class, method: string): Class {
  Reflect.deleteMetadata("design:paramtypes", gateway.prototype as object, method);
  return gateway;
}

class Empty {
  text!: string;
}

class Message {
  @IsString() text!: string;
}

/** Not there at run time. */
interface TypeOnly {
  readonly text: string;
}

class Anyone implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

describe("an application does not start when", () => {
  it("a parameter's type is missing: it names class, method, parameter and the mend", async () => {
    @Namespace()
    class ChatGateway {
      @OnEvent("send")
      send(_message: Message): void {}
    }
    expect(await failure(withoutMetadata(ChatGateway, "send"))).toBe(
      "GATEWAY_MISSING_TYPE: parameter 1 (_message) of ChatGateway.send (here) has no type at run time | " +
        'Compile with "experimentalDecorators" and "emitDecoratorMetadata" (tsconfig.json; esbuild and tsx cannot), ' +
        'run jest with "preset": "rookery", or name the type: @Payload(() => Dto).',
    );
  });

  it("a parameter is written without a type", async () => {
    @Namespace()
    class ChatGateway {
      @OnEvent("page")
      page(size = 10): number {
        return size;
      }
    }
    expect(await failure(ChatGateway)).toMatch(
      /^GATEWAY_BAD_PARAMETER: parameter 1 \(size\) of ChatGateway.page \(here\) has no type/,
    );
  });

  it("a DTO class has no rule", async () => {
    @Namespace()
    class ChatGateway {
      @OnEvent("send")
      send(_id: string, _message: Empty): void {}
    }
    expect(await failure(ChatGateway)).toMatch(
      /^GATEWAY_DTO_WITHOUT_RULES: parameter 2 \(_message\) of ChatGateway.send \(here\) is typed Empty, a class without a single validation rule/,
    );
  });

  it("a parameter is typed with the Socket of socket.io", async () => {
    const socketIo = await import("socket.io");
    @Namespace()
    class ChatGateway {
      @OnEvent("send")
      send(_socket: InstanceType<typeof socketIo.Socket>): void {}
    }
    Reflect.defineMetadata("design:paramtypes", [socketIo.Socket], ChatGateway.prototype, "send");
    expect(await failure(ChatGateway)).toMatch(
      /to take it unchecked\. The Socket that handlers get is that of "rookery"\.$/,
    );
  });

  it("a DTO class, or one in it, has a rule for a name that every object inherits", async () => {
    class Printed {
      @IsString() toString!: never;
    }

    class Page {
      @ValidateNested() @Type(() => Printed) printed!: Printed;
    }

    @Namespace()
    class ChatGateway {
      @OnEvent("send")
      send(_page: Page): void {}
    }
    expect(await failure(ChatGateway)).toBe(
      'GATEWAY_INHERITED_NAME: Printed has a rule for the property "toString", whose name every object inherits | ' +
        "Give the property another name: keys of such names are dropped from payloads.",
    );
  });

  it("a gateway has a hook that NestJS would call by its name", async () => {
    abstract class Base {
      handleConnection(): void {}
    }

    @Namespace()
    class ChatGateway extends Base {
      @OnDisconnect()
      handleDisconnect(): void {}
    }
    expect(await failure(ChatGateway)).toBe(
      "GATEWAY_UNCALLED_HOOK: ChatGateway (here) has a method handleConnection without a decorator, which NestJS would " +
        "call and nobody does here | Decorate it with @OnConnect(): a throw refuses the connection.",
    );
  });

  it("a parameter is a function without @Ack()", async () => {
    @Namespace()
    class ChatGateway {
      @OnEvent("send")
      send(_reply: (answer: string) => void): void {}
    }
    expect(await failure(ChatGateway)).toMatch(
      /^GATEWAY_BAD_PARAMETER: .*no client can send \| Put @Ack\(\) before it/,
    );
  });

  it("an event or a namespace is undefined, which stands for neither the unhandled events nor the main namespace", async () => {
    const missing = undefined as never;

    @Namespace(missing)
    class LostGateway {
      @OnEvent("send")
      send(): void {}
    }

    @Namespace()
    class ChatGateway {
      @OnEvent(missing)
      send(): void {}
    }
    expect(await failure(LostGateway)).toMatch(
      /^GATEWAY_BAD_NAMESPACE: @Namespace of LostGateway \(here\) is undefined, which is neither/,
    );
    expect(await failure(ChatGateway)).toMatch(
      /^GATEWAY_BAD_EVENT: ChatGateway.send \(here\) is for undefined, which is neither/,
    );
  });

  it.each<[what: string, ParameterDecorator | MethodDecorator]>([
    ["an enum", Payload(() => ({ Red: "red" }) as never)],
    ["a list of enums", Payload(() => [{ Red: "red" }] as never)],
    ["a function that names a type", Payload(() => (() => Message) as never)],
    ["a number", Auth(5 as never)],
  ])("a type is named that can check nothing: %s", async (_what, decorate) => {
    @Namespace()
    class ChatGateway {
      @OnEvent("send")
      send(@(decorate as ParameterDecorator) _message: unknown): void {}
    }
    expect(await failure(ChatGateway)).toMatch(/^GATEWAY_BAD_PARAMETER: .* names (?:a type|an array)/);
  });

  it.each([-1, 1.5])("an argument is taken from the position %p", async (position) => {
    @Namespace()
    class ChatGateway {
      @OnEvent("send")
      send(@Payload(position) _text: string): void {}
    }
    expect(await failure(ChatGateway)).toMatch(
      /^GATEWAY_BAD_PARAMETER: parameter 1 \(_text\) of ChatGateway.send \(here\) takes argument -?\d/,
    );
  });

  it("a type is named that is undefined, as import cycles make it", async () => {
    @Namespace()
    class ChatGateway {
      @OnEvent("send")
      send(@Payload(() => undefined as never) _message: unknown): void {}
    }
    expect(await failure(ChatGateway)).toMatch(/^GATEWAY_BAD_PARAMETER: .*names a type that is undefined/);
  });

  it("a parameter is checked by a schema", async () => {
    @Namespace()
    class ChatGateway {
      @OnEvent("send")
      send(@Payload({ "~standard": {} } as never) _message: unknown): void {}
    }
    expect(await failure(ChatGateway)).toMatch(/^GATEWAY_UNSUPPORTED: parameter 1 .* uses a schema/);
  });

  it("two handlers claim one event of one namespace", async () => {
    @Namespace("/chat")
    class FirstGateway {
      @OnEvent("send")
      send(): void {}
    }
    @Namespace("chat")
    class SecondGateway {
      @OnEvent(["typing", "send"])
      say(): void {}
    }
    expect(await failure(FirstGateway, SecondGateway)).toMatch(
      'GATEWAY_DUPLICATE_HANDLER: event "send" of namespace /chat is handled by FirstGateway.send of TestModule (here) ' +
        "and by SecondGateway.say of TestModule (here)",
    );
  });

  it.each(["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"])(
    "a handler is for %s, which no client can send",
    async (event) => {
      @Namespace()
      class ChatGateway {
        @OnEvent(event)
        handle(): void {}
      }
      expect(await failure(ChatGateway)).toMatch(
        `GATEWAY_RESERVED_EVENT: ChatGateway.handle (here) handles "${event}"`,
      );
    },
  );

  it("a namespace is a pattern that cannot work", async () => {
    @Namespace(/^\/x/g)
    class ChatGateway {}
    expect(await failure(ChatGateway)).toBe(
      "GATEWAY_BAD_NAMESPACE: @Namespace of ChatGateway (here) is /^\\/x/g, which is stateful: it would match every " +
        "other time | Leave out the flags g and y.",
    );
  });

  it("two namespaces are the same but for the names of their parameters", async () => {
    @Namespace("/orders/:id")
    class FirstGateway {}
    @Namespace("/orders/:order")
    class SecondGateway {}
    expect(await failure(FirstGateway, SecondGateway)).toMatch(
      'GATEWAY_DUPLICATE_NAMESPACE: @Namespace("/orders/:id") of FirstGateway (here) and @Namespace("/orders/:order") ' +
        "of SecondGateway (here) match the same names",
    );
  });

  it("an event is a pattern that cannot work", async () => {
    @Namespace()
    class ChatGateway {
      @OnEvent("order*")
      handle(): void {}
    }
    expect(await failure(ChatGateway)).toMatch(
      'GATEWAY_BAD_EVENT: ChatGateway.handle (here) is for "order*", which has',
    );
  });

  it("two handlers claim one pattern, all that nobody handles, or one of them does not share", async () => {
    @Namespace()
    class Patterns {
      @OnEvent("order/:id")
      first(): void {}

      @OnEvent("order/:order")
      second(): void {}
    }
    @Namespace()
    class Rests {
      @OnUnhandled()
      first(): void {}

      @OnUnhandled({ shared: true })
      second(): void {}
    }
    @Namespace()
    class Halves {
      @OnEvent("order", { shared: true })
      first(): void {}

      @OnEvent("order")
      second(): void {}
    }
    expect(await failure(Patterns)).toMatch('GATEWAY_DUPLICATE_HANDLER: event "order/:order" of namespace /');
    expect(await failure(Rests)).toMatch("GATEWAY_DUPLICATE_HANDLER: what nobody else handles of namespace /");
    expect(await failure(Halves)).toMatch(
      'GATEWAY_DUPLICATE_HANDLER: event "order" of namespace / is handled by Halves',
    );
  });

  it("a parameter takes a part of a pattern that is not there", async () => {
    @Namespace()
    class NoPattern {
      @OnEvent("send")
      send(@Param("id") _id: string): void {}
    }
    @Namespace("/orders/:id")
    class OtherName {
      @OnConnect()
      hello(@Param("order") _order: string): void {}
    }
    @Namespace()
    class NoWildcard {
      @OnEvent("send")
      send(@EventParam() _part: string): void {}
    }
    @Namespace()
    class OtherPart {
      @OnEvent("order/:id")
      send(@EventParam("order") _order: string): void {}
    }
    expect(await failure(NoPattern)).toBe(
      'GATEWAY_BAD_PARAMETER: parameter 1 (_id) of NoPattern.send (here) takes the namespace\'s parameter "id", but / has ' +
        'none | Write a pattern such as @Namespace("/orders/:id").',
    );
    expect(await failure(OtherName)).toMatch('parameter "order", which /orders/:id has not | It has: id.');
    expect(await failure(NoWildcard)).toMatch("takes a part of the event's name, but none of the events has a pattern");
    expect(await failure(OtherPart)).toMatch(
      'takes the part "order" of the event\'s name, which no pattern has | The patterns have: id.',
    );
  });

  it("a parameter has lost its type, and its name tells", async () => {
    @Namespace()
    class Sockets {
      @OnEvent("send")
      send(_socket: Socket): void {}
    }
    @Namespace()
    class Contexts {
      @OnEvent("send")
      send(context: TypeOnly): unknown {
        return context;
      }
    }
    @Namespace()
    class Dtos {
      @OnEvent("send")
      send(messageDto: TypeOnly): unknown {
        return messageDto;
      }
    }
    expect(await failure(Sockets)).toMatch(
      "GATEWAY_BAD_PARAMETER: parameter 1 (_socket) of Sockets.send (here) has lost its type",
    );
    expect(await failure(Contexts)).toMatch("parameter 1 (context) of Contexts.send (here) has lost its type");
    expect(await failure(Dtos)).toMatch("parameter 1 (messageDto) of Dtos.send (here) has lost its type");
  });

  it("a handler takes what belongs to a disconnect", async () => {
    @Namespace()
    class ChatGateway {
      @OnEvent("send")
      send(@Reason() _reason: string): void {}
    }
    expect(await failure(ChatGateway)).toMatch(
      "parameter 1 (_reason) of ChatGateway.send (here) belongs to a disconnect",
    );
  });

  it("a hook for any event checks, guards or answers", async () => {
    @Namespace()
    class Checks {
      @OnAny()
      watch(_message: Message): void {}
    }
    @Namespace()
    class Guards {
      @OnAny()
      @UseGuards(Anyone)
      watch(): void {}
    }
    @Namespace()
    class Answers {
      @OnAny()
      @Ack()
      watch(): void {}
    }
    @Namespace()
    class Callbacks {
      @OnAny()
      watch(@Ack() _reply: AckCallback): void {}
    }
    expect(await failure(Checks)).toMatch("parameter 1 (_message) of Checks.watch (here) has a type, but every event");
    expect(await failure(Guards)).toMatch(
      "@UseGuards stands on Guards.watch (here), where it cannot work | It sees every",
    );
    expect(await failure(Answers)).toMatch("@Ack stands on Answers.watch (here)");
    expect(await failure(Callbacks)).toMatch("parameter 1 (_reply) of Callbacks.watch (here) belongs to the handler");
  });

  it("a handler's class is no gateway", async () => {
    @Injectable()
    class ChatService {
      @OnEvent("send")
      send(): void {}
    }
    expect(await failure(ChatService)).toBe(
      "GATEWAY_MISPLACED_DECORATOR: @OnEvent stands on ChatService.send (here), where it cannot work | " +
        "Decorate ChatService with @Namespace().",
    );
  });

  it("a method has decorators that need @OnEvent or a hook beside them", async () => {
    @Namespace()
    class Acks {
      @Ack()
      method(): void {}
    }
    @Namespace()
    class Guards {
      @UseGuards(Anyone)
      method(): void {}
    }
    @Namespace()
    class Times {
      @Timeout(5)
      method(): void {}
    }
    @Namespace()
    class Parameters {
      method(@Payload() _payload: unknown): void {}
    }
    expect(await failure(Acks)).toMatch("@Ack stands on Acks.method (here)");
    expect(await failure(Guards)).toMatch("@UseGuards stands on Guards.method (here)");
    expect(await failure(Times)).toMatch("@Timeout stands on Times.method (here)");
    expect(await failure(Parameters)).toMatch("@Payload stands on Parameters.method (here)");
  });

  it("a handler has no event", async () => {
    @Namespace()
    class ChatGateway {
      @OnEvent([])
      send(): void {}
    }
    expect(await failure(ChatGateway)).toBe(
      "GATEWAY_MISPLACED_DECORATOR: @OnEvent stands on ChatGateway.send (here), where it cannot work | " +
        'Name an event, such as @OnEvent("message:send").',
    );
  });

  it("a handler is no method", async () => {
    @Namespace()
    class ChatGateway {
      @(OnEvent("send") as PropertyDecorator)
      readonly send = (): void => undefined;
    }
    expect(await failure(ChatGateway)).toMatch("@OnEvent stands on ChatGateway.send (here), where it cannot work");
  });

  it("a handler is a getter, which is not run", async () => {
    @Namespace()
    class ChatGateway {
      @OnEvent("send")
      get send(): never {
        throw new Error("run");
      }
    }
    expect(await failure(ChatGateway)).toMatch("@OnEvent stands on ChatGateway.send (here), where it cannot work");
  });

  it("a handler answers both by @Ack() on the method and by callback", async () => {
    @Namespace()
    class ChatGateway {
      @OnEvent("send")
      @Ack()
      send(@Ack() _reply: AckCallback): void {}
    }
    expect(await failure(ChatGateway)).toMatch("@Ack stands on ChatGateway.send (here), where it cannot work");
  });

  it("a hook has what only events have", async () => {
    @Namespace()
    class Answers {
      @OnConnect()
      @Ack()
      hello(): void {}
    }
    @Namespace()
    class Guards {
      @OnDisconnect()
      @UseGuards(Anyone)
      gone(): void {}
    }
    @Namespace()
    class Names {
      @OnConnect()
      hello(@EventName() _event: string): void {}
    }
    @Namespace()
    class Payloads {
      @OnConnect()
      hello(_auth: unknown): void {}
    }
    expect(await failure(Answers)).toMatch("@Ack stands on Answers.hello (here)");
    expect(await failure(Guards)).toMatch(
      "@UseGuards stands on Guards.gone (here), where it cannot work | A disconnect cannot",
    );
    expect(await failure(Names)).toMatch(
      "GATEWAY_BAD_PARAMETER: parameter 1 (_event) of Names.hello (here) belongs to an event",
    );
    expect(await failure(Payloads)).toMatch(
      "parameter 1 (_auth) of Payloads.hello (here) cannot be filled when a client connects",
    );
  });

  it.each(["soon", "5 parsecs", -1, Number.NaN, "30d", 2 ** 31])("a duration is %s", async (duration) => {
    @Namespace()
    class ChatGateway {
      @OnEvent("send")
      @Timeout(duration)
      send(): void {}
    }
    expect(await failure(ChatGateway)).toMatch("GATEWAY_BAD_DURATION: @Timeout of ChatGateway.send (here) is");
  });

  it.each([
    { maxQueuedEvents: -1 },
    { maxCollectedItems: Infinity },
    { handlerTimeout: "never" },
    { pingTimeout: NaN },
  ])("an option is %p", async (options) => {
    await expect(Application.create(moduleOf({}), options)).rejects.toMatchObject({
      code: expect.stringMatching(/^(GATEWAY_BAD_(OPTION|DURATION)|ENGINE_BAD_OPTION)$/),
    });
  });

  it("cors lets every page act as the users who open it", async () => {
    const open = [true, /.*/, ["https://example.com", /^https?:/]];
    for (const origin of open) {
      const options = { cors: { origin, credentials: true }, logger: silentLogger };
      await expect(Application.create(moduleOf({}), options)).rejects.toMatchObject({
        code: "GATEWAY_BAD_CORS",
        mend: expect.stringContaining("allowAnyOriginWithCredentials: true"),
      });
    }
  });
});

describe("an application starts when", () => {
  it.each([
    { origin: true, credentials: true },
    { origin: true },
    { origin: "*", credentials: true },
    { origin: ["https://example.com", /\.example\.com$/], credentials: true },
  ])("cors is %p, or that is said to be meant", async (cors) => {
    const allowAnyOriginWithCredentials = cors.origin === true;
    const warn = jest.fn();
    const options = { cors, allowAnyOriginWithCredentials, logger: { ...silentLogger, warn } };
    await using app = await Application.create(moduleOf({}), options);
    expect(app.contract.namespaces).toEqual([]);
    expect(warn).not.toHaveBeenCalled();
  });
});

describe("several problems of a start", () => {
  it("are reported together, each with its code, place and mend", async () => {
    @Namespace("/problems")
    class ProblemGateway {
      constructor(readonly missing: Message) {}

      @OnEvent("connect")
      reserved(): void {}

      @OnEvent("send")
      send(_empty: Empty, _reply: () => void): void {}
    }
    const error: unknown = await Application.create(moduleOf({ providers: [ProblemGateway] }), {
      cors: { origin: true, credentials: true },
      logger: silentLogger,
    }).catch((thrown: unknown) => thrown);
    const { code, message, cause } = error as GatewayError & { readonly cause: AggregateError };
    expect(code).toBe("GATEWAY_START_FAILED");
    // Printed below the message, it has nothing to add.
    expect(cause.stack).toBe("AggregateError");
    expect((cause.errors as GatewayError[]).map((each) => each.code)).toEqual([
      "GATEWAY_BAD_CORS",
      "GATEWAY_RESERVED_EVENT",
      "GATEWAY_BAD_PARAMETER",
      "GATEWAY_DTO_WITHOUT_RULES",
      "GATEWAY_MISSING_PROVIDER",
    ]);
    expect(message).toMatch(
      /^the application cannot start, for 5 reasons:\n- GATEWAY_BAD_CORS: cors allows .*\n {2}Name/,
    );
    expect(message).toMatch(
      new RegExp(
        `parameter 2 \\(_reply\\) of ProblemGateway.send \\(${FILE}:${lineOf("send(_empty: Empty, _reply")}\\)`,
      ),
    );
  });

  it("say a mend that they have in common once", async () => {
    @Namespace()
    class ChatGateway {
      @OnEvent("send")
      send(_first: string, _second: string): void {}
    }
    const text = await failure(withoutMetadata(ChatGateway, "send"));
    expect(text).toMatch(
      /^GATEWAY_START_FAILED: .* for 2 reasons:\n- GATEWAY_MISSING_TYPE: .*\n- GATEWAY_MISSING_TYPE: /,
    );
    expect(text.match(/Compile with/g)).toHaveLength(1);
  });
});

/** The line of this file on which `text` stands, outside of this call. */
function lineOf(text: string): number {
  return (
    readFileSync(__filename, "utf8")
      .split("\n")
      .findIndex((line) => line.trim().startsWith(text)) + 1
  );
}

describe("a decorator is refused at once", () => {
  it("on a static method", () => {
    expect(() => {
      class ChatGateway {
        @OnEvent("send")
        static send(): void {}
      }
      return ChatGateway;
    }).toThrow(/^@OnEvent stands on the static method send of ChatGateway \(test\/.*\), where it cannot work$/);
  });

  it("on a member, when it is for classes", () => {
    expect(() => {
      class ChatGateway {
        @(Namespace() as MethodDecorator)
        send(): void {}
      }
      return ChatGateway;
    }).toThrow(/^@Namespace stands on a member of a class \(test\/.*\), where it cannot work$/);
  });

  it("on a constructor parameter", () => {
    expect(() => {
      class ChatGateway {
        constructor(@Payload() readonly payload: unknown) {}
      }
      return ChatGateway;
    }).toThrow("@Payload stands on a constructor parameter of ChatGateway, where it cannot work");
  });
});
