"""El PDF y el EPUB, con un libro de dos páginas hechas a mano."""

import json
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from navegador import buscar_chromium

from herramientas import empaquetar
from herramientas.archivos import RAIZ
from herramientas.imprenta import arbol, epub, pdf, portada

OPF = "{http://www.idpf.org/2007/opf}"
DIBUJO = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40">'
    '<rect width="80" height="40" fill="#0b5f5a"/></svg>'
)
FORMULA = (
    '<span class="math"><span class="katex"><span class="katex-mathml">'
    '<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mrow><mi>W</mi></mrow>'
    '<annotation encoding="application/x-tex">W</annotation></semantics></math></span>'
    '<span class="katex-html" aria-hidden="true">W</span></span></span>'
)
PORTADA = """
<section id="inicio"><h1>El curso<a class="headerlink" href="#inicio">#</a></h1>
<p>Ve a la <a href="../notebooks/00_a.html#uno">primera</a>, al <a
href="../book/otra.html">resto</a> o a <a href="https://a.example/">otro sitio</a>.</p>
<svg viewBox="0 0 9 9" role="img"><path d="M0 0h9"/></svg></section>"""
LECCION = f"""
<section id="cero"><h1>00 · Primera</h1><p>Con {FORMULA} y tildes: ñandú.</p>
<section id="uno"><h2>1. Pesa {FORMULA} · 5 min</h2>
<div class="cell tag_ejercicio"><div class="cell_input"><div class="highlight"><pre
>x = 1  # {"muy largo " * 30}
</pre></div></div></div>
<div class="cell tag_solucion"><details class="plegado"><summary>Mostrar</summary><div
class="cell_input"><pre>la_solucion = 2</pre></div></details></div>
<details class="opcion buena" name="a-1"><summary>La opción</summary><p>El porqué.</p>
</details><p><a class="figura" href="../_images/f.svg"><img loading="lazy" width="80"
height="40" alt="Un rectángulo" src="../_images/f.svg"/></a></p>
<div tabindex="0" data-x="1"><br>fin</div></section></section>
<aside class="definicion" popover id="def-x">una definición</aside>"""


@pytest.fixture(scope="module")
def curso(tmp_path_factory) -> Path:
    """Un curso de dos páginas con su sitio ya construido."""
    raiz = tmp_path_factory.mktemp("curso")
    for nombre in ("pyproject.toml", "CITATION.cff"):
        (raiz / nombre).write_text((RAIZ / nombre).read_text("utf-8"), "utf-8")
    (raiz / "_toc.yml").write_text(
        "root: book/index\nparts:\n  - caption: 'Parte 0 · Ida'\n    chapters:\n"
        "      - file: notebooks/00_a\n",
        encoding="utf-8",
    )
    sitio = raiz / "_build" / "html"
    hojas = '<link rel="stylesheet" href="../_static/a.css?v=1"/>'
    for nombre, cuerpo in (("book/index", PORTADA), ("notebooks/00_a", LECCION)):
        ruta = sitio / f"{nombre}.html"
        ruta.parent.mkdir(parents=True)
        ruta.write_text(
            f'<html><head>{hojas}</head><body><article class="bd-article">{cuerpo}'
            "</article></body></html>",
            encoding="utf-8",
        )
    (sitio / "index.html").write_text("<html>", "utf-8")
    for nombre, texto in (
        ("_static/a.css", "p { margin: 0 }"),
        ("_images/f.svg", DIBUJO),
    ):
        (sitio / nombre).parent.mkdir()
        (sitio / nombre).write_text(texto, encoding="utf-8")
    return raiz


# --- Las páginas --------------------------------------------------------------------


