import { EventEmitter } from "node:events";
import type { Socket } from "../../src/core.js";
import { SocketStage } from "../support/socket-stage.js";

/** A socket as engine.io and its relatives make them: it is heard by its events. */
class ForeignSocket extends EventEmitter {
  readonly id = "foreign";
  readonly protocol = 4;
  readonly remoteAddress = "192.0.2.1";
  readonly request = { headers: {}, url: "/?EIO=4", socket: {} };
  readonly transport = { name: "websocket", writable: true };
  readonly frames: unknown[] = [];
  readyState = "open";

  send(data: unknown): this {
    this.frames.push(data);
    return this;
  }

  write(data: unknown): this {
    return this.send(data);
  }

  close(): void {
    this.readyState = "closed";
    this.emit("close", "forced close");
  }
}

function bound(): { stage: SocketStage; conn: ForeignSocket } {
  const stage = new SocketStage();
  const engine = new EventEmitter();
  stage.io.bind(engine);
  const conn = new ForeignSocket();
  engine.emit("connection", conn);
  return { stage, conn };
}

describe("a server that is bound to another engine", () => {
  it("lets its clients in", () => {
    const { stage, conn } = bound();
    conn.emit("data", "0");
    const [socket] = stage.io.sockets.sockets.values();

    expect(conn.frames).toEqual([`0{"sid":"${socket?.id}"}`]);
    expect(socket?.handshake.address).toBe("192.0.2.1");
  });

  it("hears and answers them", () => {
    const { stage, conn } = bound();
    stage.io.on("connection", (socket: Socket) => {
      socket.on("ask", (reply: (answer: string) => void) => {
        reply("ok");
      });
    });
    conn.emit("data", "0");
    conn.emit("data", '27["ask"]');

    expect(conn.frames.at(-1)).toBe('37["ok"]');
  });

  it("hears why they leave", () => {
    const { stage, conn } = bound();
    const reasons: unknown[] = [];
    stage.io.on("connection", (socket: Socket) => {
      socket.on("disconnect", (...reason) => reasons.push(reason));
    });
    conn.emit("data", "0");
    conn.emit("close", "transport error", "why");

    expect(reasons).toEqual([["transport error", "why"]]);
    expect(stage.io.sockets.sockets.size).toBe(0);
  });

  it("closes them when they break the protocol", () => {
    const { conn } = bound();
    conn.emit("data", "x");

    expect(conn.readyState).toBe("closed");
  });

  it("survives their errors", () => {
    const { conn } = bound();
    conn.emit("error", new TypeError("why"));

    expect(conn.readyState).toBe("open");
  });
});
