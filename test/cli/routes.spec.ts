import { IsString } from "class-validator";
import {
  Ack,
  APP_GUARD,
  Application,
  Auth,
  Injectable,
  Module,
  Namespace,
  OnConnect,
  OnDisconnect,
  OnEvent,
  OnUnhandled,
  Payload,
  RateLimit,
  silentLogger,
  UseGuards,
  type AckCallback,
  type CanActivate,
} from "rookery";
import type { ContractJson } from "../../src/cli/routes/contract.js";
import { routeRows, type RouteRow } from "../../src/cli/routes/rows.js";

class Message {
  @IsString()
  text!: string;
}

class Credentials extends Message {}
class Edit extends Message {}

@Injectable()
class OpenGuard implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

@Injectable()
class MemberGuard extends OpenGuard {}

@Injectable()
class OwnerGuard extends OpenGuard {}

@Namespace("/rooms/:id")
@UseGuards(MemberGuard)
@RateLimit({ points: 50, per: "10s" })
class RoomGateway {
  @OnConnect()
  enter(@Auth() _auth: Credentials): void {}

  @OnDisconnect()
  leave(): void {}

  @OnEvent("say")
  @OnEvent("shout:*")
  @Ack(Message)
  @UseGuards(OwnerGuard)
  @RateLimit({ points: 5, per: 500, by: "user" })
  say(@Payload(() => [Edit]) _edits: Edit[], @Payload({ optional: true }) _note?: string): Message {
    return { text: "" };
  }

  @OnEvent("ask")
  ask(_count: number, @Ack() reply: AckCallback): void {
    reply();
  }

  @OnUnhandled()
  other(): void {}
}

@Module({ providers: [RoomGateway, { provide: APP_GUARD, useClass: OpenGuard }] })
class AppModule {}

describe("the routes of an app", () => {
  let rows: RouteRow[];

  beforeAll(async () => {
    const app = await Application.create(AppModule, { logger: silentLogger });
    rows = routeRows(JSON.parse(JSON.stringify(app.contract)) as ContractJson);
    await app.close();
  });

  it("have a row for each event of each handler and for each hook", () => {
    expect(rows.map(({ namespace, event, handler }) => [namespace, event, handler])).toEqual([
      ["/rooms/:id", "(connect)", "RoomGateway.enter"],
      ["/rooms/:id", "(disconnect)", "RoomGateway.leave"],
      ["/rooms/:id", "shout:*", "RoomGateway.say"],
      ["/rooms/:id", "say", "RoomGateway.say"],
      ["/rooms/:id", "ask", "RoomGateway.ask"],
      ["/rooms/:id", "(unhandled)", "RoomGateway.other"],
    ]);
  });

  it.each([
    ["(connect)", { takes: ["auth: Credentials"], guards: ["OpenGuard", "MemberGuard"], ack: "none" }],
    ["(disconnect)", { takes: [], guards: [], ack: "none" }],
    ["say", { takes: ["Edit[]", "string?"], guards: ["OpenGuard", "MemberGuard", "OwnerGuard"], ack: "Message" }],
    ["ask", { takes: ["number"], guards: ["OpenGuard", "MemberGuard"], ack: "callback" }],
  ])("say of %s what it takes, whom they ask, and what they answer", (event, expected) => {
    expect(rows.find((row) => row.event === event)).toMatchObject(expected);
  });

  it("say how often something may happen", () => {
    expect(rows.find(({ event }) => event === "say")?.limits).toEqual([
      "50 per 10 s by socket",
      "5 per 500 ms by user",
    ]);
  });

  it("say where a handler stands", () => {
    const { file, line } = rows.find(({ event }) => event === "ask") ?? { file: "", line: 0 };

    expect(file).toBe("test/cli/routes.spec.ts");
    expect(line).toBeGreaterThan(45);
  });
});
