import { Adapter } from "socket.io-adapter";
import { taken, useSieges } from "../support/siege.js";
import { nextEvent } from "../support/waiting.js";

const besiege = useSieges();

function fail(): never {
  throw new TypeError("why");
}

/** Things that are hard to look at without throwing. */
const UNREADABLE: Record<string, unknown> = {
  "an error whose message throws": Object.defineProperty(new Error("hidden"), "message", { get: fail }),
  "an error whose data throws": Object.defineProperty(new Error("hidden"), "data", { get: fail }),
  "a proxy that throws at every touch": new Proxy({}, { get: fail, has: fail, getPrototypeOf: fail }),
  "an object without a prototype": Object.create(null),
  "a symbol": Symbol("thrown"),
};

describe("user code that throws where nobody waits for it does not end the process:", () => {
  it.each(Object.entries(UNREADABLE))("a middleware refuses later with %s", async (_what, thrown) => {
    const siege = await besiege();
    siege.io.use((_socket, next) => {
      setImmediate(() => {
        next(thrown as Error);
      });
    });
    const client = await siege.connect();
    client.send("40");

    expect(await client.next()).toMatch(/^44\{"message":"/);
  });

  it.each(["create-room", "join-room", "leave-room", "delete-room"])("a listener of %s throws", async (event) => {
    const siege = await besiege();
    const { adapter } = siege.io.of("/");
    adapter.on(event, fail);
    siege.io.use((_socket, next) => {
      setImmediate(next);
    });
    const pair = await siege.attack();
    await pair.socket.join("room");
    await taken(pair);
    const gone = nextEvent(pair.socket, "disconnect");
    pair.client.close();
    await gone;

    expect([adapter.sids.size, adapter.rooms.size, siege.io.sockets.sockets.size]).toEqual([0, 0, 0]);
    expect(new Set(siege.log.lines)).toEqual(new Set([`error a listener of "${event}" threw`]));
  });

  it("an adapter throws whenever a socket comes or goes", async () => {
    class BrokenAdapter extends Adapter {
      override addAll(): never {
        return fail();
      }

      override delAll(): never {
        return fail();
      }
    }
    const siege = await besiege({ adapter: BrokenAdapter });
    siege.io.use((_socket, next) => {
      setImmediate(next);
    });
    const pair = await siege.attack();
    await taken(pair);
    const gone = nextEvent(pair.socket, "disconnect");
    pair.client.close();
    await gone;

    expect(siege.io.sockets.sockets.size).toBe(0);
    expect(new Set(siege.log.lines)).toEqual(new Set(["error an adapter failed"]));
  });

  it("an adapter cannot be made for a namespace that a client asks for", async () => {
    class PickyAdapter extends Adapter {
      constructor(namespace: { name: string }) {
        super(namespace);
        if (namespace.name === "/room") fail();
      }
    }
    const siege = await besiege({ adapter: PickyAdapter }, (io) => {
      io.of((_name, _auth, next) => {
        setImmediate(() => {
          next(null, true);
        });
      });
    });
    const client = await siege.connect();
    client.send("40/room,");

    expect(await client.next()).toBe('44/room,{"message":"Invalid namespace"}');
    expect(siege.log.lines).toEqual(["error a namespace could not be made"]);
  });

  it("a logger throws", async () => {
    const siege = await besiege({ logger: { debug: fail, info: fail, warn: fail, error: fail } });
    const pair = await siege.attack();
    pair.socket.on("throw", fail);
    pair.client.send('42["throw"]');
    await taken(pair);

    expect(pair.socket.connected).toBe(true);
  });
});
