import { Chat } from "./chat/chat.js";
import { BannerView } from "./views/banner.js";
import { ComposerView } from "./views/composer.js";
import { ConversationView } from "./views/conversation.js";
import { LogView } from "./views/log.js";
import { MembersView } from "./views/members.js";
import { RoomsView } from "./views/rooms.js";
import { addressOf, roomInAddress, showInAddress } from "./views/router.js";
import { SignInView } from "./views/sign-in.js";

const FIRST_ROOM = "lobby";

const chat = new Chat();
const app = document.querySelector("#app");

const views = [
  new SignInView({
    onEnter: (name) => {
      chat.enter(name);
      if (roomInAddress() === null) location.hash = addressOf(FIRST_ROOM);
      else void chat.show(roomInAddress());
    },
  }),
  new BannerView({ onRetry: () => chat.retry() }),
  new RoomsView({
    onNewRoom: (name) => {
      location.hash = addressOf(name);
    },
    onSignOut: () => chat.exit(),
  }),
  new ConversationView({ onLeave: () => chat.leave(chat.current) }),
  new LogView({ onRetry: (id) => chat.outbox.transmit(chat.room, id) }),
  new ComposerView({
    onSend: (text) => chat.outbox.add(chat.room, text),
    onTyping: (active) => chat.mentionTyping(active),
  }),
  new MembersView(),
];

chat.addEventListener("change", () => {
  const isIn = chat.phase !== "out" && chat.phase !== "entering";
  app.hidden = !isIn;
  for (const view of views) view.render(chat);
  if (isIn) showInAddress(chat.current);
  document.title = `${chat.unread > 0 ? `(${chat.unread}) ` : ""}${chat.current ?? "Rookery chat"}`;
});
addEventListener("hashchange", () => {
  if (chat.connection !== null) void chat.show(roomInAddress());
});
document.addEventListener("visibilitychange", () => chat.look());

chat.resume();
if (chat.connection !== null) void chat.show(roomInAddress());
