"""Una traducción es la misma lección: sus celdas, su programa y su lengua dicha."""

import copy
import re
import sys
from types import SimpleNamespace

import pytest
from casos_malos import MALOS
from minimo import RUTA, cuaderno_bueno
from reglas import REGLAS

from herramientas.archivos import NOTEBOOKS, RAIZ
from herramientas.cuadernos import leer as cuadernos
from herramientas.cuadernos import traducir
from herramientas.cuadernos.leer import ErrorDeCuaderno, de_codigo
from herramientas.cuadernos.lenguas import (
    ESPANOL,
    LENGUAS,
    PORTUGUES,
    lengua_de,
    lengua_de_pagina,
)

TRADUCCIONES = cuadernos.traducciones()
por_traduccion = pytest.mark.parametrize(
    "ruta", TRADUCCIONES, ids=lambda r: f"{r.parent.name}-{r.stem}"
)


# --- Las que hay --------------------------------------------------------------------


def test_hay_una_y_es_la_bienvenida_en_portugues():
    (ruta,) = TRADUCCIONES
    assert ruta.relative_to(NOTEBOOKS).as_posix() == "pt/00_boas_vindas.ipynb"
    cuaderno = cuadernos.leer(ruta)
    assert lengua_de(cuaderno) is PORTUGUES
    assert cuaderno.metadata["traduccion"]["de"] == "00_bienvenida"


@por_traduccion
def test_es_la_misma_leccion_en_otra_lengua(ruta):
    cuaderno = cuadernos.leer(ruta)
    assert traducir.faltas(cuaderno, traducir.original_de(cuaderno)) == []


@por_traduccion
def test_esta_en_su_carpeta_y_en_el_indice(ruta):
    cuaderno = cuadernos.leer(ruta)
    assert LENGUAS[ruta.parent.name] is lengua_de(cuaderno)
    indice = (RAIZ / "_toc.yml").read_text("utf-8")
    camino = ruta.relative_to(RAIZ).with_suffix("").as_posix()
    parte = indice.partition(f"- caption: {lengua_de(cuaderno).parte}\n")[2]
    assert f"- file: {camino}\n" in parte.partition("- caption:")[0]


@por_traduccion
def test_sus_figuras_no_llevan_rotulos_en_espanol(ruta):
    """Ninguna cadena que dibuja queda como en el original."""
    cuaderno = cuadernos.leer(ruta)
    rotulo = re.compile(r"\b(?:x|y)?(?:label|title)=f?\"([^\"]+)\"")
    original = traducir.original_de(cuaderno)
    pares = zip(de_codigo(cuaderno), de_codigo(original), strict=True)
    vistos = 0
    for una, otra in pares:
        suyos, debe = rotulo.findall(una.source), rotulo.findall(otra.source)
        assert not set(suyos) & set(debe), una.id
        vistos += len(suyos)
    assert vistos >= 3


def test_en_portugues_no_queda_espanol():
    """Palabras que el portugués no tiene, fuera de lo que va entre comillas."""
    ajenas = re.compile(
        r"(?<![\w-])(?:el|los|las|una|y|con|del|pero|muy|más|qué|cómo|cuando|hay|tú|siempre|"
        r"también|ejercicio|lección|celda|cuaderno|texto siguiente)\b|[ñ¿¡]|ción\b",
        re.IGNORECASE,
    )
    citas = re.compile(r"“[^”]*”|\*[^*]+\*|`[^`]*`|\[[^\]]*\]\([^)]*\)|\$[^$]*\$")
    for celda in cuadernos.leer(TRADUCCIONES[0]).cells:
        alt = traducir.alt_de(celda)
        prosa = celda.source if celda.cell_type == "markdown" else ""
        comentarios = re.findall(r"# (.+)", celda.source) if not prosa else []
        for texto in [prosa, alt, *comentarios]:
            hallada = ajenas.search(citas.sub(" ", texto))
            assert not hallada, f"{celda.id}: «{hallada[0]}»"


# --- Que la comprobación ve lo que falta --------------------------------------------


