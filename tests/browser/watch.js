/*
 * Put into every page and frame of a test before anything else of it: notes whether the app has answered the last
 * request of the page, and whether the map has drawn the last scene, so that a test can wait for just that.
 */
(() => {
  "use strict";

  // whoever opens a page of a test comes for the first time, though what other pages have fetched is still there
  if (window === window.top && location.protocol === "http:" && !sessionStorage.getItem("pramshed-came")) {
    localStorage.clear();
    sessionStorage.setItem("pramshed-came", "yes");
  }

  // nothing in the page moves by itself: to draw it sixty times a second takes Chromium longer than all of its answers
  if (window === window.top) {
    const still = document.createElement("style");
    still.textContent = "*, ::before, ::after { animation-duration: 0s !important; transition: none !important }";
    document.addEventListener("DOMContentLoaded", () => document.head.append(still));
  }

  const watch = (window.pramshedWatch = { app: "asked", files: 0, drawing: 0, drawn: 0, timers: new Set(), pings: 0 });
  const [RERUN_SCRIPT, FILE_URLS_REQUEST] = [11, 16]; // of Streamlit's BackMsg; of its ForwardMsg:
  const [NEW_SESSION, SCRIPT_FINISHED, FILE_URLS_RESPONSE] = [4, 6, 19];
  const FINISHED_EARLY_FOR_RERUN = 2;

  /** The outermost fields of a protobuf message: number, and value where it is a whole number. */
  function* fields(bytes) {
    let at = 0;
    const number = () => {
      for (let [value, scale] = [0, 1]; ; scale *= 128) {
        const byte = bytes[at++];
        value += (byte & 127) * scale;
        if (byte < 128) return value;
      }
    };
    while (at < bytes.length) {
      const key = number();
      if (key % 8 === 0) yield [key >> 3, number()];
      else {
        const length = { 1: 8, 2: 0, 5: 4 }[key % 8] || number();
        yield [key >> 3, null];
        at += length;
      }
    }
  }

  function sent(bytes) {
    for (const [field] of fields(bytes)) {
      if (field === RERUN_SCRIPT) watch.app = "asked";
      if (field === FILE_URLS_REQUEST) watch.files += 1;
    }
  }

  /** A file is asked for a place, and then sent; what follows from either has begun a moment later. */
  const fileDone = () => setTimeout(() => (watch.files -= 1), 20);
  const { send } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.send = function (...given) {
    watch.files += 1;
    this.addEventListener("loadend", fileDone);
    send.apply(this, given);
  };

  function received(bytes) {
    for (const [field, value] of fields(bytes)) {
      if (field === NEW_SESSION) watch.app = "running";
      if (field === FILE_URLS_RESPONSE) fileDone();
      const finished = field === SCRIPT_FINISHED && value !== FINISHED_EARLY_FOR_RERUN;
      if (finished && watch.app === "running") watch.app = "done";
    }
  }

  window.WebSocket = class extends window.WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({ data }) => data instanceof ArrayBuffer && received(new Uint8Array(data)));
    }
    send(data) {
      if (data instanceof Uint8Array) sent(data);
      super.send(data);
    }
  };

  if (window !== window.top) {
    // streamlit-folium passes a click on after a quarter of a second, and Leaflet ends a movement by a timer
    const { setTimeout: later, clearTimeout: never } = window;
    const noted = (act, delay = 0, ...given) => {
      if (delay > 1000) return later(act, delay, ...given);
      const done = () => later(() => watch.timers.delete(id), 20); // after the message that it may have sent
      const run = () => {
        try {
          act(...given);
        } finally {
          done();
        }
      };
      const id = later(run, delay);
      watch.timers.add(id);
      return id;
    };
    const forgotten = (id) => {
      watch.timers.delete(id);
      never(id);
    };
    Object.assign(window, { setTimeout: noted, clearTimeout: forgotten });
    window.addEventListener("message", ({ data }) => (watch.pings += data === "pramshed-ping"));
    let ours;
    Object.defineProperty(window, "pramshed", {
      get: () => ours,
      set(value) {
        ours = value;
        const { draw } = value;
        if (!draw) return;
        value.draw = async (...scene) => {
          watch.drawing += 1;
          await draw(...scene);
          watch.drawing -= 1;
          watch.drawn += 1;
        };
      },
    });
  }

  const maps = () =>
    [...document.querySelectorAll("iframe[src*=streamlit_folium]")].map((frame) => frame.contentWindow.pramshedWatch);
  const moving = (map) => !map || !map.drawn || map.drawing > 0 || map.timers.size > 0;
  const app = () => document.querySelector("[data-testid=stApp]")?.dataset.testScriptState;
  const busy = () =>
    app() !== "notRunning" ||
    watch.app !== "done" ||
    watch.files > 0 ||
    document.querySelector("[data-testid=stSkeleton], [data-testid=stFileChipIconSpinner]") !== null ||
    [...document.images].some((image) => !image.complete) ||
    maps().some(moving);
  const pause = (milliseconds) => new Promise((go) => setTimeout(go, milliseconds));
  const frame = () => Promise.race([new Promise((go) => requestAnimationFrame(() => setTimeout(go))), pause(1000)]);

  /** What is still going on, for a test that has waited in vain. */
  watch.said = () =>
    JSON.stringify({
      script: app(),
      app: watch.app,
      files: watch.files,
      skeletons: document.querySelectorAll("[data-testid=stSkeleton]").length,
      images: [...document.images].filter((image) => !image.complete).map((image) => image.src.slice(0, 90)),
      maps: maps().map((map) => map && [map.drawn, map.drawing, map.timers.size]),
    });

  /** Whether the app has answered, the page shows it, and its maps are drawn; a round after the app's last message. */
  watch.atRest = async () => {
    await frame();
    if (busy()) return pause(40).then(() => false);
    // a map that answers has received whatever the page sent before
    const pinged = maps();
    const before = pinged.map((map) => map.pings);
    for (const box of document.querySelectorAll("iframe[src*=streamlit_folium]")) {
      box.contentWindow.postMessage("pramshed-ping", "*");
    }
    for (let i = 0; i < 100 && pinged.some((map, place) => map.pings === before[place]); i++) await frame();
    await frame();
    return !busy() && pinged.every((map, place) => map.pings > before[place]);
  };
})();
