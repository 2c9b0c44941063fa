/* Compiled by `npm run types`, never run: socket.io's helper types and what the generics come to at each place. */
import { expectTypeOf } from "expect-type";
import {
  Server,
  type AckStream,
  type BroadcastOperator,
  type DecorateAcknowledgements,
  type DecorateAcknowledgementsWithMultipleResponses,
  type DecorateAcknowledgementsWithTimeoutAndMultipleResponses,
  type DefaultEventsMap,
  type DisconnectReason,
  type Event,
  type EventNamesWithAck,
  type FirstNonErrorArg,
  type Last,
  type Namespace,
  type RemoteSocket,
  type RemoveAcknowledgements,
  type Socket,
} from "rookery/core";

interface Listen {
  say: (text: string) => void;
  ask: (question: string, reply: (answer: number) => void) => void;
}

interface Emit {
  said: (from: string, text: string) => void;
  confirm: (id: number, reply: (ok: boolean, reason: string) => void) => void;
}

interface BetweenServers {
  note: (node: string) => void;
  count: (room: string, reply: (error: Error, count: number) => void) => void;
}

interface Data {
  name: string;
}

type Program = Server<Listen, Emit, BetweenServers, Data>;

/* The helper types. */

expectTypeOf<EventNamesWithAck<Emit>>().toEqualTypeOf<"confirm">();
expectTypeOf<FirstNonErrorArg<(error: Error, count: number) => void>>().toEqualTypeOf<number>();
expectTypeOf<FirstNonErrorArg<(count: number) => void>>().toEqualTypeOf<number>();
expectTypeOf<Last<[string, number]>>().toEqualTypeOf<number>();

expectTypeOf<Parameters<DecorateAcknowledgements<Emit>["confirm"]>>().toEqualTypeOf<
  [number, (error: Error, ok: boolean, reason: string) => void]
>();
expectTypeOf<Parameters<DecorateAcknowledgementsWithMultipleResponses<Emit>["confirm"]>>().toEqualTypeOf<
  [number, (responses: boolean[]) => void]
>();
expectTypeOf<Parameters<DecorateAcknowledgementsWithTimeoutAndMultipleResponses<Emit>["confirm"]>>().toEqualTypeOf<
  [number, (error: Error, responses: boolean[]) => void]
>();
expectTypeOf<Parameters<RemoveAcknowledgements<Emit>["confirm"]>>().toEqualTypeOf<[number]>();
expectTypeOf<Parameters<DecorateAcknowledgements<Emit>["said"]>>().toEqualTypeOf<[string, string]>();

/* The four generics. */

const io: Program = new Server(3_000, { pingInterval: 10_000 });

expectTypeOf(io.of("/x")).toEqualTypeOf<Namespace<Listen, Emit, BetweenServers, Data>>();
expectTypeOf(io.sockets).toEqualTypeOf<Namespace<Listen, Emit, BetweenServers, Data>>();
expectTypeOf(io.fetchSockets()).resolves.toEqualTypeOf<RemoteSocket<Emit, Data>[]>();
expectTypeOf(io.to("a").except("b").volatile.local).toEqualTypeOf<BroadcastOperator<Emit, Data>>();

io.use((socket, next) => {
  expectTypeOf(socket).toEqualTypeOf<Socket<Listen, Emit, BetweenServers, Data>>();
  expectTypeOf(socket.handshake.auth.token).toBeAny();
  next();
});

io.on("connection", (socket) => {
  expectTypeOf(socket.data).toEqualTypeOf<Data>();
  socket.use((event: Event, next) => {
    expectTypeOf(event[0]).toEqualTypeOf<string>();
    next();
  });
  socket.on("disconnecting", (reason) => {
    expectTypeOf(reason).toEqualTypeOf<DisconnectReason>();
  });
  socket.onAny((event: string, ...args) => {
    expectTypeOf(event).toEqualTypeOf<string>();
    expectTypeOf(args).toBeArray();
  });
  // @ts-expect-error -- the client emits no such event
  socket.on("shout", () => undefined);
  // @ts-expect-error -- the text is no number
  socket.on("say", (text: number) => text);

  socket.emit("confirm", 1, (ok, reason) => {
    expectTypeOf(ok).toEqualTypeOf<boolean>();
    expectTypeOf(reason).toEqualTypeOf<string>();
  });
  socket.broadcast.emit("said", "ann", "hi");
  // @ts-expect-error -- the text is missing
  socket.to("a").emit("said", "ann");
  expectTypeOf(socket.timeout(1).emitWithAck("confirm", 1)).toEqualTypeOf<AckStream<boolean>>();
});

/* Acknowledgements of broadcasts, and servers among themselves. */

io.timeout(1).emit("confirm", 1, (error, responses) => {
  expectTypeOf(error).toEqualTypeOf<Error>();
  expectTypeOf(responses).toEqualTypeOf<boolean[]>();
});

io.on("note", (node) => {
  expectTypeOf(node).toEqualTypeOf<string>();
});
io.serverSideEmit("note", "a");
// @ts-expect-error -- no such event between servers
io.serverSideEmit("say", "a");
expectTypeOf(io.serverSideEmitWithAck("count", "a")).resolves.toEqualTypeOf<number[]>();

/* Undeclared: anything goes, as in socket.io. */

const untyped = new Server<DefaultEventsMap>();
untyped.emit("whatever", { 1: 2 });
untyped.on("connection", (socket) => {
  expectTypeOf(socket.data.anything).toBeAny();
});
