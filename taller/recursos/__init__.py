"""Lo que viaja con el paquete: `semilla`, su adaptador, los datos y las medidas."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from ..errores import ErrorDelTaller

CARPETA = Path(__file__).parent
DATOS = CARPETA / "datos"
RESULTADOS = CARPETA / "resultados"
REGISTRO = "huellas.json"
BASE = "base"  # en el registro del adaptador, el SHA-256 de los pesos que ajusta
REMEDIO = "Vuelve a instalar el curso (la primera celda del cuaderno lo hace en Colab)."


def ruta_semilla(carpeta: Path | None = None) -> Path:
    """Carpeta de `semilla`, después de comprobar el SHA-256 de cada archivo.

    Argumentos: `carpeta`, otra copia del modelo (por defecto, la del paquete).
    Errores: ErrorDelTaller si falta un archivo o no es el que se publicó.
    """
    return _comprobada(carpeta or CARPETA / "semilla", "modelo semilla", "model")


def ruta_adaptador(carpeta: Path | None = None) -> Path:
    """Carpeta del adaptador de la lección 10, comprobada como la de `semilla`.

    Argumentos: `carpeta`, otra copia (por defecto, la del paquete).
    Errores: ErrorDelTaller si falta un archivo, si no es el que se publicó, o si se
    ajustó sobre otros pesos de `semilla`.
    """
    carpeta = _comprobada(carpeta or CARPETA / "adaptador", "adaptador", "adapter")
    base = _leer_registro(carpeta, "adaptador").get(BASE)
    pesos = _leer_registro(CARPETA / "semilla", "modelo semilla")
    if base != pesos.get("model.safetensors"):
        raise ErrorDelTaller(
            f"El adaptador se ajustó sobre otros pesos de semilla. {REMEDIO}"
        )
    return carpeta


def _leer_registro(carpeta: Path, que: str) -> dict[str, str]:
    """Las huellas de una carpeta; ErrorDelTaller si faltan o están dañadas."""
    registro = carpeta / REGISTRO
    if not registro.is_file():
        raise ErrorDelTaller(f"Falta el {que} ({registro.name}). {REMEDIO}")
    try:
        datos = json.loads(registro.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as causa:
        raise _danado(que) from causa
    textos = isinstance(datos, dict) and all(isinstance(v, str) for v in datos.values())
    if not textos:
        raise _danado(que)
    return datos


def _danado(que: str) -> ErrorDelTaller:
    return ErrorDelTaller(f"El registro del {que} ({REGISTRO}) está dañado. {REMEDIO}")


def _comprobada(carpeta: Path, que: str, pesos: str) -> Path:
    """La carpeta, si están todos los archivos de su registro y son los publicados."""
    registro = _leer_registro(carpeta, que)
    if not any(n.startswith(pesos) and n.endswith(".safetensors") for n in registro):
        raise _danado(que)  # sin los pesos en el registro no se comprobaría nada
    for nombre, esperada in registro.items():
        archivo = carpeta / nombre
        if nombre == BASE:
            continue
        if not archivo.is_file():
            raise ErrorDelTaller(f"Falta {nombre} del {que}. {REMEDIO}")
        if hashlib.sha256(archivo.read_bytes()).hexdigest() != esperada:
            raise ErrorDelTaller(
                f"El archivo {nombre} del {que} está dañado. {REMEDIO}"
            )
    return carpeta
