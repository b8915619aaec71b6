"""Lo que viaja con el paquete: el modelo `semilla` y los datos del curso."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from ..errores import ErrorDelTaller

CARPETA = Path(__file__).parent
REMEDIO = "Vuelve a instalar el curso (la primera celda del cuaderno lo hace en Colab)."


def ruta_semilla(carpeta: Path | None = None) -> Path:
    """Carpeta de `semilla`, después de comprobar el SHA-256 de cada archivo.

    Argumentos: `carpeta`, otra copia del modelo (por defecto, la del paquete).
    Errores: ErrorDelTaller si falta un archivo o no es el que se publicó.
    """
    carpeta = carpeta or CARPETA / "semilla"
    registro = carpeta / "huellas.json"
    if not registro.is_file():
        raise ErrorDelTaller(f"Falta el modelo semilla ({registro.name}). {REMEDIO}")
    for nombre, esperada in json.loads(registro.read_text()).items():
        archivo = carpeta / nombre
        if not archivo.is_file():
            raise ErrorDelTaller(f"Al modelo semilla le falta {nombre}. {REMEDIO}")
        if hashlib.sha256(archivo.read_bytes()).hexdigest() != esperada:
            raise ErrorDelTaller(
                f"El archivo {nombre} de semilla está dañado. {REMEDIO}"
            )
    return carpeta
