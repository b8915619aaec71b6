"""Cuántos hilos usa PyTorch en la CPU, decidido por lo que la máquina tiene libre.

Con los ajustes de fábrica, los hilos de PyTorch esperan a los demás girando en vacío
(OpenMP). Si otro programa ocupa un núcleo, el que espera le quita el tiempo al que
trabaja, y todo se hunde: en una sala con un solo servidor, varias veces más lento.
Una espera corta lo evita y no cuesta nada con la máquina libre. Está medido en
recursos/resultados/hilos.json, que escribe herramientas/medidas/hilos.py.

La espera solo vale si se fija antes de importar torch. Por eso cada cuaderno importa
`taller` en su primera celda, y `make lab` la pone al abrir JupyterLab.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

# Vueltas de espera de libgomp, el OpenMP del PyTorch de Linux.
ESPERA_CORTA = {"GOMP_SPINCOUNT": "1000"}
PEDIDOS = ("TALLER_HILOS", "OMP_NUM_THREADS")


@dataclass(frozen=True)
class Hilos:
    """Cuántos hilos y por qué. El número 0 deja los que PyTorch trae de fábrica."""

    numero: int
    razon: str

    def __str__(self) -> str:
        import torch

        return f"Hilos en la CPU {torch.get_num_threads()}: {self.razon}"


def nucleos() -> tuple[int, bool]:
    """Los núcleos que este proceso puede usar, y si son menos que los del equipo.

    Cuentan los permitidos y la cuota del grupo de control, que PyTorch no mira.
    """
    todos = permitidos = os.cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):  # no está en macOS ni en Windows
        permitidos = len(os.sched_getaffinity(0))
    try:
        cuota, periodo = Path("/sys/fs/cgroup/cpu.max").read_text().split()
        permitidos = min(permitidos, max(1, round(int(cuota) / int(periodo))))
    except (OSError, ValueError):  # sin grupo, o sin cuota («max»)
        pass
    return permitidos, permitidos < todos


def ocupados() -> int:
    """Cuántos núcleos tienen trabajo ajeno ahora: la menor de cinco miradas."""
    try:
        miradas = []
        for _ in range(5):
            corriendo = Path("/proc/loadavg").read_text().split()[3]
            miradas.append(int(corriendo.split("/")[0]) - 1)  # sin este proceso
            time.sleep(0.01)
        return max(0, min(miradas))
    except (OSError, ValueError, IndexError):  # no es Linux
        return round(os.getloadavg()[0]) if hasattr(os, "getloadavg") else 0


def decidir(
    disponibles: int, recortados: bool, con_trabajo: int, en_hub: bool, corta: bool
) -> Hilos:
    """Los hilos que convienen.

    Argumentos: `disponibles`, núcleos; `recortados`, si son menos que los del equipo;
    `con_trabajo`, cuántos están ocupados; `en_hub`, si la máquina se comparte con otras
    personas; `corta`, si la espera corta está puesta.
    """
    if disponibles == 1:
        return Hilos(1, "hay un solo núcleo.")
    if en_hub:
        quien = "la máquina se comparte (JupyterHub)"
    elif con_trabajo:
        quien = f"otros programas ocupan {con_trabajo} de {disponibles} núcleos"
    elif recortados:
        return Hilos(disponibles, f"son los núcleos que puede usar: {disponibles}.")
    else:
        return Hilos(0, f"hay {disponibles} núcleos y están libres.")
    if not corta:
        return Hilos(1, f"{quien} y torch se importó antes que taller.")
    libres = 2 if en_hub else disponibles - con_trabajo
    return Hilos(max(2, libres), f"{quien}; esperan poco y no se estorban.")


def _pedidos() -> Hilos | None:
    """Lo que pide una variable de entorno, si es un número."""
    for variable in PEDIDOS:
        valor = os.environ.get(variable, "").strip()
        if valor.isdecimal() and int(valor) > 0:
            return Hilos(int(valor), f"lo pide la variable {variable}.")
    return None


def preparar() -> Hilos:
    """Fija la espera y los hilos de PyTorch; se llama al importar `taller`.

    Respeta TALLER_HILOS y OMP_NUM_THREADS. Devuelve lo decidido, con su razón.
    """
    con_torch = "torch" in sys.modules
    corta = "GOMP_SPINCOUNT" in os.environ or "OMP_WAIT_POLICY" in os.environ
    if not corta and not con_torch:
        os.environ.update(ESPERA_CORTA)
        corta = True
    elegidos = _pedidos()
    if elegidos is None:
        en_hub = bool(os.environ.get("JUPYTERHUB_USER"))
        elegidos = decidir(*nucleos(), ocupados(), en_hub, corta)
    if elegidos.numero and con_torch:
        sys.modules["torch"].set_num_threads(elegidos.numero)
    elif elegidos.numero:  # OpenMP lo lee al cargar torch
        os.environ["OMP_NUM_THREADS"] = str(elegidos.numero)
    return elegidos
