// Un enlace antiguo lleva los minutos que tenía el apartado («#titulo-12-min»). Si esa
// ancla ya no existe, va al mismo apartado sin ellos.
function irAlApartado() {
  const ancla = decodeURIComponent(location.hash.slice(1));
  const corta = ancla.replace(/(-esencial|-optativo)?-\d+-min$/, "");
  if (corta !== ancla && !document.getElementById(ancla)) {
    document.getElementById(corta)?.scrollIntoView();
  }
}
addEventListener("hashchange", irAlApartado);
irAlApartado();

const CERRAR = document.documentElement.lang.startsWith("pt") ? "Fechar" : "Cerrar";

// Una figura se abre entera sobre la página. Sin este guion, el enlace lleva al dibujo.
function ampliar(evento) {
  const figura = evento.target.closest?.("a.figura");
  if (!figura || evento.ctrlKey || evento.metaKey || evento.shiftKey) return;
  evento.preventDefault();
  const imagen = figura.querySelector("img");
  const hoja = document.createElement("dialog");
  hoja.className = "ampliada";
  hoja.setAttribute("aria-label", "Figura ampliada");
  hoja.innerHTML =
    `<form method="dialog"><button>${CERRAR}</button></form><div tabindex="0"><img></div>`;
  const copia = hoja.querySelector("img");
  copia.src = imagen.src;
  copia.alt = imagen.alt;
  copia.width = imagen.getAttribute("width");
  copia.height = imagen.getAttribute("height");
  hoja.addEventListener("click", (e) => {
    if (e.target === hoja) hoja.close();
  });
  hoja.addEventListener("close", () => {
    hoja.remove();
    figura.focus();
  });
  document.body.append(hoja);
  hoja.showModal();
}
addEventListener("click", ampliar);

// Un término se define donde está. Sin este guion, o sin `popover`, el enlace lleva al
// glosario.
function definir(evento) {
  const termino = evento.target.closest?.("a.termino");
  if (!termino || evento.ctrlKey || evento.metaKey || evento.shiftKey) return;
  const hoja = document.getElementById(termino.id.replace(/^uso-/, "def-"));
  if (!hoja?.showPopover) return;
  evento.preventDefault();
  if (!hoja.querySelector("a.al-glosario")) {
    const enlace = document.createElement("a");
    enlace.className = "al-glosario";
    enlace.href = termino.href;
    enlace.textContent = "Ver en el glosario";
    const cerrar = document.createElement("button");
    cerrar.textContent = CERRAR;
    cerrar.addEventListener("click", () => hoja.hidePopover());
    hoja.append(enlace, cerrar);
    hoja.addEventListener("keydown", (e) => {
      if (e.key === "Escape") hoja.hidePopover();
    });
    hoja.addEventListener("toggle", (e) => {
      if (e.newState === "closed" && hoja.contains(document.activeElement)) termino.focus();
    });
  }
  hoja.showPopover();
  hoja.querySelector("a.al-glosario").focus({ preventScroll: true });
}
addEventListener("click", definir);
