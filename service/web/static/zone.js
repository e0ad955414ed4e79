// Her own time zone, as her system knows it, where she has not said one.
for (const field of document.querySelectorAll("[data-zone]")) {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (here && (!field.value || field.value === "UTC")) field.value = here;
}
