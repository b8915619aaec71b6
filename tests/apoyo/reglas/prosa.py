"""Reglas sobre el Markdown: cuánto texto, enlaces, imágenes, preguntas y sin MyST."""

import re

from herramientas.archivos import RAIZ
from herramientas.cuadernos.leer import etiquetas, sin_bloques
from herramientas.cuadernos.lenguas import MARCAS, lengua_de
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


# --- Preguntas y respuestas ---------------------------------------------------------

SUELTA = re.compile(
    r"\b(?:[Aa]puesta(?! de\b)|[Aa]divina|Piensa antes|Predice)\b"
    r"|\b[Aa]ntes de (?:ejecutar|mirar(?:la|lo)?)[:,] "
)


def _sin_marcar(cuaderno, marca):
    """(celda, frase): lo que se pregunta o se manda apostar sin decir Pregunta."""
    for i, celda in enumerate(cuaderno.cells):
        if celda.cell_type != "markdown":
            continue
        parrafos = sin_bloques(celda.source).rstrip().split("\n\n")
        sueltos = [p for p in parrafos if SUELTA.search(p)]
        sigue = cuaderno.cells[i + 1] if i + 1 < len(cuaderno.cells) else celda
        espera = sigue.cell_type == "code" and "ejercicio" not in etiquetas(sigue)
        if espera and parrafos[-1].endswith("?"):
            sueltos.append(parrafos[-1])
        yield from ((celda, p[-60:]) for p in sueltos if marca not in p)


@regla
def preguntas_con_respuesta(cuaderno, ruta):
    """Cada «**Pregunta.**» tiene su respuesta plegada ahí o en el texto que sigue."""
    pregunta, respuesta = lengua_de(cuaderno).pregunta
    faltas = [
        f"celda «{celda.id}»: «…{frase}» espera a quien lee; escribe «{pregunta}» "
        "delante y pliega su respuesta"
        for celda, frase in _sin_marcar(cuaderno, pregunta)
    ]
    marca, abierta = re.compile(f"{re.escape(pregunta)}|{respuesta}"), None
    for lugar, celda in enumerate(_de_markdown(cuaderno)):
        if abierta and lugar > abierta[0] + 1:
            faltas.append(f"celda «{abierta[1]}»: una pregunta sin respuesta plegada")
            abierta = None
        for hallada in marca.findall(celda.source):
            if hallada == pregunta and abierta:
                faltas.append(f"celda «{abierta[1]}»: dos preguntas y una respuesta")
            if hallada == respuesta and not abierta:
                faltas.append(f"celda «{celda.id}»: una respuesta sin «{pregunta}»")
            abierta = (lugar, celda.id) if hallada == pregunta else None
    if abierta:
        faltas.append(f"celda «{abierta[1]}»: una pregunta sin respuesta plegada")
    return faltas
