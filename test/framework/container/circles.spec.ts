import {
  Ack,
  Application,
  forwardRef,
  GatewayError,
  Inject,
  Injectable,
  Module,
  Namespace,
  OnEvent,
  type ModuleMetadata,
  type OnModuleInit,
} from "rookery";
import { Test } from "rookery/testing";
import { moduleOf } from "../support/applications.js";

async function refusal(metadata: ModuleMetadata): Promise<GatewayError> {
  const error: unknown = await Application.create(moduleOf(metadata)).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!GatewayError.is(error)) throw error;
  return error;
}

interface Greeter {
  greet(): string;
}

describe("providers that need each other", () => {
  @Injectable()
  class Hen implements Greeter, OnModuleInit {
    readonly #name = "hen";
    greeting = "";

    constructor(@Inject(forwardRef(() => Egg)) readonly egg: Greeter) {}

    onModuleInit(): void {
      this.greeting = this.egg.greet();
    }

    greet(): string {
      return this.#name;
    }
  }

  @Injectable()
  class Egg implements Greeter {
    readonly #name = "egg";
    readonly #hen: Greeter;

    constructor(@Inject(forwardRef(() => Hen)) readonly hen: Greeter) {
      this.#hen = hen;
    }

    greet(): string {
      return `${this.#name} of ${this.#hen.greet()}`;
    }
  }

  it("have each other by forwardRef, the very instances, when onModuleInit runs", async () => {
    const app = await Application.create(moduleOf({ providers: [Hen, Egg] }));
    await app.init();
    expect(app.get(Hen).egg).toBe(app.get(Egg));
    expect(app.get(Egg).hen).toBe(app.get(Hen));
    expect(app.get(Hen).greeting).toBe("egg of hen");
    expect(app.get(Egg).greet()).toBe("egg of hen");
  });

  it("have each other when one side alone says forwardRef, or by properties and factories", async () => {
    @Injectable()
    class Driver {
      @Inject("car") readonly car!: { readonly driver: Driver };
    }

    const car = {
      provide: "car",
      useFactory: async (driver: Driver) => Promise.resolve({ driver }),
      inject: [forwardRef(() => Driver)],
    };
    const app = await Application.create(moduleOf({ providers: [Driver, car] }));
    expect(app.get(Driver).car.driver).toBe(app.get(Driver));
  });

  it("have each other within a connection", async () => {
    @Injectable({ scope: "connection" })
    class Left {
      constructor(@Inject(forwardRef(() => Right)) readonly right: object) {}
    }

    @Injectable({ scope: "connection" })
    class Right {
      @Inject(forwardRef(() => Left)) readonly left!: Left;
    }

    @Namespace()
    @Injectable({ scope: "connection" })
    class PairGateway {
      constructor(
        readonly right: Right,
        readonly left: Left,
      ) {}

      @OnEvent("ask")
      @Ack()
      ask(): boolean {
        return this.right.left === this.left && this.left.right === this.right;
      }
    }

    const app = await Test.createTestingModule({ providers: [PairGateway, Left, Right] }).compile();
    expect(await (await app.connect()).emitWithAck("ask")).toBe(true);
    await app.close();
  });

  it("cannot use each other in their constructors", async () => {
    @Injectable()
    class Hasty {
      constructor(@Inject(forwardRef(() => Slow)) slow: Greeter) {
        slow.greet();
      }
    }

    @Injectable()
    class Slow {
      constructor(readonly hasty: Hasty) {}
    }

    const error = await refusal({ providers: [Hasty, Slow] });
    expect(error.code).toBe("GATEWAY_FORWARD_REF_EARLY");
    expect(error.message).toBe("Hasty uses Slow, which forwardRef promised it, before Slow has been made");
  });

  it("are refused without forwardRef, and told how to mend it", async () => {
    const providers = [
      { provide: "egg", useFactory: () => 1, inject: ["hen"] },
      { provide: "hen", useFactory: () => 1, inject: ["egg"] },
    ];
    const error = await refusal({ providers });
    expect(error.message).toBe('providers need each other: "egg" > "hen" > "egg"');
    expect(error.mend).toMatch(/^Name one of them by @Inject\(forwardRef\(\(\) => Other\)\)/);
  });

  it("are refused when all of them are transient: there would be no end of them", async () => {
    const providers = [
      { provide: "egg", useFactory: () => 1, inject: [forwardRef(() => "hen")], scope: "transient" as const },
      { provide: "hen", useFactory: () => 1, inject: ["egg"], scope: "transient" as const },
    ];
    expect((await refusal({ providers })).code).toBe("GATEWAY_CIRCULAR_PROVIDERS");
  });

  it("may be handed on by a factory before they are made", async () => {
    @Injectable()
    class Target {
      constructor(@Inject("same") readonly same: object) {}

      greet(): string {
        return "target";
      }
    }

    const same = {
      provide: "same",
      useFactory: async (target: Target) => Promise.resolve(target),
      inject: [forwardRef(() => Target)],
    };
    const app = await Application.create(moduleOf({ providers: [same, Target] }));
    expect(app.get<Target>("same").greet()).toBe("target");
  });

  it("may be named by forwardRef without a circle", async () => {
    @Injectable()
    class Early {
      readonly greeting: string;

      constructor(@Inject(forwardRef(() => Late)) late: Greeter) {
        this.greeting = late.greet();
      }
    }

    @Injectable()
    class Late implements Greeter {
      greet(): string {
        return "late";
      }
    }

    const app = await Application.create(moduleOf({ providers: [Early, Late] }));
    expect(app.get(Early).greeting).toBe("late");
  });
});

