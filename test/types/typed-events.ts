/* Compiled by `npm run types`, never run: a typed socket.io program and what its types come to. */
import { expectTypeOf } from "expect-type";
import { Server, type AckStream, type Socket } from "rookery/core";

interface ClientToServer {
  say: (text: string) => void;
  ask: (question: string, reply: (answer: number) => void) => void;
}

interface ServerToClient {
  said: (from: string, text: string) => void;
  confirm: (id: number, reply: (ok: boolean) => void) => void;
}

interface BetweenServers {
  ping: (node: string) => void;
}

interface Data {
  name: string;
}

const io = new Server<ClientToServer, ServerToClient, BetweenServers, Data>();

io.on("connection", (socket) => {
  expectTypeOf(socket).toEqualTypeOf<Socket<ClientToServer, ServerToClient, BetweenServers, Data>>();
  expectTypeOf(socket.data.name).toEqualTypeOf<string>();

  socket.on("say", (text) => {
    expectTypeOf(text).toEqualTypeOf<string>();
  });
  socket.on("ask", (question, reply) => {
    expectTypeOf(question).toEqualTypeOf<string>();
    expectTypeOf(reply).toEqualTypeOf<(answer: number) => void>();
  });
  socket.on("disconnect", (reason) => {
    expectTypeOf(reason).extract<"ping timeout">().toEqualTypeOf<"ping timeout">();
  });

  socket.emit("said", "ann", "hi");
  // @ts-expect-error -- the second argument is missing
  socket.emit("said", "ann");
  // @ts-expect-error -- no such event
  socket.emit("shout", "ann");

  socket.timeout(100).emit("confirm", 1, (error, ok) => {
    expectTypeOf(error).toEqualTypeOf<Error>();
    expectTypeOf(ok).toEqualTypeOf<boolean>();
  });
  expectTypeOf(socket.emitWithAck("confirm", 1)).toEqualTypeOf<AckStream<boolean>>();
  expectTypeOf(socket.timeout(100).emitWithAck("confirm", 1)).toEqualTypeOf<AckStream<boolean>>();
  // @ts-expect-error -- this event has no acknowledgement
  void socket.emitWithAck("said", "ann", "hi");

  io.to("lobby")
    .timeout(100)
    .emit("confirm", 1, (error, answers) => {
      expectTypeOf(error).toEqualTypeOf<Error>();
      expectTypeOf(answers).toEqualTypeOf<boolean[]>();
    });
  expectTypeOf(io.timeout(100).emitWithAck("confirm", 1)).toEqualTypeOf<AckStream<boolean[], boolean>>();
  expectTypeOf(io.emitWithAck("confirm", 1)).toEqualTypeOf<AckStream<boolean[], boolean>>();
});

const untyped = new Server();
untyped.on("connection", (socket) => {
  socket.on("anything", (...args) => {
    expectTypeOf(args[0]).toBeAny();
  });
  socket.emit("whatever", 1, "two", { three: [] });
});
