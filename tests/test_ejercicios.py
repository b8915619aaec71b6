"""Los ejercicios: a una respuesta equivocada se contesta con una pista, sin fallar.

Que cada ejercicio sin resolver diga «Todavía no» y cada solución «Correcto» se prueba
dos veces: en lo guardado (apoyo/reglas/ejercicios.py, y las salidas son vigentes) y al
ejecutar los cuadernos con nbval (apoyo/complemento_cuadernos.py).
"""

import re
from importlib import import_module

import pytest
from reglas.ejercicios import id_del_ejercicio

from herramientas.archivos import RAIZ
from herramientas.cuadernos import leer as cuadernos
from herramientas.cuadernos.leer import de_codigo, etiquetas

ejercicios = pytest.importorskip("taller.ejercicios")

for modulo in sorted((RAIZ / "taller" / "ejercicios").glob("e*.py")):
    if re.fullmatch(r"e(\d\d|_[a-z0-9]+)", modulo.stem):
        import_module(f"taller.ejercicios.{modulo.stem}")


def _en_cuadernos() -> set[str]:
    return {
        id_del_ejercicio(celda)
        for ruta in cuadernos.rutas()
        for celda in de_codigo(cuadernos.leer(ruta))
        if "ejercicio" in etiquetas(celda)
    }


def _lanza(*_, **__):
    raise RuntimeError("sin resolver")


def _devuelve_nada(*_, **__):
    return None


class _Rara:
    """Un objeto que no sirve para nada."""


EQUIVOCADAS = {
    "None": None,
    "puntos suspensivos": ...,
    "función que falla": _lanza,
    "función que no devuelve nada": _devuelve_nada,
    "función de otra forma": lambda: 1,
    "texto": "no sé",
    "número": -12345.678,
    "no es número": float("nan"),
    "lista vacía": [],
    "diccionario vacío": {},
    "objeto raro": _Rara(),
}


def test_ejercicios_y_cuadernos_coinciden():
    """Ni una comprobación que nadie usa, ni un ejercicio sin comprobación."""
    assert set(ejercicios.REGISTRO) == _en_cuadernos()


@pytest.mark.parametrize("respuesta", EQUIVOCADAS.values(), ids=EQUIVOCADAS)
@pytest.mark.parametrize("nombre", sorted(ejercicios.REGISTRO))
def test_respuesta_equivocada_recibe_una_pista(nombre, respuesta, capsys):
    ejercicios.comprobar(nombre, respuesta)
    dicho = capsys.readouterr().out
    assert "Todavía no" in dicho, f"{nombre} dio por buena la respuesta {respuesta!r}"
    pista = dicho.partition(":")[2].strip()
    assert len(pista.split()) >= 4, f"{nombre}: la pista dice muy poco: {dicho!r}"
    assert not re.search(r" at 0x[0-9a-f]+", dicho), "la pista muestra una dirección"


def _sin_clave():
    raise KeyError


def _sin_nombre():
    raise NameError("algo")


def _antes_de_darle_valor():
    cuenta += 1  # noqa: F821, F841


@pytest.mark.parametrize(
    ("funcion", "dice"),
    [
        (_sin_clave, "clase KeyError"),
        (_sin_nombre, "clase NameError"),
        (_antes_de_darle_valor, "antes de darle un valor en ella"),
        (lambda: {}["paso"], "la clave 'paso', que no existe"),
        (lambda: no_existe, "«no_existe», un nombre"),  # noqa: F821
    ],
)
def test_un_error_sin_detalle_tambien_se_explica(monkeypatch, funcion, dice):
    monkeypatch.setitem(ejercicios.REGISTRO, "00-x", lambda f: f())
    assert dice in ejercicios.revisar("00-x", funcion)


@pytest.mark.parametrize("titulo", ["texto", "número", "lista vacía", "objeto raro"])
@pytest.mark.parametrize("nombre", sorted(ejercicios.REGISTRO))
def test_otra_clase_de_respuesta_se_explica_en_espanol(nombre, titulo):
    """Quien olvida la función, o la llama, no recibe «'str' object is not callable»."""
    pista = ejercicios.revisar(nombre, EQUIVOCADAS[titulo])
    assert "object" not in pista, f"{nombre}: pista en inglés: {pista}"
