import { instanceToPlain } from "class-transformer";
import { validate, type ValidationError, type ValidatorOptions } from "class-validator";
import { GatewayException } from "../client-errors.js";
import type { Class } from "../contracts/class.js";
import { letGo } from "../thenable.js";
import { NotPlainData } from "./compiled/conversion.js";
import type { Rejected } from "./compiled/acceptance.js";
import { DtoProgram } from "./compiled/dto-program.js";
import { Failure, type Run } from "./compiled/failure.js";
import { hasHoles } from "./holes.js";
import { maxIssuesOf } from "./issue-list.js";
import { invalidArgument } from "./issues.js";
import type { ValidationOptions } from "./options.js";

/** What became of one payload; with failures that say something, it is refused. */
export interface Checked {
  readonly instance: object;
  readonly failures: readonly Failure[] | undefined;
}

/** Makes instances of a DTO class and judges them. */
export class DtoCheck {
  readonly #program: DtoProgram;
  readonly #options: ValidationOptions;

  constructor(type: Class, options: ValidationOptions) {
    this.#options = options;
    this.#program = new DtoProgram(type, {
      whitelist: options.whitelist ?? true,
      forbidNonWhitelisted: options.forbidNonWhitelisted ?? false,
      forbidUnknownValues: options.forbidUnknownValues ?? true,
      skipMissingProperties: options.skipMissingProperties ?? false,
      skipUndefinedProperties: options.skipUndefinedProperties ?? false,
      skipNullProperties: options.skipNullProperties ?? false,
      stopAtFirstError: options.stopAtFirstError ?? false,
      dismissDefaultMessages: options.dismissDefaultMessages ?? false,
      groups: options.groups === undefined ? undefined : [...options.groups],
      always: options.always ?? false,
      strictGroups: options.strictGroups ?? false,
      transformOptions: options.transformOptions,
      maxWrongItems: maxIssuesOf(options),
    });
  }

  get mayWait(): boolean {
    return this.#program.mayWait || !this.#program.isUnderstood;
  }

  /** @returns the instance, or what is wrong; `undefined` when only `check` can tell. */
  accept(value: unknown): object | Rejected | undefined {
    if (this.#options.transform === false) return undefined;
    try {
      return this.#program.accept(value);
    } catch {
      // Whatever that was, it comes again.
      return undefined;
    }
  }

  /**
   * @returns a promise when a validator is asynchronous.
   * @throws GatewayException `VALIDATION_FAILED` for a payload that cannot be read; else whatever a validator throws.
   */
  check(value: unknown): Checked | Promise<Checked> {
    if (!isPlainObject(value)) return { instance: {}, failures: [notAnObject()] };
    let instance: object;
    let isForeign = this.#program.isForeign;
    try {
      instance = isForeign ? this.#makeByLibrary(value) : this.#program.make(value);
    } catch (error) {
      instance = this.#makeAgain(value, error);
      isForeign = true;
    }
    if (!this.#program.isUnderstood) return this.#checkByLibrary(instance);
    const run = this.#program.start(isForeign);
    const failures = this.#judge(instance, run);
    return run.pending.length > 0
      ? Promise.all(run.pending).then(() => ({ instance, failures }))
      : { instance, failures };
  }

  /**
   * What the handler gets of an instance that is valid. A plain object is written by the options that the instance was made
   * by: what belongs to a group would be left out otherwise.
   *
   * @throws GatewayException `VALIDATION_FAILED` when there is no plain object of it.
   */
  handOut(instance: object): object {
    const { transform, transformOptions } = this.#options;
    if (transform !== false) return instance;
    try {
      return instanceToPlain(instance, transformOptions);
    } catch (error) {
      throw GatewayException.is(error) ? error : unreadable();
    }
  }

  /** What the payload makes the libraries or a `@Transform` throw is the payload's fault. */
  #makeAgain(value: object, error: unknown): object {
    try {
      if (error instanceof NotPlainData) return this.#program.makeByLibrary(value);
    } catch (failure) {
      throw GatewayException.is(failure) ? failure : unreadable();
    }
    throw GatewayException.is(error) ? error : unreadable();
  }

  /** Lists with holes are refused: only conversion makes such of JSON. */
  #makeByLibrary(value: object): object {
    const instance = this.#program.makeByLibrary(value);
    if (this.#options.transformOptions !== undefined && hasHoles(instance)) throw unreadable();
    return instance;
  }

  #judge(instance: object, run: Run): readonly Failure[] | undefined {
    try {
      return this.#program.check(instance, run);
    } catch (error) {
      for (const answer of run.pending) letGo(answer);
      if (isStackOverflow(error)) throw unreadable();
      throw error;
    }
  }

  async #checkByLibrary(instance: object): Promise<Checked> {
    const { transform: _transform, groups, transformOptions: _transformOptions, ...options } = this.#options;
    const settings: ValidatorOptions = { whitelist: true, ...options };
    if (groups !== undefined) settings.groups = [...groups];
    const errors = await validate(instance, settings);
    return { instance, failures: errors.length === 0 ? undefined : errors.map(toFailure) };
  }
}

function toFailure({ property, value, constraints, children = [] }: ValidationError): Failure {
  const failure = new Failure(property, value);
  Object.assign(failure.constraints, constraints);
  failure.children.push(...children.map(toFailure));
  return failure;
}

function unreadable(): GatewayException {
  return invalidArgument("transform", "cannot be read", undefined);
}

function notAnObject(): Failure {
  const failure = new Failure(undefined, undefined);
  failure.constraints["object"] = "must be an object";
  return failure;
}

/** Nesting that class-transformer's way had stack enough for. */
function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes("call stack");
}

/** Of what the wire can bring: no array, no binary, nothing with a class of its own. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  if (Object.getPrototypeOf(value) === Object.prototype) return true;
  return Object.prototype.toString.call(value) === "[object Object]";
}
