import type { ModuleMetadata } from "../contracts/module.js";
import { MODULE } from "../metadata/keys.js";
import { setRecord } from "../metadata/store.js";

/**
 * Groups providers. What a module does not export, no other module can inject; gateways among its providers are found by
 * themselves.
 */
export function Module(metadata: ModuleMetadata = {}): ClassDecorator {
  return (target) => {
    setRecord(MODULE, target as unknown as new () => object, metadata);
  };
}
