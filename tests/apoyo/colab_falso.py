"""Un Colab sin descargas: paquetes vacíos con los nombres y versiones de su imagen."""

import functools
import json
import os
import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

from packaging.utils import canonicalize_name as normalizar

DATOS = Path(__file__).with_name("colab")
# Lo que trae Colab de Python no cuenta: sirve el de las pruebas.
SIN_CONFIGURAR = {"PIP_CONFIG_FILE": os.devnull, "PYTHONUTF8": "1"}


def lista() -> dict[str, str]:
    """Nombre y versión de cada paquete de la imagen."""
    lineas = (DATOS / "paquetes.txt").read_text("utf-8").split()
    pares = [linea.split("==") for linea in lineas if "==" in linea]
    return {normalizar(nombre): version for nombre, version in pares}


@functools.cache
def fichas() -> dict[tuple[str, str], list[str]]:
    """Lo que exige cada paquete y versión que se conoce."""
    datos = json.loads((DATOS / "fichas.json").read_text("utf-8"))
    return {tuple(clave.split("==")): exige for clave, exige in datos.items()}


def _metadatos(nombre: str, version: str) -> str:
    exige = fichas().get((nombre, version), [])
    lineas = ["Metadata-Version: 2.1", f"Name: {nombre}", f"Version: {version}"]
    return "\n".join(lineas + [f"Requires-Dist: {x}" for x in exige]) + "\n"


def entorno(carpeta: Path, paquetes: dict[str, str]) -> Path:
    """Un entorno con esos paquetes, todos vacíos. Devuelve su Python."""
    venv.create(carpeta, with_pip=False)
    sitio = next(carpeta.rglob("site-packages"))
    for nombre, version in paquetes.items():
        ficha = sitio / f"{nombre.replace('-', '_')}-{version}.dist-info"
        ficha.mkdir()
        (ficha / "METADATA").write_text(_metadatos(nombre, version), "utf-8")
        (ficha / "INSTALLER").write_text("pip\n", "utf-8")
        (ficha / "RECORD").write_text("", "utf-8")
    windows = carpeta / "Scripts" / "python.exe"
    return windows if os.name == "nt" else carpeta / "bin" / "python"


def ruedas(carpeta: Path) -> Path:
    """Una rueda vacía de cada paquete y versión con ficha: es el registro entero."""
    carpeta.mkdir(parents=True, exist_ok=True)
    for nombre, version in fichas():
        pieza = f"{nombre.replace('-', '_')}-{version}"
        with zipfile.ZipFile(carpeta / f"{pieza}-py3-none-any.whl", "w") as rueda:
            dentro = f"{pieza}.dist-info"
            rueda.writestr(f"{dentro}/METADATA", _metadatos(nombre, version))
            rueda.writestr(
                f"{dentro}/WHEEL",
                "Wheel-Version: 1.0\nGenerator: curso\nRoot-Is-Purelib: true\n"
                "Tag: py3-none-any\n",
            )
            rueda.writestr(f"{dentro}/RECORD", "")
    return carpeta


def pip(python: Path, *orden: str) -> subprocess.CompletedProcess:
    """Corre pip sobre ese entorno, sin red ni la configuración de este equipo."""
    limpio = {k: v for k, v in os.environ.items() if not k.startswith("PIP_")}
    return subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(python), *orden],
        env=limpio | SIN_CONFIGURAR,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def conflictos(python: Path) -> set[str]:
    """Lo que reprocha «pip check», una línea por conflicto."""
    salida = pip(python, "check").stdout
    return {x for x in salida.splitlines() if re.search(r"requires|requirement", x)}
