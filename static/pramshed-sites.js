/*
 * The sites on Pramshed's map: one marker each, told apart by shape, asked with the pointer or the keyboard. Loaded
 * before pramshed-map.js, which uses it. Names are only ever written with textContent or setAttribute.
 */
(function () {
  "use strict";

  const HOME = new URL(".", document.currentScript.src);
  const CROWD = 30;
  /** What is tried out must not hide under what is there, nor what is there under what is only on the way. */
  const ORDER = {
    play: -2000, gate: -1500, crossed: -1500, uncrossed: -1500, steps: -1000, added: 2000, shut: 1000, own: 1000,
  };
  const UNSURE = "unsure";
  /** Many and small: a table or a list beside the map is their keyboard way, and names may cover them. */
  const SMALL = new Set(["play", "steps", "gate", "crossed", "uncrossed"]);

  const { Stops, once } = window.pramshed;

  const drawing = (text) => new DOMParser().parseFromString(text, "image/svg+xml").documentElement;

  class Sites {
    constructor(board) {
      this.board = board;
      this.markers = new Map();
      this.stops = new Stops(board.map);
    }

    /** Rows of [id, lon, lat, shape, unsure, ...lines]; `current` says if they are still wanted. */
    async show(rows, current) {
      const shapes = [...new Set(rows.map((row) => row[3]))];
      if (rows.some((row) => row[4])) shapes.push(UNSURE);
      const pictures = await Promise.all(
        shapes.map((shape) => once(new URL(`markers/${shape}.svg`, HOME).href, drawing)),
      );
      if (!current()) return;
      const icons = new Map(shapes.map((shape, i) => [shape, pictures[i]]));
      this.crowded = rows.filter((row) => !SMALL.has(row[3])).length > CROWD;
      const wanted = new Map(rows.map((row) => [row[0], row]));
      // markers that have not changed are left alone, or the keyboard's focus would be lost at each rerun
      for (const [id, marker] of this.markers) {
        if (JSON.stringify(wanted.get(id)) === marker.row) wanted.delete(id);
        else {
          marker.remove();
          this.markers.delete(id);
        }
      }
      for (const row of wanted.values()) this.add(row, icons);
      this.stops.show(this.large().map((one) => one.getElement()), this.board.scene.marking);
    }

    /** All but the small ones. */
    large() {
      return [...this.markers.values()].filter((marker) => marker.options.keyboard);
    }

    /** What names must not cover, in the map's pixels: the middle, and half a side. */
    boxes() {
      const { map, size } = this.board;
      return this.large()
        .map((marker) => map.latLngToLayerPoint(marker.getLatLng()))
        .map(({ x, y }) => [x, y, 11 * size]);
    }

    select(id) {
      for (const [key, marker] of this.markers) {
        marker.getElement().classList.toggle("pramshed-selected", key === id);
      }
    }

    add(row, icons) {
      const { board } = this;
      const [id, lon, lat, shape, unsure, ...lines] = row;
      const picture = icons.get(shape);
      const small = SMALL.has(shape);
      const size = Math.max(24, Number(picture.getAttribute("width"))); // nobody taps on less
      const icon = L.divIcon({
        className: `pramshed-marker pramshed-${shape}`,
        html: document.importNode(picture, true),
        iconSize: [size, size],
      });
      const marker = L.marker([lat, lon], { icon, keyboard: !small, zIndexOffset: ORDER[shape] ?? 0 }).addTo(board.map);
      marker.row = JSON.stringify(row);
      const element = marker.getElement();
      element.setAttribute("role", small ? "img" : "button");
      element.setAttribute("aria-label", lines.join(", "));
      if (unsure) element.append(document.importNode(icons.get(UNSURE), true)); // a dashed ring and a question mark
      for (const part of element.children) part.setAttribute("aria-hidden", "true");
      const point = () => board.tell(lines, marker.getLatLng(), size / 2);
      const choose = () => {
        point(); // a finger does not hover
        board.report("site", id, marker.getLatLng());
      };
      Object.assign(marker, { choose, shape, told: lines });
      marker.on("click", choose).on("mouseover", point).on("mouseout", () => board.tip.remove());
      element.addEventListener("focus", point);
      element.addEventListener("blur", () => board.tip.remove());
      element.addEventListener("keydown", (event) => {
        if (event.key === "Escape") board.tip.remove();
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        choose();
      });
      this.markers.set(id, marker);
    }
  }

  Object.assign(window.pramshed, { Sites, drawing });
})();
