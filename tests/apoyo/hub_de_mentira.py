"""Un hub pequeño en esta misma máquina, con averías que se eligen.

Entrega los archivos de una carpeta como el hub de verdad (ficha, árbol y archivos, con
su huella y por trozos). `averia` es una función que recibe la petición y puede
contestar ella; si devuelve True, nadie más contesta.
"""

import hashlib
import json
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SHA = "a" * 40


class Peticion(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def contestar(self, estado, cuerpo=b"", **cabeceras):
        """Responde y cierra; `cabeceras`, con guion bajo en vez de guion."""
        self.send_response(estado)
        cabeceras = {"Content_Length": len(cuerpo), **cabeceras}
        for nombre, valor in cabeceras.items():
            self.send_header(nombre.replace("_", "-"), str(valor))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(cuerpo)
        self.close_connection = True

    def do_HEAD(self):
        self.atender()

    def do_GET(self):
        self.atender()

    def atender(self):
        hub = self.server.hub
        hub.vistas.append((self.command, self.path, self.headers.get("Range")))
        if hub.averia and hub.averia(self):
            return
        ruta = self.path.partition("?")[0]
        if "/tree/" in ruta:
            self.contestar(200, json.dumps(hub.arbol()).encode())
        elif ruta.startswith("/api/models/"):
            self.contestar(200, json.dumps(hub.ficha()).encode())
        else:
            self.archivo(hub.carpeta / ruta.rpartition("/")[-1])

    def archivo(self, ruta, hasta=None):
        """Un archivo, desde donde pidan; con `hasta`, se corta en ese octeto."""
        if not ruta.is_file():
            self.contestar(404, X_Error_Code="EntryNotFound")
            return
        cuerpo, desde = ruta.read_bytes(), 0
        if pedido := self.headers.get("Range"):
            desde = int(pedido.removeprefix("bytes=").partition("-")[0])
        cabeceras = {
            "X_Repo_Commit": SHA,
            "ETag": f'"{huella(ruta)}"',
            "Accept_Ranges": "bytes",
            "Content_Length": len(cuerpo) - desde,
        }
        if desde:
            cabeceras["Content_Range"] = (
                f"bytes {desde}-{len(cuerpo) - 1}/{len(cuerpo)}"
            )
        enviar = cuerpo[desde:hasta]
        if self.command == "GET":
            self.server.hub.enviados[ruta.name] += len(enviar)
        self.contestar(206 if desde else 200, enviar, **cabeceras)


def huella(ruta: Path) -> str:
    """La que da el hub: sha256 para los pesos, 40 cifras para lo demás."""
    cuenta = hashlib.sha256(ruta.read_bytes()).hexdigest()
    return cuenta if ruta.suffix == ".safetensors" else cuenta[:40]


class Hub:
    """El servidor; se usa con `with`. `vistas`, lo pedido; `enviados`, octetos."""

    def __init__(self, carpeta: Path, modelo: str):
        self.carpeta, self.modelo, self.averia = carpeta, modelo, None
        self.con_tamanos = True
        self.vistas, self.enviados = [], Counter()
        self.colgadas = threading.Event()  # al cerrar, suelta las que no contestan

    def _archivos(self):
        return sorted(r for r in self.carpeta.iterdir() if r.is_file())

    def ficha(self):
        archivos = [
            {"rfilename": r.name}
            | ({"size": r.stat().st_size} if self.con_tamanos else {})
            for r in self._archivos()
        ]
        return {"id": self.modelo, "sha": SHA, "siblings": archivos, "tags": []}

    def arbol(self):
        hojas = []
        for r in self._archivos():
            hoja = {"type": "file", "path": r.name, "size": r.stat().st_size}
            hoja["oid"] = huella(r)[:40]
            if r.suffix == ".safetensors":
                hoja["lfs"] = {"oid": huella(r), "size": hoja["size"], "pointerSize": 9}
            hojas.append(hoja)
        return hojas

    def __enter__(self):
        self.servidor = ThreadingHTTPServer(("127.0.0.1", 0), Peticion)
        self.servidor.daemon_threads = True
        self.servidor.hub = self
        threading.Thread(
            target=self.servidor.serve_forever, args=(0.02,), daemon=True
        ).start()
        self.direccion = f"http://127.0.0.1:{self.servidor.server_port}"
        return self

    def __exit__(self, *_):
        self.colgadas.set()
        self.servidor.shutdown()
        self.servidor.server_close()
