"""Los hilos de la CPU: qué se decide según la máquina, y que llegue a PyTorch."""

import json
import os
import subprocess
import sys

import pytest

from herramientas.archivos import RAIZ
from herramientas.cuadernos.leer import ENTORNO
from herramientas.medidas.hilos import AJUSTES, QUITAR
from taller import hilos


@pytest.mark.parametrize(
    ("disponibles", "recortados", "con_trabajo", "en_hub", "corta", "numero", "dice"),
    [
        (1, False, 3, True, True, 1, "un solo núcleo"),
        (2, False, 0, False, True, 0, "están libres"),
        (8, False, 0, False, False, 0, "están libres"),
        (4, True, 0, False, True, 4, "puede usar: 4"),
        (2, False, 3, False, True, 2, "ocupan 3 de 2"),
        (8, False, 3, False, True, 5, "ocupan 3 de 8"),
        (8, False, 9, False, True, 2, "ocupan 9 de 8"),
        (8, False, 3, False, False, 1, "se importó antes"),
        (16, False, 0, True, True, 2, "se comparte"),
        (16, False, 0, True, False, 1, "se comparte"),
    ],
)
def test_decide_segun_lo_que_sobra(
    disponibles, recortados, con_trabajo, en_hub, corta, numero, dice
):
    elegidos = hilos.decidir(disponibles, recortados, con_trabajo, en_hub, corta)
    assert elegidos.numero == numero
    assert dice in elegidos.razon and elegidos.razon.endswith(".")


def _en_otro_proceso(codigo: str, **variables: str) -> dict:
    """Lo que imprime un programa que empieza sin ninguna variable de hilos."""
    limpio = {
        k: v for k, v in os.environ.items() if k not in (*QUITAR, "JUPYTERHUB_USER")
    }
    hecho = subprocess.run(
        [sys.executable, "-c", codigo + "\nimport json, os, torch\n" + IMPRIMIR],
        cwd=RAIZ,
        env=limpio | variables,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(hecho.stdout.splitlines()[-1])


IMPRIMIR = """\
print(json.dumps({
    "hilos": torch.get_num_threads(), "espera": os.environ.get("GOMP_SPINCOUNT"),
}))"""


@pytest.mark.lento
@pytest.mark.parametrize(
    ("codigo", "variables", "espera", "numero"),
    [
        ("import taller", {"TALLER_HILOS": "1"}, "1000", 1),
        ("import torch, taller", {"TALLER_HILOS": "1"}, None, 1),
        ("import taller", {"OMP_NUM_THREADS": "1"}, "1000", 1),
        ("import taller", {"TALLER_HILOS": "1", "GOMP_SPINCOUNT": "7"}, "7", 1),
        ("import torch, taller", {"JUPYTERHUB_USER": "ana"}, None, 1),
        ("import taller", {"TALLER_HILOS": "pocos", "OMP_NUM_THREADS": "1"}, "1000", 1),
    ],
)
def test_llega_a_pytorch(codigo, variables, espera, numero):
    assert _en_otro_proceso(codigo, **variables) == {"hilos": numero, "espera": espera}


@pytest.mark.parametrize(
    ("valor", "numero"), [("²", None), ("pocos", None), ("0", None), (" 3 ", 3)]
)
def test_solo_se_pide_un_numero(monkeypatch, valor, numero):
    monkeypatch.setenv("TALLER_HILOS", valor)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    pedidos = hilos._pedidos()
    assert (pedidos and pedidos.numero) == numero


def test_el_perfil_imprime_los_hilos_con_su_razon(capsys):
    import taller

    taller.elegir_perfil("semilla")
    ultima = capsys.readouterr().out.splitlines()[-1]
    assert ultima == "Hilos en la CPU 2: lo pide la variable TALLER_HILOS."


def test_los_cuadernos_corren_con_lo_medido():
    """La espera que usa el curso es una de las que se midieron."""
    assert hilos.ESPERA_CORTA in AJUSTES.values()
    assert ENTORNO.items() >= hilos.ESPERA_CORTA.items()
    assert ENTORNO["TALLER_HILOS"] == "2"
