"""Las preguntas de repaso en el cuaderno: las de la página, y sin pedir nada."""

import re
import sys
from html.parser import HTMLParser

import pytest
from programas import correr_aqui

from herramientas.archivos import RAIZ
from taller import repaso
from taller.errores import ErrorDelTaller


def test_son_las_de_la_pagina_y_en_el_mismo_orden(monkeypatch):
    monkeypatch.syspath_prepend(str(RAIZ / "book" / "_ext"))
    sys.modules.pop("repaso", None)
    de_la_pagina = pytest.importorskip("repaso")
    assert RAIZ / de_la_pagina.DATOS == repaso.DATOS
    partes = repaso.leer()
    assert partes == de_la_pagina.leer(repaso.DATOS)
    for preguntas in partes.values():
        for una in preguntas:
            dadas = una["pregunta"], una["opciones"]
            assert repaso.en_orden(*dadas) == de_la_pagina.en_orden(*dadas)


@pytest.mark.parametrize("parte", ["texto", 1])
def test_cada_opcion_se_abre_y_dice_por_que(parte):
    hecho = repaso.repasar(parte)._repr_html_()
    preguntas = repaso.leer()["texto"]
    assert hecho.count("<details") == 3 * len(preguntas)
    assert hecho.count("<strong>Sí.</strong>") == len(preguntas)
    abiertas = []

    class Lector(HTMLParser):
        def handle_starttag(self, etiqueta, _):
            abiertas.append(etiqueta)

        def handle_endtag(self, etiqueta):
            assert abiertas.pop() == etiqueta

    Lector().feed(hecho)
    assert not abiertas
    assert "script" not in hecho  # Colab y JupyterLab quitan los guiones


def test_en_texto_las_respuestas_van_al_final(capsys):
    assert correr_aqui("taller.repaso", "ajuste") == 0
    dicho = capsys.readouterr().out
    preguntas, respuestas = dicho.split("Respuestas")
    cuantas = len(repaso.leer()["ajuste"])
    assert len(re.findall(r"^\d+\. ", preguntas, re.M)) == cuantas
    assert len(re.findall(r"^\d+\. [abc]\) ", respuestas, re.M)) == cuantas


@pytest.mark.parametrize("parte", ["Texto", 0, 9, "", None, True])
def test_una_parte_que_no_existe_se_dice(parte):
    with pytest.raises(ErrorDelTaller, match="las partes son «texto»"):
        repaso.repasar(parte)


def test_la_orden_mal_escrita_se_dice(capsys):
    assert correr_aqui("taller.repaso") == 2
    for mala in ("9", "²"):
        assert correr_aqui("taller.repaso", mala) == 1
    errores = capsys.readouterr().err
    assert "python -m taller.repaso texto" in errores and "las partes son" in errores


def test_sin_el_archivo_se_dice(monkeypatch, tmp_path):
    monkeypatch.setattr(repaso, "DATOS", tmp_path / "no.yaml")
    with pytest.raises(ErrorDelTaller, match="instala otra vez"):
        repaso.repasar("texto")
