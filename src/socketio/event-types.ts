/* Types of typed events, under socket.io's names: a typed socket.io program compiles unchanged. */

/** Events by name; the value is the listener's signature. */
export interface EventsMap {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- any signature is allowed: users give their own
  [event: string]: any;
}

/** Events when the user declares none: any name, any arguments. */
export interface DefaultEventsMap {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- nothing is known of undeclared events
  [event: string]: (...args: any[]) => void;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- matches every function, for inference only
type AnyFunction = (...args: any[]) => unknown;

/** Names of declared events. */
export type EventNames<Events extends EventsMap> = keyof Events & string;

/** Arguments of one event. */
export type EventParams<Events extends EventsMap, Name extends EventNames<Events>> = Parameters<Events[Name]>;

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what is not declared stays unchecked, as in socket.io
type Undeclared = any;

type IsAny<Type> = 0 extends 1 & Type ? true : false;

/** The last item of a list of types: an event's acknowledgement. */
export type Last<List extends unknown[]> = List extends [...unknown[], infer Item] ? Item : Undeclared;

/** The items before the last: an event's arguments without its acknowledgement. */
export type AllButLast<List extends unknown[]> = List extends [...infer Items, unknown] ? Items : Undeclared[];

/** Whether an acknowledgement declares an error in front, as it has after `timeout()`; `any` declares nothing. */
type BeginsWithError<Args extends unknown[]> = Args extends [infer First, ...unknown[]]
  ? IsAny<First> extends true
    ? false
    : [First] extends [Error]
      ? true
      : false
  : false;

/** First argument of an acknowledgement, after the error that `timeout()` puts in front. */
export type FirstNonErrorArg<Ack> = Ack extends (...args: infer Args) => unknown
  ? BeginsWithError<Args> extends true
    ? Args[1]
    : Args[0]
  : Undeclared;

/** What an awaited broadcast comes to: one response per client. */
export type AckResponses<Ack> = IsAny<Ack> extends true ? Undeclared : FirstNonErrorArg<Ack>[];

/** Names of the events whose last argument is an acknowledgement. */
export type EventNamesWithAck<Events extends EventsMap> = {
  [Name in EventNames<Events>]: string extends Name
    ? Name
    : Parameters<Events[Name]> extends []
      ? never
      : Last<Required<Parameters<Events[Name]>>> extends AnyFunction
        ? Name
        : never;
}[EventNames<Events>];

type PrependError<Ack> = Ack extends (...args: infer Args) => infer Result
  ? BeginsWithError<Args> extends true
    ? Ack
    : (error: Error, ...args: Args) => Result
  : Ack;

type PrependErrorAndCollect<Ack> = Ack extends (...args: never[]) => infer Result
  ? (error: Error, responses: FirstNonErrorArg<Ack>[]) => Result
  : Ack;

type Collect<Ack> = Ack extends (...args: infer Args) => infer Result
  ? BeginsWithError<Args> extends true
    ? (error: Error, responses: FirstNonErrorArg<Ack>[]) => Result
    : (responses: FirstNonErrorArg<Ack>[]) => Result
  : Ack;

/** The same list of arguments with another acknowledgement. */
type WithAck<Args extends unknown[], Ack> = Args extends [...infer Items, unknown] ? [...Items, Ack] : Args;

/** Events after `timeout()`: acknowledgements get an error first. */
export type DecorateAcknowledgements<Events extends EventsMap> = {
  [Name in keyof Events]: Events[Name] extends (...args: infer Args) => infer Result
    ? (...args: WithAck<Args, PrependError<Last<Args>>>) => Result
    : Events[Name];
};

/** Events of a broadcast, with `timeout()` or without: an error, then one response per client. */
export type DecorateAcknowledgementsWithTimeoutAndMultipleResponses<Events extends EventsMap> = {
  [Name in keyof Events]: Events[Name] extends (...args: infer Args) => infer Result
    ? (...args: WithAck<Args, PrependErrorAndCollect<Last<Args>>>) => Result
    : Events[Name];
};

/** Events of a broadcast: one response per client. */
export type DecorateAcknowledgementsWithMultipleResponses<Events extends EventsMap> = {
  [Name in keyof Events]: Events[Name] extends (...args: infer Args) => infer Result
    ? (...args: WithAck<Args, Collect<Last<Args>>>) => Result
    : Events[Name];
};

/** Events whose acknowledgements are taken away. */
export type RemoveAcknowledgements<Events extends EventsMap> = {
  [Name in keyof Events]: Events[Name] extends (...args: infer Args) => infer Result
    ? (...args: Last<Args> extends AnyFunction ? AllButLast<Args> : Args) => Result
    : Events[Name];
};

/** Names that listeners of an emitter may use: the user's events and the emitter's own. */
export type ListenerNames<Own extends EventsMap, User extends EventsMap> = EventNames<Own> | EventNames<User>;

/** Signature of a listener: the emitter's own events win over the user's. */
export type ListenerOf<Own extends EventsMap, User extends EventsMap, Name extends ListenerNames<Own, User>> =
  Name extends EventNames<Own> ? Own[Name] : Name extends EventNames<User> ? User[Name] : never;
