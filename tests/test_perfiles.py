"""El modelo de un perfil se cambia en un solo sitio: EN_EL_HUB, en taller/perfil.py.

Con un modelo inventado en una copia de ese archivo se prueba que las páginas lo siguen
y que ningún cuaderno queda diciendo otra cosa.
"""

import re
import subprocess
import sys

import pytest
from minimo import cuaderno_bueno
from reglas import REGLAS, prosa

from herramientas.archivos import RAIZ
from herramientas.cuadernos import leer as cuadernos
from herramientas.cuadernos.perfiles import leer_modelos, modelos_a_mano, nombre_corto
from taller.perfil import EN_EL_HUB

INVENTADO = "casa/Invento-9B"
MODELOS = leer_modelos(RAIZ)
PAGINAS = sorted((RAIZ / "book").glob("*.md")) + [
    r for n in ("README.md", "CONTRIBUTING.md") if (r := RAIZ / n).exists()
]


@pytest.fixture
def cambiado(tmp_path):
    """Una raíz con una copia de taller/perfil.py en que t4 tiene otro modelo."""
    texto = (RAIZ / "taller" / "perfil.py").read_text("utf-8")
    viejo = MODELOS["t4"][1]
    assert texto.count(f'"{viejo}"') == 1, "hay que cambiarlo en un solo sitio"
    (tmp_path / "taller").mkdir()
    nuevo = tmp_path / "taller" / "perfil.py"
    nuevo.write_text(texto.replace(viejo, INVENTADO), encoding="utf-8")
    return tmp_path


def test_se_lee_lo_mismo_que_usa_taller():
    assert MODELOS == {p: (fila[0], fila[1]) for p, fila in EN_EL_HUB.items()}


def test_se_lee_sin_importar_taller():
    orden = (
        "import sys; from pathlib import Path; "
        "from herramientas.cuadernos.perfiles import leer_modelos; "
        "leer_modelos(Path('.')); "
        "print([m for m in ('taller', 'torch') if m in sys.modules])"
    )
    hecho = subprocess.run(
        [sys.executable, "-c", orden],
        cwd=RAIZ,
        capture_output=True,
        text=True,
        check=True,
    )
    assert hecho.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "texto", ["", "EN_EL_HUB = hacer()", "EN_EL_HUB = {'t4': ()}", "EN_EL_HUB = ("]
)
def test_una_tabla_que_no_se_puede_leer_se_explica(tmp_path, texto):
    (tmp_path / "taller").mkdir()
    (tmp_path / "taller" / "perfil.py").write_text(texto, encoding="utf-8")
    with pytest.raises(ValueError, match="EN_EL_HUB en taller/perfil.py"):
        leer_modelos(tmp_path)


# --- Las páginas --------------------------------------------------------------------


def _construir(raiz, texto):
    """Construye una página suelta con el papel {modelo}."""
    (raiz / "index.md").write_text(texto, encoding="utf-8")
    (raiz / "conf.py").write_text(
        f"import sys\nsys.path.insert(0, {str(RAIZ / 'book' / '_ext')!r})\n"
        "extensions = ['myst_parser', 'perfiles']\n",
        encoding="utf-8",
    )
    orden = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", ".", "salida"]
    hecho = subprocess.run(orden, cwd=raiz, capture_output=True, text=True, check=False)
    pagina = raiz / "salida" / "index.html"
    return hecho, pagina.read_text("utf-8") if pagina.exists() else ""


def _tabla_de_perfiles():
    texto = (RAIZ / "book" / "como_usar.md").read_text("utf-8")
    return "# Perfiles\n\n" + re.search(r"^\| perfil .*?\n\n", texto, re.M | re.S)[0]


@pytest.mark.lento
def test_la_pagina_sigue_al_modelo(cambiado):
    hecho, html = _construir(cambiado, _tabla_de_perfiles())
    assert hecho.returncode == 0, hecho.stderr
    assert f'href="https://huggingface.co/{INVENTADO}">Invento-9B</a>' in html
    assert nombre_corto(MODELOS["t4"][1]) not in html
    for modelo in (MODELOS["t4"][0], MODELOS["grande"][1]):
        assert f">{nombre_corto(modelo)}</a>" in html


