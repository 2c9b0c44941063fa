const PREFIX = "#/";

/** Which room is on the screen stands in the address: the phone's back button and bookmarks work. */
export function addressOf(room) {
  return PREFIX + encodeURIComponent(room ?? "");
}

/** Null for the list of rooms. */
export function roomInAddress() {
  try {
    return decodeURIComponent(location.hash.slice(PREFIX.length)) || null;
  } catch {
    return null;
  }
}

/** Follows what the chat decided by itself, such as a room that could not be joined. */
export function showInAddress(room) {
  if (roomInAddress() !== room) history.replaceState(null, "", addressOf(room));
}
