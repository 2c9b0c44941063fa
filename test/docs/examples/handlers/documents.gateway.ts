// documents.gateway.ts
import { IsInt, IsString, Length, Min } from "class-validator";
import {
  Ack,
  CurrentUser,
  createParamDecorator,
  EventName,
  EventParam,
  GatewayException,
  Headers,
  Namespace,
  OnConnect,
  OnEvent,
  Param,
  ParseIntPipe,
  Payload,
  Query,
  Signal,
  Socket,
} from "rookery";

class Edit {
  @IsInt() @Min(0) line!: number;
  @IsString() @Length(0, 200) text!: string;
}

interface User {
  readonly name: string;
}

/** `@Ip()`: where the client connects from. */
export const Ip = createParamDecorator((_, { handshake }) => handshake.address);

@Namespace("/documents/:id")
export class DocumentsGateway {
  readonly #lines: string[] = [];

  @OnConnect()
  open(socket: Socket, @Param("id") id: string, @Query("name") name: string | undefined): void {
    if (name === undefined) throw new GatewayException("UNAUTHENTICATED", `Say who opens document ${id}.`);
    socket.data = { user: { name } satisfies User };
  }

  @OnEvent("edit")
  @Ack()
  edit(edit: Edit, socket: Socket, @CurrentUser() user: User): number {
    this.#lines[edit.line] = edit.text;
    socket.broadcast.emit("edited", edit, user.name);
    return this.#lines.length;
  }

  @OnEvent("insert")
  @Ack()
  insert(@Payload(() => [Edit]) edits: Edit[], @Payload({ optional: true }) note: string | undefined): string {
    for (const { line, text } of edits) this.#lines.splice(line, 0, text);
    return note ?? "no note";
  }

  @OnEvent("line:*:get", "line:*:remove")
  @Ack()
  line(@EventName() event: string, @EventParam(0, ParseIntPipe) line: number): string {
    const text = this.#lines[line];
    if (text === undefined) throw new GatewayException("NOT_FOUND", "There is no such line.", { line });
    if (event.endsWith(":remove")) this.#lines.splice(line, 1);
    return text;
  }

  @OnEvent("search")
  @Ack()
  async *search(word: string, @Signal() signal: AbortSignal): AsyncGenerator<number> {
    for (const [line, text] of this.#lines.entries()) {
      if (signal.aborted) return;
      if (text.includes(word)) yield line;
    }
  }

  @OnEvent("whoami")
  @Ack()
  whoAmI(@CurrentUser() user: User, @Ip() address: string, @Headers("user-agent") agent: string | undefined): unknown {
    return { user: user.name, address, agent };
  }
}
