"""Hojas de estilo sin reglas muertas: las de clases que ninguna página nombra.

El tema trae todo Bootstrap y el curso usa una cuarta parte. Una regla se va si pide
una clase o un identificador que no está en ninguna página ni en ningún guion. En la
duda se queda: cuenta cualquier palabra igual, y lo que un guion compone
(«bs-${nombre}-auto») salva todo lo que empieza así.

Aquí también se reparten los dos temas entre la pantalla y el papel.
"""

import re
from pathlib import Path

import tinycss2

PALABRA = re.compile(r"[\w-]+")
COMIENZO = re.compile(r"([A-Za-z][\w-]+-)(?:\$\{|[\"'`])")
TEMA = re.compile(r"\[data-theme=[\"']?(?:dark|light)[\"']?\]")
CON_REGLAS = {"media", "supports", "layer", "container"}


class Usadas:
    """Lo que nombran las páginas y los guiones de un sitio."""

    def __init__(self, textos: list[str]) -> None:
        self.palabras: set[str] = set()
        comienzos: set[str] = set()
        for texto in textos:
            self.palabras.update(PALABRA.findall(texto))
            comienzos.update(COMIENZO.findall(texto))
        self.comienzos = tuple(comienzos)

    def __contains__(self, nombre: str) -> bool:
        return nombre.startswith(self.comienzos) or self.palabras.issuperset(
            PALABRA.findall(nombre)
        )


def selectores(preludio: list) -> list[list]:
    """Parte «a, b» por sus comas."""
    partes: list[list] = [[]]
    for pieza in preludio:
        if pieza == ",":
            partes.append([])
        else:
            partes[-1].append(pieza)
    return partes


def nombres(selector: list) -> list[str]:
    """Clases e identificadores que un selector exige; no mira dentro de `:not(…)`."""
    pares = zip([None, *selector], selector, strict=False)
    return [
        pieza.value
        for antes, pieza in pares
        if pieza.type == "hash" or (pieza.type == "ident" and antes == ".")
    ]


def por_medio(vivos: list[str], cuerpo: str, en_papel: bool) -> list[str]:
    """Las reglas que hacen falta para que en el papel todo salga con la paleta clara.

    Lo que pide el tema oscuro vale solo en pantalla, y lo que pide el claro vale además
    en papel con cualquier tema. Dentro de una hoja para papel no cambia nada.
    """
    oscuros = [s for s in vivos if TEMA.search(s) and "dark" in TEMA.search(s)[0]]
    if en_papel or not any(map(TEMA.search, vivos)):
        return [f"{','.join(vivos)}{{{cuerpo}}}"]
    demas = [s for s in vivos if s not in oscuros]
    claros = [TEMA.sub("[data-theme]", s) for s in demas if TEMA.search(s)]
    reglas = [f"@media not print{{{','.join(oscuros)}{{{cuerpo}}}}}"] if oscuros else []
    reglas += [f"{','.join(demas)}{{{cuerpo}}}"] if demas else []
    return reglas + (
        [f"@media print{{{','.join(claros)}{{{cuerpo}}}}}"] if claros else []
    )


def podar(reglas: list, usadas: Usadas, en_papel: bool = False) -> str:
    """Devuelve las reglas, en su orden, sin los selectores que nada puede cumplir."""
    salida = []
    for regla in reglas:
        if regla.type == "qualified-rule":
            vivos = [
                tinycss2.serialize(selector).strip()
                for selector in selectores(regla.prelude)
                if all(nombre in usadas for nombre in nombres(selector))
            ]
            if vivos:
                cuerpo = tinycss2.serialize(regla.content).strip()
                salida += por_medio(vivos, cuerpo, en_papel)
        elif regla.type == "at-rule" and regla.content is not None:
            if regla.lower_at_keyword in CON_REGLAS:
                dentro = tinycss2.parse_rule_list(regla.content, True, True)
                condicion = tinycss2.serialize(regla.prelude)
                if cuerpo := podar(dentro, usadas, en_papel or "print" in condicion):
                    salida.append(f"@{regla.at_keyword}{condicion}{{{cuerpo}}}")
            else:
                salida.append(regla.serialize())
        else:
            salida.append(regla.serialize())
    return "".join(salida)


def podar_hojas(app, excepcion) -> None:
    """Poda todas las hojas del sitio construido."""
    if excepcion is not None or app.builder.name != "html":
        return
    estaticos = Path(app.outdir) / "_static"
    fuentes = [*Path(app.outdir).rglob("*.html"), *estaticos.rglob("*.js")]
    usadas = Usadas(
        [f.read_text(encoding="utf-8") for f in fuentes if "locales" not in f.parts]
    )
    for hoja in sorted(estaticos.rglob("*.css")):
        css = hoja.read_text(encoding="utf-8")
        podada = podar(tinycss2.parse_stylesheet(css, True, True), usadas)
        hoja.write_text(podada, encoding="utf-8")


def setup(app) -> dict:
    """Conecta el trabajo con el final de la construcción, después de `cierre`."""
    app.connect("build-finished", podar_hojas, priority=910)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
