"""Cuenta corpus_co, sus voces, su copia sucia y registros; pone al día su ficha.

Uso: python -m herramientas.datos.contar_corpus_co
Escribe resultados/corpus_co.json y las tablas de book/ficha_corpus_co.md.
"""

import re
from collections import Counter
from statistics import mean, pstdev

from herramientas.datos import fichas
from taller.conjuntos.corpus import (
    REGIONES,
    REGISTROS,
    REGISTROS_CO,
    construir_corpus_co,
    construir_registros,
    leer_corpus_co,
)
from taller.conjuntos.corpus_sucio import PROBLEMAS, construir_corpus_co_sucio
from taller.conjuntos.voces import VOCES, leer_voces

CIFRAS, FICHA = fichas.cifras_y_ficha("corpus_co")
GRUPOS = {
    "corpus_co": {"registro": REGISTROS_CO, "region": REGIONES},
    "registros": {"registro": REGISTROS},
}


def _contar(filas: list[dict]) -> dict:
    return {
        "textos": len(filas),
        "palabras": sum(len(fila["texto"].split()) for fila in filas),
    }


def _contar_partes(partes: dict[str, list[dict]], grupos: dict[str, tuple]) -> dict:
    """Textos y palabras de cada partición, en total y por cada valor de los campos."""
    return {
        parte: _contar(filas)
        | {
            campo: {v: _contar([f for f in filas if f[campo] == v]) for v in valores}
            for campo, valores in grupos.items()
        }
        for parte, filas in partes.items()
    }


def _contar_sucio(filas: list[dict]) -> dict:
    """Cuántas filas llevan cada problema, y cuántos datos personales de cada tipo."""
    verdades = [fila["verdad"] for fila in filas]
    problemas = Counter(p for verdad in verdades for p in verdad["problemas"])
    tipos = Counter(d["tipo"] for v in verdades for d in v["datos_personales"])
    return {
        "filas": len(filas),
        "sin_problemas": sum(not verdad["problemas"] for verdad in verdades),
        "problemas": {problema: problemas[problema] for problema in PROBLEMAS},
        "datos_personales": dict(sorted(tipos.items())),
        "senuelos": sum(len(verdad["senuelos"]) for verdad in verdades),
        "idiomas": dict(sorted(Counter(v["idioma"] for v in verdades).items())),
    }


def _final_corto(texto: str) -> bool:
    """Si la última oración tiene doce palabras o menos: suele ser un remate."""
    return len(re.split(r"(?<=[.?!…])\s+", texto.strip())[-1].split()) <= 12


def _molde(filas: list[dict]) -> dict:
    """Cuánto se parecen los textos por fuera: su largo y cómo acaban."""
    largos = [len(fila["texto"].split()) for fila in filas]
    return {
        "menos_palabras": min(largos),
        "mas_palabras": max(largos),
        "media": round(mean(largos)),
        "desviacion": round(pstdev(largos)),
        "final_corto": round(mean(_final_corto(f["texto"]) for f in filas), 3),
    }


def _contar_voces(antes: list[dict]) -> dict:
    """Los textos nuevos por voz, y su molde junto al de los de antes."""
    nuevos = leer_voces()
    return {
        "todo": _contar(nuevos),
        "voz": {
            v: _contar([f for f in nuevos if f["voz"] == v])
            for v in VOCES
            if v != "tradicional"
        },
        "molde": {"corpus_co": _molde(antes), "voces": _molde(nuevos)},
    }


def contar() -> dict:
    """Cifras de los cuatro conjuntos."""
    return {
        "corpus_co": _contar_partes(construir_corpus_co(), GRUPOS["corpus_co"]),
        "registros": _contar_partes(construir_registros(), GRUPOS["registros"]),
        "voces": _contar_voces(leer_corpus_co()),
        "corpus_co_sucio": _contar_sucio(construir_corpus_co_sucio()["todo"]),
    }


def _fila(*celdas) -> str:
    return "| " + " | ".join(map(str, celdas)) + " |"


def _tabla_partes(conjunto: str, partes: dict) -> list[str]:
    """Textos y palabras por partición; abajo, por cada campo."""
    titulos = [f"{parte}, {que}" for parte in partes for que in ("textos", "palabras")]
    lineas = [_fila(conjunto, *titulos), "|---|" + "---:|" * len(titulos)]

    def agregar(nombre: str, cuentas: list[dict]) -> None:
        celdas = [c[que] for c in cuentas for que in ("textos", "palabras")]
        lineas.append(_fila(nombre, *celdas))

    agregar("**todo**", list(partes.values()))
    for campo, valores in GRUPOS[conjunto].items():
        for valor in valores:
            cuentas = [parte[campo][valor] for parte in partes.values()]
            agregar(f"{campo}: `{valor}`", cuentas)
    return lineas


def _tabla_voces(voces: dict) -> list[str]:
    """Textos nuevos por voz; abajo, el largo y los finales, antes y ahora."""
    lineas = [_fila("voces", "textos", "palabras"), "|---|---:|---:|"]
    cuentas = {"**todo**": voces["todo"]}
    cuentas |= {f"voz: `{v}`": cuenta for v, cuenta in voces["voz"].items()}
    lineas += [_fila(n, c["textos"], c["palabras"]) for n, c in cuentas.items()]
    lineas += ["", _fila("molde", "corpus_co", "voces"), "|---|---:|---:|"]
    antes, ahora = voces["molde"].values()
    for medida, rotulo in {
        "menos_palabras": "el texto más corto, palabras",
        "mas_palabras": "el más largo",
        "media": "media",
        "desviacion": "desviación",
    }.items():
        lineas.append(_fila(rotulo, antes[medida], ahora[medida]))
    tantos = (f"{100 * m['final_corto']:.0f} %" for m in (antes, ahora))
    return [*lineas, _fila("acaban en una oración de doce palabras o menos", *tantos)]


def tabla(cifras: dict) -> str:
    """Las tablas de la ficha, en Markdown."""
    lineas = _tabla_partes("corpus_co", cifras["corpus_co"])
    lineas += ["", *_tabla_voces(cifras["voces"])]
    lineas += ["", *_tabla_partes("registros", cifras["registros"])]
    sucio = cifras["corpus_co_sucio"]
    lineas += ["", _fila("corpus_co_sucio", "filas"), "|---|---:|"]
    lineas.append(_fila("**todo**", sucio["filas"]))
    lineas.append(_fila("sin ningún problema", sucio["sin_problemas"]))
    lineas += [_fila(f"`{p}`", veces) for p, veces in sucio["problemas"].items()]
    lineas += ["", _fila("dato personal o idioma", "veces"), "|---|---:|"]
    for tipo, veces in sucio["datos_personales"].items():
        lineas.append(_fila(f"`{tipo}`", veces))
    lineas.append(_fila("`senuelo`, que no es personal", sucio["senuelos"]))
    for idioma, veces in sucio["idiomas"].items():
        lineas.append(_fila(f"filas en `{idioma}`", veces))
    return "\n".join(lineas)


if __name__ == "__main__":
    cifras = contar()
    fichas.poner_al_dia("corpus_co", cifras, {"": tabla(cifras)})
