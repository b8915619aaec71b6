"""Los pisos de variedades: lo que se acierta en un par sin entender la oración.

    python -m herramientas.datos.pisos CARPETA

Cuenta en el corpus de `semilla` (CARPETA, los .jsonl.gz) las palabras que cambian de
una oración a otra y las guarda en frecuencias_variedades.json. Con ese archivo,
contar_variedades calcula los pisos, sin el corpus.
"""

from __future__ import annotations

import gzip
import json
import math
import re
import sys
from collections import Counter
from pathlib import Path

from herramientas.archivos import guardar_json
from taller.conjuntos.variedades import construir_variedades

FRECUENCIAS = Path(__file__).parent / "frecuencias_variedades.json"
LARGOS = (1, 2, 3, 4)  # de cuántas letras son las terminaciones que se miran


def palabras(texto: str) -> list[str]:
    """Las palabras de un texto, en minúscula."""
    return re.findall(r"[^\W\d_]+", texto.lower())


def cambio(par: dict) -> tuple[list[str], list[str]]:
    """Las palabras que están en una oración del par y no en la otra."""
    buena, mala = (Counter(palabras(par[lado])) for lado in ("buena", "mala"))
    return list((buena - mala).elements()), list((mala - buena).elements())


def frecuencia(pares: list[dict], veces: dict[str, int]) -> list[float]:
    """Elegir la oración de palabras más frecuentes; un empate vale media."""

    def puntos(lista: list[str]) -> float:
        return sum(math.log(veces.get(p, 0) + 1) for p in lista) / max(1, len(lista))

    return [_gana(*map(puntos, cambio(par))) for par in pares]


def terminaciones(pares: list[dict]) -> list[float]:
    """Elegir por cómo terminan las palabras, aprendido de los demás marcos.

    De cada terminación se cuenta cuántas veces es buena y mala en los pares de otros
    marcos, y se suman los logaritmos de los cocientes. No mira el resto de la oración.
    """
    buenas, malas, por_marco = Counter(), Counter(), {}
    rasgos = []
    for par in pares:
        lados = [
            Counter(p[-n:] for p in lista for n in LARGOS if len(p) >= n)
            for lista in cambio(par)
        ]
        rasgos.append(lados)
        buenas += lados[0]
        malas += lados[1]
        suyos = por_marco.setdefault(par["marco"], [Counter(), Counter()])
        suyos[0] += lados[0]
        suyos[1] += lados[1]
    salida = []
    for par, lados in zip(pares, rasgos, strict=True):
        suyas, ajenas = por_marco[par["marco"]]

        def puntos(lado: Counter, suyas=suyas, ajenas=ajenas) -> float:
            return sum(
                math.log((buenas[t] - suyas[t] + 0.5) / (malas[t] - ajenas[t] + 0.5))
                for t in lado.elements()
            )

        salida.append(_gana(*map(puntos, lados)))
    return salida


def largo(pares: list[dict]) -> list[float]:
    """Elegir la oración más larga, en letras; un empate vale media."""
    return [_gana(len(par["buena"]), len(par["mala"])) for par in pares]


def _gana(buena: float, mala: float) -> float:
    if math.isclose(buena, mala, abs_tol=1e-9):
        return 0.5
    return float(buena > mala)


def medir(pares: list[dict]) -> dict[str, float | None]:
    """El piso de unos pares: la parte que acierta cada regla.

    De la frecuencia y del largo vale la regla o su contraria, la que acierte más; por
    eso no bajan de 0,5. El corpus está en español: de un par en portugués la frecuencia
    es None.
    """
    veces = json.loads(FRECUENCIAS.read_text(encoding="utf-8"))["veces"]
    medias = {
        "frecuencia": frecuencia(pares, veces),
        "terminaciones": terminaciones(pares),
        "largo": largo(pares),
    }
    pisos = {nombre: sum(v) / len(v) for nombre, v in medias.items()}
    for nombre in ("frecuencia", "largo"):
        pisos[nombre] = max(pisos[nombre], 1 - pisos[nombre])
    if pares[0]["zonas"] == ["BR"]:
        pisos["frecuencia"] = None
    return {nombre: v if v is None else round(v, 4) for nombre, v in pisos.items()}


def contar(carpeta: Path) -> dict:
    """Cuántas veces está en el corpus cada palabra que cambia en algún par."""
    pares = [par for filas in construir_variedades().values() for par in filas]
    buscadas = {p for par in pares for lado in cambio(par) for p in lado}
    veces, total = Counter(), 0
    archivos = sorted(carpeta.glob("*.jsonl.gz"))
    if not archivos:
        raise SystemExit("No hay archivos .jsonl.gz en esa carpeta.")
    for archivo in archivos:
        with gzip.open(archivo, "rt", encoding="utf-8") as lineas:
            for linea in lineas:
                suyas = palabras(json.loads(linea)["texto"])
                total += len(suyas)
                veces.update(p for p in suyas if p in buscadas)
    return {
        "archivos": [archivo.name for archivo in archivos],
        "palabras": total,
        "veces": {p: veces[p] for p in sorted(buscadas)},
    }


if __name__ == "__main__":
    guardar_json(FRECUENCIAS, contar(Path(sys.argv[1])))
