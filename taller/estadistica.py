"""Cuánto creerle a una proporción medida sobre n casos."""

from __future__ import annotations


def intervalo(aciertos: int, n: int) -> tuple[float, float, float]:
    """Proporción e intervalo de Wilson del 95 %.

    Argumentos: `aciertos` de `n` casos independientes.
    Devuelve (proporción, límite inferior, límite superior), entre 0 y 1.
    Errores: ValueError si n no es positivo o los aciertos no caben en n.
    Fuente: Wilson (1927), con `scipy.stats.binomtest`.
    """
    from scipy.stats import binomtest

    if n <= 0 or not 0 <= aciertos <= n:
        raise ValueError(
            f"Con {aciertos} aciertos de {n} casos no hay proporción que medir."
        )
    limites = binomtest(int(aciertos), int(n)).proportion_ci(0.95, method="wilson")
    return aciertos / n, limites.low, limites.high
