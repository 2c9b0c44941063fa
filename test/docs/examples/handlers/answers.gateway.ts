// answers.gateway.ts
import { Ack, type AckCallback, GatewayException, Namespace, OnEvent } from "rookery";

@Namespace("/answers")
export class AnswersGateway {
  @OnEvent("value")
  @Ack()
  value(): unknown {
    return { ok: 1 };
  }

  @OnEvent("done")
  done(): void {
    // Without @Ack() the client only learns that it is done.
  }

  @OnEvent("callback")
  callback(question: string, @Ack() reply: AckCallback): void {
    reply("first", question.length);
  }

  @OnEvent("refused")
  @Ack()
  refused(): never {
    throw new GatewayException("TOO_LATE", "The vote has ended.", { endedAt: "noon" });
  }

  @OnEvent("broken")
  @Ack()
  broken(): never {
    throw new Error("connect ECONNREFUSED 10.0.0.7:5432");
  }

  @OnEvent("envelope")
  @Ack({ format: "envelope" })
  envelope(): number {
    return 7;
  }

  @OnEvent("node")
  @Ack({ format: "node" })
  node(): number {
    return 7;
  }
}
