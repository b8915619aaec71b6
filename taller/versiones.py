"""Una línea con las versiones de lo que usa el curso, para copiarla en un aviso.

python -m taller.versiones        en una terminal
%run -m taller.versiones          en una celda de un cuaderno
"""

from __future__ import annotations

import platform
from importlib import metadata

BIBLIOTECAS = (
    "taller",
    "torch",
    "transformers",
    "trl",
    "peft",
    "bitsandbytes",
    "datasets",
)


def version(biblioteca: str) -> str:
    """La versión instalada, o «no está»."""
    try:
        return metadata.version(biblioteca)
    except Exception:  # un paquete a medio instalar falla de muchas maneras
        return "no está"


def gpu() -> str:
    """La tarjeta que ve torch, o por qué no se sabe."""
    try:
        import torch

        if not torch.cuda.is_available():
            return "sin GPU"
        gb = torch.cuda.get_device_properties(0).total_memory / 2**30
        return f"GPU {torch.cuda.get_device_name(0)} de {gb:.0f} GB"
    except Exception:  # torch no está, o su CUDA no corresponde a esta máquina
        return "GPU desconocida: torch no responde"


def linea() -> str:
    """Python, sistema, bibliotecas y GPU, separados por punto y coma."""
    sistema = " ".join(x for x in (platform.system(), platform.machine()) if x)
    partes = [f"Python {platform.python_version()}", sistema or "sistema desconocido"]
    partes += [f"{nombre} {version(nombre)}" for nombre in BIBLIOTECAS]
    return "; ".join([*partes, gpu()])


if __name__ == "__main__":
    print(linea())
