"""Une las páginas: términos del glosario, lecciones nombradas y referencias.

- La primera vez que una lección usa un término, la palabra lleva a su definición, que
  `curso.js` abre ahí mismo. El glosario dice en qué lecciones está cada término y trae
  un índice de letras.
- «lección 07», en un párrafo, es un enlace a ella.
- Cada referencia dice qué lecciones la citan.

Todo se hace con el HTML ya escrito; una página ya retocada no cambia.
"""

import html as entidades
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

GLOSARIO, REFERENCIAS = "book/glosario", "book/referencias"
ENTRADA = re.compile(r'<dt id="(term-[^"]+)">(.*?)</dt>\s*<dd>(.*?)</dd>', re.DOTALL)
ETIQUETA = re.compile(r"<(/?)([a-z][a-z0-9]*)([^>]*)>|<!--.*?-->", re.DOTALL)
# El texto de estos no se toca, ni el de nada que lleven dentro.
INTOCABLES = {
    *("a", "button", "code", "h1", "h2", "h3", "h4", "math", "pre", "script"),
    *("style", "summary", "svg", "td", "th", "figcaption"),
}
CALLADA = re.compile(r'class="[^"]*\b(?:math|output|cell_output|solo-papel)\b')
VACIAS = {"img", "br", "hr", "input", "meta", "link", "col", "source", "wbr"}
LECCION = re.compile(r"\b([Ll]ecci(?:ón|ones)) (\d\d)(?:(, | y | a la )(\d\d))*\b")
NUMERO = re.compile(r"\d\d")
# Palabras tan corrientes que como término estorbarían.
CORRIENTES = {
    *("avería", "banda", "bloque", "cobertura", "código", "consulta", "contexto"),
    *("discordantes", "energía", "escala", "espejo", "etiquetas", "firma", "fuga"),
    *("fusión", "huella", "lote", "marco", "memorizar", "merge", "normalización"),
    *("núcleo", "papel", "parámetro", "paso", "pedido", "perfil", "pesos", "piloto"),
    *("potencia", "prima", "rango", "relleno", "repaso", "role", "semilla", "step"),
    *("teja", "token", "tratamiento", "vocabulario"),
}


@dataclass(frozen=True)
class Termino:
    """Una entrada del glosario: ancla, nombre y definición en HTML, y sus formas."""

    ancla: str
    nombre: str
    definicion: str
    formas: tuple[str, ...]


def sin_marcas(html: str) -> str:
    """El texto de un trozo de HTML, sin etiquetas ni entidades."""
    return entidades.unescape(re.sub(r"<[^>]+>", "", html)).strip()


def leer_terminos(glosario: str) -> list[Termino]:
    """Las entradas de la página del glosario.

    Las formas de cada una son las palabras que en una lección llevan a ella: sus
    nombres en español y en inglés y el plural, menos las de CORRIENTES.
    """
    terminos = []
    for ancla, dt, dd in ENTRADA.findall(glosario):
        nombre = re.sub(r'<a class="headerlink".*?</a>', "", dt, flags=re.DOTALL)
        propio = re.sub(r"\s*\(.*?\)", "", sin_marcas(nombre))
        formas = [f.strip() for f in propio.split(",")]
        formas += [sin_marcas(e) for e in re.findall(r"<em\b[^>]*>(.+?)</em>", nombre)]
        utiles = [f for f in formas if len(f) > 1 and f.lower() not in CORRIENTES]
        utiles += [plural(f) for f in utiles[:1] if f == formas[0]]
        definicion = re.search(r"<p>(.*?)</p>", dd, re.DOTALL)[1].strip()
        unicas = tuple(dict.fromkeys(utiles))
        terminos.append(Termino(ancla, nombre.strip(), definicion, unicas))
    return terminos


def plural(nombre: str) -> str:
    """El plural de un término de una palabra; las siglas y las frases quedan igual."""
    if " " in nombre or nombre[-1] in "sSxX0123456789" or nombre.isupper():
        return nombre
    sin_tilde = re.sub("ón$", "on", nombre)
    return sin_tilde + ("s" if nombre[-1] in "aeiouáéó" else "es")


def patron(terminos: list[Termino]) -> re.Pattern:
    """Una expresión que halla cualquier forma de cualquier término, la más larga."""
    formas = sorted({f for t in terminos for f in t.formas}, key=len, reverse=True)
    return re.compile(
        rf"(?<![\w-])(?:{'|'.join(map(re.escape, formas))})(?![\w-])", re.I
    )


