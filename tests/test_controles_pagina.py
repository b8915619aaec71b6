"""Los controles que se mueven en la página: los estados, el panel y el papel."""

import copy
import gzip
import json
import re
import shutil
import sys
import xml.etree.ElementTree as ET
from io import BytesIO
from pathlib import Path

import nbformat
import pikepdf
import pytest
from navegador import TRAER_IMAGENES, abrir_chromium, escuchar, peso, servir
from nbformat.v4 import new_code_cell, new_notebook, new_output

from herramientas.archivos import RAIZ
from herramientas.cuadernos import nucleo, salidas
from herramientas.cuadernos.leer import de_codigo, leer, rutas
from taller.controles import pie_de_hoja
from taller.estados import (
    CLAVE,
    calcular,
    con_tope,
    cuantas,
    desempacar,
    empacar,
    repartidos,
    texto,
)

sys.path.insert(0, str(RAIZ / "book" / "_ext"))
controles = pytest.importorskip("controles")
figuras = pytest.importorskip("figuras")
paginas = pytest.importorskip("paginas")

pytestmark = pytest.mark.timeout(1200)
SITIO = RAIZ / "_build" / "html"
ESTATICOS = RAIZ / "book" / "_static"
LIMITE_KB = 240  # la lección entera, con sus figuras
LIMITE_ESTADOS_KB = 150  # lo que llega al tocar un control


# --- Los estados --------------------------------------------------------------------


def dibujar(eje, rango, capas):
    eje.bar(["a", "b"], [rango, 2 * rango])
    eje.set(xlabel=f"suman {3 * rango}", ylabel="MB " * int(1 + rango / 8))
    eje.text(0, rango, f"{capas}: {rango}", fontsize=7)


OPCIONES = {"rango": [1, 2.5, 8, 16], "capas": ["q y v", "todas"]}


@pytest.fixture(scope="module")
def datos() -> dict:
    return calcular(dibujar, OPCIONES, "Mueve el rango y las capas.", 3.2)


def test_un_dibujo_por_combinacion(datos):
    dibujos = desempacar(datos)
    assert len(dibujos) == len(set(dibujos)) == cuantas(OPCIONES) == datos["de"] == 8
    medidas = {
        tuple(ET.fromstring(d).get(x) for x in ("width", "height")) for d in dibujos
    }
    assert len(medidas) == 1 and all("<metadata" not in d for d in dibujos)
    assert datos["mandos"] == [
        {"nombre": "rango", "valores": ["1", "2,5", "8", "16"], "numeros": True},
        {"nombre": "capas", "valores": ["q y v", "todas"], "numeros": False},
    ]
    # el último mando es el que cambia primero
    assert datos["frases"][:3] == [
        "q y v: 1; suman 3",
        "todas: 1; suman 3",
        "q y v: 2.5; suman 7.5",
    ]


def test_el_eje_no_salta_al_mover(datos):
    """El rótulo más ancho manda: el marco del eje está en el mismo sitio en todos."""
    marcos = {
        re.search(r'id="patch_2">\n<path d="[^"]+"', d)[0] for d in desempacar(datos)
    }
    assert len(marcos) == 1


def test_una_frase_que_no_cambia_no_se_dice():
    def igual(eje, x):
        eje.set_xlabel("siempre")
        eje.text(0, 0, "igual")

    assert calcular(igual, {"x": [1, 2]}, "", 2)["frases"] == ["", ""]


def test_muchos_rotulos_no_se_leen():
    def piezas(eje, x):
        for i in range(9):
            eje.text(0, i, f"pieza {i} de {x}")
        eje.set(xlabel=f"van {x}", ylim=(0, 9))

    assert calcular(piezas, {"x": [1, 2]}, "", 2)["frases"] == ["van 1", "van 2"]


def test_empacar_guarda_cada_linea_una_vez(datos):
    dibujos = ["a\nb\nc", "a\nx\nc", "", "b\nc\na\na"]
    paquete = empacar(dibujos)
    assert desempacar(paquete) == dibujos and len(paquete["lineas"]) == 6
    assert empacar(desempacar(datos)) == {k: datos[k] for k in ("lineas", "dibujos")}
    assert len(json.dumps(datos)) < 0.5 * sum(map(len, desempacar(datos)))


