import { GatewayException, type ValidationIssue } from "rookery";
import { Expose, Transform, Type } from "class-transformer";
import {
  Allow,
  IsArray,
  IsBoolean,
  IsDefined,
  IsInt,
  IsNotEmptyObject,
  IsObject,
  IsOptional,
  IsString,
  Min,
  registerDecorator,
  useContainer,
  Validate,
  ValidateIf,
  ValidateNested,
  type ValidationArguments,
  ValidatorConstraint,
} from "class-validator";
import { dtoValidator } from "../../../src/framework/validation/dto-validator.js";
import type { ValidationOptions } from "../../../src/framework/validation/options.js";

class Attachment {
  @IsOptional() @IsString() name?: string;
}

class Item {
  @IsInt() @Min(1) qty!: number;
}

class Tag {
  @IsString() text!: string;
}

class Order {
  @IsString() id!: string;
  @IsArray() @ValidateNested({ each: true }) @Type(() => Item) items!: Item[];
  @IsOptional() @ValidateNested() @Type(() => Attachment) attachment?: Attachment;
  @IsOptional() @ValidateNested({ each: true }) @Type(() => Tag) tags?: Map<string, Tag>;
}

class PremiumOrder extends Order {
  @IsBoolean() express!: boolean;
}

@ValidatorConstraint({ async: true })
class IsFree {
  async validate(value: unknown): Promise<boolean> {
    return Promise.resolve(value !== "taken");
  }

  defaultMessage({ property }: ValidationArguments): string {
    return `${property} is taken`;
  }
}

class Signup {
  @Validate(IsFree) name!: string;
  @ValidateIf((signup: Signup) => signup.name !== "guest") @IsString() password!: string;
  @Transform(({ value }: { value: string }) => value.trim()) @Allow() note?: string;
}

class Salaried {
  @Expose({ groups: ["staff"] }) @IsInt() salary!: number;
}

class Pet {
  @IsString() name!: string;
}

class Cat extends Pet {}

class Owner {
  @ValidateNested()
  @Type(() => Pet, { discriminator: { property: "kind", subTypes: [{ name: "cat", value: Cat }] } })
  pet!: Pet;
}

class Holder {
  @IsNotEmptyObject() @ValidateNested() @Type(() => Attachment) held!: Attachment;
}

class Binary {
  @Allow() @Type(() => Buffer) data!: Buffer;
}

class Implicit {
  @Allow() data!: Buffer;
}

class Holding {
  @ValidateNested() inner!: Implicit;
}

class TrimmedBinary extends Binary {
  @Transform(({ value }: { value: unknown }) => value) @Allow() note?: unknown;
}

class Loose {
  @IsObject() @IsDefined() meta!: Record<string, unknown>;
}

class Listed {
  @IsArray() list!: unknown[];
}

class Tree {
  @ValidateNested({ each: true }) @Type(() => Tree) list!: Tree[];
}

class Grouped {
  @IsString({ groups: ["strict"] }) name!: unknown;
  @IsInt({ always: true }) age!: number;
}

const valid = { id: "a", items: [{ qty: 1 }] };

/** What comes out: the instance, or the issues. */
async function check(type: new () => object, value: unknown, options: ValidationOptions = {}): Promise<unknown> {
  const validator = dtoValidator({ type, isArray: false, argument: undefined, where: "a test" }, options);
  try {
    return await validator.validate(value);
  } catch (error) {
    return issuesOf(error);
  }
}

function issuesOf(error: unknown): readonly ValidationIssue[] {
  if (!GatewayException.is(error) || error.code !== "VALIDATION_FAILED") throw error;
  return error.details as readonly ValidationIssue[];
}

