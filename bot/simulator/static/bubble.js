// One bubble of a chat, by its kind.

import { card } from "./card.js";
import { accountFace, appFace, face, make, words } from "./make.js";

const KIND_NAMES = { voice: "语音", video: "视频", location: "位置", link: "链接", file: "文件", news: "图文" };

const SAID = { client: "公众号说", service: "客服说", staff: "应用说" };

// `owner` is who holds the phone; `act` lets a bubble's buttons do something.
export function bubble(entry, side, owner, act) {
  const attributes = {
    class: `row row_${entry.side} row_${entry.kind}`,
    "data-testid": "bubble",
    "data-id": entry.id,
    "data-side": entry.side,
    "data-kind": entry.kind,
  };
  if (entry.side === "notice") return make("div", attributes, notice(entry));
  const who = entry.side === "mine" ? face(owner) : side === "staff" ? appFace() : accountFace();
  const said = entry.side === "mine" ? `${owner}说` : SAID[side];
  const body = content(entry, side, act);
  return make("div", attributes, who, make("div", { class: "row__body" }, spoken(said), body));
}

function spoken(text) {
  return make("span", { class: "spoken" }, `${text}：`);
}

function notice(entry) {
  const fault = entry.kind === "fault";
  return make("p", { class: fault ? "notice notice_fault" : "notice" }, entry.text);
}

function content(entry, side, act) {
  switch (entry.kind) {
    case "image":
      return make("img", { class: "picture", src: `media/${entry.media}`, alt: "照片" });
    case "menu":
      return chatMenu(entry, side, act);
    case "template":
      return template(entry);
    case "card":
      return card(entry.card, act);
    case "other":
      return plain(KIND_NAMES[entry.text.slice(1, -1)] ? `［${KIND_NAMES[entry.text.slice(1, -1)]}］` : entry.text);
    default:
      return plain(entry.text);
  }
}

function plain(text) {
  return make("div", { class: "bubble" }, ...words(text));
}

function chatMenu(entry, side, act) {
  const options = entry.options.map((option) => {
    const button = make("button", { type: "button", class: "link", "data-option": option.id }, option.text);
    button.addEventListener("click", () => act(`${side}_picks`, { option: option.id }));
    return make("li", {}, button);
  });
  const list = make("ul", { class: "options" }, ...options);
  return make("div", { class: "bubble" }, ...words(entry.text), list, ...words(entry.tail));
}

const ROW_NAMES = {
  thing: "事项",
  short_thing: "事项",
  character_string: "编号",
  time: "时间",
  date: "日期",
  phrase: "状态",
  name: "姓名",
  phone_number: "电话",
  number: "数量",
  amount: "金额",
  const: "类别",
};

function template(entry) {
  const rows = entry.rows.map(({ key, value }) => {
    const name = ROW_NAMES[key.replace(/\d+$/, "")] || key;
    return make("div", {}, make("dt", {}, name), make("dd", {}, value));
  });
  return make(
    "div",
    { class: "template" },
    make("p", { class: "template__title" }, "服务通知"),
    make("dl", {}, ...rows),
  );
}
