import { setTimeout as later } from "node:timers/promises";
import { IsInt, IsString, Length, Min } from "class-validator";
import {
  Ack,
  type AckCallback,
  type CanActivate,
  EventName,
  GatewayException,
  Namespace,
  OnEvent,
  Payload,
  Timeout,
  UseGuards,
} from "rookery";
import { nextEvent, until } from "../support/waiting.js";
import { ask, exception, useApplications } from "./support/applications.js";
import { joinRaw } from "./support/frames.js";

class Order {
  @IsString()
  @Length(1, 5)
  name!: string;

  @IsInt()
  @Min(1)
  count!: number;
}

class Nobody implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

const never = new Promise<never>(() => undefined);

@Namespace()
class EverythingGateway {
  readonly seen: unknown[] = [];
  callback: AckCallback | undefined;

  @OnEvent("value")
  @Ack()
  value(input: unknown): unknown {
    return { got: input };
  }

  @OnEvent("resolved")
  @Ack()
  async resolved(): Promise<string> {
    await later(1);
    return "soon";
  }

  @OnEvent(["false", "null", "event", "undefined"])
  @Ack()
  plain(@EventName() event: string): unknown {
    return { false: false, null: null, event: { event: "evil", data: 1 }, undefined: undefined }[event];
  }

  @OnEvent("silent")
  silent(): string {
    this.seen.push("silent");
    return "not for the client";
  }

  @OnEvent("callback")
  byCallback(first: number, @Ack() reply: AckCallback): void {
    reply({ first }, "second argument");
    reply("again");
  }

  @OnEvent("forgetful")
  forgetful(@Ack() reply: AckCallback): void {
    this.callback = reply;
  }

  @OnEvent("replies and throws")
  repliesAndThrows(@Ack() reply: AckCallback): void {
    reply("done");
    throw new RangeError("afterwards");
  }

  @OnEvent("throws")
  @Ack()
  throws(): never {
    throw new GatewayException("CONFLICT", "taken", { name: "ann" });
  }

  @OnEvent("rejects")
  @Ack()
  async rejects(): Promise<never> {
    await later(1);
    throw new GatewayException("MY_OWN", "of the application");
  }

  @OnEvent("breaks")
  @Ack()
  breaks(): never {
    throw new TypeError("password is hunter2");
  }

  @OnEvent("guarded")
  @Ack()
  @UseGuards(Nobody)
  guarded(): string {
    this.seen.push("guarded");
    return "secret";
  }

  @OnEvent("order")
  @Ack()
  order(order: Order): unknown {
    return { isOrder: order instanceof Order, order };
  }

  @OnEvent("positions")
  @Ack()
  positions(id: string, order: Order): string {
    return `${id} ${order.count}`;
  }

  @OnEvent("hangs")
  @Ack()
  @Timeout("20ms")
  hangs(): Promise<never> {
    return never;
  }

  @OnEvent("hangs by default")
  hangsByDefault(): Promise<never> {
    return never;
  }

  @OnEvent("counts")
  @Ack()
  async *counts(@Payload({ optional: true }) upTo: number = 3): AsyncGenerator<number> {
    for (let number = 1; number <= upTo; number++) {
      await later(0);
      yield number;
    }
  }

  @OnEvent("counts and fails")
  @Ack()
  async *fails(): AsyncGenerator<number> {
    yield 1;
    await later(0);
    throw new GatewayException("CONFLICT");
  }

  @OnEvent("counts unasked")
  async *unasked(): AsyncGenerator<number> {
    this.seen.push("unasked");
    await later(0);
    yield 1;
    this.seen.push("to the end");
  }
}

