// La calculadora de memoria de la lección 06: la misma cuenta, con sus tres veredictos.
// Las formas de los modelos y lo publicado en una T4 vienen de la lección.
{
  const L = LABORATORIO;
  const GB = 2 ** 30;
  const NOMBRES = ["V", "d", "n", "h", "hk", "dh", "m", "atada", "qk"];
  const FORMAS_DE_ENTRENAR = {
    completo: ["completo", null],
    LoRA: ["LoRA", null],
    QLoRA: ["QLoRA", null],
    "QLoRA por trozos": ["QLoRA", 256],
  };
  const suma = (lista) => lista.reduce((a, b) => a + b, 0);

  const forma = (datos) => Object.fromEntries(NOMBRES.map((n, i) => [n, datos[i]]));

  // Las siete matrices de un bloque, como [salida, entrada].
  const matrices = (f) => {
    const q = f.h * f.dh;
    const kv = f.hk * f.dh;
    return [[q, f.d], [kv, f.d], [kv, f.d], [f.d, q], [f.m, f.d], [f.m, f.d], [f.d, f.m]];
  };

  const contar = (f) => ({
    bloques: f.n * suma(matrices(f).map(([sal, ent]) => sal * ent)),
    tabla: f.V * f.d * (f.atada ? 1 : 2),
    normas: (2 * f.n + 1) * f.d + (f.qk ? 2 * f.dh * f.n : 0),
  });

  const PRECIOS = { fp32: 4, "16 bits": 2, "NF4 doble": 1 / 2 + 1 / 64 + 4 / (64 * 256) };
  const enBloques = (f, formato) =>
    f.n * suma(matrices(f).map(([sal, ent]) => sal * ent * PRECIOS[formato]));

  const entrenablesLora = (f, r) => f.n * r * suma(matrices(f).map(([sal, ent]) => sal + ent));

  // Octetos por token que guarda una capa; r = 0 es el ajuste completo.
  const porCapa = (f, b, r) => {
    const q = f.h * f.dh;
    const kv = f.hk * f.dh;
    const entrena = r === 0 ? b : 0;
    let normas = 2 * (4 + b + entrena) * f.d + 8;
    if (f.qk) normas += (4 + entrena) * (q + kv) + 4 * (f.h + f.hk);
    return normas + b * (2 * q + 2 * kv + 4 * f.m + 7 * r) + 4 * f.h;
  };

  // De Adam, octetos por parámetro: estado y paso.
  const ADAM = { "8 bits": [2 + 8 / 256, 0], "32 bits": [8, 4] };

  const presupuesto = (f, metodo, r, lote, largo, trozo, cuadratica) => {
    const [b, ancho] = [2, 4];
    const tokens = lote * largo;
    const c = contar(f);
    if (metodo === "completo") r = 0;
    const entrena = r ? entrenablesLora(f, r) : suma(Object.values(c));
    const formato = { QLoRA: "NF4 doble", LoRA: "16 bits" }[metodo] || "fp32";
    const [estado, paso] = ADAM[r ? "8 bits" : "32 bits"];
    let entradas = tokens * f.d * (b * f.n + 4);
    const capa = tokens * porCapa(f, b, r);
    const logits = Math.min(trozo || tokens, tokens) * f.V * 12;
    let mlp = capa + tokens * b * (2 * f.m + f.d);
    if (metodo === "QLoRA") mlp += b * Math.max(...matrices(f).map(([sal, ent]) => sal * ent));
    const cuadrado = cuadratica ? 12 * f.h * lote * largo ** 2 : 0;
    const atencion = capa - 4 * b * f.m * tokens + cuadrado;
    let momento = Math.max(logits, mlp, atencion);
    if (paso * entrena > entradas + momento) {
      entradas = 0;
      momento = paso * entrena;
    }
    return {
      bloques: enBloques(f, formato),
      "tabla y normas": (r ? b : 4) * (c.tabla + c.normas),
      adaptador: r ? ancho * entrena : 0,
      "gradientes y Adam": (ancho + estado) * entrena,
      "entradas de capa": entradas,
      "logits, capa o paso": momento,
    };
  };
  const total = (partes) => suma(Object.values(partes));

  // La T4 no tiene atención por bloques si las cabezas de clave son menos y no hay máscara.
  const sinBloques = (f, conMascara) => !conMascara && f.h !== f.hk;

  // La peor razón entre lo publicado en una T4 y lo predicho con la misma receta.
  const peorRazon = ({ formas, publicado }) =>
    Math.max(
      ...publicado.flatMap((cifras) =>
        Object.entries(cifras).map(([nombre, gb]) => {
          const partes = presupuesto(forma(formas[nombre]), "QLoRA", 32, 1, 1024, 256, true);
          return gb / (total(partes) / GB);
        }),
      ),
    );

  const veredicto = (octetos, { t4, peor }) =>
    octetos > t4 ? "no cabe" : peor * octetos <= t4 ? "cabe" : "justo, mide antes";

  // Lo mismo que el control de la lección: { forma de entrenar: { partes, total, veredicto } }.
  const calcular = (datos, modelo, r, largo, lote) => {
    const f = forma(datos.formas[modelo]);
    const limites = { t4: datos.t4 * GB, peor: peorRazon(datos) };
    const cuadratica = sinBloques(f, lote > 1);
    return Object.fromEntries(
      Object.entries(FORMAS_DE_ENTRENAR).map(([nombre, [metodo, trozo]]) => {
        const partes = presupuesto(f, metodo, r, lote, largo, trozo, cuadratica);
        const octetos = total(partes);
        return [nombre, { partes, total: octetos, veredicto: veredicto(octetos, limites) }];
      }),
    );
  };
  L.memoria = { calcular, GB };

  // Los colores de cada parte de la barra.
  const COLORES = ["#0b6e99", "#d9730d", "#0f7b6c", "#ad1a72", "#6940a5", "#8a6d00"];
  const CLASES = { cabe: "lab-mem-cabe", "no cabe": "lab-mem-no", "justo, mide antes": "lab-mem-justo" };
  const SOLO =
    " Con lote 1 no hay relleno ni máscara, y entonces una T4 guarda la tabla entera de quién " +
    "mira a quién: con textos largos, un lote de 2 puede pedir menos.";
  const RANGOS = [1, 2, 4, 8, 16, 32, 64, 128, 256];
  const LARGOS = [128, 256, 512, 1024, 2048, 4096, 8192, 16384];

  L.montar.memoria = (caja) => {
    const datos = L.datos.memoria;
    const estado = { modelo: "SmolLM3", r: 16, largo: 1024, lote: 4, cual: "QLoRA por trozos" };
    const barras = L.crear("div", { class: "lab-mem-barras" });
    const detalle = L.crear("div");
    const dicho = L.anuncio();
    dicho.classList.add("solo-voz"); // lo mismo está a la vista

    const gb = (octetos) => {
      const valor = octetos / GB;
      return `${L.numero(valor, valor < 10 ? 2 : valor < 100 ? 1 : 0)} GB`;
    };

    const pintar = () => {
      const { modelo, r, largo, lote, cual } = estado;
      const filas = calcular(datos, modelo, r, largo, lote);
      const tope = 1.5 * datos.t4 * GB;
      const peor = peorRazon(datos);
      barras.replaceChildren(
        ...Object.entries(filas).map(([nombre, fila]) => {
          const barra = L.crear("div", { class: "lab-mem-barra", "aria-hidden": "true" });
          let puesto = 0;
          Object.values(fila.partes).forEach((octetos, i) => {
            const ancho = Math.max(0, Math.min(octetos, tope - puesto));
            puesto += octetos;
            const trozo = L.crear("span");
            trozo.style.cssText = `width:${(100 * ancho) / tope}%;background:${COLORES[i]}`;
            barra.append(trozo);
          });
          const raya = L.crear("i");
          raya.style.left = `${(100 * datos.t4 * GB) / tope}%`;
          const margen = L.crear("u");
          margen.style.left = `${(100 * datos.t4 * GB) / peor / tope}%`;
          margen.style.right = `${100 - (100 * datos.t4 * GB) / tope}%`;
          barra.append(margen, raya);
          if (fila.total > tope) barra.append(L.crear("b", {}, "sigue »"));
          return L.crear(
            "div",
            { class: "lab-mem-fila" },
            L.crear("span", { class: "lab-mem-nombre" }, nombre),
            L.crear("span", { class: "lab-mem-total" }, gb(fila.total)),
            L.crear("span", { class: `lab-mem-veredicto ${CLASES[fila.veredicto]}` }, fila.veredicto),
            barra,
          );
        }),
      );
      const partes = Object.entries(filas[cual].partes).map(([nombre, octetos], i) => {
        const marca = L.crear("span", { class: "lab-mem-marca", "aria-hidden": "true" });
        marca.style.background = COLORES[i];
        const rotulo = L.crear("span", {}, marca, nombre);
        const parte = Math.round((100 * octetos) / filas[cual].total);
        return [rotulo, gb(octetos), `${parte} %`];
      });
      const cabe = (n) => calcular(datos, modelo, r, largo, n)[cual].veredicto === "cabe";
      // De 2 en adelante pide más cada vez; el 1 va aparte, porque no lleva máscara.
      let mayor = cabe(2) ? 2 : Number(cabe(1));
      while (mayor > 1 && mayor < 512 && cabe(mayor + 1)) mayor += 1;
      const lotes = mayor
        ? `Con ${cual} y ese largo, el mayor lote que cabe sin dudas es ${mayor}${mayor === 512 ? " o más" : ""}.`
        : `Con ${cual} y ese largo, ni un lote de 1 cabe sin dudas.`;
      detalle.replaceChildren(
        L.tabla(`En qué se va la memoria: ${cual}`, ["parte", "memoria", "del total"], partes),
        L.crear("p", {}, lotes + (lote === 1 && sinBloques(forma(datos.formas[modelo]), false) ? SOLO : "")),
      );
      dicho.decir(
        Object.entries(filas)
          .map(([nombre, fila]) => `${nombre}: ${gb(fila.total)}, ${fila.veredicto}`)
          .join("; ") + ".",
      );
    };
    const cambiar = (campo) => (valor) => {
      estado[campo] = valor;
      pintar();
    };
    const escala = (rotulo, campo, valores, ayuda) =>
      L.deslizador({
        rotulo,
        min: 0,
        max: valores.length - 1,
        paso: 1,
        valor: valores.indexOf(estado[campo]),
        ayuda,
        decir: (i) => L.numero(valores[i]),
        alCambiar: (i) => cambiar(campo)(valores[i]),
      }).caja;

    const modelos = Object.entries(datos.formas).map(([nombre, d]) => {
      const millones = total(contar(forma(d))) / 1e6;
      const cuantos =
        millones < 1000
          ? `${L.numero(millones, millones < 10 ? 1 : 0)} millones`
          : `${L.numero(millones / 1000, 1)} mil millones`;
      return [nombre, `${nombre} (${cuantos})`];
    });
    const lista = (rotulo, campo, pares) =>
      L.lista({ rotulo, pares, valor: estado[campo], alCambiar: cambiar(campo) }).caja;
    caja.append(
      L.crear(
        "div",
        { class: "lab-fila" },
        lista("Modelo base", "modelo", modelos),
        escala("Rango", "r", RANGOS, "El grosor de A y B, lo que LoRA entrena."),
        escala("Largo, en tokens", "largo", LARGOS, "De cada texto."),
        L.deslizador({
          rotulo: "Lote",
          ayuda: "Cuántos textos a la vez.",
          min: 1,
          max: 32,
          paso: 1,
          valor: estado.lote,
          alCambiar: cambiar("lote"),
        }).caja,
      ),
      L.crear(
        "p",
        { class: "lab-ayuda" },
        `La raya marca los ${L.numero(datos.t4, 1)} GB de una T4, la tarjeta de Colab. Es una predicción: en la franja de antes de la raya cabe o no, según la peor medida publicada.`,
      ),
      barras,
      L.crear(
        "div",
        { class: "lab-fila" },
        lista("Ver las partes de", "cual", Object.keys(FORMAS_DE_ENTRENAR).map((n) => [n, n])),
      ),
      detalle,
      dicho,
    );
    pintar();
  };
}
