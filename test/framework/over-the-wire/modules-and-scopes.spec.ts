import {
  Ack,
  APP_GUARD,
  type CanActivate,
  currentContext,
  type DynamicModule,
  type ExecutionContext,
  Inject,
  Injectable,
  Module,
  Namespace,
  OnConnect,
  OnEvent,
  Socket,
} from "rookery";
import { nextEvent } from "../../support/waiting.js";
import { ask, useApplications } from "../support/applications.js";

@Injectable({ scope: "connection" })
class Basket {
  readonly items: string[] = [];

  constructor(readonly socket: Socket) {}
}

class WordsModule {
  /** Its one provider is made asynchronously. */
  static forRoot(word: string): DynamicModule {
    const provider = { provide: "word", useFactory: async () => Promise.resolve(word) };
    return { module: WordsModule, providers: [provider], exports: ["word"] };
  }
}

class KnowsTheWord implements CanActivate {
  constructor(@Inject("word") private readonly word: string) {}

  canActivate({ kind, auth }: ExecutionContext): boolean {
    return kind !== "connect" || auth.word === this.word;
  }
}

@Namespace("/shop")
@Injectable({ scope: "connection" })
class ShopGateway {
  constructor(
    private readonly basket: Basket,
    @Inject("word") private readonly word: string,
  ) {}

  @OnConnect()
  fill(): void {
    this.basket.items.push("gift");
  }

  @OnEvent("add")
  @Ack()
  add(item: string): unknown {
    this.basket.items.push(item);
    return [this.word, this.basket.items, this.basket.socket.nsp.name];
  }

  @OnEvent("remind")
  remind(): void {
    setTimeout(() => {
      const { socket, event } = currentContext() as ExecutionContext;
      socket.emit("reminded", event);
    }, 1);
  }
}

@Module({
  imports: [WordsModule.forRoot("sesame")],
  providers: [ShopGateway, Basket, { provide: APP_GUARD, useClass: KnowsTheWord }],
})
class ShopModule {}

describe("modules and scopes, over a real socket", () => {
  const run = useApplications();

  it("guard by what a dynamic module's async factory made, and give each connection instances of its own", async () => {
    const shop = await run({ imports: [ShopModule] });
    const ann = await shop.connect("/shop", { word: "sesame" });
    const bob = await shop.connect("/shop", { word: "sesame" });

    expect(await ask(ann, "add", "tea")).toEqual(["sesame", ["gift", "tea"], "/shop"]);
    expect(await ask(bob, "add", "milk")).toEqual(["sesame", ["gift", "milk"], "/shop"]);
    expect(await shop.refused("/shop", { word: "parsley" })).toMatchObject({ data: { code: "FORBIDDEN" } });
  });

  it("know in a timer which call it belongs to", async () => {
    const shop = await run({ imports: [ShopModule] }, { asyncContext: true });
    const ann = await shop.connect("/shop", { word: "sesame" });
    const reminded = nextEvent(ann, "reminded");
    ann.emit("remind");

    expect(await reminded).toEqual(["remind"]);
  });
});
