import type { Generator } from "./generator.js";

/** A line of the table of generators: all that the help needs, without loading the generator. */
export interface GeneratorEntry extends Pick<Generator, "kind" | "aliases" | "summary"> {
  readonly load: () => Promise<Generator>;
}

/** Every generator of Rookery's own, in the order of `rookery generate --help`. A generator is loaded when it is called. */
export const GENERATORS: readonly GeneratorEntry[] = [
  {
    kind: "gateway",
    aliases: ["ga"],
    summary: "a class that answers the events of a namespace",
    load: async () => (await import("./gateway.js")).gatewayGenerator,
  },
  {
    kind: "module",
    aliases: ["mo"],
    summary: "a module, imported by the nearest one above it",
    load: async () => (await import("./module.js")).moduleGenerator,
  },
  {
    kind: "service",
    aliases: ["s"],
    summary: "a class that others have injected",
    load: async () => (await import("./service.js")).serviceGenerator,
  },
  {
    kind: "dto",
    aliases: ["d"],
    summary: "a class that payloads are checked against",
    load: async () => (await import("./dto.js")).dtoGenerator,
  },
  {
    kind: "guard",
    aliases: ["gu"],
    summary: "a class that decides who may",
    load: async () => (await import("./guard.js")).guardGenerator,
  },
  {
    kind: "pipe",
    aliases: ["pi"],
    summary: "a class that changes arguments before they are checked",
    load: async () => (await import("./pipe.js")).pipeGenerator,
  },
  {
    kind: "interceptor",
    aliases: ["itc"],
    summary: "a class that stands around calls",
    load: async () => (await import("./interceptor.js")).interceptorGenerator,
  },
  {
    kind: "filter",
    aliases: ["f"],
    summary: "a class that decides what becomes of an error",
    load: async () => (await import("./filter.js")).filterGenerator,
  },
  {
    kind: "decorator",
    aliases: ["de"],
    summary: "a decorator for parameters of handlers",
    load: async () => (await import("./decorator.js")).decoratorGenerator,
  },
  {
    kind: "adapter",
    aliases: ["ad"],
    summary: "a class that keeps rooms and passes broadcasts on",
    load: async () => (await import("./adapter.js")).adapterGenerator,
  },
  {
    kind: "resource",
    aliases: ["res"],
    summary: "a gateway with list, get, create, update and remove, its DTOs, service, module and specs",
    load: async () => (await import("./resource.js")).resourceGenerator,
  },
];