def test_las_paginas_pierden_lo_que_es_de_pantalla(curso):
    inicio, leccion = arbol.leer_paginas(curso / "_build" / "html", curso)
    assert [inicio.titulo, leccion.titulo] == ["El curso", "00 · Primera"]
    assert leccion.parte == "Parte 0 · Ida" and inicio.parte == ""
    texto = arbol.texto_de(leccion.cuerpo)
    assert "una definición" not in texto and "Mostrar" not in texto
    assert "la_solucion" in texto and "El porqué" in texto
    assert not {"details", "summary"} & {n.tag for n in leccion.cuerpo.iter()}
    assert [a[1] for a in arbol.apartados(leccion)] == ["1. Pesa W"]
    # Un dibujo conserva sus mayúsculas: sin ellas no se ve.
    assert any(n.get("viewBox") for n in inicio.cuerpo.iter("svg"))


def test_sin_soluciones_tampoco_quedan_los_porques(curso):
    *_, leccion = arbol.leer_paginas(curso / "_build" / "html", curso, False)
    texto = arbol.texto_de(leccion.cuerpo)
    assert "la_solucion" not in texto and "El porqué" not in texto
    assert "La opción" in texto and "x = 1" in texto


@pytest.mark.parametrize(("sobran", "juntas"), [(0, True), (1, False)])
def test_la_celda_y_su_codigo_se_juntan_los_dos_o_ninguno(sobran, juntas):
    """Si solo se junta el código, la caja empieza vacía al pie de una página."""
    codigo = "x = 1\n" * (pdf.LINEAS_JUNTAS + sobran)
    caja = '\n<div class="highlight">\n\n<pre>' + codigo + "</pre>\n</div>\n"
    cuerpo = ET.fromstring(f'<div><div class="cell_input">{caja}</div></div>')
    pdf.juntar(cuerpo)
    marcas = [
        "junta" in nodo.get("class", "")
        for nodo in cuerpo.iter()
        if nodo.tag == "pre" or "cell_input" in nodo.get("class", "")
    ]
    assert marcas == [juntas, juntas]


def test_un_sitio_sin_construir_se_dice(tmp_path, curso, capsys):
    with pytest.raises(arbol.ErrorDeImprenta, match="make libro"):
        arbol.leer_paginas(tmp_path, curso)
    for nombre in ("_toc.yml", "pyproject.toml", "CITATION.cff"):
        (tmp_path / nombre).write_bytes((curso / nombre).read_bytes())
    assert epub.principal([], tmp_path) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "_build").exists()


def test_sin_navegador_el_pdf_lo_dice(curso, monkeypatch, capsys):
    monkeypatch.setenv("TALLER_CHROMIUM", "/no/existe")
    assert pdf.principal([], curso) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and "TALLER_CHROMIUM" in error


# --- El EPUB ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def libro(curso) -> zipfile.ZipFile:
    assert epub.principal([], curso) == 0
    version = portada.leer_ficha(curso).version
    ruta = curso / "_build" / empaquetar.nombre_de(version, "epub")
    with zipfile.ZipFile(ruta) as abierto:
        yield abierto


def test_el_epub_tiene_la_forma_de_un_epub(libro):
    primera = libro.infolist()[0]
    assert (primera.filename, primera.compress_type) == ("mimetype", 0)
    assert libro.read("mimetype") == b"application/epub+zip"
    contenedor = ET.fromstring(libro.read("META-INF/container.xml"))
    (raiz,) = [n.get("full-path") for n in contenedor.iter() if n.get("full-path")]
    opf = ET.fromstring(libro.read(raiz))
    dichos = {n.tag.rpartition("}")[2]: n.text for n in opf.iter()}
    assert dichos["language"] == "es" and dichos["title"].startswith("De tokens")
    piezas = {n.get("id"): n for n in opf.iter(f"{OPF}item")}
    nombres = {f"libro/{n.get('href')}" for n in piezas.values()}
    assert nombres == {n for n in libro.namelist() if n.startswith("libro/")} - {raiz}
    leidas = [piezas[n.get("idref")].get("href") for n in opf.iter(f"{OPF}itemref")]
    assert leidas[-2:] == ["paginas/index.xhtml", "paginas/00_a.xhtml"]
    propias = {n.get("href"): n.get("properties") for n in piezas.values()}
    assert propias["portada.png"] == "cover-image"
    assert propias["indice.xhtml"] == "nav"
    assert propias["paginas/00_a.xhtml"] == "mathml"
    assert propias["paginas/index.xhtml"] == "svg"


