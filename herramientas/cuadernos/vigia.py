"""Medir la memoria y el procesador de un proceso y de sus hijos."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import psutil


def _pico_exacto(pid: int) -> int:
    """Pico de memoria de un proceso según Linux, en bytes; 0 en otros sistemas."""
    try:
        texto = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    m = re.search(r"VmHWM:\s+(\d+) kB", texto)
    return int(m[1]) * 1024 if m else 0


class Vigia:
    """Mide cada `pausa` segundos, en otro hilo, la memoria residente de un árbol de
    procesos. `pico_gb` es el mayor valor visto, en GB (10^9 bytes)."""

    def __init__(self, pid: int, pausa: float = 0.5):
        self._proceso = psutil.Process(pid)
        self._pausa = pausa
        self._pico = 0
        self._fin = threading.Event()
        self._hilo = threading.Thread(target=self._mirar, daemon=True)

    def medir(self) -> None:
        """Toma una medida ahora."""
        try:
            familia = [self._proceso, *self._proceso.children(recursive=True)]
        except psutil.Error:
            return
        total = 0
        for proceso in familia:
            try:
                total += proceso.memory_info().rss
            except psutil.Error:  # un hijo que acaba de terminar
                continue
        self._pico = max(self._pico, total, _pico_exacto(self._proceso.pid))

    def _mirar(self) -> None:
        while not self._fin.wait(self._pausa) and self._proceso.is_running():
            self.medir()

    def cpu_s(self) -> float:
        """Segundos de procesador que lleva gastados el árbol, de usuario y sistema."""
        total = 0.0
        try:
            familia = [self._proceso, *self._proceso.children(recursive=True)]
            propios = self._proceso.cpu_times()
            total = propios.children_user + propios.children_system
        except (psutil.Error, AttributeError):  # Windows no cuenta los hijos muertos
            return total
        for proceso in familia:
            try:
                gastado = proceso.cpu_times()
            except psutil.Error:
                continue
            total += gastado.user + gastado.system
        return total

    @property
    def pico_gb(self) -> float:
        return self._pico / 1e9

    def __enter__(self) -> Vigia:
        self.medir()
        self._hilo.start()
        return self

    def __exit__(self, *_) -> None:
        self._fin.set()
        self._hilo.join(timeout=5)
        self.medir()
