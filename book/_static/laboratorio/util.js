// Piezas comunes de los paneles. Cada control tiene su rótulo, y lo que cambia se anuncia.
Object.assign(LABORATORIO, {
  // crear("p", { class: "x", onclick: f, "aria-label": "…" }, "texto", otroNodo)
  crear(etiqueta, atributos = {}, ...hijos) {
    const nodo = document.createElement(etiqueta);
    for (const [nombre, valor] of Object.entries(atributos)) {
      if (nombre.startsWith("on")) nodo.addEventListener(nombre.slice(2), valor);
      else if (valor === true) nodo.setAttribute(nombre, "");
      else if (valor !== false && valor != null) nodo.setAttribute(nombre, valor);
    }
    nodo.append(...hijos);
    return nodo;
  },

  // Un número a la española: coma decimal y miles con espacio fino.
  numero(valor, cifras = 0) {
    if (!Number.isFinite(valor)) return "sin medida";
    const [entera, resto] = Math.abs(valor).toFixed(cifras).split(".");
    const miles = entera.length > 4 ? entera.replace(/\B(?=(\d{3})+$)/g, "\u202f") : entera;
    return (valor < 0 && Number(valor.toFixed(cifras)) ? "−" : "") + miles + (resto ? `,${resto}` : "");
  },

  cuenta: 0,

  // Un control con su rótulo encima y, si se da, una ayuda debajo.
  campo(rotulo, control, ayuda = "") {
    control.id ||= `lab-${++this.cuenta}`;
    const caja = this.crear("div", { class: "lab-campo" });
    caja.append(this.crear("label", { for: control.id }, rotulo), control);
    if (ayuda) {
      const nota = this.crear("p", { class: "lab-ayuda", id: `${control.id}-ayuda` }, ayuda);
      control.setAttribute("aria-describedby", nota.id);
      caja.append(nota);
    }
    return caja;
  },

  // Un deslizador que dice su valor. Devuelve { caja, control, valor(), poner(v) }.
  deslizador({ rotulo, min, max, paso, valor, decir = (v) => this.numero(v), alCambiar, ayuda }) {
    const control = this.crear("input", { type: "range", min, max, step: paso, value: valor });
    const dicho = this.crear("output", { class: "lab-valor", "aria-hidden": "true" });
    const pintar = () => {
      dicho.textContent = decir(Number(control.value));
      control.setAttribute("aria-valuetext", dicho.textContent);
    };
    control.addEventListener("input", () => {
      pintar();
      alCambiar?.(Number(control.value));
    });
    const caja = this.campo(rotulo, control, ayuda);
    caja.classList.add("lab-con-valor");
    caja.insertBefore(dicho, control);
    pintar();
    return {
      caja,
      control,
      valor: () => Number(control.value),
      poner(v) {
        control.value = v;
        pintar();
      },
    };
  },

  // Una lista desplegable: pares [valor, texto].
  lista({ rotulo, pares, valor, alCambiar, ayuda }) {
    const control = this.crear("select", { onchange: () => alCambiar?.(control.value) });
    for (const [v, texto] of pares) control.append(this.crear("option", { value: v }, texto));
    if (valor !== undefined) control.value = valor;
    return { caja: this.campo(rotulo, control, ayuda), control, valor: () => control.value };
  },

  boton(texto, alPulsar, { principal = false } = {}) {
    const clase = principal ? "lab-boton principal" : "lab-boton";
    return this.crear("button", { type: "button", class: clase, onclick: alPulsar }, texto);
  },

  // Una zona que los lectores de pantalla anuncian cuando cambia. `decir` espera a que se
  // deje de mover el control: arrastrar no anuncia cada paso. Con `oculto` no se ve.
  anuncio({ oculto = false } = {}) {
    const clase = oculto ? "lab-anuncio oculto" : "lab-anuncio";
    const nodo = this.crear("p", { class: clase, role: "status" });
    let espera;
    nodo.decir = (frase) => {
      clearTimeout(espera);
      espera = setTimeout(() => (nodo.textContent = frase), 250);
    };
    return nodo;
  },

  // El sitio de los avisos: una frase, o nada.
  aviso() {
    const nodo = this.crear("p", { class: "lab-aviso", role: "alert", hidden: true });
    nodo.decir = (frase) => {
      nodo.hidden = !frase;
      nodo.textContent = frase || "";
    };
    return nodo;
  },

  // Una tabla que se desplaza sola si no cabe. `filas` son listas de textos o nodos; la
  // primera celda de cada una es su encabezado.
  tabla(titulo, cabezas, filas) {
    const tabla = this.crear("table", { class: "lab-tabla" });
    tabla.append(this.crear("caption", {}, titulo));
    const cabeza = this.crear("tr");
    for (const c of cabezas) cabeza.append(this.crear("th", { scope: "col" }, c));
    const cuerpo = this.crear("tbody");
    for (const [primera, ...demas] of filas) {
      const fila = this.crear("tr", {}, this.crear("th", { scope: "row" }, primera));
      for (const celda of demas) fila.append(this.crear("td", {}, celda));
      cuerpo.append(fila);
    }
    tabla.append(this.crear("thead", {}, cabeza), cuerpo);
    return this.crear(
      "div",
      { class: "lab-ancha", tabindex: 0, role: "region", "aria-label": titulo },
      tabla,
    );
  },

  // Un error con la frase que verá quien lee.
  error(frase) {
    return Object.assign(new Error(frase), { frase });
  },
});
