"""Lee los pares mínimos para lm-evaluation-harness, de los mismos archivos del curso.

No importa `taller`: basta con tener juntas las carpetas `lm_eval` y `datos`.
"""

import json
from pathlib import Path

from datasets import Dataset

DATOS = Path(__file__).resolve().parents[2] / "datos" / "variedades"


def leer(particion: str, fenomeno: str, **_) -> dict[str, Dataset]:
    """Los pares de un fenómeno; los argumentos vienen de `dataset_kwargs`."""
    with (DATOS / f"{particion}.jsonl").open(encoding="utf-8") as archivo:
        filas = [json.loads(linea) for linea in archivo if linea.strip()]
    elegidas = [fila for fila in filas if fila["fenomeno"] == fenomeno]
    return {"test": Dataset.from_list(elegidas)}
