"""Lo que aligera el sitio: menos bytes y lo mismo en la pantalla."""

import io
import json
import random
import subprocess
import sys

import pytest
from navegador import abrir_chromium

from herramientas.archivos import RAIZ

EXTENSION = RAIZ / "book" / "_ext"
sys.path.insert(0, str(EXTENSION))

estilos = pytest.importorskip("estilos")
figuras = pytest.importorskip("figuras")
letras = pytest.importorskip("letras")
Imagen = pytest.importorskip("PIL.Image")
Filtro = pytest.importorskip("PIL.ImageFilter")
Cuentas = pytest.importorskip("PIL.ImageChops")
LETRA = RAIZ / "book" / "_static" / "katex" / "fonts" / "KaTeX_Main-Regular.woff2"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{}</svg>'


def figura_de(leccion: str) -> str:
    """La figura más pesada que guarda un cuaderno."""
    cuaderno = next((RAIZ / "notebooks").glob(f"{leccion}_*.ipynb"))
    celdas = json.loads(cuaderno.read_text(encoding="utf-8"))["cells"]
    datos = [s.get("data", {}) for c in celdas for s in c.get("outputs", [])]
    return max(
        ("".join(d["image/svg+xml"]) for d in datos if "image/svg+xml" in d), key=len
    )


@pytest.fixture(scope="module")
def pagina():
    """Una pestaña para retratar todas las figuras."""
    with abrir_chromium() as navegador:
        yield navegador.new_page()


def retratar(pagina, svg: str):
    """La figura como la pinta Chromium, al doble de su ancho en la página."""
    pagina.set_content(
        f"<body style='margin:0'><img src='data:image/svg+xml;base64,"
        f"{figuras.base64.b64encode(svg.encode()).decode()}' style='width:1250px'>"
    )
    pagina.evaluate("document.images[0].decode()")
    return Imagen.open(io.BytesIO(pagina.screenshot(full_page=True))).convert("RGB")


def sobran(una, otra, margen: int = 60) -> int:
    """Puntos de `una` cuyo color no está en `otra` ni un píxel más allá."""
    claro = Cuentas.subtract(una, otra.filter(Filtro.MaxFilter(3)))
    oscuro = Cuentas.subtract(otra.filter(Filtro.MinFilter(3)), una)
    malos = Cuentas.lighter(claro, oscuro).point(lambda v: 255 * (v > margen))
    return malos.convert("L").point(lambda v: 255 * (v > 0)).histogram()[255]


@pytest.mark.lento
@pytest.mark.parametrize("leccion", ["00", "01", "02", "08"])
def test_la_figura_aligerada_se_ve_igual(leccion, pagina):
    """Barras en escala logarítmica, líneas, miles de puntos y mapas de color."""
    svg = figura_de(leccion)
    corta = figuras.aligerar(svg)
    assert len(corta) < 0.75 * len(svg)
    antes, despues = retratar(pagina, svg), retratar(pagina, corta)
    assert antes.size == despues.size
    assert sobran(antes, despues) == 0 and sobran(despues, antes) == 0
    movida = corta.replace('viewBox="0 0 ', 'viewBox="2 0 ')
    assert sobran(antes, retratar(pagina, movida)) > 100  # la prueba sí ve


def test_el_redondeo_no_suma_errores():
    """Una barra que nace muy lejos termina donde debe."""
    hoja = (
        '<defs><style type="text/css">*{stroke-linejoin: round; '
        "stroke-linecap: butt}</style></defs>"
    )
    barra = '<path d="M -78697.562093 1.123456 L 8.456789 1.123456 L 8.456789 8"/>'
    corta = figuras.aligerar(SVG.format(hoja + barra))
    assert "78706.02" in corta  # de -78697.56 a 8.46
    assert 'stroke-linejoin="round"' in corta and "<style" not in corta


def test_figura_ajena_con_cuidado():
    """Sin la hoja de matplotlib no se redondea; con otra hoja no se toca."""
    assert "0.0012345" in figuras.aligerar(
        SVG.format('<path d="M 0.00123456789 0 L 1 1"/>')
    )
    con_hoja = SVG.format("<style>path { fill: red }</style>  <path d='M 0 0 L 1 1'/>")
    assert figuras.aligerar(con_hoja) == con_hoja


def test_la_figura_conserva_su_titulo():
    con_titulo = SVG.format("<title>Barras</title><desc>Tres</desc><rect width='3'/>")
    corta = figuras.aligerar(con_titulo)
    assert "<title>Barras</title>" in corta and "<desc>Tres</desc>" in corta


@pytest.mark.parametrize("alfa", [255, 120])
def test_la_paleta_no_cambia_ningun_color(alfa):
    imagen = Imagen.new("RGBA", (40, 40))
    azar = random.Random(1)
    imagen.putdata([(azar.randrange(200), 9, 40, alfa) for _ in range(1600)])
    png = io.BytesIO()
    imagen.save(png, "PNG")
    corto = figuras.con_paleta(png.getvalue())
    vuelta = Imagen.open(io.BytesIO(corto))
    assert len(corto) < 0.9 * len(png.getvalue()) or alfa < 255
    assert vuelta.convert("RGBA").tobytes() == imagen.tobytes()


