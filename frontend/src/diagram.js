// Shows a case's diagram with what is done and where it stands. The bpmn.io mark stays visible (its licence asks for it).
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

async function show(holder) {
  const viewer = new NavigatedViewer({ container: holder });
  const answer = await fetch(holder.dataset.diagram, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`diagram: ${answer.status}`);
  await viewer.importXML(await answer.text());
  const canvas = viewer.get("canvas");
  const registry = viewer.get("elementRegistry");
  const mark = (ids, name) => ids.filter((id) => registry.get(id)).forEach((id) => canvas.addMarker(id, name));
  mark(JSON.parse(holder.dataset.done), "step-done");
  mark(JSON.parse(holder.dataset.current), "step-current");
  canvas.zoom("fit-viewport", "auto");
  const current = JSON.parse(holder.dataset.current).find((id) => registry.get(id));
  if (current) {
    // A long diagram in a card would be too small to read: begin where the case stands; 全图 shows the whole.
    canvas.zoom(0.75);
    canvas.scrollToElement(current);
  }
  const zoom = viewer.get("zoomScroll");
  document.querySelectorAll("[data-zoom]").forEach((button) =>
    button.addEventListener("click", () => (button.dataset.zoom === "fit" ? canvas.zoom("fit-viewport", "auto") : zoom.stepZoom(Number(button.dataset.zoom)))),
  );
}

document.querySelectorAll("[data-diagram]").forEach((holder) =>
  show(holder).catch(() => {
    holder.textContent = holder.dataset.sorry;
  }),
);
