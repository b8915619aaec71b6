"""Los conjuntos de datos del curso, como objetos de `datasets`."""

from __future__ import annotations

from collections.abc import Callable

from ..errores import ErrorDelTaller


def _tratamientos() -> dict[str, list[dict]]:
    from .tratamientos import construir_tratamientos

    return construir_tratamientos()


def _libres() -> dict[str, list[dict]]:
    from .libres import construir_libres

    return construir_libres()


def _variedades() -> dict[str, list[dict]]:
    from .variedades import construir_variedades

    return construir_variedades()


def _corpus_co() -> dict[str, list[dict]]:
    from .corpus import construir_corpus_co

    return construir_corpus_co()


def _corpus_co_sucio() -> dict[str, list[dict]]:
    from .corpus_sucio import construir_corpus_co_sucio

    return construir_corpus_co_sucio()


def _registros() -> dict[str, list[dict]]:
    from .corpus import construir_registros

    return construir_registros()


def _finanzas(parte: str) -> Callable[[], dict[str, list[dict]]]:
    def construir() -> dict[str, list[dict]]:
        from .finanzas import construir_finanzas

        return construir_finanzas(parte)

    return construir


CONJUNTOS = {
    "tratamientos": _tratamientos,
    "libres": _libres,
    "variedades": _variedades,
    "corpus_co": _corpus_co,
    "corpus_co_sucio": _corpus_co_sucio,
    "registros": _registros,
    "finanzas_sentimiento": _finanzas("sentimiento"),
    "finanzas_entidades": _finanzas("entidades"),
    "finanzas_preguntas": _finanzas("preguntas"),
}


def cargar_datos(nombre: str):
    """Carga un conjunto del curso, con sus particiones.

    Argumentos: `nombre`; una de las claves de CONJUNTOS, como «tratamientos».
    Devuelve un `datasets.DatasetDict`.
    Errores: ErrorDelTaller si no existe, o si un archivo de datos tiene una línea mala
    (la frase dice archivo y línea).
    """
    from datasets import Dataset, DatasetDict

    if nombre not in CONJUNTOS:
        raise ErrorDelTaller(
            f"No existe el conjunto «{nombre}». Los que hay: {', '.join(CONJUNTOS)}."
        )
    partes = CONJUNTOS[nombre]()
    return DatasetDict(
        {parte: Dataset.from_list(filas) for parte, filas in partes.items()}
    )
