import type { Server, Socket } from "socket.io";
import { servesOrders } from "./peer.js";

type Ack = (answer: unknown) => void;

// Named when it is needed: it loads the validation library.
const order = servesOrders ? (await import("./program-orders.js")).order : undefined;

/** The program of those peers that are socket.io, or take its place. */
export function serve(io: Server): void {
  io.on("connection", (socket) => {
    socket.on("echo", echo);
    socket.on("broadcast", broadcast);
    socket.on("join", join);
    socket.on("room", emitToRoom);
    if (order !== undefined) socket.on("order", order);
  });
}

/*
 * Shared by all sockets, which are `this`: what a connection takes is then the server's doing, not this program's.
 */

function echo(value: unknown, ack: Ack): void {
  ack(value);
}

function broadcast(this: Socket, value: unknown, times: number): void {
  for (let time = 0; time < times; time++) this.nsp.emit("news", value);
}

async function join(this: Socket, rooms: string[], ack: Ack): Promise<void> {
  await this.join(rooms);
  ack("joined");
}

function emitToRoom(this: Socket, room: string, value: unknown): void {
  this.nsp.to(room).emit("news", value);
}
