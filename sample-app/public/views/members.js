import { showAvatar } from "./avatar.js";
import { element, setText, syncList } from "./element.js";

/** Who is in the room: a column on wide screens, a sheet that opens from the header on narrow ones. */
export class MembersView {
  #panel = document.querySelector("#members");
  #list = document.querySelector("#member-list");

  constructor() {
    matchMedia("(min-width: 68rem)").addEventListener("change", () => this.#panel.hidePopover?.());
  }

  render({ room, me }) {
    this.#panel.classList.toggle("without-room", room === null);
    const names = [...(room?.members ?? [])].sort((one, other) => one.localeCompare(other));
    const update = (node, name) => {
      showAvatar(node.firstChild, name);
      setText(node.lastChild, name === me ? "you" : "");
    };
    syncList(this.#list, names, { key: (name) => name, create: createMember, update });
  }
}

function createMember(name) {
  return element(
    "li",
    { class: "member" },
    element("span", { class: "avatar", "aria-hidden": "true" }),
    element("bdi", { class: "member-name" }, name),
    element("span", { class: "member-note" }),
  );
}