describe("a placeholder", () => {
  it("is in every way what it stands for, where nobody can put the instance in its place", async () => {
    class Holder {
      readonly #other: { count: number } & Greeter;

      constructor(other: { count: number } & Greeter) {
        this.#other = other;
      }

      look(): unknown[] {
        const other = this.#other;
        other.count++;
        return [other instanceof Other, other.count, "count" in other, Object.keys(other), other.greet()];
      }
    }

    @Injectable()
    class Other implements Greeter {
      count = 1;
      readonly #secret = "secret";

      constructor(@Inject("holder") readonly holder: Holder) {}

      greet(): string {
        return this.#secret;
      }
    }

    const holder = {
      provide: "holder",
      useFactory: (other: Other) => new Holder(other),
      inject: [forwardRef(() => Other)],
    };
    const app = await Application.create(moduleOf({ providers: [Other, holder] }));
    expect(app.get<Holder>("holder").look()).toEqual([true, 2, true, ["holder", "count"], "secret"]);
    expect(app.get(Other).count).toBe(2);
  });
});

describe("modules that import each other", () => {
  it("see each other's exports by forwardRef, when one side says it", async () => {
    @Injectable()
    class User {
      constructor(@Inject(forwardRef(() => Post)) readonly post: object) {}
    }

    @Injectable()
    class Post {
      constructor(readonly user: User) {}
    }

    @Module({ imports: [forwardRef(() => PostModule)], providers: [User], exports: [User] })
    class UserModule {}

    @Module({ imports: [UserModule], providers: [Post], exports: [Post, UserModule] })
    class PostModule {}

    for (const root of [UserModule, PostModule, moduleOf({ imports: [PostModule, UserModule] })]) {
      const app = await Application.create(root);
      expect(app.get(User).post).toBe(app.get(Post));
      expect(app.get(Post).user).toBe(app.get(User));
    }
  });

  it("are refused without it, and told how to mend it", async () => {
    const imports: never[] = [];
    @Module({ imports })
    class First {}
    @Module({ imports: [First] })
    class Second {}
    imports.push(Second as never);
    const error = await refusal({ imports: [First] });
    expect(error.message).toMatch(/: First \(test\/.*:\d+\) > Second \(test\/.*:\d+\) > First$/);
    expect(error.mend).toMatch(/^Name one of them by forwardRef/);
  });
});
