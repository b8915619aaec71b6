"""Qué imagen haría repo2docker con este repositorio: lo que corre Binder, y un hub.

    python -m herramientas.sala.hub.imagen              revisa y dice qué saldría
    python -m herramientas.sala.hub.imagen --dockerfile escribe el Dockerfile entero

No construye nada y no pide un motor de contenedores: usa la misma parte de repo2docker
que decide. La imagen se construye donde haya motor, con la orden que dice al final.
Códigos de salida: 0 si la imagen serviría; 1 si no.
"""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from herramientas.archivos import RAIZ
from herramientas.empaquetar import version

# En el hub, la carpeta de cada quien tapa /home/jovyan: el curso va en otro lugar.
REPO_DIR = "/srv/curso"


def orden(raiz: Path = RAIZ) -> str:
    """La orden que construye la imagen, con la versión del curso."""
    nombre = f"TU-REGISTRO/de-tokens-a-qlora:{version(raiz)}"
    return (
        "jupyter-repo2docker --no-run --user-id 1000 --user-name jovyan "
        f"--target-repo-dir {REPO_DIR} --image-name {nombre} ."
    )


@dataclass(frozen=True)
class Imagen:
    """Lo que repo2docker decidió. `base`: versiones que ya trae antes del curso."""

    receta: str
    dockerfile: str
    python: str
    base: dict[str, str]


def generar(raiz: Path = RAIZ) -> Imagen:
    """Lo que haría repo2docker con la carpeta `raiz`, para Linux de 64 bits."""
    from repo2docker.app import Repo2Docker
    from repo2docker.utils import chdir

    with chdir(str(raiz)):
        programa = Repo2Docker()
        recetas = [clase(programa.base_image) for clase in programa.buildpacks]
        receta = next(r for r in recetas if r.detect())
        receta.platform = "linux/amd64"
        variables = {"NB_UID": "1000", "NB_USER": "jovyan", "REPO_DIR": REPO_DIR}
        dockerfile = receta.render(variables)
        base: dict[str, str] = {}
        for origen, destino in receta.get_build_script_files().items():
            if destino.endswith("environment.lock"):
                from repo2docker.buildpacks import conda

                carpeta = Path(conda.__file__).parent
                texto = (carpeta / Path(origen).name).read_text("utf-8")
                base = dict(re.findall(r"/([\w.-]+?)-(\d[\w.]*)-[\w.]+\.conda", texto))
        piton = str(getattr(receta, "python_version", ""))
    return Imagen(type(receta).__name__, dockerfile, piton, base)


def reparos(imagen: Imagen) -> list[str]:
    """Lo que impediría que la imagen sirviera, en frases; vacía si nada."""
    texto, malas = imagen.dockerfile, []
    if imagen.receta != "CondaBuildPack":
        malas.append(f"repo2docker no leyó environment.yml: usa {imagen.receta}.")
    elif "environment.yml" not in texto:
        malas.append("El Dockerfile no instala environment.yml.")
    else:
        # «-c requisitos.lock» y «-e .» piden que los archivos ya estén copiados.
        copia, instala = (
            texto.find("COPY --chown=1000:1000 src/"),
            texto.find('"environment.yml"'),
        )
        if not 0 <= copia < instala:
            malas.append("Instala antes de copiar el curso: faltarían sus archivos.")
    if imagen.python and tuple(map(int, imagen.python.split(".")[:2])) < (3, 11):
        malas.append(f"Pone Python {imagen.python}, y el curso pide 3.11.")
    if not any(n.startswith("jupyterhub") for n in imagen.base):
        malas.append("No trae jupyterhub-singleuser: un hub no podría arrancarla.")
    return malas


def main() -> int:
    """Dice qué imagen saldría y con qué orden se construye."""
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--dockerfile", action="store_true", help="escribe el Dockerfile")
    a = p.parse_args()
    imagen = generar()
    if a.dockerfile:
        print(imagen.dockerfile)
        return 0
    print(f"repo2docker usa {imagen.receta}, con Python {imagen.python}.")
    for nombre in ("jupyterlab", "notebook", "jupyterhub-singleuser", "jupyterhub"):
        if nombre in imagen.base:
            print(f"  antes del curso trae {nombre} {imagen.base[nombre]}")
    if malas := reparos(imagen):
        print("\n".join(malas), file=sys.stderr)
        return 1
    print(f"Nada lo impide. Donde haya un motor de contenedores:\n  {orden()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
