"""Reglas sobre el Markdown: cuánto texto, enlaces, imágenes y nada de MyST."""

import re

from herramientas.archivos import RAIZ
from herramientas.cuadernos.leer import sin_bloques
from herramientas.cuadernos.lenguas import MARCAS
from herramientas.cuadernos.perfiles import leer_modelos, modelos_a_mano

from . import regla

PALABRAS = (1200, 2500)
DIRECTIVA = re.compile(r"^ *(```+|~~~+|:::+) *\{", re.MULTILINE)
ROL = re.compile(r"\{[a-z][\w:-]*\}`[^`]")
IMAGEN = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<ruta>[^)\s]+)[^)]*\)")
ENLACE = re.compile(r"\]\((?P<ruta>[^)\s]+)(?: \"[^\"]*\")?\)")
NOMBRE_DE_ARCHIVO = re.compile(r"^[\w./-]+\.\w{2,4}$")


def _de_markdown(cuaderno):
    return [c for c in cuaderno.cells if c.cell_type == "markdown"]


def contar_palabras(texto: str) -> int:
    """Palabras de la prosa: sin código, fórmulas, direcciones ni marcas.

    Tampoco cuenta si una sección es esencial u optativa.
    """
    texto = re.sub(rf" \(({MARCAS})\)(?= · \d+ min)", "", texto)
    texto = sin_bloques(texto)
    texto = re.sub(r"<[^>]+>|\$\$.*?\$\$|\$[^$\n]+\$", " ", texto, flags=re.S)
    texto = re.sub(r"\]\([^)]*\)|https?://\S+", " ", texto)
    return len(re.findall(r"\b[^\W\d_][\w-]*", texto))


@regla
def cantidad_de_prosa(cuaderno, ruta):
    """Entre 1.200 y 2.500 palabras."""
    n = sum(contar_palabras(c.source) for c in _de_markdown(cuaderno))
    if PALABRAS[0] <= n <= PALABRAS[1]:
        return []
    return [f"tiene {n} palabras de prosa; deben ser de {PALABRAS[0]} a {PALABRAS[1]}"]


@regla
def sin_myst(cuaderno, ruta):
    """Ni directivas ni roles: en Colab se leerían crudos."""
    faltas = []
    for celda in _de_markdown(cuaderno):
        if DIRECTIVA.search(celda.source) or ROL.search(sin_bloques(celda.source)):
            faltas.append(
                f"celda «{celda.id}»: usa una directiva o un rol de MyST; escribe "
                "Markdown corriente"
            )
    return faltas


@regla
def imagenes_con_texto(cuaderno, ruta):
    """Toda imagen de Markdown dice qué se ve."""
    faltas = []
    for celda in _de_markdown(cuaderno):
        for m in IMAGEN.finditer(sin_bloques(celda.source)):
            alt = m["alt"].strip()
            if len(alt) < 20 or NOMBRE_DE_ARCHIVO.match(alt):
                faltas.append(
                    f"celda «{celda.id}»: la imagen {m['ruta']} no tiene texto "
                    "alternativo que diga qué se ve (20 letras o más)"
                )
        if re.search(r"<img\b(?![^>]*\balt=\"[^\"]{20,}\")", celda.source):
            faltas.append(f"celda «{celda.id}»: un <img> sin atributo alt suficiente")
    return faltas


@regla
def enlaces_vivos(cuaderno, ruta):
    """Todo enlace relativo lleva a un archivo del proyecto."""
    faltas = []
    for celda in _de_markdown(cuaderno):
        for m in ENLACE.finditer(sin_bloques(celda.source)):
            destino = m["ruta"].partition("#")[0]
            if not destino or re.match(r"[a-z]+:", destino):
                continue
            if destino.startswith("/") or not (ruta.parent / destino).exists():
                faltas.append(f"celda «{celda.id}»: el enlace {destino} no existe")
    return faltas


@regla
def modelo_del_perfil(cuaderno, ruta):
    """Donde habla de un perfil no nombra su modelo, que se cambia en otro sitio."""
    modelos, faltas = leer_modelos(RAIZ), []
    for celda in cuaderno.cells:
        textos = [celda.source] if celda.cell_type == "markdown" else []
        alt = celda.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
        for texto in [*textos, alt]:
            if nombres := modelos_a_mano(sin_bloques(texto), modelos):
                faltas.append(
                    f"celda «{celda.id}»: nombra {', '.join(nombres)} al hablar de un "
                    "perfil; di «el modelo del perfil», que está en taller/perfil.py"
                )
    return faltas
