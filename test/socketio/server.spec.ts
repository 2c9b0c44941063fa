import { createServer } from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Adapter } from "socket.io-adapter";
import { Server, type Namespace, type Socket } from "../../src/core.js";
import { closeHttpAfterEach, HttpStage } from "../support/http.js";
import { RecordingLogger } from "../support/recording-logger.js";
import { SocketStage } from "../support/socket-stage.js";
import { nextEvent } from "../support/waiting.js";

closeHttpAfterEach();

const HANDSHAKE = "?EIO=4&transport=polling";

describe("a server", () => {
  it("is made without anything, with options, with an HTTP server, with both", () => {
    const http = createServer();
    const options = { connectTimeout: 7 };

    expect(new Server().httpServer).toBeUndefined();
    expect(new Server(options).connectTimeout()).toBe(7);
    expect(new Server(http).httpServer).toBe(http);
    expect(new Server(http, options).connectTimeout()).toBe(7);
    expect(new Server(undefined, options).connectTimeout()).toBe(7);
  });

  it.each([0, "0"])("is made with the port %j and listens there", async (port) => {
    const io = new Server(port);
    await nextEvent(io.httpServer, "listening");
    await io.close();

    expect(io.httpServer.listening).toBe(false);
  });

  it("refuses a request handler in place of a server, as socket.io does", () => {
    const app = (): void => undefined;
    const message =
      "You are trying to attach socket.io to an express request handler function. Please pass a http.Server instance.";

    expect(() => new Server(app as never)).toThrow(message);
    expect(() => new Server().attach(app as never)).toThrow(message);
  });

  it.each<[option: object, code: string]>([
    [{ pingTimeout: -1 }, "ENGINE_BAD_OPTION"],
    [{ transports: ["pigeon"] }, "ENGINE_BAD_OPTION"],
    [{ maxPayloadDepth: 0 }, "SOCKET_BAD_OPTION"],
  ])("refuses %j", (options, code) => {
    expect(() => new Server(options as never)).toThrow(expect.objectContaining({ code }) as Error);
  });

  it("leaves the options it is given as they are", () => {
    const options = { connectTimeout: 7 };
    const io = new Server(createServer(), options);
    io.connectTimeout(8);
    io.path("/other");

    expect(options).toEqual({ connectTimeout: 7 });
    expect(io.connectTimeout()).toBe(8);
  });

  it("serves its path and leaves the rest to the app", async () => {
    const stage = await HttpStage.open((_request, response) => {
      response.end("the app's");
    });
    const io = new Server(stage.server);

    expect((await stage.send(`/socket.io/${HANDSHAKE}`)).body).toMatch(/^0\{"sid":/);
    expect((await stage.send("/")).body).toBe("the app's");
    io.engine.close();
  });

  it.each(["/chat", "/chat/"])("serves another path: %s", async (path) => {
    const stage = await HttpStage.open();
    const io = new Server(stage.server, { path });

    expect(io.path()).toBe("/chat");
    expect((await stage.send(`/chat/${HANDSHAKE}`)).status).toBe(200);
    io.engine.close();
  });

  it("takes an empty path for none", () => {
    expect(new Server({ path: "" }).path()).toBe("/socket.io");
  });

  it("serves the browser client unless told not to", async () => {
    const stage = await HttpStage.open();
    new Server(stage.server);
    new Server(stage.server, { path: "/bare", serveClient: false });

    expect((await stage.send("/socket.io/socket.io.min.js")).status).toBe(200);
    expect(await stage.send("/bare/socket.io.min.js")).toMatchObject({ status: 400 });
  });

  it("takes options when it is attached", async () => {
    const stage = await HttpStage.open();
    const io = new Server();
    io.attach(stage.server, { path: "/late", pingInterval: 7_000 });

    expect((await stage.send(`/late/${HANDSHAKE}`)).body).toContain('"pingInterval":7000');
    io.engine.close();
  });

  it("keeps what its engine was given before it is attached with options", async () => {
    const stage = await HttpStage.open();
    const io = new Server({ cors: { origin: "http://a" } });
    const heard: string[] = [];
    io.engine.on("connection", () => heard.push("connection"));
    io.engine.use((_request, _response, next) => {
      heard.push("middleware");
      next();
    });
    io.engine.generateId = () => "chosen";
    io.attach(stage.server, { cors: { origin: "http://b" } });
    const { body, headers } = await stage.send(`/socket.io/${HANDSHAKE}`, { headers: { origin: "http://b" } });

    expect(body).toContain('"sid":"chosen"');
    expect(headers["access-control-allow-origin"]).toBe("http://b");
    expect(heard).toEqual(["middleware", "connection"]);
    io.engine.close();
  });
});

describe("the namespaces of a server", () => {
  it("are made at the first call, and known by name with and without the slash", () => {
    const { io } = new SocketStage();
    const chat = io.of("/chat");

    expect(io.of("chat")).toBe(chat);
    expect(io.of("/chat")).toBe(chat);
    expect(chat.name).toBe("/chat");
    expect([io.of("/"), io.of("")]).toEqual([io.sockets, io.sockets]);
  });

  it("are announced, but for the main one", () => {
    const { io } = new SocketStage();
    const made: string[] = [];
    io.on("new_namespace", (namespace: Namespace) => made.push(namespace.name));
    io.of("/a");
    io.of("/a");
    io.of("/");
    io.of("/b");

    expect(made).toEqual(["/a", "/b"]);
  });

  it("take a listener of connection along", () => {
    const stage = new SocketStage();
    const seen: string[] = [];
    stage.io.of("/chat", (socket: Socket) => seen.push(socket.nsp.name));
    stage.connect().join("/chat");

    expect(seen).toEqual(["/chat"]);
  });

  it("have an adapter each", () => {
    const made: string[] = [];
    class NotedAdapter extends Adapter {
      constructor(namespace: Namespace) {
        super(namespace);
        made.push(namespace.name);
      }
    }
    const { io } = new SocketStage({ adapter: NotedAdapter });
    io.of("/chat");

    expect(made).toEqual(["/", "/chat"]);
    expect(io.of("/chat").adapter).toBeInstanceOf(NotedAdapter);
  });

  it("may have an adapter of a function", () => {
    function createAdapter(namespace: Namespace): Adapter {
      return Object.assign(new Adapter(namespace), { isOurs: true });
    }
    const { io } = new SocketStage({ adapter: createAdapter });

    expect(io.sockets.adapter).toHaveProperty("isOurs", true);
  });

  it("are not harmed by an adapter that fails to start or to close", async () => {
    class FailingAdapter extends Adapter {
      override async init(): Promise<void> {
        return Promise.reject(new TypeError("start"));
      }

      override close(): never {
        throw new TypeError("close");
      }
    }
    const stage = new SocketStage({ adapter: FailingAdapter });
    stage.join();
    await nextTurn();
    await stage.io.close();

    expect(stage.log.errors).toEqual([new TypeError("start"), new TypeError("close")]);
  });
});

describe("a server as an emitter", () => {
  it("is the main namespace", () => {
    const stage = new SocketStage();
    const [on, once, prepended] = [jest.fn(), jest.fn(), jest.fn()];
    expect(stage.io.on("connection", on)).toBe(stage.io);
    stage.io.once("connection", once);
    stage.io.prependListener("connection", prepended);
    stage.io.addListener("connection", on);
    stage.join();
    stage.join();

    expect([on, once, prepended].map(({ mock }) => mock.calls.length)).toEqual([4, 1, 2]);
    expect(stage.io.listenerCount("connection")).toBe(3);
    expect(stage.io.listeners("connection")).toEqual(stage.io.sockets.listeners("connection"));
  });

  it("lets listeners go", () => {
    const stage = new SocketStage();
    const listener = jest.fn();
    stage.io.on("connection", listener);
    stage.io.off("connection", listener);
    stage.io.on("connection", listener);
    stage.io.removeAllListeners("connection");
    stage.join();

    expect(listener).not.toHaveBeenCalled();
  });

  it("adds middlewares to the main namespace", () => {
    const stage = new SocketStage();
    const middleware = jest.fn((_socket: Socket, next: () => void) => next());
    expect(stage.io.use(middleware)).toBe(stage.io);
    const client = stage.connect();
    client.join("/chat");
    expect(middleware).not.toHaveBeenCalled();

    client.join();
    expect(middleware).toHaveBeenCalledTimes(1);
  });
});

describe("closing a server", () => {
  it("tells every socket, then ends the connections", async () => {
    const stage = new SocketStage();
    const events: unknown[] = [];
    const clients = [stage.join(), stage.join("/chat")];
    for (const { socket } of clients) {
      socket.on("disconnecting", (reason) => events.push(["disconnecting", reason, socket.rooms.size]));
      socket.on("disconnect", (reason) => events.push(["disconnect", reason]));
    }
    await stage.io.close();

    expect(events).toEqual([
      ["disconnecting", "server shutting down", 1],
      ["disconnect", "server shutting down"],
      ["disconnecting", "server shutting down", 1],
      ["disconnect", "server shutting down"],
    ]);
    expect(clients.map(({ conn }) => conn.readyState)).toEqual(["closed", "closed"]);
    expect(stage.clock.pendingTimers).toBe(0);
  });

  it("has one promise, however often it is asked for", () => {
    const { io } = new SocketStage();
    const closing = io.close();

    expect(io.close()).toBe(closing);
    return closing;
  });

  it("calls every callback, before the promise resolves", async () => {
    const { io } = new SocketStage();
    const order: unknown[] = [];
    void io.close((error) => order.push(["first", error]));
    await io.close((error) => order.push(["second", error]));
    order.push("promise");
    await io.close((error) => order.push(["third", error]));

    expect(order).toEqual([["first", undefined], ["second", undefined], "promise", ["third", undefined]]);
  });

  it("closes it anew when it has listened again, on a server of its own or its old one", async () => {
    const io = new Server(0);
    await nextEvent(io.httpServer, "listening");
    await io.close();
    io.listen(0);
    await nextEvent(io.httpServer, "listening");
    await io.close();
    expect(io.httpServer.listening).toBe(false);

    io.httpServer.listen(0);
    await nextEvent(io.httpServer, "listening");
    await io.close();
    expect(io.httpServer.listening).toBe(false);
  });

  it("closes the HTTP server, whose error goes to the callback", async () => {
    const stage = await HttpStage.open();
    const io = new Server(stage.server);
    const callback = jest.fn();
    await io.close(callback);
    expect(stage.server.listening).toBe(false);
    expect(callback).toHaveBeenCalledWith(undefined);

    const neverListened = new Server(createServer());
    await neverListened.close(callback);
    expect(callback).toHaveBeenLastCalledWith(expect.objectContaining({ code: "ERR_SERVER_NOT_RUNNING" }));
  });

  it("survives a callback that throws", async () => {
    const log = new RecordingLogger();
    const io = new Server({ logger: log });
    await io.close(() => {
      throw new TypeError("why");
    });

    expect(log.errors).toEqual([new TypeError("why")]);
  });

  it("fails what acknowledgements are pending", async () => {
    const stage = new SocketStage();
    const { socket } = stage.join();
    const [answer, timed] = [socket.emitWithAck("ask"), jest.fn()];
    socket.timeout(60_000).emit("ask", timed);
    const broadcast = stage.io.timeout(60_000).emitWithAck("ask");
    await stage.io.close();

    await expect(answer).rejects.toMatchObject({ code: "SOCKET_ACK_DISCONNECTED" });
    expect(timed).toHaveBeenCalledWith(expect.objectContaining({ code: "SOCKET_ACK_DISCONNECTED" }));
    expect(await broadcast).toEqual([]);
  });
});
