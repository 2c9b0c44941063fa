export { ackAs } from "./ack-as.js";
export { Application, buildApplication } from "./application.js";
export { CLIENT_ERRORS, GatewayException } from "./client-errors.js";
export type { ClientError, ClientErrorCode, ValidationIssue } from "./client-errors.js";
export { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from "./container/app-tokens.js";
export type { ProviderOverride } from "./container/overrides.js";
export type { AbstractClass, Class, ForwardReference, InjectionToken } from "./contracts/class.js";
export { ExecutionContext } from "./contracts/execution-context.js";
export type { ExecutionKind } from "./contracts/execution-context.js";
export type { ExceptionFilter } from "./contracts/filter.js";
export type { CanActivate } from "./contracts/guard.js";
export type { HealthCheck } from "./contracts/health-check.js";
export type { Interceptor } from "./contracts/interceptor.js";
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
  ModuleExport,
  ModuleImport,
  ModuleMetadata,
  OptionalDependency,
  Provider,
  Scope,
  ValueProvider,
} from "./contracts/module.js";
export type { ArgumentMetadata, PipeTransform } from "./contracts/pipe.js";
export type { SchemaIssue, SchemaResult, StandardSchema } from "./contracts/standard-schema.js";
export type { RateLimiter, RateLimitSpec, RateLimitStore } from "./contracts/rate-limit.js";
export { Ack } from "./decorators/ack.js";
export type { AckCallback, AckOptions } from "./decorators/ack.js";
export { Catch, UseFilters, UseGuards, UseInterceptors, UsePipes } from "./decorators/enhancers.js";
export { OnAny, OnConnect, OnDisconnect, OnDisconnecting, OnEvent, OnUnhandled, Timeout } from "./decorators/events.js";
export { forwardRef } from "./decorators/forward-ref.js";
export { Inject, Injectable, Optional } from "./decorators/injectable.js";
export { Global, Module } from "./decorators/module.js";
export { Namespace } from "./decorators/namespace.js";
export { OnDispose } from "./decorators/on-dispose.js";
export {
  Auth,
  ConnectedSocket,
  createParamDecorator,
  CurrentUser,
  EventName,
  EventParam,
  Handshake,
  Headers,
  Param,
  Payload,
  Query,
  Reason,
  Rooms,
  Signal,
  SocketData,
} from "./decorators/parameters.js";
export type { PayloadArgument } from "./decorators/parameters.js";
export { Concurrency, Latest, Serial } from "./decorators/order.js";
export { SetMetadata } from "./decorators/set-metadata.js";
export { Validation } from "./decorators/validation.js";
export { RateLimit } from "./decorators/rate-limit.js";
export { toMilliseconds } from "./duration.js";
export { GATEWAY_ERRORS, GatewayError } from "./errors.js";
export type { GatewayErrorCode } from "./errors.js";
export type {
  AckContract,
  ApplicationContract,
  EnhancersContract,
  GatewayContract,
  GlobalContract,
  HandlerContract,
  HookContract,
  MethodContract,
  Named,
  NamedContract,
  NamespaceContract,
  OrderContract,
  ParameterContract,
  PayloadCheck,
  PayloadContract,
  RateLimitContract,
} from "./gateway/contract.js";
export type { EventContract, EventKind } from "./gateway/event-pattern.js";
export type { PathParams } from "./gateway/namespace-pattern.js";
export type { SourcePlace } from "./metadata/source-place.js";
export type {
  AckFormat,
  Duration,
  EventOptions,
  EventPattern,
  FilterLike,
  GuardLike,
  HookKind,
  InterceptorLike,
  NamedType,
  NamespaceOptions,
  PayloadOptions,
  PayloadType,
  PipeLike,
  RateLimitKey,
  RateLimitOptions,
  SerialKey,
} from "./metadata/types.js";
export type { CloseOptions } from "./lifecycle/close-options.js";
export type { ListenOptions } from "./lifecycle/listen.js";
export type { RateLimitsOptions, StoreFailurePolicy } from "./limits/options.js";
export { redisRateLimits } from "./limits/redis-store.js";
export type { RedisRateLimitOptions } from "./limits/redis-store.js";
export { ContextLogger } from "./observability/context-logger.js";
export type { HealthOptions } from "./observability/health-options.js";
export type { Health, Readiness } from "./observability/health.js";
export { createLogger } from "./observability/logger.js";
export type { LogLevel } from "./observability/line-format.js";
export type { LoggerOptions } from "./observability/logger.js";
export { pinoLogger } from "./observability/pino.js";
export type { PinoLike, PinoLoggerOptions } from "./observability/pino.js";
export type { ApplicationOptions } from "./options.js";
export {
  DefaultValuePipe,
  ParseBoolPipe,
  ParseEnumPipe,
  ParseFloatPipe,
  ParseIntPipe,
  ParseUUIDPipe,
} from "./pipes/parse-pipes.js";
export type { ParseOptions, ParseUUIDOptions } from "./pipes/parse-pipes.js";
export { currentContext } from "./pipeline/async-context.js";
export { namespaceToken } from "./platform.js";
export { Reflector } from "./reflector.js";
export type { MetadataDecorator, MetadataKey, MetadataTarget } from "./reflector.js";
export type { ValidationOptions } from "./validation/options.js";