@pytest.fixture
def par():
    """Una traducción cierta y su original, para estropearlos."""
    cuaderno = cuadernos.leer(TRADUCCIONES[0])
    original = traducir.original_de(cuaderno)
    cuaderno.metadata["traduccion"]["celdas"] = traducir.sellos(original)
    return cuaderno, copy.deepcopy(original)


def _celda(cuaderno, identificador):
    return next(c for c in cuaderno.cells if c.id == identificador)


@pytest.mark.parametrize(
    ("estropea", "dice"),
    [
        (lambda t, o: t.cells.pop(), "no tiene las celdas del original: 00-fin"),
        (lambda t, o: t.cells.reverse(), "el orden"),
        (
            lambda t, o: _celda(t, "00-s3").update(source=_celda(o, "00-s3").source),
            "«00-s3»: está sin traducir",
        ),
        (
            lambda t, o: _celda(t, "00-bucle").update(source="print(1)"),
            "«00-bucle»: su programa no es el del original",
        ),
        (
            lambda t, o: _celda(t, "00-bucle").metadata.update(tags=["medida"]),
            "«00-bucle»: no es de la misma clase",
        ),
        (
            lambda t, o: _celda(t, "00-tamanos").metadata.pop("mystnb"),
            "el texto de su figura está sin traducir",
        ),
        (
            lambda t, o: _celda(t, "00-s2").update(source="## 2. Texto · 9 min"),
            "sus secciones duran",
        ),
    ],
)
def test_dice_en_que_deja_de_ser_la_misma(par, estropea, dice):
    estropea(*par)
    assert any(dice in falta for falta in traducir.faltas(*par))


def test_un_texto_cambiado_no_cambia_el_programa():
    uno = traducir.programa('print(f"después de {x}")  # así')
    assert uno == traducir.programa('print(f"depois de {x}")')
    assert uno != traducir.programa('print(f"depois de {y}")')


def test_nota_lo_que_cambio_en_el_original(par):
    traduccion, original = par
    assert traducir.cambiadas(traduccion, original) == []
    _celda(original, "00-s4").source += " Otra frase."
    _celda(original, "00-tamanos").metadata["mystnb"]["image"]["alt"] += " Más."
    original.cells.pop()
    hay = traducir.cambiadas(traduccion, original)
    assert sorted(hay) == ["00-fin", "00-s4", "00-tamanos"]


# --- Empezar una --------------------------------------------------------------------


@pytest.fixture
def curso(tmp_path):
    """Una carpeta de cuadernos con una lección."""
    cuadernos.guardar(cuaderno_bueno(), tmp_path / "01_prueba.ipynb")
    return tmp_path


def test_empezar_revisar_y_volver_a_pedir(curso, monkeypatch):
    ruta = traducir.empezar("pt", "01", "01_teste", curso)
    assert ruta == curso / "pt" / "01_teste.ipynb"
    cuaderno = cuadernos.leer(ruta)
    assert all(not c.outputs for c in de_codigo(cuaderno))
    assert "taller" not in cuaderno.metadata
    original = traducir.original_de(cuaderno, curso)
    assert traducir.cambiadas(cuaderno, original) == []
    assert any("sin traducir" in f for f in traducir.faltas(cuaderno, original))
    with pytest.raises(ErrorDeCuaderno, match="Ya existe pt/01_teste"):
        traducir.empezar("pt", "01", "01_teste", curso)
    with pytest.raises(ErrorDeCuaderno, match="No hay lengua «xx»"):
        traducir.empezar("xx", "01", "01_test", curso)
    assert cuadernos.rutas(["01_teste"], curso) == [ruta]
    assert cuadernos.rutas(["01"], curso) == [curso / "01_prueba.ipynb"]
    assert cuadernos.rutas(carpeta=curso) == [curso / "01_prueba.ipynb"]
    otro = cuadernos.leer(curso / "01_prueba.ipynb")
    otro.cells[0].source += "\n\nOtra frase."
    cuadernos.guardar(otro, curso / "01_prueba.ipynb")
    assert traducir.cambiadas(cuaderno, otro) == [otro.cells[0].id]
    monkeypatch.setattr(
        traducir, "original_de", lambda c: cuadernos.leer(curso / "01_prueba.ipynb")
    )
    traducir.dar_por_revisada(ruta)
    assert traducir.cambiadas(cuadernos.leer(ruta), otro) == []


