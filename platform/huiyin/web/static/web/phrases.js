// A sentence that is offered goes into the field below it, to be changed there; without scripts it is sent as it is if nothing was written.
document.addEventListener("change", (event) => {
  const list = event.target.closest("[data-phrases]");
  if (!list) return;
  const words = document.getElementById(list.dataset.phrases), kept = words.dataset;
  // What somebody wrote or changed stays; a sentence that was chosen before gives way to the next.
  kept.own = (kept.whole === words.value ? kept.own : words.value).trimEnd();
  words.value = kept.own && list.value ? kept.own + (words.matches("textarea") ? "\n" : "") + list.value : kept.own || list.value;
  kept.whole = words.value;
  words.dispatchEvent(new Event("input", { bubbles: true }));
});
document.addEventListener("input", (event) => {
  const { id, value, dataset } = event.target;
  if (!id || value === dataset.whole) return;
  const list = document.querySelector(`[data-phrases="${CSS.escape(id)}"]`);
  // Emptied again, the field is empty: the list must not fill it on the way.
  if (list) list.value = "";
});
