// El avance de quien lee: lecciones hechas y preguntas de repaso. Se guarda solo en este
// navegador; en la página de autoevaluación se puede exportar y borrar.
const CLAVE = "de-tokens-a-qlora";

function leerAvance() {
  try {
    const guardado = JSON.parse(localStorage.getItem(CLAVE)) || {};
    return { lecciones: guardado.lecciones || {}, repaso: guardado.repaso || {} };
  } catch {
    return { lecciones: {}, repaso: {} };
  }
}

function guardarAvance(avance) {
  try {
    localStorage.setItem(CLAVE, JSON.stringify(avance));
  } catch {
    // Un navegador que no deja guardar sigue dejando leer.
  }
  pintarAvance();
}

const lecciones = [...document.querySelectorAll(".bd-sidebar-primary nav.bd-links a[href]")]
  .map((a) => [new URL(a.href).pathname.match(/\/notebooks\/(\w+)\.html$/)?.[1], a])
  .filter(([nombre]) => nombre);
const esta = location.pathname.match(/\/notebooks\/(\w+)\.html$/)?.[1];

function pintarAvance() {
  const { lecciones: hechas, repaso } = leerAvance();
  for (const [nombre, enlace] of lecciones) {
    enlace.querySelector(".hecha")?.remove();
    if (!hechas[nombre]) continue;
    const marca = document.createElement("span");
    marca.className = "hecha";
    marca.textContent = " ✓";
    marca.setAttribute("role", "img");
    marca.setAttribute("aria-label", "hecha");
    enlace.append(marca);
  }
  const boton = document.querySelector("button.marcar-hecha");
  boton?.setAttribute("aria-pressed", String(Boolean(hechas[esta])));
  for (const caja of document.querySelectorAll(".repaso")) {
    const claves = [...caja.querySelectorAll(".pregunta")].map((p) => p.dataset.clave);
    const vistas = claves.filter((c) => c in repaso);
    const buenas = vistas.filter((c) => repaso[c]);
    let cuenta = caja.querySelector(".cuenta");
    if (!cuenta) {
      cuenta = document.createElement("p");
      cuenta.className = "cuenta";
      cuenta.setAttribute("role", "status");
      caja.append(cuenta);
    }
    cuenta.textContent = vistas.length
      ? `A la primera: ${buenas.length} de ${vistas.length}. Faltan ${claves.length - vistas.length}.`
      : "";
  }
  const resumen = document.querySelector("#mi-avance .resumen");
  if (resumen) {
    const n = Object.keys(hechas).length;
    const r = Object.keys(repaso).length;
    resumen.textContent = n + r
      ? `En este navegador: lecciones hechas, ${n}; preguntas respondidas, ${r}.`
      : "En este navegador no hay nada guardado.";
  }
}

if (esta) {
  const boton = document.createElement("button");
  boton.type = "button";
  boton.className = "marcar-hecha";
  boton.textContent = "Lección hecha";
  boton.addEventListener("click", () => {
    const avance = leerAvance();
    if (avance.lecciones[esta]) delete avance.lecciones[esta];
    else avance.lecciones[esta] = new Date().toISOString().slice(0, 10);
    guardarAvance(avance);
  });
  document.querySelector("article.bd-article")?.append(boton);
}

// Cuenta la primera opción que se abre de cada pregunta.
document.addEventListener(
  "toggle",
  (evento) => {
    const opcion = evento.target;
    if (!opcion.matches?.("details.opcion") || !opcion.open) return;
    const { clave } = opcion.closest(".pregunta").dataset;
    const avance = leerAvance();
    if (clave in avance.repaso) return;
    avance.repaso[clave] = opcion.classList.contains("buena");
    guardarAvance(avance);
  },
  true,
);

const caja = document.getElementById("mi-avance");
if (caja) {
  const boton = (texto, hacer) => {
    const hecho = document.createElement("button");
    hecho.type = "button";
    hecho.textContent = texto;
    hecho.addEventListener("click", hacer);
    return hecho;
  };
  const resumen = document.createElement("p");
  resumen.className = "resumen";
  resumen.setAttribute("role", "status");
  const exportar = boton("Exportar", () => {
    const datos = new Blob([JSON.stringify(leerAvance(), null, 1)], { type: "application/json" });
    const enlace = document.createElement("a");
    enlace.href = URL.createObjectURL(datos);
    enlace.download = "mi-avance.json";
    enlace.click();
    setTimeout(() => URL.revokeObjectURL(enlace.href), 1000);
  });
  const borrar = boton("Borrar", () => {
    try {
      localStorage.removeItem(CLAVE);
    } catch {
      // No había nada guardado.
    }
    for (const abierta of document.querySelectorAll("details.opcion[open]")) abierta.open = false;
    pintarAvance();
  });
  caja.append(resumen, exportar, borrar);
}
pintarAvance();
