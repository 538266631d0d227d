/*
 * Pramshed's map by keyboard: one stop of the Tab key. The arrow keys go from neighbourhood to neighbourhood, S from site
 * to site; what is reached is outlined, told beside itself and read aloud. Loaded before pramshed-map.js, which uses it.
 * Names are only ever written with textContent.
 */
(function () {
  "use strict";

  const { inside, plain } = window.pramshed;

  const FROM_EDGE = 70; // pixels: what is pointed at is not left at the edge of the map
  const WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  const AREAS = "Arrow keys go from neighbourhood to neighbourhood; Enter chooses one.";
  const NO_AREAS = "Arrow keys move the map.";
  const MARKING = "Arrow keys move the map, plus and minus zoom, Enter chooses the place at the cross in the middle.";
  const ABOUT =
    "S goes to the nearest site, then to the next; Shift and S go back; Enter chooses it. Plus and minus zoom, 0 shows " +
    "the whole area. The question mark lists all keys. Escape leaves the map.";
  const KEYS = [
    ["Arrow keys", "the next neighbourhood that way"],
    ["Enter", "choose what is outlined"],
    ["S, Shift S", "the nearest site, then the next; back"],
    ["+ and −", "zoom"],
    ["0", "the whole area"],
    ["Shift and an arrow", "move the map"],
    ["F", "full screen"],
    ["Esc", "put away what is shown; then leave the map"],
    ["Tab", "on to the map's buttons"],
  ];

  /** The nearest of some [what, pixels] that lie that way; first those within a quarter turn, then all. */
  function nearest(all, from, [east, south]) {
    let [best, least] = [null, Infinity];
    for (const narrow of [true, false]) {
      for (const [what, at] of all) {
        const [x, y] = [at.x - from.x, at.y - from.y];
        const [along, across] = [x * east + y * south, Math.abs(x * south) + Math.abs(y * east)];
        if (along < 1 || (narrow && across > along)) continue;
        const far = narrow ? Math.hypot(x, y) : along + 3 * across;
        if (far < least) [best, least] = [what, far];
      }
      if (best) return best;
    }
    return null;
  }

  function hidden(box, role) {
    const one = document.createElement("div");
    one.className = "pramshed-spoken";
    if (role) one.setAttribute("role", role);
    box.append(one);
    return one;
  }

  class Keys {
    constructor(board) {
      this.board = board;
      this.at = null; // what is pointed at: { code } or { site }
      const { map } = board;
      const box = map.getContainer();
      box.tabIndex = 0;
      this.about = hidden(box);
      this.about.id = "pramshed-keys";
      this.live = hidden(box, "status");
      this.help = document.createElement("dl");
      this.help.className = "pramshed-help";
      this.help.hidden = true;
      this.help.setAttribute("aria-label", "Keys of the map");
      for (const pair of KEYS) {
        pair.forEach((text, i) => (this.help.appendChild(document.createElement(i ? "dd" : "dt")).textContent = text));
      }
      L.DomEvent.disableClickPropagation(this.help);
      box.append(this.help);
      const ring = { pane: "pramshed-outline", renderer: board.outline, interactive: false, fill: false };
      this.rings = [["#fff", 7], ["#1d4ed8", 3.5]].map(([color, weight]) =>
        L.polygon([], { ...ring, color, weight, className: "pramshed-pointed" }).addTo(map),
      );
      box.addEventListener("keydown", (event) => {
        const onMarker = event.target.closest?.(".pramshed-marker") && !["Enter", " ", "Escape", "Tab"].includes(event.key);
        if (onMarker && !board.scene.marking) box.focus(); // a marker that was clicked has the keyboard
        if (event.target === box || onMarker) this.press(event);
      });
      box.addEventListener("focus", () => box.matches(":focus-visible") && this.at && this.point(this.at));
      box.addEventListener("blur", () => this.hide());
      map.on("mousedown", () => this.drop());
    }

    /** After each rerun: the way people mark places is another, and what was pointed at may have gone. */
    refresh() {
      const { board } = this;
      const { marking } = board.scene;
      const own = !marking && !board.words.lang;
      board.map.keyboard[marking ? "enable" : "disable"](); // Leaflet's own moves the map and no more
      board.map.getContainer().tabIndex = 0;
      const told = [...board.values.values()].some(({ lines }) => lines.length);
      const about = own ? `${told ? AREAS : NO_AREAS} ${ABOUT}` : marking ? board.words.keys || MARKING : "";
      this.about.textContent = about;
      if (about) board.map.getContainer().setAttribute("aria-describedby", this.about.id);
      else board.map.getContainer().removeAttribute("aria-describedby");
      board.frame.helpButton.hidden = !own || board.frame.coarse; // a telephone has no keys
      this.points = null;
      if (this.at && !this.marker() && !board.areas.has(this.at.code)) this.drop();
      this.marker()?.getElement().classList.toggle("pramshed-pointed", document.activeElement === board.map.getContainer());
    }

    press(event) {
      const { board } = this;
      const { map } = board;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (board.scene?.marking) return this.place(event);
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const way = WAYS[key];
      const deeds = {
        "+": () => map.zoomIn(1),
        "=": () => map.zoomIn(1),
        "-": () => map.zoomOut(1),
        _: () => map.zoomOut(1),
        0: () => board.fit(),
        "?": () => this.explain(),
        f: () => board.frame.turn(),
        s: () => this.site(event.shiftKey ? -1 : 1),
        PageDown: () => this.site(1),
        PageUp: () => this.site(-1),
        Enter: () => this.choose(),
        " ": () => this.choose(),
        Escape: () => this.escape(),
      };
      if (way && (event.shiftKey || !this.places().length)) map.panBy(way.map((one) => one * 120));
      else if (way) this.go(way);
      else if (deeds[key]) deeds[key]();
      else return;
      event.preventDefault();
      event.stopPropagation();
    }

    /** Where people mark places Leaflet's own keys move the map, and Enter means its middle. */
    place(event) {
      const { map, placing } = this.board;
      if (event.key !== "Enter" || event.target !== map.getContainer()) return;
      event.preventDefault();
      if (!event.repeat) placing.at(map.getCenter(), { byKey: true });
    }

    /** Neighbourhoods of which something is said, as [code, a place inside]. */
    places() {
      const { areas, values } = this.board;
      this.points ||= [...areas]
        .filter(([code]) => values.get(code)?.lines.length)
        .map(([code, area]) => [code, inside(area.getLatLngs())]);
      return this.points;
    }

    marker(at = this.at) {
      return at?.site === undefined ? undefined : this.board.sites.markers.get(at.site);
    }

    /** Where one is: at what is pointed at, at what was chosen, or in the middle of what is seen. */
    here() {
      const { map, scene } = this.board;
      const code = this.at?.code ?? scene.selected;
      const known = this.marker()?.getLatLng() || this.places().find(([one]) => one === code)?.[1];
      return known || this.board.sites.markers.get(code)?.getLatLng() || map.getCenter();
    }

    go(way) {
      const { map, scene } = this.board;
      const pixels = this.places().map(([code, at]) => [code, map.latLngToLayerPoint(at)]);
      const from = map.latLngToLayerPoint(this.here());
      const chosen = !this.at && pixels.find(([code]) => code === scene.selected);
      const beside = () => pixels.reduce((one, two) => (two[1].distanceTo(from) < one[1].distanceTo(from) ? two : one));
      const code = this.at ? nearest(pixels, from, way) : (chosen || beside())[0];
      this.round = null;
      if (code) this.point({ code });
      else this.speak("No neighbourhood further that way.");
    }

    /** The nearest site to where one was, then the next; `step` is 1 or -1. */
    site(step) {
      const meant = ({ shape, options }) => (options.keyboard ? shape !== "here" : shape === "play"); // no step or gate
      const all = [...this.board.sites.markers].filter(([, marker]) => meant(marker));
      if (!all.length) return this.speak("There is no site on the map.");
      if (!this.round) {
        const from = this.here();
        this.round = all.map(([id, one]) => [id, one.getLatLng().distanceTo(from)]).sort((a, b) => a[1] - b[1]);
      }
      this.round = this.round.filter(([id]) => this.board.sites.markers.has(id));
      const at = this.round.findIndex(([id]) => id === this.at?.site);
      const next = at < 0 ? 0 : (at + step + this.round.length) % this.round.length;
      return this.point({ site: this.round[next][0] });
    }

    /** Outline it, tell it beside itself, read it aloud. */
    point(at) {
      const { board } = this;
      this.hide();
      this.at = at;
      const marker = this.marker();
      const lines = marker ? marker.told : board.values.get(at.code)?.lines || [];
      const spot = marker ? marker.getLatLng() : this.places().find(([code]) => code === at.code)?.[1];
      if (!spot) return this.drop();
      board.map.panInside(spot, { padding: [FROM_EDGE, FROM_EDGE], animate: false });
      if (marker) marker.getElement().classList.add("pramshed-pointed");
      else for (const ring of this.rings) ring.setLatLngs(board.areas.get(at.code).getLatLngs());
      board.tell(lines, spot, marker ? 14 : 8);
      return this.speak(lines.join(". "));
    }

    choose() {
      if (!this.at) return;
      const marker = this.marker();
      if (marker) return void marker.choose();
      const [code, spot] = this.places().find(([one]) => one === this.at.code) || [];
      if (!code) return;
      for (const ring of this.rings) ring.setLatLngs([]); // or it would hide that this one is chosen now
      this.board.choose(code, spot);
      this.speak(`Chosen: ${this.board.values.get(code).lines[0]}`);
    }

    explain(open = this.help.hidden) {
      this.help.hidden = !open;
      this.board.frame.helpButton.setAttribute("aria-expanded", String(open));
      if (open) this.speak(KEYS.map((pair) => pair.join(": ")).join(". "));
    }

    /** The list of keys goes first, then full screen, then what is pointed at; then the keyboard leaves the map. */
    escape() {
      const { board } = this;
      if (!this.help.hidden) this.explain(false);
      else if (board.frame.full) board.frame.turn();
      else if (this.at || board.map.hasLayer(board.tip)) this.drop();
      else board.frame.leave();
    }

    drop() {
      this.hide();
      this.at = this.round = null;
    }

    hide() {
      for (const ring of this.rings) ring.setLatLngs([]);
      this.marker()?.getElement().classList.remove("pramshed-pointed");
      this.board.tip.remove();
    }

    speak(text) {
      this.live.replaceChildren(plain([text]));
    }
  }

  Object.assign(window.pramshed, { Keys });
})();
