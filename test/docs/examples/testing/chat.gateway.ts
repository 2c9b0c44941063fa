// chat.gateway.ts
import { IsString, Length } from "class-validator";
import { Ack, Auth, ConnectedSocket, CurrentUser, GatewayException, Injectable, Namespace } from "rookery";
import { OnConnect, OnDisconnect, OnEvent, RateLimit, Server, Socket } from "rookery";

class SendMessage {
  @IsString() @Length(1, 500) text!: string;
}

@Injectable()
export class Lobby {
  readonly names = new Set<string>();
}

/** Made for each connection. */
@Injectable({ scope: "connection" })
class Drafts {
  readonly lines: string[] = [];
}

@Namespace("/chat")
class ChatGateway {
  constructor(
    private readonly lobby: Lobby,
    private readonly server: Server,
  ) {}

  @OnConnect()
  async enter(socket: Socket, @Auth() auth: { readonly name?: string }): Promise<void> {
    if (auth.name === undefined) throw new GatewayException("UNAUTHENTICATED", "Tell us your name first.");
    socket.data = { user: auth.name };
    this.lobby.names.add(auth.name);
    await socket.join(["lobby", `user ${auth.name}`]);
  }

  @OnDisconnect()
  leave(socket: Socket, @CurrentUser() name: string): void {
    this.lobby.names.delete(name);
    socket.nsp.to("lobby").emit("left", name);
  }

  @OnEvent("message:send")
  @RateLimit({ points: 3, per: "10s" })
  @Ack()
  send(message: SendMessage, @ConnectedSocket() socket: Socket, @CurrentUser() from: string): void {
    socket.to("lobby").emit("message:new", { from, text: message.text });
  }

  @OnEvent("image:send")
  @Ack()
  share(image: Buffer, @ConnectedSocket() socket: Socket): number {
    socket.to("lobby").emit("image:new", image);
    return image.byteLength;
  }

  /** Asks somebody, on whichever server, and waits for the answer. */
  @OnEvent("invite")
  @Ack()
  async invite(name: string, @CurrentUser() from: string): Promise<boolean> {
    const invited = this.server.of("/chat").to(`user ${name}`).timeout(20_000);
    const answers = (await invited.emitWithAck("invited", from).catch(() => [])) as boolean[];
    if (answers.length === 0) throw new GatewayException("NO_ANSWER", `${name} does not answer.`);
    return answers.every((accepts) => accepts);
  }
}

@Namespace("/drafts")
@Injectable({ scope: "connection" })
class DraftsGateway {
  constructor(private readonly drafts: Drafts) {}

  @OnEvent("add")
  @Ack()
  add(line: string): readonly string[] {
    this.drafts.lines.push(line);
    return this.drafts.lines;
  }
}

export const chatProviders = [ChatGateway, DraftsGateway, Drafts, Lobby];
