/* Compiled by `npm run types`, never run: programs written for socket.io's types, and what they rely on. */
import type { IncomingMessage } from "node:http";
import { expectTypeOf } from "expect-type";
import express from "express";
import {
  Server,
  type AckStream,
  type ExtendedError,
  type FirstNonErrorArg,
  type Namespace,
  type ParentNamespace,
  type ServerOptions,
  type Socket,
} from "rookery/core";
import * as msgpack from "socket.io-msgpack-parser";

declare module "http" {
  interface IncomingMessage {
    session?: { user: string };
  }
}

interface Listen {
  say: (text: string) => void;
}

interface Emit {
  said: (text: string) => void;
  left: () => void;
  page: (number?: number) => void;
  confirm: (id: number, reply: (ok: boolean, reason: string) => void) => void;
  whoAmI: (reply: (user: { name: string }) => void) => void;
  look: (reply: (anything: unknown, comment: string) => void) => void;
  save: (text: string, reply: (error: Error, id: number) => void) => void;
}

interface BetweenServers {
  note: (node: string) => void;
  left: () => void;
  count: (room: string, reply: (count: number) => void) => void;
  load: (reply: (error: Error, load: number) => void) => void;
}

interface Data {
  user: { id: string };
  visits: number;
}

const io = new Server<Listen, Emit, BetweenServers, Data>();

/* Sockets. */

io.on("connection", (socket) => {
  expectTypeOf(socket.data).toEqualTypeOf<Data>();
  expectTypeOf(socket.request).toExtend<IncomingMessage>();
  expectTypeOf(socket.request.session).toEqualTypeOf<{ user: string } | undefined>();
  expectTypeOf(socket.conn.request.session?.user).toEqualTypeOf<string | undefined>();
  socket.on("disconnect", (_reason, description) => {
    expectTypeOf(description).toBeAny();
  });

  socket
    .timeout(1)
    .timeout(2)
    .emit("confirm", 1, (error, ok, reason) => {
      expectTypeOf(error).toEqualTypeOf<Error>();
      expectTypeOf([ok, reason] as const).toEqualTypeOf<readonly [boolean, string]>();
    });
  socket.timeout(1).emit("save", "", (error, id) => {
    expectTypeOf(error).toEqualTypeOf<Error>();
    expectTypeOf(id).toEqualTypeOf<number>();
  });
  expectTypeOf(socket.emitWithAck("whoAmI")).resolves.toEqualTypeOf<{ name: string }>();
  expectTypeOf(socket.emitWithAck("look")).resolves.toBeUnknown();
  expectTypeOf(socket.emitWithAck("save", "")).resolves.toEqualTypeOf<number>();
  expectTypeOf(socket.emitWithAck("whoAmI")).toExtend<Promise<{ name: string }>>();
  // @ts-expect-error -- there is nothing to acknowledge with
  void socket.emitWithAck("left");
  // @ts-expect-error -- nor here
  void socket.emitWithAck("page");
});

expectTypeOf<FirstNonErrorArg<(value: { name: string }) => void>>().toEqualTypeOf<{ name: string }>();
expectTypeOf<FirstNonErrorArg<(value?: number) => void>>().toEqualTypeOf<number | undefined>();

/* Broadcasts: the callback gets an error and one response per client, with `timeout()` and without. */

for (const broadcast of [io.to("a"), io.timeout(1), io.timeout(1).timeout(2), io.of("/x").volatile.timeout(1)]) {
  broadcast.emit("confirm", 1, (error, responses) => {
    expectTypeOf(error).toEqualTypeOf<Error>();
    expectTypeOf(responses).toEqualTypeOf<boolean[]>();
  });
  broadcast.emit("save", "", (error, responses) => {
    expectTypeOf(error).toEqualTypeOf<Error>();
    expectTypeOf(responses).toEqualTypeOf<number[]>();
  });
  expectTypeOf(broadcast.emitWithAck("confirm", 1)).toEqualTypeOf<AckStream<boolean[], boolean>>();
  // @ts-expect-error -- there is nothing to acknowledge with
  void broadcast.emitWithAck("left");
}
io.emit("confirm", 1, (error, responses) => {
  expectTypeOf(error).toEqualTypeOf<Error>();
  expectTypeOf(responses).toEqualTypeOf<boolean[]>();
});
void io.fetchSockets().then(([remote]) => {
  expectTypeOf(remote?.data).toEqualTypeOf<Data | undefined>();
  remote?.emit("confirm", 1, (error, ok) => {
    expectTypeOf(error).toEqualTypeOf<Error>();
    expectTypeOf(ok).toEqualTypeOf<boolean>();
  });
  expectTypeOf(remote?.timeout(1).emitWithAck("confirm", 1)).toEqualTypeOf<AckStream<boolean> | undefined>();
});

/* Servers among themselves. */

io.serverSideEmit("count", "a", (error, counts) => {
  expectTypeOf(error).toEqualTypeOf<Error>();
  expectTypeOf(counts).toEqualTypeOf<number[]>();
});
io.of("/x").serverSideEmit("load", (error, loads) => {
  expectTypeOf(error).toEqualTypeOf<Error>();
  expectTypeOf(loads).toEqualTypeOf<number[]>();
});
expectTypeOf(io.serverSideEmitWithAck("load")).resolves.toEqualTypeOf<number[]>();
// @ts-expect-error -- there is nothing to answer with
void io.serverSideEmitWithAck("left");
// @ts-expect-error -- what clients send is heard by sockets
io.on("say", () => undefined);
// @ts-expect-error -- nor by namespaces
io.of("/x").on("say", () => undefined);

/* The server. */

io.use((_socket, next) => {
  const refusal: ExtendedError = new Error("no");
  refusal.data = { retry: false };
  next(refusal);
});
io.of((name, auth, next) => {
  expectTypeOf(auth.token).toBeAny();
  next(null, name === "/a");
});
expectTypeOf(io.of(/^\/a/)).toEqualTypeOf<ParentNamespace<Listen, Emit, BetweenServers, Data>>();
expectTypeOf(io.of("/a" as string | RegExp)).toEqualTypeOf<Namespace<Listen, Emit, BetweenServers, Data>>();
io.engine.on("initial_headers", (headers, request) => {
  expectTypeOf(headers).toBeAny();
  expectTypeOf(request).toBeAny();
});
io.engine.use(express.json());
io.engine.use((request, _response, next) => {
  expectTypeOf(request).toEqualTypeOf<IncomingMessage>();
  next();
});
io.httpServer.listen(3_000);

const options: Partial<ServerOptions> = { parser: msgpack };
new Server(undefined, options).on("connection", (socket: Socket) => socket.id);
