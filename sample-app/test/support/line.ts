import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

/** The network between a page and its server: it can be cut and mended. */
export class Line {
  readonly #server = createServer((page) => {
    this.#carry(page);
  });
  readonly #pages = new Set<Socket>();
  readonly #target: number;
  #isCut = false;

  private constructor(target: number) {
    this.#target = target;
  }

  /** A line to a port of this machine. */
  static async to(target: number): Promise<Line> {
    const line = new Line(target);
    line.#server.listen(0, "127.0.0.1");
    await once(line.#server, "listening");
    return line;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Ends all connections; new ones end as soon as they are made. */
  cut(): void {
    this.#isCut = true;
    for (const page of this.#pages) page.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #carry(page: Socket): void {
    if (this.#isCut) {
      page.destroy();
      return;
    }
    const server = connect(this.#target, "127.0.0.1");
    this.#pages.add(page);
    page.on("close", () => this.#pages.delete(page));
    for (const [one, other] of [
      [page, server],
      [server, page],
    ] as const) {
      one.pipe(other);
      one.on("error", () => undefined).on("close", () => other.destroy());
    }
  }
}
