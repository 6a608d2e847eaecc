// A grid by keyboard: arrows go from row to row, a letter decides, ticks and goes on, x ticks, Enter does the row, Ctrl and Enter the
// chosen ones, Ctrl and z go to what was just done. Without scripts the form works alike.
const undo = document.querySelector("[data-undo]");
if (undo) {
  addEventListener("keydown", (event) => {
    if (event.key !== "z" || !(event.ctrlKey || event.metaKey) || event.target.matches("textarea, input:not([type=radio]):not([type=checkbox])")) return;
    event.preventDefault();
    undo.querySelector("button").focus();
  });
}
const grid = document.getElementById("grid");
if (grid) {
  const rows = [...grid.querySelectorAll("[data-row]")];
  const rowOf = (node) => node.closest("[data-row]");
  const isTyping = (node) => node.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
  // Never into a list: there an arrow chooses, and the next key would send what nobody meant.
  const go = (row) => {
    if (!row) return;
    (row.querySelector("[data-letter]:checked") || row.querySelector("[data-letter]") || row.querySelector(".cells input[type=radio]") || row.querySelector("[data-pick]")).focus();
    row.scrollIntoView({ block: "nearest" });
  };
  // The list on the page that a unit beside it can be chosen in: not one that the decision leaves out.
  const takes = (row, unit) => [...row.querySelectorAll(".cell select")].find((one) => one.offsetParent && [...one.options].some((option) => option.value === unit));
  // The phrases that fit the decision; the others are left to those who decide otherwise.
  const fit = (row) => {
    const decided = row.querySelector("[data-letter]:checked")?.value;
    row.querySelectorAll("[data-choose]").forEach((button) => { button.hidden = !takes(row, button.dataset.choose); });
    row.querySelectorAll("[data-for]").forEach((option) => {
      option.hidden = Boolean(decided) && !option.dataset.for.split(" ").includes(decided);
    });
  };
  grid.querySelectorAll("[data-keys]").forEach((hint) => { hint.hidden = false; });
  const all = grid.querySelector("[data-all]");
  if (all) {
    all.hidden = false;
    all.addEventListener("change", () => grid.querySelectorAll("[data-pick]").forEach((pick) => { pick.checked = all.checked; }));
  }
  // Words in rows go along when any row is sent; where a link would leave them behind, the browser asks first.
  let typed = false;
  grid.addEventListener("input", (event) => { typed = typed || event.target.matches("textarea"); });
  addEventListener("submit", (event) => { if (event.target === grid) typed = false; });
  addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
  rows.forEach(fit);
  grid.addEventListener("click", (event) => {
    const button = event.target.closest("[data-choose]");
    if (!button) return;
    const select = takes(rowOf(button), button.dataset.choose);
    select.value = button.dataset.choose;
    select.focus();
  });
  grid.addEventListener("change", (event) => { const row = rowOf(event.target); if (row) fit(row); });
  grid.addEventListener("keydown", (event) => {
    const row = rowOf(event.target);
    if (event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      grid.querySelector(".btn-primary[name=save]").click();
    }
    if (!row || event.ctrlKey || event.metaKey) return;
    const typing = isTyping(event.target);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && (!typing || event.altKey)) {
      event.preventDefault();
      go(rows[rows.indexOf(row) + step]);
    } else if (event.key === "Escape" && typing) {
      go(row);
    } else if (event.key === "Enter" && (event.target.matches("select") || (!typing && event.target.matches("input")))) {
      event.preventDefault();
      // Who decides by letters stands in the next row already: nothing is decided there that could be sent.
      if (!row.querySelector("[data-letter]") || row.querySelector("[data-letter]:checked")) row.querySelector("[data-save]").click();
    } else if (!typing && !event.altKey && event.key === "x") {
      const pick = row.querySelector("[data-pick]");
      pick.checked = !pick.checked;
    } else if (!typing && !event.altKey && event.key.length === 1) {
      const wanted = row.querySelector(`[data-letter="${CSS.escape(event.key.toLowerCase())}"]`);
      if (!wanted) return;
      event.preventDefault();  // the letter must not be typed into the field that is asked next
      wanted.checked = true;
      wanted.focus();
      row.querySelector("[data-pick]").checked = true;
      fit(row);
      // What the decision requires comes next, if it is empty still; what may stay empty would only catch the next key.
      const next = [...row.querySelectorAll(".cell select, .cell textarea, .cell input:not([type=radio]):not([type=checkbox])")]
        .find((field) => field.offsetParent && !field.value && field.closest(".cell").dataset.asked.split(" ").includes(wanted.value));
      if (next && !next.closest("details")) next.focus();
      else if (!next) go(rows[rows.indexOf(row) + 1]);
    }
  });
  // On a phone there is no keyboard to begin with, and the page would jump.
  const wrong = rows.find((row) => row.classList.contains("is-wrong"));
  if (wrong || (document.activeElement === document.body && matchMedia("(min-width: 901px)").matches)) go(wrong || rows[0]);
}
