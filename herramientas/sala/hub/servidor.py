"""Arranca y detiene un JupyterHub de verdad, con su proxy, en este equipo."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from importlib.util import find_spec
from pathlib import Path

import psutil

from herramientas.archivos import RAIZ, escribir_texto

AQUI = Path(__file__).resolve().parent
CONFIGURACION = AQUI / "configuracion.py"
NODE = 20  # el más viejo que admite el proxy de package.json
ESPERA = 300  # segundos para que arranque el hub, y cada servidor
# Lo que un hub del curso pone a cada quien; lo mismo que valores.yaml y tljh.sh.
VARIABLES = {
    "TALLER_PERFIL": "semilla",
    "HF_HUB_OFFLINE": "1",
    "OMP_NUM_THREADS": "1",
}


class FallaDelHub(Exception):
    """El hub no pudo trabajar; su texto ya está en español."""


def puertos(cuantos: int) -> list[int]:
    """Puertos libres de este equipo, distintos entre sí."""
    enchufes = [socket.socket() for _ in range(cuantos)]
    try:
        for enchufe in enchufes:
            enchufe.bind(("127.0.0.1", 0))
        return [enchufe.getsockname()[1] for enchufe in enchufes]
    finally:
        for enchufe in enchufes:
            enchufe.close()


def version_de_node() -> int:
    """El número mayor de la versión de Node; 0 si no hay Node con npm."""
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return 0
    dicho = subprocess.run([node, "--version"], capture_output=True, encoding="utf-8")
    numero = re.match(r"v(\d+)", dicho.stdout)
    return int(numero[1]) if numero else 0


def proxy_de_node(carpeta: Path) -> list[str]:
    """La orden del proxy que usa JupyterHub, que se instala con npm si falta.

    Argumentos: `carpeta`, dónde queda instalado.
    Lanza FallaDelHub si no hay Node, es viejo o npm no pudo instalarlo.
    """
    if (hay := version_de_node()) < NODE:
        tiene = f"este es el {hay}" if hay else "no lo encuentro"
        raise FallaDelHub(
            f"El proxy de JupyterHub pide Node {NODE} o más nuevo, con npm, y {tiene}: "
            "instálalo, o repite con «--proxy python»."
        )
    pedido = (AQUI / "package.json").read_text("utf-8")
    copia, modulos = carpeta / "package.json", carpeta / "node_modules"
    programa = modulos / "configurable-http-proxy" / "bin" / "configurable-http-proxy"
    if not (
        copia.is_file() and copia.read_text("utf-8") == pedido and programa.exists()
    ):
        escribir_texto(copia, pedido)
        print("Instalo el proxy con npm…", flush=True)
        orden = [shutil.which("npm"), "install", "--no-audit", "--no-fund"]
        hecho = subprocess.run(
            [*orden, "--no-package-lock"],
            cwd=carpeta,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
        )
        if hecho.returncode:
            copia.unlink()
            ultima = (hecho.stderr.strip().splitlines() or ["sin detalle"])[-1]
            raise FallaDelHub(
                f"npm no pudo instalar el proxy ({ultima}): revisa la conexión, o "
                "repite con «--proxy python»."
            )
    return [shutil.which("node"), str(programa)]


def proxy_de_python() -> list[str]:
    """La orden del proxy escrito en Python, que viene en el extra `hub`.

    Lanza FallaDelHub si no está instalado.
    """
    if find_spec("configurable_http_proxy") is None:
        raise FallaDelHub(
            "Falta el proxy: instala el extra `hub` con «pip install -e .[hub]»."
        )
    arranque = "from configurable_http_proxy.cli import main; main()"
    return [sys.executable, "-c", arranque]


class Hub:
    """Un JupyterHub que vive mientras dura el bloque `with`.

    Argumentos: `carpeta`, donde guarda lo suyo y las carpetas de los estudiantes;
    `proxy`, la orden que lo arranca.
    Atributos: `publica`, la dirección por la que se entra; `clave`, la de todos;
    `arranque_s`, segundos que tardó en responder.
    Errores: FallaDelHub si no arranca, con el final de su registro.
    """

    def __init__(self, carpeta: Path, proxy: list[str]) -> None:
        self.carpeta, self.proxy = carpeta, proxy
        self.clave = secrets.token_urlsafe(12)
        publico, interno, api = puertos(3)
        self.publica = f"http://127.0.0.1:{publico}"
        self.interna = f"http://127.0.0.1:{interno}"
        self.proxy_api = f"http://127.0.0.1:{api}"
        self.registro = carpeta / "hub.txt"

    def __enter__(self) -> Hub:
        self.carpeta.mkdir(parents=True, exist_ok=True)
        caminos = [str(RAIZ), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
        camino = os.pathsep.join(dict.fromkeys(filter(None, caminos)))
        heredadas = ("TALLER_REGISTRO_RED", "TALLER_ESTATICO", "PYTHONHASHSEED")
        variables = {n: os.environ[n] for n in heredadas if n in os.environ}
        ajustes = {
            "publica": self.publica,
            "interna": self.interna,
            "proxy_api": self.proxy_api,
            "proxy": self.proxy,
            "carpeta": str(self.carpeta),
            "clave": self.clave,
            "espera_s": ESPERA,
            "variables": {**variables, **VARIABLES, "PYTHONPATH": camino},
        }
        entorno = {k: v for k, v in os.environ.items() if k != "TALLER_HILOS"}
        entorno |= {
            "ENSAYO_RAIZ": str(RAIZ),
            "ENSAYO_AJUSTES": json.dumps(ajustes),
            "CONFIGPROXY_AUTH_TOKEN": secrets.token_hex(32),
            "PYTHONPATH": camino,
        }
        inicio = time.monotonic()
        with self.registro.open("wb") as salida:
            self.proceso = subprocess.Popen(
                [sys.executable, "-m", "jupyterhub", "-f", str(CONFIGURACION)],
                cwd=self.carpeta,
                env=entorno,
                stdin=subprocess.DEVNULL,
                stdout=salida,
                stderr=subprocess.STDOUT,
            )
        try:
            self._esperar(inicio)
        except BaseException:
            self.__exit__()
            raise
        self.arranque_s = time.monotonic() - inicio
        return self

    def _esperar(self, inicio: float) -> None:
        while time.monotonic() - inicio < ESPERA:
            if self.proceso.poll() is not None:
                raise FallaDelHub(f"El hub se detuvo al arrancar:\n{self.final()}")
            try:
                with urllib.request.urlopen(self.publica + "/hub/api/", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.3)
        raise FallaDelHub(f"El hub no respondió en {ESPERA} s:\n{self.final()}")

    def final(self, lineas: int = 15) -> str:
        """Las últimas líneas del registro del hub, sin la clave."""
        texto = self.registro.read_text("utf-8", "replace")
        return "\n".join(texto.replace(self.clave, "…").splitlines()[-lineas:])

    def descendientes(self) -> list[psutil.Process]:
        """El hub y todo lo que arrancó: proxy, servidores y núcleos."""
        try:
            propio = psutil.Process(self.proceso.pid)
            return [propio, *propio.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def __exit__(self, *_) -> None:
        vivos = self.descendientes()
        if self.proceso.poll() is None:
            self.proceso.terminate()  # detiene él los servidores y el proxy
            try:
                self.proceso.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.proceso.kill()
                self.proceso.wait()
        # Lo que quedara: solo procesos que salieron de este hub.
        quedan = [p for p in vivos if p.is_running() and p.pid != self.proceso.pid]
        for proceso in quedan:
            try:
                proceso.kill()
            except psutil.NoSuchProcess:
                pass
        psutil.wait_procs(quedan, timeout=10)
