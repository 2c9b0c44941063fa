import { IsBoolean } from "class-validator";
import { ackAs, type Socket } from "rookery";

class Decision {
  @IsBoolean() isAccepted!: boolean;
}

export async function isAccepted(offer: string, socket: Socket): Promise<boolean> {
  const decision = await socket.timeout(5_000).decode(ackAs(Decision)).emitWithAck("accept?", offer);
  return decision.isAccepted;
}
