// admin.gateway.ts
import { IsBoolean } from "class-validator";
import { Ack, ackAs, GatewayException, Namespace, OnEvent, Socket } from "rookery";

class Decision {
  @IsBoolean() isSure!: boolean;
}

@Namespace("/admin")
export class AdminGateway {
  @OnEvent("add")
  @Ack()
  add(a: number, b: number): number {
    return a + b;
  }

  @OnEvent("restart")
  @Ack()
  async restart(service: string, socket: Socket): Promise<string> {
    const asking = socket.timeout(2_000).decode(ackAs(Decision));
    const { isSure } = await asking.emitWithAck("sure?", `Restart ${service}?`);
    if (!isSure) throw new GatewayException("CANCELLED", `${service} runs on.`);
    return `${service} has been restarted`;
  }

  @OnEvent("vote")
  @Ack()
  async vote(question: string, socket: Socket): Promise<string> {
    const votes: unknown[] = await socket.broadcast.timeout(2_000).emitWithAck("vote?", question);
    return `${votes.filter((vote) => vote === "yes").length} of ${votes.length} say yes`;
  }
}
