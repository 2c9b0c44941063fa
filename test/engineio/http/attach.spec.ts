import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Deadlines } from "../../../src/common/index.js";
import { attachPath, attachTo, type AttachOptions } from "../../../src/engineio/http/attach.js";
import { closeHttpAfterEach, HttpStage } from "../../support/http.js";
import { ManualClock } from "../../support/manual-clock.js";
import { nextEvent, until } from "../../support/waiting.js";

closeHttpAfterEach();

describe("attachPath", () => {
  it.each<[options: AttachOptions, path: string]>([
    [{}, "/engine.io/"],
    [{ path: "/chat" }, "/chat/"],
    [{ path: "/chat/" }, "/chat/"],
    [{ path: "/chat", addTrailingSlash: false }, "/chat"],
    [{ path: "/chat/", addTrailingSlash: false }, "/chat"],
    [{ path: "/" }, "/"],
  ])("of %j is %s", (options, path) => {
    expect(attachPath(options)).toBe(path);
  });
});

let clock: ManualClock;
let stage: HttpStage;

beforeEach(async () => {
  clock = new ManualClock();
  stage = await HttpStage.open((_request, response) => {
    response.end("the app's");
  });
});

function attach(options?: AttachOptions): { upgrades: string[] } {
  const upgrades: string[] = [];
  const handler = {
    handleRequest: (_request: unknown, response: { end(body: string): void }): void => {
      response.end("the engine's");
    },
    handleUpgrade: (request: { url?: string }, socket: Duplex): void => {
      upgrades.push(request.url ?? "");
      socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
    },
  };
  attachTo(stage.server, handler, new Deadlines(clock), options);
  return { upgrades };
}

describe("attachTo", () => {
  it.each(["/engine.io/", "/engine.io/?EIO=4&transport=polling", "/engine.io/deeper"])(
    "takes the request for %s",
    async (path) => {
      attach();

      expect((await stage.send(path)).body).toBe("the engine's");
    },
  );

  it.each(["/", "/engine.io", "/engine.io2/", "/other/engine.io/", "/?/engine.io/"])(
    "leaves the app the request for %s",
    async (path) => {
      attach();

      expect((await stage.send(path)).body).toBe("the app's");
    },
  );

  it("leaves the app all of its listeners, in their order", async () => {
    const heard: [string, unknown][] = [];
    stage.server.prependListener("request", function (this: unknown) {
      heard.push(["first", this]);
    });
    stage.server.on("request", function (this: unknown) {
      heard.push(["last", this]);
    });
    attach();
    await stage.send("/");
    await stage.send("/engine.io/");

    expect(heard).toEqual([
      ["first", stage.server],
      ["last", stage.server],
    ]);
  });

  it.each([
    ["/engine.io/", "the engine's"],
    ["/engine.io/?EIO=4", "the engine's"],
    ["/engine.io/deeper", "the app's"],
    ["/engine.io", "the app's"],
  ])("makes %s %s with strictPath", async (path, body) => {
    attach({ strictPath: true });

    expect((await stage.send(path)).body).toBe(body);
  });

  it("leaves upgrades to node when the engine has no use for them", async () => {
    const handleUpgrade = jest.fn();
    const handleRequest = (_request: unknown, response: { end(body: string): void }): void => {
      response.end("the engine's");
    };
    attachTo(stage.server, { handleRequest, handleUpgrade, takesUpgrades: false }, new Deadlines(clock));
    const headers = { Connection: "Upgrade, HTTP2-Settings", Upgrade: "h2c", "HTTP2-Settings": "AAMAAABk" };

    expect((await stage.send("/", { headers })).body).toBe("the app's");
    expect((await stage.send("/engine.io/", { headers })).body).toBe("the engine's");
    expect(handleUpgrade).not.toHaveBeenCalled();
  });

  it("tells the engine when the server closes and when it listens again", async () => {
    const told: string[] = [];
    const handler = {
      handleRequest: () => undefined,
      handleUpgrade: () => undefined,
      close: () => told.push("close"),
      reopen: () => told.push("reopen"),
    };
    attachTo(stage.server, handler, new Deadlines(clock));
    stage.server.close();
    await nextEvent(stage.server, "close");
    stage.server.listen(0, "127.0.0.1");
    await nextEvent(stage.server, "listening");

    expect(told).toEqual(["close", "reopen"]);
  });

  it("attaches two engines side by side", async () => {
    attach();
    attach({ path: "/second" });

    expect((await stage.send("/engine.io/")).body).toBe("the engine's");
    expect((await stage.send("/second/")).body).toBe("the engine's");
    expect((await stage.send("/")).body).toBe("the app's");
  });
});

describe("an upgrade", () => {
  /** Asks for an upgrade and waits until the server has seen it. */
  const upgrade = async (path: string): Promise<{ socket: Socket; received: Promise<string>; serverSide: Duplex }> => {
    const { socket, received } = await stage.connect();
    const arrived = nextEvent(stage.server, "upgrade");
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
    const [, serverSide] = (await arrived) as [unknown, Duplex];
    return { socket, received, serverSide };
  };

  it("for the engine's path goes to the engine", async () => {
    const { upgrades } = attach();
    await upgrade("/engine.io/?transport=websocket");

    expect(upgrades).toEqual(["/engine.io/?transport=websocket"]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("that nobody takes is closed without a word after a second", async () => {
    const { upgrades } = attach();
    const { received, serverSide } = await upgrade("/foreign");
    clock.advance(998);
    expect(serverSide.writable).toBe(true);

    clock.advance(2);
    expect(await received).toBe("");
    expect(upgrades).toEqual([]);
  });

  it("that nobody takes is closed, although its client keeps its half open", async () => {
    attach();
    const { socket, serverSide } = await upgrade("/foreign");
    socket.allowHalfOpen = true;
    const closed = nextEvent(serverSide, "close");
    clock.advance(1_000);
    await closed;

    expect(serverSide.destroyed).toBe(true);
  });

  it("that nobody takes is closed after destroyUpgradeTimeout", async () => {
    attach({ destroyUpgradeTimeout: 50 });
    const { received } = await upgrade("/foreign");
    clock.advance(50);

    expect(await received).toBe("");
  });

  it("stays open for whoever has begun to answer it", async () => {
    attach();
    stage.server.on("upgrade", (_request, socket) => {
      socket.write("HTTP/1.1 101 Switching Protocols\r\n\r\n");
    });
    const { serverSide } = await upgrade("/foreign");
    await until(() => (serverSide as Duplex & { bytesWritten: number }).bytesWritten > 0, "the answer has left");
    clock.advance(10_000);

    expect(serverSide.writable).toBe(true);
  });

  it("stays open with destroyUpgrade switched off", async () => {
    attach({ destroyUpgrade: false });
    const { serverSide } = await upgrade("/foreign");
    clock.advance(10_000);

    expect(serverSide.writable).toBe(true);
    expect(clock.pendingTimers).toBe(0);
  });

  it.each([true, false])("that nobody has taken may break off (destroyUpgrade: %s)", async (destroyUpgrade) => {
    attach({ destroyUpgrade });
    const { socket, serverSide } = await upgrade("/foreign");
    const closed = nextEvent(serverSide, "close");
    socket.resetAndDestroy();
    await closed;

    expect(clock.pendingTimers).toBe(0);
  });

  it("keeps no timer when its client goes", async () => {
    attach();
    const { serverSide } = await upgrade("/foreign");
    expect(clock.pendingTimers).toBe(1);
    serverSide.destroy();
    await until(() => clock.pendingTimers === 0, "the timer is gone");

    expect(clock.pendingTimers).toBe(0);
  });
});
