// Small comforts; every page works without them.
"use strict";

// On a narrow screen the menu waits to be opened: the page itself comes first.
const wide = window.matchMedia("(min-width: 62rem)");
const unfold = () => { for (const menu of document.querySelectorAll("[data-menu]")) menu.open = wide.matches; };
unfold();
wide.addEventListener("change", unfold);

// Files dropped anywhere on the zone go to its own file field.
for (const zone of document.querySelectorAll("[data-drop]")) {
  const input = zone.querySelector("input[type=file]");
  const over = (on) => zone.classList.toggle("over", on);
  zone.addEventListener("dragover", (event) => { event.preventDefault(); over(true); });
  zone.addEventListener("dragleave", () => over(false));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

// Many files leave one after the other, a bar telling how far; a PDF and its data (F1.pdf, F1.json) go together.
function families(files) {
  const found = new Map();
  for (const file of files) {
    const stem = file.name.replace(/\.(pdf|json)$/i, "").toLowerCase();
    const key = /\.(pdf|json)$/i.test(file.name) ? stem : file.name;
    found.set(key, [...(found.get(key) || []), file]);
  }
  return [...found.values()];
}

async function send(form, action, files) {
  const body = new FormData(form);
  body.delete("fichiers");
  for (const file of files) body.append("fichiers", file);
  const answer = await fetch(action, { method: "POST", body });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.querySelector("[data-results]")) throw new Error("no result");
  return page;
}

for (const form of document.querySelectorAll("form.one-by-one")) {
  const input = form.querySelector("input[type=file]");
  form.addEventListener("submit", async (event) => {
    const groups = families(input.files);
    if (groups.length < 2) return;
    event.preventDefault();
    const told = form.querySelector(".sending");
    const buttons = form.querySelectorAll(".actions button");
    const button = event.submitter || buttons[0];
    const action = button.hasAttribute("formaction") ? button.formAction : form.action;
    const bar = document.createElement("progress");
    const words = document.createElement("span");
    const results = document.createElement("section");
    results.className = "card";
    bar.max = groups.length;
    bar.setAttribute("aria-label", button.textContent);
    told.replaceChildren(bar, words);
    told.hidden = false;
    for (const one of buttons) one.disabled = true;
    form.closest("section").before(results);
    let wrong = 0;
    const tell = (done) => {
      bar.value = done;
      words.textContent = `${done} ${button.dataset.told} ${groups.length}` + (wrong ? `, ${wrong} ${told.dataset.wrong}` : "");
    };
    tell(0);
    try {
      for (const [rank, files] of groups.entries()) {
        const page = await send(form, action, files);
        if (!rank) results.append(page.querySelector("#resultat"));
        results.append(...page.querySelectorAll("[data-results] article"));
        window.htmx?.process(results);
        wrong = results.querySelectorAll("[data-wrong]").length;
        document.querySelector("[data-list]").replaceWith(page.querySelector("[data-list]"));
        tell(rank + 1);
      }
      if (!("keeps" in button.dataset)) input.value = "";
    } catch {
      words.textContent = button.dataset.stopped;
    }
    for (const one of buttons) one.disabled = false;
  });
}

// A password can be looked at before it is sent.
for (const button of document.querySelectorAll("[data-reveal]")) {
  button.hidden = false;
  const input = document.getElementById(button.dataset.reveal);
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  });
}

// What cannot be undone asks once more.
for (const form of document.querySelectorAll("form[data-confirm]")) {
  form.addEventListener("submit", (event) => { if (!window.confirm(form.dataset.confirm)) event.preventDefault(); });
}

// One box ticks all those of its name.
for (const all of document.querySelectorAll("[data-all]")) {
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of all.form.querySelectorAll(`[name="${all.dataset.all}"]`)) box.checked = all.checked;
  });
}

// While the focus is in the list: j and k go down and up, x ticks. Nowhere else, so that nothing else is disturbed.
for (const table of document.querySelectorAll("table[data-keys]")) {
  table.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = [...table.tBodies[0].rows];
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    if (event.key === "x" && at >= 0) rows[at].querySelector("[type=checkbox]").click();
    const step = { j: 1, k: -1 }[event.key];
    const next = step && rows[Math.max(0, Math.min(rows.length - 1, at + step))];
    if (next) next.querySelector("a").focus();
  });
}
