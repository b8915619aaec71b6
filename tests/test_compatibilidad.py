"""Los juegos de versiones: de dónde salen, qué corren y qué queda si los cortan."""

import json
import re

import pytest
import yaml

from herramientas import candado
from herramientas.archivos import RAIZ
from herramientas.compatibilidad import combinaciones, correr, piezas
from herramientas.medidas.celdas import Leccion


def test_las_minimas_son_el_comienzo_de_cada_rango():
    viejas = combinaciones.minimas()
    pedidos = candado.requisitos()
    assert set(viejas) == {p.name for p in pedidos}
    for pedido in pedidos:
        assert pedido.specifier.contains(viejas[pedido.name])
        assert f">={viejas[pedido.name]}" in str(pedido.specifier)
    (cual,) = (c for c in combinaciones.matriz() if c.nombre == "mínimas")
    fijas = dict(linea.split("==") for linea in cual.fijas)
    assert fijas | {"torch": cual.torch} == viejas


def test_torch_se_pide_de_cpu_y_despues_el_que_haya(monkeypatch):
    minimas, *_, colab = combinaciones.matriz()
    exacto = f"torch=={minimas.torch}"
    monkeypatch.setattr(correr.entornos, "indice_responde", lambda: True)
    primera, *resto = correr.ordenes_de_torch(minimas)
    assert primera[-1] == exacto and "--index-url" in primera
    assert resto == [[exacto], ["torch"]]
    entero = combinaciones.colab_entero()
    assert correr.ordenes_de_torch(entero) == [["torch==2.11.0"], ["torch"]]
    monkeypatch.setattr(correr.entornos, "indice_responde", lambda: False)
    assert correr.ordenes_de_torch(colab) == [["torch==2.11.0"], ["torch"]]
    assert correr.ordenes_de_torch(JUGUETE) == [["torch"]]


def test_lo_de_colab_lleva_las_trampas_y_nada_de_nvidia():
    lineas = combinaciones.de_colab()
    assert {"torchao==0.10.0", "ipywidgets==7.7.1", "datasets==4.0.0"} <= set(lineas)
    assert "peft==0.20.0" in lineas and len(lineas) > 50
    assert not [x for x in lineas if re.match(r"nvidia|cuda|torch==|trl", x)]
    assert combinaciones.torch_de_colab() == "2.11.0"


def test_las_celdas_que_se_piden_existen():
    for opciones in piezas.LECCIONES.values():
        assert len(Leccion(**opciones).celdas()) > 10


def test_colab_entero_corre_cada_leccion_y_lo_que_alguna_anade():
    entero = combinaciones.colab_entero()
    numeros = {f"{n:02}" for n in range(16)}
    assert numeros | set(combinaciones.PIEZAS_DE_COLAB) == set(entero.piezas)
    assert entero.extras == ("corpus", "despliegue", "demo")
    assert entero.con_cuda and entero.torch == "2.11.0"
    assert combinaciones.colab().extras == () and not combinaciones.colab().con_cuda


def test_el_flujo_semanal_corre_cada_combinacion():
    texto = (RAIZ / ".github" / "workflows" / "semanal.yml").read_text("utf-8")
    trabajo = yaml.safe_load(texto)["jobs"]["combinaciones"]
    ordenes = trabajo["strategy"]["matrix"]["orden"]
    claves = [correr.clave_de(c) for c in combinaciones.matriz()]
    assert sorted(ordenes) == sorted(["colab", *(f"matriz ARGS={c}" for c in claves)])


def test_cada_python_pedido_esta_en_la_matriz():
    de = {c.python for c in combinaciones.matriz()}
    assert de == {"3.11", "3.12", "3.13"}
    [minimas] = [c for c in combinaciones.matriz() if c.nombre == "mínimas"]
    assert minimas.python == "3.11"


def test_los_controles_vivos_responden(monkeypatch):
    from IPython import display

    monkeypatch.setenv("TALLER_ESTATICO", "1")
    monkeypatch.setattr(display, "display", display.display)  # lo devuelve al acabar
    piezas.controles()
    monkeypatch.setattr("taller.control", lambda *_, **__: None)
    with pytest.raises(IndexError):
        piezas.controles()


# --- Correr ---------------------------------------------------------------------------

JUGUETE = combinaciones.Combinacion("nuevas", "3.11", (), ("importar", "09"))


