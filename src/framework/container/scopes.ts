import { isThenable, type Logger } from "../../common/index.js";
import type { Socket } from "../../core.js";
import { tokenName } from "../contracts/class.js";
import { GatewayError } from "../errors.js";
import type { Box, BoxOrPromise } from "./box.js";
import { disposeAll, isDisposable, type DisposableInstance } from "./disposal.js";
import type { Lifetime } from "./lifetimes.js";
import { Debts, makeInstance } from "./maker.js";
import type { ProviderLinks } from "./links.js";
import type { ProviderNode, Subject } from "./provider-node.js";

/** What scopes need of the container around them. */
export interface ScopeContext {
  readonly singleton: (provider: ProviderNode) => Box;
  readonly logger: Logger;
}

/** The instances of one connection or of one call. */
class Instances {
  readonly boxes = new Map<ProviderNode, BoxOrPromise>();
  readonly disposables: DisposableInstance[] = [];
  hasEnded = false;
}

/** On the socket or the call itself: a WeakMap would cost a message more than everything else that is done for its scope. */
const INSTANCES = Symbol("instances");

interface Scoped {
  [INSTANCES]?: Instances;
}

/** Where one resolution looks for instances. */
class Frame {
  readonly subject: Subject | undefined;
  readonly connection: Instances | undefined;
  readonly message: Instances | undefined;
  readonly debts = new Debts();

  constructor(subject: Subject | undefined) {
    this.subject = subject;
    const own = (subject as Scoped | undefined)?.[INSTANCES];
    const isOfConnection = subject === undefined || isSocket(subject);
    this.connection = isOfConnection ? own : (subject.socket as Scoped)[INSTANCES];
    this.message = isOfConnection ? undefined : own;
  }
}

/** Who disposes of transient instances: the scope that asked for them; without one they are the caller's. */
type Owner = Instances | undefined;

/**
 * The instances of scope `connection` and `message`, made when they are first asked for. What a provider needs was
 * found out at start, so a scope is a map and no container; it is held by its socket or call alone and goes with it.
 */
export class Scopes {
  readonly #context: ScopeContext;
  #links: ProviderLinks = new Map();
  #lifetimes: ReadonlyMap<ProviderNode, Lifetime> = new Map();
  #used: ReadonlySet<Lifetime> = new Set();

  constructor(context: ScopeContext) {
    this.#context = context;
  }

  /** Whether any provider has scope `connection`; without one nothing has to be opened for a socket. */
  get hasConnections(): boolean {
    return this.#used.has("connection");
  }

  /** Whether any provider has scope `message`; without one nothing has to be opened for a call. */
  get hasMessages(): boolean {
    return this.#used.has("message");
  }

  /** Learns what instances are made of. */
  plan(links: ProviderLinks, lifetimes: ReadonlyMap<ProviderNode, Lifetime>): void {
    this.#links = links;
    this.#lifetimes = lifetimes;
    this.#used = new Set([...lifetimes].flatMap(([provider, own]) => (provider.read === undefined ? [own] : [])));
  }

  isOpen(subject: Subject): boolean {
    return (subject as Scoped)[INSTANCES]?.hasEnded === false;
  }

  open(subject: Subject): void {
    (subject as Scoped)[INSTANCES] = new Instances();
  }

