import type { IncomingMessage } from "node:http";
import { itIsBetterHere } from "../support/better-here.js";
import { describeInChromium } from "../support/browser.js";
import { describeEveryBundle } from "../support/browser-rig.js";
import { itIf } from "../support/clients.js";
import type { Socket } from "../support/peer.js";
import { nextEvent, nextEvents } from "../support/waiting.js";

const QUICK = { reconnection: true, reconnectionDelay: 5, reconnectionDelayMax: 5, randomizationFactor: 0 };

/** Answers every "question" with the arguments of that, as the client of the page does. */
function answering(socket: Socket): void {
  socket.on("question", (...args) => args.pop()(...args));
}

function ask(socket: Socket, ...args: unknown[]): Promise<unknown[]> {
  return new Promise((resolve) => {
    socket.emit("question", ...args, (...answer: unknown[]) => resolve(answer));
  });
}

describeInChromium("In Chromium", (browser) => {
  describeEveryBundle(browser, (rig) => {
    it("connects by the transports it asks for, with what it tells the server on the way in", async () => {
      const { client, socket } = await rig.settledPair({ query: { room: "a b&c" }, auth: { token: "s3cret" } });
      const { query, auth, headers } = socket.handshake;

      expect(query).toMatchObject({ EIO: rig.isOld ? "3" : "4", room: "a b&c" });
      expect(query.transport).toBe(rig.plan === "websocket" ? "websocket" : "polling");
      expect(auth).toEqual(rig.isOld ? {} : { token: "s3cret" });
      expect(headers["user-agent"]).toContain("Chrome");
      expect(socket.conn.transport.name).toBe(rig.endsOnWebSocket ? "websocket" : "polling");
      expect(await client.run(({ io }) => io.engine.transport.name)).toBe(socket.conn.transport.name);
    });

    it("carries events both ways", async () => {
      const { client, socket } = await rig.pair();
      const text = rig.takesUnicode ? "é\u2028日本 🐦" : "e";
      const args = [1, -2.5, `${text}\\n\n"</script>`, null, true, { deep: [{ list: [[], {}] }] }];
      const arrived = nextEvent(socket, "news");
      await client.emit("news", ...args);
      socket.emit("news", ...args);

      expect(await arrived).toEqual(args);
      expect(await client.next("news")).toEqual(args);
    });

    it("carries answers both ways", async () => {
      const { client, socket } = await rig.pair();
      answering(socket);

      expect(await client.ask("question", 1, { two: [2] })).toEqual([1, { two: [2] }]);
      expect(await ask(socket, 1, { two: [2] })).toEqual([1, { two: [2] }]);
    });

    it("carries binary both ways, in events and in answers", async () => {
      const { client, socket } = await rig.pair();
      const args = [{ parts: [Buffer.from([0, 1, 0x1e, 0x62, 0xff]), Buffer.alloc(0)], text: "x" }, Buffer.from([7])];
      answering(socket);
      const arrived = nextEvent(socket, "news");
      await client.emit("news", ...args);
      socket.emit("news", ...args);

      expect(await arrived).toEqual(args);
      expect(await client.next("news")).toEqual(args);
      expect(await client.ask("question", ...args)).toEqual(args);
      expect(await ask(socket, ...args)).toEqual(args);
    });

    itIf(rig.takesBlobs)("sends files", async () => {
      const { client, socket } = await rig.pair();
      const arrived = nextEvent(socket, "news");
      await client.run((page) => void page.emit("news", { file: new File(["content"], "name") }, new Blob(["blob"])));

      expect(await arrived).toEqual([{ file: Buffer.from("content") }, Buffer.from("blob")]);
    });

    it("keeps the order of small and large, text and binary", async () => {
      const { client, socket } = await rig.pair();
      const sent = Array.from({ length: 12 }, (_, n) => [
        n,
        n % 3 === 0 ? Buffer.alloc(n * 300, n) : "x".repeat(n * 300),
      ]);
      const arrived = nextEvents(socket, "news", sent.length);
      await client.emitAll(sent.map((args) => ["news", ...args]));
      for (const args of sent) socket.emit("news", ...args);
      socket.emit("fence");

      expect(await arrived).toEqual(sent);
      expect(await client.beforeFence()).toEqual(sent.map((args) => ["news", ...args]));
    });

    it("hears what is said to its rooms, and answers it", async () => {
      const [ada, ben, cleo] = await Promise.all([rig.pair(), rig.pair(), rig.pair()]);
      await ada.socket.join("red");
      await ben.socket.join(["red", "blue"]);
      rig.io.emit("news", "to all");
      rig.io.to("red").emit("news", "to red", Buffer.from([1]));
      rig.io.to("red").except("blue").emit("news", "to red without blue");
      cleo.socket.to("blue").emit("news", "to blue, by cleo");
      ada.socket.broadcast.emit("news", "to the others, by ada");
      rig.io.emit("fence");
      const heard = await Promise.all([ada, ben, cleo].map(({ client }) => client.beforeFence()));

      expect(heard.map((events) => events.map(([, text]) => text))).toEqual([
        ["to all", "to red", "to red without blue"],
        ["to all", "to red", "to blue, by cleo", "to the others, by ada"],
        ["to all", "to the others, by ada"],
      ]);
      expect(await rig.io.to("red").timeout(3_000).emitWithAck("question", "red?")).toEqual(["red?", "red?"]);
    });

    it("joins namespaces on one connection, and leaves them one by one", async () => {
      const main = await rig.pair();
      const namespace = rig.io.of("/chat");
      const chat = await rig.paired(await main.client.sibling("/chat"), namespace);
      namespace.emit("news", "to the chat");
      rig.io.emit("news", "to all");
      for (const { socket } of [main, chat]) socket.emit("fence");

      expect(chat.socket.conn).toBe(main.socket.conn);
      expect(await chat.client.beforeFence()).toEqual([["news", "to the chat"]]);
      expect(await main.client.beforeFence()).toEqual([["news", "to all"]]);

      const gone = nextEvent(chat.socket, "disconnect");
      await chat.client.disconnect();
      expect(await gone).toEqual(["client namespace disconnect"]);
      answering(main.socket);
      expect(await main.client.ask("question", "still here?")).toEqual(["still here?"]);
    });

    it("is told why a namespace refuses it", async () => {
      rig.io.of("/refusing").use((_socket, next) => {
        next(Object.assign(new Error("no entry"), { data: { code: 7 } }));
      });
      const { client } = await rig.pair();
      const [refused, lost] = [await client.sibling("/refusing"), await client.sibling("/nowhere")];
      const [refusal, loss] = rig.isOld
        ? [await refused.next("error"), await lost.next("error")]
        : [await refused.next("connect_error"), await lost.next("connect_error")];

      expect(refusal).toEqual(rig.isOld ? [{ code: 7 }] : [{ message: "no entry", data: { code: 7 } }]);
      expect(loss).toEqual([{ message: "Invalid namespace" }]);
    });

    it("comes back when the connection is lost, and brings what it said meanwhile", async () => {
      const { client, socket } = await rig.settledPair(QUICK);
      const cameBack = nextEvent(rig.io, "connection");
      await client.run((page) => {
        page.on("disconnect", () => {
          for (const n of [1, 2, 3]) page.emit("news", n, new Uint8Array([n]).buffer);
        });
      });
      rig.stage.cutConnections();
      const [next] = (await cameBack) as [Socket];

      expect(await nextEvents(next, "news", 3)).toEqual([1, 2, 3].map((n) => [n, Buffer.from([n])]));
      expect(next.id).not.toBe(socket.id);
      expect(await client.next("disconnect")).toEqual([rig.endsOnWebSocket ? "transport close" : "transport error"]);
    });

    it("is told the reason when the server disconnects it", async () => {
      const { client, socket } = await rig.settledPair();
      const gone = nextEvent(socket, "disconnect");
      socket.emit("news", "the last word");
      socket.disconnect(true);

      expect(await gone).toEqual(["server namespace disconnect"]);
      expect(await client.next("disconnect")).toEqual(["io server disconnect"]);
      expect(await client.next("news")).toEqual(["the last word"]);
    });

    it("is told the reason when the server closes the connection", async () => {
      const { client, socket } = await rig.settledPair();
      socket.conn.close();

      expect(await client.next("disconnect")).toEqual(["transport close"]);
    });

    it("tells the reason when it disconnects", async () => {
      const { client, socket } = await rig.settledPair();
      const gone = nextEvent(socket, "disconnect");
      await client.disconnect();

      expect(await gone).toEqual(["client namespace disconnect"]);
      expect(await client.next("disconnect")).toEqual(["io client disconnect"]);
    });

    it("is gone when its page is left", async () => {
      const { socket } = await rig.settledPair();
      const gone = nextEvent(socket, "disconnect");
      await rig.reload();

      const [reason] = await gone;

      if (rig.endsOnWebSocket) expect(reason).toBe("transport close");
      // Clients of version 3 try to say goodbye on the way out.
      else expect(reason).toMatch(/^transport (?:close|error)$/);
    });

    it("misses volatile events while it is not ready, and the time for an answer when it is silent", async () => {
      const { client, socket } = await rig.settledPair();
      socket.volatile.emit("news", 1);
      socket.volatile.emit("news", 2);
      const error = await new Promise((resolve) => socket.timeout(20).emit("unanswered", resolve));
      socket.emit("fence");

      expect(error).toHaveProperty("message", "operation has timed out");
      expect(await client.beforeFence()).toEqual([["news", 1], ["unanswered"]]);
    });

    it("lives on heartbeats", async () => {
      const { io, url } = await rig.openElsewhere({ pingInterval: 15, pingTimeout: 2_000 });
      const { socket } = await rig.paired(await rig.client(url), io.of("/"));
      await nextEvents(socket.conn, "heartbeat", 3);

      expect(socket.connected).toBe(true);
    });

    describe("from a page of another origin", () => {
      it("comes in with its cookies", async () => {
        await rig.page.evaluate("document.cookie = 'who=ada'");
        const { io, url } = await rig.openElsewhere({ cookie: true });
        const cookies: unknown[] = [];
        io.engine.on("headers", (_headers: object, request: IncomingMessage) => cookies.push(request.headers.cookie));
        const { client, socket } = await rig.paired(await rig.client(url, { withCredentials: true }), io.of("/"));
        answering(socket);

        expect(await client.ask("question", 1)).toEqual([1]);
        expect(socket.handshake.headers.origin).toBe(rig.plan === "JSONP" ? undefined : rig.stage.url);
        expect(socket.handshake.headers.cookie).toBe("who=ada");
        if (rig.plan !== "websocket") expect(cookies).toContain(`who=ada; io=${socket.conn.id}`);
      });

      itIf(rig.major > 2 && rig.plan !== "websocket")("sends cookies only if it is told to", async () => {
        await rig.page.evaluate("document.cookie = 'who=ada'");
        const { io, url } = await rig.openElsewhere();
        const { socket } = await rig.paired(await rig.client(url), io.of("/"));

        expect(socket.handshake.headers).not.toHaveProperty("cookie");
      });

      itIf(rig.major > 2 && rig.plan !== "websocket")("asks whether it may send headers of its own", async () => {
        const { io, url } = await rig.openElsewhere();
        const client = await rig.client(url, { extraHeaders: { "x-tenant": "north" } });
        const { socket } = await rig.paired(client, io.of("/"));

        expect(socket.handshake.headers["x-tenant"]).toBe("north");
      });

      // A script from elsewhere, as JSONP is, needs nobody's leave.
      if (rig.plan === "JSONP") return;
      const itIsRefused = rig.plan === "websocket" ? itIsBetterHere : it;
      itIsRefused("of a page that CORS does not allow is refused", async () => {
        const { io, url } = await rig.openElsewhere({ cors: { origin: "http://elsewhere.example" } });
        const client = await rig.client(url);
        const [error] = await client.next("connect_error");

        expect(error).toHaveProperty("message", rig.plan === "websocket" ? "websocket error" : "xhr poll error");
        // For old clients there is a socket before they know, whose polls the browser keeps from them.
        if (!rig.isOld || rig.plan === "websocket") expect(io.of("/").sockets.size).toBe(0);
      });
    });
  });
});
