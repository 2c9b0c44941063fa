// clock.service.ts
import { Injectable, Server, type OnApplicationBootstrap, type OnModuleDestroy } from "rookery";

@Injectable()
export class ClockService implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly server: Server) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => this.server.emit("time", Date.now()), 1_000);
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }
}
