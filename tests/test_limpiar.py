"""La limpieza de salidas quita lo que cambia y deja lo que la lección enseña."""

import copy
import sys
import tempfile
from pathlib import Path

import pytest
from minimo import celda, cuaderno_bueno, dice
from nbformat.v4 import new_output

from herramientas.archivos import RAIZ
from herramientas.cuadernos import salidas as limpiar
from herramientas.cuadernos.leer import ErrorDeCuaderno
from herramientas.cuadernos.salidas import (
    CONTROL,
    limpiar_salidas,
    sin_progreso,
    sin_rutas,
)


def _texto(*salidas) -> str:
    limpias, _ = limpiar_salidas(list(salidas), "01-x")
    return "".join(s.text for s in limpias)


def _error(texto):
    return new_output("stream", name="stderr", text=texto)


@pytest.mark.parametrize(
    "barra",
    [
        "\r  0%|          | 0/30 [00:00<?, ?it/s]\r"
        "100%|████| 30/30 [00:05<00:00, 5.8it/s]\n",
        "Map: 100%|██████████| 300/300 [00:00<00:00, 9120.11 examples/s]\n",
        "Generating train split: 300 examples [00:00, 1234.5 examples/s]\n",
        "\r                              \r",
        "  7%|▋         | 2/30",
    ],
)
def test_quita_las_barras_de_progreso(barra):
    assert limpiar_salidas([_error(barra)], "01-x") == ([], 0)


def test_conserva_lo_que_sigue_a_una_barra():
    assert (
        sin_progreso("a\r50%|█ | 1/2 [00:01<00:01, 1it/s]\rlisto\nfin\n")
        == "listo\nfin\n"
    )
    assert sin_progreso("una línea\n\notra [3]\r\n") == "una línea\n\notra [3]\n"


def test_une_los_textos_seguidos():
    limpias, _ = limpiar_salidas([dice("a"), dice("b"), _error("c\n"), dice("d")], "x")
    assert [(s.name, s.text) for s in limpias] == [
        ("stdout", "a\nb\n"),
        ("stderr", "c\n"),
        ("stdout", "d\n"),
    ]


def test_quita_direcciones_y_avisos_con_ruta():
    assert _texto(dice("<función suma at 0x7f3a5c01d2e0>")) == "<función suma>\n"
    aviso = "/opt/x/lib/trl/a.py:12: UserWarning: algo cambió\n  warnings.warn(texto)\n"
    limpias, avisos = limpiar_salidas([_error(aviso + "queda\n")], "x")
    assert [s.text for s in limpias] == ["queda\n"]
    assert avisos == 1


def test_reemplaza_las_rutas_de_esta_maquina():
    assert sin_rutas(f"{RAIZ}/taller/perfil.py") == "taller/perfil.py"
    assert sin_rutas(f"en {RAIZ}.") == "en .."
    assert sin_rutas(f"{RAIZ}-otro/x") != "-otro/x"
    assert sin_rutas(f"{sys.prefix}/lib/python3.11/site-packages/trl/x.py") == (
        "site-packages/trl/x.py"
    )
    assert sin_rutas(f"{tempfile.gettempdir()}/tmpa1b2/adaptador") == (
        "carpeta-temporal/adaptador"
    )
    assert sin_rutas(f"{Path.home()}/datos.json") == "~/datos.json"


def test_quita_los_controles_vivos():
    control = new_output(
        "display_data", {CONTROL: {"model_id": "a"}, "text/plain": "x"}
    )
    assert limpiar_salidas([control, dice("a")], "x")[0] == [dice("a")]


