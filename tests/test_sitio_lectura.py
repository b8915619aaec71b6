"""Lo que hace quien lee el sitio: seguir un enlace, tabular, imprimir, llevárselo."""

import json
import re
import sys
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from navegador import abrir_chromium, escuchar, paginas_de, servir, servir_en
from playwright.sync_api import expect

from herramientas import empaquetar
from herramientas.archivos import RAIZ
from herramientas.publicar import proyecto

pytestmark = pytest.mark.timeout(1200)

SITIO = RAIZ / "_build" / "html"
CONSULTAS = RAIZ / "tests" / "apoyo" / "consultas.txt"
PUBLICO = proyecto()["sitio"].rstrip("/") + "/"
# Cursivas del glosario que están en español: ejemplos, no términos.
EN_ESPANOL = {
    "eres",
    "las casas de los señores son blancas",
    "sos",
    "vos tengo",
    "vos tenés",
}


@pytest.fixture(scope="module")
def sitio() -> Path:
    """El sitio al día: lo construye si algo cambió desde la última vez."""
    from herramientas import tareas

    tareas.construir(sys.executable)
    return SITIO


@pytest.fixture(scope="module")
def web(sitio):
    """La dirección del sitio servido y una sesión de navegador."""
    with servir(sitio) as base, abrir_chromium() as navegador:
        yield base, navegador


@pytest.fixture
def pestana(web):
    """Una pestaña nueva, sin movimientos."""
    hoja = web[1].new_page()
    hoja.emulate_media(reduced_motion="reduce")
    yield hoja
    hoja.close()


def ancho(pestana, pixeles: int) -> None:
    pestana.set_viewport_size({"width": pixeles, "height": 850})


# --- Seguir un enlace ---------------------------------------------------------------

# Dónde queda un apartado cuando ya llegaron las imágenes que hay cerca de la vista.
ARRIBA = """async (id) => {
    const apartado = document.getElementById(id);
    let antes = null, quieto = 0;
    for (let i = 0; i < 100 && quieto < 4; i++) {
        await new Promise((r) => setTimeout(r, 50));
        const faltan = [...document.images].some((f) => {
            const caja = f.getBoundingClientRect();
            return !f.complete && caja.bottom > -100 && caja.top < innerHeight + 100;
        });
        const ahora = apartado.getBoundingClientRect().top;
        quieto = !faltan && ahora === antes ? quieto + 1 : 0;
        antes = ahora;
    }
    return antes;
}"""


@pytest.mark.parametrize(
    ("leccion", "pixeles", "servida"),
    [
        ("03_transformer", 390, True),
        ("04_generacion", 1300, True),
        ("07_cuantizacion", 1300, False),
    ],
)
def test_un_enlace_cae_en_su_apartado(web, pestana, sitio, leccion, pixeles, servida):
    ancho(pestana, pixeles)
    base = web[0] if servida else sitio.as_uri() + "/"
    pestana.goto(f"{base}notebooks/{leccion}.html#que-aprendiste")
    cae = pestana.evaluate(ARRIBA, "que-aprendiste")
    assert -5 <= cae <= 140, cae


def test_leer_hasta_el_final_no_mueve_el_texto(web, pestana):
    ancho(pestana, 390)
    pestana.add_init_script(
        "window.saltos = []; new PerformanceObserver((l) => l.getEntries().forEach("
        "(e) => saltos.push(e.value))).observe({type: 'layout-shift', buffered: true})"
    )
    pestana.goto(web[0] + "notebooks/04_generacion.html")
    alto = pestana.evaluate("document.body.scrollHeight")
    for y in range(0, alto, 700):
        pestana.evaluate("y => scrollTo(0, y)", y)
        pestana.evaluate("() => new Promise((r) => setTimeout(r, 40))")
    assert abs(pestana.evaluate("document.body.scrollHeight") - alto) < 40
    assert sum(pestana.evaluate("saltos")) < 0.02


