"""La extensión de Sphinx, pieza por pieza, sin construir el sitio entero."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from herramientas.archivos import RAIZ

sys.path.insert(0, str(RAIZ / "book" / "_ext"))

cierre = pytest.importorskip("cierre")
cifras = pytest.importorskip("cifras")
espanol = pytest.importorskip("espanol")
formulas = pytest.importorskip("formulas")
sitio = pytest.importorskip("sitio")
tablas = pytest.importorskip("tablas")


def test_direccion_sale_de_pyproject():
    proyecto = sitio.leer_proyecto(RAIZ)
    enlace = sitio.enlace_colab(proyecto, "notebooks/00_bienvenida")
    assert enlace.endswith(
        f"/blob/v{proyecto['version']}/notebooks/00_bienvenida.ipynb"
    )
    assert enlace.startswith("https://colab.research.google.com/github/")


def test_una_copia_con_otra_direccion_la_lleva_a_todo_el_sitio(tmp_path):
    """Se cambia en pyproject.toml y en ningún otro lugar."""
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nversion = "1.2.0"\n[project.urls]\n'
        'Repositorio = "https://github.com/ana/mi-curso/"\n'
        'Sitio = "https://ana.github.io/mi-curso"\n',
        encoding="utf-8",
    )
    app = SimpleNamespace(srcdir=tmp_path)
    config = SimpleNamespace(html_theme_options={})
    sitio.poner_direccion(app, config)
    assert config.html_baseurl == "https://ana.github.io/mi-curso/"
    assert config.version == config.release == "1.2.0"
    opciones = config.html_theme_options
    assert opciones["repository_url"] == "https://github.com/ana/mi-curso"
    assert opciones["repository_branch"] == "v1.2.0"
    pagina = {"page_source_suffix": ".ipynb", "sourcename": "00_a.ipynb"}
    pagina["pathto"] = lambda camino, _: f"../{camino}"
    sitio.poner_botones(app, "notebooks/00_a", None, pagina, None)
    colab, grupo = pagina["header_buttons"]
    de_colab = "https://colab.research.google.com/github/ana/mi-curso/blob/v1.2.0/"
    assert colab["url"] == de_colab + "notebooks/00_a.ipynb"
    de_fuera = [b["url"] for b in grupo["buttons"] if "http" in b.get("url", "")]
    assert len(de_fuera) == 2
    assert all(u.startswith("https://github.com/ana/mi-curso/") for u in de_fuera)


@pytest.mark.parametrize("texto", ["", "[project]\nversion='1'\n", "esto no es toml ["])
def test_pyproject_incompleto_se_explica(tmp_path, texto):
    (tmp_path / "pyproject.toml").write_text(texto, encoding="utf-8")
    with pytest.raises(sitio.ExtensionError, match="Repositorio y Sitio"):
        sitio.leer_proyecto(tmp_path)


def test_formula_con_letras_y_texto_accesible():
    html = formulas.convertir(r"W' = W + \frac{\alpha}{r} B A", True)
    assert "katex-display" in html and "<math" in html and "annotation" in html
    largo = formulas.convertir(
        " + ".join(rf"\frac{{x_{i}}}{{y}}" for i in range(200)), True
    )
    assert len(largo) > 50_000


def construir_md(carpeta: Path, texto: str) -> subprocess.CompletedProcess:
    """Construye una página suelta con el conversor de fórmulas."""
    (carpeta / "index.md").write_text(texto, encoding="utf-8")
    (carpeta / "conf.py").write_text(
        f"import sys\nsys.path.insert(0, {str(RAIZ / 'book' / '_ext')!r})\n"
        "extensions = ['myst_parser', 'formulas']\n"
        "myst_enable_extensions = ['dollarmath']\nhtml_math_renderer = 'katex'\n",
        encoding="utf-8",
    )
    orden = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", "."]
    return subprocess.run(
        [*orden, "salida"], cwd=carpeta, capture_output=True, text=True, check=False
    )


@pytest.mark.lento
def test_formula_rota_detiene_la_construccion(tmp_path):
    bien = construir_md(tmp_path, "# Bien\n\n$$a \\\\ b$$\n\nY $x^2$.\n")
    assert bien.returncode == 0, bien.stderr
    mal = construir_md(tmp_path, "# Mal\n\n$\\frac{1$\n")
    assert mal.returncode != 0
    assert "Fórmula que KaTeX no entiende" in mal.stderr
    assert "index.md" in mal.stderr


@pytest.mark.parametrize(
    ("una", "otra"),
    [
        ("cuantización", "cuantizacion"),
        ("tokenización", "TOKENIZACION"),
        ("épocas", "epoca"),
        ("pingüino", "pinguinos"),
        ("máscara", "mascaras"),
    ],
)
def test_la_busqueda_no_distingue_acentos(una, otra):
    buscador = espanol.BusquedaSinAcentos({})
    assert buscador.stem(una) == buscador.stem(otra)


def test_la_busqueda_distingue_la_ene():
    buscador = espanol.BusquedaSinAcentos({})
    assert buscador.stem("año") != buscador.stem("ano")


def test_python_y_javascript_reducen_igual():
    """El índice se hace en Python y la consulta en JavaScript: deben coincidir."""
    texto = "".join(p.read_text(encoding="utf-8") for p in (RAIZ / "book").glob("*.md"))
    palabras = sorted({p.lower() for p in texto.split() if p.isalpha()})
    buscador = espanol.BusquedaSinAcentos({})
    contexto = formulas.quickjs.Context()
    contexto.eval(buscador.js_stemmer_code)
    contexto.eval("const s = new Stemmer()")
    for palabra in palabras:
        en_js = contexto.eval(f"[s.stemWord({json.dumps(palabra)})].join('')")
        assert en_js == buscador.stem(palabra), palabra
    assert len(palabras) > 500


def test_minutos_de_los_encabezados(tmp_path):
    celdas = [
        {"cell_type": "markdown", "source": ["# 07 · Prueba\n", "texto"]},
        {"cell_type": "markdown", "source": "## 1. Uno · 12 min\n\n### Sub · 3 min"},
        {"cell_type": "code", "source": "## 9. No cuenta · 99 min"},
        {"cell_type": "markdown", "source": "## 2. Dos · 8 min\n"},
        {"cell_type": "markdown", "source": "## Qué aprendiste"},
    ]
    cuaderno = tmp_path / "07.ipynb"
    cuaderno.write_text(json.dumps({"cells": celdas}), encoding="utf-8")
    assert tablas.minutos_de(cuaderno) == (
        "07 · Prueba",
        [("1. Uno", 12), ("2. Dos", 8)],
    )


def test_json_danado_dice_cual(tmp_path):
    (tmp_path / "gpu-x.json").write_text("{", encoding="utf-8")
    with pytest.raises(tablas.ExtensionError, match="gpu-x.json"):
        tablas.leer_json(tmp_path / "gpu-x.json")


def test_tabla_de_gpu_distingue_lo_que_no_se_midio():
    fila = {"punto": "metodo-qwen3-0.6b-qlora", "estado": "medido"}
    fila |= {"pico_asignado_bytes": 3 * 2**30, "tokens_por_segundo": 12345.6}
    llena = {"punto": "metodo-b-completo", "estado": "no cabe"}
    falta = {"punto": "ritmo-unsloth", "estado": "sin medir", "detalle": "no está"}
    ajustes = {"largo": 512, "lote": 2, "precision": "bfloat16"}
    tarjeta = {"nombre": "Tarjeta", "memoria_bytes": 2**34, "controlador": "1"}
    datos = {"tarjeta": tarjeta, "fecha": "2026-11-23T00:00", "ajustes": ajustes}
    datos |= {"versiones": {"torch": "2", "unsloth": None}}
    datos |= {"pendientes": ["metodo-b-lora"], "filas": [fila, llena, falta]}
    lineas = cifras.filas_gpu(datos)
    assert lineas[0] == "**Tarjeta**, 16,0 GiB, controlador 1, 2026-11-23; torch 2."
    assert "| qwen3-0.6b | QLoRA (NF4) | 3,00 | 12\u202f346 |" in lineas
    assert "| b | LoRA | sin medir |  |" in lineas
    assert "| b | ajuste completo | no cabe |  |" in lineas
    assert "| Unsloth | sin medir: no está |  |" in lineas
    assert cifras.filas_qlora_gpu(datos)[-1].count("sin medir") == 1


def test_tabla_del_ensayo_dice_que_es_una_prediccion():
    fila = {"cuaderno": "10_qlora_sft", "celda": "10-antes", "motivo": "generar"}
    fila |= {"octetos": 3 * 2**30, "partes": {"4 bits": 2**31, "logits": 2**30}}
    datos = {"perfil": "t4", "fecha": "2026-11-28", "tope": 13 * 2**30, "filas": [fila]}
    primera, *_, ultima = cifras.filas_ensayo(datos)
    assert "**predichos**, no medidos; el tope es 13,00." in primera
    celdas = "0,00 | 0,00 | 2,00 | 0,00 | 0,00 | 1,00 |"
    assert ultima == f"| 10_qlora_sft | `10-antes` | generar | 3,00 | {celdas}"


def test_tablas_de_la_semilla():
    fuente = {"documentos": 10, "caracteres": 12345, "bits_por_caracter": 1.4567}
    datos = {"fecha": "2026-11-23", "parametros": 7500000, "octetos_pesos": 15_000_000}
    datos |= {"entrenamiento": {"segundos": 3600, "dispositivo": "cpu", "nucleos": 2}}
    datos |= {"copias": {"n": 1000, "exactas": 0.91, "palabras": "5-20"}}
    datos |= {
        "bits_por_caracter": 1.4,
        "bits_por_caracter_por_fuente": {"leyes": fuente},
    }
    texto = "\n".join(cifras.filas_semilla(datos))
    for trozo in ("7\u202f500\u202f000", "15.0 MB", "1.400", "91.0 %", "60 min", "CPU"):
        assert trozo in texto
    assert cifras.filas_fuentes(datos)[-1] == "| leyes | 10 | 12\u202f345 | 1.457 |"


def test_portada_reescribe_los_enlaces(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "index.html").write_text(
        '<html data-content_root="../"><a href="../notebooks/a.html#b">a</a>'
        '<a href="usar.html?x=1">b</a><a href="#c">c</a><a href="https://x.y/">d</a>',
        encoding="utf-8",
    )

    class App:
        class config:
            root_doc = "book/index"

    cierre.portada(App, tmp_path)
    html = (tmp_path / "index.html").read_text(encoding="utf-8")
    for trozo in (
        'data-content_root="./"',
        'href="notebooks/a.html#b"',
        'href="book/usar.html?x=1"',
        'href="#c"',
        'href="https://x.y/"',
    ):
        assert trozo in html
