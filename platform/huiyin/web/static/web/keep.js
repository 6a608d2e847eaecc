// What is typed in a task's form is kept before another form of the page is sent or the page is left.
const form = document.getElementById("task-form"), told = form && form.querySelector(".saved");
if (told) {
  let typed = false;
  const keep = () => {
    const data = new FormData(form);
    [...data].forEach(([name, value]) => { if (value instanceof File) data.delete(name); });
    typed = false;
    return fetch(told.getAttribute("hx-post"), { method: "POST", body: data, keepalive: true, headers: { "HX-Request": "true" } });
  };
  for (const kind of ["input", "change"]) form.addEventListener(kind, () => { typed = true; });
  told.addEventListener("htmx:beforeRequest", () => { typed = false; });
  document.addEventListener("submit", (event) => {
    const other = event.target;
    if (other === form || other.id === "drop-unsent") typed = false;
    if (!typed || event.defaultPrevented) return;
    event.preventDefault();
    const button = event.submitter, send = () => other.requestSubmit(button);
    keep().then(send, send);
  });
  // What was kept on leaving has another version than the page that the back button brings: it is read anew.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  addEventListener("pagehide", () => { if (typed) keep(); });
}
