// A page nobody looks at asks nothing; when it is looked at again it asks at once.
document.addEventListener("htmx:before:request", (event) => {
  if (document.hidden && event.target.matches?.("[data-again]")) event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  const again = document.querySelector("[data-again]");
  if (!document.hidden && again) htmx.trigger(again, "again");
});
document.documentElement.classList.add("with-script");
