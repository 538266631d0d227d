/*
 * What Pramshed's map draws as lines: what a new site would bring along streets, and arrows that say where families go.
 * Loaded before pramshed-map.js, which uses it.
 */
(function () {
  "use strict";

  const CURVE = 0.13; // of an arrow's length, so that there and back are two lines
  const MOST_CURVE = 40; // pixels
  const STEPS = 18;

  const fetched = new Map();

  /** The text of an address, fetched once; a failure is forgotten so that the next rerun tries again. */
  function once(address, read) {
    if (!fetched.has(address)) {
      const answer = fetch(address).then((response) => {
        if (!response.ok) throw new Error(`${response.status} for ${address}`);
        return response.text().then(read);
      });
      answer.catch(() => fetched.delete(address));
      fetched.set(address, answer);
    }
    return fetched.get(address);
  }

  const features = (text) => JSON.parse(text).features;

  /** Latitudes and longitudes of a feature, nested as Leaflet wants them. */
  function corners(feature) {
    const depth = { LineString: 0, MultiLineString: 1, Polygon: 1, MultiPolygon: 2 }[feature.geometry.type];
    return depth === undefined ? [] : L.GeoJSON.coordsToLatLngs(feature.geometry.coordinates, depth);
  }

  const lines = (found) => found.flatMap((f) => (f.geometry.type === "LineString" ? [corners(f)] : corners(f)));

  /** Lines of one file, one path a class: Leaflet's cost is by path, and a town has thousands of streets. */
  class Streets {
    constructor(map, renderer) {
      this.renderer = renderer;
      this.paths = L.layerGroup().addTo(map);
    }

    /** Draw another file; `classes` are [of, style] pairs, the first lowest; `current` says if that is still wanted. */
    async show(address, classes, current) {
      const drawn = JSON.stringify([address, classes.map(([, style]) => style)]);
      if (this.drawn === drawn) return;
      const found = address ? await once(address, features) : [];
      if (!current()) return;
      this.drawn = drawn;
      this.paths.clearLayers();
      for (const [of, style] of classes) {
        const path = L.polyline(lines(found.filter(of)), { ...style, renderer: this.renderer, interactive: false });
        path.addTo(this.paths);
      }
    }

    scale(factor, least, wear) {
      this.paths.eachLayer((path) => wear(path, Math.max(least, path.options.width * factor)));
    }
  }

  /** What is gained along a street, by class; the most is the darkest, the widest and on top. */
  const gainClasses = (styles) =>
    styles.map(([color, width], place) => [
      (feature) => feature.properties.gain === place + 1,
      { color, width, className: "pramshed-gain" },
    ]);

  /** Only the last of them is kept: a reader who tries twenty changes has looked at twenty files. */
  function forget(address) {
    fetched.delete(address);
  }

  /** A point of the curve from one point to another that bends to the right as one goes, and which way it runs there. */
  function along(from, to, t) {
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    const bend = 2 * Math.min(CURVE, MOST_CURVE / (Math.hypot(dx, dy) || 1));
    const [cx, cy] = [(from.x + to.x) / 2 - dy * bend, (from.y + to.y) / 2 + dx * bend];
    const [u, v] = [1 - t, t];
    const x = u * u * from.x + 2 * u * v * cx + v * v * to.x;
    const y = u * u * from.y + 2 * u * v * cy + v * v * to.y;
    const [ax, ay] = [u * (cx - from.x) + v * (to.x - cx), u * (cy - from.y) + v * (to.y - cy)];
    const length = Math.hypot(ax, ay) || 1;
    return { x, y, right: { x: -ay / length, y: ax / length } };
  }

  const beside = (at, far) => `${(at.x + at.right.x * far).toFixed(2)} ${(at.y + at.right.y * far).toFixed(2)}`;

  /**
   * An arrow as one outline, slim where it begins, and the line in its middle; in pixels. `rooms` are what the markers
   * at its two ends cover: its head must not hide below one. Nothing, if they cover all of it.
   */
  function arrow(from, to, width, rooms) {
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    const free = length - rooms[0] - rooms[1];
    if (free < 5) return null;
    const head = Math.min(7 + 1.5 * width, free * 0.7);
    const wing = head * (0.52 + 0.012 * width);
    const most = Math.min(width, wing * 1.1);
    const [first, last, tip] = [rooms[0], length - rooms[1] - head, length - rooms[1]].map((d) => d / length);
    const points = Array.from({ length: STEPS + 1 }, (_, i) => along(from, to, first + ((last - first) * i) / STEPS));
    const half = (i) => (most / 2) * (0.45 + (0.55 * i) / STEPS);
    const end = along(from, to, tip);
    const neck = points[STEPS];
    const outline = [
      ...points.map((at, i) => beside(at, half(i))),
      beside(neck, wing),
      beside(end, 0),
      beside(neck, -wing),
      ...points.map((at, i) => beside(at, -half(i))).reverse(),
    ];
    return {
      body: `M${outline.join("L")}Z`,
      middle: `M${[...points, end].map((at) => beside(at, 0)).join("L")}`,
      halfway: points[STEPS / 2],
    };
  }

  /** From afar, and that is how a telephone shows a county, arrows are slimmer, or they would hide each other. */
  const slender = (zoom) => Math.min(1, Math.max(0.55, 2 ** ((zoom - 11.5) / 2)));

  /** A path of Leaflet's between two places that draws itself as an arrow, or as the line in its middle. */
  const Arrow = L.Polyline.extend({
    _project() {
      this._stale = true; // the pixels of a place change with the zoom, not when the map is moved
    },
    _update() {
      if (!this._map || !this._stale) return;
      this._stale = false;
      const [from, to] = this.getLatLngs().map((at) => this._map.latLngToLayerPoint(at));
      const thick = Math.max(1, this.options.thick * slender(this._map.getZoom()));
      const drawn = arrow(from, to, thick, this.options.rooms());
      this.halfway = drawn ? drawn.halfway : from;
      this._renderer._setPath(this, drawn ? drawn[this.options.part] : "M0 0");
    },
    repaint() {
      this._stale = true;
      this.redraw();
    },
  });

  /** Where families go: arrows that the pointer and the keyboard can ask. Those that stay the same are left alone. */
  class Flows {
    constructor(board) {
      this.board = board;
      this.arrows = new Map();
      this.pane = board.map.createPane("pramshed-flows");
      this.pane.style.zIndex = 470;
      this.renderer = L.svg({ pane: "pramshed-flows", padding: 0.4 });
    }

    /** Rows of [lon, lat, lon, lat, width, ...lines]; `sites` are [lon, lat, radius] of the markers. */
    show(rows, sites) {
      const wanted = new Map(rows.map((row) => [JSON.stringify(row), row]));
      for (const [key, flow] of this.arrows) {
        if (wanted.has(key)) continue;
        flow.remove();
        this.arrows.delete(key);
      }
      for (const [key, row] of wanted) {
        if (!this.arrows.has(key)) this.arrows.set(key, this.add(row));
        this.arrows.get(key).covered = [row.slice(0, 2), row.slice(2, 4)].map((end) => covered(end, sites));
      }
      // slim ones are drawn on wide ones; moving an element would take the keyboard's focus from it
      const order = [...wanted].sort(([, one], [, two]) => two[4] - one[4]).map(([key]) => this.arrows.get(key));
      if (String(order.map((flow) => flow.id)) !== this.order) {
        const focused = document.activeElement;
        for (const flow of order) flow.raise();
        if (focused !== document.activeElement) focused.focus();
        this.order = String(order.map((flow) => flow.id));
      }
      this.list = order;
      this.stop(order.find((flow) => flow.element === document.activeElement) || order[0]);
      for (const [name, value] of [["role", "group"], ["aria-label", "Arrows: the arrow keys go from one to the next"]]) {
        if (order.length) this.pane.setAttribute(name, value);
        else this.pane.removeAttribute(name);
      }
      this.redraw();
    }

    redraw() {
      for (const { body, middle } of this.arrows.values()) [body, middle].forEach((path) => path.repaint());
    }

    /** One stop of the Tab key for all of them; from there the arrow keys go on. */
    stop(flow) {
      for (const other of this.list) other.element.setAttribute("tabindex", other === flow ? "0" : "-1");
    }

    add([lon, lat, toLon, toLat, thick, ...told]) {
      const { board } = this;
      const flow = { id: (this.count = (this.count || 0) + 1), covered: [0, 0] };
      const rooms = () => flow.covered.map((radius) => radius && radius * board.size + 3);
      const shape = { renderer: this.renderer, thick, rooms };
      const path = (part, style) => new Arrow([[lat, lon], [toLat, toLon]], { ...shape, part, ...style }).addTo(board.map);
      const middle = path("middle", {
        weight: Math.max(14, thick + 8), // easier to meet than a line of one pixel
        opacity: 0,
        fill: false,
        className: "pramshed-flow-hit",
      });
      const body = path("body", { interactive: false, stroke: true, fill: true, className: "pramshed-flow" });
      const element = middle.getElement();
      Object.assign(flow, { body, middle, element });
      flow.raise = () => [middle, body].forEach((one) => one.bringToFront());
      flow.remove = () => [middle, body].forEach((one) => one.remove());

      element.setAttribute("role", "img");
      element.setAttribute("aria-label", told.join(", "));
      const tell = (point) => told.length && board.tell(told, point, 10);
      middle.on("mouseover mousemove", (event) => tell(event.latlng)).on("mouseout", () => board.tip.remove());
      middle.on("click", (event) => board.scene.marking || tell(event.latlng)); // a finger does not hover
      element.addEventListener("focus", () => {
        this.stop(flow);
        if (!element.matches(":focus-visible")) return;
        const halfway = board.map.layerPointToLatLng([middle.halfway.x, middle.halfway.y]);
        if (!board.map.getBounds().contains(halfway)) board.map.panTo(halfway);
        tell(halfway);
      });
      element.addEventListener("blur", () => board.tip.remove());
      element.addEventListener("keydown", (event) => {
        if (event.key === "Escape") board.tip.remove();
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        event.stopPropagation();
        this.list.at((this.list.indexOf(flow) + step) % this.list.length).element.focus({ preventScroll: true });
      });
      return flow;
    }
  }

  /** How much of an arrow's end the marker that stands there hides, in pixels at full size. */
  function covered([lon, lat], sites) {
    const near = sites.filter(([x, y]) => Math.abs(x - lon) < 2e-4 && Math.abs(y - lat) < 1.2e-4);
    return Math.max(0, ...near.map(([, , radius]) => radius));
  }

  window.pramshed = { Flows, Streets, corners, features, forget, gainClasses, once };
})();
