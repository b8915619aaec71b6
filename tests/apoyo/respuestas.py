"""Las pruebas de una comprobación: qué contesta a respuestas buenas y a malas.

La prueba de cada lección escribe las respuestas y guarda las tres pruebas:

    test_otros_estilos, test_pistas, test_hay_bastantes = pruebas_de(BUENAS, ERRORES)
"""

import re
from collections import Counter

import pytest

# Lo menos que se prueba de cada ejercicio.
CUANTAS_BUENAS, CUANTOS_ERRORES = 3, 6
EN_INGLES = re.compile(r"\b(object|argument|must|expected|cannot|takes|Traceback)\b")


def _ids(filas: list[tuple]) -> list[str]:
    vistos: Counter = Counter()
    nombres = []
    for ejercicio, *_ in filas:
        vistos[ejercicio] += 1
        nombres.append(f"{ejercicio}-{vistos[ejercicio]}")
    return nombres


def pruebas_de(buenas, errores: list[tuple]) -> tuple:
    """Tres pruebas: las buenas valen, cada error recibe su pista, y hay bastantes.

    Argumentos: `buenas`, pares (ejercicio, respuesta) o un diccionario de ejercicio a
    respuestas; `errores`, tríos (ejercicio, respuesta, parte de la pista).
    """
    from taller.ejercicios import revisar

    if isinstance(buenas, dict):
        buenas = [(e, f) for e, funciones in buenas.items() for f in funciones]

    @pytest.mark.parametrize(("ejercicio", "respuesta"), buenas, ids=_ids(buenas))
    def otros_estilos(ejercicio, respuesta):
        pista = revisar(ejercicio, respuesta)
        assert pista is None, f"no dio por buena una respuesta que lo es: {pista}"

    @pytest.mark.parametrize(
        ("ejercicio", "respuesta", "pista"), errores, ids=_ids(errores)
    )
    def pistas(ejercicio, respuesta, pista):
        dicha = revisar(ejercicio, respuesta)
        assert dicha is not None, f"dio por buena la que debía decir «{pista}»"
        assert pista in dicha, f"«{pista}»: dijo {dicha!r}"
        assert not EN_INGLES.search(dicha), f"pista en inglés: {dicha!r}"

    def hay_bastantes():
        bien, mal = Counter(e for e, _ in buenas), Counter(e for e, *_ in errores)
        assert bien and set(bien) == set(mal)
        assert min(bien.values()) >= CUANTAS_BUENAS, bien
        assert min(mal.values()) >= CUANTOS_ERRORES, mal
        assert all(pista for _, _, pista in errores), "un error sin pista"

    return otros_estilos, pistas, hay_bastantes