describe("a DTO validator", () => {
  it("makes an instance, nested ones too", async () => {
    const order = (await check(Order, { ...valid, attachment: { name: "x" } })) as Order;
    expect(order).toBeInstanceOf(Order);
    expect(order.items[0]).toBeInstanceOf(Item);
    expect(order.attachment).toBeInstanceOf(Attachment);
  });

  it("takes away what has no rule, at every depth", async () => {
    const order = await check(Order, { ...valid, admin: true, items: [{ qty: 1, price: 0 }] });
    expect(order).toEqual(Object.assign(new Order(), { id: "a", items: [Object.assign(new Item(), { qty: 1 })] }));
  });

  it("refuses what has no rule when told to, and keeps it when told so", async () => {
    expect(await check(Order, { ...valid, admin: true }, { forbidNonWhitelisted: true })).toEqual([
      { path: "admin", constraints: { whitelistValidation: "property admin should not exist" } },
    ]);
    expect(await check(Order, { ...valid, admin: true }, { whitelist: false })).toMatchObject({ admin: true });
  });

  it("hands out a plain object of what it checked when told not to transform", async () => {
    const order = await check(Order, { ...valid, admin: true }, { transform: false });
    expect(order).toEqual(valid);
    expect(order).not.toBeInstanceOf(Order);
  });

  it("writes the plain object by the options that made the instance, and only of what is valid", async () => {
    const plainly = { transform: false, transformOptions: { groups: ["staff"] } };
    expect(await check(Salaried, { salary: 5 }, plainly)).toEqual({ salary: 5 });
    const untransformed = { transform: false };
    const refused = [{ path: "pet.name", constraints: { isString: "name must be a string" } }];
    expect(await check(Owner, { pet: { kind: "ghost", name: 5 } }, untransformed)).toEqual(refused);
    const unreadable = [{ path: "", constraints: { transform: "cannot be read" } }];
    expect(await check(Owner, { pet: { kind: "ghost", name: "a" } }, untransformed)).toEqual(unreadable);
    expect(await check(Owner, { pet: { kind: "cat", name: "a" } }, untransformed)).toEqual({
      pet: { kind: "cat", name: "a" },
    });
  });

  it("shows a nested object whole to the rules of its property, and takes away what has no rule after them", async () => {
    expect(await check(Holder, { held: { unknown: 1 } })).toEqual(
      Object.assign(new Holder(), { held: new Attachment() }),
    );
    expect(await check(Holder, { held: {} })).toMatchObject([{ path: "held" }]);
  });

  it("lists what is wrong by path, with neither values nor targets", async () => {
    const issues = await check(PremiumOrder, { id: 1, items: [{ qty: 1 }, { qty: -5 }, "x"], attachment: { name: 9 } });
    expect(issues).toEqual([
      { path: "express", constraints: { isBoolean: "express must be a boolean value" } },
      { path: "id", constraints: { isString: "id must be a string" } },
      { path: "items[1].qty", constraints: { min: "qty must not be less than 1" } },
      { path: "items[2]", constraints: { nestedValidation: expect.any(String) } },
      { path: "attachment.name", constraints: { isString: "name must be a string" } },
    ]);
  });

  it("follows async validators, @ValidateIf and inheritance", async () => {
    expect(await check(Signup, { name: "taken", password: "x", note: " n " })).toEqual([
      { path: "name", constraints: { IsFree: "name is taken" } },
    ]);
    expect(await check(Signup, { name: "guest", note: " n " })).toMatchObject({ note: "n" });
    expect(await check(PremiumOrder, { ...valid, express: true })).toBeInstanceOf(PremiumOrder);
  });

  it("passes class-validator's options on", async () => {
    expect(await check(Order, {}, { skipMissingProperties: true })).toBeInstanceOf(Order);
    expect(await check(Item, { qty: "x" }, { stopAtFirstError: true })).toEqual([
      { path: "qty", constraints: { min: "qty must not be less than 1" } },
    ]);
    expect(await check(Grouped, { name: 5, age: 5 }, { groups: ["strict"] })).toMatchObject([{ path: "name" }]);
    expect(await check(Grouped, { name: 5, age: 5 }, { groups: ["other"] })).toBeInstanceOf(Grouped);
  });

  it.each([null, 5, "text", true, [], [valid], Buffer.from("x"), new Uint8Array(2), new ArrayBuffer(2), new Date()])(
    "refuses %p where an object is expected",
    async (value) => {
      expect(await check(Order, value)).toEqual([{ path: "", constraints: { object: "must be an object" } }]);
    },
  );

  it.each([{}, { forbidUnknownValues: false }])(
    "refuses binary where a nested object is expected, with the options %j",
    async (options) => {
      const sent = { ...valid, attachment: Buffer.from("x") };
      expect(await check(Order, sent, options)).toMatchObject([{ path: "attachment" }]);
    },
  );

  it("lets no key of Object.prototype through, at any depth", async () => {
    const payload: unknown = JSON.parse(
      '{"meta":{"deep":[{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},"ok":1}]},' +
        '"__proto__":{"admin":true},"constructor":5,"toString":"x","hasOwnProperty":1}',
    );
    const loose = (await check(Loose, payload)) as Loose;
    expect(loose).toBeInstanceOf(Loose);
    expect(Object.keys(loose)).toEqual(["meta"]);
    expect(loose.meta).toEqual({ deep: [{ ok: 1 }] });
    expect(Object.getPrototypeOf(loose.meta)).toBe(Object.prototype);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it("does not touch the payload it was given", async () => {
    const payload: unknown = JSON.parse('{"meta":{"__proto__":{"a":1},"b":2}}');
    const before = JSON.stringify(payload);
    await check(Loose, payload);
    expect(JSON.stringify(payload)).toBe(before);
  });

  it("blames the payload for what a @Transform throws, but not for what a validator throws", async () => {
    expect(await check(Signup, { name: "a", password: "b", note: 5 })).toEqual([
      { path: "", constraints: { transform: "cannot be read" } },
    ]);

    @ValidatorConstraint()
    class Failing {
      validate(): never {
        throw new TypeError("database gone");
      }
    }

    class Broken {
      @Validate(Failing) name!: string;
    }
    await expect(check(Broken, { name: "x" })).rejects.toThrow("database gone");
  });

  describe("that is left with promises when another validator throws", () => {
    const unheard: unknown[] = [];
    const hear = (error: unknown): void => void unheard.push(error);

    beforeEach(() => {
      unheard.length = 0;
      process.on("unhandledRejection", hear);
    });

    afterEach(() => {
      process.off("unhandledRejection", hear);
    });

    @ValidatorConstraint({ async: true })
    class Failing {
      validate(value: unknown): Promise<boolean> {
        if (value === "at once") throw new RangeError("at once");
        return Promise.reject(new RangeError("later"));
      }
    }

    class OfProperties {
      @Validate(Failing) first!: string;
      @Validate(Failing) second!: string;
    }

    class OfItems {
      @Validate(Failing, { each: true }) list!: string[];
    }

    it.each<[of: string, type: new () => object, isArray: boolean, payload: unknown]>([
      ["properties", OfProperties, false, { first: "later", second: "at once" }],
      ["items", OfItems, false, { list: ["later", "at once"] }],
      ["instances", OfProperties, true, [{ first: "later", second: "later" }, { first: "at once" }]],
    ])("lets go of them: of %s", async (_of, type, isArray, payload) => {
      const { validate } = dtoValidator({ type, isArray, argument: undefined, where: "a test" }, {});
      expect(() => validate(payload)).toThrow("at once");
      await new Promise(setImmediate);
      expect(unheard).toEqual([]);
    });
  });

  it("answers nesting beyond any stack", async () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 100_000; depth++) deep = [deep];
    expect(await check(Loose, { meta: { deep } })).toEqual([
      { path: "", constraints: { transform: "cannot be read" } },
    ]);
  });

  it("answers lists of itself that are nested beyond any stack", async () => {
    let deep: unknown = { list: [] };
    for (let depth = 0; depth < 100_000; depth++) deep = { list: [deep] };
    expect(await check(Tree, deep)).toEqual([{ path: "", constraints: { transform: "cannot be read" } }]);
  });

  it("refuses by an exception that has no trace", () => {
    const { validate } = dtoValidator({ type: Item, isArray: false, argument: undefined, where: "a test" }, {});
    let refused: unknown;
    try {
      validate({ qty: 0 });
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(GatewayException);
    expect(refused).toMatchObject({
      name: "GatewayException",
      message: "The payload is not valid.",
      stack: "GatewayException: The payload is not valid.",
    });
  });

  it("tells of every item of a long list, when allowed to", async () => {
    const items = Array.from({ length: 200_000 }, () => ({ qty: 0 }));
    expect(await check(Order, { id: "a", items }, { maxIssues: 300_000 })).toHaveLength(200_000);
  });

  it("tells no more than a hundred things, and of each no more than a thousand characters", async () => {
    const items = Array.from({ length: 5_000 }, () => ({ qty: 0 }));
    expect(await check(Order, { id: "a", items })).toHaveLength(100);
    expect(await check(Order, { id: "a", items }, { maxIssues: 3 })).toHaveLength(3);
    const long = "x".repeat(100_000);
    const [issue] = (await check(Item, { qty: 1, [long]: 1 }, { forbidNonWhitelisted: true })) as ValidationIssue[];
    expect(issue?.path).toBe(`${"x".repeat(1_000)}…`);
    expect(issue?.constraints["whitelistValidation"]).toHaveLength(1_001);
  });

  it("judges no more items of a list than it tells of", () => {
    let judged = 0;
    class Counted {
      @IsInt({ message: () => `wrong ${String((judged += 1))}` }) qty!: number;
    }
    class List {
      @ValidateNested({ each: true }) @Type(() => Counted) items!: Counted[];
      @ValidateNested({ each: true }) @Type(() => Counted) byName!: Map<string, Counted>;
    }
    const wrong = Array.from({ length: 5_000 }, () => ({ qty: "a" }));
    const mixed = wrong.map((item, index) => (index === 50 ? null : item));
    const judgedIn = (type: typeof List | typeof Counted, payload: object): number => {
      const place = { type, isArray: Array.isArray(payload), argument: undefined, where: "a test" };
      const { validate } = dtoValidator(place, { maxIssues: 100 });
      judged = 0;
      expect(() => validate(payload)).toThrow(GatewayException);
      return judged;
    };

    expect(judgedIn(Counted, wrong)).toBe(100);
    // Once on the way, and once more when there are too many.
    expect(judgedIn(List, { items: wrong })).toBeLessThanOrEqual(201);
    expect(judgedIn(List, { items: mixed })).toBeLessThanOrEqual(150);
    expect(judgedIn(List, { items: [], byName: Object.fromEntries(wrong.entries()) })).toBe(100);
  });

  it("goes on beyond that as long as what seems to be wrong may come to nothing", async () => {
    class Applicants {
      @ValidateNested({ each: true }) @Type(() => Signup) list!: Signup[];
    }
    const list = ["ann", "bob", "carl", "taken", "taken"].map((name) => ({ name, password: "secret" }));
    const issues = (await check(Applicants, { list }, { maxIssues: 1 })) as ValidationIssue[];

    expect(issues.map(({ path }) => path)).toEqual(["list[3].name"]);
  });

  it("refuses a list that conversion makes longer than what was sent", async () => {
    const converting = { transformOptions: { enableImplicitConversion: true } };
    const unreadable = [{ path: "", constraints: { transform: "cannot be read" } }];
    expect(await check(Listed, { list: { 4294967294: 1 } }, converting)).toEqual(unreadable);
    expect(await check(Listed, { list: { 7: 1 } }, converting)).toEqual(unreadable);
    expect(await check(Listed, { list: ["a"] }, converting)).toEqual(Object.assign(new Listed(), { list: ["a"] }));
  });

  it.each<[made: string, type: new () => { data: Buffer }]>([
    ["here", Binary],
    ["by class-transformer", TrimmedBinary],
  ])("refuses an object that would become as many bytes as it says: made %s", async (_made, type) => {
    const unreadable = [{ path: "", constraints: { transform: "cannot be read" } }];
    expect(await check(type, { data: { length: 4_000_000_000 } })).toEqual(unreadable);
    expect(await check(type, { data: [[{ length: 4_000_000_000 }]] })).toEqual(unreadable);
    expect(await check(type, { data: Buffer.from("ab") })).toMatchObject({ data: Buffer.from("ab") });
    expect(await check(type, { data: { type: "Buffer", data: [97, 98] } })).toMatchObject({ data: Buffer.from("ab") });
  });

  it("refuses such an object where types are converted without being named, too", async () => {
    const converting = { transformOptions: { enableImplicitConversion: true } };
    const unreadable = [{ path: "", constraints: { transform: "cannot be read" } }];
    expect(await check(Holding, { inner: { data: { length: 4_000_000_000 } } }, converting)).toEqual(unreadable);
    expect(await check(Holding, { inner: { data: Buffer.from("ab") } }, converting)).toMatchObject({
      inner: { data: Buffer.from("ab") },
    });
  });

  it("asks a validator once, and never what a built-in of its name would say", async () => {
    const asked: unknown[] = [];
    class Named {
      name!: unknown;
    }
    registerDecorator({
      name: "isString",
      target: Named,
      propertyName: "name",
      validator: {
        validate: (value: unknown) => {
          asked.push(value);
          return Promise.resolve(value === 5);
        },
        defaultMessage: () => "$property must be a string",
      },
    });
    await check(Named, { name: 5 });
    asked.length = 0;
    expect(await check(Named, { name: 5 })).toEqual(Object.assign(new Named(), { name: 5 }));
    expect(await check(Named, { name: "a" })).toEqual([
      { path: "name", constraints: { isString: "name must be a string" } },
    ]);
    expect(asked.filter((value) => value === 5 || value === "a")).toEqual([5, "a"]);
  });

  it("gives each validator arguments of its own", async () => {
    const seen: ValidationArguments[] = [];
    @ValidatorConstraint()
    class Keeping {
      validate(_value: unknown, args: ValidationArguments): boolean {
        seen.push(args);
        args.property = "changed";
        return true;
      }
    }
    class Kept {
      @Validate(Keeping) @Validate(Keeping) name!: string;
    }
    await check(Kept, { name: "a" });
    expect(seen).toHaveLength(2);
    expect(seen[0]).not.toBe(seen[1]);
  });

  it("takes validators from the container that class-validator was given", async () => {
    class FromContainer extends IsFree {
      override async validate(): Promise<boolean> {
        return Promise.resolve(false);
      }
    }
    useContainer(
      { get: (type: unknown) => (type === IsFree ? new FromContainer() : undefined) },
      {
        fallback: true,
      },
    );
    try {
      expect(await check(Signup, { name: "free", password: "x" })).toEqual([
        { path: "name", constraints: { IsFree: "name is taken" } },
      ]);
    } finally {
      useContainer({ get: () => undefined }, { fallback: true });
    }
  });

  it("answers at once where no validator can be asynchronous", () => {
    const place = { isArray: false, argument: undefined, where: "a test" };
    const synchronous = dtoValidator({ ...place, type: Order }, {});
    expect(synchronous.mayWait).toBe(false);
    expect(synchronous.validate(valid)).toBeInstanceOf(Order);
    expect(dtoValidator({ ...place, type: Signup }, {}).mayWait).toBe(true);
  });

  it("checks each of an array, with its index", async () => {
    const validator = dtoValidator({ type: Item, isArray: true, argument: 1, where: "a test" }, {});
    expect(await validator.validate([{ qty: 1 }, { qty: 2 }])).toEqual([
      Object.assign(new Item(), { qty: 1 }),
      Object.assign(new Item(), { qty: 2 }),
    ]);
    for (const [value, issue] of [
      [[{ qty: 1 }, { qty: 0 }], { argument: 1, path: "[1].qty", constraints: { min: "qty must not be less than 1" } }],
      [[5], { argument: 1, path: "[0]", constraints: { object: "must be an object" } }],
      [{ qty: 1 }, { argument: 1, path: "", constraints: { array: "must be an array" } }],
    ] as const) {
      const check = async (): Promise<unknown> => validator.validate(value);
      const error: unknown = await check().catch((thrown: unknown) => thrown);
      expect(issuesOf(error)).toEqual([issue]);
    }
  });
});
