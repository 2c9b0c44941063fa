import { EventEmitter } from "node:events";
import * as msgpack from "socket.io-msgpack-parser";
import type { Packet, Parser } from "rookery/core";
import type { End } from "../support/both-ways.js";
import { describeEveryClient, type ClientStage, type Pair, type Rig } from "../support/clients.js";
import { nextEvent, within } from "../support/waiting.js";

/** A parser as users write them: packets as JSON, a prefix in front. */
class JsonEncoder {
  encode(packet: Packet): string[] {
    return [`#${JSON.stringify(packet)}`];
  }
}

class JsonDecoder extends EventEmitter {
  add(text: string): void {
    this.emit("decoded", JSON.parse(text.slice(1)));
  }

  destroy(): void {
    // Nothing is kept.
  }
}

const PARSERS: Record<string, { readonly parser: Parser; readonly takesBytes: boolean }> = {
  "socket.io-msgpack-parser": { parser: msgpack as unknown as Parser, takesBytes: true },
  "a parser of the user's": { parser: { Encoder: JsonEncoder, Decoder: JsonDecoder }, takesBytes: false },
};

interface Opening {
  readonly stage: ClientStage;
  readonly pair: Pair;
}

async function open(rig: Rig, parser: Parser): Promise<Opening> {
  const stage = await rig.open({ parser });
  stage.io.of("/refusing").use((_socket, next) => {
    next(Object.assign(new Error("not you"), { data: { code: 7 } }));
  });
  return { stage, pair: await stage.pair("/", { parser }) };
}

async function carries(from: End, to: End, ...args: unknown[]): Promise<void> {
  const heard = nextEvent(to, "event");
  from.emit("event", ...args);
  expect(await heard).toEqual(args);
}

async function answers(from: End, to: End, ...args: unknown[]): Promise<void> {
  to.on("question", (...question: unknown[]) => {
    const reply = question.pop() as (...answer: unknown[]) => void;
    reply(...question);
  });
  const answer = new Promise((resolve) => {
    from.emit("question", ...args, (...answer: unknown[]) => {
      resolve(answer);
    });
  });
  expect(await within(answer, "an answer")).toEqual(args);
}

for (const [name, { parser, takesBytes }] of Object.entries(PARSERS)) {
  describeEveryClient(
    name,
    (rig) => {
      const values = [1, -2.5, "text é 😀", null, true, { deep: [{ list: [1, "two"] }] }];
      const sent = takesBytes ? [...values, Buffer.from([1, 2, 3]), { bytes: Buffer.alloc(300, 7) }] : values;

      it("carries events both ways", async () => {
        const { client, socket } = (await open(rig, parser)).pair;
        await carries(client, socket, ...sent);
        await carries(socket, client, ...sent);
      });

      it("carries acknowledgements both ways", async () => {
        const { client, socket } = (await open(rig, parser)).pair;
        await answers(client, socket, ...sent);
        await answers(socket, client, ...sent);
      });

      it("carries broadcasts, rooms and other namespaces", async () => {
        const { stage, pair } = await open(rig, parser);
        const chat = stage.io.of("/chat");
        const other = await stage.paired(stage.sibling(pair.client, "/chat"), "/chat");
        void other.socket.join("room");
        const heard = nextEvent(other.client, "event");
        chat.to("room").emit("event", ...sent);

        expect(await heard).toEqual(sent);
      });

      it("carries refusals and goodbyes", async () => {
        const { stage, pair } = await open(rig, parser);
        const [refusal] = await nextEvent(stage.sibling(pair.client, "/refusing"), "connect_error");
        expect(refusal).toMatchObject({ message: "not you", data: { code: 7 } });

        const gone = nextEvent(pair.client, "disconnect");
        pair.socket.disconnect();
        expect((await gone)[0]).toBe("io server disconnect");
      });
    },
    { since: 3 },
  );
}
