import type { Application, ExecutionContext, Socket } from "rookery";

class Cart {}
class Transaction {}
class Ticket {}

export async function find(app: Application, socket: Socket, context: ExecutionContext): Promise<object> {
  const cart = await app.resolve(Cart, socket); // of a connection
  const transaction = await app.resolve(Transaction, context); // of a call, in a guard or a parameter decorator
  const ticket = await app.resolve(Ticket); // a transient one; disposing of it is up to you
  return { cart, transaction, ticket };
}
