// Words are kept while they are written: some seconds after the last key, and never over somebody else's.
const form = document.querySelector("form[data-autosave]");
const said = form?.querySelector("[data-said]");
const preview = document.querySelector("[data-preview]");
const version = form?.elements.version;
let waiting, changed = false, stopped = false;
document.querySelector("markdown-toolbar")?.removeAttribute("hidden");
const keep = async () => {
  if (!changed || stopped) return;
  changed = false;
  try {
    const answer = await fetch(form.dataset.autosave, { method: "POST", body: new FormData(form) });
    const told = await answer.json();
    said.textContent = told.said;
    if (answer.ok) {
      version.value = told.version;
      preview?.setAttribute("src", preview.getAttribute("src"));
    } else {
      stopped = true;
    }
  } catch {
    changed = true;
    said.textContent = "";
  }
};
form?.addEventListener("input", () => {
  changed = true;
  clearTimeout(waiting);
  waiting = setTimeout(keep, 3000);
});
form?.addEventListener("submit", () => { changed = false; clearTimeout(waiting); });
addEventListener("beforeunload", (event) => { if (changed || stopped) event.preventDefault(); });
