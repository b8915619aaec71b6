"""Los juegos de versiones que se prueban, y con qué Python.

Las mínimas salen de los rangos de pyproject.toml; las fijadas, de requisitos.lock; las
de Colab, de la lista que guardan las pruebas.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name as normalizar
from packaging.version import Version

from herramientas import candado
from herramientas.archivos import RAIZ
from herramientas.compatibilidad.piezas import LECCIONES
from herramientas.cuadernos.leer import extra_de, leer, rutas

BIBLIOTECAS = ("transformers", "trl", "peft", "bitsandbytes", "datasets")
DE_COLAB = RAIZ / "tests" / "apoyo" / "colab"
PYTHON_DE_COLAB = "3.13"
# Colab los trae y cambian lo que hace el curso, aunque no los pida.
TAMBIEN = ("torchao", "ipywidgets", "ipython", "ipykernel", "nbformat", "aiohttp")


@dataclass(frozen=True)
class Combinacion:
    """Un Python y las versiones que se le fijan.

    `fijas` son líneas «nombre==versión»; `torch`, la versión que se intenta primero, o
    una cadena vacía; `colab`, si después se completa con la primera celda del curso;
    `extras`, lo que añade además la primera celda de alguna lección; `con_cuda`, si se
    baja el torch de la imagen, de varios gigas, y no el de CPU.
    """

    nombre: str
    python: str
    fijas: tuple[str, ...]
    piezas: tuple[str, ...]
    torch: str = ""
    colab: bool = False
    extras: tuple[str, ...] = ()
    con_cuda: bool = False


def minimas() -> dict[str, str]:
    """De cada biblioteca de la base, la versión más vieja que admite su rango."""
    return {
        normalizar(pedido.name): min(
            (e.version for e in pedido.specifier if e.operator == ">="), key=Version
        )
        for pedido in candado.requisitos()
    }


def fijadas() -> tuple[str, ...]:
    """Lo que dice el candado, sin torch: cada sistema tiene el suyo."""
    return tuple(str(r) for n, r in candado.leer().items() if n != "torch")


def de_colab() -> tuple[str, ...]:
    """Lo que Colab trae de cuanto el curso necesita, sin torch ni lo de NVIDIA."""
    lineas = (DE_COLAB / "paquetes.txt").read_text("utf-8").split()
    lista = dict(linea.split("==") for linea in lineas if "==" in linea)
    lista = {normalizar(n): v.split("+")[0] for n, v in lista.items()}
    fichas = json.loads((DE_COLAB / "fichas.json").read_text("utf-8"))
    cola = [normalizar(p.name) for p in candado.requisitos()] + list(TAMBIEN)
    vistos: set[str] = set()
    while cola:
        nombre = cola.pop()
        if nombre in lista and nombre not in vistos:
            vistos.add(nombre)
            exige = fichas.get(f"{nombre}=={lista[nombre]}", [])
            cola += [normalizar(Requirement(linea).name) for linea in exige]
    return tuple(f"{n}=={lista[n]}" for n in sorted(vistos - {"torch"}))


def torch_de_colab() -> str:
    """La versión de torch de la imagen, sin la etiqueta de CUDA."""
    texto = (DE_COLAB / "paquetes.txt").read_text("utf-8")
    return re.search(r"(?m)^torch==([\d.]+)", texto)[1]


PIEZAS_DE_COLAB = ("importar", "controles", "06", "09", "11")


def colab(piezas: tuple[str, ...] = PIEZAS_DE_COLAB, **mas) -> Combinacion:
    """Las versiones de Colab, con su primera celda ya ejecutada."""
    return Combinacion(
        "colab",
        PYTHON_DE_COLAB,
        de_colab(),
        piezas,
        torch_de_colab(),
        colab=True,
        **mas,
    )


def colab_entero() -> Combinacion:
    """Lo mismo con su torch, todas las lecciones y lo que añaden algunas."""
    cuadernos = {ruta.stem: ruta for ruta in rutas()}
    extras = [extra_de(leer(cuadernos[x["cuaderno"]])) for x in LECCIONES.values()]
    return colab(
        ("importar", "controles", *LECCIONES),
        extras=tuple(extra for extra in extras if extra),
        con_cuda=True,
    )


def matriz() -> list[Combinacion]:
    """Mínimas, fijadas, nuevas y Colab, con Python 3.11, 3.12 y 3.13."""
    piezas = ("importar", "controles", "rapidas", "09", "10")
    viejas = minimas()
    torch = viejas.pop("torch")
    lineas = tuple(f"{nombre}=={version}" for nombre, version in viejas.items())
    return [
        Combinacion("mínimas", "3.11", lineas, piezas, torch),
        *(
            Combinacion(nombre, python, fijas, piezas)
            for python in ("3.11", "3.12", "3.13")
            for nombre, fijas in (("fijadas", fijadas()), ("nuevas", ()))
        ),
        colab(piezas),
    ]


def buscar_python(version: str) -> str | None:
    """Un Python de esa versión, como «3.12», que pueda crear entornos, o None.

    Mira este, los del PATH y los ejecutables que nombre TALLER_PYTHONS.
    """
    otros = os.environ.get("TALLER_PYTHONS", "").split(os.pathsep)
    for ruta in [sys.executable, shutil.which(f"python{version}"), *otros]:
        if not ruta:
            continue
        prueba = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"
        try:
            hecho = subprocess.run([ruta, "-c", prueba], capture_output=True, text=True)
        except OSError:
            continue
        if hecho.returncode == 0 and hecho.stdout.strip() == version:
            return ruta
    return None
