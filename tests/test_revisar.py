"""La revisión previa: dice qué falta, qué hacer y una línea para copiar."""

import logging

import pytest

from taller import avisos, revisar


@pytest.mark.parametrize(
    ("gb", "como"), [(0.5, "falta"), (8.0, "bien"), (None, "aviso")]
)
def test_la_memoria_se_compara_con_la_leccion_que_mas_pide(gb, como):
    punto = revisar.de_la_memoria(gb)
    assert punto.como == como and "usó" in punto.dicho
    assert bool(punto.que_hacer) == (como == "falta")


def test_sin_las_medidas_del_curso_lo_dice_y_sigue(monkeypatch, tmp_path):
    monkeypatch.setattr(revisar, "RESULTADOS", tmp_path)
    punto = revisar.de_la_memoria(8.0)
    assert punto.como == "aviso" and "Instala otra vez" in punto.que_hacer
    (tmp_path / "cuadernos.json").write_text('{"cuadernos": {"00": {}}}')
    puntos, linea = revisar.revisar()
    assert "no terminó (KeyError: 'memoria_gb')" in puntos[1].dicho
    assert "en disco" in linea and "perfil semilla" in linea


def test_con_opciones_no_se_calla_que_no_lleva(capsys):
    assert revisar.principal(["--rapido"]) == 2
    assert "no lleva opciones" in capsys.readouterr().err


def test_el_disco():
    assert revisar.del_disco(0.2).como == "falta"
    assert "Libera espacio" in str(revisar.del_disco(0.2))
    assert revisar.del_disco(20.0).que_hacer == ""


def test_este_equipo_tiene_memoria():
    assert revisar.memoria_total() > 0.5


@pytest.mark.parametrize(
    ("cambio", "como", "dice"),
    [
        ({}, "bien", "Probado con"),
        ({"trl": "1.99.0"}, "aviso", "trl 1.99.0"),
        ({"trl": "0.1"}, "falta", "trl"),
        ({"trl": None}, "falta", "trl"),
    ],
)
def test_las_versiones(monkeypatch, cambio, como, dice):
    from taller import instalar

    hay = {**instalar.instalados(), **cambio}
    hay = {nombre: version for nombre, version in hay.items() if version}
    probadas = {"combinaciones": {"x": {"versiones": instalar.instalados()}}}
    monkeypatch.setattr(instalar, "instalados", lambda: hay)
    monkeypatch.setattr(revisar, "_json", lambda nombre: probadas)
    punto = revisar.de_las_versiones()
    assert (punto.como, dice in punto.dicho) == (como, True), punto


def test_sin_red_dice_que_semilla_sigue(monkeypatch):
    from taller import descargas

    monkeypatch.setattr(descargas, "alcance", lambda modelo: "no hay conexión")
    punto = revisar.de_la_red()
    assert punto.como == "aviso" and "semilla" in punto.que_hacer
    monkeypatch.setattr(descargas, "alcance", lambda modelo: None)
    assert revisar.de_la_red().como == "bien"


def test_el_perfil(monkeypatch):
    monkeypatch.setenv("TALLER_PERFIL", "semila")
    assert revisar.del_perfil()[0].como == "falta"
    monkeypatch.setenv("TALLER_PERFIL", "semilla")
    assert revisar.del_perfil()[0].como == "bien"
    monkeypatch.setenv("TALLER_PERFIL", "t4")
    from taller import perfil

    monkeypatch.setattr(perfil, "_problema", lambda nombre: "no hay GPU.")
    punto, nombre = revisar.del_perfil()
    assert punto.como == "aviso" and nombre == "semilla"


def test_termina_con_una_sola_linea_sin_datos_de_nadie(monkeypatch, capsys):
    import getpass
    import socket

    monkeypatch.setattr(revisar, "memoria_total", lambda: 8.0)
    assert revisar.principal() in (0, 1)
    *_, aviso, linea = capsys.readouterr().out.splitlines()
    assert aviso.startswith("Copia esta línea")
    assert linea.startswith(("LISTO; ", "FALTA "))
    for parte in ("8,0 GB de memoria", "hub ", "perfil semilla", "Python 3", "torch"):
        assert parte in linea
    assert socket.gethostname() not in linea and getpass.getuser() + "/" not in linea


def test_lo_que_falta_encabeza_la_linea(monkeypatch):
    monkeypatch.setattr(revisar, "memoria_total", lambda: 0.5)
    _, linea = revisar.revisar()
    assert linea.startswith("FALTA memoria; ")
    assert revisar.principal() == 1


def test_una_revision_rota_no_calla_a_las_demas(monkeypatch):
    def rota():
        raise RuntimeError("se rompió")

    monkeypatch.setattr(revisar, "de_la_red", rota)
    puntos, linea = revisar.revisar()
    assert any("se rompió" in p.dicho for p in puntos)
    assert linea.startswith("FALTA") and "perfil semilla" in linea


def test_calla_solo_el_consejo_de_instalar_kernels(caplog):
    avisos.callar()
    ajeno = logging.getLogger(avisos.QUIEN)
    with caplog.at_level(logging.WARNING, logger=avisos.QUIEN):
        ajeno.warning("Failed to load: %s. Please `pip install kernels`", "x")
        ajeno.warning("otra cosa, que sí importa")
    assert [r.getMessage() for r in caplog.records] == ["otra cosa, que sí importa"]


def test_bitsandbytes_avisa_donde_se_calla():
    """Si mudan el aviso de sitio, esto lo dice."""
    ops = pytest.importorskip("bitsandbytes.backends.cpu.ops")
    assert ops.logger.name == avisos.QUIEN
    from pathlib import Path

    assert avisos.QUE in Path(ops.__file__).read_text("utf-8")