def test_con_tope_conserva_los_extremos_y_los_nombres():
    muchas = {
        "base": list("abcdefghijklm"),
        "r": [8, 16, 64],
        "largo": [512, 1024, 2048],
    }
    muchas |= {"lote": [1, 2, 4, 8]}
    quedan = con_tope(muchas, 104)
    assert cuantas(quedan) <= 104 < cuantas(muchas)
    assert quedan["base"] == muchas["base"]
    assert quedan["r"] == [8, 64] and quedan["lote"] == [1, 8]
    assert con_tope({"x": list("abcdef")}, 3) == {"x": ["a", "c", "f"]}
    assert con_tope({"x": [1, 2], "y": [3, 4]}, 2) == {"x": [1, 2], "y": [3, 4]}
    assert repartidos([1, 2, 3, 4, 5], 3) == [1, 3, 5]


def test_numeros_en_espanol():
    assert [texto(v) for v in (0.3, 1.0, 64, "q y v", 1e-5)] == [
        "0,3",
        "1",
        "64",
        "q y v",
        "1e-05",
    ]


@pytest.mark.parametrize(
    ("descripcion", "nombres", "dice"),
    [
        ("Mueve el rango.", ["rango"], "De un panel a otro cambia «rango»."),
        (
            "Mueve los dos.",
            ["temp", "p_top"],
            "De un panel a otro cambian «temp» y «p top».",
        ),
        (
            "Mueve r, largo y lote; ¿qué baja?",
            ["r", "largo", "lote"],
            "De un panel a otro cambian «r», «largo» y «lote». ¿Qué baja?",
        ),
    ],
)
def test_la_hoja_no_pide_mover(descripcion, nombres, dice):
    assert pie_de_hoja(descripcion, dict.fromkeys(nombres, [1, 2])) == dice


# --- El cuaderno ejecutado ----------------------------------------------------------


def salida_de(datos: dict):
    svg = desempacar(datos)[0]
    return new_output(
        "display_data", {"image/svg+xml": svg}, metadata={CLAVE: copy.deepcopy(datos)}
    )


def test_limpiar_deja_los_estados_fijos(datos):
    (una,), _ = salidas.limpiar_salidas([salida_de(datos)], "08-control")
    (otra,), _ = salidas.limpiar_salidas([una], "08-control")
    assert una == otra
    limpios = desempacar(una.metadata[CLAVE])
    assert len(limpios) == 8 and not any(re.search(r"[1-9]\.\d{3}", d) for d in limpios)
    for dibujo in limpios:  # lo que se usa por nombre sigue definido
        usados = set(re.findall(r'url\(#([\w-]+)\)|href="#([\w-]+)"', dibujo))
        definidos = set(re.findall(r'id="([\w-]+)"', dibujo))
        assert usados and {a or b for a, b in usados} <= definidos


def test_un_decimal_de_mas_no_reescribe_los_estados(datos):
    (limpia,), _ = salidas.limpiar_salidas([salida_de(datos)], "08-control")
    viejo, nuevo = (
        new_notebook(
            cells=[new_code_cell(id="08-control", outputs=[copy.deepcopy(limpia)])]
        )
        for _ in range(2)
    )
    suyos = nuevo.cells[0].outputs[0].metadata[CLAVE]
    dibujos = desempacar(suyos)
    corrido = re.search(r"(?<=L )\d+\.\d\d", dibujos[3])[0]
    movido = f"{float(corrido) + 0.01:.2f}"
    assert movido != corrido
    suyos |= empacar([d.replace(corrido, movido) for d in dibujos])
    salidas.conservar(viejo, nuevo)
    assert nuevo.cells[0].outputs == viejo.cells[0].outputs
    # lo que sí se ve, se guarda
    suyos |= empacar([d.replace("#0b6e99", "#d9730d") for d in dibujos])
    assert desempacar(suyos) != dibujos
    salidas.conservar(viejo, nuevo)
    assert nuevo.cells[0].outputs != viejo.cells[0].outputs


CODIGO = """from taller import control

def dibujar(eje, rango, capas):
    eje.bar(["a", "b"], [rango, 2 * rango])
    eje.set_xlabel(f"suman {3 * rango}")

control(dibujar, "Mueve el rango y las capas.", rango=[1, 4, 16], capas=["q", "todas"])
"""


