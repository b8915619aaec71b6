"""Escribe requisitos.lock: la versión exacta de cada paquete que el curso necesita.

Uso, dentro de un entorno con todo instalado:  python -m herramientas.candado

Parte de las dependencias y los extras de pyproject.toml y sigue las de cada paquete,
así que deja fuera lo que alguien haya instalado por su cuenta en el mismo entorno.
"""

from __future__ import annotations

import importlib.metadata as metadatos
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name as normalizar
from packaging.version import Version

from herramientas.archivos import RAIZ, escribir_texto

CANDADO = RAIZ / "requisitos.lock"
# Vienen con el propio entorno y cada Python trae los suyos.
DEL_ENTORNO = {"pip", "setuptools", "wheel"}
# En Linux no se instalan, pero en otros sistemas los pide alguno de los de arriba.
DE_OTROS_SISTEMAS = """\
appnope==1.0.0 ; sys_platform == "darwin"
pywinpty==3.1.2 ; sys_platform == "win32"
"""
CABECERA = """\
# Versiones exactas con las que se prueba el curso. Es un archivo de restricciones:
#     pip install -c requisitos.lock -e ".[todo]"
# Lo escribe «python -m herramientas.candado»; no lo edites a mano.
# En Linux, el torch habitual trae además CUDA; las tareas piden el de CPU si no hay
# tarjeta NVIDIA (variable TALLER_TORCH).
"""


def requisitos(*extras: str, raiz: Path = RAIZ) -> list[Requirement]:
    """Lo que pide pyproject.toml: la base si no hay extras, o los extras pedidos.

    Un extra que se nombra dentro de otro («taller[libro]») se despliega.
    """
    proyecto = tomllib.loads((raiz / "pyproject.toml").read_text("utf-8"))["project"]
    if not extras:
        return [Requirement(linea) for linea in proyecto["dependencies"]]
    salida = []
    for extra in extras:
        for linea in proyecto["optional-dependencies"][extra]:
            requisito = Requirement(linea)
            if normalizar(requisito.name) == normalizar(proyecto["name"]):
                salida += requisitos(*sorted(requisito.extras), raiz=raiz)
            else:
                salida.append(requisito)
    return salida


def cierre(pedidos: list[Requirement]) -> dict[str, str]:
    """Nombre y versión instalada de cada paquete que hace falta, sin repetir.

    Lanza PackageNotFoundError si falta alguno en el entorno.
    """
    versiones: dict[str, str] = {}
    vistos: set[tuple[str, str]] = set()
    cola = [(pedido, extra) for pedido in pedidos for extra in {"", *pedido.extras}]
    while cola:
        pedido, extra = cola.pop()
        nombre = normalizar(pedido.name)
        if (nombre, extra) in vistos or nombre in DEL_ENTORNO:
            continue
        vistos.add((nombre, extra))
        paquete = metadatos.distribution(pedido.name)
        versiones[nombre] = Version(paquete.version).public
        for linea in paquete.requires or []:
            hijo = Requirement(linea)
            if hijo.marker is None or hijo.marker.evaluate({"extra": extra}):
                cola += [(hijo, otro) for otro in {"", *hijo.extras}]
    return versiones


def leer(ruta: Path = CANDADO) -> dict[str, Requirement]:
    """Lo que dice el candado, por nombre de paquete."""
    lineas = ruta.read_text("utf-8").splitlines()
    leidos = [Requirement(li) for li in lineas if li and not li.startswith("#")]
    return {normalizar(requisito.name): requisito for requisito in leidos}


def principal() -> int:
    """Escribe el candado con lo que hay instalado."""
    try:
        versiones = cierre(requisitos() + requisitos("todo"))
    except metadatos.PackageNotFoundError as error:
        print(f"Falta {error.name}: instala antes todo con «make pruebas».")
        return 1
    lineas = [f"{nombre}=={version}" for nombre, version in sorted(versiones.items())]
    texto = CABECERA + "\n".join(lineas) + "\n" + DE_OTROS_SISTEMAS
    escribir_texto(CANDADO, texto)
    print(f"requisitos.lock: {len(lineas)} paquetes.")
    return 0


if __name__ == "__main__":
    sys.exit(principal())
