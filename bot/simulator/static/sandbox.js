// The sandbox: asks for news every second and lets the phones, the clock and the drawer show it.

import { showCredits, showTraces } from "./behind.js";
import { accountFace, make } from "./make.js";
import { clockOf, whole } from "./moment.js";
import { Phone } from "./phone.js";
import { Refused, deed, moveClock, news, photo } from "./talk.js";

const EVERY = 1000;
const SOON = 250;
// the state of a session that a servicer has
const HUMAN = 3;
// after somebody did something we look more often for a while
const EAGER = 6000;

const find = (mark) => document.querySelector(`[data-${mark}]`);

let run = null;
let trace = 0;
let timer = 0;
let asking = false;
let eagerUntil = 0;
let justFollowed = false;

const SIDES = ["client", "staff", "service"];
const phones = Object.fromEntries(SIDES.map((side) => [side, new Phone(side, act(side))]));

function act(side) {
  return async (name, details) => {
    if (name === "look") return look();
    return attempt(() => deed(name, phones[side].owner.id, details));
  };
}

async function attempt(doing) {
  complain("");
  try {
    await doing();
  } catch (error) {
    complain(error instanceof Refused ? `没有做成：${error.message}` : "连不上沙箱，请稍后再试");
    return false;
  }
  eagerUntil = Date.now() + EAGER;
  look();
  return true;
}

function complain(text) {
  find("offline").textContent = text;
  find("offline").hidden = text === "";
}

async function look() {
  window.clearTimeout(timer);
  if (asking) {
    timer = window.setTimeout(look, SOON);
    return;
  }
  asking = true;
  const { client, service, staff } = phones;
  const asked = SIDES.map((side) => phones[side].owner?.id);
  try {
    const state = await news({
      client: asked[0] || "",
      service: asked[2] || "",
      staff: asked[1] || "",
      client_changed: client.changed,
      service_changed: service.changed,
      staff_changed: staff.changed,
      trace,
    });
    if (find("offline").dataset.lost) complain("");
    delete find("offline").dataset.lost;
    // somebody may have switched phones while the question was under way
    if (SIDES.every((side, at) => asked[at] === phones[side].owner?.id)) show(state);
  } catch {
    find("offline").dataset.lost = "1";
    complain("与沙箱的连接断了，正在重新连接…");
  }
  asking = false;
  timer = window.setTimeout(look, Date.now() < eagerUntil ? SOON : EVERY);
}

function show(state) {
  if (run !== null && run !== state.run) {
    trace = 0;
    find("traces").replaceChildren();
    Object.values(phones).forEach((phone) => phone.forget());
    run = state.run;
    window.setTimeout(look, 0);
    return;
  }
  const first = run === null;
  run = state.run;
  showClock(state.now);
  phones.client.list(state.clients);
  phones.service.list(state.customers);
  phones.staff.list(state.staff);
  if (state.customer) showCustomer(state);
  if (state.client) showClient(state);
  if (state.member) phones.staff.show(state.member, state.now);
  followTheCard(state.staff);
  showDots(state);
  showTraces(find("traces"), state.traces);
  trace = state.traces.at(-1)?.id ?? trace;
  if (first) window.setTimeout(look, 0);
}

function showClock(now) {
  find("clock").textContent = whole(now);
  find("clock").setAttribute("datetime", now);
  document.querySelectorAll("[data-status-clock]").forEach((place) => {
    place.textContent = clockOf(now);
  });
}

function showClient(state) {
  const { root } = phones.client;
  const following = state.client.following;
  root.classList.toggle("phone_stranger", !following);
  find("profile").hidden = following;
  find("leave").hidden = !following;
  root.querySelector("[data-input]").inert = !following;
  if (following && justFollowed) phones.client.text.focus();
  justFollowed = justFollowed && !following;
  showMenu(following ? state.menu : []);
  phones.client.show(state.client, state.now);
  showCredits(find("credits"), state.client);
}

// Who has the session; a servicer answers in the WeCom client, which the strip stands for.
function showCustomer(state) {
  const { customer } = state;
  const taken = customer.state === HUMAN;
  find("session").hidden = !taken;
  find("session").dataset.servicer = customer.servicer_id;
  find("session-who").textContent = taken ? `人工接待：${customer.servicer || customer.servicer_id}` : "";
  phones.service.show(customer, state.now);
}

// Until somebody picks a member by hand, the staff phone is the one that was sent something.
function followTheCard(staff) {
  const waiting = phones.staff.unread(staff);
  if (waiting && !phones.staff.chosenByHand) {
    phones.staff.choose(waiting.id, false);
    window.setTimeout(look, 0);
  }
}

function showDots(state) {
  const tab = document.body.dataset.tab;
  const lists = { client: state.clients, service: state.customers, staff: state.staff };
  for (const [side, people] of Object.entries(lists)) {
    const phone = phones[side];
    const total = people.reduce((sum, one) => sum + one.changed, 0);
    if (tab === side || phone.seenTotal === undefined) phone.seenTotal = total;
    const dot = document.querySelector(`[data-tab-of="${side}"] .dot`);
    dot.hidden = total <= phone.seenTotal;
  }
}