def por_trozos(html: str, cambiar) -> str:
    """Pasa por `cambiar` el texto corrido del artículo y devuelve la página."""
    inicio, marca, resto = html.partition('<article class="bd-article">')
    cuerpo, fin, pie = resto.partition("</article>")
    salida, pila, aqui = [], [], 0
    for etiqueta in ETIQUETA.finditer(cuerpo):
        texto = cuerpo[aqui : etiqueta.start()]
        libre = any(e in ("p", "li", "dd") for e, _ in pila)
        libre = libre and not any(no for _, no in pila)
        salida.append(cambiar(texto) if libre and texto.strip() else texto)
        salida.append(etiqueta[0])
        aqui = etiqueta.end()
        cierra, nombre, atributos = etiqueta[1], etiqueta[2], etiqueta[3] or ""
        if nombre is None or nombre in VACIAS or atributos.endswith("/"):
            continue
        if cierra:
            while pila and pila.pop()[0] != nombre:
                pass
        else:
            no = nombre in INTOCABLES or bool(CALLADA.search(atributos))
            pila.append((nombre, no))
    salida.append(cuerpo[aqui:])
    return inicio + marca + "".join(salida) + fin + pie


def enlazar_terminos(html: str, terminos: list[Termino]) -> tuple[str, list[Termino]]:
    """Enlaza la primera vez que sale cada término; da también los que salieron."""
    if 'class="termino"' in html:
        return html, []
    de_forma = {f.lower(): t for t in reversed(terminos) for f in t.formas}
    busca, usados = patron(terminos), {}

    def cambiar(texto: str) -> str:
        def enlace(hallado: re.Match) -> str:
            termino = de_forma[hallado[0].lower()]
            if termino.ancla in usados:
                return hallado[0]
            usados[termino.ancla] = termino
            return (
                f'<a class="termino" id="uso-{termino.ancla}" '
                f'href="../{GLOSARIO}.html#{termino.ancla}">{hallado[0]}</a>'
            )

        return busca.sub(enlace, texto)

    hecho = por_trozos(html, cambiar)
    hojas = "".join(
        f'<aside class="definicion" popover id="def-{t.ancla}" '
        f'aria-label="Definición"><p><strong>{t.nombre}</strong>. '
        f"{t.definicion}</p></aside>\n"
        for t in usados.values()
    )
    return hecho.replace("</article>", f"{hojas}</article>", 1), list(usados.values())


def enlazar_lecciones(html: str, paginas: dict[str, str], propia: str) -> str:
    """Hace enlaces de «lección 07» y «lecciones 02 y 11».

    `paginas` da la dirección de cada número, vista desde la página; `propia`, el número
    de esta lección, que no se enlaza.
    """

    def cambiar(texto: str) -> str:
        def enlaces(hallado: re.Match) -> str:
            def uno(numero: re.Match) -> str:
                destino = paginas.get(numero[0])
                if not destino or numero[0] == propia:
                    return numero[0]
                return f'<a class="a-leccion" href="{destino}">{numero[0]}</a>'

            primero = hallado[2]
            if len(NUMERO.findall(hallado[0])) > 1 or primero == propia:
                return NUMERO.sub(uno, hallado[0])
            destino = paginas.get(primero)
            if not destino:
                return hallado[0]
            return f'<a class="a-leccion" href="{destino}">{hallado[0]}</a>'

        return LECCION.sub(enlaces, texto)

    return por_trozos(html, cambiar)


def letra_de(nombre: str) -> str:
    """La letra con que se ordena un término, sin tilde."""
    return unicodedata.normalize("NFD", nombre[0])[0].upper()


def nombre_corto(pagina: str) -> str:
    """«07» para una lección con número; «museo de errores» para las demás."""
    nombre = Path(pagina).name
    numero = nombre.partition("_")[0]
    return numero if numero.isdigit() else f"«{nombre.replace('_', ' ')}»"


def en_que(paginas: list[str]) -> str:
    """«la lección», «las lecciones» o nada, si la primera no lleva número."""
    if not nombre_corto(paginas[0]).isdigit():
        return ""
    con_numero = [p for p in paginas if nombre_corto(p).isdigit()]
    return "la lección " if len(con_numero) == 1 else "las lecciones "


