"""Busca textos casi iguales por sus tríos de palabras, con un índice invertido."""

import re
from collections import Counter, defaultdict


def tejas(texto: str, largo: int = 3) -> set[tuple[str, ...]]:
    """Los grupos de `largo` palabras seguidas, sin signos ni mayúsculas."""
    palabras = re.findall(r"\w+", texto.lower())
    return {
        tuple(palabras[i : i + largo]) for i in range(max(1, len(palabras) - largo + 1))
    }


def jaccard(uno: set, otro: set) -> float:
    """Qué parte de lo que hay en los dos conjuntos tienen en común."""
    return len(uno & otro) / max(1, len(uno | otro))


def parecidos(textos: dict[str, str], umbral: float) -> list[tuple[str, str, float]]:
    """Los pares de claves cuyos textos tienen un Jaccard de `umbral` o más."""
    conjuntos = {clave: tejas(texto) for clave, texto in textos.items()}
    indice = defaultdict(list)
    pares = []
    for clave, conjunto in conjuntos.items():
        comunes = Counter(otra for teja in conjunto for otra in indice[teja])
        for otra, en_comun in comunes.items():
            total = len(conjunto) + len(conjuntos[otra]) - en_comun
            if en_comun / total >= umbral:
                pares.append((otra, clave, en_comun / total))
        for teja in conjunto:
            indice[teja].append(clave)
    return pares