@pytest.mark.lento
def test_ejecutar_dos_veces_guarda_lo_mismo(tmp_path):
    hechos = []
    for _ in range(2):
        cuaderno = new_notebook(cells=[new_code_cell(CODIGO, id="x-control")])
        nucleo.ejecutar(cuaderno, tmp_path, 300)
        salidas.limpiar(cuaderno)
        nbformat.validate(cuaderno)
        hechos.append(nbformat.writes(cuaderno))
    assert hechos[0] == hechos[1]
    dicho, figura = cuaderno.cells[0].outputs
    assert dicho.text == "De un panel a otro cambian «rango» y «capas».\n"
    assert "image/svg+xml" in figura.data and set(figura.metadata) == {CLAVE}
    assert len(desempacar(figura.metadata[CLAVE])) == 6


# --- El panel -----------------------------------------------------------------------


def test_deslizador_o_botones():
    def mando(valores, numeros):
        datos = {"nombre": "x", "valores": valores, "numeros": numeros}
        return controles.mando_html(datos, "control-a-1", 0)

    assert mando(["a", "b", "c", "d"], False).count('type="radio"') == 4
    assert 'type="range"' in mando(["a", "b", "c", "d", "e"], False)
    assert mando(["1", "2"], True).count('type="radio"') == 2
    assert 'max="2"' in mando(["1", "2", "3"], True)
    assert "&lt;b&gt;" in mando(["<b>", "c"], False)


def test_lo_que_imprime_la_celda_queda_a_la_vista():
    """A la hoja va el pie; lo demás que salió con él, debajo del panel."""
    from docutils import nodes

    def caja_con(texto: str):
        caja, imagen = nodes.container(), nodes.image(uri="a.svg")
        caja += nodes.literal_block(texto, texto, classes=["stream"])
        caja += imagen
        controles.envolver(imagen, "c-1", "<div></div>")
        return caja

    pie = pie_de_hoja("Mueve; mira la línea.", {"tasa": [1, 2]})
    panel, hoja, debajo = caja_con(f"{pie}\npeores: [1]\n").children
    assert hoja.children[0].astext() == pie
    assert debajo.astext() == "peores: [1]" and "stream" in debajo["classes"]
    panel, hoja = caja_con(f"{pie}\n").children
    assert [type(n).__name__ for n in hoja.children] == ["literal_block", "image"]


def test_se_dice_cuando_faltan_combinaciones(datos):
    html = controles.panel_html(datos, "control-a-1", "../")
    assert "nota-control" not in html
    html = controles.panel_html({**datos, "de": 99}, "control-a-1", "../")
    assert "8 de las 99 combinaciones" in html


@pytest.fixture(scope="module")
def carpeta(tmp_path_factory, datos) -> Path:
    """Una página con un control, hecha con las piezas del sitio."""
    raiz = tmp_path_factory.mktemp("control")
    for nombre in ("_images", "_controles", "_static", "notebooks"):
        (raiz / nombre).mkdir()
    (salida,), _ = salidas.limpiar_salidas([salida_de(datos)], "08-control")
    limpios = salida.metadata[CLAVE]
    clave = "control-08_lora-1"
    primero = figuras.aligerar(desempacar(limpios)[0])
    (raiz / "_images" / f"{clave}.svg").write_text(primero, "utf-8")
    hoja = "a" * 64 + ".svg"
    (raiz / "_images" / hoja).write_text(desempacar(limpios)[-1], "utf-8")
    guion = controles.guion(limpios, clave)
    (raiz / "_controles" / f"{clave}.js").write_text(guion, "utf-8")
    for archivo in ("curso.css", "controles.js"):
        shutil.copy(ESTATICOS / archivo, raiz / "_static")
    pagina = raiz / "notebooks" / "08_lora.html"
    pagina.write_text(
        '<!DOCTYPE html><html lang="es" data-theme="auto"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        '<link rel="icon" href="data:,"><script>'
        'document.documentElement.dataset.mode = "auto"; document.documentElement.'
        'dataset.theme = location.hash.slice(1) || "light";</script>'
        '<link rel="stylesheet" href="../_static/curso.css">'
        '<script defer src="../_static/controles.js"></script></head>'
        '<body><main class="bd-content"><article class="bd-article">'
        f'<div class="cell_output">{controles.panel_html(limpios, clave, "../")}'
        f'<div class="hoja-fija container" id="hoja-{clave}">\n'
        f'<img src="../_images/{hoja}" alt="La hoja entera." loading="lazy"></div>'
        "</div><p>Sigue el texto.</p></article></main></body></html>",
        encoding="utf-8",
    )
    html = pagina.read_text("utf-8")
    html = paginas.ampliar_figuras(paginas.poner_medidas(html, pagina), pagina)
    pagina.write_text(html, "utf-8")
    return raiz


