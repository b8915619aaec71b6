"""Una sola tarjeta, aunque la máquina preste dos, como Kaggle.

Con dos a la vista, el Trainer reparte cada lote por su cuenta (DataParallel), y eso no
funciona con pesos en 4 bits. CUDA mira la variable al arrancar: por eso se fija al
importar `taller`, antes que torch.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

VARIABLE = "CUDA_VISIBLE_DEVICES"


def cuantas() -> int:
    """Las tarjetas NVIDIA que ve este equipo, sin cargar torch; 0 si no se sabe."""
    programa = shutil.which("nvidia-smi")
    if programa is None:
        return 0
    try:
        hecho = subprocess.run(
            [programa, "-L"], capture_output=True, text=True, timeout=20
        )
    except (OSError, subprocess.SubprocessError):
        return 0
    return sum(linea.startswith("GPU ") for linea in hecho.stdout.splitlines())


def dejar_una() -> str:
    """Deja a la vista la primera tarjeta si hay varias. Devuelve lo que hizo, o nada.

    Respeta CUDA_VISIBLE_DEVICES y los programas que reparten un proceso por tarjeta.
    """
    if VARIABLE in os.environ or "LOCAL_RANK" in os.environ or (hay := cuantas()) < 2:
        return ""
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        return (
            f"Hay {hay} tarjetas y torch ya las usa: reinicia el núcleo y ejecuta esta "
            "celda antes que otra, para usar solo una."
        )
    os.environ[VARIABLE] = "0"
    return (
        f"Hay {hay} tarjetas y el curso usa una: repartir el modelo entre varias no "
        "funciona con pesos en 4 bits."
    )
