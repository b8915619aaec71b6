"""La copia de trabajo: no se pierde lo de nadie, y lo nuevo llega con una palabra."""

import json

import pytest

from herramientas import copia, tareas
from herramientas.entorno import Problema


@pytest.fixture
def carpetas(tmp_path):
    """(originales, copia) con dos cuadernos ya copiados."""
    origen, destino = tmp_path / "notebooks", tmp_path / "mis_cuadernos"
    origen.mkdir()
    for nombre in ("00_a.ipynb", "01_b.ipynb"):
        (origen / nombre).write_text(f"original {nombre}", encoding="utf-8")
    (origen / "otra.txt").write_text("no es un cuaderno", encoding="utf-8")
    assert copia.copiar(str(origen), str(destino)) == ["Copié 2 cuadernos."]
    return origen, destino


def _ver(carpeta):
    return {r.name: r.read_text("utf-8") for r in sorted(carpeta.glob("*.ipynb"))}


def test_la_segunda_vez_no_toca_nada(carpetas):
    origen, destino = carpetas
    (destino / "00_a.ipynb").write_text("mío", encoding="utf-8")
    for al_dia in (False, True):
        assert copia.copiar(str(origen), str(destino), al_dia) == []
        assert _ver(destino) == {
            "00_a.ipynb": "mío",
            "01_b.ipynb": "original 01_b.ipynb",
        }


def test_avisa_de_lo_nuevo_y_lo_trae_con_una_palabra(carpetas):
    origen, destino = carpetas
    (destino / "00_a.ipynb").write_text("mío", encoding="utf-8")
    for nombre in ("00_a.ipynb", "01_b.ipynb"):
        (origen / nombre).write_text("versión 2", encoding="utf-8")
    (dicho,) = copia.copiar(str(origen), str(destino))
    assert "00_a.ipynb, 01_b.ipynb" in dicho and "make lab ARGS=al-dia" in dicho
    assert _ver(destino)["01_b.ipynb"] == "original 01_b.ipynb"

    dicho = copia.copiar(str(origen), str(destino), True)
    assert dicho == [
        "00_a.ipynb es tuyo y no lo toqué: la versión nueva es 00_a_nueva.ipynb.",
        "01_b.ipynb: puesto al día.",
    ]
    assert _ver(destino) == {
        "00_a.ipynb": "mío",
        "00_a_nueva.ipynb": "versión 2",
        "01_b.ipynb": "versión 2",
    }
    assert copia.copiar(str(origen), str(destino), True) == []


def test_lo_nuevo_tampoco_se_sobrescribe(carpetas):
    origen, destino = carpetas
    (destino / "00_a.ipynb").write_text("mío", encoding="utf-8")
    for version in ("2", "3"):
        (origen / "00_a.ipynb").write_text(version, encoding="utf-8")
        copia.copiar(str(origen), str(destino), True)
    hay = _ver(destino)
    assert (hay["00_a_nueva.ipynb"], hay["00_a_nueva_2.ipynb"]) == ("2", "3")


def test_lo_borrado_vuelve_y_lo_nuevo_llega(carpetas):
    origen, destino = carpetas
    (destino / "00_a.ipynb").unlink()
    (origen / "02_c.ipynb").write_text("otra", encoding="utf-8")
    assert copia.copiar(str(origen), str(destino)) == ["Copié 2 cuadernos."]
    assert list(_ver(destino)) == ["00_a.ipynb", "01_b.ipynb", "02_c.ipynb"]


@pytest.mark.parametrize("danado", ["", "no es json", "[]"])
def test_un_registro_danado_no_pierde_nada(carpetas, danado):
    origen, destino = carpetas
    (destino / copia.REGISTRO).write_text(danado, encoding="utf-8")
    (destino / "00_a.ipynb").write_text("mío", encoding="utf-8")
    copia.copiar(str(origen), str(destino), True)
    assert _ver(destino)["00_a.ipynb"] == "mío"
    assert json.loads((destino / copia.REGISTRO).read_text("utf-8"))


# --- make lab -----------------------------------------------------------------------