def test_las_anclas_no_llevan_los_minutos(web, pestana, sitio):
    """La vieja, con los minutos de hoy o con otros, lleva al mismo apartado."""
    ancho(pestana, 1300)
    for camino in paginas_de(sitio):
        html = (sitio / camino).read_text(encoding="utf-8")
        assert not re.search(r'<section id="[^"]*-\d+-min"', html), camino
        assert not re.search(r'href="[^":]*#[^"]*-\d+-min"', html), camino
    leccion = (sitio / "notebooks" / "07_cuantizacion.html").read_text("utf-8")
    vieja = re.search(r'<span id="(el-modelo-entero-esencial-\d+-min)">', leccion)[1]
    for ancla in ("el-modelo-entero", vieja, "el-modelo-entero-99-min"):
        pestana.goto("about:blank")
        pestana.goto(f"{web[0]}notebooks/07_cuantizacion.html#{ancla}")
        cae = pestana.evaluate(ARRIBA, "el-modelo-entero")
        assert -5 <= cae <= 140, (ancla, cae)


# --- Con el teclado -----------------------------------------------------------------

PARADA = """() => {
    const e = document.activeElement;
    if (!e || e === document.body) return null;
    const estilo = getComputedStyle(e);
    const ve = estilo.outlineStyle !== "none" && parseFloat(estilo.outlineWidth) >= 2;
    e.dataset.parada ??= ++window.paradas || (window.paradas = 1);
    return [e.dataset.parada, ve && !/, 0\\)$/.test(estilo.outlineColor),
            e.outerHTML.slice(0, 110)];
}"""


@pytest.mark.parametrize(
    ("camino", "tema", "pixeles"),
    [
        ("index.html", "light", 1300),
        ("notebooks/07_cuantizacion.html", "light", 1300),
        ("notebooks/07_cuantizacion.html", "dark", 390),
        ("book/resultados.html", "dark", 390),
        ("search.html", "light", 1300),
    ],
)
def test_se_ve_donde_esta_el_foco(web, pestana, camino, tema, pixeles):
    ancho(pestana, pixeles)
    pestana.emulate_media(color_scheme=tema)
    pestana.goto(web[0] + camino)
    pestana.evaluate("document.activeElement.blur()")
    vistas, sin_marca, vueltas = set(), [], 0
    for _ in range(500):
        pestana.keyboard.press("Tab")
        parada = pestana.evaluate(PARADA)
        if parada is None:  # salió de la página: la segunda vez, ya dio la vuelta
            vueltas += 1
            if vueltas == 2:
                break
            continue
        if parada[0] in vistas:
            break
        vistas.add(parada[0])
        if not parada[1]:
            sin_marca.append(parada[2])
    assert len(vistas) > 5
    assert not sin_marca, f"{len(sin_marca)} de {len(vistas)}: {sin_marca[:6]}"


@pytest.mark.parametrize("tema", ["light", "dark"])
def test_el_tema_esta_puesto_antes_de_pintar(web, pestana, tema):
    """También si el guion del tema tarda o no llega: la página no cambia de color."""
    pestana.emulate_media(color_scheme=tema)
    pestana.route("**/pydata-sphinx-theme.js*", lambda ruta: ruta.abort())
    pestana.goto(web[0] + "notebooks/12_finanzas.html")
    assert pestana.evaluate("document.documentElement.dataset.theme") == tema


def test_cambiar_de_tema_conserva_el_foco(web, pestana):
    ancho(pestana, 1300)
    pestana.goto(web[0] + "book/glosario.html")
    boton = ".theme-switch-button"
    pestana.wait_for_function("document.documentElement.dataset.theme !== 'auto'")
    pestana.focus(boton)
    modos = []
    for _ in range(3):
        pestana.keyboard.press("Enter")
        modos.append(pestana.evaluate("document.documentElement.dataset.mode"))
        assert pestana.evaluate("b => document.activeElement.matches(b)", boton)
    assert len(set(modos)) == 3


# --- En papel -----------------------------------------------------------------------

PALIDOS = """() => {
    const luz = (c) => c.match(/[\\d.]+/g).slice(0, 3).map((v) => v / 255)
        .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
        .reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i], 0);
    return [...document.querySelectorAll("article :is(p, li, h2, pre, pre span, a)")]
        .filter((e) => e.textContent.trim() && !e.closest(".text_html"))
        .map((e) => [1.05 / (luz(getComputedStyle(e).color) + 0.05), e.outerHTML])
        .filter(([c]) => c < 4.5).map(([c, h]) => `${c.toFixed(1)} ${h.slice(0, 80)}`);
}"""


@pytest.mark.parametrize("camino", ["notebooks/01_tokenizacion", "book/resultados"])
def test_en_papel_se_lee_aunque_la_pantalla_este_oscura(web, pestana, camino):
    pestana.emulate_media(color_scheme="dark")
    pestana.goto(f"{web[0]}{camino}.html")
    pestana.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    assert pestana.evaluate(PALIDOS)  # en pantalla son claros sobre oscuro
    pestana.emulate_media(color_scheme="dark", media="print")
    assert not pestana.evaluate(PALIDOS)


