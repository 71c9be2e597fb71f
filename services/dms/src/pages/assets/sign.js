// A sign. It asks once a second what to show, and for how long that holds without hearing anything further.
// It shows nothing that it did not hear within that time, nothing when its own clock and the service's
// disagree, and nothing after the machine slept.
"use strict";
(() => {
  const ASK_MS = 1000;
  const ANSWER_MS_MAX = 4000;
  const CLOCK_MS_MAX = 10000;
  const SLEPT_MS = 3000;
  const body = document.body;
  const face = document.getElementById("face");
  const sign = body.dataset.sign;
  const matrix = body.dataset.kind === "matrix";
  // What is shown: until when by a clock that only runs forward, and what.
  let until = 0;
  let shown = null;
  let lost = true;
  let turn = { page: 0, since: 0 };
  let lastWall = Date.now();
  let lastSteady = performance.now();

  function blank(isLost) {
    until = 0;
    if (shown !== null || lost !== isLost || face.className === "") {
      shown = null;
      lost = isLost;
      draw();
    }
  }

  async function ask() {
    const began = performance.now();
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), ANSWER_MS_MAX);
    try {
      const response = await fetch(`/signs/${encodeURIComponent(sign)}/state`, { cache: "no-store", signal: stop.signal });
      if (!response.ok) throw new Error(String(response.status));
      const told = await response.json();
      if (Math.abs(Date.now() - told.now_ms) > CLOCK_MS_MAX) {
        blank(true);
      } else if (told.state === "showing" && told.valid_ms > 0) {
        // From before the question: the answer may have been on its way for a while.
        until = began + told.valid_ms;
        if (shown === null || shown.message !== told.message) {
          shown = told;
          turn = { page: 0, since: performance.now() };
          draw();
        }
        tick();
      } else {
        blank(told.state !== "blank");
      }
    } catch {
      // Not heard: what is shown ends by itself. Without it, there is nothing to end.
      if (shown === null) blank(true);
    } finally {
      clearTimeout(late);
    }
    setTimeout(ask, ASK_MS);
  }

  // Runs several times a second: ends what is over, and turns pages.
  function tick() {
    const steady = performance.now();
    const wall = Date.now();
    const slept = steady - lastSteady > SLEPT_MS || Math.abs(wall - lastWall - (steady - lastSteady)) > SLEPT_MS;
    lastSteady = steady;
    lastWall = wall;
    if (shown !== null && (slept || steady >= until)) {
      blank(true);
      return;
    }
    if (shown !== null && matrix && shown.pages.length > 1) {
      const page = shown.pages[turn.page];
      if (steady - turn.since >= page.on_ms + page.off_ms) {
        turn = { page: (turn.page + 1) % shown.pages.length, since: steady };
        draw();
      }
    }
  }

  function draw() {
    face.replaceChildren();
    face.className = shown === null ? (lost ? "blank lost" : "blank") : "showing";
    face.dataset.state = shown === null ? (lost ? "lost" : "blank") : "showing";
    if (matrix) {
      drawLamps(shown === null ? null : shown.pages[turn.page]);
    } else if (shown !== null) {
      drawText();
    }
  }

  // Lamps, amber on black; also those that are dark, so that one sees that the sign is there.
  function drawLamps(page) {
    const columns = Number(body.dataset.width);
    const rows = Number(body.dataset.height);
    const room = 0.94;
    const pitch = Math.max(1, Math.floor(Math.min((innerWidth * room) / columns, (innerHeight * room) / rows)));
    const canvas = document.createElement("canvas");
    canvas.width = columns * pitch;
    canvas.height = rows * pitch;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", page ? shown.lines.join(", ") : "blank");
    const pen = canvas.getContext("2d");
    for (let y = 0; y < rows; y += 1) {
      for (let x = 0; x < columns; x += 1) {
        const lit = page !== null && page.rows[y] !== undefined && page.rows[y][x] === "#";
        pen.fillStyle = lit ? "#ffb000" : "#161410";
        pen.beginPath();
        pen.arc((x + 0.5) * pitch, (y + 0.5) * pitch, pitch * (lit ? 0.44 : 0.3), 0, 2 * Math.PI);
        pen.fill();
      }
    }
    face.className = shown === null && lost ? "lamps lost" : "lamps";
    face.append(canvas);
  }

  function drawText() {
    const wide = innerWidth >= innerHeight;
    face.classList.toggle("portrait", !wide);
    const pad = 0.04 * Math.min(innerWidth, innerHeight);
    let roomWidth = innerWidth - 2 * pad;
    let roomHeight = innerHeight - 2 * pad;
    if (shown.pictogram !== null) {
      const size = wide ? Math.min(roomHeight, roomWidth * 0.34) : Math.min(roomWidth * 0.8, roomHeight * 0.38);
      const image = document.createElement("img");
      image.src = `/sign-assets/${shown.pictogram}.svg`;
      image.alt = shown.pictogram.replaceAll("_", " ");
      image.width = Math.floor(size);
      image.height = Math.floor(size);
      face.append(image);
      if (wide) roomWidth -= size + pad;
      else roomHeight -= size + pad;
    }
    if (shown.lines.length === 0) return;
    // As large as it fits: lines as they came, or broken between words where that gains a lot.
    const text = document.createElement("div");
    text.className = "text";
    face.append(text);
    const longest = Math.max(...shown.lines.map((line) => line.length));
    const word = Math.max(...shown.lines.flatMap((line) => line.split(" ")).map((part) => part.length));
    let best = { lines: shown.lines, size: sizeOf(text, shown.lines, roomWidth, roomHeight) };
    for (let limit = word; limit < longest; limit += 1) {
      const lines = shown.lines.flatMap((line) => wrapped(line, limit));
      const size = sizeOf(text, lines, roomWidth, roomHeight);
      if (size > best.size * (best.lines === shown.lines ? 1.15 : 1)) best = { lines, size };
    }
    fill(text, best.lines);
    text.style.fontSize = `${Math.max(12, Math.floor(best.size))}px`;
  }

  function wrapped(line, limit) {
    const lines = [];
    for (const word of line.split(" ")) {
      const last = lines[lines.length - 1];
      if (last !== undefined && last.length + 1 + word.length <= limit) lines[lines.length - 1] = `${last} ${word}`;
      else lines.push(word);
    }
    return lines;
  }

  function fill(text, lines) {
    text.replaceChildren(
      ...lines.map((line) => {
        const row = document.createElement("div");
        row.className = "line";
        row.textContent = line;
        return row;
      }),
    );
  }

  // The size of letters at which these lines fill the room.
  function sizeOf(text, lines, roomWidth, roomHeight) {
    fill(text, lines);
    text.style.fontSize = "100px";
    const box = text.getBoundingClientRect();
    return 98 * Math.min(roomWidth / box.width, roomHeight / box.height);
  }

  addEventListener("resize", draw);
  draw();
  ask();
  setInterval(tick, 100);
})();
