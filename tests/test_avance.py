"""El avance de un entrenamiento: habla desde el primer paso y no promete de más."""

from types import SimpleNamespace

import pytest

from herramientas.cuadernos import leer as cuadernos

avance = pytest.importorskip("taller.avance")


@pytest.fixture
def reloj(monkeypatch):
    """Un reloj que solo se mueve cuando la prueba lo dice."""
    hora = SimpleNamespace(es=1000.0)
    monkeypatch.setattr(avance.time, "monotonic", lambda: hora.es)
    return hora


def _correr(reloj, pasos, primero, cada, ya=0):
    estado = SimpleNamespace(global_step=ya, max_steps=pasos)
    uno = avance.Avance()
    uno.on_train_begin(None, estado, None)
    for i in range(ya, pasos):
        reloj.es += primero if i == ya else cada
        estado.global_step = i + 1
        uno.on_step_end(None, estado, None, model=None)


def test_habla_al_empezar_y_tras_el_primer_paso(reloj, capsys):
    _correr(reloj, 520, primero=3.0, cada=0.5)
    assert capsys.readouterr().out.splitlines() == [
        "empieza: 520 pasos",
        "paso 1 de 520 · el primero tardó 3 s",
        "paso 5 de 520 · faltan unos 4 min, sin las medidas",
        "paso 20 de 520 · faltan unos 4 min, sin las medidas",
        "paso 50 de 520 · faltan unos 4 min, sin las medidas",
    ]


def test_al_reanudar_cuenta_desde_ahi(reloj, capsys):
    _correr(reloj, 110, primero=1.0, cada=1.0, ya=100)
    assert capsys.readouterr().out.splitlines() == [
        "empieza: 110 pasos desde el 100",
        "paso 101 de 110 · el primero tardó 1 s",
        "paso 105 de 110 · faltan unos 5 s, sin las medidas",
    ]


def test_la_leccion_10_lo_pone_antes_de_entrenar():
    (ruta,) = cuadernos.rutas(["10"])
    codigo = next(c.source for c in cuadernos.leer(ruta).cells if c.id == "10-entrenar")
    assert codigo.index("add_callback(Avance())") < codigo.index("= entrenar(hacer")