def test_con_muchos_colores_el_mapa_no_se_toca():
    imagen = Imagen.new("RGB", (40, 40))
    imagen.putdata([(i % 256, i // 256, i % 7) for i in range(1600)])
    png = io.BytesIO()
    imagen.save(png, "PNG")
    assert figuras.con_paleta(png.getvalue()) == png.getvalue()


@pytest.mark.lento
def test_figura_rota_se_publica_igual_y_detiene_la_construccion(tmp_path):
    (tmp_path / "mala.svg").write_text("<?xml version='1.0'?><svg><g></svg>")
    (tmp_path / "index.rst").write_text("Hola\n====\n\n.. image:: mala.svg\n")
    (tmp_path / "conf.py").write_text(
        f"import sys\nsys.path.insert(0, {str(EXTENSION)!r})\n"
        "extensions = ['figuras']\n"
    )
    orden = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
    hecho = subprocess.run(
        [*orden, ".", "salida"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert hecho.returncode != 0
    assert "No pude aligerar la figura mala.svg" in hecho.stderr
    publicada = tmp_path / "salida" / "_images" / "mala.svg"
    assert publicada.read_text() == (tmp_path / "mala.svg").read_text()


def test_signos_de_las_formulas(tmp_path):
    (tmp_path / "a.html").write_text(
        '<p>fuera</p><span class="katex"><span class="katex-mathml">no</span>'
        '<span class="katex-html" aria-hidden="true"><span>x<span>²</span></span>&lt;'
        "</span></span> fuera",
        encoding="utf-8",
    )
    (tmp_path / "b.html").write_text("sin fórmulas", encoding="utf-8")
    assert letras.signos_de(tmp_path) == {"x", "²", "<"}


def test_la_letra_recortada_dibuja_lo_mismo(tmp_path):
    corta = tmp_path / "corta.woff2"
    letras.recortar(LETRA, corta, set("a+≤(ñ"))
    assert corta.stat().st_size < LETRA.stat().st_size / 3
    opciones = letras.subset.Options()
    with (
        letras.subset.load_font(str(LETRA), opciones) as antes,
        letras.subset.load_font(str(corta), opciones) as despues,
    ):
        dibujos = despues.getBestCmap()
        assert {ord(s) for s in "a+≤("} <= set(dibujos)  # KaTeX no trae la eñe
        assert len(dibujos) < 10  # los espejos de ( y ≤ también vienen
        for signo, nombre in dibujos.items():
            original = antes.getBestCmap()[signo]
            dibujo = antes["glyf"][original].getCoordinates(antes["glyf"])
            assert dibujo == despues["glyf"][nombre].getCoordinates(despues["glyf"])
            assert antes["hmtx"][original] == despues["hmtx"][nombre]


# --- El código ----------------------------------------------------------------------


def test_el_codigo_pierde_las_marcas_que_no_se_ven(monkeypatch):
    codigo = pytest.importorskip("codigo")
    claro, oscuro = "a11y-high-contrast-light", "a11y-high-contrast-dark"
    llanas = codigo.llanas(claro, oscuro)
    assert {"n", "p"} <= llanas and not {"k", "s2", "o", "c1", "mi"} & llanas
    trozo = (
        '<span class="n">x</span> <span class="o">=</span> <span class="s2">"p"</span>'
    )
    html = f'<p>{trozo}</p><div class="highlight"><pre><span></span>{trozo}</pre></div>'
    hecho = codigo.aligerar(html, llanas)
    dentro = 'x <span class="o">=</span> <span class="s2">"p"</span>'
    assert hecho == html.replace(f"</span>{trozo}", f"</span>{dentro}")
    assert codigo.aligerar(hecho, llanas) == hecho


def test_una_figura_pierde_las_letras_que_no_estan():
    svg = (
        '<defs><path id="a"/></defs><use xlink:href="#a"/><use x="3" xlink:href="#b"/>'
    )
    assert figuras.sin_huecos(svg) == svg.partition('<use x="3"')[0]


@pytest.mark.parametrize(
    ("css", "queda"),
    [
        (".viva{a:b}.muerta{a:b}", ".viva{a:b}"),
        (".viva,.muerta .viva{a:b}", ".viva{a:b}"),
        (".viva.muerta{a:b}#nadie{a:b}", ""),
        (".viva:not(.muerta):is(.a,.b)>p{a:b}", ".viva:not(.muerta):is(.a,.b)>p{a:b}"),
        ("a[class*=muerta],html{a:b}", "a[class*=muerta],html{a:b}"),
        ("@media print{.muerta{a:b}}", ""),
        ("@media print{.viva{a:b}.muerta{a:b}}", "@media print{.viva{a:b}}"),
        ("@font-face{font-family:a}", "@font-face{font-family:a}"),
        ("@charset 'x';@keyframes g{to{a:b}}", "@charset 'x';@keyframes g{to{a:b}}"),
        (".bs-tooltip-auto{a:b}.bs{a:b}", ".bs-tooltip-auto{a:b}"),
        (":root{--a:1;--b:url('x;y')}", ":root{--a:1;--b:url('x;y')}"),
    ],
)
def test_podar(css, queda):
    usadas = estilos.Usadas(["<p class='viva otra'>", "e.add(`bs-${n}-auto`)"])
    reglas = estilos.tinycss2.parse_stylesheet(css, True, True)
    assert estilos.podar(reglas, usadas).replace('"', "'") == queda
