import { silentLogger } from "rookery/core";
import * as msgpack from "socket.io-msgpack-parser";
import { itIsBetterHere } from "../support/better-here.js";
import { called, connect, departure, join, type RawPair } from "../support/joining.js";
import type { Frame } from "../support/raw-websocket.js";
import { useStages } from "../support/stage.js";
import { nextEvent, within } from "../support/waiting.js";

const PLACEHOLDER = '{"_placeholder":true,"num":0}';

const open = useStages();
const pair = async (): Promise<RawPair> => join(await open({ logger: silentLogger }));

/** Frames that end the connection. */
async function refuses(...frames: Frame[]): Promise<void> {
  const { client, socket } = await pair();
  const heard: unknown[] = [];
  socket.onAny((...args) => heard.push(args));
  const gone = departure(socket);
  client.send(...frames);

  expect((await gone)[0]).toBe("forced close");
  expect(heard).toEqual([]);
}

describe("parsers", () => {
  it("Default text+attachments: both ways", async () => {
    const { client, socket } = await pair();
    const heard = nextEvent(socket, "b");
    const bytes = Buffer.from([1, 2]);
    client.send(`451-["b",{"deep":${PLACEHOLDER}}]`, bytes);
    socket.emit("b", { deep: bytes });

    expect(await heard).toEqual([{ deep: bytes }]);
    expect(await client.take(2)).toEqual([`451-["b",{"deep":${PLACEHOLDER}}]`, bytes]);
  });

  it("msgpack: socket.io-msgpack-parser as it is", async () => {
    const stage = await open({ parser: msgpack });
    const client = await connect(stage);
    const connected = nextEvent(stage.io, "connection");
    const encoder = new msgpack.Encoder();
    client.send(...(encoder.encode({ type: 0, nsp: "/", data: {} }) as unknown as Buffer[]));
    await client.next();
    const [socket] = (await connected) as [RawPair["socket"]];
    const heard = called((callback) => socket.onAny(callback));
    client.send(...(encoder.encode({ type: 2, nsp: "/", data: ["a", Buffer.from([1])] }) as unknown as Buffer[]));
    socket.emit("b", 2);

    expect(await heard).toEqual(["a", Buffer.from([1])]);
    const decoder = new msgpack.Decoder();
    const packet = called((callback) => decoder.on("decoded", callback));
    decoder.add(await client.next());
    expect(await packet).toEqual([expect.objectContaining({ type: 2, nsp: "/", data: ["b", 2] })]);
  });

  it("Other: any Encoder and Decoder that are shaped like the standard ones", async () => {
    const parser = jsonParser();
    const stage = await open({ parser: parser as never });
    const client = await connect(stage);
    client.send('4{"type":0,"nsp":"/"}');
    await client.next();
    client.send('4{"type":2,"nsp":"/","id":3,"data":["q"]}');
    const [socket] = stage.io.sockets.sockets.values();
    socket?.on("q", (answer: (value: number) => void) => {
      answer(7);
    });

    expect(JSON.parse(String(await client.next()).slice(1))).toEqual({ type: 3, nsp: "/", id: 3, data: [7] });
  });

  it("Other: is destroyed with the connection", async () => {
    const destroyed = called((callback) => (onDestroy = callback));
    const stage = await open({ parser: jsonParser() as never });
    const client = await connect(stage);
    client.close();

    await within(destroyed, "the decoder's end");
    expect(stage.io.engine.clientsCount).toBe(0);
  });

  it.each<[frames: string]>([['45-["b"]'], [`4511-["b",${PLACEHOLDER}]`]])(
    "Attachment count: %s is refused",
    async (frame) => refuses(frame),
  );

  for (const count of ["1e0", "0x1", " 1"] as const) {
    itIsBetterHere(`Attachment count: "${count}" is refused`, () =>
      refuses(`45${count}-["b",${PLACEHOLDER}]`, Buffer.from([1])),
    );
  }

  it.each(["5", "-1", '"0"', "null"])("Placeholder num: %s is refused", async (num) =>
    refuses(`451-["b",{"_placeholder":true,"num":${num}}]`, Buffer.from([1])),
  );

  itIsBetterHere("Placeholder num: 0.5 is refused", () =>
    refuses('451-["b",{"_placeholder":true,"num":0.5}]', Buffer.from([1])),
  );

  it("Interleaved text during binary: ends the connection", async () => refuses(`451-["b",${PLACEHOLDER}]`, '42["a"]'));

  it("Binary without header: ends the connection", async () => refuses(Buffer.from([1])));
});

let onDestroy: () => void = () => undefined;

/** A parser of plain JSON, as users write them. */
function jsonParser(): object {
  class Encoder {
    encode(packet: object): string[] {
      return [JSON.stringify(packet)];
    }
  }
  class Decoder {
    readonly #listeners: ((packet: unknown) => void)[] = [];

    on(_event: "decoded", listener: (packet: unknown) => void): this {
      this.#listeners.push(listener);
      return this;
    }

    add(text: string): void {
      for (const listener of this.#listeners) listener(JSON.parse(text));
    }

    removeListener(): void {
      this.#listeners.length = 0;
    }

    destroy(): void {
      onDestroy();
    }
  }
  return { Encoder, Decoder };
}
