"""Las reglas de estilo de un cuaderno.

Cada regla es una función pura `regla(cuaderno, ruta) -> list[str]`: lo que hay que
corregir, en español, con la celda. La lista vacía dice que todo está bien.
"""

from collections.abc import Callable

REGLAS: dict[str, Callable] = {}


def regla(funcion: Callable) -> Callable:
    """Registra una regla con el nombre de su función."""
    REGLAS[funcion.__name__] = funcion
    return funcion


from . import celdas, ejercicios, estructura, prosa, salidas  # noqa: E402, F401
