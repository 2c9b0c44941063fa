import { showAvatar } from "./avatar.js";
import { element, setText, syncList } from "./element.js";
import { addressOf } from "./router.js";

/** The sidebar: rooms, a form for a new one, and who I am. */
export class RoomsView {
  #joined = document.querySelector("#joined-rooms");
  #open = document.querySelector("#open-rooms");
  #openSection = document.querySelector("#other-rooms-section");
  #hint = document.querySelector("#no-joined-rooms");
  #form = document.querySelector("#new-room");
  #notice = document.querySelector("#new-room-error");
  #myName = document.querySelector("#my-name");
  #myAvatar = document.querySelector("#my-avatar");

  constructor({ onNewRoom, onSignOut }) {
    const input = this.#form.elements.namedItem("room");
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (input.value.trim() === "") return;
      onNewRoom(input.value);
      input.value = "";
    });
    document.querySelector("#sign-out").addEventListener("click", onSignOut);
  }

  render(chat) {
    const members = new Map(chat.rooms.map((room) => [room.name, room.members]));
    const joined = [...chat.joined.values()].map(({ name, unread }) => ({ name, unread, members: members.get(name) }));
    const open = chat.rooms.filter(({ name }) => !chat.joined.has(name));
    this.#showList(this.#joined, joined, chat.current);
    this.#showList(this.#open, open, chat.current);
    this.#openSection.hidden = open.length === 0;
    this.#hint.hidden = joined.length > 0;
    setText(this.#notice, chat.notice);
    setText(this.#myName, chat.me);
    showAvatar(this.#myAvatar, chat.me);
  }

  #showList(list, rooms, current) {
    const update = (item, room) => {
      updateRoom(item.firstChild, room, room.name === current);
    };
    syncList(list, rooms, { key: ({ name }) => name, create: createRoom, update });
  }
}

function createRoom({ name }) {
  const link = element(
    "a",
    { class: "room-link", href: addressOf(name) },
    element("span", { class: "room-name", dir: "auto" }, name),
    element("span", { class: "unread" }),
    element("span", { class: "room-members" }),
  );
  return element("li", { "data-room": name }, link);
}

function updateRoom(link, { name, unread = 0, members = 0 }, isCurrent) {
  const [, badge, count] = link.children;
  if (isCurrent) link.setAttribute("aria-current", "page");
  else link.removeAttribute("aria-current");
  badge.hidden = unread === 0;
  setText(badge, unread > 99 ? "99+" : String(unread));
  setText(count, members === 0 ? "empty" : String(members));
  const people = members === 0 ? "empty" : `${members} ${members === 1 ? "person" : "people"}`;
  link.setAttribute("aria-label", unread > 0 ? `${name}, ${unread} unread, ${people}` : `${name}, ${people}`);
}
