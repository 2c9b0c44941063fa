import { getMetadataStorage, IsString, type ValidatorConstraintInterface } from "class-validator";

type ValidatorClass = new () => ValidatorConstraintInterface;

/**
 * Where in the program the check behind a validator class stands: two classes of one origin run the same code.
 *
 * class-validator hides each built-in check in a closure behind a class made for that one decorator, as it does with an
 * application's own check of whatever name. But touching a revoked proxy throws, and the trace of the error tells whose
 * code did it.
 *
 * @returns `undefined` for checks that touch nothing, whose origin stays unknown.
 */
export function originOf(type: unknown): string | undefined {
  const validator = wrapperOf(type);
  return validator === undefined ? undefined : placeOfTouch(validator);
}

/**
 * An instance of the class that `registerDecorator` puts around a check. It has no state, so one instance does for all
 * calls.
 *
 * @returns `undefined` for validator classes that an application wrote itself.
 */
export function wrapperOf(type: unknown): ValidatorConstraintInterface | undefined {
  wrapperSource ??= sourceOf(validatorClassOf(IsString()));
  return sourceOf(type) === wrapperSource ? new (type as ValidatorClass)() : undefined;
}

let wrapperSource: string | undefined;

/** The validator class that a decorator registers. */
export function validatorClassOf(decorator: PropertyDecorator): unknown {
  // eslint-disable-next-line @typescript-eslint/no-extraneous-class -- it only carries the decorator
  class Probe {}
  decorator(Probe.prototype, "property");
  return getMetadataStorage().getTargetValidationMetadatas(Probe, "", false, false)[0]?.constraintCls;
}

function sourceOf(type: unknown): string {
  return typeof type === "function" ? Function.prototype.toString.call(type) : "";
}

function placeOfTouch(validator: ValidatorConstraintInterface): string | undefined {
  const restoreTraces = keep(Error, "prepareStackTrace");
  const restoreLimit = keep(Error, "stackTraceLimit");
  const restoreTest = keep(Number, "isInteger");
  Error.prepareStackTrace = (_error, sites) => sites;
  Error.stackTraceLimit = 8;
  try {
    disregard(validator.validate(untouchable, untouchable as never));
    // @IsInt() looks at numbers only, and at those by this function. Nobody else runs while it is replaced.
    Number.isInteger = refuseToAnswer;
    disregard(validator.validate(0, untouchable as never));
    return undefined;
  } catch (error) {
    const sites = error instanceof TypeError ? (error.stack as unknown as NodeJS.CallSite[]) : [];
    const end = sites.findIndex((site) => site.getFunctionName() === placeOfTouch.name);
    // At 0 it was this function itself that failed, as where the language is frozen.
    return end <= 0 ? undefined : sites.slice(0, end).map(toPlace).join("\n");
  } finally {
    restoreTest();
    restoreLimit();
    restoreTraces();
  }
}

/** @returns what puts a property back as it is now. */
function keep(owner: object, property: string): () => void {
  const genuine = Object.getOwnPropertyDescriptor(owner, property);
  return () => {
    if (genuine === undefined) Reflect.deleteProperty(owner, property);
    else if (genuine.configurable === true) Object.defineProperty(owner, property, genuine);
  };
}

/** An application's own check may be asynchronous, and reject. */
function disregard(answer: unknown): void {
  Promise.resolve(answer).catch(() => undefined);
}

function refuseToAnswer(): never {
  throw new Touched();
}

class Touched extends TypeError {}

function toPlace(site: NodeJS.CallSite): string {
  return `${site.getFileName() ?? "native"}:${site.getLineNumber() ?? 0}:${site.getColumnNumber() ?? 0}`;
}

const untouchable = revokedProxy();

function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
