"""Sirve el sitio en este equipo como lo haría un servidor corriente: con gzip."""

from __future__ import annotations

import functools
import gzip
from pathlib import Path

from herramientas.navegador import Mudo

SE_COMPRIME = {".html", ".css", ".js", ".svg", ".json", ".xml"}


@functools.cache
def comprimido(ruta: Path) -> bytes:
    """El archivo, comprimido una sola vez."""
    return gzip.compress(ruta.read_bytes(), 6, mtime=0)


class ConGzip(Mudo):
    """Entrega comprimido lo que se comprime, y pide guardarlo diez minutos."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        ruta = Path(self.translate_path(self.path))
        if ruta.is_dir():
            ruta /= "index.html"
        if not ruta.is_file():
            self.send_error(404)
            return
        cuerpo, gz = ruta.read_bytes(), ruta.suffix in SE_COMPRIME
        if gz and "gzip" in self.headers.get("Accept-Encoding", ""):
            cuerpo = comprimido(ruta)
        else:
            gz = False
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(ruta)))
        self.send_header("Content-Length", str(len(cuerpo)))
        self.send_header("Cache-Control", "max-age=600")
        if gz:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(cuerpo)
