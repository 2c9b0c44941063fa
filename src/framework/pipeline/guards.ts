import { isThenable } from "../../common/index.js";
import type { CanActivate } from "../contracts/guard.js";
import { GatewayException } from "../client-errors.js";
import type { Step } from "./step.js";

/** Lets a call pass when the guard says `true`, and nothing else. */
export function guardStep(guard: CanActivate): Step {
  return (call) => {
    const verdict: unknown = guard.canActivate(call);
    if (isThenable(verdict)) return Promise.resolve(verdict).then(admit);
    admit(verdict);
    return undefined;
  };
}

function admit(verdict: unknown): void {
  if (verdict !== true) throw new GatewayException("FORBIDDEN");
}
