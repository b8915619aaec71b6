"""Abre JupyterLab en una copia de los cuadernos, en un curso instalado sin red.

    python -m herramientas.usb.abrir

Lo llaman `abrir.sh` y `abrir.bat`, que deja el instalador. Hace lo que `make lab` sin
preparar el entorno, que ya vino en el paquete.
"""

from __future__ import annotations

import os
import subprocess
import sys

from herramientas.archivos import NOTEBOOKS, RAIZ
from herramientas.copia import CARPETA, copiar
from herramientas.tareas import ESPERA_CORTA


def principal(argumentos: list[str]) -> int:
    """Copia los cuadernos que falten y abre JupyterLab; devuelve su código."""
    abre = RAIZ / CARPETA
    for frase in copiar(str(NOTEBOOKS), str(abre)):
        print(frase, flush=True)
    print("Abro JupyterLab (Ctrl+C para parar).", flush=True)
    ajustes = RAIZ / "herramientas" / "lab"
    orden = [sys.executable, "-m", "jupyterlab", str(abre)]
    orden.append(f"--LabApp.app_settings_dir={ajustes}")
    if getattr(os, "geteuid", lambda: 1)() == 0:
        orden.append("--allow-root")
    fijas = {"HF_HUB_OFFLINE": "1", "PYTHONUTF8": "1"}
    entorno = ESPERA_CORTA | dict(os.environ) | fijas
    return subprocess.call(orden + argumentos, cwd=RAIZ, env=entorno)


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
