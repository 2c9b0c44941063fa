import {
  Ack,
  Auth,
  Catch,
  Concurrency,
  Namespace,
  Payload,
  Query,
  RateLimit,
  Timeout,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
  Validation,
} from "rookery";

describe("a decorator is refused at once when what it is given does not exist", () => {
  const missing = undefined as never;

  it.each<[decorator: string, MethodDecorator]>([
    ["UseGuards", UseGuards(missing)],
    ["UseInterceptors", UseInterceptors(missing)],
    ["UsePipes", UsePipes(missing)],
    ["UseFilters", UseFilters(missing)],
    ["RateLimit", RateLimit(missing)],
    ["Validation", Validation(missing)],
    ["Timeout", Timeout(missing)],
    ["Concurrency", Concurrency(missing)],
    ["Ack", Ack(missing)],
  ])("on a method: @%s", (decorator, decorate) => {
    expect(() => {
      class ChatGateway {
        @decorate
        send(): void {}
      }
      return ChatGateway;
    }).toThrow(`@${decorator} of ChatGateway.send is given undefined`);
  });

  it.each<[decorator: string, ParameterDecorator]>([
    ["Payload", Payload(missing)],
    ["Payload", Payload(0, missing)],
    ["Auth", Auth(missing)],
    ["Query", Query("page", missing)],
  ])("on a parameter: @%s", (decorator, decorate) => {
    expect(() => {
      class ChatGateway {
        send(@decorate _argument: unknown): void {}
      }
      return ChatGateway;
    }).toThrow(`@${decorator} of ChatGateway.send is given undefined`);
  });

  it("on a class", () => {
    expect(() => UseGuards(null as never)(class ChatGateway {})).toThrow("@UseGuards of ChatGateway is given null");
    expect(() => Catch(missing)(class ShopFilter {})).toThrow("@Catch of ShopFilter is given undefined");
    const middlewares = [missing];
    expect(() => Namespace("/", { middlewares })(class ChatGateway {})).toThrow(
      "@Namespace of ChatGateway is given undefined",
    );
  });

  it("but not when that only keeps the place of an argument before others", () => {
    const pipe = { transform: (value: unknown) => value };
    expect(() => {
      class ChatGateway {
        @Ack(undefined, { format: "envelope" })
        send(@Payload(undefined, pipe) _text: unknown, @Auth(undefined, pipe) _auth: unknown): void {}
      }
      return ChatGateway;
    }).not.toThrow();
  });
});
