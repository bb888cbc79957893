// One phone: whose it is, its chat, its input, and the people one can switch to.

import { bubble } from "./bubble.js";
import { face, make } from "./make.js";
import { inChat, minutesBetween } from "./moment.js";

const QUIET_MINUTES = 5;
const NEAR_THE_END = 120;

export class Phone {
  constructor(side, act) {
    this.side = side;
    this.act = act;
    this.root = document.getElementById(side);
    this.log = this.root.querySelector("[data-log]");
    this.newer = this.root.querySelector("[data-newer]");
    this.title = this.root.querySelector("[data-title]");
    this.text = this.root.querySelector("[data-text]");
    this.people = this.root.querySelector("[data-people]");
    this.owner = null;
    this.changed = 0;
    this.last = null;
    // change numbers up to which each person's chat was looked at
    this.read = new Map();
    this.chosenByHand = false;
    this.newer.addEventListener("click", () => this.toEnd());
    this.log.addEventListener("scroll", () => {
      this.wasAtEnd = this.atEnd();
      if (this.wasAtEnd) this.newer.hidden = true;
    });
    // a menu that appears or a longer input must not hide the last words
    this.wasAtEnd = true;
    new ResizeObserver(() => this.wasAtEnd && this.toEnd()).observe(this.log);
    this.#typing();
  }

  #typing() {
    const form = this.root.querySelector("[data-input]");
    const grow = () => {
      this.text.style.height = "auto";
      this.text.style.height = `${Math.min(this.text.scrollHeight, 112)}px`;
      form.classList.toggle("input_full", this.text.value.trim() !== "");
    };
    this.text.addEventListener("input", grow);
    this.text.addEventListener("keydown", (event) => {
      // while an input method composes, Enter belongs to it
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const text = this.text.value;
      if (!text.trim()) return;
      this.text.value = "";
      grow();
      if (!(await this.act(`${this.side}_says`, { text }))) {
        this.text.value = this.text.value || text;
        grow();
      }
    });
  }

  choose(id, byHand) {
    if (byHand) this.chosenByHand = true;
    if (this.owner && this.owner.id === id) return;
    this.owner = { id, name: "" };
    this.changed = 0;
    this.last = null;
    this.log.replaceChildren();
    this.newer.hidden = true;
  }

  forget() {
    const owner = this.owner;
    this.owner = null;
    this.read.clear();
    if (owner) this.choose(owner.id, false);
  }

  // The row of people above the phone, with a dot where something waits unread.
  list(people) {
    if (!this.owner && people.length) this.choose(people[0].id, false);
    const found = people.find((one) => this.owner && one.id === this.owner.id);
    if (found) this.owner = found;
    const shown = JSON.stringify(people.map((one) => [one.id, one.name]));
    if (this.people.dataset.shown !== shown) {
      this.people.dataset.shown = shown;
      this.people.replaceChildren(...people.map((one) => this.#chip(one)));
    }
    for (const chip of this.people.children) {
      const person = people.find((one) => one.id === chip.dataset.person);
      const chosen = this.owner !== null && person.id === this.owner.id;
      if (chosen && chip.getAttribute("aria-pressed") !== "true") {
        this.people.scrollTo({ left: chip.offsetLeft - this.people.offsetLeft - 60 });
      }
      chip.setAttribute("aria-pressed", String(chosen));
      if (!this.read.has(person.id)) this.read.set(person.id, person.changed);
      const unread = !chosen && person.changed > this.read.get(person.id);
      chip.querySelector(".dot").hidden = !unread;
      chip.querySelector(".spoken").textContent = unread ? "，有新消息" : "";
    }
  }

  unread(people) {
    return people.find((one) => one.changed > (this.read.get(one.id) ?? one.changed));
  }

  #chip(person) {
    const chip = make(
      "button",
      { type: "button", class: "chip", "data-person": person.id, "aria-pressed": "false" },
      face(person.name),
      make("span", {}, person.name),
      make("span", { class: "spoken" }),
      make("i", { class: "dot", hidden: true }),
    );
    chip.addEventListener("click", () => {
      this.choose(person.id, true);
      this.act("look", {});
    });
    return chip;
  }

  show(state, now) {
    this.title.textContent = state.typing ? "对方正在输入…" : this.title.dataset.name;
    this.changed = state.changed;
    this.read.set(this.owner.id, state.changed);
    const stay = this.atEnd();
    let mine = false;
    for (const entry of state.entries) {
      this.#place(entry, now);
      mine = mine || entry.side === "mine";
    }
    if (!state.entries.length) return;
    if (stay || mine) this.#reveal();
    else this.newer.hidden = false;
  }

  // To the end; but what is longer than the screen is read from its beginning.
  #reveal() {
    this.toEnd();
    const made = this.log.lastElementChild;
    if (made.dataset.side === "theirs" && made.offsetHeight > this.log.clientHeight - 24) {
      this.log.scrollTop = made.offsetTop - this.log.offsetTop - 8;
    }
  }

  #place(entry, now) {
    const made = bubble(entry, this.side, this.owner.name, this.act);
    const old = this.log.querySelector(`[data-id="${entry.id}"]`);
    if (old) {
      old.replaceWith(made);
      return;
    }
    if (!this.last || minutesBetween(this.last.at, entry.at) >= QUIET_MINUTES) {
      this.log.append(make("p", { class: "stamp" }, inChat(entry.at, now)));
    }
    this.log.append(made);
    this.last = entry;
    made.querySelector("img.picture")?.addEventListener("load", () => this.wasAtEnd && this.toEnd());
  }

  atEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_THE_END;
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.newer.hidden = true;
  }
}
