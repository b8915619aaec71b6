"""Los esqueletos que se publican: qué son, dónde están y en qué rama los abre Colab.

    python -m herramientas.sala.esqueletos           los guarda en su rama, aquí
    python -m herramientas.sala.esqueletos --rama    dice cómo se llama esa rama

El sitio los escribe en su carpeta en-vivo/ al construirse. Como se generan, no están en
la rama principal; Colab solo abre lo que está en GitHub, así que al publicar una
versión el flujo «Páginas» los sube a una rama con su nombre, de un solo commit.
Guardarlos y nombrar la rama solo usa la biblioteca estándar.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from herramientas.empaquetar import RAIZ, version

CARPETA = "en-vivo"  # dentro del sitio


class ErrorDeEsqueletos(Exception):
    """Un problema que la persona puede resolver; su texto ya está en español."""


def rama(version: str) -> str:
    """La rama con los esqueletos de una versión: «en-vivo-v1.2.0»."""
    return f"en-vivo-v{version}"


def escribir(raiz: Path, salida: Path, katex: str, sitio: str) -> list[str]:
    """Escribe en `salida` el esqueleto y las láminas de cada lección.

    Argumentos: `katex`, dónde está su hoja de estilo, vista desde `salida`; `sitio`, la
    dirección pública, para los enlaces de los esqueletos. Devuelve los nombres.
    """
    from herramientas.cuadernos import en_vivo
    from herramientas.cuadernos import leer as cuadernos

    salida.mkdir(parents=True, exist_ok=True)
    nombres = []
    for ruta in cuadernos.rutas(carpeta=raiz / "notebooks"):
        en_vivo.escribir(ruta, salida, sitio=sitio)
        en_vivo.escribir_laminas(ruta, salida, sitio="../", katex=katex)
        nombres.append(ruta.stem)
    return nombres


# --- La rama ------------------------------------------------------------------------


def _git(raiz: Path, *orden: str, **entorno: str) -> str:
    hecho = subprocess.run(
        ["git", *orden],
        cwd=raiz,
        env=dict(os.environ, **entorno),
        capture_output=True,
        encoding="utf-8",
    )
    if hecho.returncode:
        causa = (hecho.stderr.strip().splitlines() or ["sin decir por qué"])[-1]
        raise ErrorDeEsqueletos(f"«git {orden[0]}» falló: {causa}.")
    return hecho.stdout.strip()


def guardar(raiz: Path = RAIZ) -> str:
    """Guarda en su rama, sin salir de la actual, los esqueletos del sitio construido.

    La rama tiene un solo commit, con el autor y la fecha del actual: de lo mismo sale
    lo mismo. Devuelve su nombre. Errores: ErrorDeEsqueletos si falta el sitio.
    """
    carpeta = raiz / "_build" / "html" / CARPETA
    if not list(carpeta.glob("*.ipynb")):
        raise ErrorDeEsqueletos(
            "No hay esqueletos en _build/html/en-vivo: construye el sitio con «make "
            "libro» y repite."
        )
    cual = rama(version(raiz))
    quien, correo, cuando = _git(raiz, "log", "-1", "--format=%an%x00%ae%x00%aI").split(
        "\0"
    )
    firma = {}
    for papel in ("AUTHOR", "COMMITTER"):
        firma |= {f"GIT_{papel}_NAME": quien, f"GIT_{papel}_EMAIL": correo}
        firma[f"GIT_{papel}_DATE"] = cuando
    with tempfile.TemporaryDirectory(prefix="taller-rama-") as aparte:
        indice = {"GIT_INDEX_FILE": str(Path(aparte) / "indice")}
        donde = ("--work-tree", str(carpeta.resolve()))
        nombres = sorted(r.name for r in carpeta.glob("*.ipynb"))
        _git(raiz, *donde, "add", "--force", "--", *nombres, **indice)
        arbol = _git(raiz, "write-tree", **indice)
    mensaje = f"Guarda los esqueletos de la versión {version(raiz)}"
    commit = _git(raiz, "commit-tree", arbol, "-m", mensaje, **firma)
    _git(raiz, "update-ref", f"refs/heads/{cual}", commit)
    return cual


def principal(argumentos: list[str] | None = None, raiz: Path = RAIZ) -> int:
    lector = argparse.ArgumentParser(
        description="Guarda los esqueletos del sitio en la rama que abre Colab."
    )
    lector.add_argument("--rama", action="store_true", help="solo dice cómo se llama")
    if lector.parse_args(argumentos).rama:
        print(rama(version(raiz)))
        return 0
    try:
        print(guardar(raiz))
    except ErrorDeEsqueletos as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(principal())
