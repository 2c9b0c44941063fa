import type { EnhancerKind } from "../container/app-tokens.js";
import type { ModuleNode } from "../container/module-node.js";
import { tokenName } from "../contracts/class.js";
import type { EnhancerRecord } from "../metadata/types.js";
import type { GlobalContract } from "./contract.js";
import { namedEnhancers } from "./parameters.js";

/** What modules provide under the `APP_…` tokens: the class's name, or the token's where no class is known. */
export function providedEnhancers(modules: readonly ModuleNode[]): GlobalContract {
  const namesOf = (wanted: EnhancerKind): readonly string[] =>
    modules.flatMap(({ enhancers, providers }) =>
      enhancers
        .filter(({ kind }) => kind === wanted)
        .map(({ token }) => tokenName(providers.get(token)?.implementation ?? token).replace(/^Symbol\((.*)\)$/, "$1")),
    );
  return {
    guards: namesOf("guards"),
    interceptors: namesOf("interceptors"),
    pipes: namesOf("pipes"),
    filters: namesOf("filters"),
  };
}

/** Puts what `useGlobal…()` was given in front of what modules provide, as it runs. */
export function withGiven(given: EnhancerRecord, provided: GlobalContract): GlobalContract {
  const { guards, interceptors, pipes, filters } = namedEnhancers(given);
  return {
    guards: [...guards.map(nameOf), ...provided.guards],
    interceptors: [...interceptors.map(nameOf), ...provided.interceptors],
    pipes: [...pipes.map(nameOf), ...provided.pipes],
    filters: [...filters.map(nameOf), ...provided.filters],
  };
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}
