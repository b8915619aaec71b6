// Tu texto en tokens: piezas, números y lo que cuesta junto a recuentos publicados.
{
  const L = LABORATORIO;
  const TOPE = 2000; // caracteres
  const EJEMPLOS = [
    ["", "Elige uno…"],
    ["El caballero miró a la señorita con tristeza.", "una frase de novela"],
    ["Mi celular se apagó en el aeropuerto el 9/7/2026.", "una frase de ayer"],
    ["tienes tenés tiene duermes dormís duerme", "tú, vos y usted"],
    ["Mayma yvypóra oguereko derecho hetãvo.", "guaraní"],
    ["Sapakama runakunam derechoyoq kanchik huk nacionman pertenecenanchikpaq.", "quechua"],
    ["Todo indivíduo tem direito a ter uma nacionalidade.", "portugués"],
    ["Mañana te llamo 👍🏽: ¿dónde quedó la ñapa de 日本?", "emoji y otras letras"],
  ];

  function piezasDe(ids, conNumeros) {
    const lista = L.crear("ol", { class: "lab-piezas", "aria-label": "Piezas" });
    ids.forEach((id, i) => {
      const pieza = L.crear("li", { class: `lab-pieza color-${i % 3}` });
      pieza.append(L.crear("span", { class: "signos" }, LABORATORIO.tokenizador.visible(id)));
      if (conNumeros) pieza.append(L.crear("span", { class: "numero" }, String(id)));
      lista.append(pieza);
    });
    return lista;
  }

  function palabrasDe(texto) {
    return texto.split(/\p{White_Space}+/u).filter(Boolean).length;
  }

  L.montar.tokenizador = (caja) => {
    const { textos, modelos } = L.datos.tokenizador;
    const area = L.crear("textarea", { rows: 3, spellcheck: "false" });
    area.value = EJEMPLOS[2][0];
    const ejemplos = L.lista({
      rotulo: "Un ejemplo",
      pares: EJEMPLOS,
      alCambiar: (texto) => {
        if (texto) area.value = texto;
        pintar();
      },
    });
    const numeros = L.crear("input", { type: "checkbox", checked: true, onchange: () => pintar() });
    const casilla = L.crear("label", { class: "lab-casilla" }, numeros, "Ver el número de cada pieza");
    const aviso = L.aviso();
    const cuenta = L.anuncio();
    const notas = L.crear("div", { class: "lab-notas" });
    const piezas = L.crear("div");
    const costo = L.crear("div");
    const cual = L.lista({
      rotulo: "Recuentos publicados sobre",
      pares: Object.entries(textos).map(([clave, { nombre }]) => [clave, nombre]),
      alCambiar: () => pintar(),
      ayuda: "Elige el texto que más se parezca al tuyo, en la misma lengua.",
    });

    function pintarCosto(tokens, palabras) {
      const { nombre, palabras: todas, tokens: contados } = textos[cual.valor()];
      const filas = Object.entries(modelos).map(([clave, modelo]) => {
        const porPalabra = contados[clave] / todas;
        const unos = palabras ? `unos ${L.numero(porPalabra * palabras)}` : "";
        return [modelo, L.numero(porPalabra, 2), unos];
      });
      const suyo = palabras ? L.numero(tokens / palabras, 2) : "";
      filas.unshift(["semilla, con tu texto", suyo, palabras ? L.numero(tokens) : ""]);
      const titulo = `Tokens por palabra. De semilla, en tu texto; de los demás, en ${nombre}`;
      costo.replaceChildren(
        L.tabla(titulo, ["tokenizador", "por palabra", `en ${L.numero(palabras)} palabras`], filas),
      );
    }

    function pintar() {
      const texto = area.value.slice(0, TOPE);
      aviso.decir(
        area.value.length > TOPE ? `Solo se cuentan los primeros ${TOPE} caracteres.` : "",
      );
      const ids = L.tokenizador.codificar(texto);
      const palabras = palabrasDe(texto);
      const octetos = new TextEncoder().encode(texto).length;
      piezas.replaceChildren(piezasDe(ids, numeros.checked));
      cuenta.decir(
        ids.length
          ? `${L.numero(ids.length)} tokens, ${L.numero(palabras)} palabras, ` +
              `${L.numero([...texto].length)} caracteres y ${L.numero(octetos)} bytes.`
          : "Escribe algo: un texto vacío no tiene tokens.",
      );
      const dichas = [];
      const junta = texto.normalize("NFC");
      if (junta !== texto) {
        const otros = L.tokenizador.codificar(junta).length;
        dichas.push(
          `Tu texto trae letras partidas en letra y tilde. En la forma NFC serían ${L.numero(otros)} tokens.`,
        );
      }
      if (ids.some((id) => L.tokenizador.visible(id).includes("�"))) {
        dichas.push("Una pieza con � es un trozo de letra: bytes que solos no se pueden leer.");
      }
      notas.replaceChildren(...dichas.map((frase) => L.crear("p", {}, frase)));
      pintarCosto(ids.length, palabras);
    }

    area.addEventListener("input", pintar);
    caja.append(
      L.campo("Tu texto", area, "El punto · es un espacio; el color solo separa una pieza de otra."),
      L.crear("div", { class: "lab-fila" }, ejemplos.caja, casilla),
      aviso, cuenta, piezas, notas,
      L.crear("div", { class: "lab-fila" }, cual.caja),
      costo,
      L.crear(
        "p", { class: "lab-ayuda" },
        "Los demás tokenizadores no están en esta página: su columna de la derecha es una " +
          "estimación, lo que darían tantas palabras si fueran como las de ese texto.",
      ),
    );
    pintar();
  };
}