def test_los_enlaces_del_epub_llegan(libro):
    for nombre in libro.namelist():
        if not nombre.endswith(".xhtml"):
            continue
        for nodo in ET.fromstring(libro.read(nombre)).iter():
            destino = nodo.get("href") or nodo.get("src") or ""
            if not destino or re.match("https?:", destino):
                continue
            archivo, _, ancla = destino.partition("#")
            ruta = (Path("/") / Path(nombre).parent / archivo).resolve()
            otra = str(ruta.relative_to("/"))
            assert otra in libro.namelist(), (nombre, destino)
            if ancla:
                ids = {n.get("id") for n in ET.fromstring(libro.read(otra)).iter()}
                assert ancla in ids, (nombre, destino)


def test_las_formulas_del_epub_van_en_mathml(libro):
    hoja = libro.read("libro/paginas/00_a.xhtml").decode("utf-8")
    assert 'alttext="W"' in hoja
    assert "katex-html" not in hoja and "annotation" not in hoja
    for sobra in ("tabindex", "data-x", "popover", "loading", "<details"):
        assert sobra not in hoja, sobra


def test_del_mismo_sitio_sale_el_mismo_epub(curso, tmp_path):
    sitio = curso / "_build" / "html"
    uno = epub.hacer_epub(sitio, curso, tmp_path / "a.epub")
    otro = epub.hacer_epub(sitio, curso, tmp_path / "b.epub")
    sin = epub.hacer_epub(sitio, curso, tmp_path / "c.epub", False)
    assert uno.read_bytes() == otro.read_bytes() != sin.read_bytes()


# --- El PDF -------------------------------------------------------------------------


def test_el_pdf_es_accesible_y_tiene_indice(curso, monkeypatch, capsys):
    monkeypatch.setenv("TALLER_CHROMIUM", buscar_chromium())
    pikepdf = pytest.importorskip("pikepdf")
    assert pdf.principal([], curso) == 0
    version = portada.leer_ficha(curso).version
    ruta = curso / "_build" / empaquetar.nombre_de(version, "pdf")
    visto = pdf.leer_pdf(ruta)
    assert visto.etiquetado and visto.lengua == "es"
    assert visto.titulo.startswith("De tokens a QLoRA")
    # Portada, créditos, índice y las dos páginas: cada una empieza hoja.
    assert visto.paginas == 5
    assert f"{visto.paginas} páginas" in capsys.readouterr().out
    assert (1, "00 · Primera") in visto.titulos
    assert visto.titulos.index((0, "Parte 0 · Ida")) > 0
    assert visto.marcas["00_a--uno"] == visto.marcas["00_a"] == 5
    with pikepdf.open(ruta) as abierto:
        assert abierto.Root.ViewerPreferences.DisplayDocTitle
        enlaces = [
            str(nota.get("/Dest", "")) or str(nota.get("/A", {}).get("/URI", ""))
            for hoja in abierto.pages
            for nota in hoja.get("/Annots", [])
        ]
        ficha = portada.leer_ficha(curso)
        assert f"{ficha.direccion}book/otra.html" in enlaces
        assert enlaces.count("/00_a--uno") >= 2  # el índice y la portada
        assert len(abierto.pages[0].Resources.XObject) == 1  # la portada
        con = json.dumps(visto.titulos)
    assert pdf.principal(["--sin-soluciones"], curso) == 0
    sin = ruta.with_name(empaquetar.nombre_de(version, "pdf", False))
    assert json.dumps(pdf.leer_pdf(sin).titulos) == con
    assert sin.stat().st_size < ruta.stat().st_size
