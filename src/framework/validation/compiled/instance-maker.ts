import { hasSetters, sampleOf, typedPropertiesOf, type DtoClass, type TypedProperty } from "./class-shape.js";
import { converterOf, declaresList, type Make, type Maker } from "./conversion.js";
import { makeFor, type MadeProperty, type Making } from "./making.js";

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
    if (typed === undefined) return undefined;
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
      isSteady: conversions.get(property)?.isSteady ?? true,
      nested: conversions.get(property)?.nested,
      isGuarded: property in type.prototype || typeof sample?.[property] === "function",
      mayBeFunction: sample === undefined,
      isPreset: sample?.[property] !== undefined,
    }));
  }

  /** Written on first use: an application has more classes than it meets messages early on. */
  get make(): Make {
    return (this.#make ??= makeFor(this.making));
  }

  get making(): Making {
    const properties = this.#properties;
    const fields = this.#fields ?? [];
    const ruled = new Set(properties.map(({ property }) => property));
    const strays = this.mayHoldMore ? [] : fields.filter((field) => !ruled.has(field));
    const keepsAll = this.#extent === "all";
    const isFixed = !keepsAll && properties.every((made) => !made.isGuarded && fields.includes(made.property));
    return { type: this.#type, properties, strays, keepsAll, isFixed };
  }
}

type Conversion = Pick<MadeProperty, "convert" | "isSteady" | "nested">;

function toConversion(typed: TypedProperty, plan: MakerPlan): Conversion | undefined {
  let maker: Maker | undefined;
  const convert = converterOf(typed, (type) => (maker = plan.makerOf(typed.property, type)));
  if (convert === undefined) return undefined;
  const { typeFunction, type, reflected } = typed;
  const isSteady = typeFunction !== undefined;
  if (maker === undefined || !isSteady || reflected === Map) return { convert, isSteady, nested: undefined };
  const keepsLists = declaresList(reflected);
  return { convert, isSteady, nested: { typeFunction, type: type as DtoClass, maker, keepsLists } };
}
