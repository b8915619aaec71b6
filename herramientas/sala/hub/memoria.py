"""La memoria y los segundos de CPU de cada estudiante, mirados mientras trabaja."""

from __future__ import annotations

import threading
from collections import defaultdict
from pathlib import Path

import psutil

from herramientas.sala.hub.servidor import Hub

CADA = 2.0  # segundos entre miradas
DEL_HUB = ""  # lo que no es de ningún estudiante: el hub y el proxy


def octetos(proceso: psutil.Process) -> int:
    """Memoria de un proceso, en bytes; la compartida se reparte entre quienes la usan.

    Fuera de Linux no se puede repartir: cuenta la que es solo suya.
    """
    try:
        cuenta = Path(f"/proc/{proceso.pid}/smaps_rollup").read_text("utf-8")
        for linea in cuenta.splitlines():
            if linea.startswith("Pss:"):
                return int(linea.split()[1]) * 1024
    except OSError:
        pass
    return proceso.memory_full_info().uss


class Vigia:
    """Mira a los descendientes de un hub cada pocos segundos, mientras dura el `with`.

    Atributos: `ahora` y `pico`, bytes de cada estudiante; `cpu`, sus segundos de CPU.
    """

    def __init__(self, hub: Hub, cada: float = CADA) -> None:
        self.hub, self.cada = hub, cada
        self.ahora: dict[str, int] = {}
        self.pico: dict[str, int] = defaultdict(int)
        self._cpu: dict[tuple[int, float], tuple[str, float]] = {}
        self._de_quien: dict[tuple[int, float], str] = {}
        self._fin = threading.Event()
        self._hilo = threading.Thread(target=self._bucle, daemon=True)

    def __enter__(self) -> Vigia:
        self.mirar()
        self._hilo.start()
        return self

    def __exit__(self, *_) -> None:
        self._fin.set()
        self._hilo.join()

    def _bucle(self) -> None:
        while not self._fin.wait(self.cada):
            self.mirar()

    def mirar(self) -> dict[str, int]:
        """Suma ahora la memoria de cada estudiante, en bytes, y la devuelve."""
        suma: dict[str, int] = defaultdict(int)
        for proceso in self.hub.descendientes():
            try:
                clave = (proceso.pid, proceso.create_time())
                if clave not in self._de_quien:
                    quien = proceso.environ().get("JUPYTERHUB_USER", DEL_HUB)
                    self._de_quien[clave] = quien
                quien = self._de_quien[clave]
                suma[quien] += octetos(proceso)
                tiempos = proceso.cpu_times()
                self._cpu[clave] = (quien, tiempos.user + tiempos.system)
            except (psutil.NoSuchProcess, psutil.AccessDenied, OSError):
                continue  # acabó entre una línea y la otra
        self.ahora = dict(suma)
        for quien, valor in suma.items():
            self.pico[quien] = max(self.pico[quien], valor)
        return self.ahora

    @property
    def cpu(self) -> dict[str, float]:
        """Segundos de CPU de cada estudiante desde que arrancó su servidor."""
        suma: dict[str, float] = defaultdict(float)
        for quien, segundos in list(self._cpu.values()):
            suma[quien] += segundos
        return suma
