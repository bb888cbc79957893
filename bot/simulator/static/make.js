// Building elements. Text is always text: nothing a person typed is ever read as mark-up.

const SVG = "http://www.w3.org/2000/svg";

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

const COLOURS = ["#5b8ff9", "#e8684a", "#5ad8a6", "#f6bd16", "#6f5ef9", "#6dc8ec", "#945fb9", "#ff9845"];

// A rounded square with the first letter of a name, always the same colour for the same name.
export function face(name) {
  const sum = [...name].reduce((total, letter) => (total * 31 + letter.codePointAt(0)) % 9973, 7);
  return square(COLOURS[sum % COLOURS.length], letterOf(name));
}

export function accountFace() {
  return square("#07c160", "站");
}

export function appFace() {
  return square("#2b7cee", "站");
}

function letterOf(name) {
  return [...name.replace(/^(小|老)/u, "")][0] || "?";
}

function square(colour, letter) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 40 40");
  svg.setAttribute("class", "face");
  svg.setAttribute("aria-hidden", "true");
  const box = document.createElementNS(SVG, "rect");
  for (const [name, value] of [["width", "40"], ["height", "40"], ["rx", "5"], ["fill", colour]]) {
    box.setAttribute(name, value);
  }
  const text = document.createElementNS(SVG, "text");
  for (const [name, value] of [["x", "20"], ["y", "27"], ["text-anchor", "middle"]]) {
    text.setAttribute(name, value);
  }
  text.textContent = letter;
  svg.append(box, text);
  return svg;
}

// The only mark-up the platforms show in a text: <a href="https://…">words</a>; and an address that
// stands for itself, as far as its own characters go.
const LINK = /<a\s+href="(https?:\/\/[^"\s]+)"[^>]*>([^<]*)<\/a>/gi;

export function words(text) {
  const parts = [];
  let last = 0;
  for (const found of text.matchAll(LINK)) {
    parts.push(...bare(text.slice(last, found.index)));
    parts.push(link(found[1], found[2]));
    last = found.index + found[0].length;
  }
  parts.push(...bare(text.slice(last)));
  return parts;
}

function link(address, shown) {
  return make("a", { class: "address", href: address, target: "_blank", rel: "noopener noreferrer" }, shown);
}

function bare(text) {
  return text.split(/(https?:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]+)/).flatMap((part, index) =>
    index % 2 ? [link(part, part)] : unbroken(part),
  );
}

// A phone or case number stays on one line, as a telephone keeps it.
function unbroken(text) {
  return text.split(/([A-Z]{0,4}\d[\d-]{5,20}\d)/).map((part, index) =>
    index % 2 ? make("span", { class: "number" }, part) : part,
  );
}
