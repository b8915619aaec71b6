"""Ensucia un texto y anota qué le hizo."""

from __future__ import annotations

import unicodedata

from .azar import Azar
from .datos_falsos import dato_falso


def romper(texto: str, vueltas: int, azar: Azar) -> tuple[str, list[str]]:
    """Lee como cp1252 o latin-1 los bytes UTF-8 de `texto`, `vueltas` veces.

    Devuelve el texto roto y la codificación de cada vuelta; para deshacerlo, se
    recorren al revés: `texto.encode(codificacion).decode("utf-8")`.
    """
    usadas = []
    for _ in range(vueltas):
        codificacion = azar.elegir(["cp1252", "latin-1"])
        try:
            texto = texto.encode().decode(codificacion)
        except UnicodeDecodeError:
            # cp1252 deja cinco bytes sin letra; latin-1 los acepta todos.
            codificacion = "latin-1"
            texto = texto.encode().decode(codificacion)
        usadas.append(codificacion)
    return texto, usadas


def _insertar(texto: str, frase: str, azar: Azar) -> str:
    """Agrega `frase` al final de un párrafo."""
    lineas = texto.split("\n")
    i = azar.entero(len(lineas))
    lineas[i] += " " + frase
    return "\n".join(lineas)


def rellenar(texto: str, relleno: dict, azar: Azar) -> tuple[str, list[int]]:
    """Pone alrededor y dentro del texto lo que trae una página web.

    Devuelve el texto y los números, desde 0, de las líneas que sobran.
    """
    cuerpo = [(linea, False) for linea in texto.split("\n")]
    if azar.entero(2) and len(cuerpo) > 1:
        cuerpo.insert(
            1 + azar.entero(len(cuerpo) - 1), (azar.elegir(relleno["medio"]), True)
        )
    antes = [azar.elegir(relleno["menus"]), azar.elegir(relleno["cookies"])]
    despues = [azar.elegir(relleno["redes"]), *azar.barajar(relleno["pies"])[:2]]
    lineas = [(x, True) for x in antes[: 1 + azar.entero(2)]] + cuerpo
    lineas += [(x, True) for x in despues[: 1 + azar.entero(3)]]
    return "\n".join(x for x, _ in lineas), [i for i, (_, s) in enumerate(lineas) if s]


def _situar(texto: str, datos: list[tuple[str, str]]) -> list[dict]:
    """Dónde está cada dato en el texto ya ensuciado."""
    filas = []
    for tipo, dato in datos:
        inicio = texto.index(dato)
        filas.append(
            {"tipo": tipo, "texto": dato, "inicio": inicio, "fin": inicio + len(dato)}
        )
    return sorted(filas, key=lambda f: f["inicio"])


def ensuciar_texto(
    origen: dict, problemas: set[str], piezas: dict, azar: Azar
) -> tuple[str, dict]:
    """Ensucia un texto limpio.

    Argumentos: `origen`, la fila limpia; `problemas`, lo que se le hace: relleno,
    mojibake, mojibake_doble, nfd, datos_personales o senuelos (números que parecen
    datos personales y no lo son).
    Devuelve el texto y la parte de la verdad que depende de él.
    """
    texto, datos, senuelos, relleno, codificacion = origen["texto"], [], [], [], []
    if "datos_personales" in problemas:
        tipos = azar.barajar(sorted(piezas["frases"]))[: 1 + azar.entero(3)]
        for tipo in tipos:
            dato = dato_falso(tipo, azar)
            frase = azar.elegir(piezas["frases"][tipo]).format(dato)
            texto, datos = _insertar(texto, frase, azar), [*datos, (tipo, dato)]
    if "senuelos" in problemas:
        frase, numero = azar.elegir(piezas["senuelos"])
        texto = _insertar(texto, frase.format(numero), azar)
        senuelos = [("senuelo", numero)]
    if "relleno" in problemas:
        texto, relleno = rellenar(texto, piezas["relleno"], azar)
    if problemas & {"mojibake", "mojibake_doble"}:
        vueltas = 2 if "mojibake_doble" in problemas else 1
        texto, codificacion = romper(texto, vueltas, azar)
    if "nfd" in problemas:
        texto = unicodedata.normalize("NFD", texto)
    return texto, {
        "datos_personales": _situar(texto, datos),
        "senuelos": _situar(texto, senuelos),
        "lineas_relleno": relleno,
        "codificacion": codificacion,
    }


def _cambiar(lineas: list[list[str]], cambio: str, sinonimos: dict, azar: Azar) -> bool:
    """Hace un cambio en las oraciones de un párrafo; False si ahí no se puede."""
    i = azar.entero(len(lineas))
    parrafo = lineas[i]
    if cambio == "palabras":
        nuevas = [_con_sinonimos(oracion, sinonimos, azar) for oracion in parrafo]
        hecho, lineas[i] = nuevas != parrafo, nuevas
        return hecho
    if cambio == "corte" and len(lineas) > 3:
        lineas.pop()
    elif cambio == "oración fuera" and len(parrafo) > 2:
        parrafo.pop(1 + azar.entero(len(parrafo) - 2))
    elif cambio == "oración fuera" and len(lineas) > 5:
        lineas.pop(i)
    elif cambio == "orden" and len(parrafo) > 3:
        parrafo[1], parrafo[2] = parrafo[2], parrafo[1]
    elif cambio == "orden" and 0 < i < len(lineas) - 1:
        lineas[i - 1], lineas[i] = lineas[i], lineas[i - 1]
    else:
        return False
    return True


def _con_sinonimos(oracion: str, sinonimos: dict, azar: Azar) -> str:
    """Cambia dos de cada tres palabras que tienen sinónimo."""
    palabras = oracion.split(" ")
    return " ".join(
        sinonimos[p] if p in sinonimos and azar.entero(3) else p for p in palabras
    )


def casi_igual(texto: str, sinonimos: dict, azar: Azar) -> tuple[str, list[str]]:
    """Un casi duplicado: palabras cambiadas, oraciones fuera o movidas, final cortado.

    Devuelve el texto y las clases de cambio que lleva. Unos cambian poco y otros mucho.
    """
    lineas = [linea.split(". ") for linea in texto.split("\n")]
    hechos, minimo = set(), 0.6 * len(texto.split())
    for _ in range(azar.elegir([1, 1, 2, 4, 8, 12])):
        if sum(len(o.split()) for linea in lineas for o in linea) < minimo:
            break  # con menos sería otro texto
        cambio = azar.elegir(["palabras", "oración fuera", "orden", "corte"])
        if _cambiar(lineas, cambio, sinonimos, azar):
            hechos.add(cambio)
    nuevo = "\n".join(". ".join(oraciones) for oraciones in lineas)
    if nuevo == texto:
        nuevo, hechos = texto.rsplit("\n", 1)[0], {"corte"}
    return nuevo, sorted(hechos)
