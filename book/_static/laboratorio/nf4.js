// NF4 con un bloque de verdad: se mueve un peso y se ve qué código, qué octeto y qué error
// salen. La cuenta es la de la lección 07, en 32 bits.
{
  const L = LABORATORIO;
  const f = Math.fround;
  // La tabla de bitsandbytes, que la lección 07 deduce de la curva normal.
  const NF4 = [
    -1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635,
    -0.18477343022823334, -0.09105003625154495, 0, 0.07958029955625534, 0.16093020141124725,
    0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941,
    0.7229568362236023, 1,
  ].map(f);
  const MEDIOS = NF4.slice(1).map((v, i) => f(f(v + NF4[i]) / 2));

  // Un bloque de pesos → { absmax, codigos, octetos, valores, error }. En un empate gana el
  // código menor. `octetos` van de a dos códigos, el primero en los cuatro bits altos.
  const cuantizar = (bloque) => {
    const pesos = bloque.map(f);
    const absmax = pesos.reduce((m, x) => Math.max(m, Math.abs(x)), 0);
    const divisor = Math.max(absmax, f(1e-38));
    const codigos = pesos.map((x) => {
      const y = f(x / divisor);
      return MEDIOS.reduce((n, corte) => n + (corte < y), 0);
    });
    const octetos = [];
    for (let i = 0; i < codigos.length; i += 2) octetos.push((codigos[i] << 4) | codigos[i + 1]);
    const valores = codigos.map((c) => f(NF4[c] * absmax));
    const cuadrado = (lista) => lista.reduce((s, x) => s + x * x, 0);
    const error = Math.sqrt(cuadrado(pesos.map((x, i) => x - valores[i])) / cuadrado(pesos));
    return { absmax, codigos, octetos, valores, error };
  };
  L.nf4 = { cuantizar, NF4 };

  const SVG = "http://www.w3.org/2000/svg";
  const trazo = (etiqueta, atributos) => {
    const nodo = document.createElementNS(SVG, etiqueta);
    for (const [nombre, valor] of Object.entries(atributos)) nodo.setAttribute(nombre, valor);
    return nodo;
  };
  const bits = (n, cuantos) => n.toString(2).padStart(cuantos, "0");

  L.montar.nf4 = (caja) => {
    const { bloques } = L.datos.nf4;
    const TOPE = 0.5;
    const estado = { bloque: 0, cual: 0, pesos: [...bloques[0]] };
    const dibujo = trazo("svg", { viewBox: "0 0 340 132", class: "lab-nf4-dibujo", role: "img" });
    const titulo = trazo("title", {});
    const resultado = L.crear("dl", { class: "lab-nf4-resultado" });
    const octetos = L.crear("div", { class: "lab-nf4-octetos", role: "img" });
    const dicho = L.anuncio();
    dicho.classList.add("solo-voz"); // lo mismo está a la vista
    const x = (peso) => 170 + (160 * peso) / TOPE;

    const dato = (nombre, valor, nota = "") =>
      L.crear("div", {}, L.crear("dt", {}, nombre), L.crear("dd", {}, valor, nota && L.crear("small", {}, nota)));

    const pintar = () => {
      const { pesos, cual, bloque } = estado;
      const hecho = cuantizar(pesos);
      const antes = cuantizar(bloques[bloque]);
      const codigo = hecho.codigos[cual];
      const par = cual >> 1;
      const cambiados = hecho.codigos.filter((c, i) => i !== cual && c !== antes.codigos[i]).length;
      const manda = Math.abs(f(pesos[cual])) === hecho.absmax;

      const grupo = trazo("g", {});
      grupo.append(trazo("line", { x1: 5, x2: 335, y1: 60, y2: 60, class: "lab-nf4-eje" }));
      NF4.forEach((valor, c) => {
        const clase = c === codigo ? "lab-nf4-valor elegido" : "lab-nf4-valor";
        const lugar = x(valor * hecho.absmax);
        grupo.append(trazo("line", { x1: lugar, x2: lugar, y1: 60, y2: 86, class: clase }));
      });
      pesos.forEach((peso, i) => {
        if (i !== cual) grupo.append(trazo("circle", { cx: x(peso), cy: 44, r: 2.6, class: "lab-nf4-peso" }));
      });
      const guardado = x(hecho.valores[cual]);
      grupo.append(
        trazo("path", { d: `M${x(pesos[cual])} 34V60L${guardado} 86`, class: "lab-nf4-camino" }),
        trazo("circle", { cx: x(pesos[cual]), cy: 30, r: 8, class: "lab-nf4-mano" }),
      );
      for (const [texto, lugar, alto, ancla] of [
        ["pesos", 4, 14, "start"],
        ["los 16 valores de NF4 × absmax", 170, 104, "middle"],
        [L.numero(-TOPE, 1), 10, 124, "start"],
        ["0", 170, 124, "middle"],
        [L.numero(TOPE, 1), 330, 124, "end"],
      ]) {
        const rotulo = trazo("text", { x: lugar, y: alto, "text-anchor": ancla });
        rotulo.textContent = texto;
        grupo.append(rotulo);
      }
      titulo.textContent =
        `El peso ${cual + 1} vale ${L.numero(pesos[cual], 4)} y se guarda como ` +
        `${L.numero(hecho.valores[cual], 4)}, el valor ${codigo} de los dieciséis.`;
      dibujo.replaceChildren(titulo, grupo);

      resultado.replaceChildren(
        dato("peso", L.numero(pesos[cual], 4)),
        dato("absmax del bloque", L.numero(hecho.absmax, 4), manda ? " es este peso" : ""),
        dato("código", String(codigo), ` ${bits(codigo, 4)} en binario`),
        dato("octeto", String(hecho.octetos[par]), ` ${bits(hecho.octetos[par], 8)}`),
        dato("se lee", L.numero(hecho.valores[cual], 4)),
        dato("error", L.numero(hecho.valores[cual] - pesos[cual], 4)),
        dato("error del bloque", `${L.numero(100 * hecho.error, 1)} %`, ` antes, ${L.numero(100 * antes.error, 1)} %`),
        dato("otros códigos que cambian", `${cambiados} de 63`),
      );
      octetos.replaceChildren(
        ...hecho.octetos.map((o, i) => {
          const clase = [i === par && "este", o !== antes.octetos[i] && "otro"].filter(Boolean);
          return L.crear("span", { class: clase.join(" ") }, o.toString(16).padStart(2, "0").toUpperCase());
        }),
      );
      octetos.setAttribute("aria-label", `Los 32 octetos del bloque: ${hecho.octetos.join(", ")}`);
      dicho.decir(
        `Código ${codigo}, octeto ${hecho.octetos[par]}, error ${L.numero(hecho.valores[cual] - pesos[cual], 4)}; ` +
          `absmax ${L.numero(hecho.absmax, 4)}; error del bloque ${L.numero(100 * hecho.error, 1)} %.`,
      );
    };

    const valor = L.deslizador({
      rotulo: "Valor del peso",
      min: -TOPE,
      max: TOPE,
      paso: 0.001,
      valor: estado.pesos[0],
      decir: (v) => L.numero(v, 3),
      alCambiar: (v) => {
        estado.pesos[estado.cual] = v;
        pintar();
      },
    });
    const elegir = L.deslizador({
      rotulo: "Peso del bloque",
      min: 1,
      max: 64,
      paso: 1,
      valor: 1,
      alCambiar: (v) => {
        estado.cual = v - 1;
        valor.poner(estado.pesos[estado.cual]);
        pintar();
      },
    });
    const volver = () => {
      estado.pesos = [...bloques[estado.bloque]];
      valor.poner(estado.pesos[estado.cual]);
      pintar();
    };
    const lista = L.lista({
      rotulo: "Bloque de semilla",
      pares: bloques.map((_, i) => [i, `${i + 1} de ${bloques.length}`]),
      valor: 0,
      alCambiar: (i) => {
        estado.bloque = Number(i);
        volver();
      },
    });

    // Con el dedo o el ratón se arrastra el peso; con el teclado, el deslizador.
    const arrastrar = (evento) => {
      const marco = dibujo.getBoundingClientRect();
      const lugar = (340 * (evento.clientX - marco.left)) / marco.width;
      const v = Math.max(-TOPE, Math.min(TOPE, ((lugar - 170) * TOPE) / 160));
      estado.pesos[estado.cual] = Math.round(1000 * v) / 1000;
      valor.poner(estado.pesos[estado.cual]);
      pintar();
    };
    dibujo.addEventListener("pointerdown", (evento) => {
      dibujo.setPointerCapture(evento.pointerId);
      arrastrar(evento);
    });
    dibujo.addEventListener("pointermove", (evento) => {
      if (dibujo.hasPointerCapture(evento.pointerId)) arrastrar(evento);
    });

    caja.append(
      L.crear("div", { class: "lab-fila" }, lista.caja, elegir.caja, valor.caja),
      dibujo,
      L.crear("p", { class: "lab-ayuda" }, "Arrastra el punto grande o mueve el deslizador. Todos se dividen entre el mayor del bloque, el absmax: haz que sea este y mira qué les pasa a los demás."),
      resultado,
      L.crear("p", { class: "lab-ayuda" }, "Los 32 octetos del bloque, en base 16. Con marco, el de este peso; en negrita, los que cambiaron."),
      octetos,
      L.crear("div", { class: "lab-fila" }, L.boton("Volver al bloque original", volver)),
      dicho,
    );
    pintar();
  };
}