def test_las_ordenes_responden_en_una_frase(capsys):
    assert traducir.principal([]) == 0
    assert "pt/00_boas_vindas.ipynb: " in capsys.readouterr().out
    for malo in (["pt"], ["xx", "00", "00_x"], ["--revisada", "99_no"]):
        assert traducir.principal(malo) == 1
        assert capsys.readouterr().err.count("\n") == 1


# --- Las reglas, en cada lengua -----------------------------------------------------


def _en_portugues():
    """El cuaderno bueno con lo que las reglas buscan dicho en portugués."""
    cuaderno = cuaderno_bueno()
    cuaderno.metadata["traduccion"] = {"lengua": "pt", "de": "01_prueba", "celdas": {}}
    for celda in cuaderno.cells:
        for dicho, suyo in (
            ("Lectura", "Leitura"),
            ("En vivo", "Ao vivo"),
            ("Ejecución", "Execução"),
            ("dos núcleos", "dois núcleos"),
            ("# @title Solución", "# @title Solução"),
            *zip(ESPANOL.cierre, PORTUGUES.cierre, strict=True),
            *PORTUGUES.instalar,
        ):
            celda.source = celda.source.replace(dicho, suyo)
    return cuaderno


CON_LENGUA = ("portada", "cierre", "soluciones_plegadas", "celda_de_instalacion")


@pytest.mark.parametrize("nombre", CON_LENGUA)
def test_una_regla_pide_lo_mismo_en_la_lengua_del_cuaderno(nombre):
    assert REGLAS[nombre](_en_portugues(), RUTA) == []
    en_espanol = cuaderno_bueno()
    en_espanol.metadata["traduccion"] = {"lengua": "pt"}
    assert REGLAS[nombre](en_espanol, RUTA), "aceptó español en portugués"
    en_portugues = _en_portugues()
    del en_portugues.metadata["traduccion"]
    assert REGLAS[nombre](en_portugues, RUTA), "aceptó portugués en español"


def test_las_reglas_con_lengua_tienen_un_caso_malo():
    assert set(CON_LENGUA) <= {nombre for nombre, _ in MALOS}


def test_la_instalacion_en_portugues_cabe_en_un_telefono():
    codigo = cuadernos.celda_instalar(*cuadernos.proyecto(), "", PORTUGUES)
    assert max(map(len, codigo.splitlines())) <= 88
    for dicho, suyo in PORTUGUES.instalar:
        assert suyo in codigo and dicho not in codigo
    espanol = cuadernos.celda_instalar(*cuadernos.proyecto())
    assert traducir.programa(codigo) == traducir.programa(espanol)


# --- En el sitio --------------------------------------------------------------------


@pytest.fixture(scope="module")
def extension():
    sys.path.insert(0, str(RAIZ / "book" / "_ext"))
    return pytest.importorskip("traduccion")


UNA, OTRA = "notebooks/00_bienvenida", "notebooks/pt/00_boas_vindas"


def test_la_lengua_de_una_pagina():
    assert lengua_de_pagina(OTRA) is PORTUGUES
    for pagina in (UNA, "book/pt", "pt/notebooks/x", "index", "notebooks/xx/a"):
        assert lengua_de_pagina(pagina) is ESPANOL


def test_cada_pagina_lleva_a_la_otra(extension):
    pares = extension.leer_pares(RAIZ)
    assert {de: otra for de, (otra, _) in pares.items()} == {OTRA: UNA, UNA: OTRA}
    assert not pares[UNA][1], "solo una traducción se queda atrás"
    html = extension.enlace_html(UNA, OTRA, False, "pt/00_boas_vindas.html")
    assert 'href="pt/00_boas_vindas.html" hreflang="pt-BR" lang="pt-BR"' in html
    assert PORTUGUES.atrasada in extension.enlace_html(OTRA, UNA, True, "x.html")
    cabeza = extension.alternas(UNA, OTRA, "https://a.b/")
    assert 'hreflang="es" href="https://a.b/notebooks/00_bienvenida.html"' in cabeza
    assert 'hreflang="pt-BR" href="https://a.b/notebooks/pt/00_boas' in cabeza


