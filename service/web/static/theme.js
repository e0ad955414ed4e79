// Before the first paint: Tabler's dark colours hang on an attribute, which only a script can take from the system.
const dark = matchMedia("(prefers-color-scheme: dark)");
const dress = () => { document.documentElement.dataset.bsTheme = dark.matches ? "dark" : "light"; };
dark.addEventListener("change", dress);
dress();
