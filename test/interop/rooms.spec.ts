import { describeEveryClient, type Pair, type Rig } from "../support/clients.js";
import { Journal } from "../support/journal.js";
import type { Server, Socket } from "../support/peer.js";
import { nextEvent } from "../support/waiting.js";

type Name = "ada" | "ben" | "cleo" | "dan";
const NAMES: readonly Name[] = ["ada", "ben", "cleo", "dan"];

/** Four clients in overlapping rooms; dan is in none. */
class Party {
  readonly io: Server;
  readonly #pairs: Record<Name, Pair>;
  readonly #journals: Record<Name, Journal>;

  private constructor(io: Server, pairs: Record<Name, Pair>) {
    this.io = io;
    this.#pairs = pairs;
    this.#journals = mapNames((name) => new Journal(pairs[name].client));
  }

  static async gather(rig: Rig): Promise<Party> {
    const stage = await rig.open();
    const [ada, ben, cleo, dan] = await Promise.all([stage.pair(), stage.pair(), stage.pair(), stage.pair()]);
    await ada.socket.join("red");
    await ben.socket.join(["red", "blue"]);
    await cleo.socket.join("blue");
    return new Party(stage.io, { ada, ben, cleo, dan });
  }

  socket(name: Name): Socket {
    return this.#pairs[name].socket;
  }

