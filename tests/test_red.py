"""La guardia de red: funciona, no estorba, y nadie quiso salir de esta máquina."""

import json
import os
import subprocess
import sys
from pathlib import Path

import guardia_red
import pytest

SALIR = "import socket; socket.create_connection(('203.0.113.7', 80), timeout=1)"
NOMBRE = "import socket; socket.getaddrinfo('ejemplo.invalid', 443)"
ENVIAR = (
    "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); "
    "s.sendto(b'x', ('203.0.113.7', 53))"
)


@pytest.fixture
def correr(tmp_path):
    """Corre código en otro Python, con la guardia y un registro propio."""

    def _correr(codigo, **mas):
        registro = tmp_path / "intentos.jsonl"
        entorno = {**os.environ, "TALLER_REGISTRO_RED": str(registro), **mas}
        hecho = subprocess.run(
            [sys.executable, "-c", codigo],
            env=entorno,
            capture_output=True,
            text=True,
            timeout=60,
        )
        lineas = registro.read_text().splitlines() if registro.exists() else []
        return hecho, [json.loads(x) for x in lineas]

    return _correr


@pytest.mark.parametrize("codigo", [SALIR, NOMBRE, ENVIAR], ids=["tcp", "dns", "udp"])
def test_rechaza_y_anota_un_intento(correr, codigo):
    hecho, intentos = correr(codigo)
    assert hecho.returncode != 0
    assert "RedProhibida" in hecho.stderr
    assert len(intentos) == 1
    assert (
        "203.0.113.7" in intentos[0]["destino"] or "ejemplo" in intentos[0]["destino"]
    )


def test_anota_aunque_el_programa_calle_el_error(correr):
    hecho, intentos = correr(
        f"try:\n    {SALIR}\nexcept OSError:\n    print('callado')"
    )
    assert hecho.stdout.strip() == "callado"
    assert len(intentos) == 1


def test_deja_pasar_lo_local(correr):
    codigo = (
        "import socket; s = socket.create_server(('127.0.0.1', 0)); "
        "socket.create_connection(s.getsockname(), timeout=5); "
        "socket.getaddrinfo('localhost', 80); print('bien')"
    )
    hecho, intentos = correr(codigo)
    assert hecho.stdout.strip() == "bien", hecho.stderr
    assert intentos == []


def test_no_tapa_el_sitecustomize_que_hubiera(correr, tmp_path):
    (tmp_path / "sitecustomize.py").write_text("PRESENTE = True\nprint('el otro')\n")
    camino = os.pathsep.join([os.environ["PYTHONPATH"], str(tmp_path)])
    hecho, _ = correr("print('fin')", PYTHONPATH=camino)
    assert hecho.stdout.split("\n")[:2] == ["el otro", "fin"], hecho.stderr


def test_esta_puesta_en_este_proceso():
    assert guardia_red._puesta
    assert "tests" in os.environ["PYTHONPATH"]


@pytest.mark.parametrize(
    ("destino", "local"),
    [
        (("127.0.0.1", 80), True),
        (("::1", 80, 0, 0), True),
        (("0.0.0.0", 80), True),
        ("localhost", True),
        (None, True),
        ("/tmp/enchufe", True),
        (b"127.3.2.1", True),
        (("10.0.0.1", 80), False),
        (("fe80::1%eth0", 80), False),
        ("huggingface.co", False),
        (("93.184.216.34", 443), False),
    ],
)
def test_es_local(destino, local):
    assert guardia_red.es_local(destino) is local


@pytest.mark.al_final
def test_nada_quiso_salir_a_la_red():
    """Vale para todo lo que corrió antes en esta sesión, cuadernos incluidos."""
    registro = Path(os.environ["TALLER_REGISTRO_RED"])
    lineas = registro.read_text().splitlines() if registro.exists() else []
    intentos = [json.loads(x) for x in lineas]
    lista = "\n".join(
        f"  - {i['destino']} desde {i['codigo']} (programa: {i['programa'][:80]})"
        for i in intentos
    )
    assert not intentos, f"{len(intentos)} intentos de salir a la red:\n{lista}"
