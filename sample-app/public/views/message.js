import { showAvatar } from "./avatar.js";
import { element, icon, setText } from "./element.js";

const GROUP_MS = 5 * 60_000;
const ONLY_EMOJI = /^(?:\p{Extended_Pictographic}|\p{Emoji_Component}|\s){1,12}$/u;
const DIGIT = /[0-9#*]/;

const STATES = {
  waiting: { mark: "sending", label: "Waiting for the connection" },
  sending: { mark: "sending", label: "Sending…" },
  sent: { mark: "sent", label: "Sent" },
  delivered: { mark: "delivered", label: "Delivered" },
  failed: { mark: "failed", label: "Not sent" },
};

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const calendar = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

export function createMessage({ id, from, text }) {
  const body = element("p", { class: "message-text", dir: "auto" }, text);
  if (ONLY_EMOJI.test(text) && !DIGIT.test(text)) body.classList.add("only-emoji");
  return element(
    "li",
    { class: "message", "data-id": id },
    element("p", { class: "day" }),
    element("span", { class: "avatar", "aria-hidden": "true" }),
    element("bdi", { class: "message-from" }, from),
    element(
      "div",
      { class: "bubble" },
      body,
      element("p", { class: "message-foot" }, element("time"), element("span", { class: "state" })),
    ),
    element("p", { class: "message-error", hidden: "" }),
  );
}

/** `previous` is the message above: the name and the day are not said twice. */
export function updateMessage(node, { message, previous, me }) {
  const [day, avatar, , bubble, error] = node.children;
  const isMine = message.from === me;
  node.classList.toggle("mine", isMine);
  node.classList.toggle("continues", continues(message, previous));
  showDay(day, message, previous);
  showAvatar(avatar, message.from);
  const [time, state] = bubble.lastChild.children;
  time.dateTime = new Date(message.sentAt).toISOString();
  setText(time, clock.format(message.sentAt));
  if (isMine) showState(node, state, message.state ?? "sent");
  showError(error, message);
}

function continues(message, previous) {
  if (previous === undefined || !isSameDay(message, previous)) return false;
  return previous.from === message.from && message.sentAt - previous.sentAt < GROUP_MS;
}

function isSameDay(one, other) {
  return new Date(one.sentAt).toDateString() === new Date(other.sentAt).toDateString();
}

function showDay(node, message, previous) {
  node.hidden = previous !== undefined && isSameDay(message, previous);
  const isToday = isSameDay(message, { sentAt: Date.now() });
  setText(node, isToday ? "Today" : calendar.format(message.sentAt));
}

function showState(node, place, state) {
  if (node.dataset.state === state) return;
  node.dataset.state = state;
  const { mark, label } = STATES[state];
  place.title = label;
  place.replaceChildren(icon(mark), element("span", { class: "visually-hidden" }, label));
}

function showError(node, { state, reason }) {
  const isShown = state === "failed";
  if (node.hidden === !isShown && node.dataset.reason === reason) return;
  node.hidden = !isShown;
  node.dataset.reason = reason;
  const retry = element("button", { type: "button", class: "link-button", "data-retry": "" }, "Send again");
  node.replaceChildren(`Not sent. ${reason ?? ""} `, retry);
}
