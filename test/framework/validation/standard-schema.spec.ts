import { type } from "arktype";
import { Ack, Auth, Namespace, OnConnect, OnEvent, Payload, type StandardSchema } from "rookery";
import { Test, type TestingApplication } from "rookery/testing";
import * as valibot from "valibot";
import { z } from "zod";
import { answerOf } from "./support/answers.js";
import { withoutValue } from "../../../src/framework/validation/without-value.js";

const zodOrder = z.object({ id: z.string(), items: z.array(z.object({ qty: z.number().min(1) })) });
const valibotOrder = valibot.object({
  id: valibot.string(),
  items: valibot.array(valibot.object({ qty: valibot.pipe(valibot.number(), valibot.minValue(1)) })),
});
const arkOrder = type({ id: "string", items: type({ qty: "number >= 1" }).array() });

/** A schema of nobody's: what it wants comes later, and is written in upper case. */
const shouted: StandardSchema<string> = {
  "~standard": {
    version: 1,
    vendor: "own",
    validate: async (value) =>
      Promise.resolve(
        typeof value === "string" ? { value: value.toUpperCase() } : { issues: [{ message: "is no text" }] },
      ),
  },
};

const secret = z.object({ token: z.string().startsWith("secret-") });

@Namespace("/orders")
class OrderGateway {
  @OnConnect()
  connect(@Auth(secret) _auth: unknown): void {}

  @OnEvent("zod")
  @Ack()
  zod(@Payload(zodOrder) order: unknown): unknown {
    return order;
  }

  @OnEvent("valibot")
  @Ack()
  valibot(@Payload(valibotOrder) order: unknown): unknown {
    return order;
  }

  @OnEvent("arktype")
  @Ack()
  arktype(@Payload(arkOrder) order: unknown): unknown {
    return order;
  }

  @OnEvent("shout")
  @Ack()
  shout(@Payload(shouted) text: string, @Payload(() => [shouted]) all: string[]): string {
    return [text, ...all].join(" ");
  }

  @OnEvent("answer")
  @Ack(z.object({ id: z.coerce.string(), hidden: z.undefined() }).omit({ hidden: true }))
  answer(id: unknown): object {
    return { id, hidden: "not for clients" };
  }

  @OnEvent("answers")
  @Ack(() => [z.object({ id: z.coerce.string() })])
  answers(ids: unknown): unknown {
    return Array.isArray(ids) ? ids.map((id: unknown) => ({ id, hidden: "not for clients" })) : ids;
  }

  @OnEvent("shouts")
  @Ack(() => [shouted])
  shouts(): unknown {
    return ["a", "b"];
  }

  @OnEvent("wrong")
  @Ack(z.object({ id: z.string() }))
  wrong(): object {
    return { id: 5 };
  }
}

const auth = { token: "secret-1" };

describe("a Standard Schema", () => {
  let app: TestingApplication;

  beforeEach(async () => {
    app = await Test.createTestingModule({ providers: [OrderGateway] }).compile();
  });

  afterEach(async () => {
    await app.close();
  });

  const ask = async (event: string, ...args: unknown[]): Promise<unknown> =>
    answerOf((await app.connect("/orders", { auth })).emitWithAck(event, ...args));

  describe.each(["zod", "valibot", "arktype"])("of %s", (vendor) => {
    it("lets through what it accepts", async () => {
      const order = { id: "a", items: [{ qty: 1 }] };
      expect(await ask(vendor, order)).toEqual(order);
    });

    it("lists what is wrong by path", async () => {
      expect(await ask(vendor, { id: "a", items: [{ qty: 2 }, { qty: 0 }] })).toMatchObject({
        error: {
          code: "VALIDATION_FAILED",
          details: [{ path: "items[1].qty", constraints: { schema: expect.any(String) } }],
        },
      });
    });

    it("does not repeat what was sent", async () => {
      const answer = await ask(vendor, { id: "a", items: "sesame opens" });
      expect(answer).toMatchObject({ error: { details: [{ path: "items" }] } });
      expect(JSON.stringify(answer)).not.toContain("sesame");
    });

    it("gets no names that every object inherits", async () => {
      const hostile: unknown = JSON.parse('{"id":"a","items":[],"__proto__":{"admin":true},"constructor":1}');
      expect(Object.keys((await ask(vendor, hostile)) as object)).toEqual(["id", "items"]);
    });
  });

  it("may wait, and checks each of a list", async () => {
    expect(await ask("shout", "a", ["b", "c"])).toBe("A B C");
    expect(await ask("shout", "a", ["b", 5])).toMatchObject({
      error: { details: [{ argument: 1, path: "[1]", constraints: { schema: "is no text" } }] },
    });
    expect(await ask("shout", "a", "b")).toMatchObject({
      error: { details: [{ argument: 1, path: "", constraints: { array: "must be an array" } }] },
    });
  });

  it("guards a connection by its auth", async () => {
    await expect(app.connect("/orders", { auth: { token: "guess" } })).rejects.toMatchObject({
      data: { code: "VALIDATION_FAILED", details: [{ path: "token" }] },
    });
  });

  it("writes an answer, and keeps back one that it refuses", async () => {
    expect(await ask("answer", 7)).toEqual({ id: "7" });
    expect(await ask("wrong")).toMatchObject({ error: { code: "INTERNAL" } });
  });

  it("writes each of a list that is the answer", async () => {
    expect(await ask("answers", [7, "b"])).toEqual([{ id: "7" }, { id: "b" }]);
    expect(await ask("shouts")).toEqual(["A", "B"]);
    expect(await ask("answers", "none")).toMatchObject({ error: { code: "INTERNAL" } });
  });
});

describe("a message about a value", () => {
  it.each([
    ['must be a number (was "secret")', "secret", "must be a number (was …)"],
    ["Expected number but received 'ab'", "ab", "Expected number but received …"],
    ["secret is not welcome", "secret", "… is not welcome"],
    ["a is not an email", "a", "a is not an email"],
    ["must be at least 5 (was 5)", 5, "must be at least 5 (was …)"],
    ["Expected string but received 12", 12, "Expected string but received …"],
    ["must be an object", { a: 1 }, "must be an object"],
  ])("%p loses %p", (message, value, clean) => {
    expect(withoutValue(message, value)).toBe(clean);
  });
});
