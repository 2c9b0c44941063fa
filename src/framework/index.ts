export { Application, buildApplication } from "./application.js";
export type { CloseOptions } from "./application.js";
export { CLIENT_ERRORS, GatewayException } from "./client-errors.js";
export type { ClientError, ClientErrorCode, ValidationIssue } from "./client-errors.js";
export type { ProviderOverride } from "./container/overrides.js";
export type { AbstractClass, Class, InjectionToken } from "./contracts/class.js";
export type { ExecutionContext, ExecutionKind } from "./contracts/execution-context.js";
export type { ExceptionFilter } from "./contracts/filter.js";
export type { CanActivate } from "./contracts/guard.js";
export type {
  BeforeApplicationShutdown,
  OnApplicationBootstrap,
  OnApplicationShutdown,
  OnModuleDestroy,
  OnModuleInit,
} from "./contracts/lifecycle.js";
export type {
  AliasProvider,
  ClassProvider,
  DynamicModule,
  FactoryProvider,
  ModuleImport,
  ModuleMetadata,
  OptionalDependency,
  Provider,
  Scope,
  ValueProvider,
} from "./contracts/module.js";
export { Ack } from "./decorators/ack.js";
export type { AckCallback } from "./decorators/ack.js";
export { Catch, UseFilters, UseGuards } from "./decorators/enhancers.js";
export { OnConnect, OnDisconnect, OnDisconnecting, OnEvent, Timeout } from "./decorators/events.js";
export { Inject, Injectable, Optional } from "./decorators/injectable.js";
export { Module } from "./decorators/module.js";
export { Namespace } from "./decorators/namespace.js";
export { Auth, ConnectedSocket, createParamDecorator, EventName, Payload, Reason } from "./decorators/parameters.js";
export { GATEWAY_ERRORS, GatewayError } from "./errors.js";
export type { GatewayErrorCode } from "./errors.js";
export type {
  AckContract,
  ApplicationContract,
  GatewayContract,
  HandlerContract,
  HookContract,
  MethodContract,
  Named,
  NamespaceContract,
  ParameterContract,
  PayloadCheck,
  PayloadContract,
} from "./gateway/contract.js";
export type { Duration, FilterLike, GuardLike, HookKind, PayloadOptions, PayloadType } from "./metadata/types.js";
export type { ApplicationOptions } from "./options.js";
export { namespaceToken } from "./platform.js";
export type { ValidationOptions } from "./validation/validator.js";
