/*
 * Draws Pramshed's map. Python (layers/maps/webmap.py) sends a small table of values at every rerun and calls
 * pramshed.draw(); outlines and streets are fetched once and kept here, so that a change of colour moves no geometry
 * and the reader's zoom stays where it is.
 *
 * Names come from people and from OpenStreetMap: they are only ever written with textContent or setAttribute.
 */
(function () {
  "use strict";

  const OSM_COPYRIGHT = "https://www.openstreetmap.org/copyright";
  const INK = "#14213d";
  const FAR_ZOOM = 12.5;
  /** What the map itself says; a page in another language sends its own. */
  const WORDS = {
    fingers: "Use two fingers to move the map",
    failed: "The map could not be loaded. The table has the same information.",
  };

  const { Base, Flows, Frame, Keys, Legend, Locator, Names, Outlines, Placing, Shapes, Sites, Streets, Walks } = window.pramshed;
  const { corners, features, forget, gainClasses, hatched, inflated, once, plain, toScale } = window.pramshed;
  const boards = new WeakMap();

  // texts are sent once each; areas and markers refer to them by number
  const worded = (scene, numbers) => numbers.map((number) => scene.texts[number]);
  const whereabouts = (map) => [map.getZoom(), map.getCenter()];

  /** Leaflet moves a map by a pixel when its frame changes. */
  const near = (map, place) => map.latLngToContainerPoint(place).distanceTo(map.getSize().divideBy(2)) < 3;

  /** What is drawn on one Leaflet map, kept from rerun to rerun. */
  class Board {
    constructor(map) {
      this.map = map;
      this.areas = new Map();
      this.values = new Map();
      this.scene = null;
      const canvas = (name, order) => {
        map.createPane(name).style.zIndex = order;
        return L.canvas({ pane: name, padding: 0.4 });
      };
      this.base = new Base(map);
      this.land = canvas("pramshed-land", 300);
      this.area = canvas("pramshed-areas", 330);
      this.walks = new Walks(map, (code) => this.values.get(code)?.fill);
      this.outlines = new Outlines(map);
      this.sites = new Sites(this);
      this.names = new Names(map, () => [...this.sites.boxes(), ...(this.frame?.boxes() || [])]);
      this.gains = new Streets(map, canvas("pramshed-gains", 420));
      map.createPane("pramshed-outline").style.zIndex = 450;
      this.outline = L.svg({ pane: "pramshed-outline", padding: 0.4 });
      // Plain layer groups: a FeatureGroup (L.GeoJSON is one) would pass each click on, and streamlit-folium would
      // send the whole outline of the area back to the server.
      this.ground = L.layerGroup().addTo(map);
      this.size = 1;
      this.border = 1;
      this.flows = new Flows(this);
      this.shapes = new Shapes(this);
      this.locator = new Locator(this);
      this.placing = new Placing(this);
      const frame = { pane: "pramshed-outline", renderer: this.outline, interactive: false, fill: false };
      this.hover = L.polygon([], { ...frame, color: INK, weight: 2 }).addTo(map);
      // dark around yellow stands out from every colour of the legends, for colour-blind readers as well
      this.casing = L.polygon([], { ...frame, color: INK, weight: 8 }).addTo(map);
      this.chosen = L.polygon([], { ...frame, color: "#ffdd00", weight: 4, className: "pramshed-chosen" }).addTo(map);
      this.legend = new Legend(map);
      this.legend.box.addEventListener("toggle", () => this.names.sheet.repaint());
      this.tip = L.tooltip({ className: "pramshed-tip", direction: "auto", opacity: 1 });
      this.notice = document.createElement("div");
      this.notice.className = "pramshed-notice";
      this.notice.setAttribute("role", "status");
      map.getContainer().append(this.notice);
      this.furnish();
    }

    /** Controls and manners of the map, set up once. */
    furnish() {
      const { map } = this;
      const box = map.getContainer();
      box.setAttribute("role", "application");
      map.setMinZoom(5).setMaxZoom(18);
      // folium forbids the reader to enlarge the page, which nobody should
      document.querySelector("meta[name=viewport]")?.setAttribute("content", "width=device-width, initial-scale=1");
      L.control.scale({ imperial: false }).addTo(map);
      this.frame = new Frame(this);
      this.keys = new Keys(this);

      // Leaflet focuses the map when the mouse goes down in it. A page that scrolled then, to show all of a tall map,
      // would take the click away from under the pointer.
      const focus = box.focus.bind(box);
      box.focus = () => focus({ preventScroll: true });
      // Leaflet focuses the map on every click; the ring is for those who came by keyboard.
      box.addEventListener("pointerdown", () => box.classList.add("pramshed-pointer"));
      window.addEventListener("keydown", () => box.classList.remove("pramshed-pointer"));
      window.addEventListener("blur", () => box.classList.remove("pramshed-pointer"));

      map.on("zoomend", () => this.scale({ drawnNext: true }));
      map.on("click", (event) => this.street(event, (code) => this.choose(code, event.latlng)));
      map.on("mousemove", (event) => this.street(event, (code) => this.tellArea(code, event.latlng)));
      // The frame may be laid out (a closed tab, an expander, a turned telephone) after the map: fit again, unless the
      // reader has moved it.
      new ResizeObserver(() => {
        const [zoom, centre] = this.fitted || [];
        const untouched = this.unfitted || (zoom === map.getZoom() && near(map, centre));
        map.invalidateSize();
        if (this.scene && untouched) this.fit();
      }).observe(box);
    }

    /**
     * From afar lines are hairlines and play spaces dots; close by they are what the reader came for. At the end of a
     * zoom Leaflet draws everything next; asking for it as well would draw a city's streets twice.
     */
    scale({ drawnNext = false } = {}) {
      const wear = (path, weight) => (drawnNext ? (path.options.weight = weight) : path.setStyle({ weight }));
      const box = this.map.getContainer();
      const factor = 2 ** ((this.map.getZoom() - FAR_ZOOM) / 2);
      box.classList.toggle("pramshed-far", factor < 1);
      // a city's centres would hide the city; an island has room for its few
      const smallest = this.sites.crowded ? 0.65 : 0.95;
      this.size = Math.min(1, Math.max(smallest, factor));
      box.style.setProperty("--pramshed-size", String(this.size));
      this.gains.scale(Math.min(1.25, Math.max(0.45, factor)), 0.9, wear);
      // a farm is a dot of a pixel from afar: a border would hide it
      this.border = factor < 0.8 && this.scene?.base ? 0 : Math.min(1.2, Math.max(0.5, factor));
      for (const area of this.areas.values()) wear(area, this.edge(area.dashed));
    }

    /** How wide the outline of an area is: one that means something is seen from afar as well. */
    edge(dashed) {
      return dashed ? 1.5 : this.border;
    }

    say(text, milliseconds) {
      this.notice.textContent = text;
      this.brief = Boolean(milliseconds); // it goes by itself
      clearTimeout(this.silence);
      if (milliseconds) this.silence = setTimeout(() => this.say(""), milliseconds);
    }

    fit() {
      const [west, south, east, north] = this.scene.bounds;
      const room = this.map.getSize();
      this.unfitted = room.x < 40 || room.y < 40;
      if (this.unfitted) return;
      if (this.scene.span) toScale(this.map, this.scene.bounds, this.scene.span);
      else this.map.fitBounds([[south, west], [north, east]], { animate: false, padding: [12, 12] });
      this.fitted = whereabouts(this.map);
    }

    /** Move to what was chosen beside the map, once. */
    look(view) {
      if (String(view) === String(this.looked)) return;
      this.looked = view;
      if (!view) return;
      if (String(view) === String(this.scene.bounds)) return void this.fit();
      const [west, south, east, north] = view;
      const { offsetWidth: beside } = this.legend.box; // what is looked at must not hide below the legend
      const room = { paddingTopLeft: [24, 24], paddingBottomRight: [24 + (beside < this.map.getSize().x / 2 ? beside : 0), 44 + this.frame.covered()] };
      this.map.fitBounds([[south, west], [north, east]], { animate: false, maxZoom: 16, ...room });
    }

    // Tell Python: streamlit-folium listens to the feature group, and returns what toGeoJSON says as
    // "last_active_drawing". The time makes a second click on the same area a new value.
    report(kind, id, point) {
      const feature = {
        type: "Feature",
        properties: { kind, id, at: Date.now() },
        geometry: { type: "Point", coordinates: [Number(point.lng.toFixed(6)), Number(point.lat.toFixed(6))] },
      };
      if (this.frame.full && kind !== "place") this.say("Chosen. Leave full screen to read about it.", 2500);
      this.group.fire("click", { latlng: point, layer: { toGeoJSON: () => feature } });
    }

    async show(group, scene) {
      const before = this.scene;
      this.group = group;
      this.scene = scene;
      this.words = { ...WORDS, ...Object.fromEntries(scene.words) };
      this.describe(scene);
      const moved = before && String(before.bounds) !== String(scene.bounds);
      if (!before || (moved && !this.placing.stays(scene.bounds))) this.fit();
      this.chosenAnew = Boolean(before) && before.selected !== scene.selected;
      this.values = new Map(
        scene.codes.map((code, i) => [
          `E01${String(code).padStart(6, "0")}`,
          { fill: scene.palette[scene.fills[i]], hatched: scene.hatched.includes(i), dashed: scene.dashed.includes(i), lines: worded(scene, scene.lines[i]) },
        ]),
      );
      try {
        await Promise.all([this.setGround(scene), this.setGains(scene), this.setAreas(scene), this.setSites(scene)]);
        if (this.scene !== scene) return;
        if (!this.brief) this.say("");
        this.frame.lower();
        this.keys.refresh();
      } catch (error) {
        console.error(error);
        if (this.scene === scene) this.say(this.words.failed);
      }
    }

    describe(scene) {
      const box = this.map.getContainer();
      document.documentElement.lang = this.words.lang || "en";
      box.setAttribute("aria-label", scene.label);
      if (!this.heading) {
        this.heading = document.createElement("h2"); // so that one comes here from heading to heading
        this.heading.className = "pramshed-spoken";
        box.before(this.heading);
      }
      this.heading.textContent = scene.label.split(". ")[0];
      box.classList.toggle("pramshed-marking", scene.marking);
      const locating = scene.marking && this.words.locate ? [this.words.locate, this.words.refused] : null;
      if (String(locating) !== String(this.locating)) this.locator.show((this.locating = locating));
      if (window.frameElement) window.frameElement.title = scene.label;
      if (this.credit) this.credit.remove();
      this.credit = L.control.attribution({ prefix: false, position: "bottomright" }).addTo(this.map);
      const line = this.credit.getContainer();
      const [front, ...rest] = scene.attribution.split("OpenStreetMap contributors");
      line.append(front);
      for (const text of rest) {
        const link = document.createElement("a");
        Object.assign(link, { href: OSM_COPYRIGHT, target: "_blank", rel: "noopener" });
        link.textContent = "OpenStreetMap contributors";
        line.append(link, text);
      }
    }

    /** The coast and its like, the streets and their colours, names, and what the colours mean. */
    async setGround(scene) {
      const current = () => this.scene === scene;
      const along = scene.along ? inflated(scene.along) : null;
      await Promise.all([
        this.base.show(scene.base, current),
        this.walks.show(scene.streets, current),
        this.outlines.show(scene.outlines, current),
        along,
      ]);
      if (!current()) return;
      this.walks.wear(scene, await along);
      this.legend.show(scene.legendTitle, scene.legend, scene.dashed.length > 0);
      this.names.show(this.base.names, this.base.zoom); // not below the legend
      this.look(scene.view);
    }

    async setSites(scene) {
      const rows = scene.markers.map(([places, ...row], i) => [...row, scene.unsure.includes(i), ...worded(scene, places)]);
      await this.sites.show(rows, () => this.scene === scene);
      if (this.scene !== scene) return;
      this.scale();
      this.shapes.show(scene.drawn.map(([places, ...row]) => [worded(scene, places), ...row]));
      const flows = scene.flows.map(([places, ...row]) => [...row, ...worded(scene, places)]);
      this.flows.show(flows, rows.map((row) => [row[1], row[2], row[4] ? 18 : row[3] === "play" ? 8 : 13]));
      this.names.sheet.repaint();
      this.sites.select(scene.selected);
    }

    async setGains(scene) {
      const current = () => this.scene === scene;
      await this.gains.show(scene.gains, gainClasses(scene.gainStyle), current);
      if (!current()) return;
      if (this.gainsFrom !== scene.gains) forget(this.gainsFrom);
      this.gainsFrom = scene.gains;
      this.scale();
    }

    async setAreas(scene) {
      if (this.areasFrom !== scene.areas) {
        const found = await once(scene.areas, features);
        if (this.scene !== scene) return;
        this.areasFrom = scene.areas;
        this.ground.clearLayers();
        this.areas.clear();
        this.within = null;
        if (!scene.tiled && !scene.base) {
          const parts = found.flatMap((f) => (f.geometry.type === "Polygon" ? [corners(f)] : corners(f)));
          // a hairline of its own colour closes the seams that anti-aliasing leaves between neighbours
          const white = { fillColor: "#fff", fillOpacity: 1, color: "#fff", weight: 1 };
          L.polygon(parts, { ...white, renderer: this.land, interactive: false }).addTo(this.ground);
        }
        for (const feature of found) this.addArea(feature);
      }
      for (const [code, area] of this.areas) this.style(code, area);
      this.scale();
      this.select(scene.selected);
      // an area chosen by name is brought into sight; one that is seen already moves nothing
      const chosen = this.chosenAnew && this.areas.get(scene.selected)?.getBounds();
      if (chosen && !this.map.getBounds().intersects(chosen)) this.map.panTo(chosen.getCenter());
    }

    addArea(feature) {
      const { code } = feature.properties;
      const area = L.polygon(corners(feature), { renderer: this.area, color: "#fff", weight: 1, fillOpacity: 1 });
      area.on("mouseover", () => {
        this.within = code;
        this.hover.setLatLngs(area.getLatLngs());
      });
      area.on("mouseover mousemove", (event) => this.tellArea(code, event.latlng));
      area.on("mouseout", () => {
        this.within = null;
        this.hover.setLatLngs([]);
        this.tip.remove();
      });
      area.on("click", (event) => {
        if (this.scene.marking) return;
        L.DomEvent.stopPropagation(event); // or the map would ask the nearest street as well
        this.choose(code, event.latlng);
      });
      this.areas.set(code, area.addTo(this.ground));
    }

    /** What the reader asks for by a click or a tap. */
    choose(code, point) {
      this.select(code); // at once; Python's answer follows
      this.tellArea(code, point); // a finger does not hover
      this.frame.uncover(point);
      this.report("area", code, point);
    }

    /** Where streets are coloured, one that lies outside every shape stands for its neighbourhood as well. */
    street({ latlng, originalEvent }, then) {
      if (!this.scene?.streetwise || this.scene.marking || !originalEvent.target.closest(".leaflet-map-pane")) return;
      if (this.within) return;
      const code = this.walks.at(latlng)?.code;
      if (code) then(code);
      else this.tip.remove();
    }

    style(code, area) {
      const value = this.values.get(code);
      const fill = value ? value.fill : "#ffffff";
      const stripes = Boolean(value && value.hatched);
      const { streetwise, tiled } = this.scene;
      const dashed = Boolean(value && value.dashed);
      const worn = `${fill}${stripes}${dashed}${tiled}${streetwise}`;
      if (area.worn === worn) return;
      area.worn = worn;
      const fillOpacity = streetwise && !stripes ? 0 : tiled ? 0.75 : 1; // what is not known is seen either way
      const color = dashed ? INK : value ? "#fff" : "#9aa3ab";
      const opacity = streetwise && !dashed ? 0 : 1;
      const lines = { color, opacity, dashArray: dashed ? "2 4" : null, weight: this.edge(dashed) };
      area.dashed = dashed;
      area.setStyle({ fillColor: stripes ? hatched(fill) : fill, fillOpacity, ...lines });
    }

    select(id) {
      const area = this.areas.get(id);
      const shape = area ? area.getLatLngs() : [];
      this.casing.setLatLngs(shape);
      this.chosen.setLatLngs(shape);
      this.sites.select(id);
    }

    tellArea(code, point) {
      const lines = this.values.get(code)?.lines || [];
      const street = this.scene.streetwise && this.walks.at(point);
      if (lines.length) this.tell([lines[0], ...this.walkFrom(street), ...lines.slice(1)], point, 8);
    }

    /** The walk from a street in words, if it is known; of whole minutes, rounded up, or what they stand for. */
    walkFrom(street) {
      const { alongTold: told, alongWords: [before, after, none] } = this.scene;
      if (!street || (street.minutes === null && !street.noWay)) return [];
      return [street.noWay ? none : `${before}${told.length ? told[street.minutes] : street.minutes}${after}`];
    }

    tell(lines, point, gap) {
      this.tip.options.offset = [gap, 0];
      this.tip.setLatLng(point).setContent(plain(lines));
      if (!this.map.hasLayer(this.tip)) this.tip.addTo(this.map);
    }
  }

  /** Draw the scene on the map, drawn when the promise is kept; clicks are reported through the feature group. */
  function draw(map, group, scene) {
    if (!boards.has(map)) boards.set(map, new Board(map));
    return boards.get(map).show(group, scene);
  }

  window.pramshed = { draw };
})();