@pytest.mark.lento
@pytest.mark.parametrize("pedido", ["enorme", "t4 mediano", "semilla"])
def test_un_perfil_que_no_existe_detiene_la_construccion(cambiado, pedido):
    hecho, _ = _construir(cambiado, f"# Mal\n\nUsa {{modelo}}`{pedido}`.\n")
    assert hecho.returncode != 0
    assert "t4, grande" in hecho.stderr and pedido in hecho.stderr


@pytest.mark.lento
def test_una_tabla_rota_detiene_la_construccion(cambiado):
    (cambiado / "taller" / "perfil.py").write_text("", encoding="utf-8")
    hecho, _ = _construir(cambiado, "# Mal\n\nUsa {modelo}`t4`.\n")
    assert hecho.returncode != 0 and "EN_EL_HUB" in hecho.stderr


@pytest.mark.parametrize("pagina", PAGINAS, ids=lambda r: r.name)
def test_ninguna_pagina_lo_copia_a_mano(pagina, cambiado):
    texto = cuadernos.sin_bloques(pagina.read_text("utf-8"))
    for modelos in (MODELOS, leer_modelos(cambiado)):
        assert modelos_a_mano(texto, modelos) == []


# --- Los cuadernos ------------------------------------------------------------------


@pytest.mark.parametrize("ruta", cuadernos.rutas(), ids=lambda r: r.stem)
def test_ningun_cuaderno_mentiria_con_otro_modelo(ruta, cambiado, monkeypatch):
    """Ni al cambiarlo, ni con los de hoy: no nombran el modelo de un perfil."""
    cuaderno = cuadernos.leer(ruta)
    assert REGLAS["modelo_del_perfil"](cuaderno, ruta) == []
    monkeypatch.setattr(prosa, "RAIZ", cambiado)
    assert REGLAS["modelo_del_perfil"](cuaderno, ruta) == []


MENTIRIAN = [
    "El perfil `t4` ajusta [SmolLM3-3B](https://huggingface.co/a/SmolLM3-3B).",
    "[SmolLM3-3B](https://huggingface.co/a/SmolLM3-3B) es el modelo del perfil `t4`.",
    "Qwen3, el modelo ligero del perfil `t4`, añade una RMSNorm.",
    "Corre igual con Qwen3-0.6B (perfil `t4`) o Qwen3-4B (`grande`).",
    "Por eso, con GPU se usa el modelo ligero, Qwen3-0.6B.",
    "## Si tienes una GPU\n\nEjecuta todo igual.\n\nEl modelo será Qwen3-0.6B.",
    "- Con una GPU, el modelo es Otro-7B.",
    "| `grande` | GPU de 24 GB | Qwen3-4B-Instruct-2507 |",
]
NO_MENTIRIAN = [
    "Un modelo mayor puede gastar menos caché: SmolLM3-3B tiene menos cabezas.",
    "[Qwen3](https://huggingface.co/Qwen/Qwen3-0.6B), según su configuración.",
    "El perfil `t4` usa un modelo mayor.\n\nSmolLM3-3B es un modelo abierto.",
    "## Si tienes una GPU\n\nIgual.\n\n## Para seguir leyendo\n\nLa ficha de Qwen3-4B.",
    "El perfil decide el modelo; Llama 3 y GPT-2 tienen otros tokenizadores.",
    "| `t4` | Colab gratuito | {modelo}`t4 ligero` |",
]


@pytest.mark.parametrize("texto", MENTIRIAN)
def test_ve_los_textos_que_mentirian(texto):
    assert modelos_a_mano(texto, MODELOS)


@pytest.mark.parametrize("texto", NO_MENTIRIAN)
def test_deja_hablar_de_un_modelo_por_si_mismo(texto):
    assert modelos_a_mano(texto, MODELOS) == []


@pytest.mark.parametrize("nombre", ["Invento-9B", "Invento", "casa/Invento-9B"])
def test_nombra_la_celda_que_copia_el_modelo_nuevo(cambiado, monkeypatch, nombre):
    monkeypatch.setattr(prosa, "RAIZ", cambiado)
    cuaderno = cuaderno_bueno()
    cuaderno.cells[-2].source = f"El perfil `t4` ajusta {nombre}."
    (falta,) = REGLAS["modelo_del_perfil"](cuaderno, RAIZ / "notebooks" / "01_x.ipynb")
    assert f"«{cuaderno.cells[-2].id}»" in falta and "Invento" in falta


def test_el_sitio_trae_el_papel():
    tablas = (RAIZ / "book" / "_ext" / "tablas.py").read_text("utf-8")
    assert 'setup_extension("perfiles")' in tablas
