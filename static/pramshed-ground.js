/*
 * What Pramshed's map stands on, each drawn on one canvas: coast, water, woods and railways; every street, coloured by
 * the walk from it or by its neighbourhood; and names that do not collide. Files come from layers/maps/base_map.py:
 * corners in whole pixels of the Web Mercator map at one zoom, each the step from the one before. Loaded after
 * pramshed-lines.js and before pramshed-map.js, which uses it.
 *
 * Names come from OpenStreetMap: they are only ever drawn as text.
 */
(function () {
  "use strict";

  const { once } = window.pramshed;

  const GREY = { path: "#c3c8cc", street: "#b3babf", main: "#98a1a8" };
  const KINDS = ["path", "street", "main"];
  const KIND_WIDTH = [0.65, 1, 1.45];
  const MANY = 150000; // above it only streets, not paths, are drawn from afar
  const AT_ONCE = 500; // streets in one path: a path of a whole city takes longer than its parts
  const NO_WAY = 254;
  const NOT_WALKED = 255;
  const METRES_A_PIXEL = 0.36; // of the file, in the middle of England
  const REACH = 14; // pixels: how near the pointer must be to a street

  const BASE = {
    land: { fill: "#f6f5f1", line: "#a9bcc7", width: 1 },
    green: { fill: "#e4ecd9" },
    water: { fill: "#cfe0ea", line: "#b5cbd8", width: 0.6 },
    river: { line: "#b5cfdd", width: 1.4 },
    main_road: { line: "#dcd8cf", width: 2.6, grows: true },
    railway: { line: "#a5a5a5", width: 1, dash: [7, 4] },
  };
  const SEA = "#dbe8ef";

  // smallest zoom, size, weight, colour
  const NAMES = {
    city: [6, 17, 700, "#1d2733"],
    town: [9, 14.5, 600, "#1d2733"],
    suburb: [11, 12.5, 600, "#4a5563"],
    village: [11, 12.5, 500, "#1d2733"],
    hamlet: [13, 11.5, 500, "#3b4652"],
    street: [14, 11.5, 500, "#3b4652"],
  };

  const SUBURBS_EARLIER = 2.5; // likewise, where no town is named and suburbs must say where one is
  const MAIN_EARLIER = 1.25; // zoom steps by which the names of main roads come before others
  // where a name may stand: on its place, below, above, to the right, to the left, at the corners
  const BESIDE = [[0, 0], [0, 1], [0, -1], [1, 0], [-1, 0], [1, 1], [-1, 1], [1, -1], [-1, -1]];
  const APART = 12; // pixels that a name beside its place keeps from it, for a site may stand there

  /** A canvas that covers the map and is painted again whenever the map has moved. */
  const Sheet = L.Canvas.extend({
    initialize(paint, options) {
      L.Canvas.prototype.initialize.call(this, options);
      this.paint = paint;
    },
    _draw() {
      const { min, max } = this._bounds;
      const origin = this._map.getPixelOrigin();
      this.paint(this._ctx, { zoom: this._map.getZoom(), origin, west: min.x, north: min.y, east: max.x, south: max.y });
    },
    repaint() {
      if (this._map) this._redraw();
    },
  });

  /** A sheet in a pane of its own. */
  function sheet(map, name, order, paint) {
    map.createPane(name).style.zIndex = order;
    map.getPane(name).style.pointerEvents = "none";
    return new Sheet(paint, { pane: name, padding: 0.1 }).addTo(map);
  }

  /** Bytes from a text: base64 of what zlib made small. */
  async function inflated(text) {
    const small = Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0));
    const stream = new Blob([small]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  /** What the file's pixels are on the sheet: a factor and where its corner lies. */
  function scaling(view, zoom) {
    const factor = 2 ** (view.zoom - zoom);
    const bounds = [view.west, view.north, view.east, view.south].map(
      (edge, i) => (edge + (i % 2 ? view.origin.y : view.origin.x)) / factor,
    );
    return { factor, bounds };
  }

  /** Steps as corners, in one array, with where each path begins and what box it lies in. */
  function unpacked(paths) {
    const begins = new Uint32Array(paths.length + 1);
    paths.forEach((path, i) => (begins[i + 1] = begins[i] + path.length));
    const corners = new Int32Array(begins[paths.length]);
    const boxes = new Int32Array(4 * paths.length);
    paths.forEach((path, i) => {
      let [x, y] = [0, 0];
      let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
      for (let j = 0; j < path.length; j += 2) {
        corners[begins[i] + j] = x += path[j];
        corners[begins[i] + j + 1] = y += path[j + 1];
        if (x < west) west = x;
        if (x > east) east = x;
        if (y < north) north = y;
        if (y > south) south = y;
      }
      boxes.set([west, north, east, south], 4 * i);
    });
    return { begins, corners, boxes, count: paths.length };
  }

  function inView({ boxes }, i, [west, north, east, south]) {
    return boxes[4 * i] <= east && boxes[4 * i + 2] >= west && boxes[4 * i + 1] <= south && boxes[4 * i + 3] >= north;
  }

  /** Add one path to the canvas; corners nearer than a pixel to the last are not seen and left out. */
  function trace(pen, { begins, corners }, i, factor, origin) {
    const [first, end] = [begins[i], begins[i + 1]];
    let [x, y] = [corners[first] * factor - origin.x, corners[first + 1] * factor - origin.y];
    pen.moveTo(x, y);
    for (let j = first + 2; j < end; j += 2) {
      const [u, v] = [corners[j] * factor - origin.x, corners[j + 1] * factor - origin.y];
      if (j < end - 2 && Math.abs(u - x) + Math.abs(v - y) < 1.5) continue;
      pen.lineTo(u, v);
      x = u;
      y = v;
    }
  }

  /** Coast, water, woods, railways and main roads, below everything. */
  class Base {
    constructor(map) {
      this.map = map;
      this.layers = null;
      this.sheet = sheet(map, "pramshed-base", 210, (pen, view) => this.paint(pen, view));
    }

    async show(address, current) {
      if (this.from === address) return;
      const found = address ? await once(address, JSON.parse) : null;
      if (!current()) return;
      this.from = address;
      this.names = found ? found.names : [];
      this.zoom = found ? found.zoom : 0;
      this.layers = found && Object.entries(BASE).map(([kind, style]) => [style, this.read(kind, found.shapes[kind] || [])]);
      this.map.getContainer().style.background = found ? SEA : "";
      this.sheet.repaint();
    }

    /** Outlines have their rings one after the other; the canvas fills by the even-odd rule. */
    read(kind, shapes) {
      return BASE[kind].fill ? shapes.map(unpacked) : unpacked(shapes);
    }

    paint(pen, view) {
      if (!this.layers) return;
      const { factor, bounds } = scaling(view, this.zoom);
      for (const [style, shapes] of this.layers) {
        pen.beginPath();
        if (style.fill) {
          for (const rings of shapes) {
            if (!rings.count || !inView(rings, 0, bounds)) continue;
            for (let i = 0; i < rings.count; i += 1) trace(pen, rings, i, factor, view.origin);
          }
          pen.fillStyle = style.fill;
          pen.fill("evenodd");
        } else {
          for (let i = 0; i < shapes.count; i += 1) if (inView(shapes, i, bounds)) trace(pen, shapes, i, factor, view.origin);
        }
        if (!style.line) continue;
        pen.strokeStyle = style.line;
        pen.lineWidth = style.width * (style.grows ? thickness(view.zoom) : 1);
        pen.setLineDash(style.dash || []);
        pen.stroke();
        pen.setLineDash([]);
      }
    }
  }

  /** The official outlines of neighbourhoods, thin, above their colours. */
  class Outlines {
    constructor(map) {
      this.map = map;
      this.from = null;
    }

    async show(address, current) {
      if (this.from === address) return;
      const found = address ? await once(address, JSON.parse) : null;
      if (!current()) return;
      this.from = address;
      this.zoom = found?.zoom;
      this.lines = found && unpacked(found.paths);
      this.sheet ||= sheet(this.map, "pramshed-outlines", 335, (pen, view) => this.paint(pen, view));
      this.sheet.repaint();
    }

    paint(pen, view) {
      if (!this.lines) return;
      const { factor, bounds } = scaling(view, this.zoom);
      pen.beginPath();
      for (let i = 0; i < this.lines.count; i += 1) {
        if (inView(this.lines, i, bounds)) trace(pen, this.lines, i, factor, view.origin);
      }
      pen.strokeStyle = "#3f4a56";
      pen.lineWidth = Math.min(1.2, 0.6 * thickness(view.zoom));
      pen.globalAlpha = 0.7;
      pen.stroke();
      pen.globalAlpha = 1;
    }
  }

  /** How wide a street is drawn: hairlines from afar, a ribbon close by. */
  const thickness = (zoom) => Math.min(7.5, Math.max(0.7, 2 ** ((zoom - 11.4) / 2.3)));

  /**
   * Every street on one canvas, one path a colour. `along` has a byte for each segment, the walk from it in whole
   * minutes, rounded up; without it, and with `scene.byArea`, a street has the colour of its neighbourhood; otherwise
   * streets are grey.
   */
  class Walks {
    constructor(map, fillOf) {
      this.map = map;
      this.fillOf = fillOf;
      this.sheet = sheet(map, "pramshed-walks", 350, (pen, view) => this.paint(pen, view));
    }

    async show(address, current) {
      if (this.from === address) return;
      const found = address ? await once(address, JSON.parse) : null;
      if (!current()) return;
      this.from = address;
      this.zoom = found ? found.zoom : 0;
      this.codes = found ? found.codes : [];
      this.area = found ? Int32Array.from(found.area) : new Int32Array(0);
      this.lived = found ? Uint8Array.from(found.lived) : new Uint8Array(0);
      this.kind = found ? Uint8Array.from(found.kind) : new Uint8Array(0);
      this.lines = found ? unpacked(found.paths) : unpacked([]);
    }

    /** Sort the streets by how they are drawn, lowest first. */
    wear(scene, along) {
      const colours = ["", ...scene.alongPalette];
      const limits = scene.alongLimits;
      this.along = along;
      const classOf = new Uint8Array(256);
      for (let minutes = 0; minutes < NO_WAY; minutes += 1) {
        const at = limits.findIndex((limit) => minutes <= limit);
        classOf[minutes] = 1 + (at < 0 ? limits.length : at);
      }
      classOf[NO_WAY] = colours.push(scene.noWay) - 1;
      const fills = this.codes.map((code) => (scene.byArea ? this.fillOf(code) : null) || "");
      const groups = new Map();
      for (let i = 0; i < this.lines.count; i += 1) {
        const own = this.area[i] >= 0;
        const colour = !own ? "" : this.along ? colours[classOf[this.along[i]]] : fills[this.area[i]];
        const key = `${colour ? 1 : 0}${this.lived[i]}${this.kind[i]}${colour}`;
        if (!groups.has(key)) groups.set(key, []);
        groups.get(key).push(i);
      }
      this.groups = [...groups].sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, rows]) => ({
        colour: key.slice(3) || GREY[KINDS[key[2]]],
        told: key[0] === "1",
        lived: key[1] === "1",
        kind: Number(key[2]),
        rows: Uint32Array.from(rows),
      }));
      this.sheet.repaint();
    }

    paint(pen, view) {
      if (!this.groups) return;
      const { factor, bounds } = scaling(view, this.zoom);
      const width = thickness(view.zoom);
      const crowded = this.lines.count > MANY && view.zoom < 13;
      const close = view.zoom > 14.5; // round ends take most of the time, and are not seen on thin lines
      pen.lineCap = close ? "round" : "butt";
      pen.lineJoin = close ? "round" : "bevel";
      for (const { colour, told, lived, kind, rows } of this.groups) {
        if (crowded && kind === 0) continue;
        pen.strokeStyle = colour;
        pen.globalAlpha = told && !lived ? 0.5 : 1;
        pen.lineWidth = Math.max(0.4, width * KIND_WIDTH[kind] * (told ? (lived ? 1 : 0.45) : lived ? 0.6 : 0.45));
        pen.beginPath();
        let held = 0;
        for (const i of rows) {
          if (!inView(this.lines, i, bounds)) continue;
          trace(pen, this.lines, i, factor, view.origin);
          if ((held += 1) < AT_ONCE) continue;
          pen.stroke();
          pen.beginPath();
          held = 0;
        }
        pen.stroke();
      }
      pen.globalAlpha = 1;
    }

    /** The street at a place: its row, its minutes if they are known, and its neighbourhood; null if none is near. */
    at(latlng) {
      if (!this.lines || !this.lines.count) return null;
      const at = this.map.project(latlng, this.zoom);
      const reach = REACH / 2 ** (this.map.getZoom() - this.zoom);
      const { boxes, begins, corners } = this.lines;
      let [best, row] = [reach * reach, -1];
      for (let i = 0; i < this.lines.count; i += 1) {
        const k = 4 * i;
        if (boxes[k] > at.x + reach || boxes[k + 2] < at.x - reach) continue;
        if (boxes[k + 1] > at.y + reach || boxes[k + 3] < at.y - reach) continue;
        for (let j = begins[i]; j < begins[i + 1] - 2; j += 2) {
          const [ax, ay] = [corners[j], corners[j + 1]];
          const [dx, dy] = [corners[j + 2] - ax, corners[j + 3] - ay];
          const t = Math.min(1, Math.max(0, ((at.x - ax) * dx + (at.y - ay) * dy) / (dx * dx + dy * dy || 1)));
          const off = (at.x - ax - t * dx) ** 2 + (at.y - ay - t * dy) ** 2;
          if (off < best) [best, row] = [off, i];
        }
      }
      if (row < 0) return null;
      const minutes = this.along ? this.along[row] : NOT_WALKED;
      return { row, minutes: minutes < NO_WAY ? minutes : null, noWay: minutes === NO_WAY, code: this.codes[this.area[row]] };
    }
  }

  /** Names of places and streets: the most important first, none over another or over a site. */
  class Names {
    constructor(map, obstacles) {
      this.map = map;
      this.obstacles = obstacles;
      this.names = [];
      this.sheet = sheet(map, "pramshed-names", 440, (pen, view) => this.paint(pen, view));
    }

    show(names, zoom) {
      if (this.names === names) return;
      this.names = names;
      this.zoom = zoom;
      this.towns = names.some(([, kind]) => kind === "city" || kind === "town");
      this.sheet.repaint();
    }

    paint(pen, view) {
      const { factor, bounds } = scaling(view, this.zoom);
      const [west, north, east, south] = bounds;
      const taken = this.obstacles().map(([x, y, half, high = half]) => [x - half, y - high, x + half, y + high]);
      const { x: left, y: top } = this.map.containerPointToLayerPoint([0, 0]);
      const { x: across, y: down } = this.map.getSize();
      /** Whether the map's edge would cut it. */
      const cut = (box) =>
        (box[0] < left || box[1] < top || box[2] > left + across || box[3] > top + down) &&
        box[0] < left + across && box[1] < top + down && box[2] > left && box[3] > top;
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.lineJoin = "round";
      for (const [name, kind, x, y, angle, room, main] of this.names) {
        const [from, size, weight, colour] = NAMES[kind] || NAMES.hamlet;
        const earlier = kind === "suburb" && !this.towns ? SUBURBS_EARLIER : main ? MAIN_EARLIER : 0;
        if (view.zoom < from - earlier || x < west || x > east || y < north || y > south) continue;
        const grown = size + Math.min(3, Math.max(0, (view.zoom - from) * 0.5));
        pen.font = `${weight} ${grown}px "Source Sans Pro", "Source Sans 3", "Segoe UI", Roboto, Arial, sans-serif`;
        const wide = pen.measureText(name).width;
        if (room !== null && wide > (room / METRES_A_PIXEL) * factor * 1.05) continue; // text must not stick out of its street
        const turn = (-angle * Math.PI) / 180;
        const [cx, cy] = [x * factor - view.origin.x, y * factor - view.origin.y];
        const [c, s] = [Math.abs(Math.cos(turn)), Math.abs(Math.sin(turn))];
        const [halfWide, halfHigh] = [(wide * c + grown * s) / 2 + 3, (wide * s + grown * c) / 2 + 2];
        const free = (kind === "street" ? [[0, 0]] : BESIDE).find(([across, along]) => {
          const [u, v] = [cx + across * (halfWide + APART), cy + along * (halfHigh + APART)];
          const box = [u - halfWide, v - halfHigh, u + halfWide, v + halfHigh];
          if (kind !== "street" && cut(box)) return false;
          if (taken.some((other) => other[0] < box[2] && other[2] > box[0] && other[1] < box[3] && other[3] > box[1])) return false;
          return taken.push(box);
        });
        if (!free) continue;
        pen.save();
        pen.translate(cx + free[0] * (halfWide + APART), cy + free[1] * (halfHigh + APART));
        pen.rotate(turn);
        pen.strokeStyle = "rgb(255 255 255 / 92%)";
        pen.lineWidth = 3.5;
        pen.strokeText(name, 0, 0);
        pen.fillStyle = colour;
        pen.fillText(name, 0, 0);
        pen.restore();
      }
    }
  }

  Object.assign(window.pramshed, { Base, Names, Outlines, Walks, inflated });
})();
