// 批注: what is selected in a draft becomes the passage of the next mark. Without scripts the passage is copied by hand.
const draft = document.querySelector("[data-draft]"), marks = document.querySelector("[data-marks]");
if (draft && marks) {
  const button = draft.querySelector("[data-mark]");
  const selected = () => {
    const chosen = getSelection();
    if (!chosen.rangeCount || chosen.isCollapsed) return null;
    const range = chosen.getRangeAt(0), parts = [...draft.querySelectorAll("[data-passage]")];
    const part = parts.find((one) => one.contains(range.startContainer) && one.contains(range.endContainer));
    return part && chosen.toString().trim() ? { range, ask: part.dataset.passage } : null;
  };
  const fields = (name) => [...marks.querySelectorAll(`[name$=".marks.${name}"]`)];
  // A row more, when all are taken; labels go by the ids of their fields.
  const more = () => {
    const rows = marks.querySelectorAll("[data-row]"), row = rows[rows.length - 1].cloneNode(true), n = rows.length + 1;
    row.querySelectorAll("textarea, input").forEach((field) => {
      const id = field.id.replace(/-\d+-/, `-${n}-`), label = row.querySelector(`[for="${field.id}"]`);
      label.htmlFor = field.id = id;
      label.textContent = label.textContent.replace(/^\d+/, n);
      field.value = "";
    });
    rows[rows.length - 1].after(row);
    return n - 1;
  };
  document.addEventListener("selectionchange", () => {
    const found = selected();
    if (document.activeElement === button) return;
    button.hidden = !found;
    if (!found) return;
    const at = found.range.getBoundingClientRect(), around = draft.getBoundingClientRect();
    button.style.top = `${at.bottom - around.top + 6}px`;
    button.style.left = `${Math.max(0, Math.min(at.left - around.left, around.width - button.offsetWidth - 8))}px`;
  });
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    const found = selected();
    if (!found) return;
    const passage = getSelection().toString().trim();
    const empty = fields("passage").findIndex((field, n) => !field.value && !fields("words")[n].value);
    const n = empty < 0 ? more() : empty;
    marks.open = true;
    fields("ask")[n].value = found.ask;
    fields("passage")[n].value = passage;
    fields("passage")[n].dispatchEvent(new Event("input", { bubbles: true }));
    getSelection().removeAllRanges();
    button.hidden = true;
    fields("words")[n].focus();
  });
}
