/*
 * What areas and notes are made of: a colour with stripes over it, and plain text as elements.
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

  Object.assign(window.pramshed, { hatched, plain });
})();