  /** Who received something, once for each time, after everything emitted so far has arrived. */
  async heard(): Promise<Name[]> {
    for (const name of NAMES) this.socket(name).emit("fence");
    const entries = await Promise.all(NAMES.map((name) => this.#journals[name].before("fence")));
    return NAMES.flatMap((name, at) => (entries[at] ?? []).map(() => name));
  }
}

function mapNames<T>(make: (name: Name) => T): Record<Name, T> {
  return { ada: make("ada"), ben: make("ben"), cleo: make("cleo"), dan: make("dan") };
}

interface Broadcast {
  readonly by: string;
  readonly say: (party: Party) => unknown;
  readonly heard: readonly Name[];
}

const BROADCASTS: readonly Broadcast[] = [
  { by: "io.emit", say: ({ io }) => io.emit("say"), heard: ["ada", "ben", "cleo", "dan"] },
  { by: "io.send", say: ({ io }) => io.send(), heard: ["ada", "ben", "cleo", "dan"] },
  { by: "io.to(room)", say: ({ io }) => io.to("red").emit("say"), heard: ["ada", "ben"] },
  { by: "io.in(room)", say: ({ io }) => io.in("blue").emit("say"), heard: ["ben", "cleo"] },
  { by: "io.to(room).to(room)", say: ({ io }) => io.to("red").to("blue").emit("say"), heard: ["ada", "ben", "cleo"] },
  { by: "io.to([rooms])", say: ({ io }) => io.to(["red", "blue"]).emit("say"), heard: ["ada", "ben", "cleo"] },
  { by: "io.to(the same room twice)", say: ({ io }) => io.to("red").in("red").emit("say"), heard: ["ada", "ben"] },
  { by: "io.to(no room)", say: ({ io }) => io.to("nobody").emit("say"), heard: [] },
  { by: "io.except(room)", say: ({ io }) => io.except("red").emit("say"), heard: ["cleo", "dan"] },
  { by: "io.to(room).except(room)", say: ({ io }) => io.to("red").except("blue").emit("say"), heard: ["ada"] },
  { by: "io.except(room).to(room)", say: ({ io }) => io.except("blue").to("red").emit("say"), heard: ["ada"] },
  { by: "io.except([rooms])", say: ({ io }) => io.except(["red", "blue"]).emit("say"), heard: ["dan"] },
  { by: "io.to(id)", say: (party) => party.io.to(party.socket("dan").id).emit("say"), heard: ["dan"] },
  {
    by: "io.to(room).except(id)",
    say: (party) => party.io.to("red").except(party.socket("ben").id).emit("say"),
    heard: ["ada"],
  },
  {
    by: "socket.broadcast",
    say: (party) => party.socket("ada").broadcast.emit("say"),
    heard: ["ben", "cleo", "dan"],
  },
  { by: "socket.to(room) from inside", say: (party) => party.socket("ben").to("red").emit("say"), heard: ["ada"] },
  { by: "socket.in(room) from inside", say: (party) => party.socket("ben").in("blue").emit("say"), heard: ["cleo"] },
  {
    by: "socket.to(room) from outside",
    say: (party) => party.socket("dan").to("red").emit("say"),
    heard: ["ada", "ben"],
  },
  {
    by: "socket.to(room).to(room)",
    say: (party) => party.socket("ada").to("red").to("blue").emit("say"),
    heard: ["ben", "cleo"],
  },
  {
    by: "socket.to([rooms])",
    say: (party) => party.socket("ada").to(["red", "blue"]).emit("say"),
    heard: ["ben", "cleo"],
  },
  {
    by: "socket.except(room)",
    say: (party) => party.socket("dan").except("red").emit("say"),
    heard: ["cleo"],
  },
  {
    by: "socket.broadcast.except(room)",
    say: (party) => party.socket("ada").broadcast.except("blue").emit("say"),
    heard: ["dan"],
  },
  {
    by: "socket.to(another's id)",
    say: (party) => party.socket("ada").to(party.socket("cleo").id).emit("say"),
    heard: ["cleo"],
  },
  {
    by: "socket.to(its own id)",
    say: (party) => party.socket("ada").to(party.socket("ada").id).emit("say"),
    heard: [],
  },
  { by: "io.to(its own id)", say: (party) => party.io.to(party.socket("ada").id).emit("say"), heard: ["ada"] },
  { by: "socket.emit", say: (party) => party.socket("ada").emit("say"), heard: ["ada"] },
];

describeEveryClient("rooms", (rig) => {
  for (const { by, say, heard } of BROADCASTS) {
    it(`are reached by ${by}: ${heard.join(", ") || "nobody"}`, async () => {
      const party = await Party.gather(rig);
      say(party);

      expect(await party.heard()).toEqual(heard);
    });
  }

  it("bring every argument, text and binary, to all members", async () => {
    const stage = await rig.open();
    const pairs = await Promise.all([stage.pair(), stage.pair()]);
    for (const { socket } of pairs) await socket.join("room");
    const arrived = pairs.map(({ client }) => nextEvent(client, "say"));
    const text = rig.takesUnicode ? "ü" : "u";
    stage.io.to("room").emit("say", 1, { text, content: Buffer.from([1]) }, [null]);

    const expected = [1, { text, content: Buffer.from([1]) }, [null]];
    expect(await Promise.all(arrived)).toEqual([expected, expected]);
  });

  it("keep the order of what is broadcast and what is emitted", async () => {
    const stage = await rig.open();
    const { client, socket } = await stage.pair();
    await socket.join("room");
    const heard = new Journal(client);
    for (const n of [1, 2, 3]) {
      socket.emit("own", n);
      stage.io.to("room").emit("room", n);
      stage.io.emit("all", n);
    }
    socket.emit("fence");

    expect(await heard.before("fence")).toEqual(
      [1, 2, 3].flatMap((n) => [
        ["own", n],
        ["room", n],
        ["all", n],
      ]),
    );
  });

  it("are left by leave and by disconnection", async () => {
    const party = await Party.gather(rig);
    await party.socket("ben").leave("red");
    party.io.to("red").emit("say");
    expect(await party.heard()).toEqual(["ada"]);

    const { rooms } = party.io.of("/").adapter;
    party.socket("cleo").disconnect();
    expect([...(rooms.get("blue") ?? [])]).toEqual([party.socket("ben").id]);
    await party.socket("ben").leave("blue");
    expect(rooms.has("blue")).toBe(false);
  });

  it("are listed by the socket", async () => {
    const stage = await rig.open();
    const { socket } = await stage.pair();
    await socket.join("a");
    await socket.join(["b", "c", "a"]);
    await socket.leave("b");
    await socket.leave("never joined");

    expect([...socket.rooms]).toEqual([socket.id, "a", "c"]);
  });

  it("are not joined by a socket that is gone", async () => {
    const stage = await rig.open();
    const { socket } = await stage.pair();
    socket.disconnect();
    await socket.join("room");

    expect([...socket.rooms]).toEqual([]);
    expect(stage.io.of("/").adapter.rooms.has("room")).toBe(false);
  });

  it("go on without the socket's own room when it leaves that", async () => {
    const party = await Party.gather(rig);
    const ada = party.socket("ada");
    await ada.leave(ada.id);
    party.io.to(ada.id).emit("say");
    party.io.to("red").emit("say");

    expect(await party.heard()).toEqual(["ada", "ben"]);
  });

  it("give every chain its own operator", async () => {
    const party = await Party.gather(rig);
    const red = party.io.to("red");
    const both = red.to("blue");
    red.emit("say");
    expect(await party.heard()).toEqual(["ada", "ben"]);
    expect(both).not.toBe(red);
  });

  it("leave no room behind on the socket for its next emit", async () => {
    const party = await Party.gather(rig);
    const dan = party.socket("dan");
    dan.to("red");
    dan.emit("say");

    expect(await party.heard()).toEqual(["dan"]);
  });

  it("announce their life on the adapter", async () => {
    const stage = await rig.open();
    const { socket } = await stage.pair();
    const { adapter } = stage.io.of("/");
    const seen: unknown[][] = [];
    for (const event of ["create-room", "join-room", "leave-room", "delete-room"]) {
      adapter.on(event, (...args: unknown[]) => seen.push([event, ...args]));
    }
    await socket.join("room");
    await socket.leave("room");

    expect(seen).toEqual([
      ["create-room", "room"],
      ["join-room", "room", socket.id],
      ["leave-room", "room", socket.id],
      ["delete-room", "room"],
    ]);
  });
});
