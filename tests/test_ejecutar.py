"""`make ejecutar`: escribe un cuaderno entero o lo deja como estaba."""

import json
import os

import psutil
import pytest
from minimo import celda, codigo, guardar_sin_salidas

from herramientas.cuadernos import ejecutar, huellas
from herramientas.cuadernos import leer as cuadernos
from herramientas.cuadernos.leer import ErrorDeCuaderno

pytestmark = pytest.mark.lento  # cada prueba abre un núcleo


@pytest.fixture
def guardado(tmp_path):
    """Escribe el cuaderno mínimo, sin salidas y con otras celdas; y dónde anotar."""

    def _guardado(*celdas_de_mas):
        ruta = guardar_sin_salidas(tmp_path, *celdas_de_mas)
        return ruta, tmp_path / "resultados" / "cuadernos.json"

    return _guardado


def _correr(ruta, registro, **opciones):
    opciones.setdefault("mostrar", None)
    return ejecutar.ejecutar_y_guardar(ruta, registro=registro, **opciones)


def test_guarda_salidas_huella_y_medidas(guardado):
    entorno = codigo("01-entorno", "import os\nprint(os.environ['TALLER_PERFIL'])")
    ruta, registro = guardado(entorno)
    _correr(ruta, registro)
    nuevo = cuadernos.leer(ruta)
    assert celda(nuevo, "01-en-vivo").outputs[0].text == "2\n"
    assert celda(nuevo, "01-entorno").outputs[0].text == "semilla\n"
    cuentas = [c.execution_count for c in cuadernos.de_codigo(nuevo)]
    assert cuentas == list(range(1, len(cuentas) + 1))
    assert huellas.motivos(nuevo) == []
    medidas = json.loads(registro.read_text())["cuadernos"][ruta.stem]
    assert medidas["celdas"] == len(cuentas)
    assert medidas["segundos"] > 0 and medidas["memoria_gb"] > 0.01
    assert medidas["nucleos"] == os.cpu_count() and medidas["fecha"].startswith("20")


def test_no_deja_nucleos_abiertos(guardado):
    for de_mas in ([], [codigo("01-mala", "1 / 0")]):
        ruta, registro = guardado(*de_mas)
        try:
            _correr(ruta, registro)
        except ErrorDeCuaderno:
            pass
        hijos = psutil.Process().children(recursive=True)
        vivos = [h for h in hijos if h.status() != psutil.STATUS_ZOMBIE]
        assert not [h for h in vivos if "ipykernel_launcher" in h.cmdline()]


def test_dos_ejecuciones_guardan_lo_mismo(guardado):
    ruta, registro = guardado(
        codigo("01-objeto", "object()"), codigo("01-conjunto", "print(set('tokens'))")
    )
    _correr(ruta, registro)
    una = ruta.read_bytes()
    _correr(ruta, registro)
    assert ruta.read_bytes() == una


def test_una_celda_que_falla_no_escribe_nada(guardado):
    mala = codigo("01-mala", "# Divide.\nvalor = 1 / 0")
    ruta, registro = guardado(mala, codigo("01-despues", "print('nunca')"))
    antes = ruta.read_bytes()
    with pytest.raises(ErrorDeCuaderno) as fallo:
        _correr(ruta, registro)
    mensaje = str(fallo.value)
    assert "01-mala" in mensaje and "# Divide." in mensaje
    assert "ZeroDivisionError: division by zero" in mensaje
    assert "\x1b" not in mensaje
    assert ruta.read_bytes() == antes
    assert not registro.exists()
    assert sorted(p.name for p in ruta.parent.iterdir()) == [ruta.name]


@pytest.mark.parametrize(
    ("fuente", "limite", "dice"),
    [
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", None, "murió"),
        ("import time\ntime.sleep(60)", 5, "Demasiado tiempo"),
        ("print('/home/' + 'alguien/x')", None, "ruta de esta máquina"),
    ],
    ids=["núcleo muerto", "límite", "ruta ajena"],
)
def test_otros_fallos_dicen_la_celda(guardado, fuente, limite, dice):
    ruta, registro = guardado(codigo("01-mala", fuente))
    antes = ruta.read_bytes()
    with pytest.raises(ErrorDeCuaderno, match="01-mala") as fallo:
        _correr(ruta, registro, limite=limite)
    assert dice in str(fallo.value)
    assert ruta.read_bytes() == antes


def test_un_error_que_se_muestra_queda_guardado(guardado):
    esperada = codigo("01-error", "1 / 0", "raises-exception")
    ruta, registro = guardado(esperada)
    _correr(ruta, registro)
    (salida,) = celda(cuadernos.leer(ruta), "01-error").outputs
    assert salida.ename == "ZeroDivisionError"


def test_un_error_esperado_que_no_llega_es_un_fallo(guardado):
    ruta, registro = guardado(codigo("01-error", "1 / 1", "raises-exception"))
    with pytest.raises(ErrorDeCuaderno, match="Falta el error"):
        _correr(ruta, registro)


def test_comprobar_dice_cuales_son_viejos(guardado, capsys):
    ruta, registro = guardado()
    assert ejecutar.principal(["--comprobar", str(ruta)]) == 1
    assert "nunca se ejecutó" in capsys.readouterr().out
    _correr(ruta, registro)
    assert ejecutar.principal(["--comprobar", str(ruta)]) == 0
    assert "al día" in capsys.readouterr().out


def test_instalar_pone_al_dia_sin_ejecutar(guardado, capsys):
    ruta, _ = guardado()
    cuaderno = cuadernos.leer(ruta)
    celda(cuaderno, "01-instalar").source = "# viejo"
    cuadernos.guardar(cuaderno, ruta)
    assert ejecutar.principal(["--instalar", str(ruta)]) == 0
    nuevo = celda(cuadernos.leer(ruta), "01-instalar")
    assert nuevo.source == cuadernos.celda_instalar(*cuadernos.proyecto())
    assert nuevo.execution_count is None


def test_un_nombre_o_un_archivo_malo_se_explica(tmp_path, capsys):
    assert ejecutar.principal(["99_no_existe"]) == 1
    assert "no existe" in capsys.readouterr().err
    roto = tmp_path / "01_roto.ipynb"
    roto.write_text("{esto no es json")
    assert ejecutar.principal([str(roto)]) == 1
    assert "no es un cuaderno válido" in "".join(capsys.readouterr())
