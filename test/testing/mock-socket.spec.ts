import { Namespace, Server, Socket } from "rookery/core";
import { mockServer, mockSocket } from "rookery/testing";

describe("a mock socket", () => {
  it("is a connected socket of a server", () => {
    const socket = mockSocket();

    expect(socket).toBeInstanceOf(Socket);
    expect(socket.server).toBeInstanceOf(Server);
    expect(socket.nsp).toBeInstanceOf(Namespace);
    expect([socket.connected, socket.rooms]).toEqual([true, new Set([socket.id])]);
  });

  it("is what the options say", () => {
    const socket = mockSocket({
      namespace: "chat",
      auth: { token: "a" },
      headers: { "X-Tenant": "blue" },
      query: { page: "2" },
      transport: "polling",
      data: { user: "ann" },
      rooms: ["lobby", "kitchen"],
    });

    expect(socket.nsp.name).toBe("/chat");
    expect(socket.handshake).toMatchObject({
      auth: { token: "a" },
      headers: { "x-tenant": "blue" },
      query: { page: "2", transport: "polling" },
    });
    expect(socket.data).toEqual({ user: "ann" });
    expect(socket.rooms).toEqual(new Set([socket.id, "lobby", "kitchen"]));
  });

  it("writes down what is emitted to its client, the very values", () => {
    const socket = mockSocket();
    const value = new Map([["a", 1]]);
    socket.emit("news", value, 2);
    socket.volatile.emit("typing");
    socket.emit("question", "sure?", () => undefined);

    expect(socket.emitted).toEqual([["news", value, 2], ["typing"], ["question", "sure?"]]);
    expect(socket.emitted[0]?.[1]).toBe(value);
  });

  it("writes down what it broadcasts, by room", () => {
    const socket = mockSocket();
    socket.to("lobby").emit("message:new", { text: "hi" });
    socket.to(["lobby", "kitchen"]).except("cellar").emit("bell");
    socket.broadcast.emit("joined", 1);

    expect(socket.emittedTo("lobby")).toEqual([["message:new", { text: "hi" }], ["bell"]]);
    expect(socket.emittedTo("kitchen")).toEqual([["bell"]]);
    expect(socket.emittedTo()).toEqual([["joined", 1]]);
    expect(socket.emitted).toEqual([]);
  });

  it("receives what others of its server emit where it is", () => {
    const server = mockServer();
    const ann = mockSocket({ server, rooms: ["lobby"] });
    const bob = mockSocket({ server, rooms: ["lobby"] });
    const eve = mockSocket({ server });
    ann.to("lobby").emit("message:new", Buffer.from("hi"));
    server.emit("news", 1);

    expect(bob.received).toEqual([
      ["message:new", Buffer.from("hi")],
      ["news", 1],
    ]);
    expect([ann.received, eve.received]).toEqual([[["news", 1]], [["news", 1]]]);
  });

  it("answers what it was told to", async () => {
    const socket = mockSocket().answer("question", (text: string) => `${text} yes`);

    expect(await socket.emitWithAck("question", "sure?")).toBe("sure? yes");
    expect(await socket.timeout(1_000).emitWithAck("question", "really?")).toBe("really? yes");
  });

  it("leaves, and tells those who listen", () => {
    const socket = mockSocket();
    const reasons: string[] = [];
    socket.on("disconnect", (reason) => reasons.push(reason));
    socket.disconnect();

    expect(reasons).toEqual(["server namespace disconnect"]);
    expect(socket.connected).toBe(false);
  });
});

describe("a mock server", () => {
  it("writes down what is emitted, with the receivers", () => {
    const server = mockServer();
    const socket = mockSocket({ server, namespace: "/chat" });
    server.emit("news", 1);
    server.of("/chat").to("lobby").except("cellar").emit("bell");
    socket.emit("hello", () => undefined);

    expect(server.emitted).toEqual([
      { namespace: "/", event: "news", args: [1], rooms: [], except: [] },
      { namespace: "/chat", event: "bell", args: [], rooms: ["lobby"], except: ["cellar"] },
      { namespace: "/chat", event: "hello", args: [], rooms: [socket.id], except: [] },
    ]);
    expect(server.emittedTo("lobby")).toEqual([["bell"]]);
    expect(server.emittedTo(socket.id)).toEqual([["hello"]]);
    expect(server.emittedTo()).toEqual([["news", 1]]);
  });

  it("writes down what asks a room for answers", async () => {
    const server = mockServer();
    mockSocket({ server, rooms: ["lobby"] }).answer("vote", () => "yes");
    mockSocket({ server, rooms: ["lobby"] }).answer("vote", () => "no");

    expect(await server.to("lobby").timeout(1_000).emitWithAck("vote", 7)).toEqual(["yes", "no"]);
    expect(server.emittedTo("lobby")).toEqual([["vote", 7]]);
  });
});
