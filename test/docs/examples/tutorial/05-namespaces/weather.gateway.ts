// weather.gateway.ts
import { Ack, GatewayException, Namespace, OnConnect, OnEvent, Param, Socket } from "rookery";

const DEGREES = new Map([
  ["oslo", -3],
  ["rome", 18],
]);

@Namespace("/weather/:city")
export class WeatherGateway {
  @OnConnect()
  check(@Param("city") city: string): void {
    if (!DEGREES.has(city)) throw new GatewayException("NOT_FOUND", `Nobody measures in ${city}.`);
  }

  @OnEvent("now")
  @Ack()
  now(@Param("city") city: string): string {
    return `${DEGREES.get(city) ?? 0} degrees in ${city}`;
  }

  @OnEvent("measure")
  measure(degrees: number, @Param("city") city: string, socket: Socket): void {
    DEGREES.set(city, degrees);
    socket.nsp.emit("measured", degrees);
  }
}
