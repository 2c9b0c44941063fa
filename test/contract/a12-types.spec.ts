import { expectTypeOf } from "expect-type";
import type { Server as TypedServer, Socket } from "rookery/core";
import { join } from "../support/joining.js";
import { useStages } from "../support/stage.js";

/*
 * What the compiler says is said by `npm run types` (test/types holds whole programs); here the types stand beside what
 * happens at run time.
 */

interface Listen {
  say: (text: string, count: number) => void;
  ask: (question: string, reply: (answer: number) => void) => void;
}

interface Emit {
  said: (text: string) => void;
  confirm: (id: number, reply: (ok: boolean) => void) => void;
}

interface Between {
  moved: (room: string) => void;
}

interface Data {
  name: string;
  age: number;
}

type Typed = TypedServer<Listen, Emit, Between, Data>;

const open = useStages();

async function typed(): Promise<{
  io: Typed;
  socket: Socket<Listen, Emit, Between, Data>;
  pair: Awaited<ReturnType<typeof join>>;
}> {
  const stage = await open();
  const pair = await join(stage);
  const io = stage.io as unknown as Typed;
  return { io, socket: pair.socket as unknown as Socket<Listen, Emit, Between, Data>, pair };
}

describe("types", () => {
  it("Four generics: listener and emit arguments are inferred", async () => {
    const { socket, pair } = await typed();
    const heard = new Promise((resolve) => {
      socket.on("say", (text, count) => {
        expectTypeOf(text).toEqualTypeOf<string>();
        expectTypeOf(count).toEqualTypeOf<number>();
        resolve([text, count]);
      });
    });
    pair.client.send('42["say","hi",2]');
    expect(await heard).toEqual(["hi", 2]);
    socket.emit("said", "hi");

    expect(await pair.client.next()).toBe('42["said","hi"]');
  });

  it("Four generics: the answer of an acknowledgement is inferred", async () => {
    const { socket, pair } = await typed();
    const asked = socket.timeout(60_000).emitWithAck("confirm", 7);
    expectTypeOf<Awaited<typeof asked>>().toEqualTypeOf<boolean>();
    expect(await pair.client.next()).toBe('420["confirm",7]');
    pair.client.send("430[true]");

    expect(await asked).toBe(true);
  });

  it("`socket.data` has the declared type, and nothing in it at first", async () => {
    const { socket } = await typed();
    expectTypeOf(socket.data).toEqualTypeOf<Data>();

    expect(socket.data.name).toBeUndefined();
  });

  it("defaults `DefaultEventsMap` (any): anything may be emitted", async () => {
    const { socket, client } = await join(await open());
    socket.emit("whatever", 1, "two");

    expect(await client.next()).toBe('42["whatever",1,"two"]');
  });

  it("No runtime check whatever: what is not declared leaves and arrives", async () => {
    const { socket, pair } = await typed();
    // @ts-expect-error -- a number is no text
    socket.emit("said", 7);
    expect(await pair.client.next()).toBe('42["said",7]');
    const heard = new Promise((resolve) => {
      socket.on("say", (...args) => {
        resolve(args);
      });
    });
    pair.client.send('42["say",{"no":"text"}]');

    expect(await heard).toEqual([{ no: "text" }]);
  });

  it("`any` leaks: socket.handshake.auth is unchecked", async () => {
    const { socket } = await join(await open(), "/", '{"token":7}');

    expect(socket.handshake.auth.token as number).toBe(7);
  });

  it("Four generics: events between servers are typed, too", async () => {
    const { io } = await typed();
    // @ts-expect-error -- not declared
    expect(io.serverSideEmit("unknown")).toBe(true);

    expect(io.serverSideEmit("moved", "red")).toBe(true);
  });
});
