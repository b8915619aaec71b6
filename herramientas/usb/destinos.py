"""Para qué equipos se empaqueta, y qué paquetes pide cada uno.

pip no sabe qué pediría otro sistema: evalúa las condiciones («solo en Windows») con el
equipo en que corre. Por eso la lista se saca aquí, de lo instalado y del candado, con
las condiciones del equipo de destino.
"""

from __future__ import annotations

import importlib.metadata as metadatos
import platform
import re
import sys
from dataclasses import dataclass

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name as normalizar
from packaging.version import Version

from herramientas.candado import CANDADO, requisitos
from herramientas.entorno import Problema

PITONES = ("3.11", "3.12", "3.13")
# Extras del curso que se pueden dejar fuera para que pese menos, y qué se pierde.
PRESCINDIBLES = {
    "corpus": "la lección 02",
    "despliegue": "la lección 13",
    "demo": "la lección 14",
    "evaluacion": "el arnés de la lección 11",
}
DE_LAB = ("controles", *PRESCINDIBLES)
# setuptools instala el propio curso; desde Python 3.12 el entorno nuevo no lo trae.
SIEMPRE = ("setuptools>=77",)
# Los nombres de las ruedas de Linux, de la más nueva a la más vieja.
_MANYLINUX = ("_2_28", "_2_27", "_2_26", "_2_24", "_2_17", "2014", "_2_12", "2010")


@dataclass(frozen=True)
class Sistema:
    """Un sistema y su procesador, como los nombran pip, platform y las personas."""

    nombre: str
    dicho: str
    plataformas: tuple[str, ...]
    ambiente: tuple[tuple[str, str], ...]

    @property
    def maquina(self) -> str:
        """El procesador, como lo dice `platform.machine()` en ese sistema."""
        return dict(self.ambiente)["platform_machine"]


def _linux(maquina: str) -> Sistema:
    return Sistema(
        f"linux-{maquina}",
        f"Linux de 64 bits ({maquina})",
        tuple(f"manylinux{n}_{maquina}" for n in _MANYLINUX),
        (
            ("sys_platform", "linux"),
            ("platform_system", "Linux"),
            ("os_name", "posix"),
            ("platform_machine", maquina),
        ),
    )


SISTEMAS = {
    s.nombre: s
    for s in (
        _linux("x86_64"),
        _linux("aarch64"),
        Sistema(
            "windows-amd64",
            "Windows de 64 bits",
            ("win_amd64",),
            (
                ("sys_platform", "win32"),
                ("platform_system", "Windows"),
                ("os_name", "nt"),
                ("platform_machine", "AMD64"),
            ),
        ),
        Sistema(
            "macos-arm64",
            "macOS 14 o posterior, en un Mac con procesador de Apple",
            ("macosx_14_0_arm64",),
            (
                ("sys_platform", "darwin"),
                ("platform_system", "Darwin"),
                ("os_name", "posix"),
                ("platform_machine", "arm64"),
            ),
        ),
    )
}


@dataclass(frozen=True)
class Destino:
    """Un sistema con una versión de Python. `piton` es «3.11»."""

    sistema: Sistema
    piton: str

    @property
    def nombre(self) -> str:
        """«linux-x86_64-cp311», como se llaman sus carpetas."""
        return f"{self.sistema.nombre}-cp{self.piton.replace('.', '')}"

    @property
    def ambiente(self) -> dict[str, str]:
        """Lo que valen las condiciones de un requisito en ese equipo."""
        return {
            **dict(self.sistema.ambiente),
            "python_version": self.piton,
            "python_full_version": f"{self.piton}.0",
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
        }


def de_aqui() -> Destino:
    """El destino de este equipo; lanza Problema si no es uno de los que se preparan."""
    for sistema in SISTEMAS.values():
        ambiente = dict(sistema.ambiente)
        if (ambiente["platform_system"], sistema.maquina) == (
            platform.system(),
            platform.machine(),
        ):
            piton = "{}.{}".format(*sys.version_info[:2])
            if piton in PITONES:
                return Destino(sistema, piton)
    raise Problema(
        f"Este equipo ({platform.system()} {platform.machine()}, Python "
        f"{platform.python_version()}) no es de los que se preparan: di cuáles quieres "
        "con --sistemas y --python."
    )


def del_candado() -> dict[str, list[tuple[Requirement, str]]]:
    """De cada paquete del candado, sus líneas: el requisito y su versión exacta."""
    lineas: dict[str, list[tuple[Requirement, str]]] = {}
    for linea in CANDADO.read_text("utf-8").splitlines():
        if linea and not linea.startswith("#"):
            pedido = Requirement(linea)
            version = next(iter(pedido.specifier)).version
            lineas.setdefault(normalizar(pedido.name), []).append((pedido, version))
    return lineas


def cierre_para(destino: Destino, sin: tuple[str, ...] = ()) -> dict[str, str]:
    """Nombre y versión de cada paquete que pide el curso en un equipo.

    Argumentos: `destino`; `sin`, los extras de PRESCINDIBLES que se dejan fuera.
    Devuelve, de cada nombre normalizado, su versión del candado o, si ahí no está, la
    instalada aquí; vacía si tampoco: entonces la elige pip.
    """
    fijadas, versiones, vistos = del_candado(), {}, set()
    propios = [x for x in DE_LAB if x not in sin]
    pedidos = requisitos() + requisitos(*propios) + [Requirement(x) for x in SIEMPRE]
    del_lab = {normalizar(p.name): p for p in requisitos("lab")}
    quitados = {normalizar(p.name) for x in DE_LAB for p in requisitos(x)}
    pedidos += [p for nombre, p in del_lab.items() if nombre not in quitados]
    cola = [(pedido, extra) for pedido in pedidos for extra in {"", *pedido.extras}]
    while cola:
        pedido, extra = cola.pop()
        nombre = normalizar(pedido.name)
        if (nombre, extra) in vistos or nombre == "pip":
            continue
        vistos.add((nombre, extra))
        try:
            paquete = metadatos.distribution(pedido.name)
        except metadatos.PackageNotFoundError:
            paquete = None  # solo se usa en otros sistemas
        versiones[nombre] = next(
            (
                version
                for linea, version in fijadas.get(nombre, [])
                if not linea.marker or linea.marker.evaluate(destino.ambiente)
            ),
            Version(paquete.version).public if paquete else "",
        )
        for linea in (paquete.requires or []) if paquete else []:
            hijo = Requirement(linea)
            ambiente = destino.ambiente | {"extra": extra}
            if hijo.marker is None or hijo.marker.evaluate(ambiente):
                cola += [(hijo, otro) for otro in {"", *hijo.extras}]
    # pip solo pone CUDA en torch donde lo pide una condición; el de CPU no la trae.
    return {
        nombre: version
        for nombre, version in sorted(versiones.items())
        if not re.match(r"nvidia-|triton$|cuda-", nombre)
    }
