// Lo que la prueba del sitio mira dentro de cada página. Devuelve un objeto sencillo.
() => {
  const visible = (e) => {
    const caja = e.getBoundingClientRect();
    const estilo = getComputedStyle(e);
    return caja.width > 1 && caja.height > 1 && estilo.visibility === "visible";
  };
  const corto = (t) => t.replace(/\s+/g, " ").trim().slice(0, 70);
  const numeros = (c) => (c.match(/[\d.]+/g) || []).map(Number);

  // Color de fondo que se ve detrás de un elemento, mezclando los translúcidos.
  const fondo = (e) => {
    const capas = [];
    for (; e; e = e.parentElement) {
      const [r, g, b, a = 1] = numeros(getComputedStyle(e).backgroundColor);
      if (a > 0) capas.push([r, g, b, a]);
      if (a >= 1) break;
    }
    return capas.reverse().reduce(
      (bajo, [r, g, b, a]) => [r, g, b].map((v, i) => v * a + bajo[i] * (1 - a)),
      [255, 255, 255],
    );
  };
  const luz = (rgb) => {
    const [r, g, b] = rgb.map((v) => {
      const c = v / 255;
      return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contraste = (e) => {
    const detras = fondo(e);
    const [r, g, b, a = 1] = numeros(getComputedStyle(e).color);
    const [x, y] = [
      luz([r, g, b].map((v, i) => v * a + detras[i] * (1 - a))),
      luz(detras),
    ];
    return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
  };

  // Nombre con que un lector de pantalla anuncia un control.
  const nombre = (e) => {
    const oculto = (n) => n.nodeType === 1 && n.getAttribute("aria-hidden") === "true";
    const texto = (n) =>
      n.nodeType === 3
        ? n.data
        : oculto(n)
          ? ""
          : n.tagName === "IMG"
            ? n.alt
            : [...n.childNodes].map(texto).join(" ");
    return corto(e.getAttribute("aria-label") || texto(e) || e.title || "");
  };

  const textos = [];
  const flojos = [];
  const ajeno = "script, style, noscript, code, pre, kbd, em, .math, .citation, .output, " +
    "article a[href^=http]";
  const paso = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n = paso.nextNode(); n; n = paso.nextNode()) {
    const e = n.parentElement;
    if (!n.data.trim()) continue;
    if (!e.closest(ajeno)) textos.push(n.data.trim());
    if (e.closest("script, style, noscript, svg, .output, .katex") || !visible(e)) continue;
    const letra = parseFloat(getComputedStyle(e).fontSize);
    const gruesa = parseInt(getComputedStyle(e).fontWeight) >= 700;
    const minimo = letra >= 24 || (gruesa && letra >= 18.66) ? 3 : 4.5;
    const medido = contraste(e);
    if (medido < minimo - 0.05) flojos.push(`${corto(n.data)} (${medido.toFixed(1)})`);
  }
  for (const atributo of ["title", "aria-label", "placeholder", "alt"])
    for (const e of document.querySelectorAll(`[${atributo}]`))
      if (!e.closest(".citation")) textos.push(e.getAttribute(atributo));

  const controles = [...document.querySelectorAll("a[href], button, input, summary")];
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  return {
    titulo: document.title,
    idioma: document.documentElement.lang,
    descripcion: document.querySelector("meta[name=description]")?.content || "",
    textos,
    flojos,
    ids,
    enlaces: [...document.querySelectorAll("a[href]")].map((a) => a.getAttribute("href")),
    sin_nombre: controles.filter((e) => !nombre(e)).map((e) => e.outerHTML.slice(0, 120)),
    nombre_distinto: [...document.querySelectorAll("[aria-label]")]
      .filter((e) => e.matches("button, a, summary") && corto(e.innerText || ""))
      .filter((e) => !e.ariaLabel.toLowerCase().includes(corto(e.innerText).toLowerCase()))
      .map((e) => e.outerHTML.slice(0, 120)),
    imagenes: [...document.images].map((i) => [i.getAttribute("src"), i.alt, i.naturalWidth]),
    // Sin ancho y alto escritos, la imagen no guarda su sitio hasta que llega.
    sin_medidas: [...document.images]
      .filter((i) => {
        const [ancho, alto] = ["width", "height"].map((l) => Number(i.getAttribute(l)));
        const razon = i.naturalWidth / i.naturalHeight;
        return !(ancho && alto && Math.abs(ancho / alto / razon - 1) < 0.02);
      })
      .map((i) => i.outerHTML.slice(0, 120)),
    dibujos: [...document.querySelectorAll("svg[role=img]")].map(
      (s) => s.querySelector("title")?.textContent || "",
    ),
    encabezados: [...document.querySelectorAll("main :is(h1, h2, h3, h4, h5, h6)")].map(
      (h) => Number(h.tagName[1]),
    ),
    formulas: document.querySelectorAll(".math").length,
    formulas_hechas: document.querySelectorAll(".math .katex-mathml math").length,
    formulas_malas: document.querySelectorAll(".katex-error, mjx-container").length,
    letra_de_formulas: [...document.fonts].some(
      (f) => f.family.includes("KaTeX") && f.status === "loaded",
    ),
    desborde: document.documentElement.scrollWidth - window.innerWidth,
    sobresalen: [...document.querySelectorAll("main *")]
      .filter((e) => e.getBoundingClientRect().right > window.innerWidth + 1)
      .filter((e) => !e.closest("pre, .pst-scrollable-table-container, .cell_output, .math"))
      .map((e) => e.outerHTML.slice(0, 100)),
    // Texto del cuerpo que no está en ninguna zona con nombre (nav, main…).
    sin_zona: [...document.querySelectorAll("body p, body a, body h1")]
      .filter((e) => visible(e) && !e.closest("main, nav, header, footer, dialog"))
      .filter((e) => !e.closest(".skip-link"))
      .map((e) => e.outerHTML.slice(0, 100)),
    colab: document.querySelector("a.btn-colab")?.href || "",
    fondo: getComputedStyle(document.body).backgroundColor,
  };
}