def test_en_papel_quedan_los_colores_de_los_tokens(web, pestana):
    pestana.goto(web[0] + "notebooks/01_tokenizacion.html")
    pestana.emulate_media(media="print")
    sin_color = """() => [...document.querySelectorAll(".output.text_html *")]
        .filter((e) => !/, 0\\)$/.test(getComputedStyle(e).backgroundColor))
        .map((e) => getComputedStyle(e).printColorAdjust)"""
    ajustes = pestana.evaluate(sin_color)
    assert len(ajustes) > 20 and set(ajustes) == {"exact"}


# --- En el teléfono -----------------------------------------------------------------

# Todo lo que se desplaza de lado, con lo que tiene de pista.
CAJAS = """() => [...document.querySelectorAll("article *")]
    .filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth)
    .filter((e) => /auto|scroll/.test(getComputedStyle(e).overflowX))
    .map((e) => [getComputedStyle(e).backgroundAttachment.includes("local"),
                 e.outerHTML.slice(0, 90)])"""


@pytest.mark.parametrize(
    "camino",
    [
        "notebooks/07_cuantizacion",
        "notebooks/10_qlora_sft",
        "notebooks/12_finanzas",
        "book/resultados",
    ],
)
def test_lo_que_se_desplaza_lo_dice(web, pestana, camino):
    ancho(pestana, 390)
    pestana.goto(f"{web[0]}{camino}.html")
    cajas = pestana.evaluate(CAJAS)
    assert cajas
    assert not [html for pista, html in cajas if not pista]


@pytest.mark.parametrize(
    ("camino", "caja", "tema"),
    [
        ("notebooks/12_finanzas", "div.cell_input pre", "dark"),
        ("notebooks/12_finanzas", ".tabla-de-texto pre", "light"),
        ("book/resultados", ".pst-scrollable-table-container", "light"),
        ("book/resultados", ".pst-scrollable-table-container", "dark"),
    ],
)
def test_la_sombra_se_va_al_llegar_al_final(web, pestana, camino, caja, tema):
    """El borde derecho de la primera franja, sin texto, cambia al desplazar la caja."""
    from io import BytesIO

    from PIL import Image

    def borde(lugar) -> tuple:
        foto = Image.open(BytesIO(lugar.screenshot())).convert("RGB")
        return foto.getpixel((foto.width - 3, 3))

    ancho(pestana, 390)
    pestana.emulate_media(color_scheme=tema)
    pestana.goto(f"{web[0]}{camino}.html")
    cajas = pestana.locator(caja)
    largas = pestana.evaluate(
        "s => [...document.querySelectorAll(s)].map((e, i) => [e, i])"
        ".filter(([e]) => e.checkVisibility() && e.scrollWidth > e.clientWidth + 40)"
        ".map(([, i]) => i)",
        caja,
    )
    lugar = cajas.nth(largas[0])
    lugar.scroll_into_view_if_needed()
    antes = borde(lugar)
    lugar.evaluate("e => { e.scrollLeft = e.scrollWidth; }")
    despues = borde(lugar)
    cambio = max(abs(a - b) for a, b in zip(antes, despues, strict=True))
    assert cambio > 12, (antes, despues)


def test_las_tablas_de_texto_no_se_parten(web, pestana):
    """Cada línea alineada ocupa un renglón; la prosa que la acompaña sí se parte."""
    ancho(pestana, 390)
    for leccion in ("11_evaluacion", "12_finanzas"):
        pestana.goto(f"{web[0]}notebooks/{leccion}.html")
        tablas = pestana.evaluate(
            """() => [...document.querySelectorAll(".stream pre")].map((e) =>
                [getComputedStyle(e).whiteSpace, e.textContent])"""
        )
        alineadas = [
            espacio
            for espacio, texto in tablas
            if sum(bool(re.search(r"\S {2,}\S", x)) for x in texto.split("\n")) > 1
        ]
        assert len(alineadas) > 3 and set(alineadas) == {"pre"}, leccion


