import { IsBoolean, IsInt, Min } from "class-validator";
import { z } from "zod";
import { Ack, ackAs, Namespace, OnEvent, Socket } from "rookery";
import { useInMemory } from "./support/in-memory.js";

class Decision {
  @IsBoolean() accepted!: boolean;
}

class Bid {
  @IsInt() @Min(1) amount!: number;
}

class Ruleless {
  anything: unknown;
}

@Namespace()
class AuctionGateway {
  @OnEvent("offer")
  @Ack()
  async offer(socket: Socket): Promise<unknown> {
    const decision: unknown = await socket.timeout(1_000).decode(ackAs(Decision)).emitWithAck("accept?");
    return [decision instanceof Decision, decision];
  }

  @OnEvent("bids")
  @Ack()
  async bids(socket: Socket): Promise<unknown> {
    const bids = (await socket.nsp
      .timeout(1_000)
      .decode(ackAs([Bid]))
      .emitWithAck("bids?")) as Bid[][];
    return bids.map((list) => list.map((bid) => [bid instanceof Bid, bid.amount]));
  }

  @OnEvent("refused")
  @Ack()
  async refused(socket: Socket): Promise<unknown> {
    try {
      return await socket.timeout(1_000).decode(ackAs(Bid)).emitWithAck("bid?");
    } catch (error) {
      const { code, cause } = error as { code: string; cause: { code: string; details: unknown } };
      return [code, cause.code, cause.details];
    }
  }

  @OnEvent("schema")
  @Ack()
  async schema(socket: Socket): Promise<unknown> {
    const asBid = ackAs(z.object({ amount: z.coerce.number().min(1) }));
    try {
      return await socket.timeout(1_000).decode(asBid).emitWithAck("bid?");
    } catch (error) {
      const { code, cause } = error as { code: string; cause: { code: string } };
      return [code, cause.code];
    }
  }

  @OnEvent("ruleless")
  @Ack()
  async ruleless(socket: Socket): Promise<unknown> {
    try {
      return await socket.timeout(1_000).decode(ackAs(Ruleless)).emitWithAck("bid?");
    } catch (error) {
      return ((error as Error).cause as { code: string }).code;
    }
  }
}

describe("ackAs", () => {
  const start = useInMemory();
  const connect = async () => (await start({ providers: [AuctionGateway] })).connect();

  it("makes an instance of what a client answers", async () => {
    const client = await connect();
    client.on("accept?", (reply: (decision: unknown) => void) => reply({ accepted: true, surplus: 1 }));
    expect(await client.emitWithAck("offer")).toEqual([true, { accepted: true }]);
    expect(await client.emitWithAck("offer")).toEqual([true, { accepted: true }]);
  });

  it("reads lists, from everybody who is asked", async () => {
    const client = await connect();
    client.on("bids?", (reply: (bids: unknown) => void) => reply([{ amount: 1 }, { amount: 2 }]));
    expect(await client.emitWithAck("bids")).toEqual([
      [
        [true, 1],
        [true, 2],
      ],
    ]);
  });

  it("refuses what breaks the rules, with the issues as the cause", async () => {
    const client = await connect();
    client.on("bid?", (reply: (bid: unknown) => void) => reply({ amount: 0 }));
    expect(await client.emitWithAck("refused")).toEqual([
      "SOCKET_ACK_DECODE",
      "VALIDATION_FAILED",
      [{ path: "amount", constraints: { min: "amount must not be less than 1" } }],
    ]);
  });

  it("reads and refuses by a schema, too", async () => {
    const client = await connect();
    const answers = [{ amount: "7" }, { amount: "0" }];
    client.on("bid?", (reply: (bid: unknown) => void) => reply(answers.shift()));
    expect(await client.emitWithAck("schema")).toEqual({ amount: 7 });
    expect(await client.emitWithAck("schema")).toEqual(["SOCKET_ACK_DECODE", "VALIDATION_FAILED"]);
  });

  it("refuses a class without rules: anything would pass", async () => {
    const client = await connect();
    client.on("bid?", (reply: (bid: unknown) => void) => reply({ amount: 1 }));
    expect(await client.emitWithAck("ruleless")).toBe("GATEWAY_DTO_WITHOUT_RULES");
  });
});
