"""Dónde está cada cosa del proyecto y cómo se escribe un archivo de una vez.

Solo usa la biblioteca estándar y se puede leer desde Python 3.6: lo necesita tareas.py.
"""

import hashlib
import json
import os
import tempfile
from pathlib import Path

RAIZ = Path(__file__).resolve().parent.parent
NOTEBOOKS = RAIZ / "notebooks"
RECURSOS = RAIZ / "taller" / "recursos"
RESULTADOS = RECURSOS / "resultados"
SEMILLA = RECURSOS / "semilla"
ADAPTADOR = RECURSOS / "adaptador"


def escribir_texto(ruta, texto: str) -> None:
    """Reemplaza un archivo de una vez: si algo corta el programa, queda el viejo.

    Argumentos: `ruta`, del archivo; su carpeta se crea si falta. `texto` se escribe en
    UTF-8 y con fin de línea «\\n».
    """
    ruta = Path(str(ruta))
    ruta.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporal = tempfile.mkstemp(
        dir=str(ruta.parent), prefix="." + ruta.name + ".", suffix=".tmp"
    )
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as archivo:
            archivo.write(texto)
            archivo.flush()
            os.fsync(archivo.fileno())
        os.chmod(temporal, 0o644)
        os.replace(temporal, str(ruta))
    except BaseException:
        if os.path.exists(temporal):
            os.remove(temporal)
        raise


def guardar_json(ruta, datos: dict, sangria: int = 1) -> None:
    """Escribe un JSON de una vez, legible y en UTF-8."""
    texto = json.dumps(datos, ensure_ascii=False, indent=sangria, allow_nan=False)
    escribir_texto(ruta, texto + "\n")


def sello(ruta) -> str:
    """SHA-256 del contenido de un archivo, en hexadecimal."""
    return hashlib.sha256(Path(str(ruta)).read_bytes()).hexdigest()
