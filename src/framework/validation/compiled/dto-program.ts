import { plainToInstance, type ClassTransformOptions } from "class-transformer";
import { withoutInheritedNames } from "../untrusted.js";
import { acceptanceOf, type Accept, type AcceptedClass } from "./acceptance.js";
import { binaryNames, checkByteLengths, type ImplicitOf } from "./byte-lengths.js";
import { ClassCheck, type CheckOptions } from "./class-check.js";
import type { DtoClass } from "./class-shape.js";
import type { Maker } from "./conversion.js";
import { Run, type Failure } from "./failure.js";
import { InstanceMaker, type Extent } from "./instance-maker.js";

export interface ProgramOptions extends CheckOptions {
  /** For class-transformer, which then makes the instances itself. */
  readonly transformOptions: ClassTransformOptions | undefined;
}

/**
 * What one DTO class needs under one set of options, for itself and for all that is nested in it: how instances are made,
 * and how they are judged. The outcome is that of `plainToInstance` and `validate`; the time does not depend on how many
 * classes an application has.
 */
export class DtoProgram {
  /** Whether class-transformer has to make the instances. */
  readonly isForeign: boolean;
  /** Whether a validator may be asynchronous. */
  readonly mayWait: boolean;
  /** Whether every rule is of a kind that is understood here; otherwise `check` must not be used. */
  readonly isUnderstood: boolean;
  readonly #type: DtoClass;
  readonly #options: ProgramOptions;
  readonly #checks = new Map<unknown, ClassCheck>();
  readonly #makers = { ruled: new Map<DtoClass, InstanceMaker>(), all: new Map<DtoClass, InstanceMaker>() };
  /** Of the class itself; `undefined` when class-transformer makes its instances. */
  readonly #maker: InstanceMaker | undefined;
  readonly #mayHoldMore: boolean;
  /** Nothing is kept in the run of validators that are all synchronous: one does for all. */
  readonly #idleRun: Run | undefined;
  #isPlain: boolean;
  #binaryNames: ReadonlySet<string> | undefined;

  constructor(type: DtoClass, options: ProgramOptions) {
    this.#type = type;
    this.#options = options;
    this.#isPlain = options.transformOptions === undefined;
    const extent: Extent = options.whitelist && !options.forbidNonWhitelisted ? "ruled" : "all";
    const maker = this.#makerFor(type, extent);
    this.#maker = this.#isPlain ? maker : undefined;
    this.#checkFor(type);
    for (const [made, { mayHoldMore }] of this.#makers.ruled) this.#checkFor(made).mayHoldMore = mayHoldMore;
    const checks = [...this.#checks.values()];
    this.#mayHoldMore = !this.#isPlain || this.#makers.all.size > 0;
    this.isForeign = !this.#isPlain;
    this.mayWait = !this.#isPlain || !checks.every(({ isSynchronous }) => isSynchronous);
    this.#idleRun = this.mayWait ? undefined : new Run(this.#mayHoldMore);
    this.isUnderstood = checks.every((check) => check.isUnderstood);
  }

  /**
   * Makes and judges an instance in one go.
   *
   * @returns what is wrong in place of an instance; `undefined` for what must be made and checked.
   * @throws whatever making an instance throws, and whatever the messages of a class throw.
   */
  accept: Accept = (value) => {
    // Written on first use: an application has more classes than it meets messages early on.
    this.accept = acceptanceOf(this.#type, this.#findAccepted, this.#options.maxWrongItems) ?? nothing;
    return this.accept(value);
  };

  /**
   * Not for foreign classes.
   *
   * @throws NotPlainData for payloads that only the library can make instances of, and whatever else the payload makes a
   * constructor or a setter throw.
   */
  make(value: object): object {
    return (this.#maker as InstanceMaker).make(value);
  }

  /** @throws whatever the payload makes class-transformer throw. */
  makeByLibrary(value: object): object {
    this.#binaryNames ??= binaryNames(this.#type, this.#implicitOf);
    if (this.#binaryNames.size > 0) checkByteLengths(value, this.#binaryNames);
    return plainToInstance(this.#type, withoutInheritedNames(value), this.#options.transformOptions);
  }

  /** @param isForeign - whether the library made the instance. */
  start(isForeign: boolean): Run {
    if (isForeign) return new Run(true);
    return this.#idleRun ?? new Run(this.#mayHoldMore);
  }

  /** @returns what is known to be wrong by now; the rest when everything in `run.pending` has come. */
  check(instance: object, run: Run): Failure[] | undefined {
    return this.#checkFor(instance.constructor).check(instance, run);
  }

  /** Classes that only a payload brings up are added as they come. */
  readonly #checkFor = (type: unknown): ClassCheck => {
    let check = this.#checks.get(type);
    if (check === undefined) {
      check = new ClassCheck(type as object, this.#options, this.#checkFor);
      this.#checks.set(type, check);
    }
    return check;
  };

  readonly #implicitOf: ImplicitOf = (type) => {
    const isImplicit = this.#options.transformOptions?.enableImplicitConversion === true;
    return isImplicit ? this.#checkFor(type).properties.map(({ property }) => property) : [];
  };

  readonly #findAccepted = (type: DtoClass): AcceptedClass | undefined => {
    // Rules are those of what an instance calls its constructor.
    if ((type.prototype as object).constructor !== type) return undefined;
    const making = this.#isPlain ? this.#makers.ruled.get(type)?.making : undefined;
    const checks = this.#checks.get(type)?.quickChecks;
    return making && checks && { making, checks };
  };

  #makerFor(type: DtoClass, extent: Extent): InstanceMaker | undefined {
    const makers = this.#makers[extent];
    const known = makers.get(type);
    if (known !== undefined || !this.#isPlain) return known;
    const { properties } = this.#checkFor(type);
    const strict = new Set(properties.flatMap(({ property, isStrict }) => (isStrict ? property : [])));
    const nestedClasses: [DtoClass, Extent][] = [];
    const makerOf = (property: string, nested: DtoClass): Maker => {
      const nestedExtent = extent === "ruled" && strict.has(property) ? "ruled" : "all";
      nestedClasses.push([nested, nestedExtent]);
      return this.#slotFor(nested, nestedExtent);
    };
    const maker = InstanceMaker.for(type, { extent, ruled: properties.map(({ property }) => property), makerOf });
    if (maker === undefined) this.#isPlain = false;
    else {
      makers.set(type, maker);
      for (const [nested, nestedExtent] of nestedClasses) this.#makerFor(nested, nestedExtent);
    }
    return maker;
  }

  /** Classes may hold each other: a maker is looked up when it is needed, which is after all are known. */
  #slotFor(type: DtoClass, extent: Extent): Maker {
    const slot = {
      make: (source: object): object => {
        const maker = this.#makers[extent].get(type) as InstanceMaker;
        return (slot.make = maker.make)(source);
      },
    };
    return slot;
  }
}

function nothing(): undefined {
  return undefined;
}
