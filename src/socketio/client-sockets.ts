import type { Socket } from "./socket.js";

/**
 * The sockets of one connection by namespace. Nearly all connections have one, and that one costs no map (bench scenario
 * memory).
 */
export class ClientSockets {
  #first: Socket | undefined;
  #others: Map<string, Socket> | undefined;

  get size(): number {
    return (this.#first === undefined ? 0 : 1) + (this.#others?.size ?? 0);
  }

  get(namespace: string): Socket | undefined {
    return this.#first?.nsp.name === namespace ? this.#first : this.#others?.get(namespace);
  }

  add(socket: Socket): void {
    if (this.#first === undefined && this.#others === undefined) this.#first = socket;
    else (this.#others ??= new Map()).set(socket.nsp.name, socket);
  }

  remove(socket: Socket): void {
    if (this.#first === socket) this.#first = undefined;
    else if (this.#others?.get(socket.nsp.name) === socket) this.#others.delete(socket.nsp.name);
  }

  /** Those that are there now, in the order in which they came: sockets that leave meanwhile do not disturb. */
  list(): Socket[] {
    const others = this.#others?.values() ?? [];
    return this.#first === undefined ? [...others] : [this.#first, ...others];
  }
}
