// Generar con `semilla`: la distribución del token que sigue y el texto que sale.
{
  const L = LABORATORIO;
  const BARRAS = 12;
  let paneles = 0;

  L.montar.generacion = async (caja, decir) => {
    const leer = await L.semilla(["base"], decir);
    const T = L.tokenizador;
    const sesion = `generacion-${++paneles}`;
    let ids = [];
    let desde = 0; // cuántos tokens son del comienzo
    let logits = null;
    let corre = false;
    let sorteo = L.azar(7);

    const area = L.crear("textarea", { rows: 2, spellcheck: "false" });
    area.value = "En este capítulo";
    const t = L.deslizador({
      rotulo: "Temperatura", ayuda: "Más alta, más sorpresas.", min: 0, max: 2, paso: 0.1, valor: 0.8, alCambiar: () => pintarBarras(),
      decir: (v) => (v ? L.numero(v, 1) : "el mayor"),
    });
    const k = L.deslizador({
      rotulo: "Top-k", ayuda: "Solo los k más probables.", min: 0, max: 100, paso: 1, valor: 0, alCambiar: () => pintarBarras(),
      decir: (v) => (v ? L.numero(v) : "sin corte"),
    });
    const p = L.deslizador({
      rotulo: "Top-p", ayuda: "Los primeros, hasta sumar p.", min: 0.05, max: 1, paso: 0.05, valor: 0.9, alCambiar: () => pintarBarras(),
      decir: (v) => (v < 1 ? L.numero(v, 2) : "sin corte"),
    });
    const m = L.deslizador({
      rotulo: "Min-p", ayuda: "Fuera los muy por debajo del mayor.", min: 0, max: 0.5, paso: 0.01, valor: 0, alCambiar: () => pintarBarras(),
      decir: (v) => (v ? L.numero(v, 2) : "sin corte"),
    });
    const semilla = L.crear("input", { type: "number", min: 0, max: 999999, value: 7 });
    semilla.addEventListener("change", () => (sorteo = L.azar(Number(semilla.value) || 0)));
    const conCache = L.crear("input", { type: "checkbox", checked: true });
    const uno = L.boton("Un token", () => paso(), { principal: true });
    const seguir = L.boton("Seguir solo", () => correr());
    const borrar = L.boton("Borrar lo escrito", () => empezar());
    const aviso = L.aviso();
    const anuncio = L.anuncio({ oculto: true });
    const velocidad = L.crear("p", { class: "lab-ayuda" });
    const escrito = L.crear("p", { class: "lab-escrito", tabindex: 0, role: "group", "aria-label": "Texto escrito" });
    const resumen = L.crear("p", { class: "lab-resumen" });
    const barras = L.crear("ol", { class: "lab-barras", "aria-label": "Candidatos a token siguiente" });

    const ajustes = () => ({ temperatura: t.valor() || 1, k: k.valor(), p: p.valor(), m: m.valor() });

    function candidatos() {
      if (t.valor() === 0) return { ids: [L.mayor(logits)], p: [1] };
      return L.filtrar(logits, ajustes());
    }

    function pintarTexto() {
      escrito.replaceChildren(
        L.crear("span", { class: "dado" }, T.decodificar(ids.slice(0, desde))),
        L.crear("mark", { class: "nuevo" }, T.decodificar(ids.slice(desde))),
      );
    }

    function pintarBarras() {
      if (!logits) return;
      const quedan = candidatos();
      const antes = L.filtrar(logits);
      const bits = -quedan.p.reduce((s, v) => s + (v ? v * Math.log2(v) : 0), 0);
      const n = quedan.ids.length;
      const cuantos = n === 1 ? "Queda un candidato" : `Quedan ${L.numero(n)} candidatos`;
      resumen.textContent = `${cuantos} de ${L.numero(logits.length)}; el sorteo tiene ${L.numero(Math.abs(bits), 1)} bits de duda.`;
      if (!corre) anuncio.decir(resumen.textContent);
      const suya = new Map(quedan.ids.map((id, i) => [id, quedan.p[i]]));
      const filas = antes.ids.slice(0, BARRAS).map((id, i) => {
        const ahora = suya.get(id);
        const cifra = ahora === undefined ? "fuera" : `${L.numero(100 * ahora, 1)} %`;
        const nombre = id < T.especiales.length ? T.especiales[id] : T.visible(id);
        return L.crear(
          "li", {},
          L.crear(
            "button",
            { type: "button", class: "lab-barra", disabled: corre, title: "Elegir este token", onclick: () => tomar(id) },
            L.crear("span", { class: "signos" }, nombre),
            L.crear(
              "span", { class: "riel", "aria-hidden": "true" },
              L.crear("span", { class: "antes", style: `width:${100 * antes.p[i]}%` }),
              L.crear("span", { class: "ahora", style: `width:${100 * (ahora || 0)}%` }),
            ),
            L.crear("span", { class: "cifra" }, cifra),
          ),
        );
      });
      const conFoco = barras.contains(document.activeElement);
      barras.replaceChildren(...filas);
      if (conFoco) barras.querySelector("button").focus();
    }

    // Lee lo que hay y enseña qué puede seguir. Devuelve si cabía.
    async function mirar() {
      if (ids.length >= L.CONTEXTO) {
        aviso.decir(`semilla lee hasta ${L.CONTEXTO} tokens y ya están llenos: acorta el comienzo o borra lo escrito.`);
        return false;
      }
      const leidos = ids;
      const dado = await leer({ sesion, ids, cache: conCache.checked });
      if (leidos !== ids) return false; // entretanto cambió el comienzo
      logits = dado.logits;
      const cuantos = dado.leidos === 1 ? "un token" : `${dado.leidos} tokens`;
      velocidad.textContent =
        `Leyó ${cuantos} en ${L.numero(dado.ms, 1)} ms` +
        (conCache.checked ? ` y tomó ${ids.length - dado.leidos} de la caché.` : ", sin caché.");
      pintarTexto();
      pintarBarras();
      return true;
    }

    async function empezar() {
      corre = false;
      aviso.decir("");
      const texto = area.value;
      ids = T.codificar(texto, { literal: true });
      sorteo = L.azar(Number(semilla.value) || 0);
      if (!ids.length) ids = [T.INICIO];
      desde = ids.length;
      logits = null;
      return mirar();
    }

    async function tomar(id) {
      ids = [...ids, id];
      logits = null;
      if (id === T.FIN) {
        aviso.decir("Salió el token de fin: para semilla, el texto termina aquí.");
        corre = false;
      }
      return mirar();
    }

    async function paso() {
      if (!logits) return false;
      const { ids: cuales, p: con } = candidatos();
      let [r, i] = [sorteo(), 0];
      while (i + 1 < cuales.length && r >= con[i]) r -= con[i++];
      return tomar(cuales[i]);
    }

    async function correr() {
      if (corre) {
        corre = false;
        return;
      }
      corre = true;
      seguir.textContent = "Parar";
      uno.disabled = borrar.disabled = true;
      const [inicio, antes] = [performance.now(), ids.length];
      try {
        while (corre && (await paso()));
      } catch (error) {
        fallo(error);
      }
      corre = false;
      seguir.textContent = "Seguir solo";
      uno.disabled = borrar.disabled = false;
      pintarBarras();
      const [n, s] = [ids.length - antes, (performance.now() - inicio) / 1000];
      if (n < 1) return;
      velocidad.textContent = `${n} tokens en ${L.numero(s, 1)} s: ${L.numero(n / s)} por segundo.`;
      anuncio.decir(`Escribió ${n} tokens: ${T.decodificar(ids.slice(antes))}`);
    }

    function fallo() {
      aviso.decir("El modelo se detuvo. Cierra y abre la página para volver a cargarlo.");
    }

    let espera;
    area.addEventListener("input", () => {
      corre = false;
      clearTimeout(espera);
      espera = setTimeout(() => empezar().catch(fallo), 250);
    });
    caja.append(
      L.campo("El comienzo", area, "semilla leyó novelas de hace más de un siglo, leyes y libros de texto: no sabe de hoy."),
      L.crear("div", { class: "lab-fila" }, uno, seguir, borrar),
      aviso, escrito, velocidad,
      L.crear("div", { class: "lab-fila parejos" }, t.caja, k.caja, p.caja, m.caja),
      L.crear(
        "div", { class: "lab-fila" },
        L.campo("Número del azar", semilla),
        L.crear("label", { class: "lab-casilla" }, conCache, "Usar la caché KV"),
      ),
      L.crear("h4", { class: "lab-titulo" }, "¿Qué token sigue?"),
      resumen, barras,
      L.crear(
        "p", { class: "lab-ayuda" },
        "La barra ancha y pálida es la probabilidad que da el modelo; la estrecha, la del " +
          "sorteo, después de los filtros. Pulsa una para elegir tú ese token.",
      ),
      anuncio,
    );
    await empezar();
  };
}
