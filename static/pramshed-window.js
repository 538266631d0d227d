/*
 * Pramshed's map in its page: who gets the wheel and the fingers, full screen, and the buttons at the map's corner.
 * Loaded before pramshed-map.js, which uses it.
 */
(function () {
  "use strict";

  const APPLE = /Mac|iPhone|iPad/.test(navigator.platform);
  const HINT_MS = 1500;
  const CARD = 0.42; // of a telephone's screen, as pramshed-page.css has it
  const ICON =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.4">';
  const WHOLE = `${ICON}<circle cx="12" cy="12" r="3"/><path d="M12 2v5M12 17v5M2 12h5M17 12h5"/></svg>`;
  const FULL = `${ICON}<path d="M3 9V3h6M15 3h6v6M21 15v6h-6M9 21H3v-6"/></svg>`;
  const BACK = `${ICON}<path d="M9 3v6H3M21 9h-6V3M15 21v-6h6M3 15h6v6"/></svg>`;
  const HELP = `${ICON}<path d="M8 9a4 4 0 1 1 5.5 3.7c-1 .5-1.5 1-1.5 2.3M12 18v2.5"/></svg>`;
  const STOPS = "a[href], button:not(:disabled), input:not(:disabled), summary, [tabindex='0']";

  const { drawing } = window.pramshed;

  /** The map's place in the page. */
  class Frame {
    constructor(board) {
      this.board = board;
      this.box = board.map.getContainer();
      this.full = false;
      this.unlock();
      this.furnish();
      this.fingers();
      this.wheel();
      this.menu();
      this.skips();
      document.addEventListener("fullscreenchange", () => this.turned(Boolean(document.fullscreenElement)));
    }

    /** folium forbids to enlarge the page. */
    unlock() {
      document.querySelectorAll("meta[name=viewport]").forEach((one) => (one.content = "width=device-width, initial-scale=1"));
    }

    /** The buttons: one stop of the Tab key, from one to the next with the arrow keys. */
    furnish() {
      const bar = (this.bar = this.board.map.zoomControl.getContainer());
      bar.lang = "en";
      bar.setAttribute("role", "toolbar");
      bar.setAttribute("aria-label", "View of the map");
      bar.setAttribute("aria-orientation", "vertical");
      bar.append(this.button("Show the whole area", WHOLE, () => this.board.fit()));
      bar.append((this.fullButton = this.button("Full screen", FULL, () => this.turn())));
      bar.append((this.helpButton = this.button("Keys of the map", HELP, () => this.board.keys.explain())));
      this.helpButton.setAttribute("aria-expanded", "false");
      this.buttons = [...bar.children];
      const stop = (wanted) => this.buttons.forEach((one) => (one.tabIndex = one === wanted ? 0 : -1));
      stop(this.buttons[0]);
      bar.addEventListener("focusin", (event) => stop(event.target));
      bar.addEventListener("keydown", (event) => {
        const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
        if (event.key === " ") event.target.click();
        else if (event.key === "Escape") this.board.keys.escape();
        else if (step) this.beside(event.target, step).focus();
        else return;
        event.preventDefault();
        event.stopPropagation(); // the map would move
      });
    }

    /** What the buttons and the legend cover, in the map's pixels: the middle, half of the width and of the height. */
    boxes() {
      const { legend, map } = this.board;
      return [this.bar, legend.box].map((one) => {
        const { left, top, width, height } = one.getBoundingClientRect();
        const { x, y } = map.containerPointToLayerPoint([left + width / 2, top + height / 2]);
        return [x, y, width / 2, height / 2];
      });
    }

    beside(button, step) {
      const shown = this.buttons.filter((one) => !one.hidden);
      return shown.at((shown.indexOf(button) + step) % shown.length);
    }

    button(label, icon, press) {
      const button = document.createElement("a");
      Object.assign(button, { href: "#", title: label });
      button.setAttribute("role", "button");
      button.setAttribute("aria-label", label);
      this.draw(button, icon);
      L.DomEvent.disableClickPropagation(button);
      L.DomEvent.on(button, "click", (event) => {
        L.DomEvent.preventDefault(event);
        press();
      });
      return button;
    }

    draw(button, icon) {
      const picture = drawing(icon);
      picture.setAttribute("aria-hidden", "true");
      button.replaceChildren(picture);
    }

    /** A map as wide as a telephone must not swallow the page's scrolling: one finger scrolls, two move the map. */
    fingers() {
      this.coarse = window.matchMedia("(pointer: coarse)").matches;
      if (!this.coarse) return;
      this.board.map.dragging.disable();
      let start = null;
      this.box.addEventListener("touchstart", (event) => (start = event.touches[0]), { passive: true });
      this.box.addEventListener("touchmove", (event) => this.advise(start, event.touches), { passive: true });
    }

    /** A finger going up or down scrolls the page, as meant; one going sideways wanted to move the map. */
    advise(start, fingers) {
      const [across, along] = [fingers[0].clientX - start.clientX, fingers[0].clientY - start.clientY].map(Math.abs);
      if (this.full || fingers.length > 1 || across <= 20 || across <= along) return;
      this.board.say(this.board.words.fingers, HINT_MS);
    }

    /**
     * Nor may the wheel: it scrolls the page, and zooms with Ctrl, as a pinch on a touchpad does. Where people mark
     * places they zoom a lot, and read other languages: there it zooms once they have clicked in the map.
     */
    wheel() {
      const { board, box } = this;
      const { scrollWheelZoom: zoom } = board.map;
      zoom.disable();
      board.map.on("mousedown focus", () => (this.turnedTo = true));
      box.addEventListener("mouseleave", () => (this.turnedTo = false));
      const decide = (event) => {
        if (event.target.closest(".pramshed-legend")) return;
        const { marking } = board.scene || {};
        const meant = event.ctrlKey || event.metaKey || this.full || (marking && this.turnedTo);
        zoom[meant ? "enable" : "disable"]();
        if (!meant && !marking) board.say(`Hold ${APPLE ? "⌘ (Command)" : "Ctrl"} and scroll to zoom`, HINT_MS);
        else if (meant) board.say("");
      };
      box.addEventListener("wheel", decide, { capture: true, passive: true });
    }

    /** Pixels at the map's lower edge that a telephone's card covers, see pramshed-page.css. */
    covered() {
      const page = window.frameElement?.ownerDocument;
      if (!page?.querySelector(".st-key-seek") || page.defaultView.innerWidth >= 768 || this.full) return 0;
      const top = page.defaultView.innerHeight * (1 - CARD);
      return Math.max(0, window.frameElement.getBoundingClientRect().bottom - top);
    }

    /** What was chosen is not left below that card. */
    uncover(point) {
      const { map } = this.board;
      const free = map.getSize().y - this.covered();
      const { y } = map.latLngToContainerPoint(point);
      if (!this.covered() || y <= free - 40 || free < 80) return;
      const before = this.lifted?.before || map.getCenter();
      map.panBy([0, y - free / 2], { animate: false });
      this.lifted = { before, after: map.getCenter(), zoom: map.getZoom() };
    }

    /** Once the card is closed the map goes back, unless the reader has moved it since. */
    lower() {
      const { map, scene } = this.board;
      const card = scene.selected || scene.markers.some(([, , , , shape]) => shape === "here");
      if (card && this.covered()) this.board.tip.remove(); // the card says more
      if (card || !this.lifted) return;
      const { before, after, zoom } = this.lifted;
      if (zoom === map.getZoom() && after.equals(map.getCenter())) map.panTo(before, { animate: false });
      this.lifted = null;
    }

    /** On a narrow screen the page's menu closes once a page is chosen in it: Streamlit does so on telephones alone. */
    menu() {
      const page = window.frameElement?.ownerDocument;
      page?.addEventListener("click", (event) => {
        if (page.defaultView.innerWidth >= 768 || !event.target.closest("[data-testid=stSidebarNavLink]")) return;
        page.querySelector("[data-testid=stSidebarCollapseButton] [aria-expanded=true]")?.click();
      });
    }

    /** The page's skip links, see layers/views/frame.py: the keyboard goes on at the heading of what they name. */
    skips() {
      const page = window.frameElement?.ownerDocument;
      page?.addEventListener("click", (event) => {
        const link = event.target.closest?.(".pramshed-skip a");
        if (!link) return;
        event.preventDefault(); // the address is for what was chosen, and "back" for choices
        const part = page.querySelector(link.hash === "#table" ? ".st-key-table" : ".st-key-explore>:nth-child(3)");
        const goal = part?.querySelector("h2, .pramshed-headline") || part;
        if (!goal) return;
        goal.tabIndex = -1;
        goal.focus();
      });
    }

    /** Full screen or back; where the browser gives none (an iPhone), the map fills the window. */
    turn() {
      if (document.fullscreenElement) document.exitFullscreen();
      else if (this.full) this.fill(false);
      else if (!document.fullscreenEnabled) this.fill(true);
      else document.documentElement.requestFullscreen().catch(() => this.fill(true));
    }

    fill(full) {
      window.frameElement?.toggleAttribute("data-pramshed-full", full);
      this.turned(full);
    }

    turned(full) {
      this.full = full;
      const label = full ? "Leave full screen" : "Full screen";
      this.fullButton.title = label;
      this.fullButton.setAttribute("aria-label", label);
      this.draw(this.fullButton, full ? BACK : FULL);
      if (this.coarse) this.board.map.dragging[full ? "enable" : "disable"](); // there is no page to scroll
    }

    /** The keyboard goes on with what comes after the map in the page. */
    leave() {
      const frame = window.frameElement;
      const rest = [...(frame?.ownerDocument.querySelectorAll(STOPS) || [])].filter(
        (one) => one.getClientRects().length && frame.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING,
      );
      if (!rest.length) return;
      window.blur();
      rest[0].focus();
    }
  }

  Object.assign(window.pramshed, { Frame });
})();
