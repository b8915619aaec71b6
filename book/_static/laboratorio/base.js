// Lo único del laboratorio que trae cada página: el botón que abre un panel. Al pulsarlo
// carga sus guiones, uno tras otro, y lo monta. Sin fetch ni módulos: también con file://.
const LABORATORIO = {
  base: new URL(".", document.currentScript.src).href,
  datos: {}, // lo que dejan los guiones datos-….js
  montar: {}, // nombre del panel → función que lo dibuja en su caja
  pedidos: new Map(),

  // Carga un guion una sola vez. La promesa falla si no llega.
  cargar(nombre) {
    if (!this.pedidos.has(nombre)) {
      const promesa = new Promise((bien, mal) => {
        const guion = document.createElement("script");
        guion.src = this.base + nombre;
        guion.onload = bien;
        guion.onerror = () => {
          this.pedidos.delete(nombre);
          guion.remove();
          mal(new Error(nombre));
        };
        document.head.append(guion);
      });
      this.pedidos.set(nombre, promesa);
    }
    return this.pedidos.get(nombre);
  },

  vestir() {
    if (document.querySelector("link[data-lab]")) return null;
    const hoja = document.createElement("link");
    hoja.rel = "stylesheet";
    hoja.dataset.lab = "";
    hoja.href = `${this.base}laboratorio.css`;
    document.head.append(hoja);
    return new Promise((listo) => {
      hoja.onload = hoja.onerror = listo;
    });
  },

  async abrir(caja, boton, decir) {
    boton.disabled = true;
    decir("Abriendo…");
    try {
      await this.vestir();
      for (const guion of caja.dataset.guiones.split(" ")) await this.cargar(guion);
      const dentro = document.createElement("div");
      dentro.className = "dentro-lab";
      dentro.tabIndex = -1;
      dentro.setAttribute("role", "group");
      dentro.setAttribute("aria-label", caja.dataset.titulo);
      await this.montar[caja.dataset.laboratorio](dentro, decir);
      caja.replaceChildren(dentro);
      dentro.focus({ preventScroll: true });
    } catch (error) {
      boton.disabled = false;
      decir(error.frase || "No se pudo abrir. Revisa la conexión y vuelve a intentarlo.");
    }
  },
};

for (const caja of document.querySelectorAll("[data-laboratorio]")) {
  const boton = document.createElement("button");
  boton.type = "button";
  boton.className = "abrir-lab";
  boton.textContent = `Abrir (${caja.dataset.pesa})`;
  const estado = document.createElement("p");
  estado.setAttribute("role", "status");
  caja.replaceChildren(boton, estado);
  const decir = (frase) => (estado.textContent = frase);
  boton.addEventListener("click", () => LABORATORIO.abrir(caja, boton, decir));
}
