"""Las versiones en vivo: esqueleto más código recortado es igual a la lección.

Además corren. Las de dos lecciones se ejecutan de verdad (prueba `lento`); para las
demás basta la identidad: esqueleto y lección ejecutan el mismo código en el mismo
orden, porque la celda de rescate contiene entero el que se recortó, y ninguna celda usa
un nombre que solo define una solución. El rescate se prueba en test_rescate.py.
"""

import ast
import re
import symtable
from functools import cache

import pytest
from IPython.core.inputtransformer2 import TransformerManager
from minimo import RUTA, celda, codigo, cuaderno_bueno, md
from nbformat.v4 import output_from_msg
from reglas.ejercicios import (
    nombres_definidos,
    nombres_importados,
    nombres_que_faltarian,
)

from herramientas.cuadernos import en_vivo, huecos, laminas, nucleo
from herramientas.cuadernos import leer as cuadernos
from herramientas.cuadernos.leer import de_codigo, etiquetas

RUTAS = cuadernos.rutas()
SE_EJECUTAN = ("00_bienvenida", "01_tokenizacion")
por_cuaderno = pytest.mark.parametrize("ruta", RUTAS, ids=lambda r: r.stem)


leer = cache(cuadernos.leer)  # ninguna prueba cambia lo leído


def _sin_soluciones(cuaderno):
    return [
        (c.id, c.source) for c in de_codigo(cuaderno) if "solucion" not in etiquetas(c)
    ]


def _revisar(cuaderno):
    esqueleto = en_vivo.recortar(cuaderno)
    assert en_vivo.restaurar(esqueleto) == _sin_soluciones(cuaderno)
    assert not any("solucion" in etiquetas(c) for c in esqueleto.cells)
    assert not any(c.outputs for c in de_codigo(esqueleto))
    assert len({c.id for c in esqueleto.cells}) == len(esqueleto.cells)
    assert cuadernos.secciones(esqueleto) != []
    for antes, rescate in zip(esqueleto.cells, esqueleto.cells[1:], strict=False):
        if "rescate" in etiquetas(rescate):
            _revisar_hueco(celda(cuaderno, antes.id), antes)
    return esqueleto


def _revisar_hueco(original, dejado):
    """Ejecutarlo no falla, y no queda nada que calcule: imports, `def` y `...`."""
    for nodo in ast.parse(dejado.source).body:
        assert isinstance(
            nodo, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef
        ), f"«{dejado.id}» conserva código: {ast.unparse(nodo)}"
    assert nombres_importados(dejado) <= nombres_importados(original)
    for linea in original.source.splitlines():
        if linea.startswith(("import ", "from ", "def ", "class ")):
            assert linea.split("  #")[0] in dejado.source, f"«{dejado.id}»: {linea}"
        comentario = linea.partition("  # ")[2]
        if comentario and "fmt:" not in comentario and '"' not in comentario:
            assert comentario in dejado.source, f"«{dejado.id}» pierde «{comentario}»"


def _dichos(dejado) -> set[str]:
    """Los nombres de la línea «lo que sigue usa»."""
    antes, hay, lista = dejado.source.partition(huecos.SIGUE)
    return {n.strip(" #\n") for n in lista.split(",")} if hay else set()


@por_cuaderno
def test_esqueleto_mas_recortes_es_la_leccion(ruta):
    _revisar(leer(ruta))


def _leidos_de_fuera(texto: str) -> set[str]:
    """Los nombres globales que lee una celda, según las tablas de Python."""

    def de(tabla, arriba: bool) -> set[str]:
        suyos = {
            s.get_name()
            for s in tabla.get_symbols()
            if s.is_referenced() and (arriba or s.is_global())
        }
        return suyos.union(*(de(otra, False) for otra in tabla.get_children()))

    limpio = TransformerManager().transform_cell(texto)
    return de(symtable.symtable(limpio, "celda", "exec"), True)


@por_cuaderno
def test_cada_hueco_dice_los_nombres_que_usa_lo_que_sigue(ruta):
    """Contado de otra manera, no falta ninguno."""
    cuaderno = leer(ruta)
    esqueleto = en_vivo.recortar(cuaderno)
    codigos = [c for c in de_codigo(cuaderno) if "solucion" not in etiquetas(c)]
    for i, original in enumerate(codigos):
        dejado = celda(esqueleto, original.id)
        if dejado.source == original.source:
            continue
        vivos = nombres_definidos(original) - nombres_importados(original) - {"_"}
        for otra in codigos[i + 1 :]:
            pide = (_leidos_de_fuera(otra.source) - nombres_definidos(otra)) & vivos
            assert pide <= _dichos(dejado), f"«{original.id}» no dice {pide}"
            vivos -= nombres_definidos(otra)


