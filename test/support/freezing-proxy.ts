import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/** A TCP proxy that can stop passing bytes on without closing anything, as a network does that loses its route. */
export class FreezingProxy {
  readonly #server: Server;
  readonly #sockets: Socket[] = [];
  #frozen = false;

  private constructor(targetPort: number) {
    this.#server = createServer((near) => {
      const far = connect(targetPort, "127.0.0.1");
      this.#join(near, far);
      this.#join(far, near);
    });
  }

  static async open(targetPort: number): Promise<FreezingProxy> {
    const proxy = new FreezingProxy(targetPort);
    await new Promise<void>((resolve) => {
      proxy.#server.listen(0, "127.0.0.1", resolve);
    });
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  freeze(): void {
    this.#frozen = true;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.push(from);
    from.on("data", (bytes) => {
      if (!this.#frozen) to.write(bytes);
    });
    from.on("close", () => {
      if (!this.#frozen) to.destroy();
    });
    from.on("error", () => to.destroy());
  }
}
