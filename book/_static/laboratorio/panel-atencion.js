// A quién mira cada token de tu oración, en cualquier capa y cabeza de `semilla`.
{
  const L = LABORATORIO;
  const TOPE = 32; // tokens, con el de inicio
  let paneles = 0;

  L.montar.atencion = async (caja, decir) => {
    const leer = await L.semilla(["base"], decir);
    const T = L.tokenizador;
    const sesion = `atencion-${++paneles}`;
    let [ids, nombres, pesos, elegida] = [[], [], null, 0];
    let turno = 0;

    const area = L.crear("input", { type: "text", spellcheck: "false", autocomplete: "off" });
    area.value = "Las casas del pueblo son blancas";
    const numeradas = (n) => Array.from({ length: n }, (_, i) => [i, String(i)]);
    const capa = L.lista({ rotulo: "Capa", ayuda: "De la primera, que lee el texto, a la última.", pares: numeradas(6), valor: 5, alCambiar: () => pintar() });
    const cabeza = L.lista({ rotulo: "Cabeza", ayuda: "Cada una mira a su manera.", pares: numeradas(4), valor: 1, alCambiar: () => pintar() });
    const quien = L.lista({
      rotulo: "El token que mira", pares: [], alCambiar: (v) => {
        elegida = Number(v);
        pintar();
      },
    });
    const aviso = L.aviso();
    const frase = L.anuncio();
    const mapa = L.crear("div", { class: "lab-ancha", tabindex: 0, role: "region" });
    const todas = L.crear("div", { class: "lab-cabezas" });

    const peso = (c, h, fila, columna) => {
      const n = ids.length;
      return pesos[((c * 4 + h) * n + fila) * n + columna];
    };

    function pintarMapa(c, h) {
      const n = ids.length;
      const tabla = L.crear("table", { class: "lab-mapa" });
      const cabeza = L.crear("tr", {}, L.crear("th", { scope: "col" }, "mira ↓ a →"));
      for (const nombre of nombres) cabeza.append(L.crear("th", { scope: "col" }, L.crear("span", {}, nombre)));
      const cuerpo = L.crear("tbody");
      for (let fila = 0; fila < n; fila++) {
        const tr = L.crear("tr", { class: fila === elegida ? "elegida" : null }, L.crear("th", { scope: "row" }, nombres[fila]));
        for (let columna = 0; columna < n; columna++) {
          if (columna > fila) {
            tr.append(L.crear("td", { class: "tapada" }));
            continue;
          }
          const v = peso(c, h, fila, columna);
          tr.append(L.crear("td", { style: `--peso:${v.toFixed(3)}` }, String(Math.round(100 * v))));
        }
        cuerpo.append(tr);
      }
      tabla.append(L.crear("thead", {}, cabeza), cuerpo);
      mapa.setAttribute("aria-label", `Mapa de atención, capa ${c}, cabeza ${h}`);
      mapa.replaceChildren(tabla);
    }

    // Las 24 cabezas en pequeño, cada una un dibujo de n × n puntos.
    function pintarTodas(c, h) {
      const n = ids.length;
      const tinta = getComputedStyle(document.documentElement).getPropertyValue("--pst-color-primary");
      const botones = [];
      for (let a = 0; a < 6; a++) {
        for (let b = 0; b < 4; b++) {
          const lienzo = L.crear("canvas", { width: n, height: n, "aria-hidden": "true" });
          const pincel = lienzo.getContext("2d");
          pincel.fillStyle = tinta;
          for (let fila = 0; fila < n; fila++) {
            for (let columna = 0; columna <= fila; columna++) {
              pincel.globalAlpha = 0.06 + 0.94 * peso(a, b, fila, columna);
              pincel.fillRect(columna, fila, 1, 1);
            }
          }
          botones.push(
            L.crear(
              "button",
              {
                type: "button", tabindex: -1, "aria-label": `Capa ${a}, cabeza ${b}`,
                "aria-pressed": String(a === c && b === h),
                onclick: () => {
                  capa.control.value = a;
                  cabeza.control.value = b;
                  pintar();
                },
              },
              lienzo,
            ),
          );
        }
      }
      todas.replaceChildren(...botones);
    }

    function pintar() {
      if (!pesos) return;
      const [c, h] = [Number(capa.valor()), Number(cabeza.valor())];
      pintarMapa(c, h);
      pintarTodas(c, h);
      const suyos = Array.from({ length: elegida + 1 }, (_, i) => [i, peso(c, h, elegida, i)]);
      suyos.sort((a, b) => b[1] - a[1]);
      const dichos = suyos.slice(0, 4).map(([i, v]) => `${i} «${nombres[i]}», ${L.numero(100 * v)} %`);
      frase.decir(
        `En la capa ${c}, cabeza ${h}, el token ${elegida} «${nombres[elegida]}» mira sobre todo a ${dichos.join("; ")}.`,
      );
    }

    async function leerOracion() {
      const mio = ++turno;
      const suyos = [T.INICIO, ...T.codificar(area.value, { literal: true })];
      if (suyos.length > TOPE) {
        aviso.decir(`Tu oración ocupa ${suyos.length} tokens y aquí caben ${TOPE}: acórtala un poco.`);
        return;
      }
      aviso.decir(suyos.length < 2 ? "Escribe una oración para ver a quién mira cada token." : "");
      const dado = await leer({ sesion, ids: suyos, atencion: true });
      if (mio !== turno) return;
      ids = suyos;
      pesos = dado.pesos;
      nombres = ids.map((id) => (id < T.especiales.length ? "inicio" : T.visible(id)));
      elegida = ids.length - 1;
      quien.control.replaceChildren(
        ...nombres.map((nombre, i) => L.crear("option", { value: i }, `${i}: ${nombre}`)),
      );
      quien.control.value = elegida;
      pintar();
    }

    let espera;
    area.addEventListener("input", () => {
      clearTimeout(espera);
      espera = setTimeout(
        () => leerOracion().catch(() => aviso.decir("El modelo se detuvo. Cierra y abre la página para volver a cargarlo.")),
        300,
      );
    });
    caja.append(
      L.campo("Tu oración", area, "Delante va el token de inicio, como en los textos que semilla leyó."),
      aviso,
      L.crear("div", { class: "lab-fila" }, capa.caja, cabeza.caja, quien.caja),
      frase,
      L.crear("p", { class: "lab-ayuda" }, "Cada fila reparte 100 entre los tokens que ve."),
      L.crear("div", { class: "lab-dos" }, mapa, L.crear(
        "div", { class: "lab-lateral" },
        L.crear("p", { class: "lab-ayuda" }, "Las 24 cabezas: una fila por capa. Pulsa una para verla entera."),
        todas,
      )),
      L.crear(
        "p", { class: "lab-ayuda" },
        "Solo se mira hacia atrás: las casillas que faltan las tapa la máscara causal. El peso dice " +
          "cuánto toma de cada token, no para qué lo usa.",
      ),
    );
    // Los dibujos pequeños no siguen solos al tema.
    new MutationObserver(pintar).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    await leerOracion();
  };
}
