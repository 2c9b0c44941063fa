import type * as Rookery from "rookery";
import { importBuilt } from "./built-package.js";
import { commonOptions, type Peer } from "./peer.js";

const { Ack, Application, ConnectedSocket, Module, Namespace, OnEvent } = await importBuilt<typeof Rookery>("index.js");

@Namespace("/")
class BenchGateway {
  @OnEvent("echo")
  @Ack()
  echo(value: unknown): unknown {
    return value;
  }

  @OnEvent("broadcast")
  broadcast(value: unknown, @ConnectedSocket() socket: Rookery.Socket): void {
    socket.nsp.emit("news", value);
  }
}

@Module({ providers: [BenchGateway] })
class BenchModule {}

/** The framework: a decorated gateway, called through the whole pipeline. */
export const peer: Peer = {
  async start() {
    const app = await Application.create(BenchModule, commonOptions);
    await app.listen(0, "127.0.0.1");
    return app.address().port;
  },
};
