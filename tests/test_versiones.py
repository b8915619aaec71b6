"""La línea de versiones para los avisos: una, que siempre sale y no dice quién eres."""

import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from herramientas.archivos import RAIZ
from taller import versiones


def test_es_una_linea_con_todo():
    linea = versiones.linea()
    assert "\n" not in linea and linea.startswith(f"Python {sys.version_info.major}.")
    for nombre in versiones.BIBLIOTECAS:
        assert f"; {nombre} " in linea
    assert f"torch {metadata.version('torch')}" in linea


def test_no_dice_quien_eres():
    linea = versiones.linea()
    for dato in (str(RAIZ), str(Path.home()), "@"):
        assert dato == "/" or dato not in linea


def test_lo_que_falta_no_la_detiene(monkeypatch):
    def falta(nombre):
        raise metadata.PackageNotFoundError(nombre)

    monkeypatch.setattr(versiones.metadata, "version", falta)
    monkeypatch.setitem(sys.modules, "torch", None)
    linea = versiones.linea()
    assert linea.count("no está") == len(versiones.BIBLIOTECAS)
    assert linea.endswith("GPU desconocida: torch no responde")


@pytest.mark.parametrize(
    ("hay", "dice"), [(False, "sin GPU"), (True, "GPU Tarjeta X de 15 GB")]
)
def test_la_tarjeta(monkeypatch, hay, dice):
    import torch

    class Propiedades:
        total_memory = 15 * 2**30

    monkeypatch.setattr(torch.cuda, "is_available", lambda: hay)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda _: "Tarjeta X")
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda _: Propiedades)
    assert versiones.gpu() == dice


@pytest.mark.lento
@pytest.mark.parametrize(
    "orden",
    [
        ["-m", "taller.versiones"],
        ["-m", "IPython", "--quick", "--no-banner", "-c", "%run -m taller.versiones"],
    ],
    ids=["terminal", "celda"],
)
def test_en_una_terminal_y_en_una_celda(orden):
    hecho = subprocess.run(
        [sys.executable, *orden], cwd=RAIZ, capture_output=True, text=True, check=True
    )
    assert hecho.stdout.strip() == versiones.linea(), hecho.stderr


def test_la_pagina_dice_como_obtenerla():
    texto = (RAIZ / "book" / "como_usar.md").read_text("utf-8")
    for orden in ("%run -m taller.versiones", "python -m taller.versiones"):
        assert orden in texto
