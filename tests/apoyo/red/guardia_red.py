"""Guardia de red: rechaza y anota toda conexión que salga de esta máquina.

Usa los eventos de auditoría de Python. No ve lo que hace un programa que no es
Python (Chromium tiene su propia prueba) ni una biblioteca compilada que abra sus
propios enchufes; contra eso están HF_HUB_OFFLINE=1 y que en CI se ejecute sin red.
"""

import ipaddress
import json
import os
import socket
import sys

EVENTOS = {
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
}
_puesta = False


class RedProhibida(OSError):
    """Una prueba o un cuaderno quiso salir a la red."""


def es_local(destino) -> bool:
    """Si un destino (nombre, dirección o tupla) queda dentro de esta máquina."""
    if isinstance(destino, tuple):
        destino = destino[0] if destino else None
    if isinstance(destino, bytes):
        destino = destino.decode(errors="replace")
    if destino in (None, "", "localhost", "<broadcast>"):
        return True
    if not isinstance(destino, str):
        return True
    if destino.startswith(("/", "\0")):  # un enchufe de archivo, no de red
        return True
    try:
        direccion = ipaddress.ip_address(destino.split("%")[0])
    except ValueError:
        nombre = destino.lower().rstrip(".")
        propio = socket.gethostname().lower()
        return nombre == propio or nombre.endswith("localhost")
    return direccion.is_loopback or direccion.is_unspecified


def _quien_llamo() -> str:
    """La línea de código, fuera de las bibliotecas, que pidió la conexión."""
    marco = sys._getframe(3)
    ultimo = ""
    while marco:
        archivo = marco.f_code.co_filename
        ultimo = ultimo or f"{archivo}:{marco.f_lineno}"
        ajeno = "site-packages" in archivo or f"{os.sep}lib{os.sep}python" in archivo
        if not ajeno and "<frozen" not in archivo:
            return f"{archivo}:{marco.f_lineno}"
        marco = marco.f_back
    return ultimo


def _anotar(evento: str, destino) -> None:
    linea = json.dumps(
        {
            "evento": evento,
            "destino": repr(destino),
            "programa": " ".join(getattr(sys, "argv", []) or [])[:200],
            "carpeta": os.getcwd(),
            "codigo": _quien_llamo(),
        },
        ensure_ascii=False,
    )
    registro = os.environ.get("TALLER_REGISTRO_RED")
    if registro:
        descriptor = os.open(registro, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, (linea + "\n").encode())
        finally:
            os.close(descriptor)


def _escuchar(evento: str, argumentos: tuple) -> None:
    lugar = EVENTOS.get(evento)
    if lugar is None or len(argumentos) <= lugar:
        return
    destino = argumentos[lugar]
    if not es_local(destino):
        _anotar(evento, destino)
        raise RedProhibida(
            101, f"las pruebas corren sin red y algo quiso salir a {destino!r}"
        )


def poner() -> None:
    """Pone la guardia en este proceso, una sola vez. No se puede quitar."""
    global _puesta
    if not _puesta:
        _puesta = True
        sys.addaudithook(_escuchar)