@pytest.fixture
def taller_falso(monkeypatch, tmp_path):
    """Sin instalar nada: cada pieza dura nada y pasa, salvo lo que se pida."""
    corridas = []

    def ejecutar(orden, registro, cwd=None):
        if orden[1] == "-c":
            return json.dumps({"python": "3.11.7", "versiones": {"trl": "1.6.0"}})
        corridas.append(orden[-1])
        if orden[-1] in ejecutar.rotas:
            raise ejecutar.rotas[orden[-1]]
        return ""

    ejecutar.rotas, ejecutar.corridas = {}, corridas
    monkeypatch.setattr(correr, "_correr", ejecutar)
    monkeypatch.setattr(correr, "preparar", lambda *_: ("python", {}))
    monkeypatch.setattr(correr.combinaciones, "buscar_python", lambda v: "python")
    monkeypatch.setattr(correr, "ENTORNOS", tmp_path / "entornos")
    monkeypatch.setattr(correr, "RESULTADOS", tmp_path)
    monkeypatch.setattr(correr, "RAIZ", tmp_path)
    monkeypatch.setattr(correr.probar, "__defaults__", (tmp_path / "entornos",))
    return ejecutar


def test_anota_lo_que_pasa_y_lo_que_falla(taller_falso, tmp_path, capsys):
    taller_falso.rotas["09"] = correr.Fallo("ImportError: no está")
    assert correr.correr([JUGUETE], "matriz") == 1
    informe = json.loads((tmp_path / "matriz.json").read_text("utf-8"))
    ficha = informe["combinaciones"]["nuevas-3.11"]
    assert ficha["piezas"]["importar"]["pasa"]
    assert ficha["piezas"]["09"]["causa"] == "ImportError: no está"
    assert ficha["versiones"] == {"trl": "1.6.0"} and ficha["fecha"]
    assert "Falla: nuevas-3.11: 09" in capsys.readouterr().out


def test_si_lo_cortan_sigue_donde_iba(taller_falso, tmp_path):
    taller_falso.rotas["09"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        correr.correr([JUGUETE], "matriz")
    assert not (tmp_path / "matriz.json").exists()
    taller_falso.rotas.clear()
    assert correr.correr([JUGUETE], "matriz") == 0
    assert taller_falso.corridas == ["importar", "09", "09"]
    assert correr.correr([JUGUETE], "matriz") == 0  # acabada: otra vez, entera
    assert taller_falso.corridas[3:] == ["importar", "09"]


def test_una_falla_de_instalacion_ya_arreglada_no_se_conserva(
    taller_falso, tmp_path, monkeypatch
):
    def no_hay(*_):
        raise correr.Fallo("sin red")

    ficha = {"omitida": "no había ese Python"}
    with monkeypatch.context() as parche:
        parche.setattr(correr, "preparar", no_hay)
        correr.probar(JUGUETE, ficha, lambda: None)
    assert ficha["piezas"]["instalar"] == {"pasa": False, "causa": "sin red"}
    correr.probar(JUGUETE, ficha, lambda: None)
    assert set(ficha["piezas"]) == {"importar", "09"} and "omitida" not in ficha


def test_sin_ese_python_se_omite_con_la_razon(taller_falso, tmp_path, monkeypatch):
    monkeypatch.setattr(correr.combinaciones, "buscar_python", lambda v: None)
    assert correr.correr([JUGUETE], "matriz") == 0
    informe = json.loads((tmp_path / "matriz.json").read_text("utf-8"))
    ficha = informe["combinaciones"]["nuevas-3.11"]
    assert ficha["omitida"] == "no hay Python 3.11 en este equipo"


def test_una_combinacion_que_no_existe_dice_cuales_hay(capsys):
    assert correr.principal(["matriz", "viejas-3.9"]) == 2
    assert "mínimas-3.11" in capsys.readouterr().out
    assert piezas.principal(["77"]) == 2
    assert "importar" in capsys.readouterr().out


def test_la_tabla_dice_lo_que_paso_y_lo_que_falta():
    import sys

    sys.path.append(str(RAIZ / "book" / "_ext"))
    from cifras import en_tramos, filas_colab, filas_probado

    numeros = [f"{n:02}" for n in (0, 2, 3, 4, 9, 10, 1)]
    dicho = en_tramos(["importar", *numeros, "rapidas"])
    assert dicho == "importar, pruebas rápidas, 00 a 04, 09, 10"
    fichas = {
        "a": {
            "python": "3.11.7",
            "fecha": "2026-11-28",
            "versiones": {"trl": "1.6.0"},
            "piezas": {"09": {"pasa": True}, "10": {"pasa": False, "causa": "x|y"}},
        },
        "b": {"omitida": "no hay Python 3.12 en este equipo", "fecha": "2026-11-28"},
    }
    filas = filas_probado({"combinaciones": fichas})
    assert "1.6.0" in filas[2] and "pasa 09; falla 10: x/y" in filas[2]
    assert "sin probar: no hay Python 3.12" in filas[3]
    assert len({fila.count("|") for fila in filas}) == 1
    fichas["a"]["primera_celda_demo"] = {"segundos": 4.7, "dijo": ["Instalo.", "Ya."]}
    fila = filas_colab({"combinaciones": fichas})[-1]
    assert fila == "La primera celda, con `demo`, tardó 5 s: «Instalo. Ya.»"