def completar_glosario(html: str, usos: dict[str, list[str]]) -> str:
    """Añade al glosario su índice de letras y, a cada término, sus lecciones.

    `usos` da las páginas que usan cada término, como «notebooks/07_cuantizacion».
    """
    if 'class="letras"' in html:
        return html
    primeras: dict[str, str] = {}

    def entrada(hallada: re.Match) -> str:
        ancla, dt, _ = hallada.groups()
        primeras.setdefault(letra_de(sin_marcas(dt)), ancla)
        enlaces = ", ".join(
            f'<a href="../{p}.html#uso-{ancla}">{nombre_corto(p)}</a>'
            for p in usos.get(ancla, [])
        )
        if not enlaces:
            return hallada[0]
        donde = f'<p class="usos">En {en_que(usos[ancla])}{enlaces}.</p>'
        return hallada[0][: -len("</dd>")] + donde + "</dd>"

    html = ENTRADA.sub(entrada, html)
    letras = " ".join(
        f'<a href="#{ancla}">{letra}</a>' for letra, ancla in sorted(primeras.items())
    )
    indice = f'<nav class="letras" aria-label="Letras del glosario">{letras}</nav>\n'
    return html.replace('<dl class="', f'{indice}<dl class="', 1)


def completar_referencias(html: str, citas: dict[str, list[str]]) -> str:
    """Dice bajo cada referencia qué lecciones enlazan el mismo trabajo.

    `citas` da las lecciones de cada dirección.
    """
    if 'class="usos"' in html:
        return html

    def referencia(hallada: re.Match) -> str:
        direcciones = re.findall(r'href="(https?://[^"]+)"', hallada[0])
        lecciones = sorted({p for d in direcciones for p in citas.get(igual(d), [])})
        if not lecciones:
            return hallada[0]
        enlaces = ", ".join(
            f'<a href="../{p}.html#para-seguir-leyendo">{nombre_corto(p)}</a>'
            for p in lecciones
        )
        return hallada[0][: -len("</p>")] + (
            f' <span class="usos">En {en_que(lecciones)}{enlaces}.</span></p>'
        )

    return re.sub(r'<div class="citation".*?</p>', referencia, html, flags=re.DOTALL)


def igual(direccion: str) -> str:
    """La misma dirección sin lo que no distingue: protocolo, versión y barra final."""
    sin = re.sub(r"^https?://(www\.)?", "", entidades.unescape(direccion).lower())
    sin = re.sub(r"^(?:doi\.org/10\.48550/arxiv\.|arxiv\.org/\w+/)", "arxiv:", sin)
    return re.sub(r"(?:v\d+)?(?:\.pdf)?/?$", "", sin)


def unir(salida: Path) -> None:
    """Retoca todas las páginas de un sitio ya escrito."""
    glosario = (salida / f"{GLOSARIO}.html").read_text(encoding="utf-8")
    terminos = leer_terminos(glosario)
    lecciones = sorted((salida / "notebooks").glob("*.html"))
    numeros = {p.name[:2]: p.stem for p in lecciones if p.name[:2].isdigit()}
    usos: dict[str, list[str]] = {}
    citas: dict[str, list[str]] = {}
    for ruta in [*lecciones, *sorted((salida / "book").glob("*.html"))]:
        html = ruta.read_text(encoding="utf-8")
        de_leccion = ruta.parent.name == "notebooks"
        desde = "" if de_leccion else "../notebooks/"
        paginas = {n: f"{desde}{nombre}.html" for n, nombre in numeros.items()}
        if de_leccion:
            esta = f"notebooks/{ruta.stem}"
            html, usados = enlazar_terminos(html, terminos)
            for termino in usados:
                usos.setdefault(termino.ancla, []).append(esta)
            for direccion in re.findall(r'external" href="(https?://[^"]+)"', html):
                citas.setdefault(igual(direccion), []).append(esta)
        html = enlazar_lecciones(html, paginas, ruta.name[:2] if de_leccion else "")
        ruta.write_text(html, encoding="utf-8")
    for pagina, completar, con in (
        (GLOSARIO, completar_glosario, usos),
        (REFERENCIAS, completar_referencias, citas),
    ):
        ruta = salida / f"{pagina}.html"
        html = ruta.read_text(encoding="utf-8")
        ruta.write_text(completar(html, con), encoding="utf-8")
