import { setNote } from "../metadata/store.js";

/**
 * Notes something on a handler or a gateway, for guards and interceptors to read by `Reflector`. A method that overrides
 * another keeps what is noted there, unless it says it anew.
 *
 * @param key - under which it is read; `Reflector.createDecorator` needs none, and knows the type of the value.
 * @example const Public = () => SetMetadata("public", true);
 */
export function SetMetadata(key: string | symbol, value: unknown): ClassDecorator & MethodDecorator {
  return (target: object, _method?: string | symbol, descriptor?: PropertyDescriptor) => {
    setNote(key, (descriptor?.value as object | undefined) ?? target, value);
  };
}
