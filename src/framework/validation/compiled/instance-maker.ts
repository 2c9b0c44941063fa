import { hasSetters, sampleOf, typedPropertiesOf, type DtoClass, type TypedProperty } from "./class-shape.js";
import { converterOf, type Convert, type Make, type Maker } from "./conversion.js";
import { inFieldOrder, inSourceOrder, type MadeProperty, type NestedType } from "./making.js";

/** What of a payload gets into the instance: properties with a rule, or all. */
export type Extent = "ruled" | "all";

/** What has to be known to make instances of a class. */
export interface MakerPlan {
  readonly extent: Extent;
  /** Names of the properties that have a rule. */
  readonly ruled: readonly string[];
  /** How instances are made that are nested in a property. */
  readonly makerOf: (property: string, type: DtoClass) => Maker;
}

/** Makes instances as class-transformer's `plainToInstance` does: same class, same properties in the same order. */
export class InstanceMaker {
  /** Whether instances may hold properties without a rule even so. */
  readonly mayHoldMore: boolean;
  readonly #type: DtoClass;
  readonly #extent: Extent;
  readonly #properties: readonly MadeProperty[];
  /** The properties that every new instance has, in their order; `undefined` when only the constructor knows. */
  readonly #fields: readonly string[] | undefined;
  #make: Make | undefined;

  /** @returns `undefined` when only class-transformer itself can make such instances. */
  static for(type: DtoClass, plan: MakerPlan): InstanceMaker | undefined {
    const typed = typedPropertiesOf(type);
    if (typed === undefined || plan.ruled.some((property) => property in Object.prototype)) return undefined;
    const conversions = new Map<string, Conversion>();
    for (const property of typed) {
      const conversion = toConversion(property, plan);
      if (conversion === undefined) return undefined;
      conversions.set(property.property, conversion);
    }
    return new InstanceMaker(type, plan, conversions);
  }

  private constructor(type: DtoClass, { extent, ruled }: MakerPlan, conversions: ReadonlyMap<string, Conversion>) {
    this.#type = type;
    this.#extent = hasSetters(type) ? "all" : extent;
    const sample = sampleOf(type);
    this.#fields = sample === undefined ? undefined : Object.keys(sample);
    this.mayHoldMore = this.#extent === "all" || sample === undefined;
    const names = this.#extent === "all" ? new Set([...ruled, ...conversions.keys()]) : new Set(ruled);
    this.#properties = [...names].map((property) => ({
      property,
      convert: conversions.get(property)?.convert,
      nested: conversions.get(property)?.nested,
      isGuarded: property in type.prototype || typeof sample?.[property] === "function",
      mayBeFunction: sample === undefined,
    }));
  }

  /** Written on first use: an application has more classes than it meets messages early on. */
  get make(): Make {
    return (this.#make ??= this.#written());
  }

  #written(): Make {
    const type = this.#type;
    const properties = this.#properties;
    const fields = this.#fields ?? [];
    const ruled = new Set(properties.map(({ property }) => property));
    const strays = this.mayHoldMore ? [] : fields.filter((field) => !ruled.has(field));
    const keepsAll = this.#extent === "all";
    const isFixed = !keepsAll && properties.every((made) => !made.isGuarded && fields.includes(made.property));
    return (isFixed ? inFieldOrder : inSourceOrder)({ type, properties, strays, keepsAll });
  }
}

interface Conversion {
  readonly convert: Convert;
  readonly nested: NestedType | undefined;
}

function toConversion(typed: TypedProperty, plan: MakerPlan): Conversion | undefined {
  let maker: Maker | undefined;
  const convert = converterOf(typed, (type) => (maker = plan.makerOf(typed.property, type)));
  if (convert === undefined) return undefined;
  const { typeFunction, type } = typed;
  const isUsual = maker !== undefined && typeFunction !== undefined && typed.reflected !== Map;
  return { convert, nested: isUsual ? { typeFunction, type, maker: maker as Maker } : undefined };
}
