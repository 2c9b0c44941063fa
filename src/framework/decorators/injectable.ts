import type { ForwardReference, InjectionToken } from "../contracts/class.js";
import type { Scope } from "../contracts/module.js";
import { INJECTABLE } from "../metadata/keys.js";
import { injectionRecord } from "../metadata/records.js";
import { callerOf } from "../metadata/source-place.js";
import { setRecord } from "../metadata/store.js";

/**
 * Marks a class whose constructor the container fills; the mark makes the compiler write down the parameter types. Gateways
 * and enhancers take it for a `scope` other than `singleton`.
 */
export function Injectable(options: { readonly scope?: Scope } = {}): ClassDecorator {
  const place = callerOf(Injectable);
  return (target) => {
    place.describe({ decorator: "Injectable", owner: target.name, member: undefined });
    setRecord(INJECTABLE, target as unknown as new () => object, { scope: options.scope, place });
  };
}

/**
 * Asks for `token` where the type says nothing: interfaces, values, aliases. On a constructor parameter or a property;
 * properties are filled when the constructor has ended.
 *
 * @param given - left out, the type is the token, which makes a property one that the container fills.
 */
export function Inject(
  ...given: [token?: InjectionToken | ForwardReference<InjectionToken>]
): ParameterDecorator & PropertyDecorator {
  return (target: object, property: string | symbol | undefined, index?: number) => {
    const record = injectionRecord(target, placeOf(property, index));
    record.token = given[0];
    // An import cycle leaves the token undefined at load time.
    record.isTokenMissing = given.length > 0 && given[0] === undefined;
  };
}

/** `undefined` instead of a failed start when nobody provides what the parameter or property asks for. */
export function Optional(): ParameterDecorator & PropertyDecorator {
  return (target: object, property: string | symbol | undefined, index?: number) => {
    injectionRecord(target, placeOf(property, index)).isOptional = true;
  };
}

function placeOf(property: string | symbol | undefined, index: number | undefined): number | string | symbol {
  return index ?? property ?? 0;
}