@por_cuaderno
def test_lo_que_se_escribe_cabe_en_los_minutos(ruta):
    """A sesenta caracteres por minuto, como mucho, en la lección y en cada sección."""
    cuaderno = leer(ruta)
    escribe = huecos.elegir(cuaderno)
    assert 1 <= len(escribe) <= huecos.HUECOS
    assert all("en-vivo" in etiquetas(celda(cuaderno, c)) for c in escribe)
    secciones = [s for s in cuadernos.secciones(cuaderno) if s.minutos]
    limites = [s.celda for s in secciones[1:]] + [len(cuaderno.cells)]
    total = 0
    for seccion, hasta in zip(secciones, limites, strict=True):
        suyas = [c for c in cuaderno.cells[seccion.celda : hasta] if c.id in escribe]
        letras = sum(huecos.por_escribir(c.source) for c in suyas)
        assert letras <= 60 * seccion.minutos, seccion.titulo
        total += letras
    assert 0 < total <= 60 * cuadernos.minutos(cuaderno).en_vivo


@por_cuaderno
def test_nadie_depende_de_una_solucion(ruta):
    assert nombres_que_faltarian(leer(ruta)) == {}


@por_cuaderno
def test_el_plan_suma_los_minutos(ruta):
    cuaderno = leer(ruta)
    plan = en_vivo.plan(cuaderno).source
    assert f"**{cuadernos.minutos(cuaderno).en_vivo} min**" in plan


@pytest.mark.lento
@pytest.mark.parametrize("nombre", SE_EJECUTAN)
def test_el_esqueleto_corre(nombre, tmp_path):
    (ruta,) = cuadernos.rutas([nombre])
    try:
        nucleo.ejecutar(en_vivo.recortar(leer(ruta)), tmp_path)
    except nucleo.Fallo as fallo:
        pytest.fail(f"{ruta.name}, versión en vivo: {fallo}", pytrace=False)


def _escrita(texto: str, *despues):
    """El cuaderno bueno con otro código en su celda en vivo, y celdas al final."""
    cuaderno = cuaderno_bueno()
    celda(cuaderno, "01-en-vivo").source = texto
    cuaderno.cells += despues
    return cuaderno


def test_un_hueco_trae_lo_que_lee_su_def():
    codigo = (
        "base = [1, 2]\nmas = 3\ninicial = {n: n for n in base}\n\n\n"
        "def sumar(a, desde=inicial):\n    return a"
    )
    queda = huecos.hueco(codigo)
    assert "inicial = " in queda and "base = " in queda and "mas" not in queda
    exec(queda, {})


LARGA = """\
# Suma dos números.
total = 1 + 1
otro_numero_largo = sum(numero * numero for numero in range(10))
texto = \"\"\"
# no es comentario
\"\"\"  # al lado
# Muestra el total.
print(total, otro_numero_largo)"""


def test_recorta_solo_lo_en_vivo():
    usa = codigo("01-usa", "assert total == 2\nassert texto")
    original = _escrita(LARGA, usa)
    esqueleto = _revisar(original)
    hueco = celda(esqueleto, "01-en-vivo")
    assert hueco.source == (
        "# Suma dos números.\n# al lado\n# Muestra el total.\n\n"
        "# Lo que sigue usa: total, texto"
    )
    rescate = celda(esqueleto, "01-en-vivo-rescate")
    assert rescate.source.startswith("# @title Si vas tarde")
    assert rescate.source.endswith(LARGA)
    assert rescate.metadata["cellView"] == "form"
    assert rescate.metadata["jupyter"]["source_hidden"] is True
    assert {"rescate", "hide-input"} <= etiquetas(rescate)
    assert celda(esqueleto, "01-figura").source == celda(original, "01-figura").source
    assert celda(original, "01-en-vivo").source == LARGA, "recortar cambió el original"


def test_una_celda_corta_o_una_figura_va_dada():
    assert huecos.elegir(cuaderno_bueno()) == []
    assert huecos.elegir(_escrita(LARGA)) == ["01-en-vivo"]
    assert huecos.elegir(_escrita(LARGA + "\nplt.show()")) == []


