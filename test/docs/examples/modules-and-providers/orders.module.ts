// orders.module.ts
import {
  Ack,
  APP_GUARD,
  forwardRef,
  Inject,
  Injectable,
  Module,
  Namespace,
  OnEvent,
  Optional,
  type CanActivate,
  type ExecutionContext,
  type OnModuleInit,
} from "rookery";
import { ConfigModule, type Config } from "./config.module.js";
import { MailModule, MailService } from "./mail.module.js";

/** An abstract class is a token and a type in one. */
export abstract class OrderStore {
  abstract add(order: string): number;
}

@Injectable()
class MemoryStore extends OrderStore implements OnModuleInit {
  readonly #orders: string[] = [];

  onModuleInit(): void {
    this.#orders.push("the order of yesterday");
  }

  add(order: string): number {
    return this.#orders.push(order);
  }
}

@Injectable()
class OrderService {
  // Filled when the constructor has ended.
  @Inject() private readonly mail!: MailService;

  constructor(
    private readonly store: OrderStore,
    @Inject(forwardRef(() => StockService)) private readonly stock: { take(item: string): boolean },
    @Optional() @Inject("discount") private readonly discount?: number,
  ) {}

  order(item: string): string {
    if (!this.stock.take(item)) return "sold out";
    const number = this.store.add(item);
    this.mail.send("customer", `order ${number}`);
    return `order ${number}, discount ${this.discount ?? 0}`;
  }
}

@Injectable()
class StockService {
  readonly #taken: string[] = [];

  constructor(
    private readonly orders: OrderService,
    @Inject("config") private readonly config: Config,
  ) {}

  take(item: string): boolean {
    return this.#taken.push(item) <= this.config.limit;
  }

  reorder(): string {
    return this.orders.order("more stock");
  }
}

@Injectable()
class OpenGuard implements CanActivate {
  constructor(@Inject("config") private readonly config: Config) {}

  canActivate({ kind }: ExecutionContext): boolean {
    return kind !== "connect" || this.config.limit > 0;
  }
}

@Namespace("/orders")
class OrdersGateway {
  constructor(
    private readonly orders: OrderService,
    private readonly stock: StockService,
  ) {}

  @OnEvent("order")
  @Ack()
  order(item: string): string {
    return this.orders.order(item);
  }

  @OnEvent("reorder")
  @Ack()
  reorder(): string {
    return this.stock.reorder();
  }
}

@Module({
  imports: [
    ConfigModule,
    MailModule.forRootAsync({
      inject: ["config"],
      useFactory: ({ mailFrom }: Config) => ({ from: mailFrom }),
    }),
  ],
  providers: [
    OrdersGateway,
    OrderService,
    StockService,
    { provide: OrderStore, useClass: MemoryStore },
    { provide: "store", useExisting: OrderStore },
    { provide: APP_GUARD, useClass: OpenGuard },
  ],
})
export class OrdersModule {}
