"""La extensión de Sphinx, pieza por pieza, sin construir el sitio entero."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from herramientas.archivos import RAIZ

sys.path.insert(0, str(RAIZ / "book" / "_ext"))

busqueda = pytest.importorskip("busqueda")
cierre = pytest.importorskip("cierre")
cifras = pytest.importorskip("cifras")
descargas = pytest.importorskip("descargas")
enlaces = pytest.importorskip("enlaces")
espanol = pytest.importorskip("espanol")
estilos = pytest.importorskip("estilos")
ficha = pytest.importorskip("ficha")
formulas = pytest.importorskip("formulas")
lenguas = pytest.importorskip("lenguas")
nodos = pytest.importorskip("docutils.nodes")
paginas = pytest.importorskip("paginas")
plegados = pytest.importorskip("plegados")
repaso = pytest.importorskip("repaso")
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
    for trozo in ("7\u202f500\u202f000", "15,0 MB", "1,400", "91,0 %", "60 min", "CPU"):
        assert trozo in texto
    assert cifras.filas_fuentes(datos)[-1] == "| leyes | 10 | 12\u202f345 | 1,457 |"


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


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="360pt" height="180pt"></svg>'


def test_medidas_de_las_imagenes(tmp_path):
    (tmp_path / "a.svg").write_text(SVG, encoding="utf-8")
    (tmp_path / "sin.svg").write_text("<svg></svg>", encoding="utf-8")
    html = '<img alt="x" src="a.svg" /><img src="sin.svg"/><img src="no.svg"/>'
    html += '<img src="data:image/png;base64,AA" /><img src="https://x.y/a.svg" />'
    puestas = paginas.poner_medidas(html, tmp_path / "p.html")
    assert puestas.startswith('<img width="480" height="240" alt="x" src="a.svg" />')
    assert puestas.count("width=") == 1
    assert paginas.poner_medidas(puestas, tmp_path / "p.html") == puestas


def test_las_anclas_sin_minutos_no_chocan(tmp_path):
    html = '<section id="uno-12-min"><section id="dos-3-min"><section id="dos-9-min">'
    html += '<section id="tres-4-min"><i id="tres"></i><section id="once-min">'
    corto = paginas.quitar_minutos(html)
    assert '<section id="uno"><span id="uno-12-min"></span>' in corto
    for igual in ("dos-3-min", "dos-9-min", "tres-4-min", "once-min"):
        assert f'<section id="{igual}">' in corto
    assert paginas.quitar_minutos(corto) == corto


def test_los_enlaces_van_al_ancla_corta(tmp_path):
    (tmp_path / "a.html").write_text(
        '<section id="uno-12-min"></section><a href="#uno-12-min">'
        '<a href="b.html#uno-12-min"><a href="https://x.y/#uno-12-min">',
        encoding="utf-8",
    )
    (tmp_path / "b.html").write_text('<a href="a.html#uno-12-min">', encoding="utf-8")
    paginas.retocar(tmp_path, [lambda html, ruta: html + f"<!--{ruta.name}-->"])
    assert (tmp_path / "b.html").read_text("utf-8") == (
        '<a href="a.html#uno"><!--b.html-->'
    )
    a = (tmp_path / "a.html").read_text("utf-8")
    assert '<a href="#uno">' in a
    assert "b.html#uno-12-min" in a and "https://x.y/#uno-12-min" in a


def salida_de(texto: str) -> str:
    return (
        '<div class="output stream highlight-myst-ansi notranslate">'
        f'<div class="highlight"><pre><span></span>{texto}\n</pre></div></div>'
    )


def test_solo_las_columnas_se_marcan_como_tabla():
    larga = "Una frase larga que acompaña a la tabla y que conviene que se parta aquí."
    tabla = salida_de(f"{larga}\nmodelo   bytes\nsemilla   12")
    marcada = paginas.marcar_tablas(tabla)
    assert 'class="output stream tabla-de-texto highlight' in marcada
    assert f'<span class="prosa">{larga}</span>\nmodelo   bytes' in marcada
    assert paginas.marcar_tablas(marcada) == marcada
    for texto in (larga, f"{larga}\nuna   vez", "  sangrado\n  otro"):
        assert paginas.marcar_tablas(salida_de(texto)) == salida_de(texto)


def test_el_cierre_que_repite_los_botones_queda_para_el_papel():
    fin = '</section>\n</section>\n\n</article><footer class="prev-next-footer">'
    uno = '<a class="reference internal" href="05_b.html"><span>05 · B</span></a>'
    for solo in (f"<strong>Sigue:</strong> {uno}", f"Antes: {uno} · Siguiente: {uno}."):
        hecho = paginas.guardar_para_papel(f"<p>x</p><p>{solo}</p>\n{fin}")
        assert hecho == f'<p>x</p><p class="solo-papel">{solo}</p>\n{fin}'
        assert paginas.guardar_para_papel(hecho) == hecho
    for deja in (
        f"<p><strong>Sigue:</strong> {uno}, donde pasa algo.</p>\n{fin}",
        f"<p><strong>Sigue:</strong> {uno}</p><p>y más</p>\n{fin}",
        f"<p><strong>Sigue:</strong> {uno}</p>\n</section></article>",
    ):
        assert paginas.guardar_para_papel(deja) == deja


def test_una_sola_vista():
    una = '<meta name="viewport" content="a" />'
    html = f'<head>{una}<p><meta name="viewport" content="b"/></p></head>'
    assert paginas.una_sola_vista(html) == f"<head>{una}<p></p></head>"
    assert paginas.una_sola_vista("<head></head>") == "<head></head>"


def test_el_tema_oscuro_no_llega_al_papel():
    import tinycss2

    css = 'html[data-theme="dark"] .a{color:#fff}html[data-theme=light] .a{color:#000}'
    css += ".a{margin:0}@media print{html[data-theme=dark] .a{border:0}}"
    usadas = estilos.Usadas(["a"])
    hecho = estilos.podar(tinycss2.parse_stylesheet(css, True, True), usadas)
    assert hecho == (
        '@media not print{html[data-theme="dark"] .a{color:#fff}}'
        "html[data-theme=light] .a{color:#000}"
        "@media print{html[data-theme] .a{color:#000}}"
        ".a{margin:0}@media print{html[data-theme=dark] .a{border:0}}"
    )


@pytest.mark.parametrize(
    ("titulo", "lengua"),
    [
        ("Attention Is All You Need", "en"),
        ("Root Mean Square Layer Normalization", "en"),
        ("GLU Variants Improve Transformer", "en"),
        ("Documentación de bitsandbytes: cuantización de 4 bits", "es"),
        ("Ficha de Llama-3.1-70B-LatamGPT-SFT-1.0", "es"),
        ("la guía de quien enseña", "es"),
        ("bitsandbytes", "es"),
    ],
)
def test_lengua_de_un_titulo(titulo, lengua):
    assert lenguas.lengua_de(titulo) == lengua


def test_marcar_lenguas_fuera_del_articulo_no_toca_nada():
    html = '<nav><em>hash</em></nav><article class="x"><p><em>hash</em> <em>sos</em> '
    html += '<em>você</em> <a class="reference external" href="#">The case for x</a>'
    html += "</p></article><footer><em>hash</em></footer>"
    hecho = lenguas.marcar(html, set(), [])
    assert hecho.count("lang=") == 3
    for trozo in (
        '<em lang="en">hash',
        "<em>sos",
        '<em lang="pt">você',
        '<a lang="en"',
    ):
        assert trozo in hecho
    assert hecho.startswith("<nav><em>") and hecho.endswith("<em>hash</em></footer>")


def test_resumen_de_una_pagina_que_empieza_con_una_lista():
    documento = nodos.document(None, None)
    lista = nodos.bullet_list()
    for texto in ("medir algo;", "decir si mejoró."):
        lista += nodos.list_item("", nodos.paragraph("", texto))
    documento += [nodos.paragraph("", "Al terminar podrás:"), lista]
    assert ficha.resumen(documento) == (
        "Al terminar podrás: medir algo; decir si mejoró."
    )
    largo = nodos.document(None, None)
    largo += nodos.paragraph("", "palabra " * 60)
    assert len(ficha.resumen(largo)) <= 155 and ficha.resumen(largo).endswith("…")
    assert ficha.resumen(nodos.document(None, None)) == ""


@pytest.mark.parametrize(
    "texto",
    ["", "title: x\n", "title: x\nauthors: []\n", "authors: [", "- 1\n"]
    + ["title: x\nauthors: [{name: y}]\ndate-released: ayer\n"],
)
def test_cita_incompleta_se_explica(tmp_path, texto):
    (tmp_path / "CITATION.cff").write_text(texto, encoding="utf-8")
    with pytest.raises(sitio.ExtensionError, match="date-released"):
        ficha.leer_cita(tmp_path)


def test_la_cita_da_la_fecha_de_la_version(tmp_path):
    datos = "title: Curso\nauthors: [{name: Ana}]\n"
    ruta = tmp_path / "CITATION.cff"
    ruta.write_text(datos, encoding="utf-8")
    assert ficha.leer_cita(tmp_path)["fecha"] is None
    ruta.write_text(datos + "date-released: 2026-11-28\n", encoding="utf-8")
    dia = ficha.leer_cita(tmp_path)["fecha"]
    assert ficha.fecha_larga(dia) == "28 de noviembre de 2026"


def test_el_letrero_de_la_tarjeta_se_puede_dibujar():
    assert all(linea.isascii() for linea in ficha.LETRERO)
    tarjeta = ficha.dibujar_tarjeta(*ficha.LETRERO)
    assert tarjeta.size == (1200, 630)
    assert len(tarjeta.getcolors(100_000)) > 4


def test_descargas_de_esta_version():
    proyecto = {"repositorio": "https://github.com/a/b", "etiqueta": "v1.2.3"}
    proyecto["version"] = "1.2.3"
    destinos = descargas.direcciones(proyecto)
    assert destinos["curso"].endswith("/a/b/archive/refs/tags/v1.2.3.zip")
    assert destinos["sitio"].endswith("/v1.2.3/de-tokens-a-qlora-sitio-1.2.3.zip")
    assert list(destinos) == list(descargas.TEXTOS)


def test_el_foco_se_conserva_solo_con_el_teclado(tmp_path):
    guiones = tmp_path / "_static" / "scripts"
    guiones.mkdir(parents=True)
    ruta = guiones / "sphinx-book-theme.js"
    ruta.write_text('t.addEventListener("click",(()=>{t.blur()}),!0)', encoding="utf-8")
    for _ in range(2):
        cierre.conservar_foco(tmp_path)
        assert "(o=>{o.detail&&t.blur()})" in ruta.read_text("utf-8")
    ruta.write_text("otro guion", encoding="utf-8")
    with pytest.raises(sitio.ExtensionError, match="conservar_foco"):
        cierre.conservar_foco(tmp_path)


def test_404_lleva_enlaces_absolutos(tmp_path):
    (tmp_path / "404.html").write_text(
        '<html data-content_root="./"><a href="book/a.html#b"><a href="#c">'
        '<link href="_static/x.css?v=1"><a href="https://x.y/">',
        encoding="utf-8",
    )
    cierre.pagina_404(tmp_path, "https://ana.github.io/curso/")
    assert (tmp_path / "404.html").read_text("utf-8") == (
        '<html data-content_root="/curso/"><a href="/curso/book/a.html#b">'
        '<a href="#c"><link href="/curso/_static/x.css?v=1"><a href="https://x.y/">'
    )


def test_apartados_para_el_buscador():
    html = (
        '<nav>fuera</nav><article class="bd-article"><section id="uno"><h1>01 · Uno'
        '<a class="headerlink" href="#uno">#</a></h1><p>Dice <code>x</code>.</p>'
        '<div class="cell_output"><p>salida</p></div><pre><span>import</span> torch'
        ' <span>as</span> torch</pre><section id="dos"><h2>Dos · 8 min</h2><p>La '
        'fórmula <span class="math"><span class="katex-mathml"><math><semantics><mi>x'
        "</mi><annotation>x^2</annotation></semantics></math></span>"
        '<span class="katex-html">x2</span></span><br/> sigue.</p></section><p>Otra '
        "vez.</p></section></article><p>pie</p>"
    )
    assert busqueda.apartados_de(html) == [
        ["uno", "01 · Uno", "Dice x. Otra vez.", "import torch"],
        ["dos", "Dos", "La fórmula x^2 sigue.", ""],
    ]
    glosario = (
        '<article class="bd-article"><section id="g"><h1>Glosario</h1><dl>'
        '<dt id="term-a">alfa (<em>alpha</em>)</dt><dd><p>Número.</p></dd>'
        '<dt id="term-b">beta</dt><dd><p>Otro.</p></dd></dl></section></article>'
    )
    assert busqueda.apartados_de(glosario) == [
        ["g", "Glosario", "", ""],
        ["term-a", "alfa (alpha)", "Número.", ""],
        ["term-b", "beta", "Otro.", ""],
    ]
    assert busqueda.apartados_de("<p>sin artículo</p>") == []


GLOSARIO = (
    '<article class="bd-article"><dl class="simple glossary">'
    '<dt id="term-a">atractor (<em lang="en">attractor</em>)<a class="headerlink" '
    'href="#term-a">#</a></dt><dd><p>Tira hacia otro número.</p></dd>'
    '<dt id="term-b">byte, octeto</dt>\n<dd><p>Ocho bits.</p></dd>'
    '<dt id="term-p">paso (<em lang="en">step</em>)</dt><dd><p>Uno.</p></dd>'
    "</dl></article>"
)


def test_formas_de_un_termino():
    a, b, p = enlaces.leer_terminos(GLOSARIO)
    assert a.formas == ("atractor", "attractor", "atractores")
    assert b.formas == ("byte", "octeto", "bytes") and b.definicion == "Ocho bits."
    assert p.formas == ()  # «paso» es una palabra corriente
    assert a.nombre == 'atractor (<em lang="en">attractor</em>)'


def test_solo_la_primera_vez_y_solo_en_la_prosa():
    terminos = enlaces.leer_terminos(GLOSARIO)
    html = '<nav>octeto</nav><article class="bd-article"><h2>Octeto</h2><p><code>byte'
    html += '</code> <a href="#">octeto</a> <strong>Octetos</strong> y bytes, o '
    html += "superbyte.</p><p>Un byte y dos pasos.</p></article>"
    hecho, usados = enlaces.enlazar_terminos(html, terminos)
    assert [t.ancla for t in usados] == ["term-b"]
    enlace = '<a class="termino" id="uso-term-b" href="../book/glosario.html#term-b">'
    assert f"y {enlace}bytes</a>, o superbyte" in hecho
    assert hecho.count('class="termino"') == 1
    assert 'popover id="def-term-b"' in hecho.partition("</article>")[0]
    assert enlaces.enlazar_terminos(hecho, terminos) == (hecho, [])


def test_las_lecciones_nombradas_se_enlazan():
    paginas = {"02": "02_b.html", "06": "06_m.html", "11": "11_e.html"}
    html = (
        '<article class="bd-article"><p>En la lección 06 y en las lecciones 02 y 11; '
    )
    html += 'la lección 03 y <a href="#">lección 06</a>.</p></article>'
    hecho = enlaces.enlazar_lecciones(html, paginas, "03")
    de = '<a class="a-leccion" href="{}">{}</a>'.format
    assert f"la {de('06_m.html', 'lección 06')} y" in hecho
    assert f"lecciones {de('02_b.html', '02')} y {de('11_e.html', '11')};" in hecho
    assert "la lección 03 y" in hecho
    assert enlaces.enlazar_lecciones(hecho, paginas, "03") == hecho


def test_el_glosario_y_las_referencias_llevan_de_vuelta():
    usos = {"term-a": ["notebooks/03_x", "notebooks/11_y"]}
    hecho = enlaces.completar_glosario(GLOSARIO, usos)
    assert (
        '<a href="#term-a">A</a> <a href="#term-b">B</a> <a href="#term-p">P</a>'
        in (hecho)
    )
    assert 'href="../notebooks/11_y.html#uso-term-a">11</a>' in hecho
    assert hecho.count('class="usos"') == 1
    assert enlaces.completar_glosario(hecho, usos) == hecho
    cita = '<div class="citation" id="x"><p>Ana. <a href="http://arxiv.org/abs/1.2v3">'
    hecho = enlaces.completar_referencias(
        cita + "URL</a>.</p></div>",
        {enlaces.igual("https://arxiv.org/pdf/1.2"): ["a/07_z"]},
    )
    assert 'href="../a/07_z.html#para-seguir-leyendo">07</a>' in hecho


@pytest.mark.parametrize(
    ("codigo", "pliega"),
    [
        ("import torch\nfrom taller import (\n    a,\n)\n\nperfil = elegir()", True),
        ("# solo esto\nimport torch\nprint(1)", False),
        ("perfil = elegir()", False),
        ("", False),
    ],
)
def test_celdas_que_solo_preparan(codigo, pliega):
    assert plegados.solo_prepara(codigo) is pliega


def test_la_figura_se_amplia_y_no_baja_de_su_letra(tmp_path):
    nombre = "_images/" + "a" * 64 + ".svg"
    ruta = tmp_path / nombre
    ruta.parent.mkdir()
    letras = '<g transform="scale(0.08 -0.08)"/><g transform="scale(0.11 -0.11)"/>'
    ruta.write_text(SVG.replace("></svg>", f">{letras}</svg>"), encoding="utf-8")
    imagen = f'<img alt="x" src="../{nombre}" />'
    hecho = paginas.ampliar_figuras(imagen, tmp_path / "notebooks" / "p.html")
    # 480 px de ancho con letra de 8 puntos: a 415 px mide 9,2.
    assert hecho == (
        f'<a class="figura" href="../{nombre}" '
        f'style="--entera:480px;--legible:414px">{imagen}</a>'
    )
    assert paginas.ampliar_figuras(hecho, tmp_path / "notebooks" / "p.html") == hecho
    suelta = '<img alt="x" src="../_images/pagina.png" />'
    assert paginas.ampliar_figuras(suelta, tmp_path / "notebooks" / "p.html") == suelta


def test_cada_pregunta_de_repaso_esta_completa():
    partes = repaso.leer(RAIZ / repaso.DATOS)
    assert len(partes) == 4
    correctas = set()
    for preguntas in partes.values():
        assert 8 <= len(preguntas) <= 12
        for una in preguntas:
            orden = repaso.en_orden(una["pregunta"], una["opciones"])
            assert orden == repaso.en_orden(una["pregunta"], una["opciones"])
            correctas.add([bien for bien, *_ in orden].index(True))
            for leccion in una["lecciones"]:
                assert list((RAIZ / "notebooks").glob(f"{leccion}_*.ipynb"))
    assert correctas == {0, 1, 2}  # la buena no está siempre en el mismo lugar


@pytest.mark.parametrize(
    "texto",
    ["x: [", "", "x: [{pregunta: a, lecciones: ['01']}]"]
    + ["x: [{pregunta: a, lecciones: ['01'], opciones: [[a, b], [c, d]]}]"]
    + ["x: [{pregunta: 3, lecciones: ['01'], opciones: [[a, b], [c, d], [e, f]]}]"],
)
def test_un_repaso_mal_escrito_se_explica(tmp_path, texto):
    ruta = tmp_path / "autoevaluacion.yaml"
    ruta.write_text(texto, encoding="utf-8")
    with pytest.raises(sitio.ExtensionError, match="autoevaluacion.yaml"):
        repaso.leer(ruta)


def test_cada_celda_de_una_tabla_de_texto_lleva_el_nombre_de_su_columna():
    """Desde tres columnas y sin números; dos veces da lo mismo que una."""
    tabla = (
        '<table class="table"><thead><tr><th class="head"><p>parte</p></th>'
        '<th class="head"><p>qué <em>es</em></p></th><th class="head"><p>crece</p></th>'
        '</tr></thead><tbody><tr class="row-even"><td><p>a</p></td><td><p>b</p></td>'
        "<td><p>c</p></td></tr></tbody></table>"
    )
    puesta = paginas.rotular_columnas(tabla)
    assert "<td><p>a</p></td>" in puesta
    assert '<td data-columna="qué es"><p>b</p></td>' in puesta
    assert '<td data-columna="crece"><p>c</p></td>' in puesta
    assert paginas.rotular_columnas(puesta) == puesta
    con_numeros = tabla.replace("<td><p>c", '<td class="text-right"><p>c')
    assert paginas.rotular_columnas(con_numeros) == con_numeros
    de_dos = tabla.replace('<th class="head"><p>crece</p></th>', "")
    assert paginas.rotular_columnas(de_dos) == de_dos


def test_un_termino_dice_donde_sale_aunque_la_pagina_no_lleve_numero():
    de, en = enlaces.nombre_corto, enlaces.en_que
    assert de("notebooks/07_cuantizacion") == "07"
    assert de("notebooks/antes_de_ajustar") == "«antes de ajustar»"
    assert en(["notebooks/07_cuantizacion"]) == "la lección "
    assert en(["notebooks/07_a", "notebooks/08_b"]) == "las lecciones "
    assert en(["notebooks/07_a", "notebooks/museo_de_errores"]) == "la lección "
    assert en(["notebooks/antes_de_entrenar"]) == ""