def test_lo_que_no_cabe_va_dado():
    """Caben los caracteres de los minutos que dejan el texto y las salidas."""
    vacio = _escrita("")
    (seccion,) = (s for s in cuadernos.secciones(vacio) if s.minutos == 8)
    otras = [s.celda for s in cuadernos.secciones(vacio) if s.celda > seccion.celda]
    suyas = vacio.cells[seccion.celda : min(otras)]
    tope = 60 * (8 - sum(map(huecos.rato, suyas)))
    assert 60 < tope < 60 * 8
    lineas = [f"numero_{i} = {i} + 1" for i in range(10, 99)]  # 18 caracteres cada una
    cabe = "\n".join(lineas[: int(tope / 18)])
    assert huecos.por_escribir(cabe) == 18 * int(tope / 18)
    assert huecos.elegir(_escrita(cabe)) == ["01-en-vivo"]
    assert huecos.elegir(_escrita("\n".join([cabe, lineas[-1]]))) == []
    assert huecos.elegir(_escrita(cabe), por_minuto=30) == []


def test_mirar_una_salida_lleva_un_rato():
    salida = output_from_msg(
        {"header": {"msg_type": "stream"}, "content": {"name": "stdout", "text": "a"}}
    )
    cuaderno = _escrita(LARGA)
    dada = celda(cuaderno, "01-en-vivo")
    dada.outputs = []
    assert huecos.rato(dada) == 0
    dada.outputs = [salida]
    assert huecos.rato(dada) == pytest.approx(1 / 3)
    dada.metadata["tags"] = ["solucion"]
    assert huecos.rato(dada) == 0


@pytest.mark.parametrize(
    ("codigo_entero", "queda"),
    [
        ("x = 1\ny = 2  # al lado", "# al lado"),
        ("x = 1\ny = 2", "# escribe aquí"),
        ("%time x = 1\n# luego\n!ls", "# luego"),
        ("import os\nx = os.sep", "import os"),
        ("from a import (\n    b,  # uno\n    c,\n)\nb()",
         "from a import (\n    b,  # uno\n    c,\n)"),
        ("@deco\ndef f(a,\n      b=1):\n    return a  # la suma\nf(1)",
         "@deco\ndef f(a,\n      b=1):\n    # la suma\n    ..."),
        ("def f(x): return x", "def f(x):\n    ..."),
        ('def f(x):\n    """Qué hace."""\n    return x',
         'def f(x):\n    """Qué hace."""\n    ...'),
        ("class A:\n    b = 1\n\n    def f(self):\n        return 1\n\nA()",
         "class A:\n\n    def f(self):\n        ..."),
        ("class A:\n    b = 1", "class A:\n    ..."),
        ("x = (\n    1,  # fmt: skip\n    2,  # dos\n)", "    # dos"),
        ('s = "# no"', "# escribe aquí"),
    ],
)  # fmt: skip
def test_lo_que_queda_de_una_celda(codigo_entero, queda):
    assert huecos.hueco(codigo_entero) == queda
    if "%" not in codigo_entero:
        ast.parse(queda)


def test_cuenta_lo_que_se_escribe():
    assert huecos.por_escribir("import os\n# nota\nx = 1  # uno") == len("x = 1")
    assert huecos.por_escribir("def f(a):\n    return a") == len("return a")


def test_lo_que_sigue_usa_no_repite_lo_que_otra_celda_redefine():
    cuaderno = _escrita(
        LARGA, codigo("01-a", "total = 3\nprint(texto)"), codigo("01-b", "print(total)")
    )
    assert huecos.lo_que_sigue_usa(cuaderno, "01-en-vivo") == ["texto"]


def test_el_plan_acumula_el_reloj():
    plan = en_vivo.plan(cuaderno_bueno()).source
    assert "| 1. Primera | 8 min | 0:00 a 0:08 | nada |" in plan
    assert "| 2. Segunda | 4 min | 0:08 a 0:12 | nada |" in plan
    plan = en_vivo.plan(_escrita(LARGA)).source
    letras = huecos.por_escribir(LARGA)
    assert f"| 1. Primera | 8 min | 0:00 a 0:08 | {letras} caracteres |" in plan
    assert f"{letras} caracteres, {letras / 12:.0f} por minuto" in plan


def test_un_id_largo_sigue_siendo_valido():
    cuaderno = _escrita(LARGA)
    celda(cuaderno, "01-en-vivo").id = "01-" + "x" * 60
    assert len(huecos.elegir(cuaderno)) == 1
    _revisar(cuaderno)


