import "reflect-metadata";
import { Ack, Application, Module, Namespace, OnEvent, silentLogger, Timeout } from "rookery";
import { performTasks } from "../../support/remote-tasks.js";

/** What a test reaches in the process. */
export interface Closing {
  /** How many handlers run. */
  count(): number;
  /** Lets the handlers end. */
  release(): void;
}

let release: () => void = () => undefined;
const released = new Promise<void>((resolve) => {
  release = resolve;
});
let running = 0;

@Namespace()
class WorkGateway {
  @OnEvent("work")
  @Ack()
  @Timeout(0)
  async work(name: number): Promise<number> {
    running++;
    await released;
    return name;
  }
}

@Module({ providers: [WorkGateway] })
class AppModule {}

const app = await Application.create(AppModule, { logger: silentLogger, shutdown: { drainMs: 30_000 } });
app.enableShutdownHooks();
await app.listen(0, "127.0.0.1");
performTasks({ count: () => running, release: () => release() } satisfies Closing, {
  port: app.address().port,
  pid: process.pid,
});
