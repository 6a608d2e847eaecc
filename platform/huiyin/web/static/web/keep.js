// What is typed in a form that keeps its words is kept before another form of the page is sent or the page is left.
const kept = [...document.querySelectorAll("form:has(.saved)")].map((form) => {
  const told = form.querySelector(".saved"), one = { form, typed: false, address: told.getAttribute("hx-post") };
  one.keep = () => {
    const data = new FormData(form);
    [...data].forEach(([name, value]) => { if (value instanceof File) data.delete(name); });
    one.typed = false;
    return fetch(one.address, { method: "POST", body: data, keepalive: true, headers: { "HX-Request": "true" } });
  };
  for (const kind of ["input", "change"]) form.addEventListener(kind, () => { one.typed = true; });
  told.addEventListener("htmx:beforeRequest", () => { one.typed = false; });
  return one;
});
if (kept.length) {
  document.addEventListener("submit", (event) => {
    const other = event.target;
    if (other.dataset.asks && !confirm(other.dataset.asks)) { event.preventDefault(); return; }
    // What is sent needs no keeping, nor what is thrown away: that goes to where it was kept.
    for (const one of kept) if (one.form === other || other.getAttribute("action") === one.address) one.typed = false;
    const typed = kept.filter((one) => one.typed);
    if (!typed.length || event.defaultPrevented) return;
    event.preventDefault();
    const button = event.submitter;
    Promise.allSettled(typed.map((one) => one.keep())).then(() => other.requestSubmit(button));
  });
  // What was kept on leaving has another version than the page that the back button brings: it is read anew.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  addEventListener("pagehide", () => { kept.filter((one) => one.typed).forEach((one) => one.keep()); });
}
