"""Finge una tarjeta NVIDIA para el cuaderno, y solo para él.

El cuaderno y `taller` ven una GPU con su capacidad y su memoria; las bibliotecas ven la
CPU que hay. `perfil.dispositivo` es «cuda» para quien pregunta y «cpu» para PyTorch.
También hay un torchao viejo, como en Colab, que la primera celda debe quitar.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

# capacidad de cómputo, octetos y nombre de la tarjeta de cada perfil
TARJETAS = {
    "t4": ((7, 5), int(14.74 * 2**30), "Tesla T4"),
    "grande": ((8, 9), int(22.5 * 2**30), "NVIDIA L4"),
}


class Fingido(str):
    """El texto «cpu» que se dice igual a «cuda»."""

    def __eq__(self, otro):
        return otro == "cuda" if type(otro) is str else str.__eq__(self, otro)

    def __ne__(self, otro):
        return not self == otro

    __hash__ = str.__hash__


def _del_cuaderno() -> bool:
    """¿Pregunta el cuaderno, o `taller`?"""
    quien = sys._getframe(1).f_globals.get("__name__", "")
    return quien == "__main__" or quien.split(".")[0] == "taller"


def fingir(perfil: str, locales: dict[str, str], anotar) -> None:
    """Pone la tarjeta y hace que los modelos del hub salgan de una carpeta.

    Argumentos: `locales`, la carpeta de cada identificador del hub; `anotar`, a quien
    se le dice qué se pidió a la tarjeta (por ejemplo, poner a cero el pico).
    """
    import os

    import torch
    import transformers.training_args as argumentos_del_trainer

    import taller.perfil as modulo

    capacidad, memoria, nombre = TARJETAS[perfil]
    cuda = torch.cuda
    cuda.is_available = _del_cuaderno
    cuda.get_device_capability = lambda *_: capacidad
    cuda.get_device_name = lambda *_: nombre
    cuda.get_device_properties = lambda *_: SimpleNamespace(
        total_memory=memoria, name=nombre, major=capacidad[0], minor=capacidad[1]
    )
    cuda.mem_get_info = lambda *_: (memoria, memoria)
    cuda.synchronize = cuda.empty_cache = lambda *_: None
    cuda.memory_allocated = cuda.max_memory_allocated = lambda *_: 0
    cuda.reset_peak_memory_stats = lambda *_: anotar("pico a cero")

    # El Trainer pide esta respuesta a la CPU que hay: con bf16 se negaría.
    argumentos_del_trainer.is_torch_bf16_gpu_available = lambda: capacidad >= (8, 0)

    os.environ["TALLER_PERFIL"] = perfil
    modulo.EN_EL_HUB = {
        p: (*(locales.get(m, m) for m in fila[:2]), *fila[2:])
        for p, fila in modulo.EN_EL_HUB.items()
    }
    modulo._alcance = lambda _: None
    armar = modulo._armar

    def armar_fingido(*argumentos):
        hecho = armar(*argumentos)
        return replace(hecho, dispositivo=Fingido("cpu"))

    modulo._armar = armar_fingido


def recortar_datos() -> None:
    """Deja en «tratamientos» las filas que parten de tú: las demás solo gastan tiempo.

    Ninguna lección que use una GPU las mira, y leerlas todas tarda más que ajustar.
    """
    from taller.conjuntos.cargar import CONJUNTOS

    leer = CONJUNTOS["tratamientos"]

    def de_tu() -> dict[str, list[dict]]:
        return {
            parte: [f for f in filas if f["de"] == "tú"]
            for parte, filas in leer().items()
        }

    CONJUNTOS["tratamientos"] = de_tu


def fingir_torchao(carpeta: Path) -> None:
    """Un torchao como el de Colab, con el que peft no deja poner LoRA.

    Lo quita la primera celda del cuaderno, que aquí no puede instalar nada más: lo
    demás que hace lo prueba tests/test_colab.py.
    """
    from taller import instalar

    ficha = carpeta / "torchao-0.10.0.dist-info" / "METADATA"
    for archivo in (carpeta / "torchao" / "__init__.py", ficha):
        archivo.parent.mkdir(parents=True)
        archivo.write_text("", encoding="utf-8")
    ficha.write_text("Name: torchao\nVersion: 0.10.0\n", encoding="utf-8")
    sys.path.insert(0, str(carpeta))

    def pip(*orden: str) -> str:
        if orden != ("uninstall", "-y", "torchao"):
            return "el ensayo no instala nada"
        shutil.rmtree(carpeta)
        return ""

    instalar._pip = pip
    instalar.en_una_copia = lambda: False
    instalar.pedidos = lambda extra="": []
