// A field that finds names in a long list of check boxes. Without scripts the list stands there in its groups.
document.querySelectorAll("[data-find-in]").forEach((list) => {
  const find = list.querySelector(".find");
  if (!find) return;
  const input = find.querySelector("input"), told = find.querySelector("[data-found]");
  const labels = [...list.querySelectorAll("[data-find]")], groups = [...list.querySelectorAll("details")];
  const begun = groups.map((group) => group.open);
  const tell = (none) => {
    const chosen = list.querySelectorAll("input:checked").length;
    told.textContent = none ? told.dataset.none : chosen ? `${told.dataset.chosen} ${chosen}` : "";
  };
  const show = () => {
    const wanted = input.value.trim().toLowerCase();
    labels.forEach((label) => {
      label.hidden = Boolean(wanted) && !label.querySelector("input").checked && !label.dataset.find.toLowerCase().includes(wanted);
    });
    groups.forEach((group, n) => {
      const left = [...group.querySelectorAll("[data-find]")].filter((label) => !label.hidden).length;
      group.hidden = left === 0;
      group.open = wanted ? left > 0 : begun[n] || Boolean(group.querySelector("input:checked"));
    });
    tell(labels.every((label) => label.hidden));
  };
  find.hidden = false;
  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  list.addEventListener("change", () => tell(false));
  tell(false);
});
