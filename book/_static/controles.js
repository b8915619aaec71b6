// Los controles de las lecciones: un dibujo por ajuste, calculado al ejecutar el cuaderno.
// La página trae el primero; los demás llegan juntos la primera vez que se toca un mando.
{
  // Cada dibujo son tramos de una lista de líneas («0-41 43»), como en taller/estados.py.
  const armar = (lineas, tramos) =>
    tramos
      .split(" ")
      .flatMap((tramo) => {
        const [a, b = a] = tramo.split("-").map(Number);
        return lineas.slice(a, b + 1);
      })
      .join("\n");

  const mover = (caja) => {
    const clave = caja.dataset.control;
    const imagen = caja.querySelector("img");
    const dicho = caja.querySelector("[role=status]");
    const mandos = [...caja.querySelectorAll(".mando")];
    const hoja = document.getElementById(`hoja-${clave}`);
    const boton = caja.querySelector(".ver-hoja");
    const cerrada = boton.textContent;
    const direcciones = [imagen.src];
    let datos = null;
    let pedido = null;
    let puesto = 0;
    let espera = 0;

    const cual = (mando) => {
      const deslizador = mando.querySelector("input[type=range]");
      return Number((deslizador || mando.querySelector("input:checked")).value);
    };
    const cuantos = (mando) => {
      const deslizador = mando.querySelector("input[type=range]");
      return deslizador ? Number(deslizador.max) + 1 : mando.querySelectorAll("input").length;
    };
    const indice = () => mandos.reduce((i, mando) => i * cuantos(mando) + cual(mando), 0);

    const rotular = () => {
      for (const deslizador of caja.querySelectorAll("input[type=range]")) {
        const valor = JSON.parse(deslizador.dataset.valores)[deslizador.value];
        deslizador.setAttribute("aria-valuetext", valor);
        deslizador.parentElement.querySelector("output").textContent = valor;
      }
    };

    const abrirHoja = (abierta) => {
      hoja.classList.toggle("abierta", abierta);
      boton.setAttribute("aria-expanded", String(abierta));
      boton.textContent = abierta ? boton.dataset.abierta : cerrada;
    };

    // Al arrastrar se pasa por muchos estados: se anuncia aquel en que se queda.
    const anunciar = (texto) => {
      clearTimeout(espera);
      espera = setTimeout(() => (dicho.textContent = texto), 300);
    };

    const pintar = () => {
      rotular();
      const i = indice();
      if (i === puesto) return;
      if (!datos) {
        traer();
        return;
      }
      if (!direcciones[i]) {
        const svg = armar(datos.lineas, datos.dibujos[i]);
        direcciones[i] = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
      }
      puesto = i;
      imagen.src = direcciones[i];
      imagen.alt = datos.textos[i];
      anunciar(datos.textos[i]);
    };

    const traer = () => {
      if (pedido) return;
      caja.setAttribute("aria-busy", "true");
      pedido = document.createElement("script");
      pedido.src = caja.dataset.guion;
      pedido.addEventListener("load", () => {
        caja.removeAttribute("aria-busy");
        datos = self.CONTROLES[clave];
        pintar();
      });
      pedido.addEventListener("error", () => {
        caja.removeAttribute("aria-busy");
        pedido.remove();
        pedido = null;
        abrirHoja(true);
        anunciar(caja.dataset.fallo);
      });
      document.head.append(pedido);
    };

    for (const evento of ["pointerover", "focusin", "touchstart"])
      caja.querySelector(".mandos").addEventListener(evento, traer, { once: true, passive: true });
    caja.addEventListener("input", pintar);
    boton.addEventListener("click", () => abrirHoja(!hoja.classList.contains("abierta")));
    // El papel lleva la hoja: que haya llegado.
    addEventListener("beforeprint", () => {
      for (const figura of hoja.querySelectorAll("img")) figura.loading = "eager";
    });
    // Al volver a una página, el navegador repone los mandos donde estaban.
    pintar();
  };

  for (const caja of document.querySelectorAll("[data-control]")) mover(caja);
}
