// El buscador del curso. Ordena los apartados que trae busqueda-datos.js y los enseña con
// el trozo de texto en que está lo buscado. Usa de language_data.js las palabras vacías
// y el reductor, que no distingue tildes. Corre también con file://.

// Otros nombres de lo mismo: quien busca no tiene por qué saber cómo lo llama el curso.
const PARECIDAS = {
  gpu: ["tarjeta"],
  internet: ["red"],
  offline: ["red"],
  alucinacion: ["inventa", "inventado"],
  alucina: ["inventa", "inventado"],
  ram: ["memoria"],
  pesa: ["memoria", "octetos"],
  vram: ["memoria"],
  profesor: ["enseña"],
  docente: ["enseña"],
  colaboratory: ["colab"],
  parar: ["fin", "turno"],
  prompt: ["consigna"],
  batch: ["lote"],
  learning: ["tasa"],
  precio: ["costo"],
  cuesta: ["costo"],
  cortó: ["corte"],
  confianza: ["wilson"],
};
const DICHOS = [[/\b(no tengo|no hay|sin)( una)? (gpu|tarjeta)\b/, "necesitas GPU perfil semilla"]];
const PESO_DE = [
  [/^notebooks\//, 1.2],
  [/instructores|taller|preparar|participar|cuando_algo|referencias|ficha_|resultados/, 0.75],
  [/glosario/, 0.4],
];
const CAMPOS = [[1, 4], [2, 1], [3, 0.35]]; // título, texto y código de un apartado
const DEL_TITULO = 3; // lo que suma una palabra que está en el título de la página
const LARGO = 190; // caracteres del trozo que se enseña

const reductor = new Stemmer();
const reducidas = new Map();
const vacias = new Set(stopwords);

function reducir(palabra) {
  let corta = reducidas.get(palabra);
  if (corta === undefined) {
    corta = reductor.stemWord(palabra.toLowerCase());
    reducidas.set(palabra, corta);
  }
  return corta;
}

function palabras(texto) {
  return texto.match(/[\p{L}\p{N}]+/gu) || [];
}

function llano(texto) {
  return palabras(sinAcentos(texto.toLowerCase())).join(" ");
}

// Cuenta una vez cada palabra reducida: en qué apartados está y cuánto pesa en ellos.
function indexar(datos) {
  const lugares = new Map();
  const apartados = [];
  for (const [pagina, titulo, partes] of datos) {
    const peso = PESO_DE.find(([forma]) => forma.test(pagina))?.[1] ?? 1;
    const delTitulo = new Set(palabras(titulo).map(reducir));
    for (const parte of partes) {
      const numero = apartados.length;
      const cuenta = new Map();
      let largo = 0;
      for (const [campo, vale] of CAMPOS) {
        for (const palabra of palabras(parte[campo])) {
          const corta = reducir(palabra);
          cuenta.set(corta, (cuenta.get(corta) || 0) + vale);
          largo += vale;
        }
      }
      for (const corta of delTitulo) {
        cuenta.set(corta, (cuenta.get(corta) || 0) + DEL_TITULO);
      }
      for (const [corta, veces] of cuenta) {
        if (!lugares.has(corta)) lugares.set(corta, new Map());
        lugares.get(corta).set(numero, veces);
      }
      apartados.push({ pagina, titulo, peso, parte, largo: largo + 30 });
    }
  }
  const medio = apartados.reduce((s, a) => s + a.largo, 0) / apartados.length;
  return { lugares, apartados, medio };
}

// ¿Está `a` a una letra de `b`: una de más, de menos, cambiada o dos trocadas?
function aUnaLetra(a, b) {
  if (Math.abs(a.length - b.length) > 1) return false;
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  const [x, y] = [a.slice(i), b.slice(i)];
  return (
    x.slice(1) === y.slice(1) || x.slice(1) === y || x === y.slice(1) ||
    (x[0] === y[1] && x[1] === y[0] && x.slice(2) === y.slice(2))
  );
}

// Lo que se busca: cada palabra con las que valen por ella y cuánto valen.
function entender(consulta, lugares) {
  const pedida = DICHOS.reduce((c, [dicho, otro]) => c.replace(dicho, otro), consulta);
  let dichas = palabras(pedida.toLowerCase());
  const llenas = dichas.filter((p) => !vacias.has(p));
  dichas = llenas.length ? llenas : dichas.map((p) => (p === "tu" ? "tú" : p));
  return [...new Set(dichas)].map((dicha) => {
    const corta = reducir(dicha);
    const valen = new Map();
    for (const otra of PARECIDAS[sinAcentos(dicha)] || PARECIDAS[dicha] || []) {
      valen.set(reducir(otra), 0.7);
    }
    if (lugares.has(corta)) valen.set(corta, 1);
    if (!valen.size && corta.length > 3) {
      for (const otra of lugares.keys()) if (otra.startsWith(corta)) valen.set(otra, 0.6);
    }
    if (!valen.size && corta.length > 4) {
      for (const otra of lugares.keys()) if (aUnaLetra(corta, otra)) valen.set(otra, 0.5);
    }
    return { dicha, valen };
  });
}

// Los nombres de una entrada del glosario: «cuantización (quantization)» son dos.
function nombres(titulo) {
  return titulo.split(/[(),]/).map((n) => palabras(n).map(reducir).join(" "));
}

function buscar(indice, consulta) {
  const { lugares, apartados, medio } = indice;
  const pedidas = entender(consulta, lugares);
  const notas = new Map();
  for (const { valen } of pedidas) {
    const mejor = new Map();
    for (const [corta, vale] of valen) {
      const donde = lugares.get(corta) || new Map();
      const rareza = Math.log(1 + (apartados.length - donde.size + 0.5) / (donde.size + 0.5));
      for (const [numero, veces] of donde) {
        const freno = 1.2 * (0.3 + (0.7 * apartados[numero].largo) / medio);
        const nota = (vale * rareza * veces * 2.2) / (veces + freno);
        mejor.set(numero, Math.max(mejor.get(numero) || 0, nota));
      }
    }
    for (const [numero, nota] of mejor) {
      const lleva = notas.get(numero) || { nota: 0, cuantas: 0 };
      notas.set(numero, { nota: lleva.nota + nota, cuantas: lleva.cuantas + 1 });
    }
  }
  const frase = pedidas.map((p) => reducir(p.dicha)).join(" ");
  const literal = llano(consulta);
  const porPagina = new Map();
  let entrada = null;
  for (const [numero, { nota, cuantas }] of notas) {
    const apartado = apartados[numero];
    const { pagina, parte, peso } = apartado;
    if (parte[0].startsWith("term-") && nombres(parte[1]).includes(frase)) {
      entrada = apartado;
      continue;
    }
    let total = nota * peso * (cuantas / pedidas.length);
    if (pedidas.length > 1) {
      if (llano(parte[1]).includes(literal)) total *= 1.6;
      else if (llano(parte[2]).includes(literal)) total *= 1.3;
    }
    if (!porPagina.has(pagina)) porPagina.set(pagina, []);
    porPagina.get(pagina).push({ ...apartado, nota: total });
  }
  const hallados = [...porPagina.values()].map((partes) => {
    partes.sort((a, b) => b.nota - a.nota);
    const resto = partes.slice(1, 5).reduce((s, p) => s + p.nota, 0);
    return { partes, nota: partes[0].nota + 0.3 * resto };
  });
  hallados.sort((a, b) => b.nota - a.nota);
  const buscadas = new Set(pedidas.flatMap((p) => [...p.valen.keys()]));
  return { entrada, hallados, buscadas };
}

// El trozo de un texto con más palabras buscadas, y cuáles de sus partes lo son.
function trozo(texto, buscadas) {
  const hitos = [...texto.matchAll(/[\p{L}\p{N}]+/gu)]
    .filter((m) => buscadas.has(reducir(m[0])))
    .map((m) => [m.index, m.index + m[0].length, reducir(m[0])]);
  let [desde, mejor] = [0, 0];
  for (const [inicio] of hitos) {
    const dentro = hitos.filter(([i, f]) => i >= inicio && f <= inicio + LARGO - 40);
    const distintas = new Set(dentro.map((h) => h[2])).size * 10 + dentro.length;
    if (distintas > mejor) [desde, mejor] = [inicio, distintas];
  }
  desde = Math.max(0, desde - 40);
  if (desde) desde = texto.indexOf(" ", desde) + 1;
  let hasta = Math.min(texto.length, desde + LARGO);
  if (hasta < texto.length) hasta = Math.max(texto.lastIndexOf(" ", hasta), desde + 1);
  const partes = [];
  let aqui = desde;
  for (const [inicio, fin] of hitos) {
    if (inicio < aqui || fin > hasta) continue;
    partes.push([texto.slice(aqui, inicio), false], [texto.slice(inicio, fin), true]);
    aqui = fin;
  }
  partes.push([(texto.slice(aqui, hasta) + (hasta < texto.length ? "…" : "")), false]);
  if (desde) partes.unshift(["…", false]);
  return partes;
}

// ── En la página ─────────────────────────────────────────────────────────────

function nodo(etiqueta, clase, ...dentro) {
  const hecho = document.createElement(etiqueta);
  if (clase) hecho.className = clase;
  hecho.append(...dentro);
  return hecho;
}

function enlace({ pagina, parte }, texto) {
  const a = nodo("a", "", texto);
  a.href = `${pagina}.html#${parte[0]}`;
  return a;
}

function parrafo(texto, buscadas) {
  const p = nodo("p", "trozo");
  for (const [dicho, marcado] of trozo(texto, buscadas)) {
    p.append(marcado ? nodo("mark", "", dicho) : dicho);
  }
  return p;
}

function ensenar(consulta) {
  const { entrada, hallados, buscadas } = buscar(indexar(DATOS), consulta);
  const caja = document.getElementById("search-results");
  const lista = nodo("ol", "hallazgos");
  if (entrada) {
    const li = nodo("li", "de-glosario", nodo("p", "donde", "Glosario"));
    li.append(nodo("p", "titulo", enlace(entrada, entrada.parte[1])));
    li.append(nodo("p", "", entrada.parte[2]));
    lista.append(li);
  }
  for (const { partes } of hallados) {
    const [mejor, ...demas] = partes;
    const suelto = mejor.parte[1] === mejor.titulo;
    const li = nodo("li", "", nodo("p", "titulo", enlace(mejor, mejor.titulo)));
    if (!suelto) li.append(nodo("p", "donde", mejor.parte[1]));
    li.append(parrafo(mejor.parte[2] || mejor.parte[1], buscadas));
    const otras = demas.filter((d) => d.nota > mejor.nota / 3).slice(0, 3);
    if (otras.length) {
      const tambien = nodo("p", "tambien", "También en: ");
      otras.forEach((o, i) => tambien.append(i ? " · " : "", enlace(o, o.parte[1])));
      li.append(tambien);
    }
    lista.append(li);
  }
  const total = hallados.length;
  const aviso = nodo("p", "search-summary");
  if (!total && !entrada) {
    aviso.textContent =
      `Nada coincide con «${consulta}». Revisa cómo está escrito o prueba otra palabra.`;
  } else {
    const paginas = total === 1 ? "1 página" : `${total} páginas`;
    aviso.textContent = `«${consulta}»: ${entrada ? "una entrada del glosario y " : ""}${paginas}.`;
  }
  caja.setAttribute("role", "status");
  caja.replaceChildren(aviso, lista);
}

if (typeof document !== "undefined") {
  const consulta = (new URLSearchParams(location.search).get("q") || "").trim();
  for (const campo of document.querySelectorAll("form.bd-search input")) {
    campo.value = consulta;
  }
  if (consulta) {
    document.title = `${consulta} · ${document.title}`;
    const datos = document.createElement("script");
    datos.src = document.currentScript.dataset.datos;
    datos.onload = () => ensenar(consulta);
    document.head.append(datos);
  }
}