function showMenu(buttons) {
  const place = find("menu");
  const shown = JSON.stringify(buttons);
  if (place.dataset.shown === shown) return;
  place.dataset.shown = shown;
  place.hidden = buttons.length === 0;
  place.replaceChildren(...buttons.map(menuButton));
}

function menuButton(button) {
  if (!button.sub_button?.length) return leaf(button);
  const below = make("div", { class: "menu__below" }, ...button.sub_button.map(leaf));
  const made = make("details", { class: "menu__group" }, make("summary", {}, button.name), below);
  document.addEventListener("click", (event) => {
    if (!made.contains(event.target) || below.contains(event.target)) made.removeAttribute("open");
  });
  made.addEventListener("keydown", (event) => {
    if (event.key === "Escape") made.removeAttribute("open");
  });
  return made;
}

function leaf(button) {
  if (button.type === "view") {
    return view(button);
  }
  const made = make("button", { type: "button", "data-key": button.key }, button.name);
  made.addEventListener("click", () => phones.client.act("client_taps", { key: button.key }));
  return made;
}

// The platform is told whose phone opens a page before it opens: a page may ask who it is.
function view(button) {
  const made = make("a", { href: button.url, target: "_blank", rel: "noopener noreferrer" }, button.name);
  made.addEventListener("click", async (event) => {
    event.preventDefault();
    await phones.client.act("client_views", { url: button.url });
    window.open(button.url, "_blank", "noopener,noreferrer");
  });
  return made;
}

function turnTo(tab) {
  document.body.dataset.tab = tab;
  document.querySelectorAll("[data-tab-of]").forEach((button) => {
    const chosen = button.dataset.tabOf === tab;
    button.setAttribute("aria-selected", String(chosen));
    button.tabIndex = chosen ? 0 : -1;
    if (chosen) button.querySelector(".dot")?.setAttribute("hidden", "");
  });
  phones[tab]?.toEnd();
}

function startTabs() {
  const tabs = [...document.querySelectorAll("[data-tab-of]")];
  for (const [index, button] of tabs.entries()) {
    button.addEventListener("click", () => turnTo(button.dataset.tabOf));
    button.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(index + step + tabs.length) % tabs.length];
      turnTo(next.dataset.tabOf);
      next.focus();
    });
  }
  turnTo("client");
}

function startBehind() {
  const toggle = find("behind-toggle");
  toggle.addEventListener("click", () => {
    const open = document.body.classList.toggle("behind-open");
    toggle.setAttribute("aria-expanded", String(open));
  });
}

function startClock() {
  document.querySelectorAll(".clock__steps button").forEach((button) => {
    const { seconds, to } = button.dataset;
    button.addEventListener("click", () =>
      attempt(() => moveClock(to ? { to } : { seconds: Number(seconds) })),
    );
  });
}

// What the photo button offers; a tap elsewhere or Escape closes it. Returns what closes it.
function startAttach() {
  const [button, below] = [find("photo"), find("attach")];
  const set = (open) => {
    below.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => set(below.hidden));
  document.addEventListener("click", (event) => {
    if (!button.contains(event.target) && !below.contains(event.target)) set(false);
  });
  button.parentElement.addEventListener("keydown", (event) => {
    if (event.key === "Escape") set(false);
  });
  return () => set(false);
}

function startClient() {
  const { client } = phones;
  find("account-face").append(accountFace());
  find("follow").addEventListener("click", () => {
    justFollowed = true;
    client.act("client_follows", {});
  });
  find("leave").addEventListener("click", () => {
    if (window.confirm("不再关注该公众号？")) client.act("client_leaves", {});
  });
  const file = find("photo-file");
  const shut = startAttach();
  find("sample").addEventListener("click", () => {
    shut();
    client.act("client_sends_photo", {});
  });
  find("choose").addEventListener("click", () => {
    shut();
    file.click();
  });
  file.addEventListener("change", async () => {
    if (file.files[0]) await attempt(() => photo(client.owner.id, file.files[0]));
    file.value = "";
  });
}

function startService() {
  const { service } = phones;
  const servicer = () => find("session").dataset.servicer;
  find("enter").addEventListener("click", () => service.act("service_enters", {}));
  find("service-photo").addEventListener("click", () => service.act("service_sends_photo", {}));
  find("session-say").addEventListener("click", () => {
    const text = window.prompt("在企业微信“微信客服”里回复客户：");
    if (text?.trim()) service.act("servicer_says", { servicer: servicer(), text });
  });
  find("session-end").addEventListener("click", () => {
    service.act("servicer_ends", { servicer: servicer() });
  });
}

startTabs();
startBehind();
startClock();
startClient();
startService();
look();
