/** Keys of Rookery's metadata. Registered globally, so that two copies of the package read each other's records. */
export const MODULE = Symbol.for("rookery.module");
export const GLOBAL = Symbol.for("rookery.global");
export const INJECTABLE = Symbol.for("rookery.injectable");
export const INJECTIONS = Symbol.for("rookery.injections");
export const GATEWAY = Symbol.for("rookery.gateway");
export const CATCHES = Symbol.for("rookery.catches");
/** Token of a connection's handshake, which has no class; `@Handshake()` asks for it in constructors. */
export const HANDSHAKE = Symbol.for("rookery.handshake");
export const DISPOSALS = Symbol.for("rookery.disposals");