def test_los_resultados_se_leen_en_el_telefono(web, pestana):
    """Antes y después caben a la vista, sin desplazar la tabla."""
    ancho(pestana, 390)
    pestana.goto(web[0] + "book/resultados.html")
    derechas = pestana.evaluate(
        """() => [...document.querySelectorAll("th")]
            .filter((t) => ["antes", "después"].includes(t.textContent.trim()))
            .map((t) => t.getBoundingClientRect().right)"""
    )
    assert len(derechas) >= 2
    assert max(derechas) <= 390, derechas
    texto = pestana.inner_text("article")
    assert not re.findall(r"\b\d+\.\d+ (?:%|\[)|\[\d+\.\d", texto)


def test_la_solucion_cerrada_no_dice_correcto(web, pestana):
    pestana.goto(web[0] + "notebooks/07_cuantizacion.html")
    correctos = pestana.get_by_text(re.compile("✓ Correcto"))
    total = correctos.count()
    assert total >= 3
    assert not any(correctos.nth(i).is_visible() for i in range(total))
    pestana.get_by_text("Mostrar solución").first.click()
    assert correctos.first.is_visible()
    pestana.emulate_media(media="print")
    assert all(correctos.nth(i).is_visible() for i in range(total))


def test_la_leccion_no_repite_sus_vecinas(web, pestana):
    for leccion in ("04_generacion", "10_qlora_sft"):
        pestana.goto(f"{web[0]}notebooks/{leccion}.html")
        cierre = pestana.locator("article p", has_text=re.compile("^(Sigue|Antes):"))
        assert cierre.count() == 1 and not cierre.is_visible(), leccion
        assert pestana.locator(".prev-next-footer a").count() == 2
        pestana.emulate_media(media="print")
        assert cierre.is_visible()
        pestana.emulate_media(media="screen")


# --- Las figuras y las celdas -------------------------------------------------------

LETRAS = """() => [...document.querySelectorAll("a.figura")].filter(
    (a) => a.checkVisibility()).map((a) => [
    a.querySelector("img").getBoundingClientRect().width,
    parseFloat(a.style.getPropertyValue("--legible")),
    parseFloat(a.style.getPropertyValue("--entera")),
    a.scrollWidth > a.clientWidth + 1, a.getBoundingClientRect().right])"""


def test_la_letra_de_las_figuras_se_lee_en_el_telefono(web, pestana):
    ancho(pestana, 360)
    pestana.goto(web[0] + "notebooks/03_transformer.html")
    figuras = pestana.evaluate(LETRAS)
    assert len(figuras) >= 5
    for mide, legible, entera, _, derecha in figuras:
        assert legible <= entera and mide >= min(legible, entera) - 1
        assert derecha <= 360
    assert any(desplaza for *_, desplaza, _ in figuras)
    assert pestana.evaluate("document.documentElement.scrollWidth") <= 360


def test_una_figura_se_abre_grande(pestana, sitio):
    """Con un toque o con Intro; al cerrarla, el foco vuelve a ella."""
    ancho(pestana, 390)
    pestana.goto(sitio.as_uri() + "/notebooks/07_cuantizacion.html")
    figura = pestana.locator("a.figura").first
    figura.scroll_into_view_if_needed()
    antes = figura.locator("img").bounding_box()["width"]
    figura.focus()
    pestana.keyboard.press("Enter")
    grande = pestana.locator("dialog.ampliada img")
    assert grande.bounding_box()["width"] > 1.5 * antes
    assert grande.get_attribute("alt") == figura.locator("img").get_attribute("alt")
    pestana.keyboard.press("Escape")
    pestana.wait_for_selector("dialog.ampliada", state="detached")
    assert figura.evaluate("f => document.activeElement === f")
    figura.click()
    pestana.get_by_role("button", name="Cerrar").click()
    pestana.wait_for_selector("dialog.ampliada", state="detached")


def test_en_oscuro_no_hay_losas_blancas(web, pestana):
    """Casi ningún punto de una figura o de los tokens queda más claro que la letra."""
    from io import BytesIO

    from PIL import Image

    pestana.emulate_media(color_scheme="dark")
    for leccion, que in (
        ("07_cuantizacion", "a.figura"),
        ("01_tokenizacion", ".output.text_html"),
    ):
        pestana.goto(f"{web[0]}notebooks/{leccion}.html")
        lugar = pestana.locator(que).first
        lugar.scroll_into_view_if_needed()
        lugar.evaluate(
            "e => Promise.all([...e.querySelectorAll('img')].map((i) => i.decode()))"
        )
        foto = Image.open(BytesIO(lugar.screenshot())).convert("L")
        puntos = foto.histogram()
        claros = sum(puntos[200:]) / sum(puntos)
        assert claros < 0.25, (leccion, claros)
        assert sum(puntos[:60]) / sum(puntos) > 0.3, leccion


