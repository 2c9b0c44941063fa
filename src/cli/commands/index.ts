import type { CommandEntry } from "../command.js";

/** Every command, in the order of `rookery --help`. A command is loaded when it is called. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "new",
    alias: "n",
    summary: "Make a new project",
    load: async () => (await import("./new.js")).newCommand,
  },
  {
    name: "generate",
    alias: "g",
    summary: "Write a gateway, a module, a DTO and the like, and register it",
    load: async () => (await import("./generate.js")).generateCommand,
  },
  {
    name: "build",
    alias: "b",
    summary: "Check, compile and copy what makes an app",
    load: async () => (await import("./build.js")).buildCommand,
  },
  {
    name: "start",
    alias: "s",
    summary: "Build an app and run it, once or anew after every change",
    load: async () => (await import("./start.js")).startCommand,
  },
  {
    name: "routes",
    alias: "r",
    summary: "Show what an app serves: namespaces, events, payloads, guards, limits",
    load: async () => (await import("./routes.js")).routesCommand,
  },
  {
    name: "doctor",
    summary: "Look for what breaks Rookery apps, and say how to mend it",
    load: async () => (await import("./doctor.js")).doctorCommand,
  },
  {
    name: "info",
    alias: "i",
    summary: "Show versions of the system, of rookery and of what works with it",
    load: async () => (await import("./info.js")).infoCommand,
  },
  {
    name: "completion",
    summary: "Write a completion script for bash, zsh or fish",
    load: async () => (await import("./completion.js")).completionCommand,
  },
];