  /**
   * Ends a scope and disposes of its instances, the last made first.
   *
   * @returns a promise that never rejects when there is something to wait for.
   */
  close(subject: Subject): Promise<void> | undefined {
    const instances = (subject as Scoped)[INSTANCES];
    if (instances === undefined || instances.hasEnded) return undefined;
    instances.hasEnded = true;
    instances.boxes.clear();
    const disposables = instances.disposables.splice(0);
    return disposables.length === 0 ? undefined : disposeAll(disposables, this.#context.logger);
  }

  /**
   * The instance of `provider` that a socket or a call has, made now if it is not there yet. A transient provider has one
   * for each connection or call too, whichever it depends on.
   *
   * @returns the instance, or a promise of it when something on the way is asynchronous.
   * @throws GatewayError `GATEWAY_NO_SCOPE`
   */
  instanceOf(provider: ProviderNode, subject: Subject): unknown {
    const isOfMessage = (provider.scope === "transient" ? this.#lifetimes.get(provider) : provider.scope) === "message";
    const key = isOfMessage || isSocket(subject) ? subject : subject.socket;
    const box =
      (key as Scoped)[INSTANCES]?.boxes.get(provider) ??
      this.#make(provider, isOfMessage ? "message" : "connection", subject);
    return isThenable(box) ? handled(box.then(({ value }) => value)) : box.value;
  }

  /** What a token means for a socket, a call or nobody in particular. @throws GatewayError `GATEWAY_NO_SCOPE` */
  resolve(provider: ProviderNode, subject: Subject | undefined): BoxOrPromise {
    const frame = new Frame(subject);
    return this.#settle(this.#resolve(provider, frame, undefined), frame);
  }

  #make(provider: ProviderNode, scope: "connection" | "message", subject: Subject): BoxOrPromise {
    const frame = new Frame(subject);
    return this.#settle(this.#kept(provider, scope, frame), frame);
  }

  #settle(box: BoxOrPromise, frame: Frame): BoxOrPromise {
    const { debts } = frame;
    if (debts.areNone && !isThenable(box)) return box;
    const settle = (): Promise<void> | undefined => debts.settle((other) => this.#resolve(other, frame, undefined));
    if (!isThenable(box)) {
      const settling = settle();
      return settling === undefined ? box : handled(settling.then(() => box));
    }
    const settled = box.then(async (made) => {
      await settle();
      return made;
    });
    return handled(settled);
  }

  #resolve(provider: ProviderNode, frame: Frame, owner: Owner): BoxOrPromise {
    const { scope } = provider;
    if (provider.read !== undefined) return { value: provider.read(subjectOf(provider, frame)) };
    if (provider.isAlias) return this.#resolve(this.#target(provider), frame, owner);
    if (scope === "singleton") return this.#context.singleton(provider);
    return scope === "transient" ? this.#create(provider, frame, owner) : this.#kept(provider, scope, frame);
  }

  #kept(provider: ProviderNode, scope: "connection" | "message", frame: Frame): BoxOrPromise {
    const home = frame[scope];
    if (home === undefined || home.hasEnded) throw noScope(provider, scope);
    const known = home.boxes.get(provider);
    if (known !== undefined) return known;
    const made = this.#create(provider, frame, home);
    const box = isThenable(made) ? made.then((late) => stillOpen(late, provider, home)) : made;
    home.boxes.set(provider, box);
    // The next one who asks tries again.
    if (isThenable(box)) box.catch(() => home.boxes.delete(provider));
    return box;
  }

  #target(alias: ProviderNode): ProviderNode {
    return this.#links.get(alias)?.[0]?.provider ?? alias;
  }

  #create(provider: ProviderNode, frame: Frame, owner: Owner): BoxOrPromise {
    const links = this.#links.get(provider) ?? [];
    const boxes = links.map((link) =>
      link.provider === undefined || link.isDeferred ? undefined : this.#resolve(link.provider, frame, owner),
    );
    const make = (needed: readonly (Box | undefined)[]): BoxOrPromise =>
      makeInstance(
        provider,
        links,
        needed.map((box) => box?.value),
        frame.debts,
      );
    const made = boxes.some(isThenable)
      ? Promise.all(boxes as Promise<Box | undefined>[]).then(make)
      : make(boxes as (Box | undefined)[]);
    return isThenable(made)
      ? handled(made.then((box) => this.#own(provider, box, owner)))
      : this.#own(provider, made, owner);
  }

  #own(provider: ProviderNode, box: Box, owner: Owner): Box {
    if (!provider.isMade || owner === undefined || !isDisposable(box.value)) return box;
    const disposable = { provider, value: box.value };
    if (owner.hasEnded) void disposeAll([disposable], this.#context.logger);
    else owner.disposables.push(disposable);
    return box;
  }
}

/** What took so long that its scope has ended meanwhile has been disposed of: nobody may use it. */
function stillOpen(box: Box, provider: ProviderNode, home: Instances): Box {
  if (home.hasEnded) throw noScope(provider, provider.scope);
  return box;
}

/** A call reads for its socket too. */
function subjectOf(provider: ProviderNode, { subject }: Frame): Subject {
  if (subject !== undefined && (provider.scope === "connection" || !isSocket(subject))) return subject;
  throw noScope(provider, provider.scope);
}

function isSocket(subject: Subject): subject is Socket {
  return !("getHandler" in subject);
}

/** What nobody waits for any more, because something else failed first, must not count as unhandled. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

function noScope(provider: ProviderNode, scope: string): GatewayError {
  return new GatewayError("GATEWAY_NO_SCOPE", { values: { token: tokenName(provider.token), scope } });
}
