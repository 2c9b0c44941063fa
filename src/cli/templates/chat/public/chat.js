const room = "lobby";
const chat = io("/chat", { autoConnect: false });

const entrance = document.querySelector("#entrance");
const composer = document.querySelector("#composer");

entrance.addEventListener("submit", (event) => {
  event.preventDefault();
  chat.auth = { name: entrance.elements.name.value };
  chat.connect();
});

composer.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { text } = composer.elements;
  const answer = await chat.emitWithAck("message:send", { room, text: text.value });
  if (answer.error) {
    showState(answer.error.message);
    return;
  }
  showMessage(answer);
  text.value = "";
});

// After a lost connection too: the server knows nothing of a new one.
chat.on("connect", async () => {
  const { history } = await chat.emitWithAck("room:join", { room });
  entrance.hidden = true;
  document.querySelector("#room").hidden = false;
  document.querySelector("#messages").replaceChildren();
  history.forEach(showMessage);
  showState("Connected");
  composer.elements.text.focus();
});

chat.on("connect_error", (error) => showState(error.message));
chat.on("disconnect", () => showState("Connection lost"));
chat.on("message:new", showMessage);
chat.on("room:joined", ({ name }) => showLine(`${name} has come in`, "note"));
chat.on("room:left", ({ name }) => showLine(`${name} has left`, "note"));

function showMessage({ from, text }) {
  showLine(`${from}: ${text}`);
}

/** Always as text: what others write never becomes markup. */
function showLine(text, className = "") {
  const line = document.createElement("li");
  line.textContent = text;
  line.className = className;
  document.querySelector("#messages").append(line);
}

function showState(text) {
  document.querySelector("#state").textContent = text;
}
