"""Huellas que dicen si las salidas guardadas de un cuaderno siguen vigentes.

Una salida depende de cuatro cosas: el código del cuaderno, el módulo `taller`, los
datos y los pesos de `semilla`. De cada una se guarda un sha256 al ejecutar.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from nbformat import NotebookNode

from herramientas.archivos import RAIZ
from herramientas.cuadernos.leer import de_codigo, etiquetas

BINARIOS = {".safetensors", ".gz", ".npz", ".npy", ".bin", ".png", ".zip", ".parquet"}

QUE_CAMBIO = {
    "codigo": "el código del cuaderno",
    "taller": "el módulo taller",
    "datos": "los datos (taller/recursos/datos)",
    "pesos": "los pesos de semilla (taller/recursos/semilla)",
}


def _sha(texto: str) -> str:
    return hashlib.sha256(texto.encode()).hexdigest()


def de_archivos(archivos: list[Path], base: Path) -> str:
    """sha256 de nombres y contenidos. No depende del orden ni del fin de línea."""
    suma = hashlib.sha256()
    for ruta in sorted(archivos):
        contenido = ruta.read_bytes()
        if ruta.suffix not in BINARIOS:
            contenido = contenido.replace(b"\r\n", b"\n")
        suma.update(ruta.relative_to(base).as_posix().encode() + b"\0")
        suma.update(hashlib.sha256(contenido).digest())
    return suma.hexdigest()


def de_codigo_del(cuaderno: NotebookNode) -> str:
    """sha256 de las celdas de código y sus etiquetas.

    La celda `instalar` no cuenta: fuera de Colab no hace nada, y así una versión
    nueva no obliga a ejecutar todo el curso.
    """
    partes = []
    for celda in de_codigo(cuaderno):
        marcas = etiquetas(celda)
        fuente = "" if "instalar" in marcas else celda.source
        partes.append([celda.id, fuente, sorted(marcas)])
    return _sha(json.dumps(partes, ensure_ascii=False))


def _archivos_de_taller(nombre: str, raiz: Path) -> list[Path]:
    """Los .py de taller; de las comprobaciones, solo las de esta lección."""
    lista = []
    for ruta in (raiz / "taller").rglob("*.py"):
        leccion = re.fullmatch(r"e(\d\d)", ruta.stem)
        ajena = leccion and not nombre.startswith(leccion[1])
        if ruta.parent.name == "ejercicios" and ajena:
            continue
        lista.append(ruta)
    return lista


def _recursos(carpeta: Path) -> list[Path]:
    """Los archivos de una carpeta, sin sus fichas (.md): no cambian una salida."""
    return [
        r
        for r in carpeta.rglob("*")
        if r.is_file()
        and r.suffix != ".md"
        and not any(p.startswith((".", "__pycache__")) for p in r.parts[-3:])
    ]


def calcular(cuaderno: NotebookNode, nombre: str, raiz: Path = RAIZ) -> dict[str, str]:
    """Las cuatro huellas de hoy para el cuaderno llamado `nombre` (sin .ipynb)."""
    recursos = raiz / "taller" / "recursos"
    return {
        "codigo": de_codigo_del(cuaderno),
        "taller": de_archivos(_archivos_de_taller(nombre, raiz), raiz),
        "datos": de_archivos(_recursos(recursos / "datos"), raiz),
        "pesos": de_archivos(_recursos(recursos / "semilla"), raiz),
    }


def motivos(cuaderno: NotebookNode, nombre: str, raiz: Path = RAIZ) -> list[str]:
    """Por qué las salidas ya no corresponden; lista vacía si están al día."""
    guardada = cuaderno.metadata.get("taller", {}).get("huella")
    if not guardada:
        return ["nunca se ejecutó con herramientas/cuadernos/ejecutar.py"]
    hoy = calcular(cuaderno, nombre, raiz)
    return [
        f"cambió {QUE_CAMBIO[k]}"
        if k != "pesos" and k != "datos"
        else f"cambiaron {QUE_CAMBIO[k]}"
        for k in hoy
        if guardada.get(k) != hoy[k]
    ]
