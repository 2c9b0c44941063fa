import { Server } from "rookery/core";

export function serve(): Server {
  const io = new Server(3000, { connectionStateRecovery: {} });

  io.on("connection", (socket) => {
    if (socket.recovered) return; // id, rooms and data are as they were
    void socket.join("news");
  });

  return io;
}

export function protect(io: Server, verify: (token: unknown) => { readonly id: string }): void {
  io.use((socket, next) => {
    const user = verify(socket.handshake.auth.token);
    if (socket.recovered && socket.data.userId !== user.id) {
      next(new Error("not your session"));
      return;
    }
    socket.data.userId = user.id;
    next();
  });
}
