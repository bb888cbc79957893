// Sends files one by one with their progress; without this script the form does it by itself.

const MOST_BYTES = 20 * 1024 * 1024;
const KINDS = /\.(jpe?g|png|webp|bmp|gif|pdf|docx|xlsx|ofd)$/i;

document.documentElement.classList.add("scripted");
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-pick]")) sendAll(event.target.form, [...event.target.files]);
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-send]")) return;
  event.preventDefault();
  const words = event.target.elements.text;
  if (words && words.value.trim()) sendWords(event.target);
  else tell(event.target, "请先填写内容。", true);
});

async function sendAll(form, files) {
  const wrong = files.map((file) => flaw(file, form.dataset.kinds)).find(Boolean);
  if (wrong) {
    form.querySelectorAll("[data-pick]").forEach((pick) => (pick.value = ""));
    tell(form, wrong, true);
    return;
  }
  let answer = null;
  for (const [index, file] of files.entries()) {
    const which = files.length > 1 ? `第 ${index + 1}/${files.length} 个：` : "";
    answer = await attempt(form, { files: file }, `正在上传${which}${file.name}`);
    if (!answer || !answer.ok) break;
  }
  if (answer) show(answer);
}

async function sendWords(form) {
  const answer = await attempt(form, { text: form.elements.text.value }, "正在提交…");
  if (answer) show(answer);
}

// `kinds`: the endings a form takes, where they are others than those of materials.
function flaw(file, kinds) {
  if (file.size === 0) return `“${file.name}”是空文件，请重新选择。`;
  if (file.size > MOST_BYTES) return `“${file.name}”超过 20 MB，请压缩后再传。`;
  const ending = file.name.slice(file.name.lastIndexOf(".")).toLowerCase();
  if (kinds && !file.type.startsWith("image/") && !kinds.split(",").includes(ending)) {
    return `“${file.name}”这种文件发不了。请选择 PDF、OFD 文件或照片；Word、Excel 请先另存为 PDF。`;
  }
  // a photo from the camera may come without a name worth looking at
  if (!file.type.startsWith("image/") && !KINDS.test(file.name)) {
    return `“${file.name}”这种文件收不了。请上传照片、PDF、Word（docx）或 Excel（xlsx）；doc、xls 请另存为新格式或 PDF。`;
  }
  return "";
}

async function attempt(form, what, words) {
  form.classList.add("sending");
  tell(form, words, false);
  const answer = await post(form, what).catch(() => null);
  form.classList.remove("sending");
  form.querySelector("[data-bar]").hidden = true;
  if (!answer) tell(form, "网络中断，没有传完。请检查网络后再试一次。", true);
  return answer;
}

function post(form, what) {
  const data = new FormData();
  for (const name of ["form_key", "place", "name"]) data.append(name, form.elements[name].value);
  for (const [name, value] of Object.entries(what)) data.append(name, value);
  const bar = form.querySelector("[data-bar]");
  bar.value = 0;
  bar.hidden = false;
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", location.pathname);
    request.responseType = "document";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = event.loaded / event.total;
    });
    request.addEventListener("load", () =>
      request.response ? resolve({ ok: request.status === 200, page: request.response }) : reject(),
    );
    request.addEventListener("error", reject);
    request.addEventListener("timeout", reject);
    request.timeout = 10 * 60 * 1000;
    request.send(data);
  });
}

// What the server answers is the page itself, as things now stand.
function show({ page }) {
  const main = page.getElementById("main");
  if (!main) return;
  const begun = unsent();
  document.getElementById("main").replaceWith(document.adoptNode(main));
  for (const form of document.querySelectorAll("[data-send]")) {
    const words = begun.get(keyOf(form));
    if (words && form.elements.text) form.elements.text.value = words;
  }
  window.scrollTo({ top: 0 });
}

// What stands in the other forms and was not sent yet; it must outlive the new page.
function unsent() {
  const forms = [...document.querySelectorAll("[data-send]")].filter((form) => form.elements.text);
  return new Map(forms.map((form) => [keyOf(form), form.elements.text.value]));
}

function keyOf(form) {
  return `${form.elements.place.value} ${form.elements.name.value}`;
}

function tell(form, words, bad) {
  const state = form.querySelector("[data-state]");
  state.textContent = words;
  state.hidden = false;
  state.classList.toggle("send__state_bad", bad);
}