def test_los_enlaces_siguen_vivos(tmp_path):
    origen, destino = tmp_path / "notebooks", tmp_path / "_build" / "en-vivo"
    cuaderno = cuaderno_bueno()
    cuaderno.cells.append(
        md("01-enlaces", "[g](../book/g.md#bpe) ![a](figuras/a.svg) [w](https://x.org) "
        "[otra](02_corpus.ipynb) [aquí](#abajo)")
    )  # fmt: skip
    texto = celda(en_vivo.recortar(cuaderno, origen, destino), "01-enlaces").source
    assert "(../../book/g.md#bpe)" in texto
    assert "(../../notebooks/figuras/a.svg)" in texto
    assert "(https://x.org)" in texto
    assert "(02_corpus.ipynb)" in texto
    assert "(#abajo)" in texto


def test_escribe_un_cuaderno_valido(tmp_path):
    ruta = tmp_path / RUTA.name
    cuadernos.guardar(cuaderno_bueno(), ruta)
    nuevo = en_vivo.escribir(ruta, tmp_path / "en-vivo")
    assert leer(nuevo).cells[0].id == en_vivo.ID_PLAN


def test_un_esqueleto_alterado_no_pasa():
    """La prueba de identidad no es vacía: nota una línea perdida."""
    cuaderno = _escrita(LARGA)
    esqueleto = en_vivo.recortar(cuaderno)
    rescate = celda(esqueleto, "01-en-vivo-rescate")
    rescate.source = rescate.source.replace("total = 1 + 1\n", "")
    assert en_vivo.restaurar(esqueleto) != _sin_soluciones(cuaderno)


@pytest.mark.lento
def test_el_esqueleto_minimo_corre(tmp_path):
    esqueleto = en_vivo.recortar(_escrita(LARGA))
    nucleo.ejecutar(esqueleto, tmp_path)
    dicho = "".join(s.text for s in celda(esqueleto, "01-en-vivo-rescate").outputs)
    assert dicho == "2 285\n"


def test_un_numero_de_huecos_que_no_sirve(capsys):
    assert en_vivo.principal(["--huecos", "0"]) == 1
    assert "de 1 en adelante" in capsys.readouterr().err


def _laminas(tmp_path, cuaderno, **ajustes) -> str:
    ruta = tmp_path / RUTA.name
    cuadernos.guardar(cuaderno, ruta)
    return en_vivo.escribir_laminas(ruta, tmp_path / "en-vivo", **ajustes).read_text(
        "utf-8"
    )


def test_las_laminas_no_muestran_lo_plegado(tmp_path):
    """De las mismas celdas: cada título abre una lámina y el rescate no se proyecta."""
    pytest.importorskip("quickjs")
    html = _laminas(tmp_path, _escrita(LARGA))
    assert html.count("<section") >= 6
    assert "Segunda" in html and "Suma dos números." in html
    for oculto in ("Plan para quien", "Si vas tarde", "otro_numero_largo"):
        assert oculto not in html, oculto


def test_las_laminas_no_piden_nada_a_la_red(tmp_path):
    pytest.importorskip("quickjs")
    html = _laminas(tmp_path, _escrita(LARGA))
    pide = re.findall(r'<(?:link|script)[^>]+(?:href|src)="([^"]+)"', html)
    assert len(pide) == 5
    for camino in pide:
        assert (tmp_path / "en-vivo" / camino).is_file(), camino
    assert not re.findall(r"url\((?!data:)[^)]*//", html)
    assert 'type="module"' not in html, "un módulo no se abre desde file://"
    programa = (tmp_path / "en-vivo" / "reveal" / "laminas.js").read_text("utf-8")
    assert not re.search(r"\b(fetch|import)\b", programa)


def test_un_esquema_se_proyecta_como_dibujo(tmp_path):
    """El código plegado no se enseña; sí la figura que guardó, con su alternativa."""
    pytest.importorskip("quickjs")
    esquema = codigo("01-esquema", "trazar()", "hide-input")
    esquema.metadata["mystnb"] = {"image": {"alt": 'Dos cajas "unidas"'}}
    datos = {"image/svg+xml": "<?xml?><svg><rect/></svg>", "text/plain": "x"}
    esquema.outputs = [output_from_msg(
        {"header": {"msg_type": "display_data"},
         "content": {"data": datos, "metadata": {}}})]  # fmt: skip
    html = _laminas(tmp_path, _escrita(LARGA, esquema))
    assert "trazar" not in html and "<?xml?>" not in html
    assert 'aria-label="Dos cajas &quot;unidas&quot;"><svg><rect/></svg>' in html