@pytest.fixture(scope="module")
def web(carpeta):
    with servir(carpeta) as base, abrir_chromium() as navegador:
        yield base, navegador


@pytest.fixture
def pestana(web):
    hoja = web[1].new_page()
    yield hoja
    hoja.close()


def letra_en(guion: Path, ancho: float) -> float:
    """Píxeles de la letra más pequeña de todos los estados, a ese ancho."""
    suyos = json.loads(guion.read_text("utf-8").partition("] = ")[2].rstrip(";\n"))
    dibujos = desempacar(suyos)
    escalas = [e for d in dibujos for e in re.findall(r"scale\((0\.\d+) -\1\)", d)]
    entero = float(re.search(r'width="([\d.]+)pt"', dibujos[0])[1])
    return min(map(float, escalas)) * 100 * ancho / entero


def abrir(pestana, web, carpeta, por_red: bool, ancho: int, tema: str = "light"):
    pestana.set_viewport_size({"width": ancho, "height": 800})
    base = web[0] if por_red else carpeta.as_uri() + "/"
    pestana.goto(f"{base}notebooks/08_lora.html#{tema}")
    return pestana.locator(".control")


LISTA = "e => e.complete && e.naturalWidth > 0"


@pytest.mark.parametrize("tema", ["light", "dark"])
@pytest.mark.parametrize("ancho", [360, 1300])
@pytest.mark.parametrize("por_red", [True, False])
def test_se_mueve_con_el_teclado(web, pestana, carpeta, datos, por_red, ancho, tema):
    visto = escuchar(pestana, web[0] if por_red else "file:")
    pedidas = []
    pestana.on("request", lambda p: pedidas.append(p.url))
    control = abrir(pestana, web, carpeta, por_red, ancho, tema)
    imagen = control.locator("img")
    pestana.wait_for_function(LISTA, arg=imagen.element_handle())
    # al llegar, ni los demás estados ni la hoja
    assert not any("_controles" in p or "aaaa" in p for p in pedidas)
    sitio = pestana.locator("p", has_text="Sigue el texto").bounding_box()["y"]
    vistos = {imagen.get_attribute("src")}

    control.get_by_role("slider", name="rango").focus()
    for valor, suman in (("2,5", "7.5"), ("8", "24"), ("16", "48")):
        pestana.keyboard.press("ArrowRight")
        assert control.locator("output").inner_text() == valor
        esperado = f"rango = {valor} · capas = q y v. q y v: "
        pestana.wait_for_function(
            "([e, t]) => e.alt.startsWith(t) && e.complete",
            arg=[imagen.element_handle(), esperado],
        )
        assert imagen.get_attribute("alt").endswith(f"suman {suman}")
        vistos.add(imagen.get_attribute("src"))
    pestana.keyboard.press("Tab")
    pestana.keyboard.press("ArrowRight")
    assert control.get_by_role("radio", name="todas").is_checked()
    vistos.add(imagen.get_attribute("src"))
    assert len(vistos) == 5
    dicho = control.get_by_role("status")
    pestana.wait_for_function(
        "e => e.textContent.includes('capas = todas')", arg=dicho.element_handle()
    )
    # el texto que sigue no se movió
    pestana.wait_for_function(LISTA, arg=imagen.element_handle())
    assert pestana.locator("p", has_text="Sigue el texto").bounding_box()["y"] == sitio
    assert pestana.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    filtro = imagen.evaluate("e => getComputedStyle(e).filter")
    assert ("invert" in filtro) == (tema == "dark")
    assert not visto["errores"] and not visto["rotas"] and not visto["fuera"]


