"""Los conjuntos de datos del curso, como objetos de `datasets`."""

from __future__ import annotations

from .errores import ErrorDelTaller


def _tratamientos() -> dict[str, list[dict]]:
    from .tratamientos import construir_tratamientos

    return construir_tratamientos()


def _variedades() -> dict[str, list[dict]]:
    from .variedades import construir_variedades

    return construir_variedades()


CONJUNTOS = {
    "tratamientos": _tratamientos,
    "variedades": _variedades,
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
