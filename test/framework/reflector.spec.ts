import {
  Ack,
  APP_GUARD,
  type CanActivate,
  createParamDecorator,
  ExecutionContext,
  Injectable,
  Namespace,
  OnEvent,
  Reflector,
  SetMetadata,
} from "rookery";
import { useInMemory } from "./support/in-memory.js";

const Roles = Reflector.createDecorator<readonly string[]>();
const Public = () => SetMetadata("public", true);
/** Without a value, and without an argument: `@Role()`. */
const Role = createParamDecorator((fallback: string | undefined, { auth }) => auth.role ?? fallback);

@Injectable()
class RolesGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    if (context.kind === "connect") return this.reflector.get(Roles, context.getHandler()) === undefined;
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean>("public", targets) === true) return true;
    const roles = this.reflector.getAllAndOverride(Roles, targets);
    return roles?.includes(String(context.auth.role)) ?? true;
  }
}

@Namespace("/house")
@Roles(["owner"])
class HouseGateway {
  @OnEvent("sell")
  @Ack()
  sell(@Role() role: string): string {
    return `sold by the ${role}`;
  }

  @OnEvent("ring")
  @Ack()
  @Public()
  ring(@Role("nobody") role: string): string {
    return `rung by the ${role}`;
  }

  @OnEvent("clean")
  @Ack()
  @Roles(["owner", "cleaner"])
  clean(): string {
    return "clean";
  }
}

@Namespace("/castle")
class CastleGateway extends HouseGateway {
  override clean(): string {
    return "clean as a castle";
  }

  @OnEvent("ring")
  @Ack()
  @SetMetadata("public", false)
  override ring(): string {
    return "rung at the gate";
  }
}

describe("what is noted on handlers and gateways", () => {
  const start = useInMemory();
  const providers = [HouseGateway, CastleGateway, { provide: APP_GUARD, useClass: RolesGuard }];

  it("is read by guards: the handler's word before that of its gateway", async () => {
    const app = await start({ providers });
    const owner = await app.connect("/house", { auth: { role: "owner" } });
    const cleaner = await app.connect("/house", { auth: { role: "cleaner" } });

    await expect(owner.emitWithAck("sell")).resolves.toBe("sold by the owner");
    await expect(cleaner.emitWithAck("clean")).resolves.toBe("clean");
    await expect(cleaner.emitWithAck("ring")).resolves.toBe("rung by the cleaner");
    await expect(cleaner.emitWithAck("sell")).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  it("is kept by a method that overrides another, unless it says it anew, and by a gateway that extends one", async () => {
    const app = await start({ providers });
    const nobody = await app.connect("/castle");
    const cleaner = await app.connect("/castle", { auth: { role: "cleaner" } });

    await expect(nobody.emitWithAck("clean")).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(cleaner.emitWithAck("clean")).resolves.toBe("clean as a castle");
    await expect(nobody.emitWithAck("ring")).rejects.toMatchObject({ code: "FORBIDDEN" });
    const visitor = await app.connect("/house");
    await expect(visitor.emitWithAck("ring")).resolves.toBe("rung by the nobody");
  });
});

describe("Reflector", () => {
  const reflector = new Reflector();
  const { clean } = HouseGateway.prototype;

  it("reads one target, all of them, or the first that says something", () => {
    expect(reflector.get(Roles, clean)).toEqual(["owner", "cleaner"]);
    expect(reflector.get(Roles, undefined)).toBeUndefined();
    expect(reflector.getAll(Roles, [clean, HouseGateway, RolesGuard])).toEqual([
      ["owner", "cleaner"],
      ["owner"],
      undefined,
    ]);
    expect(reflector.getAllAndOverride("public", [clean, HouseGateway])).toBeUndefined();
  });

  it("makes decorators that do not get in each other's way, or share a key when they are given one", () => {
    const Floor = Reflector.createDecorator<number>();
    const Area = Reflector.createDecorator<number>({ key: "area" });
    @Floor(2)
    @Area(30)
    class Room {}

    expect(reflector.get(Floor, Room)).toBe(2);
    expect(reflector.get("area", Room)).toBe(30);
  });
});
