/*
 * What areas, notes and the legend are made of: a colour with stripes over it, and plain text as elements.
 */
(function () {
  "use strict";

  const hatches = new Map();

  /** The colour with diagonal lines over it, so that "nothing known here" is not told by colour alone. */
  function hatched(fill) {
    if (!hatches.has(fill)) {
      const side = 8;
      const ratio = window.devicePixelRatio || 1;
      const tile = document.createElement("canvas");
      tile.width = tile.height = Math.round(side * ratio);
      const pen = tile.getContext("2d");
      pen.scale(tile.width / side, tile.width / side);
      pen.fillStyle = fill;
      pen.fillRect(0, 0, side, side);
      pen.strokeStyle = "#6b7280";
      pen.lineWidth = 1.4;
      pen.beginPath();
      // the two corners are drawn as well, or the lines would break where the tiles meet
      for (const shift of [-side, 0, side]) {
        pen.moveTo(shift - 1, side + 1);
        pen.lineTo(shift + side + 1, -1);
      }
      pen.stroke();
      const pattern = pen.createPattern(tile, "repeat");
      pattern.setTransform(new DOMMatrix().scale(side / tile.width));
      hatches.set(fill, pattern);
    }
    return hatches.get(fill);
  }

  /** Lines of plain text as an element; given to Leaflet as an element because it treats strings as HTML. */
  function plain(lines) {
    const box = document.createElement("div");
    for (const line of lines) {
      const row = document.createElement("p");
      row.textContent = line;
      box.append(row);
    }
    return box;
  }

  /** A place inside a shape: in the middle of the widest stretch halfway up its largest part. */
  function inside(shape) {
    const parts = (shape[0]?.[0] instanceof L.LatLng ? [shape] : shape).map(([ring]) => ring);
    const size = (ring) => Math.abs(pairs(ring).reduce((sum, [a, b]) => sum + a.lng * b.lat - b.lng * a.lat, 0));
    const ring = parts.reduce((one, two) => (size(two) > size(one) ? two : one));
    const bounds = L.latLngBounds(ring);
    const lat = (bounds.getSouth() + bounds.getNorth()) / 2;
    const cuts = pairs(ring)
      .filter(([a, b]) => a.lat > lat !== b.lat > lat)
      .map(([a, b]) => a.lng + ((lat - a.lat) / (b.lat - a.lat)) * (b.lng - a.lng))
      .sort((one, two) => one - two);
    let best = [bounds.getCenter().lng, 0];
    for (let i = 0; i + 1 < cuts.length; i += 2) {
      const wide = cuts[i + 1] - cuts[i];
      if (wide > best[1]) best = [(cuts[i] + cuts[i + 1]) / 2, wide];
    }
    return L.latLng(lat, best[0]);
  }

  const pairs = (ring) => ring.map((corner, i) => [corner, ring[(i + 1) % ring.length]]);

  /** What the colours mean, on the map itself; open on a desk, and closed by one press. */
  class Legend {
    constructor(map) {
      this.box = document.createElement("details");
      this.box.className = "pramshed-legend";
      this.box.open = map.getContainer().clientWidth > 480;
      const control = L.control({ position: "topright" });
      control.onAdd = () => this.box;
      L.DomEvent.disableClickPropagation(this.box);
      L.DomEvent.disableScrollPropagation(this.box);
      this.control = control.addTo(map);
    }

    /** Rows of [colour, words, striped], the last of them dashed or not; nothing where there are none. */
    show(title, rows, dashed) {
      const said = JSON.stringify([title, rows, dashed]);
      if (this.said === said) return;
      this.said = said;
      this.box.hidden = !rows.length;
      const head = document.createElement("summary");
      head.textContent = title;
      const list = document.createElement("ul");
      for (const [fill, words, striped] of rows) {
        const row = document.createElement("li");
        const swatch = document.createElement("span");
        swatch.style.background = striped ? `repeating-linear-gradient(135deg, #6b7280 0 1.5px, ${fill} 1.5px 6px)` : fill;
        row.append(swatch, words);
        list.append(row);
      }
      if (dashed && rows.length) list.lastChild.firstChild.style.border = "2px dashed #14213d";
      this.box.replaceChildren(head, list);
    }
  }

  const METRES_A_PIXEL = 156543.03392804097; // of Web Mercator at zoom 0, on the equator

  /** Move to the middle of bounds so that so many metres fit: as many a pixel on every map of this size and span. */
  function toScale(map, [west, south, east, north], [across, down]) {
    const room = map.getSize();
    const metres = Math.max(across / (room.x - 24), down / (room.y - 24)); // a pixel
    const middle = L.latLngBounds([south, west], [north, east]).getCenter();
    const zoom = Math.log2((METRES_A_PIXEL * Math.cos((middle.lat * Math.PI) / 180)) / metres);
    const snap = map.options.zoomSnap;
    map.options.zoomSnap = 0; // a quarter of a zoom is a fifth of the scale
    map.setView(middle, zoom, { animate: false });
    map.options.zoomSnap = snap;
  }

  Object.assign(window.pramshed, { Legend, hatched, inside, plain, toScale });
})();
