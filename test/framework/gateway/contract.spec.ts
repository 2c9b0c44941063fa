import { readFileSync } from "node:fs";
import { IsString } from "class-validator";
import {
  Ack,
  APP_FILTER,
  APP_GUARD,
  Application,
  Auth,
  type CanActivate,
  Concurrency,
  ConnectedSocket,
  EventParam,
  Namespace,
  OnAny,
  OnConnect,
  OnEvent,
  OnUnhandled,
  Payload,
  RateLimit,
  type Socket,
  Timeout,
  UseGuards,
} from "rookery";
import { moduleOf } from "../support/applications.js";

class Item {
  @IsString() name!: string;
}

class Anyone implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

class Provided extends Anyone {}

@Namespace("shop")
@UseGuards(Anyone)
class ShopGateway {
  @OnConnect()
  hello(@Auth() _auth: Item): void {}

  @OnEvent("add", "replace")
  @Timeout("5s")
  @Ack(() => [Item])
  add(id: string, @Payload(() => [Item]) _items: Item[], @ConnectedSocket() _socket: Socket): unknown {
    return id;
  }
}

@Namespace("/orders/:id")
class OrderGateway {
  @OnEvent("line/:item", { shared: true })
  @OnEvent("price:*", /^v(?<version>\d+)$/)
  @Concurrency(2)
  @RateLimit({ points: 5, per: "1s" })
  many(@EventParam("item") _item: string): void {}

  @OnUnhandled()
  @OnAny()
  rest(): void {}
}

const none = { guards: [], interceptors: [], pipes: [], filters: [], rateLimits: [] };

describe("the contract of an application", () => {
  it("is plain data that names everything it serves", async () => {
    const { contract } = await Application.create(moduleOf({ providers: [ShopGateway, Anyone] }));
    expect(JSON.parse(JSON.stringify(contract))).toEqual({
      version: 1,
      global: { guards: [], interceptors: [], pipes: [], filters: [] },
      namespaces: [
        {
          kind: "static",
          name: "/shop",
          params: [],
          gateways: [
            {
              gateway: "ShopGateway",
              module: "TestModule",
              place: place("class ShopGateway"),
              ...none,
              connectLimits: [],
              guards: ["Anyone"],
              handlers: [
                {
                  method: "add",
                  place: place("add(id: string"),
                  events: [
                    { kind: "name", name: "add", params: [], isShared: false },
                    { kind: "name", name: "replace", params: [], isShared: false },
                  ],
                  parameterNames: ["id", "_items", "_socket"],
                  parameters: [
                    {
                      kind: "payload",
                      position: 0,
                      isOptional: false,
                      isRest: false,
                      check: { kind: "string", isArray: false },
                      pipes: [],
                    },
                    {
                      kind: "payload",
                      position: 1,
                      isOptional: false,
                      isRest: false,
                      check: { kind: "dto", type: "Item", isArray: true },
                      pipes: [],
                    },
                    { kind: "socket" },
                  ],
                  ...none,
                  timeoutMs: 5_000,
                  ack: { kind: "value", type: "Item", isArray: true },
                },
              ],
              hooks: [
                {
                  kind: "connect",
                  method: "hello",
                  place: place("hello(@Auth()"),
                  parameterNames: ["_auth"],
                  parameters: [{ kind: "auth", check: { kind: "dto", type: "Item", isArray: false }, pipes: [] }],
                  ...none,
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it("has patterns, limits, order and hooks for any event", async () => {
    const { contract } = await Application.create(moduleOf({ providers: [OrderGateway] }));
    expect(JSON.parse(JSON.stringify(contract))).toMatchObject({
      namespaces: [
        {
          kind: "path",
          name: "/orders/:id",
          params: ["id"],
          gateways: [
            {
              handlers: [
                {
                  method: "many",
                  events: [
                    { kind: "pattern", name: "price:*", params: ["0"], isShared: false },
                    { kind: "expression", name: "/^v(?<version>\\d+)$/", params: ["version"], isShared: false },
                    { kind: "pattern", name: "line/:item", params: ["item"], isShared: true },
                  ],
                  parameters: [{ kind: "eventParam", name: "item" }],
                  order: { concurrency: 2 },
                  rateLimits: [{ points: 5, perMs: 1_000, by: "socket" }],
                },
                { method: "rest", events: [{ kind: "unhandled", name: "", params: [], isShared: false }] },
              ],
              hooks: [{ kind: "any", method: "rest" }],
            },
          ],
        },
      ],
    });
  });

  it("names what stands around all gateways, in the order in which it runs", async () => {
    const app = await Application.create(
      moduleOf({
        providers: [
          { provide: APP_GUARD, useClass: Provided },
          { provide: APP_FILTER, useFactory: () => ({ catch: () => undefined }) },
        ],
      }),
    );
    app.useGlobalGuards(Anyone, new Provided());
    expect(app.contract.global).toEqual({
      guards: ["Anyone", "Provided", "Provided"],
      interceptors: [],
      pipes: [],
      filters: ["APP_FILTER"],
    });
  });

  it("is the same after a restart", async () => {
    const read = async (): Promise<string> =>
      JSON.stringify((await Application.create(moduleOf({ providers: [ShopGateway, OrderGateway] }))).contract);
    expect(await read()).toBe(await read());
  });
});

/** Where this file has the line that begins so. */
function place(text: string): { file: string; line: number } {
  const lines = readFileSync(__filename, "utf8").split("\n");
  return {
    file: "test/framework/gateway/contract.spec.ts",
    line: lines.findIndex((line) => line.trim().startsWith(text)) + 1,
  };
}
