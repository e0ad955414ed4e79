// Before the first paint: Tabler's dark colours hang on an attribute, which only a script can take from the system.
// Who has chosen colours gets the attribute from the server.
const dark = matchMedia("(prefers-color-scheme: dark)");
const dress = () => { document.documentElement.dataset.bsTheme = dark.matches ? "dark" : "light"; };
if (document.documentElement.dataset.colours === "auto") {
  dark.addEventListener("change", dress);
  dress();
}