def test_la_leccion_no_empieza_con_la_instalacion(web, pestana):
    """El código que prepara o dibuja está plegado; el que se escribe en vivo, no."""
    ancho(pestana, 1300)
    pestana.goto(web[0] + "notebooks/07_cuantizacion.html")
    instalar = pestana.locator(".tag_instalar div.cell_input")
    assert instalar.count() == 1 and not instalar.is_visible()
    pestana.get_by_text("Mostrar la instalación").click()
    assert instalar.is_visible()
    assert pestana.get_by_text("Mostrar el código de la figura").count() >= 2
    vivas = pestana.locator(".tag_en-vivo div.cell_input").all()
    assert len(vivas) > 10 and all(v.is_visible() for v in vivas)
    pestana.emulate_media(media="print")
    assert all(e.is_visible() for e in pestana.locator("div.cell_input").all())


# --- El glosario en su sitio y las vueltas -----------------------------------------


def test_un_termino_se_define_donde_esta(web, pestana):
    ancho(pestana, 320)
    pestana.goto(web[0] + "notebooks/07_cuantizacion.html")
    termino = pestana.locator("a.termino", has_text="NF4").first
    termino.focus()
    pestana.keyboard.press("Enter")
    hoja = pestana.locator(".definicion:popover-open")
    assert hoja.inner_text().startswith("NF4 (normal float 4). ")
    caja = hoja.bounding_box()
    assert caja["x"] >= 0 and caja["x"] + caja["width"] <= 320
    pestana.keyboard.press("Escape")
    hoja.wait_for(state="hidden")
    assert termino.evaluate("t => document.activeElement === t")
    termino.click()
    hoja.get_by_text("Ver en el glosario").click()
    pestana.wait_for_url("**/glosario.html#term-NF4*")
    vuelta = pestana.locator("[id^='term-NF4'] + dd .usos a", has_text="07")
    vuelta.click()
    pestana.wait_for_url("**/07_cuantizacion.html#uso-term-NF4*")


def test_sin_guiones_el_termino_lleva_al_glosario(web):
    sesion = web[1].browser.new_context(java_script_enabled=False)
    try:
        hoja = sesion.new_page()
        hoja.goto(web[0] + "notebooks/07_cuantizacion.html")
        assert not hoja.locator(".definicion").first.is_visible()
        hoja.locator("a.termino").first.click()
        hoja.wait_for_url("**/glosario.html#term-*")
    finally:
        sesion.close()


def test_el_glosario_se_recorre_por_letras(web, pestana):
    ancho(pestana, 390)
    pestana.goto(web[0] + "book/glosario.html")
    letras = pestana.locator(".letras a").all_inner_texts()
    assert letras == sorted(letras) and len(letras) > 15
    pestana.locator(".letras").get_by_text("P", exact=True).click()
    ancla = urlsplit(pestana.url).fragment
    assert ancla.startswith("term-p")
    assert -5 <= pestana.evaluate(ARRIBA, ancla) <= 140


def test_las_referencias_van_en_orden_y_llevan_a_la_leccion(web, pestana):
    pestana.goto(web[0] + "book/referencias.html")
    entradas = pestana.locator("div.citation p").all_inner_texts()
    assert len(entradas) > 40
    vueltas = pestana.locator("div.citation .usos a")
    assert vueltas.count() > 40
    destinos = {a.get_attribute("href") for a in vueltas.all()}
    assert "../notebooks/07_cuantizacion.html#para-seguir-leyendo" in destinos


# --- Repasar y llevar la cuenta -----------------------------------------------------


