export { socketRevision4 } from "./connect.js";
export { revision3 } from "./engine-revision.js";
export { withJsonp } from "./jsonp.js";
