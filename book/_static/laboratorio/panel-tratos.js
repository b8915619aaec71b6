// Tu oración, de tú a vos o a usted: `semilla` sola y con el adaptador de la lección 10.
{
  const L = LABORATORIO;
  let paneles = 0;

  // Marca las palabras de `dicha` que no están en `origen`, en orden (subsecuencia común).
  function cambios(origen, dicha) {
    const [a, b] = [origen.split(" "), dicha.split(" ")];
    const largo = Array.from({ length: a.length + 1 }, () => new Array(b.length + 1).fill(0));
    for (let i = a.length - 1; i >= 0; i--) {
      for (let j = b.length - 1; j >= 0; j--) {
        largo[i][j] = a[i] === b[j] ? largo[i + 1][j + 1] + 1 : Math.max(largo[i + 1][j], largo[i][j + 1]);
      }
    }
    const trozos = [];
    for (let i = 0, j = 0; j < b.length; ) {
      if (i < a.length && a[i] === b[j]) {
        trozos.push(`${b[j++]} `);
        i++;
      } else if (i < a.length && largo[i + 1][j] >= largo[i][j + 1]) i++;
      else trozos.push(L.crear("mark", {}, b[j++]), " ");
    }
    return trozos;
  }

  L.montar.tratos = async (caja, decir) => {
    const leer = await L.semilla(["base", "adaptador"], decir);
    const T = L.tokenizador;
    const { lineas, errores } = L.datos.tratos;
    const numero = ++paneles;
    let turno = 0;

    const area = L.crear("textarea", { rows: 2, spellcheck: "false" });
    area.value = "Cierra la puerta y avísame cuando llegues a tu casa.";
    const a = L.lista({
      rotulo: "Pásala a",
      pares: [["vos", "vos"], ["usted", "usted"], ["ustedes", "ustedes (no lo estudió)"]],
      alCambiar: () => pasar(),
    });
    const aviso = L.aviso();
    const anuncio = L.anuncio({ oculto: true });
    const boton = L.boton("Pasar", () => pasar(), { principal: true });
    const lado = (titulo) => {
      const texto = L.crear("p", { class: "lab-respuesta" });
      const nota = L.crear("p", { class: "lab-ayuda" });
      const nodo = L.crear("div", { class: "lab-lado" }, L.crear("h4", { class: "lab-titulo" }, titulo), texto, nota);
      return { nodo, texto, nota };
    };
    const sin = lado("semilla sola");
    const con = lado("Con el adaptador de la lección 10");

    async function responder(pedido, adaptador, alSalir) {
      const sesion = `tratos-${numero}-${adaptador}`;
      let ids = [T.USUARIO, ...T.codificar(pedido, { literal: true }), T.FIN, T.ASISTENTE];
      const desde = ids.length;
      const tope = Math.min(L.CONTEXTO, desde + desde + 20);
      while (ids.length < tope) {
        const { logits } = await leer({ sesion, ids, adaptador });
        const id = L.mayor(logits);
        if (id === T.FIN) break;
        ids = [...ids, id];
        if (!alSalir(T.decodificar(ids.slice(desde), { conEspeciales: false }).trim())) return null;
      }
      return T.decodificar(ids.slice(desde), { conEspeciales: false }).trim();
    }

    async function pasar() {
      const mio = ++turno;
      const origen = area.value.trim().replace(/\s+/g, " ");
      const pedido = `Pasa a ${a.valor()}: ${origen}`;
      const largo = T.codificar(pedido, { literal: true }).length;
      for (const { texto, nota } of [sin, con]) {
        texto.textContent = "";
        nota.textContent = "";
      }
      if (!origen) {
        aviso.decir("Escribe una oración que trate de tú.");
        return;
      }
      if (largo > 100) {
        aviso.decir(`Tu oración ocupa ${largo} tokens y aquí caben 100: prueba con una más corta.`);
        return;
      }
      aviso.decir("");
      boton.disabled = true;
      try {
        for (const [{ texto, nota }, adaptador] of [[sin, false], [con, true]]) {
          const dicha = await responder(pedido, adaptador, (van) => {
            if (mio === turno) texto.textContent = van;
            return mio === turno;
          });
          if (dicha === null || mio !== turno) return;
          texto.replaceChildren(...cambios(origen, dicha));
          nota.textContent = dicha === origen ? "La copió igual." : "Marcado, lo que cambió.";
          if (adaptador && a.valor() === "ustedes") nota.textContent += " Este trato no lo estudió: no te fíes.";
        }
        anuncio.decir(`Sola: ${sin.texto.textContent.trim()} Con el adaptador: ${con.texto.textContent.trim()}`);
      } catch {
        aviso.decir("El modelo se detuvo. Cierra y abre la página para volver a cargarlo.");
      } finally {
        if (mio === turno) boton.disabled = false;
      }
    }

    const fallos = errores.map((e) =>
      L.crear(
        "li", {},
        L.crear("p", {}, e.pedido),
        L.crear("p", {}, "Respondió: ", ...cambios(e.se_esperaba, e.respondio)),
        L.crear("p", {}, "Se esperaba: ", e.se_esperaba),
      ),
    );
    caja.append(
      L.campo("Tu oración, de tú", area),
      L.crear("div", { class: "lab-fila" }, a.caja, boton),
      aviso,
      L.crear("div", { class: "lab-dos" }, sin.nodo, con.nodo),
      anuncio,
      L.crear("h4", { class: "lab-titulo" }, "Cuánto se equivoca"),
      L.crear(
        "ul", { class: "lab-cuanto" },
        ...lineas.map((linea) => L.crear("li", {}, linea)),
      ),
      L.crear("h4", { class: "lab-titulo" }, "Errores de verdad"),
      L.crear(
        "p", { class: "lab-ayuda" },
        fallos.length ? "Con estos pesos, en oraciones de prueba:" : "Sin medir todavía.",
      ),
      L.crear("ul", { class: "lab-errores" }, ...fallos),
    );
    await pasar();
  };
}
