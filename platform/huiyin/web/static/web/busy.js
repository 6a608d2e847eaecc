// A button says that it is at work until the next page comes; what takes longer than a moment is not pressed twice in doubt.
addEventListener("submit", (event) => {
  if (!event.defaultPrevented && event.submitter) event.submitter.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => {
  document.querySelectorAll("button[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
});
