import { IsString } from "class-validator";
import {
  Ack,
  type AckCallback,
  Application,
  type CanActivate,
  type Class,
  EventName,
  GatewayError,
  Injectable,
  Namespace,
  OnConnect,
  OnDisconnect,
  OnEvent,
  Payload,
  Timeout,
  UseGuards,
} from "rookery";
import { moduleOf } from "../support/applications.js";

/** `code: message | mend` of the error that starting with these providers ends in. */
async function failure(...providers: Class[]): Promise<string> {
  const error: unknown = await Application.create(moduleOf({ providers })).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!GatewayError.is(error)) throw error;
  return `${error.code}: ${error.message} | ${error.mend}`;
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
      send(_first: unknown, message: Message): Message {
        return message;
      }
    }
    expect(await failure(withoutMetadata(ChatGateway, "send"))).toBe(
      "GATEWAY_MISSING_TYPE: parameter 1 (_first) of ChatGateway.send has no type at run time | " +
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
      /^GATEWAY_BAD_PARAMETER: parameter 1 \(size\) of ChatGateway.page has no type/,
    );
  });

  it("a DTO class has no rule", async () => {
    @Namespace()
    class ChatGateway {
      @OnEvent("send")
      send(_id: string, _message: Empty): void {}
    }
    expect(await failure(ChatGateway)).toMatch(
      /^GATEWAY_DTO_WITHOUT_RULES: parameter 2 of ChatGateway.send is typed Empty, a class without a single validation rule/,
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
      'GATEWAY_DUPLICATE_HANDLER: event "send" of namespace /chat is handled by FirstGateway.send (TestModule) ' +
        "and by SecondGateway.say (TestModule)",
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
      expect(await failure(ChatGateway)).toMatch(`GATEWAY_RESERVED_EVENT: ChatGateway.handle handles "${event}"`);
    },
  );

  it.each(["/rooms/:id", "/*", /^\/x/g])("a namespace is the pattern %s", async (pattern) => {
    @Namespace(pattern as string)
    class ChatGateway {}
    expect(await failure(ChatGateway)).toMatch(`GATEWAY_UNSUPPORTED: @Namespace of ChatGateway uses the pattern`);
  });

  it("an event is a pattern", async () => {
    @Namespace()
    class ChatGateway {
      @OnEvent("order:*")
      handle(): void {}
    }
    expect(await failure(ChatGateway)).toMatch('GATEWAY_UNSUPPORTED: ChatGateway.handle uses the event name "order:*"');
  });

  it("a handler's class is no gateway", async () => {
    @Injectable()
    class ChatService {
      @OnEvent("send")
      send(): void {}
    }
    expect(await failure(ChatService)).toBe(
      "GATEWAY_MISPLACED_DECORATOR: @OnEvent stands on ChatService.send, where it cannot work | " +
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
    expect(await failure(Acks)).toMatch("@Ack stands on Acks.method");
    expect(await failure(Guards)).toMatch("@UseGuards stands on Guards.method");
    expect(await failure(Times)).toMatch("@Timeout stands on Times.method");
    expect(await failure(Parameters)).toMatch("@Payload (or its like) stands on Parameters.method");
  });

  it("a handler is no method", async () => {
    @Namespace()
    class ChatGateway {
      @(OnEvent("send") as PropertyDecorator)
      readonly send = (): void => undefined;
    }
    expect(await failure(ChatGateway)).toMatch("@OnEvent stands on ChatGateway.send, where it cannot work");
  });

  it("a handler answers both by @Ack() on the method and by callback", async () => {
    @Namespace()
    class ChatGateway {
      @OnEvent("send")
      @Ack()
      send(@Ack() _reply: AckCallback): void {}
    }
    expect(await failure(ChatGateway)).toMatch("@Ack stands on ChatGateway.send, where it cannot work");
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
    expect(await failure(Answers)).toMatch("@Ack stands on Answers.hello");
    expect(await failure(Guards)).toMatch(
      "@UseGuards stands on Guards.gone, where it cannot work | A disconnect cannot",
    );
    expect(await failure(Names)).toMatch("GATEWAY_BAD_PARAMETER: parameter 1 of Names.hello belongs to an event");
    expect(await failure(Payloads)).toMatch("parameter 1 of Payloads.hello cannot be filled when a client connects");
  });

  it.each(["soon", "5 parsecs", -1, Number.NaN, "30d", 2 ** 31])("a duration is %s", async (duration) => {
    @Namespace()
    class ChatGateway {
      @OnEvent("send")
      @Timeout(duration)
      send(): void {}
    }
    expect(await failure(ChatGateway)).toMatch("GATEWAY_BAD_DURATION: @Timeout of ChatGateway.send is");
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
});

describe("a decorator is refused at once", () => {
  it("on a static method", () => {
    expect(() => {
      class ChatGateway {
        @OnEvent("send")
        static send(): void {}
      }
      return ChatGateway;
    }).toThrow("@OnEvent stands on the static method send of ChatGateway, where it cannot work");
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