def test_cada_estado_es_el_dibujo_de_su_ajuste(web, pestana, carpeta, datos):
    """Las ocho combinaciones, una por una, contra lo que calculó Python."""
    control = abrir(pestana, web, carpeta, True, 1300)
    imagen = control.locator("img")
    limpios = [salidas._svg(d, "x") for d in desempacar(datos)]
    rango = control.get_by_role("slider", name="rango")
    for i in range(8):
        rango.fill(str(i // 2))
        control.get_by_role("radio").nth(i % 2).check(force=True)
        pestana.wait_for_function(
            "([e, t]) => e.alt === t",
            arg=[imagen.element_handle(), controles.estado(datos, i)],
        )
        if i == 0:
            continue  # el primero ya estaba en la página, aligerado
        suyo = imagen.evaluate("e => fetch(e.src).then((r) => r.text())")
        sin_id = [re.sub(r"\b([pm])[0-9a-f]{10}", r"\1", d) for d in (suyo, limpios[i])]
        assert sin_id[0] == sin_id[1]


def test_letra_legible_en_el_telefono(web, pestana, carpeta):
    control = abrir(pestana, web, carpeta, True, 360)
    ancho = control.locator("img").bounding_box()["width"]
    menor = letra_en(carpeta / controles.GUIONES / "control-08_lora-1.js", ancho)
    assert menor >= 9


def test_la_hoja_se_abre_y_se_guarda(web, pestana, carpeta):
    control = abrir(pestana, web, carpeta, False, 1300)
    hoja = pestana.locator(".hoja-fija img")
    assert not hoja.is_visible()
    boton = control.get_by_role("button", name="Ver varios ajustes juntos")
    boton.press("Enter")
    assert hoja.is_visible() and hoja.get_attribute("alt") == "La hoja entera."
    cerrar = control.get_by_role("button", name="Ocultar los ajustes juntos")
    assert cerrar.get_attribute("aria-expanded") == "true"
    cerrar.press("Enter")
    assert not hoja.is_visible()


def trazos(papel: bytes) -> int:
    """Octetos de lo que dibuja un PDF, ya sin comprimir, que depende de Chromium."""
    with pikepdf.open(BytesIO(papel)) as documento:
        flujos = [o for o in documento.objects if isinstance(o, pikepdf.Stream)]
        return sum(len(flujo.read_bytes()) for flujo in flujos)


def test_en_papel_va_la_hoja(web, pestana, carpeta):
    pedidas = []
    pestana.on("request", lambda p: pedidas.append(p.url))
    control = abrir(pestana, web, carpeta, True, 1300)
    assert not any("aaaa" in p for p in pedidas)
    pestana.pdf()
    assert any("aaaa" in p for p in pedidas)  # se pidió sin que nadie la abriera
    llego = (
        "[...document.querySelectorAll('.hoja-fija img')].every(h => h.naturalWidth)"
    )
    pestana.wait_for_function(llego)
    con_hoja = trazos(pestana.pdf())
    pestana.emulate_media(media="print")
    assert not control.is_visible() and pestana.locator(".hoja-fija").is_visible()
    pestana.add_style_tag(content=".hoja-fija { display: none !important; }")
    assert con_hoja > trazos(pestana.pdf()) + 1000


def test_sin_javascript_se_ve_la_hoja(web, carpeta):
    navegador = web[1].browser
    sesion = navegador.new_context(java_script_enabled=False)
    hoja = sesion.new_page()
    hoja.goto((carpeta / "notebooks" / "08_lora.html").as_uri())
    assert hoja.locator(".hoja-fija img").is_visible()
    assert not hoja.locator(".control").is_visible()
    sesion.close()


def test_si_los_estados_no_llegan_se_abre_la_hoja(web, pestana, carpeta):
    pestana.route("**/_controles/*", lambda r: r.abort())
    control = abrir(pestana, web, carpeta, True, 1300)
    control.get_by_role("slider").focus()
    pestana.wait_for_selector(".hoja-fija.abierta img")
    pestana.wait_for_function(
        "e => e.textContent.includes('No llegaron')",
        arg=control.get_by_role("status").element_handle(),
    )
    # y si vuelve la red, el control se mueve
    pestana.unroute("**/_controles/*")
    pestana.keyboard.press("ArrowRight")
    pestana.wait_for_function(
        "e => e.alt.startsWith('rango = 2,5')",
        arg=control.locator("img").element_handle(),
    )


# --- El sitio de verdad -------------------------------------------------------------


def llamadas(ruta: Path) -> int:
    """Cuántas veces llama un cuaderno a `control`."""
    celdas = json.loads(ruta.read_text(encoding="utf-8"))["cells"]
    codigo = ["".join(c["source"]) for c in celdas if c["cell_type"] == "code"]
    return sum(len(re.findall(r"(?m)^control\(", c)) for c in codigo)


LECCIONES = {r.stem: n for r in rutas() if (n := llamadas(r))}


@pytest.fixture(scope="module")
def sitio() -> Path:
    """El sitio al día: lo construye si algo cambió desde la última vez."""
    from herramientas import tareas

    tareas.construir(sys.executable)
    return SITIO


def test_todas_las_lecciones_con_control_lo_mueven(sitio):
    assert len(LECCIONES) >= 13
    for leccion, cuantos in LECCIONES.items():
        html = (sitio / "notebooks" / f"{leccion}.html").read_text("utf-8")
        assert html.count('data-control="') == cuantos, leccion
        assert html.count("hoja-fija") >= cuantos and "controles.js" in html
    portada = (sitio / "book" / "index.html").read_text("utf-8")
    assert "controles.js" not in portada


def test_los_estados_pesan_poco(sitio):
    pesos = {}
    for guion in sorted((sitio / controles.GUIONES).glob("*.js")):
        pesos[guion.stem] = len(gzip.compress(guion.read_bytes(), 6)) / 1000
        print(f"{guion.stem:36} {pesos[guion.stem]:6.1f} KB")
    assert pesos and max(pesos.values()) <= LIMITE_ESTADOS_KB


@pytest.mark.parametrize("leccion", LECCIONES)
def test_el_control_de_cada_leccion(web, pestana, sitio, leccion):
    """Pesa la página; mueve cada mando hasta el final; mira la letra y que no salte."""
    with servir(sitio) as base:
        hoja = pestana
        hoja.set_viewport_size({"width": 360, "height": 800})
        visto = escuchar(hoja, base)
        hoja.goto(f"{base}notebooks/{leccion}.html")
        hoja.evaluate(TRAER_IMAGENES)
        assert not any(controles.GUIONES in p for p in visto["pedidas"])
        kb = sum(peso(sitio, p) for p in set(visto["pedidas"])) / 1000
        assert kb <= LIMITE_KB
        for n in range(LECCIONES[leccion]):
            control = hoja.locator(".control").nth(n)
            imagen = control.locator("img")
            imagen.scroll_into_view_if_needed()
            clave = control.get_attribute("data-control")
            guion = sitio / controles.GUIONES / f"{clave}.js"
            assert letra_en(guion, imagen.bounding_box()["width"]) >= 9
            alto = control.bounding_box()["height"]
            antes = imagen.get_attribute("alt")
            for mando in control.locator("input").all():
                mando.focus()
                if mando.get_attribute("type") == "range":
                    hoja.keyboard.press("End")
                else:
                    mando.check(force=True)
            hoja.wait_for_function(
                "([e, t]) => e.alt !== t && e.complete && e.naturalWidth",
                arg=[imagen.element_handle(), antes],
            )
            assert control.bounding_box()["height"] == pytest.approx(alto, abs=1)
        assert not visto["errores"] and not visto["rotas"]


@pytest.mark.parametrize("leccion", LECCIONES)
def test_la_hoja_dice_cuantas_combinaciones_faltan(sitio, leccion):
    cuaderno = leer(RAIZ / "notebooks" / f"{leccion}.ipynb")
    suyos = [
        s.metadata[CLAVE]
        for c in de_codigo(cuaderno)
        for s in c.outputs
        if CLAVE in s.get("metadata", {})
    ]
    assert len(suyos) == LECCIONES[leccion]
    html = (sitio / "notebooks" / f"{leccion}.html").read_text("utf-8")
    for datos in suyos:
        hechas = len(datos["dibujos"])
        assert hechas == len(datos["frases"])
        falta = f"{hechas} de las {datos['de']} combinaciones"
        assert (falta in html) == (hechas < datos["de"])
