// A WeCom template card: what it says, its questions, its buttons, or the grey word that replaced them.

import { make, words } from "./make.js";

let count = 0;

export function card(face, act) {
  const questions = (face.questions || []).map(question);
  const choices = () =>
    Object.fromEntries(questions.map((one) => [one.dataset.question, ticked(one)]));
  return make(
    "article",
    { class: "card", "data-testid": "card", "data-task": face.task, "data-type": face.card_type },
    source(face.source),
    title(face.main_title),
    emphasis(face.emphasis_content),
    quote(face.quote_area),
    face.sub_title_text ? make("p", { class: "card__text" }, ...words(face.sub_title_text)) : null,
    rows(face.horizontal_content_list),
    ...(face.replaced ? [] : questions),
    buttons(face, choices, act),
  );
}

function source(found) {
  return found && found.desc ? make("p", { class: "card__source" }, found.desc) : null;
}

function title(found) {
  if (!found) return null;
  const head = found.title ? make("h3", {}, found.title) : null;
  const desc = found.desc ? make("p", {}, found.desc) : null;
  return make("div", { class: "card__title" }, head, desc);
}

function emphasis(found) {
  if (!found) return null;
  return make(
    "div",
    { class: "card__emphasis" },
    make("strong", {}, found.title || ""),
    make("span", {}, found.desc || ""),
  );
}

function quote(found) {
  if (!found || !(found.title || found.quote_text)) return null;
  const head = found.title ? make("b", {}, found.title) : null;
  return make("blockquote", { class: "card__quote" }, head, found.quote_text || "");
}

function rows(found) {
  if (!found || !found.length) return null;
  const lines = found.map((row) =>
    make("div", {}, make("dt", {}, row.keyname), make("dd", {}, row.value || "")),
  );
  return make("dl", { class: "card__rows" }, ...lines);
}

function question(asked) {
  const name = `question-${(count += 1)}`;
  const common = { "data-question": asked.key, "data-testid": "card-question" };
  if (asked.several || !asked.title) return ticks(asked, name, common);
  const options = asked.options.map((option) =>
    make("option", { value: option.id, selected: asked.preset.includes(option.id) }, option.text),
  );
  const label = make("label", { for: name }, asked.title || "请选择");
  const select = make("select", { id: name, "data-question": asked.key }, ...options);
  return make("div", { class: "card__select", ...common }, label, select);
}

function ticks(asked, name, common) {
  const kind = asked.several ? "checkbox" : "radio";
  const options = asked.options.map((option) => {
    const box = make("input", { type: kind, name, value: option.id, checked: asked.preset.includes(option.id) });
    return make("label", {}, box, make("span", {}, option.text));
  });
  const legend = make("legend", { class: "spoken" }, asked.title || "请选择");
  return make("fieldset", { class: "card__ticks", ...common }, legend, ...options);
}

function ticked(element) {
  const select = element.querySelector("select");
  if (select) return [select.value];
  return [...element.querySelectorAll("input:checked")].map((box) => box.value);
}

function buttons(face, choices, act) {
  if (face.replaced) {
    const grey = make("p", { class: "card__replaced", "data-testid": "card-replaced" }, face.replaced);
    return make("div", { class: "card__buttons" }, grey);
  }
  const shown = [...(face.button_list || []), ...(face.submit_button ? [face.submit_button] : [])];
  if (!shown.length) return null;
  const made = shown.map((one) => button(one, face, choices, act));
  const columns = { 1: 1, 2: 2, 3: 3, 4: 2 }[made.length] || 3;
  return make("div", { class: `card__buttons card__buttons_${columns}` }, ...made);
}

function button(one, face, choices, act) {
  if (one.type === 1) {
    return make("a", { class: "card__button", href: one.url, target: "_blank", rel: "noopener noreferrer" }, one.text);
  }
  const style = face.submit_button === one ? 1 : one.style || 2;
  const made = make(
    "button",
    { type: "button", class: `card__button card__button_${style}`, "data-testid": "card-button", "data-key": one.key },
    one.text,
  );
  made.addEventListener("click", async () => {
    // a double tap of the mouse is one tap; the platform lets go of the button again
    made.disabled = true;
    await act("staff_taps", { task: face.task, key: one.key, selected: choices() });
    window.setTimeout(() => {
      made.disabled = false;
    }, 1500);
  });
  return made;
}
