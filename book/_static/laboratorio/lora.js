// El rango de LoRA: qué forma tienen A y B, cuántos números se entrenan y cuánto ocupan.
{
  const L = LABORATORIO;
  const MATRICES = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];
  const GRUPOS = {
    "Solo q y v": ["q_proj", "v_proj"],
    Atención: MATRICES.slice(0, 4),
    MLP: MATRICES.slice(4),
    Todas: MATRICES,
  };
  const RANGOS = [1, 2, 4, 8, 16, 32, 64, 128, 256];
  const suma = (lista) => lista.reduce((a, b) => a + b, 0);

  // Por matriz, [salida, entrada], en el orden de MATRICES.
  const formas = ([, d, , h, hk, dh, m]) => {
    const [q, kv] = [h * dh, hk * dh];
    const lista = [[q, d], [kv, d], [kv, d], [d, q], [m, d], [m, d], [d, m]];
    return Object.fromEntries(MATRICES.map((nombre, i) => [nombre, lista[i]]));
  };
  const parametros = (datos) => {
    const [V, d, n, , , dh, , atada, qk] = datos;
    const bloques = n * suma(Object.values(formas(datos)).map(([sal, ent]) => sal * ent));
    return bloques + V * d * (atada ? 1 : 2) + (2 * n + 1) * d + (qk ? 2 * dh * n : 0);
  };

  // Números que entrena LoRA de rango r en esas matrices de todos los bloques, y sus
  // octetos: el adaptador y los gradientes en 32 bits y los dos promedios de Adam.
  const calcular = (datos, r, elegidas) => {
    const suyas = formas(datos);
    const porBloque = suma(elegidas.map((nombre) => r * (suyas[nombre][0] + suyas[nombre][1])));
    const entrena = datos[2] * porBloque;
    const total = parametros(datos);
    return {
      entrena,
      total,
      parte: entrena / total,
      memoria: { LoRA: 4 * entrena, gradientes: 4 * entrena, Adam: 8 * entrena },
    };
  };
  L.lora = { calcular, formas, MATRICES };

  const SVG = "http://www.w3.org/2000/svg";
  const trazo = (etiqueta, atributos, texto = "") => {
    const nodo = document.createElementNS(SVG, etiqueta);
    for (const [nombre, valor] of Object.entries(atributos)) nodo.setAttribute(nombre, valor);
    if (texto) nodo.textContent = texto;
    return nodo;
  };

  // W y al lado B · A, a la misma escala; un rango pequeño se ve como una raya.
  const dibujar = (nombre, [sal, ent], r) => {
    const escala = Math.min(118 / Math.max(sal, ent), 132 / (r + ent));
    const [alto, ancho] = [sal * escala, ent * escala];
    const fino = Math.max(1.5, r * escala);
    const [y, x] = [22, 196];
    const dibujo = trazo("svg", { viewBox: "0 0 340 176", class: "lab-lora-dibujo", role: "img" });
    dibujo.append(
      trazo("title", {}, `${nombre}: W de ${sal} por ${ent}; B de ${sal} por ${r} y A de ${r} por ${ent}, a la misma escala.`),
      trazo("rect", { x: 10, y, width: ancho, height: alto, class: "lab-lora-w" }),
      trazo("text", { x: 10, y: 14 }, "W, quieta"),
      trazo("rect", { x, y, width: fino, height: alto, class: "lab-lora-b" }),
      trazo("text", { x, y: 14 }, "B · A, se entrenan"),
      trazo("rect", { x: x + fino + 8, y, width: ancho, height: fino, class: "lab-lora-a" }),
      trazo("text", { x: 10, y: y + alto + 16 }, `${sal} × ${ent}`),
      trazo("text", { x, y: y + alto + 16 }, `${sal} × ${r} y ${r} × ${ent}`),
    );
    return dibujo;
  };

  L.montar.lora = (caja) => {
    const { formas: modelos, perfiles } = L.datos.lora;
    const estado = { modelo: Object.keys(modelos)[0], r: 16, elegidas: new Set(MATRICES), ver: "q_proj" };
    const sitio = L.crear("div");
    const resumen = L.crear("p", { class: "lab-lora-resumen" });
    const tablas = L.crear("div", { class: "lab-lora-tablas" });
    const dicho = L.anuncio();
    dicho.classList.add("solo-voz"); // lo mismo está a la vista

    const octetos = (n) => {
      const [valor, unidad] = n < 2 ** 20 ? [n / 1024, "KB"] : n < 2 ** 30 ? [n / 2 ** 20, "MB"] : [n / 2 ** 30, "GB"];
      return `${L.numero(valor, valor < 10 ? 2 : 1)} ${unidad}`;
    };
    const porciento = (parte) => `${L.numero(100 * parte, parte < 0.01 ? 2 : 1)} %`;

    const pintar = () => {
      const datos = modelos[estado.modelo];
      const suyas = formas(datos);
      const elegidas = MATRICES.filter((nombre) => estado.elegidas.has(nombre));
      const hecho = calcular(datos, estado.r, elegidas);
      const [ultima] = elegidas.includes(estado.ver) ? [estado.ver] : elegidas;
      sitio.replaceChildren(
        ultima ? dibujar(ultima, suyas[ultima], estado.r) : L.crear("p", {}, "Marca al menos una matriz."),
      );
      const frase =
        `Se entrenan ${L.numero(hecho.entrena)} números de ${L.numero(hecho.total)}: ` +
        `${porciento(hecho.parte)}.`;
      resumen.textContent = frase;
      const filas = elegidas.map((nombre) => {
        const [sal, ent] = suyas[nombre];
        const uno = estado.r * (sal + ent);
        return [nombre, `${sal} × ${ent}`, `${estado.r} × ${ent}`, `${sal} × ${estado.r}`, L.numero(uno), porciento(uno / (sal * ent))];
      });
      const { LoRA, gradientes, Adam } = hecho.memoria;
      tablas.replaceChildren(
        L.tabla(
          `En cada uno de los ${datos[2]} bloques`,
          ["matriz", "W", "A", "B", "números de A y B", "de W"],
          filas,
        ),
        L.tabla("Memoria de lo que se entrena, en 32 bits", ["parte", "memoria"], [
          ["adaptador", octetos(LoRA)],
          ["gradientes", octetos(gradientes)],
          ["dos promedios de Adam", octetos(Adam)],
          ["suma", octetos(LoRA + gradientes + Adam)],
        ]),
      );
      const lleno = elegidas.find((nombre) => estado.r * (suyas[nombre][0] + suyas[nombre][1]) >= suyas[nombre][0] * suyas[nombre][1]);
      const aviso = lleno ? ` Con ese rango, A y B tienen más números que ${lleno}.` : "";
      resumen.append(aviso);
      dicho.decir(`Rango ${estado.r}, ${elegidas.length} matrices. ${frase}${aviso} Memoria: ${octetos(LoRA + gradientes + Adam)}.`);
    };

    const casillas = L.crear("fieldset", { class: "lab-lora-casillas" }, L.crear("legend", {}, "Matrices con adaptador: cuatro de la atención y tres del MLP"));
    const cajas = MATRICES.map((nombre) => {
      const control = L.crear("input", {
        type: "checkbox",
        checked: true,
        "aria-label": nombre,
        onchange: () => {
          if (control.checked) estado.elegidas.add(nombre);
          else estado.elegidas.delete(nombre);
          if (control.checked) estado.ver = nombre;
          pintar();
        },
      });
      casillas.append(L.crear("label", { class: "lab-casilla" }, control, nombre));
      return [nombre, control];
    });
    const grupos = Object.entries(GRUPOS).map(([nombre, lista]) =>
      L.boton(nombre, () => {
        estado.elegidas = new Set(lista);
        for (const [suyo, control] of cajas) control.checked = lista.includes(suyo);
        [estado.ver] = lista;
        pintar();
      }),
    );

    const pares = Object.keys(modelos).map((m) => {
      const de = perfiles[m].map((p) => `«${p}»`).join(" y ");
      return [m, m === "semilla" ? m : `${m} (perfil ${de})`];
    });
    caja.append(
      L.crear(
        "div",
        { class: "lab-fila" },
        L.lista({
          rotulo: "Modelo",
          pares,
          valor: estado.modelo,
          alCambiar: (m) => {
            estado.modelo = m;
            pintar();
          },
        }).caja,
        L.deslizador({
          rotulo: "Rango",
          min: 0,
          max: RANGOS.length - 1,
          paso: 1,
          valor: RANGOS.indexOf(estado.r),
          decir: (i) => String(RANGOS[i]),
          alCambiar: (i) => {
            estado.r = RANGOS[i];
            pintar();
          },
        }).caja,
      ),
      casillas,
      L.crear("div", { class: "lab-fila lab-lora-grupos" }, ...grupos),
      resumen,
      sitio,
      tablas,
      dicho,
    );
    pintar();
  };
}
