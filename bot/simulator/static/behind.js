// The drawer: every push and every call, newest first, in words a director reads.

import { make } from "./make.js";
import { clockOf } from "./moment.js";

const KEPT = 200;

const NAMES = {
  "/wechat text": "客户消息",
  "/wechat image": "客户照片",
  "/wechat event:subscribe": "关注",
  "/wechat event:unsubscribe": "取消关注",
  "/wechat event:CLICK": "菜单点击",
  "/wechat event:SCAN": "扫码",
  "/wechat event:TEMPLATESENDJOBFINISH": "模板消息送达报告",
  "/kf event:kf_msg_or_event": "微信客服响铃",
  "/wecom text": "员工消息",
  "/wecom event:template_card_event": "卡片按钮",
  "/wecom event:enter_agent": "进入应用",
  "oa /cgi-bin/stable_token": "取凭证（公众号）",
  "oa /cgi-bin/token": "取凭证（公众号）",
  "oa /cgi-bin/message/custom/send": "客服消息",
  "oa /cgi-bin/message/template/send": "模板消息",
  "oa /cgi-bin/menu/create": "建菜单",
  "oa /cgi-bin/media/get": "取照片",
  "wecom /cgi-bin/gettoken": "取凭证（企业微信）",
  "wecom /cgi-bin/kf/sync_msg": "取微信客服消息",
  "wecom /cgi-bin/kf/send_msg": "微信客服消息",
  "wecom /cgi-bin/kf/send_msg_on_event": "微信客服欢迎语、结束语",
  "wecom /cgi-bin/kf/service_state/get": "查会话状态",
  "wecom /cgi-bin/kf/service_state/trans": "转接会话",
  "wecom /cgi-bin/media/get": "取照片（企业微信）",
  "wecom /cgi-bin/message/send": "发给员工",
  "wecom /cgi-bin/message/update_template_card": "更新卡片",
};

const RESULTS = { reply: "已答复", silent: "已收到", ok: "成功", refused: "被拒绝", broken: "出错" };

export function showTraces(list, traces) {
  for (const trace of traces) list.prepend(line(trace));
  while (list.children.length > KEPT) list.lastElementChild.remove();
}

function line(trace) {
  const push = trace.way === "push";
  const bad = push ? !["reply", "silent"].includes(trace.result) : trace.code !== 0;
  const code = trace.code === null ? `HTTP ${trace.status || "—"}` : `errcode ${trace.code}`;
  const again = trace.attempt > 1 ? ` · 第 ${trace.attempt} 次` : "";
  return make(
    "li",
    { class: bad ? "trace trace_bad" : "trace", "data-testid": "trace", "data-what": trace.what, "data-code": trace.code },
    make("span", { class: "trace__way" }, push ? "平台 → 助手" : "助手 → 平台"),
    make("b", {}, NAMES[trace.what] || trace.what),
    make("span", { class: "trace__end" }, RESULTS[trace.result] || "不合规则"),
    make("span", { class: "trace__more" }, `${clockOf(trace.at)} · ${code} · ${Math.round(trace.milliseconds)} ms${again}`),
    make("code", {}, RESULTS[trace.result] ? trace.what : `${trace.what}: ${trace.result}`),
  );
}

export function showCredits(place, client) {
  if (!client) return;
  place.textContent = client.following
    ? `这位客户现在还可主动推送 ${client.credits} 条客服消息`
    : "这位客户没有关注，不能主动推送";
}
