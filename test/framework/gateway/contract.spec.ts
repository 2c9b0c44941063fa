import { IsString } from "class-validator";
import {
  Ack,
  Application,
  Auth,
  type CanActivate,
  ConnectedSocket,
  Namespace,
  OnConnect,
  OnEvent,
  Payload,
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

describe("the contract of an application", () => {
  it("is plain data that names everything it serves", async () => {
    const { contract } = await Application.create(moduleOf({ providers: [ShopGateway, Anyone] }));
    expect(JSON.parse(JSON.stringify(contract))).toEqual({
      namespaces: [
        {
          name: "/shop",
          gateways: [
            {
              gateway: "ShopGateway",
              guards: ["Anyone"],
              filters: [],
              handlers: [
                {
                  method: "add",
                  events: ["add", "replace"],
                  parameters: [
                    {
                      kind: "payload",
                      position: 0,
                      isOptional: false,
                      isRest: false,
                      check: { kind: "string", isArray: false },
                    },
                    {
                      kind: "payload",
                      position: 1,
                      isOptional: false,
                      isRest: false,
                      check: { kind: "dto", type: "Item", isArray: true },
                    },
                    { kind: "socket" },
                  ],
                  guards: [],
                  filters: [],
                  timeoutMs: 5_000,
                  ack: { kind: "value", type: "Item", isArray: true },
                },
              ],
              hooks: [
                {
                  kind: "connect",
                  method: "hello",
                  parameters: [{ kind: "auth", check: { kind: "dto", type: "Item", isArray: false } }],
                  guards: [],
                  filters: [],
                },
              ],
            },
          ],
        },
      ],
    });
  });
});