def test_quita_la_barra_y_la_tabla_de_trainer():
    barra = (
        "<div>\n  Época 1 <progress value='30' max='30'></progress>\n"
        "  [30/30 00:05]\n</div>\n"
    )
    perdidas = (
        "<table border='1'><thead><tr><th>Step</th><th>Training Loss</th></tr></thead>"
        "<tbody><tr><td>10</td><td>2.31</td></tr></tbody></table><p>"
    )
    propia = "<table><tr><th>verbo</th></tr><tr><td>cantar</td></tr></table>"
    for html in (barra, barra + perdidas):
        salida = new_output("display_data", {"text/html": html})
        assert limpiar_salidas([salida], "x")[0] == []
    (salida,), _ = limpiar_salidas(
        [new_output("display_data", {"text/html": propia + perdidas})], "x"
    )
    assert salida.data["text/html"] == propia


def _figura_svg() -> str:
    import io

    import matplotlib.figure

    figura = matplotlib.figure.Figure()
    eje = figura.subplots()
    eje.plot([1, 3, 2])
    archivo = io.StringIO()
    figura.savefig(archivo, format="svg")
    return archivo.getvalue()


def test_dos_figuras_iguales_quedan_iguales():
    """Los identificadores de matplotlib son al azar y su fecha cambia."""
    import matplotlib

    with matplotlib.rc_context({"svg.hashsalt": None}):
        una, otra = _figura_svg(), _figura_svg()
    assert una != otra
    limpias = [
        limpiar_salidas([new_output("display_data", {"image/svg+xml": x})], "01-f")[0]
        for x in (una, otra)
    ]
    assert limpias[0] == limpias[1]
    svg = limpias[0][0].data["image/svg+xml"]
    assert "<metadata>" not in svg
    distinta, _ = limpiar_salidas(
        [new_output("display_data", {"image/svg+xml": una})], "01-g"
    )
    assert distinta != limpias[0], "dos figuras de una página compartirían nombres"
    # Todo lo que se usa por nombre sigue definido.
    import re

    usados = set(re.findall(r'url\(#(\w+)\)|href="#([\w-]+)"', svg))
    definidos = set(re.findall(r'id="([\w-]+)"', svg))
    assert usados and {a or b for a, b in usados} <= definidos


def test_limpiar_dos_veces_no_cambia_nada():
    cuaderno = cuaderno_bueno()
    limpiar.limpiar(cuaderno)
    otra = copy.deepcopy(cuaderno)
    limpiar.limpiar(otra)
    assert otra == cuaderno


def test_una_ruta_ajena_detiene_el_guardado():
    cuaderno = cuaderno_bueno()
    celda(cuaderno, "01-en-vivo").outputs = [dice("/home/" + "otra/persona.txt")]
    with pytest.raises(ErrorDeCuaderno, match="01-en-vivo"):
        limpiar.limpiar(cuaderno)


def test_avisa_de_una_imagen_pesada():
    cuaderno = cuaderno_bueno()
    pesada = new_output("display_data", {"image/png": "A" * 500_000})
    celda(cuaderno, "01-figura").outputs = [pesada]
    (consejo,) = limpiar.limpiar(cuaderno)
    assert "01-figura" in consejo and "375 kB" in consejo


def test_une_lo_que_un_aviso_separaba():
    """Limpiar dos veces da lo mismo que una: si no, la lección parece sucia."""
    partes = [
        new_output("stream", name="stdout", text="uno\n"),
        _error("/x/y.py:3: FutureWarning: viejo\n  warnings.warn(\n"),
        _error("Failed to load CPU gemm_4bit_forward: falta kernels\n"),
        new_output("stream", name="stdout", text="dos\n"),
    ]
    recorte = '<clipPath id="p0123456789"/>'
    svg = f'<svg>{recorte}<path clip-path="url(#p0123456789)"/></svg>'
    partes.append(new_output("display_data", {"image/svg+xml": svg}))
    limpias, avisos = limpiar_salidas(partes, "01-x")
    assert [s.get("text") for s in limpias] == ["uno\ndos\n", None] and avisos == 2
    assert limpiar_salidas(limpias, "01-x")[0] == limpias
    # un aviso que se va no cambia los nombres del dibujo que lo sigue
    assert (
        limpiar_salidas(partes[1:2] + partes[-1:], "01-x")[0]
        == limpiar_salidas(partes[-1:], "01-x")[0]
    )