def test_el_esquema_de_cada_leccion_se_proyecta(tmp_path):
    pytest.importorskip("quickjs")
    (ruta,) = cuadernos.rutas(["00"])
    html = en_vivo.escribir_laminas(ruta, tmp_path).read_text("utf-8")
    assert html.count('<div class="dibujo">') == 1
    assert "esquema(" not in html and "<desc>" in html


def test_una_lamina_lleva_un_texto_y_a_lo_sumo_un_codigo():
    cuaderno = _escrita(
        LARGA, md("01-t", "## 3. Otra · 1 min"), codigo("01-x", "x = 1"),
        codigo("01-y", "y = 2"), md("01-u", "Más."), codigo("01-z", "z = 3"),
    )  # fmt: skip
    columnas = laminas.repartir(en_vivo.recortar(cuaderno), set())
    ultima = [[c.id for c in lamina] for lamina in columnas[-1]]
    assert ultima == [["01-t", "01-x"], ["01-y"], ["01-u", "01-z"]]


def test_lo_que_comenta_lo_anterior_no_va_en_el_apartado_que_sigue():
    texto = "Eso salió.\n\n```\n## no es título\n```\n\n## 3. Otra · 1 min\n\nAhora."
    cuaderno = _escrita(LARGA, codigo("01-x", "x = 1"), md("01-t", texto))
    *_, antes, ultima = laminas.repartir(en_vivo.recortar(cuaderno), set())
    assert [c.source for c in antes[-1]] == ["Eso salió.\n\n```\n## no es título\n```"]
    assert [c.source for c in ultima[0]] == ["## 3. Otra · 1 min\n\nAhora."]


def test_una_formula_y_una_tabla_salen_dibujadas(tmp_path):
    pytest.importorskip("quickjs")
    texto = "Vale $x^2$.\n\n$$\\frac{a}{b}$$\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    html = _laminas(tmp_path, _escrita(LARGA, md("01-f", texto)))
    assert html.count("<math") == 2 and 'display="block"' in html
    assert "<td>2</td>" in html and "$" not in html.split("<body>")[1]


def test_los_enlaces_de_lo_publicado_van_al_sitio(tmp_path):
    origen, destino = tmp_path / "notebooks", tmp_path / "x"
    cuaderno = cuaderno_bueno()
    cuaderno.cells.append(
        md("01-enlaces", "[g](../book/g.md#bpe) [otra](02_corpus.ipynb) [aquí](#abajo)")
    )
    for sitio in ("https://x.org/curso/", "../"):
        hecho = en_vivo.recortar(cuaderno, origen, destino, sitio=sitio)
        texto = celda(hecho, "01-enlaces").source
        assert f"({sitio}book/g.html#bpe)" in texto
        assert f"({sitio}notebooks/02_corpus.html)" in texto
        assert "(#abajo)" in texto


@pytest.mark.lento
def test_las_laminas_de_una_leccion_se_mueven_con_el_teclado(tmp_path):
    """Abiertas con doble clic, sin red: avanzan, retroceden y todo cabe."""
    from navegador import abrir_chromium, escuchar

    (ruta,) = cuadernos.rutas(["03"])
    hecha = en_vivo.escribir_laminas(ruta, tmp_path)
    with abrir_chromium() as sesion:
        sesion.set_offline(True)
        pagina = sesion.new_page()
        pagina.set_viewport_size({"width": 1300, "height": 800})
        visto = escuchar(pagina, "http://nada.invalid/")
        pagina.goto(hecha.as_uri())
        pagina.wait_for_function("window.Reveal && Reveal.isReady()")
        total = pagina.evaluate("Reveal.getTotalSlides()")
        dichos = []
        for tecla in ("", "ArrowRight", "Space", "ArrowLeft", "End"):
            if tecla:
                pagina.keyboard.press(tecla)
            dichos.append(pagina.evaluate("Reveal.getSlidePastCount()"))
        assert dichos == [0, 1, 2, 1, total - 1], dichos
        assert total > 20
        malas = pagina.evaluate(
            """() => {
                const malas = [];
                for (let i = 0; i < Reveal.getTotalSlides(); i++, Reveal.prev()) {
                    const l = Reveal.getCurrentSlide();
                    if (l.scrollHeight > 722 || l.scrollWidth > l.clientWidth + 1)
                        malas.push(location.hash + " " + l.innerText.slice(0, 60));
                }
                return malas;
            }"""
        )
        assert malas == []
        assert visto["errores"] == [] and visto["fuera"] == []
        ingles = pagina.evaluate("document.querySelector('.controls').outerHTML")
        assert "slide" not in re.sub(r'class="[^"]*"', "", ingles)