def test_repaso_y_avance(web, pestana):
    """Se responde, se lee por qué, se marca una lección, se exporta y se borra."""
    ancho(pestana, 390)
    pestana.goto(web[0] + "book/autoevaluacion.html")
    cajas = pestana.locator(".repaso")
    assert cajas.count() == 4
    for caja in cajas.all():
        assert 8 <= caja.locator(".pregunta").count() <= 12
    primera = cajas.first.locator(".pregunta").first
    mala = primera.locator(".opcion:not(.buena)").first
    mala.locator("summary").click()
    assert mala.locator("p").inner_text().startswith("No. ")
    primera.locator(".opcion.buena summary").click()
    assert primera.locator(".opcion.buena p").inner_text().startswith("Sí. ")
    assert not mala.locator("p").is_visible()
    segunda = cajas.first.locator(".pregunta").nth(1)
    segunda.locator(".opcion.buena summary").click()
    # El aviso de que algo se abrió («toggle») llega un momento después del clic.
    cuenta = "A la primera: 1 de 2. Faltan 6."
    expect(cajas.first.locator(".cuenta")).to_have_text(cuenta)
    pestana.goto(web[0] + "notebooks/03_transformer.html")
    boton = pestana.get_by_role("button", name="Lección hecha")
    boton.click()
    assert boton.get_attribute("aria-pressed") == "true"
    pestana.goto(web[0] + "book/autoevaluacion.html")
    expect(cajas.first.locator(".cuenta")).to_have_text(cuenta)
    assert pestana.locator(".bd-sidebar-primary .hecha").count() == 1
    with pestana.expect_download() as descarga:
        pestana.get_by_role("button", name="Exportar").click()
    datos = json.loads(Path(descarga.value.path()).read_text(encoding="utf-8"))
    assert list(datos["lecciones"]) == ["03_transformer"]
    assert datos["repaso"] == {"texto-1": False, "texto-2": True}
    pestana.get_by_role("button", name="Borrar").click()
    assert pestana.evaluate("localStorage.getItem('de-tokens-a-qlora')") is None
    assert pestana.locator(".hecha").count() == 0
    assert "no hay nada guardado" in pestana.inner_text("#mi-avance")


# --- Buscar -------------------------------------------------------------------------


def buscar(pestana, base: str, consulta: str) -> tuple[str, list[str]]:
    """El aviso de la búsqueda y los títulos que halló, en su orden."""
    pestana.goto(f"{base}search.html?q={quote(consulta)}")
    pestana.wait_for_selector(".search-summary")
    return (
        pestana.inner_text(".search-summary"),
        pestana.locator(".hallazgos .titulo a").all_inner_texts(),
    )


def test_lo_hallado_se_ve_en_su_contexto(web, pestana):
    """El apartado, el trozo con lo buscado a la vista y un enlace que cae en él."""
    ancho(pestana, 390)
    aviso, titulos = buscar(pestana, web[0], "olvido catastrófico")
    assert titulos[0].startswith("olvido catastrófico")
    assert re.search(r"una entrada del glosario y \d+ páginas", aviso)
    assert pestana.locator(".de-glosario p").last.inner_text().endswith(".")
    lecciones = pestana.locator(".hallazgos > li:not(.de-glosario)")
    primera = lecciones.first
    marcadas = primera.locator("mark").all_inner_texts()
    assert {m.lower() for m in marcadas} & {"olvido", "olvida", "olvidó"}
    assert 60 < len(primera.locator(".trozo").inner_text()) < 220
    assert pestana.evaluate("document.documentElement.scrollWidth") <= 390
    primera.locator(".titulo a").click()
    pestana.wait_for_url("**/notebooks/05_preentrenamiento.html#*")
    ancla = urlsplit(pestana.url).fragment
    assert -5 <= pestana.evaluate(ARRIBA, ancla) <= 140


def test_buscar_sin_servidor(sitio, pestana):
    visto = escuchar(pestana, "file:")
    _, titulos = buscar(pestana, sitio.as_uri() + "/", "<b>tú</b>")
    assert titulos and pestana.locator("#search-results b").count() == 0
    assert not visto["errores"] and not visto["rotas"] and not visto["fuera"]


def test_lo_que_no_esta_se_dice_en_buen_espanol(web, pestana):
    aviso, titulos = buscar(pestana, web[0], "zzqqxx")
    assert not titulos and aviso.startswith("Nada coincide con «zzqqxx»")


@pytest.fixture(scope="module")
def buscador(sitio):
    """El buscador y sus datos, en el motor de JavaScript que hace las fórmulas."""
    import quickjs

    motor = quickjs.Context()
    for guion in ("language_data.js", "busqueda-datos.js", "buscar.js"):
        motor.eval((sitio / "_static" / guion).read_text(encoding="utf-8"))
    motor.eval(
        "const indice = indexar(DATOS);"
        "const pagina = (a) => a.pagina.replace(/.*[/]/, '');"
        "function orden(q) { const { entrada, hallados } = buscar(indice, q);"
        " return [...(entrada ? ['glosario'] : []),"
        " ...hallados.map((h) => pagina(h.partes[0]))].join(' '); }"
    )
    return lambda q: "".join(motor.eval(f"[orden({json.dumps(q)})].join('')")).split()


