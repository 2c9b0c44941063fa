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

/** First argument of an acknowledgement, after the error that `timeout()` puts in front. */
export type FirstNonErrorArg<Ack> =
  IsAny<Ack> extends true
    ? Undeclared
    : Ack extends (error: Error, value: infer Value, ...rest: never[]) => unknown
      ? Value
      : Ack extends (value: infer Value, ...rest: never[]) => unknown
        ? Value
        : Undeclared;

/** First argument of an acknowledgement that begins with an error; unknown when it does not. */
type ArgAfterError<Ack> = Ack extends (error: Error, value: infer Value, ...rest: never[]) => unknown ? Value : unknown;

/** What an awaited broadcast comes to: one response per client. After `timeout()` the signature says so itself. */
export type AckResponses<Ack> =
  IsAny<Ack> extends true
    ? Undeclared
    : unknown extends ArgAfterError<Ack>
      ? FirstNonErrorArg<Ack>[]
      : ArgAfterError<Ack>;

/** What one client of a broadcast answers. */
export type AckValue<Ack> =
  IsAny<Ack> extends true
    ? Undeclared
    : unknown extends ArgAfterError<Ack>
      ? FirstNonErrorArg<Ack>
      : ArgAfterError<Ack> extends (infer Value)[]
        ? Value
        : ArgAfterError<Ack>;

/** Names of the events whose last argument is an acknowledgement. */
export type EventNamesWithAck<Events extends EventsMap> = {
  [Name in EventNames<Events>]: string extends Name
    ? Name
    : Last<Parameters<Events[Name]>> extends AnyFunction
      ? Name
      : never;
}[EventNames<Events>];

type PrependError<Ack> = Ack extends (...args: infer Args) => infer Result
  ? (error: Error, ...args: Args) => Result
  : Ack;

type PrependErrorAndCollect<Ack> = Ack extends (...args: infer Args) => infer Result
  ? (error: Error, responses: Args[0][]) => Result
  : Ack;

type Collect<Ack> = Ack extends (...args: infer Args) => infer Result ? (responses: Args[0][]) => Result : Ack;

/** The same list of arguments with another acknowledgement. */
type WithAck<Args extends unknown[], Ack> = Args extends [...infer Items, unknown] ? [...Items, Ack] : Args;

/** Events after `timeout()`: acknowledgements get an error first. */
export type DecorateAcknowledgements<Events extends EventsMap> = {
  [Name in keyof Events]: Events[Name] extends (...args: infer Args) => infer Result
    ? (...args: WithAck<Args, PrependError<Last<Args>>>) => Result
    : Events[Name];
};

/** Events of a broadcast after `timeout()`: an error, then one response per client. */
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
