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

// A sheet to print: the drawing alone, whole and without a viewport, so that the page's own size scales it.
async function sheet(holder) {
  const answer = await fetch(holder.dataset.diagram, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`diagram: ${answer.status}`);
  const hidden = document.createElement("div");
  hidden.style.cssText = "position:absolute;left:-10000px;width:1200px;height:800px";
  document.body.append(hidden);
  const viewer = new NavigatedViewer({ container: hidden });
  await viewer.importXML(await answer.text());
  const { svg } = await viewer.saveSVG();
  viewer.destroy();
  hidden.remove();
  const drawing = document.importNode(new DOMParser().parseFromString(svg, "image/svg+xml").documentElement, true);
  drawing.removeAttribute("width");
  drawing.removeAttribute("height");
  // A diagram of three steps stays a diagram of ordinary size: 12 px of its letters become at most 16 pt on paper.
  const [, , wide, high] = drawing.getAttribute("viewBox").split(/[\s,]+/).map(Number);
  drawing.style.maxWidth = `${wide * 0.47}mm`;
  drawing.style.maxHeight = `${high * 0.47}mm`;
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", document.title);
  holder.replaceChildren(drawing);
  document.querySelectorAll("[data-print-now]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
}

document.querySelectorAll("[data-diagram]").forEach((holder) =>
  ("sheet" in holder.dataset ? sheet(holder) : show(holder)).catch(() => {
    holder.textContent = holder.dataset.sorry;
  }),
);
