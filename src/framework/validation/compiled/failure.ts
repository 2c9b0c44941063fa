/**
 * What is wrong with one property and below it: class-validator's `ValidationError` without target and value.
 * Empty ones are left out when issues are made of them, as class-validator strips them.
 */
export class Failure {
  /** A property's name, or the place of an item; `undefined` for an object as a whole. */
  readonly property: PropertyKey | undefined;
  /** Whether `children` are items of a list rather than properties. */
  readonly isList: boolean;
  readonly constraints: Record<string, string> = {};
  readonly children: Failure[] = [];

  constructor(property: PropertyKey | undefined, value: unknown) {
    this.property = property;
    this.isList = isCollection(value);
  }

  get hasConstraints(): boolean {
    for (const _name in this.constraints) return true;
    return false;
  }
}

/** What is wrong below a value. */
export function failureOf(property: PropertyKey, value: unknown, children: readonly Failure[]): Failure {
  const failure = new Failure(property, value);
  for (const child of children) failure.children.push(child);
  return failure;
}

/** One validation under way. */
export class Run {
  /** Outcomes of asynchronous validators, which write into their failures. */
  readonly pending: PromiseLike<void>[] = [];
  /** Whether any object may have properties without a rule. */
  readonly mayHoldMore: boolean;

  constructor(mayHoldMore: boolean) {
    this.mayHoldMore = mayHoldMore;
  }
}

/** One value on its way through the rules of its property. */
export class Subject {
  readonly object: object;
  readonly value: unknown;
  readonly property: PropertyKey;
  readonly run: Run;
  #failure: Failure | undefined;

  constructor(object: object, value: unknown, property: PropertyKey, run: Run) {
    this.object = object;
    this.value = value;
    this.property = property;
    this.run = run;
  }

  /** Nothing is allocated for a value that is fine. */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  get hasConstraints(): boolean {
    return this.#failure?.hasConstraints ?? false;
  }

  /** Of a list: how many of its items something is wrong with. */
  get wrongItems(): number {
    return this.#failure?.children.length ?? 0;
  }

  /** Where its failure is written down. */
  fail(): Failure {
    return (this.#failure ??= new Failure(this.property, this.value));
  }
}

/** What `each` and nested validation go through item by item. */
export type Collection = readonly unknown[] | ReadonlySet<unknown> | ReadonlyMap<unknown, unknown>;

export function isCollection(value: unknown): value is Collection {
  return Array.isArray(value) || value instanceof Set || value instanceof Map;
}
