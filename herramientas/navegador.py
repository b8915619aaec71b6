"""El navegador de este equipo, y un servidor de archivos para abrir el sitio en él."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOMBRES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
LUGARES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
)


def buscar_chromium() -> str | None:
    """La ruta de un Chromium o Chrome, o None. Manda TALLER_CHROMIUM, si está."""
    pedido = os.environ.get("TALLER_CHROMIUM")
    hallados = [pedido] if pedido else [*map(shutil.which, NOMBRES), *LUGARES]
    return next((r for r in hallados if r and Path(r).exists()), None)


class Mudo(http.server.SimpleHTTPRequestHandler):
    """Un servidor de archivos que no escribe nada en la consola."""

    def log_message(self, *_):
        """No anota las peticiones."""


@contextmanager
def servir(carpeta: Path, clase: type = Mudo) -> Iterator[str]:
    """Sirve una carpeta en esta máquina y entrega su dirección."""
    atiende = functools.partial(clase, directory=str(carpeta))
    servidor = http.server.ThreadingHTTPServer(("127.0.0.1", 0), atiende)
    threading.Thread(target=servidor.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{servidor.server_port}/"
    finally:
        servidor.shutdown()
        servidor.server_close()
