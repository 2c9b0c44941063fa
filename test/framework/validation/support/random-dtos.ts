import { Exclude, Expose, Transform, Type } from "class-transformer";
import {
  Allow,
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsDate,
  IsDefined,
  IsEmail,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsObject,
  IsOptional,
  IsPositive,
  IsString,
  Length,
  Max,
  MaxLength,
  Min,
  registerDecorator,
  Validate,
  ValidateIf,
  ValidateNested,
  type ValidationArguments,
  ValidatorConstraint,
} from "class-validator";
import type { DtoClass } from "./outcomes.js";

@ValidatorConstraint({ name: "isString", async: true })
class LikeIsString {
  async validate(value: unknown): Promise<boolean> {
    return Promise.resolve(value !== "a");
  }

  defaultMessage({ property, value, targetName }: ValidationArguments): string {
    return `${targetName}.${property} of $target is $value (${typeof value})`;
  }
}

@ValidatorConstraint()
class Unmarked {
  validate(value: unknown): boolean | Promise<boolean> {
    return value === 5 ? Promise.resolve(false) : value !== 1;
  }
}

@ValidatorConstraint()
class Throwing {
  validate(value: unknown): boolean {
    if (value === "b") throw new TypeError("validator failed");
    return true;
  }
}

/** A check of the application's own under a name, and with the message, of a built-in one. */
function OwnIsInt(): PropertyDecorator {
  return (target, property) => {
    registerDecorator({
      name: "isInt",
      target: target.constructor,
      propertyName: property as string,
      validator: {
        validate: (value: unknown) => value === 1 || value === "a",
        defaultMessage: () => "$property must be an integer number",
      },
    });
  };
}

class Leaf {
  @IsString() @MaxLength(3) text!: string;
  @IsOptional() @IsInt() @Min(0, { groups: ["x"] }) count?: number;

  describe(): string {
    return this.text;
  }
}

class Special extends Leaf {
  @IsBoolean({ always: true }) flag!: boolean;
  @Length(1, 2) declare text: string;
}

class Tree {
  @IsOptional() @IsString() text?: string;
  @IsOptional() @ValidateNested({ each: true }) @Type(() => Tree) list?: Tree[];
  @IsOptional() @ValidateNested() @Type(() => Leaf) leaf?: Leaf;
}

class Kinds {
  @IsString() @IsNotEmpty() text!: string;
  @IsInt() @Min(1) @Max(5) count!: number;
  @IsEmail() @IsOptional() mail?: string;
  @IsNumber({}, { each: true }) @ArrayMaxSize(3) list!: number[];
  @IsIn(["a", "b", 1]) flag!: unknown;
  @Allow() extra!: unknown;
}

class Collections {
  @ValidateNested({ each: true }) @Type(() => Leaf) list!: Set<Leaf>;
  @ValidateNested() @Type(() => Leaf) leaf!: Map<string, Leaf>;
  @IsArray() @ArrayUnique() @Type(() => String) tags!: string[];
  @IsDate() @Type(() => Date) @IsOptional() date?: Date;
  @Type(() => Number) @IsInt({ each: true }) count!: number;
  @IsObject() extra!: object;
}

class Conditions {
  @ValidateIf((object: Conditions) => object.flag) @IsString() text!: string;
  @ValidateIf((object: Conditions) => object.count !== 1) @ValidateNested() @Type(() => Leaf) leaf!: Leaf;
  @IsDefined({ groups: ["x"] }) @IsBoolean({ message: "$property: $value" }) flag!: boolean;
  @IsInt({ validateIf: (_object, value) => value !== "a" }) @IsPositive() count!: unknown;
}

class Own {
  @Validate(LikeIsString) @IsString() text!: string;
  @Validate(Unmarked, { each: true }) @IsInt({ message: ({ value }) => `not ${typeof value}` }) count!: number;
  @Validate(Throwing) @OwnIsInt() flag!: unknown;
  @Validate(Throwing, [1, "two"], { message: "$constraint1 $constraint2", groups: ["y"] }) extra!: unknown;
}

class Groups {
  @IsString({ groups: ["x"] }) text!: string;
  @IsInt({ groups: ["y"] }) @Min(3, { always: true }) count!: number;
  @IsBoolean() flag!: boolean;
  @ValidateNested({ groups: ["x"] }) @Type(() => Leaf) leaf!: Leaf;
}

class Untyped {
  @ValidateNested() leaf!: object;
  @ValidateNested({ each: true }) @ValidateNested() @Type(() => Leaf) list!: Leaf[];
  @Type(() => Leaf) @IsObject() extra!: Leaf;
  @Type((options) => (options?.object["flag"] === true ? Special : Leaf)) @ValidateNested() tags!: Leaf;
}

class Members {
  @IsOptional() text = "default";
  @IsInt() count!: number;
  flag = "stray";
  callback = (): number => 1;

  @IsOptional() get leaf(): string {
    return "computed";
  }

  @IsOptional()
  @IsString()
  set extra(value: unknown) {
    this.text = String(value);
  }

  list(): string {
    return this.text;
  }
}

class Transformed {
  @Transform(({ value }: { value: unknown }) => (typeof value === "string" ? value.trim() : value))
  @IsString()
  text!: string;
  @Expose({ name: "number" }) @IsInt() count!: number;
  @Exclude() @IsOptional() flag?: boolean;
  @ValidateNested() @Type(() => Leaf) leaf!: Leaf;
}

class Animals {
  @ValidateNested()
  @Type(() => Leaf, { discriminator: { property: "text", subTypes: [{ name: "a", value: Special }, { name: "b", value: Tree }] } })
  leaf!: Leaf | Special | Tree;
} // prettier-ignore

/** Classes whose fields exist from the start, as most compilers write them; the preset of jest does not. */
// eslint-disable-next-line @typescript-eslint/no-implied-eval -- jest would compile the fields away
const [Fields, FieldsInside] = new Function(
  "return [class Fields { text; count; leaf; list; stray = 5; }, class FieldsInside { count = 1; text; }]",
)() as [DtoClass, DtoClass];

for (const [type, property, decorators] of [
  [Fields, "text", [IsString(), Length(0, 3)]],
  [Fields, "count", [IsInt(), IsOptional()]],
  [Fields, "leaf", [ValidateNested(), Type(() => FieldsInside)]],
  [Fields, "list", [IsArray(), ValidateNested({ each: true }), Type(() => FieldsInside), IsOptional()]],
  [FieldsInside, "text", [IsString()]],
  [FieldsInside, "count", [IsNumber()]],
] as const) {
  for (const decorate of decorators as readonly PropertyDecorator[]) decorate(type.prototype as object, property);
}

/** Between them, these use everything that classes and decorators can do to a payload. */
export const RANDOM_DTOS: readonly DtoClass[] = [
  Leaf,
  Special,
  Tree,
  Kinds,
  Collections,
  Conditions,
  Own,
  Groups,
  Untyped,
  Members,
  Transformed,
  Animals,
  Fields,
];