def consultas() -> list[tuple[str, str]]:
    lineas = CONSULTAS.read_text(encoding="utf-8").splitlines()
    utiles = [linea for linea in lineas if linea and linea[0] != "#"]
    return [tuple(map(str.strip, u.split("="))) for u in utiles]


def test_cada_consulta_halla_su_leccion_entre_las_tres_primeras(buscador):
    todas, fallas = consultas(), []
    assert len(todas) > 63
    for consulta, esperado in todas:
        halladas = buscador(consulta)
        paginas = set(esperado.split(", "))
        bien = not halladas if esperado == "nada" else paginas & set(halladas[:3])
        fallas += [] if bien else [f"{consulta}: {halladas[:3]}, y no {esperado}"]
    assert not fallas, "\n".join(fallas)


def test_con_tilde_y_sin_ella_se_halla_lo_mismo(buscador):
    for con in ("cuantización", "pérdida", "tokenización", "máscara", "época"):
        sin = con.translate(str.maketrans("áéíóú", "aeiou"))
        assert buscador(con) == buscador(sin) != [], con


def test_el_termino_del_glosario_va_primero(buscador):
    for termino in ("NF4", "lora", "Perplejidad", "quantization", "min-p", "byte"):
        assert buscador(termino)[0] == "glosario", termino
    assert buscador("cuánto pesa la perplejidad")[0] != "glosario"


# --- Lo que la página dice de sí misma ----------------------------------------------


def test_lo_que_no_es_espanol_lo_dice(web, pestana):
    def lenguas(camino: str, que: str) -> list:
        pestana.goto(web[0] + camino)
        return pestana.evaluate(
            "s => [...document.querySelectorAll(s)]"
            ".map((e) => [e.textContent, e.closest('[lang]').lang])",
            que,
        )

    glosario = lenguas("book/glosario.html", "article em")
    assert len(glosario) > 90
    assert {t for t, lengua in glosario if lengua == "es"} == EN_ESPANOL
    assert {lengua for _, lengua in glosario} == {"es", "en"}
    titulos = lenguas("book/referencias.html", ".citation [lang]")
    assert len(titulos) > 40
    assert ["Attention Is All You Need", "en"] in titulos
    assert not [t for t, _ in titulos if "Documentación" in t]
    ejemplos = dict(lenguas("book/ficha_variedades.html", "td p"))
    assert ejemplos["Você vai muito cedo para a escola todos os dias."] == "pt"
    assert ejemplos["BR"] == "es"
    enlaces = dict(lenguas("notebooks/07_cuantizacion.html", "article a.external"))
    assert enlaces["The case for 4-bit precision"] == "en"


def test_ficha_para_compartir_y_citar(web, pestana, sitio):
    """Cada página da su tarjeta, su dirección, su versión y la forma de citarla."""
    version = proyecto()["version"]
    tarjetas = set()
    for camino in ("index.html", "book/glosario.html", "notebooks/00_bienvenida.html"):
        pestana.goto(web[0] + camino)
        metas = dict(
            pestana.evaluate(
                "[...document.querySelectorAll('meta[property], meta[name]')]"
                ".map((m) => [m.getAttribute('property') || m.name, m.content])"
            )
        )
        publica = PUBLICO + ("" if camino == "index.html" else camino)
        assert metas["og:url"] == publica
        assert pestana.get_attribute("link[rel=canonical]", "href") == publica
        assert metas["og:description"] == metas["description"]
        tarjetas.add(metas["og:image"].removeprefix(PUBLICO))
        assert pestana.locator("meta[name=viewport]").count() == 1
        pie = pestana.locator(".bd-footer-content")
        assert f"Versión {version}" in pie.inner_text()
        pie.get_by_text("Citar esta página").click()
        assert pie.get_by_text(publica).first.is_visible()
        assert f"versión {version}" in pie.inner_text()
    from PIL import Image

    (tarjeta,) = tarjetas
    assert Image.open(sitio / tarjeta).size == (1200, 630)


