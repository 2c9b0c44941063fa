import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { MessageData } from "rookery/core";
import { WebSocket, WebSocketServer } from "ws";
import { WebSocketTransport } from "../../src/engineio/transports/websocket.js";
import type { TransportEnds } from "./transport-contract.js";
import { deferred, nextEvent } from "./waiting.js";

/** A WebSocket over loopback, its server's side in a transport. */
export async function openWebSocketEnds(): Promise<TransportEnds> {
  const http = createServer();
  const accepted = deferred<WebSocketTransport>();
  const server = new WebSocketServer({ noServer: true });
  http.on("upgrade", (request, socket, head) => {
    server.handleUpgrade(request, socket, head, (webSocket) => {
      accepted.resolve(new WebSocketTransport(webSocket, socket));
    });
  });
  http.listen(0, "127.0.0.1");
  await nextEvent(http, "listening");
  const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
  const closed = deferred<undefined>();
  const frames: MessageData[] = [];
  client.on("message", (data, isBinary) => frames.push(isBinary ? (data as Buffer) : (data as Buffer).toString()));
  client.on("close", () => {
    closed.resolve(undefined);
  });
  const [transport] = await Promise.all([accepted.promise, nextEvent(client, "open")]);
  return {
    transport,
    frames,
    closed: closed.promise,
    send: (...sent) => {
      for (const frame of sent) client.send(frame);
    },
    vanish: () => {
      client.terminate();
    },
    dispose: async () => {
      client.terminate();
      transport.terminate();
      http.close();
      await nextEvent(http, "close");
    },
  };
}
