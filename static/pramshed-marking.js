/*
 * What a map needs where people mark places: where a tap or Enter puts a mark, lines and areas that somebody drew, and
 * "use my location". Loaded before pramshed-map.js, which uses it. Texts are only ever written with textContent or setAttribute.
 */
(function () {
  "use strict";

  const INK = "#7a2a6b";
  const FOUND_ZOOM = 17;
  const NEAR_ZOOM = 15; // a finger covers a house or two; from farther away a mark would lie anywhere
  const COME_ZOOM = 16;
  const ADVICE_MS = 6000;

  /**
   * A tap means its place, and Enter the middle of the map, where a cross shows while the map has the keyboard. Where the
   * scene has words for it, either only comes nearer from afar, and says so.
   */
  class Placing {
    constructor(board) {
      this.board = board;
      const cross = document.createElement("div");
      cross.className = "pramshed-cross";
      cross.setAttribute("aria-hidden", "true");
      board.map.getContainer().append(cross);
      board.map.on("click", ({ latlng }) => this.at(latlng));
    }

    at(place, { byKey = false } = {}) {
      const { map, scene, words } = this.board;
      if (!scene?.marking) return;
      if (words.nearer && map.getZoom() < NEAR_ZOOM) {
        map.setView(place, COME_ZOOM, { animate: false });
        this.board.say(byKey ? words.nearerByKey : words.nearer, ADVICE_MS); // read aloud as well
        return;
      }
      if (words.nearer) this.board.say("");
      this.board.report("place", "", place);
      if (byKey) this.board.keys.speak(words.placed || "Chosen: the middle of the map");
    }

    /** What was placed is seen close by already: the map does not run away from under the finger. */
    stays([west, south, east, north]) {
      const { map, scene } = this.board;
      const middle = [(south + north) / 2, (west + east) / 2];
      return scene.marking && map.getZoom() >= NEAR_ZOOM && map.getBounds().contains(middle);
    }
  }

  /** Lines and areas of marks; drawn again whenever they change, for they are few. */
  class Shapes {
    constructor(board) {
      this.board = board;
      board.map.createPane("pramshed-shapes").style.zIndex = 460;
      this.layer = L.layerGroup().addTo(board.map);
      this.shown = "[]";
    }

    show(rows) {
      const wanted = JSON.stringify(rows);
      if (wanted === this.shown) return;
      this.shown = wanted;
      this.layer.clearLayers();
      for (const [lines, closed, dashed, ends] of rows) {
        const path = ends.map(([lon, lat]) => [lat, lon]);
        const around = !closed && !dashed && !lines.length; // a boundary stands back behind what it goes around
        const [weight, casing] = around ? [2, 5] : [5, 9];
        const look = { color: INK, weight, opacity: 1, dashArray: dashed ? "3 9" : null, pane: "pramshed-shapes" };
        const shape = closed
          ? L.polygon(path, { ...look, fillColor: INK, fillOpacity: 0.18 })
          : L.polyline(path, look);
        shape.options.interactive = lines.length > 0;
        // white below, so that it is seen on every colour
        if (!closed) L.polyline(path, { ...look, color: "#fff", weight: casing, dashArray: null, interactive: false }).addTo(this.layer);
        if (lines.length) {
          shape.on("mouseover mousemove click", (event) => this.board.tell(lines, event.latlng, 8));
          shape.on("mouseout", () => this.board.tip.remove());
        }
        shape.addTo(this.layer);
      }
    }
  }

  /** A button of the map that asks the telephone where it is, and reports that as a click on a place. */
  class Locator {
    constructor(board) {
      this.board = board;
      this.button = null;
    }

    /** Shown with these words, [what the button says, what is said if the answer is no]; without, hidden. */
    show(words) {
      if (this.button) this.button.remove();
      this.button = null;
      if (!words) return;
      const { map } = this.board;
      const [label, refusal] = words;
      const control = L.control({ position: "topright" });
      control.onAdd = () => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "pramshed-locate";
        button.textContent = label;
        L.DomEvent.disableClickPropagation(button);
        L.DomEvent.on(button, "click", () => this.ask(refusal));
        return button;
      };
      control.addTo(map);
      this.button = control;
    }

    ask(refusal) {
      const { map } = this.board;
      map.off("locationfound locationerror");
      map.once("locationerror", () => this.board.say(refusal, 8000));
      map.once("locationfound", ({ latlng }) => {
        map.setView(latlng, FOUND_ZOOM, { animate: false });
        this.board.report("place", "", latlng);
      });
      map.locate({ setView: false, enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 });
    }
  }

  /**
   * Where people mark places, all markers are one stop of the Tab key, and the arrow keys go from one to the next. On
   * other maps they are none: pramshed-keys.js goes there from the map itself.
   */
  class Stops {
    constructor(map) {
      this.elements = [];
      map.getPane("markerPane").addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        const at = this.elements.indexOf(event.target);
        if (!step || at < 0) return;
        event.preventDefault();
        event.stopPropagation(); // the map would move
        const next = this.elements.at((at + step) % this.elements.length);
        if (this.marking) this.stop(next);
        next.focus();
      });
    }

    show(elements, marking) {
      this.elements = elements;
      this.marking = marking;
      this.stop(marking ? elements.find((one) => one === document.activeElement) || elements[0] : null);
    }

    stop(element) {
      for (const one of this.elements) one.tabIndex = one === element ? 0 : -1;
    }
  }

  Object.assign(window.pramshed, { Locator, Placing, Shapes, Stops });
})();
