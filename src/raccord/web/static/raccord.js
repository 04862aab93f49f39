// Small comforts; every page works without them.
"use strict";

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
