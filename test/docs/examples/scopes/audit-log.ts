// audit-log.ts
import { currentContext, Injectable, Namespace, OnConnect, OnEvent, Socket } from "rookery";

@Injectable()
export class AuditLog {
  readonly lines: string[] = [];

  /** Nobody has to hand it the call. */
  note(what: string): void {
    const context = currentContext();
    this.lines.push(`${context?.kind ?? "nobody"} ${context?.event ?? "-"}: ${what}`);
  }
}

@Namespace("/audited")
class AuditedGateway {
  constructor(private readonly log: AuditLog) {}

  @OnConnect()
  watch(socket: Socket): void {
    this.log.note("connected");
    socket.onAny(() => this.log.note("seen"));
  }

  @OnEvent("ask")
  async ask(socket: Socket): Promise<void> {
    await new Promise<void>((resolve) => {
      socket.emit("sure?", (answer: string) => {
        this.log.note(`the client says ${answer}`);
        resolve();
      });
    });
  }
}

export const auditProviders = [AuditedGateway, AuditLog];
