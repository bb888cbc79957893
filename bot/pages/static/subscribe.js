// Asks for one more notice: by WeChat's own button, or by ours where WeChat is pretended.

const place = document.querySelector("[data-subscribe]");
const state = document.querySelector("[data-state]");
const left = document.querySelector("[data-left]");

if (place.dataset.pretended) {
  place.addEventListener("click", (event) => {
    const button = event.target.closest("[data-answer]");
    if (button) pretend(button.dataset.answer);
  });
} else if (window.wx) {
  begin(JSON.parse(place.dataset.signed));
} else {
  tell("请在手机微信里打开本页。", true);
}

function begin(signed) {
  window.wx.config({ ...signed, jsApiList: [], openTagList: ["wx-open-subscribe"] });
  window.wx.error(() => tell("微信没有认可本页，请稍后再试。", true));
  const button = document.getElementById("subscribe");
  button.addEventListener("success", (event) => heard(accepted(event.detail)));
  button.addEventListener("error", () => tell("没有办成，请稍后再试，或更新微信。", true));
}

// {"subscribeDetails": "{\"id\": \"{\\\"status\\\":\\\"accept\\\"}\"}"}: JSON within JSON
function accepted(detail) {
  try {
    const answers = Object.values(JSON.parse(detail.subscribeDetails));
    return answers.filter((one) => JSON.parse(one).status === "accept").length;
  } catch {
    return 0;
  }
}

async function pretend(answer) {
  const templates = place.dataset.templates.split(",");
  const order = { deed: "client_subscribes", who: place.dataset.who, templates, answer };
  const done = await fetch(place.dataset.pretended, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Sandbox": "1" },
    body: JSON.stringify(order),
  });
  if (!done.ok) tell("没有办成，请稍后再试。", true);
  else if (answer === "accept") heard(templates.length);
  else heard(0);
}

function heard(count) {
  if (!count) {
    left.textContent = "0";
    tell("好的，不发通知。您随时可以回来再允许。", false);
    return;
  }
  left.textContent = String(Number(left.textContent) + count);
  tell("好的，会给您发一条通知。可以再点一次，多收一条。", false);
}

function tell(text, bad) {
  state.textContent = text;
  state.classList.toggle("send__state_bad", bad);
  state.hidden = false;
}
