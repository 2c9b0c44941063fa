// news.gateway.ts
import { Ack, Namespace, OnConnect, OnEvent, Socket } from "rookery";

@Namespace("/news")
export class NewsGateway {
  readonly #headlines = ["Rooks are back in town"];

  @OnConnect()
  brief(socket: Socket): void {
    socket.emit("headlines", this.#headlines);
  }

  @OnEvent("publish")
  @Ack()
  publish(headline: string, socket: Socket): number {
    socket.nsp.emit("headline", headline);
    return this.#headlines.push(headline);
  }
}