@pytest.fixture
def raiz(tmp_path, monkeypatch):
    """Una raíz con un cuaderno, y lo que `lab` mandó ejecutar."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "00_a.ipynb").write_text("original", encoding="utf-8")
    (tmp_path / "notebooks" / "pt").mkdir()
    (tmp_path / "notebooks" / "pt" / "00_a.ipynb").write_text("português", "utf-8")
    (tmp_path / "herramientas" / "sala").mkdir(parents=True)
    (tmp_path / "herramientas" / "sala" / "00_a.ipynb").write_text("taller", "utf-8")
    ordenes = []

    def correr(orden, **_):
        ordenes.append(orden)
        if orden[-1] == "herramientas.cuadernos.en_vivo":
            hecho = tmp_path / "_build" / "en-vivo"
            hecho.mkdir(parents=True, exist_ok=True)
            (hecho / "00_a.ipynb").write_text("esqueleto", encoding="utf-8")
        return 0

    monkeypatch.setattr(tareas, "RAIZ", str(tmp_path))
    monkeypatch.setattr(tareas, "preparar", lambda nivel: "python")
    monkeypatch.setattr(tareas, "correr", correr)
    return tmp_path, ordenes


@pytest.mark.parametrize(
    ("argumentos", "abre", "contenido"),
    [
        ([], "mis_cuadernos", "original"),
        (["al-dia"], "mis_cuadernos", "original"),
        (["en-vivo", "--port", "9"], "mis_cuadernos/en-vivo", "esqueleto"),
        (["originales"], "notebooks", "original"),
        (["impacto"], "mis_cuadernos/impacto", "taller"),
        (["pt"], "mis_cuadernos/pt", "português"),
    ],
)
def test_lab_abre_lo_pedido(raiz, argumentos, abre, contenido):
    carpeta, ordenes = raiz
    assert tareas.lab(argumentos) == 0
    orden = ordenes[-1]
    assert orden[:3] == ["python", "-m", "jupyterlab"]
    assert orden[3] == str(carpeta / abre)
    assert (carpeta / abre / "00_a.ipynb").read_text("utf-8") == contenido
    assert orden[-2:] == ["--port", "9"] or "--port" not in argumentos
    assert (carpeta / "mis_cuadernos").exists() == (argumentos != ["originales"])


def test_lab_con_una_palabra_que_no_existe(raiz):
    with pytest.raises(Problema, match="«envivo».*«en-vivo»"):
        tareas.lab(["envivo"])
    assert raiz[1] == []


def test_lo_escrito_en_un_esqueleto_no_se_pierde(raiz):
    carpeta, _ = raiz
    tareas.lab(["en-vivo"])
    suyo = carpeta / "mis_cuadernos" / "en-vivo" / "00_a.ipynb"
    suyo.write_text("escrito en clase", encoding="utf-8")
    tareas.lab(["en-vivo"])
    assert suyo.read_text("utf-8") == "escrito en clase"


def test_lab_habla_espanol_y_no_ofrece_noticias():
    """Los ajustes nombran llaves que este JupyterLab tiene."""
    lab = pytest.importorskip("jupyterlab.commands")
    from herramientas.archivos import RAIZ

    ajustes = json.loads((RAIZ / "herramientas/lab/overrides.json").read_text("utf-8"))
    from pathlib import Path

    esquemas = Path(lab.get_app_dir()) / "schemas"
    for clave, valores in ajustes.items():
        paquete, _, complemento = clave.partition(":")
        ruta = esquemas / paquete / f"{complemento}.json"
        if not ruta.exists():
            pytest.skip("no encuentro los esquemas de JupyterLab")
        propiedades = json.loads(ruta.read_text("utf-8"))["properties"]
        assert set(valores) <= set(propiedades), clave
    notas = ajustes["@jupyterlab/apputils-extension:notification"]
    assert notas["fetchNews"] == "false" and notas["checkForUpdates"] is False
    assert ajustes["@jupyterlab/translation-extension:plugin"]["locale"] == "es_ES"


def test_los_menus_que_nombran_las_paginas_existen():
    """JupyterLab se abre en español: las páginas dicen lo que ahí se lee."""
    import gettext
    from importlib.util import find_spec
    from pathlib import Path

    paquete = find_spec("jupyterlab_language_pack_es_ES")
    if paquete is None:
        pytest.skip("falta el paquete de idioma")
    carpeta = Path(paquete.submodule_search_locations[0]) / "locale"
    traducir = gettext.translation("jupyterlab", carpeta, ["es_ES"]).gettext
    paginas = "".join(
        (Path(tareas.__file__).parents[1] / "book" / nombre).read_text("utf-8")
        for nombre in ("como_usar.md", "taller.md")
    )
    juntas = " ".join(paginas.split())
    for ingles in ("Run All Above Selected Cell", "Interrupt Kernel"):
        assert juntas.count(traducir(ingles)) == 2, ingles
