// connection.gateway.ts
import { ContextLogger, GatewayException, Namespace, OnConnect, OnDisconnect, Query, Reason, Socket } from "rookery";

@Namespace("/")
export class ConnectionGateway {
  constructor(private readonly log: ContextLogger) {}

  @OnConnect()
  greet(socket: Socket, @Query("name") name: string | undefined): void {
    if (!name) throw new GatewayException("UNAUTHENTICATED", "Tell us your name first.");
    this.log.info("connected", { id: socket.id, name });
    socket.data.name = name;
    socket.emit("welcome", `Hello ${name}!`);
  }

  @OnDisconnect()
  farewell(socket: Socket, @Reason() reason: string): void {
    this.log.info("disconnected", { id: socket.id, name: socket.data.name, reason });
  }
}
