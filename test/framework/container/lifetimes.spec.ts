import {
  Application,
  ExecutionContext,
  GatewayError,
  Handshake,
  Inject,
  Injectable,
  Namespace,
  Socket,
  type OnModuleInit,
} from "rookery";
import { moduleOf } from "../support/applications.js";

async function refusal(...providers: unknown[]): Promise<GatewayError> {
  const error: unknown = await Application.create(moduleOf({ providers: providers as never[] })).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!GatewayError.is(error)) throw error;
  return error;
}

@Injectable({ scope: "connection" })
class Session {}

@Injectable({ scope: "message" })
class Work {
  constructor(readonly session: Session) {}
}

describe("a scope that is too narrow", () => {
  it("is refused of a singleton, a gateway too, with the place and the mend", async () => {
    @Namespace()
    class ChatGateway {
      constructor(readonly session: Session) {}
    }

    const error = await refusal(ChatGateway, Session);
    expect(error.code).toBe("GATEWAY_NARROW_SCOPE");
    expect(error.message).toMatch(
      /^ChatGateway \(test.+\.spec\.ts:\d+\) of TestModule has scope "singleton" and needs Session as constructor parameter 1, /,
    );
    expect(error.message).toMatch(
      /which serves one connection only: it would keep that of its first client for all of them$/,
    );
    expect(error.mend).toBe(
      'Give it the scope too, @Injectable({ scope: "connection" }); or hand it what it needs when its methods are called.',
    );
  });

  it("is refused of a connection that needs a message", async () => {
    @Injectable({ scope: "connection" })
    class Log {
      @Inject() readonly work!: Work;
    }

    const error = await refusal(Log, Work, Session);
    expect(error.message).toMatch(
      /^Log \(.+\) of TestModule has scope "connection" and needs Work as property work, which .* message/,
    );
  });

  it("is seen through transient providers and aliases, which are as short-lived as what they need", async () => {
    @Injectable({ scope: "transient" })
    class Helper {
      constructor(@Inject("alias") readonly session: object) {}
    }

    const alias = { provide: "alias", useExisting: Session };
    const factory = { provide: "service", useFactory: () => 1, inject: [Helper] };
    const error = await refusal(factory, Helper, alias, Session);
    expect(error.message).toMatch(
      /^"service" of TestModule .* needs Helper as inject\[0\] \(through "alias" > Session\), which serves one connection/,
    );
  });

  it("is that of a socket, a handshake and a call", async () => {
    @Injectable()
    class NeedsSocket {
      constructor(readonly socket: Socket) {}
    }

    @Injectable()
    class NeedsHandshake {
      constructor(@Handshake() readonly handshake: Handshake) {}
    }

    @Injectable({ scope: "connection" })
    class NeedsContext {
      constructor(readonly context: ExecutionContext) {}
    }

    for (const provider of [NeedsSocket, NeedsHandshake, NeedsContext]) {
      expect((await refusal(provider)).code).toBe("GATEWAY_NARROW_SCOPE");
    }
  });
});

describe("a hook of the application", () => {
  it("is refused where it would never run", async () => {
    @Injectable({ scope: "connection" })
    class Eager implements OnModuleInit {
      onModuleInit(): void {
        // It is never reached.
      }
    }

    const error = await refusal(Eager);
    expect(error.code).toBe("GATEWAY_SCOPED_HOOK");
    expect(error.message).toMatch(
      /^onModuleInit of Eager \(.+\) would never run: the class is made for each connection$/,
    );
  });
});
