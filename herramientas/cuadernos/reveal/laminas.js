// Mueve las láminas con el teclado, el ratón o el dedo, y encoge la letra de la que no
// cabe. Es un guion corriente: así se abre también con doble clic, sin servidor.
(function () {
  const ALTO = 720;
  const ajustar = () => {
    const lamina = Reveal.getCurrentSlide();
    if (!lamina) return;
    for (let letra = 100; letra >= 55; letra -= 5) {
      lamina.style.fontSize = letra + "%";
      if (lamina.scrollHeight <= ALTO) break;
    }
  };
  const nombres = {
    "navigate-left": "Apartado anterior",
    "navigate-right": "Apartado siguiente",
    "navigate-up": "Lámina de arriba",
    "navigate-down": "Lámina de abajo",
  };
  Reveal.initialize({
    width: 1280, height: ALTO, margin: 0.03, center: false, hash: true, help: false,
    navigationMode: "linear", slideNumber: "c/t", transition: "none",
    backgroundTransition: "none", scrollActivationWidth: 0,
  }).then(() => {
    for (const [clase, nombre] of Object.entries(nombres))
      for (const boton of document.querySelectorAll("." + clase))
        boton.setAttribute("aria-label", nombre);
    const seguir = document.querySelector(".resume-button");
    if (seguir) seguir.textContent = "Seguir";
    ajustar();
  });
  Reveal.on("slidechanged", ajustar);
})();