describe("what the client receives", () => {
  const run = useApplications();
  const start = () => run({ providers: [EverythingGateway] }, { handlerTimeout: 30, maxCollectedItems: 5 });

  describe("when it asked for an ack", () => {
    it("is the returned value of a handler with @Ack()", async () => {
      const client = await (await start()).connect();
      expect(await ask(client, "value", [1])).toEqual({ got: [1] });
      expect(await ask(client, "resolved")).toBe("soon");
    });

    it("is whatever was returned, falsy or with a field named event", async () => {
      const client = await (await start()).connect();
      const stray = jest.fn();
      client.on("evil", stray);
      expect(await ask(client, "false")).toBe(false);
      expect(await ask(client, "null")).toBeNull();
      expect(await ask(client, "event")).toEqual({ event: "evil", data: 1 });
      expect(stray).not.toHaveBeenCalled();
    });

    it("is an empty ack for undefined, and for a handler without @Ack", async () => {
      const client = await (await start()).connect();
      for (const event of ["undefined", "silent"]) {
        const args = await new Promise((resolve) => client.emit(event, (...given: unknown[]) => resolve(given)));
        expect(args).toEqual([]);
      }
    });

    it("is what the callback is given first, with all its arguments", async () => {
      const client = await (await start()).connect();
      const args = await new Promise((resolve) => client.emit("callback", 7, (...given: unknown[]) => resolve(given)));
      expect(args).toEqual([{ first: 7 }, "second argument"]);
    });

    it("is NOT_ACKNOWLEDGED when the handler ends without calling back", async () => {
      const running = await start();
      const client = await running.connect();
      expect(await ask(client, "forgetful")).toEqual({
        error: { code: "NOT_ACKNOWLEDGED", message: "The handler ended without an answer." },
      });
      running.app.get(EverythingGateway).callback?.("too late");
      expect(await ask(client, "value", 1)).toEqual({ got: 1 });
    });

    it("is the answer even when the handler throws after it, which is logged", async () => {
      const running = await start();
      const client = await running.connect();
      expect(await ask(client, "replies and throws")).toBe("done");
      expect(running.log).toContainEqual(
        expect.objectContaining({ level: "error", message: "EverythingGateway.repliesAndThrows failed" }),
      );
    });

    it("is the code, message and details of a GatewayException", async () => {
      const client = await (await start()).connect();
      expect(await ask(client, "throws")).toEqual({
        error: { code: "CONFLICT", message: "taken", details: { name: "ann" } },
      });
      expect(await ask(client, "rejects")).toEqual({ error: { code: "MY_OWN", message: "of the application" } });
    });

    it("is INTERNAL without a word of any other error, and a correlation id that the log has", async () => {
      const running = await start();
      const client = await running.connect();
      const answer = (await ask(client, "breaks")) as { error: { details: { correlationId: string } } };
      const { correlationId } = answer.error.details;
      expect(answer).toEqual({
        error: { code: "INTERNAL", message: "Something went wrong.", details: { correlationId: expect.any(String) } },
      });
      const [entry] = running.log.filter(({ fields }) => fields.correlationId === correlationId);
      expect(entry).toMatchObject({
        level: "error",
        message: "EverythingGateway.breaks failed",
        fields: { namespace: "/", event: "breaks", socket: client.id, error: new TypeError("password is hunter2") },
      });
    });

    it("is FORBIDDEN when a guard refuses, and the handler does not run", async () => {
      const running = await start();
      const client = await running.connect();
      expect(await ask(client, "guarded")).toEqual({ error: { code: "FORBIDDEN", message: "You may not do this." } });
      expect(running.app.get(EverythingGateway).seen).toEqual([]);
    });

    it("is VALIDATION_FAILED with path and constraints, without the value", async () => {
      const client = await (await start()).connect();
      expect(await ask(client, "order", { name: "too long a name", count: 0 })).toEqual({
        error: {
          code: "VALIDATION_FAILED",
          message: "The payload is not valid.",
          details: [
            { path: "name", constraints: { isLength: "name must be shorter than or equal to 5 characters" } },
            { path: "count", constraints: { min: "count must not be less than 1" } },
          ],
        },
      });
    });

    it("names the argument when the handler takes several", async () => {
      const client = await (await start()).connect();
      expect(await ask(client, "positions", 5, { name: "a", count: 1 })).toMatchObject({
        error: { details: [{ argument: 0, path: "", constraints: { string: "must be a string" } }] },
      });
      expect(await ask(client, "positions", "x", { name: "a", count: 0 })).toMatchObject({
        error: { details: [{ argument: 1, path: "count" }] },
      });
      expect(await ask(client, "positions", "x")).toMatchObject({
        error: { details: [{ argument: 1, path: "", constraints: { required: "is missing" } }] },
      });
      expect(await ask(client, "positions", "x", { name: "a", count: 2 }, "surplus")).toBe("x 2");
    });

    it("is TIMEOUT when the handler takes longer than its own limit or the application's", async () => {
      const client = await (await start()).connect();
      const timeout = { error: { code: "TIMEOUT", message: "The handler took too long." } };
      expect(await ask(client, "hangs")).toEqual(timeout);
      expect(await ask(client, "hangs by default")).toEqual(timeout);
    });

    it("is NOT_FOUND when nobody handles the event", async () => {
      const client = await (await start()).connect();
      expect(await ask(client, "no such event", { secret: 1 })).toEqual({
        error: { code: "NOT_FOUND", message: "Nobody handles this event." },
      });
    });

    it("is the array of what an async iterable yields, or its error, or INTERNAL when it does not end", async () => {
      const client = await (await start()).connect();
      expect(await ask(client, "counts")).toEqual([1, 2, 3]);
      expect(await ask(client, "counts and fails")).toMatchObject({ error: { code: "CONFLICT" } });
      expect(await ask(client, "counts", 6)).toMatchObject({ error: { code: "INTERNAL" } });
    });
  });

  describe("when it asked for none", () => {
    it("is nothing when all went well", async () => {
      const running = await start();
      const client = await running.connect();
      const anything = jest.fn();
      client.onAny(anything);
      for (const event of ["value", "resolved", "silent", "forgetful", "undefined"]) client.emit(event, 1);
      client.emit("callback", 1);
      expect(await ask(client, "value", "fence")).toEqual({ got: "fence" });
      expect(anything).not.toHaveBeenCalled();
    });

    it.each([
      ["throws", [], { code: "CONFLICT", message: "taken", details: { name: "ann" } }],
      ["rejects", [], { code: "MY_OWN", message: "of the application" }],
      ["guarded", [], { code: "FORBIDDEN", message: "You may not do this." }],
      ["hangs", [], { code: "TIMEOUT", message: "The handler took too long." }],
      ["no such event", ["payload"], { code: "NOT_FOUND", message: "Nobody handles this event." }],
    ])('is the event "exception" with event and error, after "%s"', async (event, args, error) => {
      const client = await (await start()).connect();
      const heard = nextEvent(client, "exception");
      client.emit(event, ...args);
      expect(await heard).toEqual([{ event, error }]);
    });

    it("never has the payload in the exception", async () => {
      const client = await (await start()).connect();
      const heard = exception(client);
      client.emit("order", { name: "x", count: "hunter2", hidden: "hunter2" });
      const payload = await heard;
      expect(payload).toMatchObject({ event: "order", error: { code: "VALIDATION_FAILED" } });
      expect(JSON.stringify(payload)).not.toContain("hunter2");
    });

    it("runs an async generator to its end all the same", async () => {
      const running = await start();
      const client = await running.connect();
      client.emit("counts unasked");
      const { seen } = running.app.get(EverythingGateway);
      await until(() => seen.length === 2, "the generator has ended");
      expect(seen).toEqual(["unasked", "to the end"]);
    });
  });

  describe("in frames", () => {
    const error = (code: string, message: string, details?: string): string =>
      `{"code":"${code}","message":"${message}"${details === undefined ? "" : `,"details":${details}`}}`;
    const countIsWrong = '[{"path":"count","constraints":{"min":"count must not be less than 1"}}]';

    it.each([
      ['["value",1]', '[{"got":1}]'],
      ['["resolved"]', '["soon"]'],
      ['["undefined"]', "[]"],
      ['["silent"]', "[]"],
      ['["callback",7]', '[{"first":7},"second argument"]'],
      ['["forgetful"]', `[{"error":${error("NOT_ACKNOWLEDGED", "The handler ended without an answer.")}}]`],
      ['["counts",2]', "[[1,2]]"],
    ])("%s is acknowledged with %s, once, and without a request not at all", async (event, answer) => {
      const client = await joinRaw(await start());
      client.send(`427${event}`, `42${event}`, '428["value","fence"]');
      expect(await client.take(2)).toEqual([`437${answer}`, '438[{"got":"fence"}]']);
      expect(client.untaken).toEqual([]);
    });

    it.each([
      ['["throws"]', error("CONFLICT", "taken", '{"name":"ann"}')],
      ['["rejects"]', error("MY_OWN", "of the application")],
      ['["guarded"]', error("FORBIDDEN", "You may not do this.")],
      ['["order",{"name":"a","count":0}]', error("VALIDATION_FAILED", "The payload is not valid.", countIsWrong)],
      ['["hangs"]', error("TIMEOUT", "The handler took too long.")],
      ['["counts and fails"]', error("CONFLICT", "This does not fit what is already there.")],
      ['["no such event"]', error("NOT_FOUND", "Nobody handles this event.")],
    ])("%s fails with %s, acknowledged or as an exception", async (event, failure) => {
      const client = await joinRaw(await start());
      const [name] = JSON.parse(event) as [string];
      client.send(`427${event}`);
      expect(await client.next()).toBe(`437[{"error":${failure}}]`);
      client.send(`42${event}`);
      expect(await client.next()).toBe(`42["exception",{"event":"${name}","error":${failure}}]`);
    });

    it("an unknown throw fails with INTERNAL and a new correlation id each time", async () => {
      const client = await joinRaw(await start());
      client.send('427["breaks"]', '42["breaks"]');
      const failure =
        /^(?:437\[|42\["exception",)\{(?:"event":"breaks",)?"error":\{"code":"INTERNAL","message":"Something went wrong\.","details":\{"correlationId":"([\w-]+)"\}\}\}\]$/;
      const ids = (await client.take(2)).map((frame) => failure.exec(String(frame))?.[1]);
      expect(new Set(ids).size).toBe(2);
      expect(ids).not.toContain(undefined);
    });

    it("more events than may wait fail with RATE_LIMITED", async () => {
      const client = await joinRaw(await run({ providers: [EverythingGateway] }, { maxQueuedEvents: 0 }));
      client.send('421["counts",1]', '422["value",1]', '42["value",1]');
      const failure = error("RATE_LIMITED", "Too many events are waiting.");
      expect(await client.take(3)).toEqual([
        `432[{"error":${failure}}]`,
        `42["exception",{"event":"value","error":${failure}}]`,
        "431[[1]]",
      ]);
    });
  });

  it("is SHUTTING_DOWN for what comes while the application closes, and the answer of what was in flight", async () => {
    const running = await run({ providers: [EverythingGateway] });
    const client = await running.connect();
    const heard = exception(client);
    const inFlight = ask(client, "counts", 20);
    await ask(await running.connect(), "silent");
    const closed = running.app.close();
    const late = ask(client, "silent");
    client.emit("silent");
    expect(await inFlight).toHaveLength(20);
    expect(await late).toEqual({ error: { code: "SHUTTING_DOWN", message: "The server is shutting down." } });
    expect(await heard).toMatchObject({ event: "silent", error: { code: "SHUTTING_DOWN" } });
    await closed;
  });
});