def _pagina(extension, pagina, **vecinas):
    app = SimpleNamespace(
        sitio_pares=extension.leer_pares(RAIZ),
        sitio_proyecto={"sitio": "https://a.b/"},
    )
    contexto = {
        "body": "<h1>Título</h1><p>Texto</p>",
        "metatags": '<meta property="og:locale" content="es_LA"/>',
        "pathto": lambda otra: f"a/{otra}.html",
        "language": "es",
        **vecinas,
    }
    extension.poner_lengua(app, pagina, "page.html", contexto, None)
    return contexto


def test_la_traduccion_dice_su_lengua_y_no_entra_en_la_fila(extension):
    vecina = {"link": "../03_x.html", "title": "x"}
    suya = _pagina(extension, OTRA, prev=vecina, next=vecina)
    assert suya["language"] == "pt-BR" and "pt_BR" in suya["metatags"]
    assert suya["prev"] is None and suya["next"] is None
    assert '</h1>\n<p class="otra-lengua">' in suya["body"]
    ultima = {"link": "../notebooks/pt/00_boas_vindas.html", "title": "y"}
    final = _pagina(extension, "book/referencias", prev=vecina, next=ultima)
    assert final["prev"] == vecina and final["next"] is None
    assert final["language"] == "es" and "otra-lengua" not in final["body"]
    original = _pagina(extension, UNA, next=vecina)
    assert original["next"] == vecina and original["language"] == "es"


def test_en_la_traduccion_lo_que_esta_en_espanol_lo_dice(extension):
    html = (
        '<html lang="pt-BR"><div id="pst-skip-link"></div>'
        '<div id="pst-primary-sidebar"><a class="current reference internal" href="#">'
        '</a></div><article class="bd-article"><h1>T</h1>'
        '<p class="otra-lengua"><a href="../x.html" hreflang="es" lang="es">E</a></p>'
        '<div class="salida-en-espanol docutils container">Todavía no</div>'
        "<span>Mostrar solución</span></article>"
        '<div\n    id="pst-page-navigation-heading-2">En esta página</div>'
        '<footer class="bd-footer-content"></footer>'
    )
    hecho = extension.retocar(html, OTRA)
    for trozo in (
        '<div lang="es" id="pst-skip-link"',
        '<div lang="es" id="pst-primary-sidebar"',
        'internal" lang="pt-BR" href="#"',
        '<div lang="es" class="salida-en-espanol docutils',
        "<span>Mostrar solução</span>",
        '<div lang="es" id="pst-page-navigation-heading-2"',
        '<footer lang="es" class="bd-footer-content"',
        '<article class="bd-article">',
    ):
        assert trozo in hecho, trozo
    assert extension.retocar(hecho, OTRA) == hecho
    indice = '<a class="reference internal" href="pt/00_boas_vindas.html">'
    marcado = extension.retocar(indice, UNA)
    assert 'lang="pt-BR" hreflang="pt-BR" href="pt/00' in marcado
    assert extension.retocar(marcado, UNA) == marcado


@pytest.mark.parametrize(("salida", "pagina"), [("es", OTRA), ("", OTRA), ("es", UNA)])
def test_se_aparta_lo_escrito_y_no_los_mandos_ni_las_figuras(extension, salida, pagina):
    from docutils import nodes
    from docutils.utils import new_document

    documento = new_document("prueba")
    celda = nodes.container(nb_element="cell_code", cell_metadata={"salida": salida})
    caja = nodes.container(nb_element="cell_code_output")
    caja += nodes.literal_block("", "Todavía no")
    caja += nodes.raw("", '<div class="control" data-control="x">', format="html")
    caja += nodes.raw("", "<span>La</span>", format="html")
    caja += nodes.image(uri="a.svg")
    celda += caja
    documento += celda
    extension.apartar_salidas(None, documento, pagina)
    apartadas = [extension.SALIDA_AJENA in n.get("classes", []) for n in caja.children]
    si = bool(salida) and pagina == OTRA
    assert apartadas == [si, False, si, False]
