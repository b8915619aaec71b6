"""Cuenta los pares de tratamientos y pone al día su archivo de cifras y su ficha.

Uso: python -m herramientas.datos.contar_tratamientos [--corpus CARPETA]
Escribe resultados/tratamientos.json y la tabla de book/ficha_tratamientos.md. Con
--corpus cuenta también cuántas veces trae el corpus de `semilla` las formas de cada
verbo; sin él, deja las cuentas guardadas.
"""

import argparse
import json
import re
import statistics
from collections import Counter
from pathlib import Path

from herramientas.datos import fichas
from herramientas.semilla.datos import leer_carpeta, manual_de_verbos
from taller.conjuntos.tratamientos import DIRECCIONES, construir_tratamientos
from taller.errores import ErrorDelTaller
from taller.verbos.conjugacion import PERSONAS, TIEMPOS, conjugar

CIFRAS, FICHA = fichas.cifras_y_ficha("tratamientos")
TILDES = {"validacion": "validación", "nunca_leidos": "nunca leídos"}


def formas(verbo: str) -> set[str]:
    """Las formas de un verbo en las seis personas y los ocho tiempos, sin pronombre."""
    base, todas = verbo.removesuffix("se"), set()
    for persona in PERSONAS:
        for tiempo in TIEMPOS:
            try:
                todas.add(conjugar(base, persona, tiempo))
            except ErrorDelTaller:  # «haber» no tiene imperativo
                continue
    return todas


def contar_en_corpus(carpeta: Path, verbos: set[str]) -> dict[str, int]:
    """Cuántas veces trae el corpus alguna forma de cada verbo.

    Cuenta palabras iguales, así que «sierra» o «fotocopia» suman aunque sean nombres.
    """
    palabras: Counter[str] = Counter()
    for _, texto in leer_carpeta(carpeta):
        palabras.update(re.findall(r"[^\W\d_]+", texto.lower()))
    return {v: sum(palabras[forma] for forma in formas(v)) for v in sorted(verbos)}


def contar(corpus: Path | None = None) -> dict:
    """Cifras de cada partición: pares por destino, verbos por clase, palabras.

    Argumentos: `corpus`, la carpeta que leyó `semilla`; si no se da, se conservan las
    cuentas guardadas, y el programa termina con una frase si ya no son de estos verbos.
    """
    pares = construir_tratamientos()
    en_manual = {verbo for formas in manual_de_verbos().values() for verbo in formas}
    verbos = {fila["verbo"] for filas in pares.values() for fila in filas}
    veces = contar_en_corpus(corpus, verbos) if corpus else {}
    guardadas = {} if corpus else json.loads(CIFRAS.read_text(encoding="utf-8"))
    cifras = {}
    for parte, filas in pares.items():
        suyos = {fila["verbo"]: fila["clase"] for fila in filas}
        palabras = sum(len(fila["origen"].split()) for fila in filas)
        cifras[parte] = {
            "pares": len(filas),
            "direcciones": {
                f"{de} → {a}": sum((f["de"], f["a"]) == (de, a) for f in filas)
                for de, a in DIRECCIONES
            },
            "dobles": sum(fila["marco"].startswith("doble") for fila in filas),
            "coletillas": sum(bool(fila["coletilla"]) for fila in filas),
            "tiempos": dict(sorted(Counter(f["tiempo"] for f in filas).items())),
            "verbos": len(suyos),
            "clases": dict(sorted(Counter(suyos.values()).items())),
            "marcos": len({fila["marco"] for fila in filas}),
            "palabras_por_oracion": round(palabras / len(filas), 2),
            "verbos_en_el_manual": sum(
                v.removesuffix("se") in en_manual for v in suyos
            ),
            "corpus": _del_corpus(parte, suyos, veces, guardadas.get(parte, {})),
        }
    return cifras


def _del_corpus(parte: str, verbos: dict, veces: dict, guardada: dict) -> dict:
    """Mediana de las veces de los verbos de una partición.

    De los nunca leídos, también las de cada uno.
    """
    if not veces:
        cuentas = guardada.get("corpus")
        if not cuentas or set(cuentas.get("veces", verbos)) != set(verbos):
            raise SystemExit(
                f"Las cuentas guardadas no son de los verbos de {parte}. Corre el "
                "programa con --corpus y la carpeta del corpus de semilla."
            )
        return cuentas
    suyas = {verbo: veces[verbo] for verbo in sorted(verbos)}
    cuentas = {"mediana": statistics.median(suyas.values())}
    return cuentas | ({"veces": suyas} if parte == "nunca_leidos" else {})


def tabla(cifras: dict) -> str:
    """La tabla de la ficha, en Markdown."""
    nombres = " | ".join(TILDES.get(n, n.replace("_", " ")) for n in cifras)
    filas = [f"| medida | {nombres} |", "|---|" + "---:|" * len(cifras)]

    def agregar(nombre: str, valores: list) -> None:
        filas.append(f"| {nombre} | " + " | ".join(str(v) for v in valores) + " |")

    partes = list(cifras.values())
    agregar("pares", [p["pares"] for p in partes])
    for direccion in partes[0]["direcciones"]:
        agregar(f"pares {direccion}", [p["direcciones"][direccion] for p in partes])
    agregar("pares con marco doble", [p["dobles"] for p in partes])
    agregar("pares con coletilla", [p["coletillas"] for p in partes])
    agregar("verbos", [p["verbos"] for p in partes])
    for nombre in sorted({c for p in partes for c in p["clases"]}):
        agregar(f"verbos: {nombre}", [p["clases"].get(nombre, 0) for p in partes])
    agregar("verbos que semilla estudió", [p["verbos_en_el_manual"] for p in partes])
    medianas = [f"{p['corpus']['mediana']:.0f}" for p in partes]
    agregar("veces en su corpus, mediana", medianas)
    agregar("marcos", [p["marcos"] for p in partes])
    medias = [f"{p['palabras_por_oracion']:.1f}".replace(".", ",") for p in partes]
    agregar("palabras por oración", medias)
    return "\n".join(filas)


if __name__ == "__main__":
    lector = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    lector.add_argument("--corpus", type=Path, help="carpeta con los .jsonl.gz")
    cifras = contar(lector.parse_args().corpus)
    fichas.poner_al_dia("tratamientos", cifras, {"": tabla(cifras)})
