"""Los índices del curso: qué lecciones hay y si cada índice las nombra a todas.

Una lección se nombra en cuatro sitios: `_toc.yml`, la tabla de book/index.md, la guía
de quien enseña y la frase de README.md que dice cuáles están publicadas. Aquí se
decide el orden del curso, se dice qué falta o sobra y se añade una lección.
Son funciones puras: reciben la raíz o un texto y devuelven frases o el texto nuevo.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from herramientas.archivos import RAIZ

TOC, PORTADA, GUIA, LEEME = (
    "_toc.yml",
    "book/index.md",
    "book/instructores.md",
    "README.md",
)
APARTADO_TABLA, APARTADO_GUIA = "Las lecciones", "Qué decir en cada lección"
POR_ESCRIBIR = "scribe aquí"  # lo que deja la plantilla: «Escribe aquí…»
ULTIMA = 16  # el número de la última lección prevista


@dataclass(frozen=True)
class Parte:
    """Una parte del curso: su título, sus números y sus lecciones sin número."""

    titulo: str
    numeros: range = range(0)
    sueltas: tuple[str, ...] = ()


PARTES = (
    Parte("Parte 0 · Arranque", range(0, 1)),
    Parte("Parte 1 · Texto", range(1, 3)),
    Parte("Parte 2 · Modelo", range(3, 6), ("antes_de_entrenar",)),
    Parte("Parte 3 · Eficiencia", range(6, 9), ("antes_de_ajustar",)),
    Parte("Parte 4 · Ajuste", range(9, 13)),
    Parte("Parte 5 · Más allá", range(13, 100), ("tu_dominio",)),
    Parte("Anexo", sueltas=("museo_de_errores",)),
)

# Una suelta va al final de su parte, salvo las que siguen a una lección con número.
DETRAS_DE = {"antes_de_entrenar": 4}
# Con qué empiezan los nombres de una suelta, si su primera palabra ya es de otra.
COMIENZOS = {"antes_de_entrenar": "entrenar"}


class IndiceIncompleto(ValueError):
    """A un índice le falta el sitio donde se añade una lección."""


# --- Nombres y orden ----------------------------------------------------------------


def numero(nombre: str) -> int | None:
    """El número de una lección («13_compresion» → 13), o None si no lo lleva."""
    m = re.match(r"(\d\d)_", nombre)
    return int(m[1]) if m else None


def prefijo(nombre: str) -> str:
    """Con qué empiezan sus celdas y sus ejercicios: «13»; sin número, «museo».

    Sin número es la primera palabra de cuatro letras o más: «tu_dominio» → «dominio»;
    si dos empiezan igual, lo dice `COMIENZOS`.
    """
    if nombre in COMIENZOS:
        return COMIENZOS[nombre]
    palabras = nombre.split("_")
    if palabras[0].isdigit():
        return palabras[0]
    return next((p for p in palabras if len(p) > 3), palabras[0])


def modulo_de_ejercicios(nombre: str) -> str:
    """El módulo de taller.ejercicios con sus comprobaciones: «e13» o «e_museo»."""
    inicio = prefijo(nombre)
    return f"e{inicio}" if inicio.isdigit() else f"e_{inicio}"


def lugar(nombre: str) -> tuple[int, int, str]:
    """Clave de orden en el curso: parte, puesto dentro de ella y nombre."""
    n = numero(nombre)
    for i, parte in enumerate(PARTES):
        if n is not None and n in parte.numeros:
            return i, n, nombre
        if nombre in parte.sueltas:
            puesto = 100 + parte.sueltas.index(nombre)
            return i, DETRAS_DE.get(nombre, puesto), nombre
    return len(PARTES) - 1, 1000, nombre  # una suelta que nadie previó: al anexo


def lecciones(raiz: Path = RAIZ) -> list[str]:
    """Los nombres de los cuadernos de notebooks/, en el orden del curso."""
    return sorted((r.stem for r in (raiz / "notebooks").glob("*.ipynb")), key=lugar)


def titulo(raiz: Path, nombre: str) -> str:
    """El título de una lección: el primer encabezado de su primera celda."""
    ruta = raiz / "notebooks" / f"{nombre}.ipynb"
    try:
        celdas = json.loads(ruta.read_text(encoding="utf-8"))["cells"]
        primera = "".join(celdas[0]["source"]) if celdas else ""
    except (OSError, ValueError, KeyError, TypeError):
        return nombre
    m = re.search(r"^# +(.+?)\s*$", primera, re.M)
    return m[1] if m else nombre


def clave(nombre: str, titulo: str) -> str:
    """Con qué empieza su entrada en la guía: «13 ·» o, sin número, su título."""
    n = numero(nombre)
    return f"{n:02d} ·" if n is not None else titulo.partition(":")[0].strip()


# --- Frases que dependen de los números ---------------------------------------------


def _lista(piezas: list[str]) -> str:
    return " y ".join([", ".join(piezas[:-1])] * (len(piezas) > 1) + piezas[-1:])


def tramos(numeros: Iterable[int]) -> str:
    """«01 a 12», «01 a 12 y 14»: los números, con los seguidos juntos."""
    grupos: list[list[int]] = []
    for n in sorted(numeros):
        if grupos and n == grupos[-1][-1] + 1:
            grupos[-1].append(n)
        else:
            grupos.append([n])
    piezas = []
    for grupo in grupos:
        if len(grupo) > 2:
            piezas.append(f"{grupo[0]:02d} a {grupo[-1]:02d}")
        else:
            piezas += [f"{n:02d}" for n in grupo]
    return _lista(piezas)


def frase_publicadas(nombres: Iterable[str]) -> str:
    """Lo que README.md dice que está publicado; las sueltas no se nombran ahí."""
    con_numero = sorted(n for n in map(numero, nombres) if n)
    if not con_numero:
        return "la bienvenida"
    cuales = "las lecciones" if len(con_numero) > 1 else "la lección"
    return f"la bienvenida y {cuales} {tramos(con_numero)}"


def frase_pendientes(nombres: Iterable[str]) -> str:
    """Lo que la portada dice que falta, hasta la 16; vacía si no falta ninguna."""
    hay = set(map(numero, nombres))
    faltan = [n for n in range(ULTIMA + 1) if n not in hay]
    if not faltan:
        return ""
    ultimas = faltan == list(range(faltan[0], ULTIMA + 1))
    if len(faltan) == 1:
        cual = "última, la" if ultimas else "lección"
        que = f"Falta la {cual} {faltan[0]:02d}"
    elif ultimas and len(faltan) == 2:
        que = f"Faltan las dos últimas, la {faltan[0]:02d} y la {faltan[1]:02d}"
    elif ultimas:
        que = f"Faltan las últimas, de la {faltan[0]:02d} a la {faltan[-1]:02d}"
    else:
        que = f"Faltan las lecciones {tramos(faltan)}"
    return f"{que}: cada lección se publica cuando está completa."


PUBLICADAS = re.compile(
    r"(Están\s+publicadas\s+)(la\s+bienvenida(?:\s+y\s+las?\s+lecci(?:ón|ones)\s+\d\d"
    r"(?:(?:\s+a\s+|,\s*|\s+y\s+)\d\d)*)?)"
)
PENDIENTES = re.compile(
    r"Faltan?\s[^.:]+:\s+cada\s+lección\s+se\s+publica\s+cuando\s+está\s+completa\.\s?"
)


# --- Leer los índices ---------------------------------------------------------------

ARCHIVO = re.compile(
    r"^[ \t]*- +file: *[\"']?notebooks/([\w.-]+?)(?:\.ipynb)?[\"']?[ \t]*(?:#.*)?$",
    re.M,
)
FILA = re.compile(r"^\|[^\n]*?\]\(\.\./notebooks/([\w.-]+)\.ipynb\)[^\n]*$", re.M)
ENTRADA = re.compile(r"(?:\A|(?<=\n\n))\*\*([^*\n]+?)\.?\*\*")


def apartado(texto: str, encabezado: str) -> tuple[int, int]:
    """Dónde empieza y termina el contenido de un `## encabezado`.

    Lanza IndiceIncompleto si no está.
    """
    m = re.search(rf"^## +{re.escape(encabezado)}\s*$\n", texto, re.M)
    if not m:
        raise IndiceIncompleto(f"no tiene el apartado «{encabezado}»")
    sigue = re.search(r"^## ", texto[m.end() :], re.M)
    return m.end(), m.end() + sigue.start() if sigue else len(texto)


def en_toc(texto: str) -> list[tuple[int, int, str]]:
    """Las lecciones de `_toc.yml`: (inicio, fin, nombre) de cada línea."""
    return [(*m.span(), m[1]) for m in ARCHIVO.finditer(texto)]


def en_tabla(texto: str) -> list[tuple[int, int, str]]:
    """Las lecciones de la tabla de la portada: (inicio, fin, nombre) de cada fila."""
    desde, hasta = apartado(texto, APARTADO_TABLA)
    return [(*m.span(), m[1]) for m in FILA.finditer(texto, desde, hasta)]


def en_guia(texto: str) -> list[tuple[int, int, str]]:
    """Las entradas de la guía: (inicio, fin, comienzo en negrita) de cada párrafo."""
    desde, hasta = apartado(texto, APARTADO_GUIA)
    hallados = list(ENTRADA.finditer(texto, desde, hasta))
    finales = [m.start() for m in hallados[1:]] + [hasta]
    return [
        (m.start(), m.start() + len(texto[m.start() : fin].rstrip()), m[1])
        for m, fin in zip(hallados, finales, strict=False)
    ]


def _de_la_guia(texto: str, claves: dict[str, str]) -> list[tuple[int, int, str]]:
    """Como `en_guia`, con el nombre de la lección donde se reconoce su clave."""
    return [
        (a, b, next((n for c, n in claves.items() if _es(c, negrita)), negrita))
        for a, b, negrita in en_guia(texto)
    ]


def _es(clave: str, negrita: str) -> bool:
    if clave.endswith(" ·"):
        return negrita.startswith(clave)
    return negrita == clave or negrita.startswith(clave + ":")


def _leer(raiz: Path, archivo: str) -> str:
    try:
        return (raiz / archivo).read_text(encoding="utf-8")
    except OSError:
        return ""


# --- Lo que falta y lo que sobra ----------------------------------------------------


def faltantes(raiz: Path = RAIZ) -> list[str]:
    """Lo que falta, sobra o se repite en los índices; vacía si todo coincide.

    Cada frase nombra el archivo del índice y el cuaderno, y dice qué escribir.
    """
    hay = lecciones(raiz)
    claves = {clave(n, titulo(raiz, n)): n for n in hay}
    comienzo = {n: c for c, n in claves.items()}
    sitios = [
        (TOC, en_toc, lambda n: f"añade «- file: notebooks/{n}»"),
        (PORTADA, en_tabla, lambda n: "añade su fila a la tabla «Las lecciones»"),
        (
            GUIA,
            lambda texto: _de_la_guia(texto, claves),
            lambda n: f"empieza un párrafo de «{APARTADO_GUIA}» con «**{comienzo[n]}»",
        ),
    ]
    faltas = []
    for archivo, entradas, como in sitios:
        try:
            nombrados = [n for _, _, n in entradas(_leer(raiz, archivo))]
        except IndiceIncompleto as error:
            faltas.append(f"{archivo} {error}.")
            continue
        faltas += [
            f"{archivo} no nombra notebooks/{n}.ipynb: {como(n)}."
            for n in hay
            if n not in nombrados
        ]
        for n in dict.fromkeys(nombrados):
            if n not in hay:
                faltas.append(f"{archivo} nombra «{n}», que no está en notebooks/.")
            elif nombrados.count(n) > 1:
                faltas.append(f"{archivo} nombra dos veces notebooks/{n}.ipynb.")
        de_aqui = [n for n in nombrados if n in hay]
        if de_aqui != sorted(de_aqui, key=lugar):
            faltas.append(f"{archivo} no sigue el orden del curso: {_salto(de_aqui)}.")
    return faltas + _faltas_de_partes(raiz) + _faltas_de_frases(raiz, hay)


def _salto(nombres: list[str]) -> str:
    pares = zip(nombres, nombres[1:], strict=False)
    return next(f"{b} va antes que {a}" for a, b in pares if lugar(a) > lugar(b))


def _faltas_de_partes(raiz: Path) -> list[str]:
    """Lecciones de `_toc.yml` que están en otra parte del curso."""
    texto, faltas = _leer(raiz, TOC), []
    for inicio, fin, caption in _partes_del_toc(texto):
        for _, _, n in en_toc(texto[inicio:fin]):
            debe = PARTES[lugar(n)[0]].titulo
            if caption != debe:
                faltas.append(
                    f"{TOC} pone notebooks/{n}.ipynb en «{caption}» y va en «{debe}»."
                )
    return faltas


def _faltas_de_frases(raiz: Path, hay: list[str]) -> list[str]:
    """Las dos frases que dicen qué está publicado y qué falta."""
    faltas = []
    leeme, debe = _leer(raiz, LEEME), frase_publicadas(hay)
    dice = PUBLICADAS.search(leeme)
    if not dice:
        faltas.append(f"{LEEME} no dice qué hay: escribe «Están publicadas {debe}».")
    elif (dicho := " ".join(dice[2].split())) != debe:
        faltas.append(f"{LEEME} dice «{dicho}» y en notebooks/ hay {debe}.")
    portada, debe = _leer(raiz, PORTADA), frase_pendientes(hay)
    m = PENDIENTES.search(portada)
    dicho = " ".join(m[0].split()) if m else ""
    if dicho != debe:
        faltas.append(
            f"{PORTADA} dice «{dicho}» y lo cierto es «{debe}»."
            if dicho and debe
            else f"{PORTADA}: quita «{dicho}», que ya no es cierto."
            if dicho
            else f"{PORTADA} no dice qué falta: escribe «{debe}»."
        )
    return faltas


def _texto_visible(celda: dict) -> str:
    """El Markdown de una celda, o el texto alternativo de su figura."""
    if celda["cell_type"] == "markdown":
        return "".join(celda["source"])
    figura = celda.get("metadata", {}).get("mystnb", {}).get("image", {})
    return str(figura.get("alt", ""))


def por_escribir(raiz: Path = RAIZ) -> list[str]:
    """Los textos de plantilla («Escribe aquí…») que quedan en lecciones e índices."""
    faltas = []
    for nombre in lecciones(raiz):
        texto = (raiz / "notebooks" / f"{nombre}.ipynb").read_text(encoding="utf-8")
        quedan = [
            c["id"]
            for c in json.loads(texto)["cells"]
            if POR_ESCRIBIR in _texto_visible(c)
        ]
        if quedan:
            faltas.append(
                f"notebooks/{nombre}.ipynb tiene {len(quedan)} celdas de plantilla por "
                f"escribir; la primera es «{quedan[0]}»."
            )
    for archivo in (PORTADA, GUIA):
        for linea in _leer(raiz, archivo).splitlines():
            if POR_ESCRIBIR in linea and linea.startswith(("| [](", "**")):
                faltas.append(f"{archivo} tiene texto de plantilla: {linea[:50]}…")
    return faltas


def faltas(raiz: Path = RAIZ) -> list[str]:
    """Lo que impide publicar: índices incompletos y textos por escribir."""
    return faltantes(raiz) + por_escribir(raiz)


# --- Añadir una lección -------------------------------------------------------------


def _partes_del_toc(texto: str) -> list[tuple[int, int, str]]:
    """Los bloques de `_toc.yml`: (inicio, fin, título) de cada parte."""
    hallados = list(re.finditer(r"^ +- +caption: *(.+?) *$", texto, re.M))
    finales = [m.start() for m in hallados[1:]] + [len(texto)]
    return [
        (m.start(), fin, m[1].strip("\"'"))
        for m, fin in zip(hallados, finales, strict=False)
    ]


def poner_en_toc(texto: str, nombre: str) -> str:
    """El `_toc.yml` con la lección en su parte, que se crea si no estaba."""
    cual = lugar(nombre)[0]
    bloques = _partes_del_toc(texto)
    titulos = [parte.titulo for parte in PARTES]
    linea = f"      - file: notebooks/{nombre}\n"
    for inicio, fin, caption in bloques:
        if caption == titulos[cual]:
            for a, _, n in en_toc(texto[inicio:fin]):
                if lugar(n) > lugar(nombre):
                    return texto[: inicio + a] + linea + texto[inicio + a :]
            return texto[:fin].rstrip("\n") + "\n" + linea + texto[fin:]
    anteriores = [fin for _, fin, c in bloques if c in titulos[:cual]]
    if not anteriores:
        raise IndiceIncompleto("no tiene ninguna parte del curso")
    caption = titulos[cual]
    if "·" in caption:
        caption = f'"{caption}"'
    nueva = f"  - caption: {caption}\n    chapters:\n{linea}"
    fin = max(anteriores)
    return texto[:fin].rstrip("\n") + "\n" + nueva + texto[fin:]


def _intercalar(texto, entradas, nombre, nueva, separador) -> str:
    """Pone `nueva` delante de la primera entrada que va después, o al final."""
    if not entradas:
        raise IndiceIncompleto("no tiene ninguna lección al lado de la cual ponerla")
    for inicio, _, n in entradas:
        if lugar(n) > lugar(nombre):
            return texto[:inicio] + nueva + separador + texto[inicio:]
    fin = max(fin for _, fin, _ in entradas)
    return texto[:fin] + separador + nueva + texto[fin:]


def poner_en_tabla(texto: str, nombre: str, que: str) -> str:
    """La portada con la fila de la lección en la tabla y lo que falta al día."""
    filas = en_tabla(texto)
    fila = f"| [](../notebooks/{nombre}.ipynb) | {que} |"
    nuevo = _intercalar(texto, filas, nombre, fila, "\n")
    frase = frase_pendientes([nombre, *(n for _, _, n in filas)])
    return PENDIENTES.sub(lambda _: frase + " " * bool(frase), nuevo, count=1)


def poner_en_guia(texto: str, nombre: str, entrada: str, claves: dict[str, str]) -> str:
    """La guía con la entrada de la lección; `claves` da el nombre de cada comienzo."""
    entradas = [e for e in _de_la_guia(texto, claves) if e[2] in claves.values()]
    return _intercalar(texto, entradas, nombre, entrada, "\n\n")


def poner_en_leeme(texto: str, nombres: Iterable[str]) -> str:
    """README.md con la frase de lo publicado al día; igual si no tiene la frase."""
    frase = frase_publicadas(nombres)
    return PUBLICADAS.sub(lambda m: m[1] + frase, texto, count=1)
