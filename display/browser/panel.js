// The panel of a terminal on a canvas.
//
// attach(canvas, options) shows the pixels, sends touches with mouse or
// finger, and returns { key(name), text(string), close() }.
// options.url      the socket; "ws" beside this module unless given
// options.keyboard an element whose key presses are sent too (document, say)
// options.onlink   called with true and false as the socket opens and closes
// options.flash    the element that flashes with a beep; the canvas unless given

const base = new URL(".", import.meta.url);
const keys = { Enter: "Enter", Backspace: "Clear", Delete: "Clear", Escape: "Cancel" };

export function attach(canvas, options = {}) {
  const link = new Link(canvas, options);
  touches(canvas, link);
  if (options.keyboard) keyboard(options.keyboard, link);
  return {
    key: (name) => link.send({ key: name }),
    text: (string) => link.send({ text: string }),
    close: () => link.close(),
  };
}

// Link is a socket that opens again when it is cut.
class Link {
  constructor(canvas, { url, onlink, flash }) {
    this.context = canvas.getContext("2d", { alpha: false });
    this.url = new URL(url ?? "ws", base);
    this.url.protocol = this.url.protocol.replace("http", "ws");
    this.onlink = onlink ?? (() => {});
    this.frame = flash ?? canvas;
    this.open();
  }

  open() {
    const socket = new WebSocket(this.url);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => { this.fresh = true; this.onlink(true); };
    socket.onmessage = ({ data }) => this.draw(data);
    socket.onclose = () => { this.onlink(false); if (!this.closed) setTimeout(() => this.open(), 1000); };
    this.socket = socket;
  }

  // A message is x, y, width and height in 16 bits each, then RGBA pixels.
  // The first one is the whole panel; one of no width is a beep.
  draw(data) {
    const [x, y, width, height] = [0, 2, 4, 6].map((at) => new DataView(data).getUint16(at));
    if (width === 0) return this.beep();
    const canvas = this.context.canvas;
    if (this.fresh && (canvas.width !== width || canvas.height !== height)) {
      canvas.width = width;
      canvas.height = height;
    }
    this.fresh = false;
    this.context.putImageData(new ImageData(new Uint8ClampedArray(data, 8), width, height), x, y);
  }

  beep() {
    flash(this.frame);
    tone();
  }

  send(message) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  close() {
    this.closed = true;
    this.socket.close();
  }
}

let sound = null; // made once; browsers allow few, and none before the first touch

// tone is a soft note of a quarter second. Where the page may not sound yet,
// the flash has to do.
function tone() {
  if (navigator.userActivation && !navigator.userActivation.hasBeenActive) return;
  try {
    sound ??= new AudioContext();
    sound.resume();
    const note = sound.createOscillator();
    const volume = sound.createGain();
    const now = sound.currentTime;
    note.frequency.value = 880;
    volume.gain.setValueAtTime(0, now);
    volume.gain.linearRampToValueAtTime(0.12, now + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, now + 0.25);
    note.connect(volume).connect(sound.destination);
    note.start(now);
    note.stop(now + 0.25);
  } catch {
    sound = null; // no audio on this machine
  }
}

// flash is one calm pulse around the frame: a beep for the eyes.
function flash(element) {
  const edge = (alpha) => `0 0 0 6px rgb(255 184 28 / ${alpha})`;
  element.animate([{ boxShadow: edge(1) }, { boxShadow: edge(0) }], { duration: 900, easing: "ease-out" });
}

// touches follows the first pointer only; a second finger means nothing.
function touches(canvas, link) {
  let down = null;
  canvas.style.touchAction = "none";
  const send = (touch, event) => {
    const box = canvas.getBoundingClientRect();
    const place = (at, start, length, pixels) => Math.floor(((at - start) / length) * pixels);
    link.send({
      touch,
      x: place(event.clientX, box.left, box.width, canvas.width),
      y: place(event.clientY, box.top, box.height, canvas.height),
    });
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (down !== null || event.button > 0) return;
    down = event.pointerId;
    canvas.setPointerCapture(down);
    send("down", event);
  });
  canvas.addEventListener("pointermove", (event) => { if (event.pointerId === down) send("move", event); });
  const end = (touch) => (event) => {
    if (event.pointerId !== down) return;
    down = null;
    send(touch, event);
  };
  canvas.addEventListener("pointerup", end("up"));
  canvas.addEventListener("pointercancel", end("lost"));
  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
}

function keyboard(element, link) {
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("input, textarea, select, button, a")) return;
    if (keys[event.key]) link.send({ key: keys[event.key] });
    else if (/^[ -~]$/.test(event.key)) link.send({ text: event.key });
    else return;
    event.preventDefault();
  });
}