def test_el_mapa_del_sitio_tiene_todas_las_paginas(sitio):
    mapa = ET.parse(sitio / "sitemap.xml").getroot()
    lugares = [nodo.text for nodo in mapa.iter() if nodo.tag.endswith("loc")]
    esperadas = {p for p in paginas_de(sitio) if p != "search.html"}
    esperadas -= {"book/index.html", "index.html"}
    assert sorted(lugares) == sorted({PUBLICO} | {PUBLICO + p for p in esperadas})


def test_una_direccion_que_no_existe_lleva_al_curso(sitio, pestana):
    """GitHub enseña 404.html en cualquier dirección, con el sitio en su carpeta."""
    prefijo = urlsplit(PUBLICO).path
    with servir_en(sitio, prefijo) as base:
        ancho(pestana, 320)
        visto = escuchar(pestana, base)
        respuesta = pestana.goto(f"{base}{prefijo[1:]}notebooks/no/existe.html")
        assert respuesta.status == 404
        assert pestana.inner_text("h1").startswith("Esta página no está")
        assert len(visto["pedidas"]) > 5
        assert visto["rotas"] == [respuesta.url] and not visto["fuera"]
        assert pestana.evaluate("document.documentElement.scrollWidth") <= 320
        enlaces = pestana.locator("article a").all()
        assert len(enlaces) >= 3
        for enlace in enlaces:
            direccion = enlace.evaluate("a => a.href")
            assert pestana.request.get(direccion).status == 200, direccion
        pestana.locator("article").get_by_text("ir a la portada").click()
        pestana.wait_for_url("**/book/index.html")
        assert pestana.inner_text("h1").startswith("De tokens a QLoRA")


# --- Llevárselo ---------------------------------------------------------------------


def test_desde_las_tres_puertas_se_llega_al_curso(web, pestana):
    esta = proyecto()
    for camino in ("index.html", "book/como_usar.html", "book/requisitos.html"):
        pestana.goto(web[0] + camino)
        enlaces = pestana.evaluate(
            "[...document.querySelectorAll('article a')].map((a) => a.href)"
        )
        repositorio, etiqueta = esta["repositorio"], esta["etiqueta"]
        archivo = empaquetar.nombre_del_zip(esta["version"])
        for destino in (
            repositorio,
            f"{repositorio}/archive/refs/tags/{etiqueta}.zip",
            f"{repositorio}/releases/download/{etiqueta}/{archivo}",
        ):
            assert destino in enlaces, (camino, destino)
        if camino != "book/requisitos.html":
            for clase, con in (("pdf", True), ("pdf", False), ("epub", True)):
                libro = empaquetar.nombre_de(esta["version"], clase, con)
                destino = f"{repositorio}/releases/download/{etiqueta}/{libro}"
                assert destino in enlaces, (camino, destino)


def test_el_zip_del_sitio_se_abre_con_doble_clic(sitio, pestana, tmp_path):
    """Descomprimido en una carpeta cualquiera, se lee y se busca sin servidor."""
    hecho = empaquetar.empaquetar(sitio, tmp_path / empaquetar.nombre_del_zip("1.0.0"))
    otro = empaquetar.empaquetar(sitio, tmp_path / "b" / hecho.name)
    assert hecho.read_bytes() == otro.read_bytes()
    carpeta = tmp_path / "Mis descargas ñandú"
    with zipfile.ZipFile(hecho) as zip_:
        zip_.extractall(carpeta)
    (raiz,) = carpeta.iterdir()
    assert sorted(p.name for p in raiz.iterdir()) == ["abre-el-curso.html", "sitio"]
    visto = escuchar(pestana, "file:")
    pestana.goto((raiz / empaquetar.ENTRADA).as_uri())
    pestana.wait_for_selector("h1")
    pestana.locator("article a", has_text="Empieza por la bienvenida").click()
    pestana.wait_for_url("**/00_bienvenida.html")
    assert pestana.inner_text("h1").startswith("00 · ")
    pestana.goto((raiz / "sitio" / "search.html").as_uri() + "?q=cuantizacion")
    pestana.wait_for_selector(".hallazgos li")
    assert not visto["errores"] and not visto["rotas"] and not visto["fuera"]


def test_empaquetar_sin_sitio_lo_dice(tmp_path, capsys):
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nversion = "1.2.3"\n', encoding="utf-8"
    )
    assert empaquetar.principal([], tmp_path) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and "make libro" in error
    assert empaquetar.principal(["algo"], tmp_path) == 2
    assert not list(tmp_path.rglob("*.zip"))
