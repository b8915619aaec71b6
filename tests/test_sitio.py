"""El sitio construido, visto como lo ve quien lee: en español, entero y sin red."""

import posixpath
import re
import sys
import tomllib
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from navegador import abrir_chromium, escuchar, paginas_de, revisar_todo, servir

from herramientas.archivos import RAIZ
from herramientas.cuadernos.lenguas import lengua_de_pagina
from herramientas.sala import estudio

# Construye el sitio y abre todas sus páginas: con el equipo ocupado tarda.
pytestmark = pytest.mark.timeout(1200)

SITIO = RAIZ / "_build" / "html"
PROYECTO = tomllib.loads((RAIZ / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]
# Por página, ya comprimida: al abrirla y con todo lo que pide quien la lee entera.
AL_ABRIR_KB, ENTERA_KB = 150, 240
# Palabras que, fuera del código y de los títulos citados, solo deja una interfaz sin
# traducir. «Copyright» y los nombres propios se quedan.
INGLES = re.compile(
    r"\b(the|and|this|that|with|show|hide|toggle|search|previous|next|download|click|"
    r"copied|copy|loading|heading|contents?|launch|permalink|source|cell|page|close|"
    r"open|light|dark|mode|navigation|section|skip|back to top|matching|results?|"
    r"built|powered|theme|home|menu|collapse|expand|repository|issue|edit)\b",
    re.IGNORECASE,
)
# Términos que el glosario da entre paréntesis, y nombres de productos.
PERMITIDO = re.compile(
    r"loss mask|source-available|Hugging Face|No Language Left Behind|Built with Llama|"
    r"The Littlest JupyterHub",
    re.IGNORECASE,
)


@pytest.fixture(scope="session")
def sitio() -> Path:
    """El sitio al día: lo construye si algo cambió desde la última vez."""
    from herramientas import tareas

    tareas.construir(sys.executable)
    return SITIO


@pytest.fixture(scope="session")
def visitas(sitio) -> dict:
    """Lo visto en cada página, a dos anchos y en los dos temas."""
    return revisar_todo(sitio)


def exigir(visitas: dict, mirar) -> None:
    """Falla con una línea por visita en la que `mirar` encuentra algo."""
    lineas = []
    for (camino, ancho, tema), visto in visitas.items():
        if hallado := mirar(camino, visto):
            lineas.append(f"{camino} ({ancho} px, {tema}): {hallado}")
    if lineas:
        pytest.fail("\n".join(lineas), pytrace=False)


def test_sin_errores_en_la_consola(visitas):
    exigir(visitas, lambda c, v: v["errores"])


def test_nada_viene_de_fuera(visitas):
    exigir(visitas, lambda c, v: v["fuera"])


def test_nada_falta(visitas):
    exigir(visitas, lambda c, v: v["rotas"])


def test_idioma_titulo_y_descripcion(visitas):
    def mirar(camino, v):
        espera = lengua_de_pagina(camino.removesuffix(".html")).codigo
        faltan = [] if v["idioma"] == espera else ["lang"]
        faltan += [] if v["titulo"].strip() else ["título"]
        faltan += [] if len(v["descripcion"]) > 40 else ["descripción"]
        return faltan + [v["descripcion"]] * v["descripcion"].endswith(":")

    exigir(visitas, mirar)


def test_la_bienvenida_se_lee_en_dos_lenguas(sitio):
    """De una página se va a la otra; en la traducida, cada cosa dice su lengua."""
    una, otra = "notebooks/00_bienvenida.html", "notebooks/pt/00_boas_vindas.html"
    leer = """(que) => [...document.querySelectorAll(que)]
        .map((e) => e.closest("[lang]").lang)"""
    with servir(sitio) as base, abrir_chromium() as navegador:
        pagina = navegador.new_page()
        visto = escuchar(pagina, base)
        pagina.goto(base + una)
        pagina.click(".otra-lengua a[hreflang=pt-BR]")
        pagina.wait_for_url("**/" + otra)
        assert pagina.evaluate("document.documentElement.lang") == "pt-BR"
        lenguas = pagina.evaluate(
            "[...document.querySelectorAll('link[hreflang]')].map((l) => l.hreflang)"
        )
        assert sorted(lenguas) == ["es", "pt-BR"]
        for que, lengua in (
            ("article h1, article h2, article img, .page-toc a", "pt-BR"),
            (".salida-en-espanol pre, .bd-footer-content p", "es"),
            (".bd-links a[href$='01_tokenizacion.html'], .btn-colab", "es"),
            (".bd-links a.current", "pt-BR"),
        ):
            dichas = pagina.evaluate(leer, que)
            assert dichas and set(dichas) == {lengua}, (que, dichas)
        # Ni términos en español, ni una vecina, ni un control que no se mueva.
        assert not pagina.locator("a.termino, .prev-next-area a").count()
        pagina.locator(".control input[type=range]").press("ArrowRight")
        pagina.wait_for_function(
            "document.querySelector('.control img').src.startsWith('blob:')"
        )
        pagina.click(".otra-lengua a[hreflang=es]")
        pagina.wait_for_url("**/" + una)
        pagina.goto(f"{base}search.html?q=boas+vindas")
        pagina.wait_for_selector(".search-summary")
        assert not pagina.locator("#search-results a[href*=boas_vindas]").count()
        assert not visto["errores"] and not visto["rotas"] and not visto["fuera"]


def test_interfaz_en_espanol(visitas):
    def mirar(camino, v):
        return sorted(
            {t for t in v["textos"] if INGLES.search(PERMITIDO.sub("", t or ""))}
        )

    exigir(visitas, mirar)


def test_enlaces_internos_vivos(sitio, visitas):
    ids = {
        c: set(v["ids"])
        for (c, a, t), v in visitas.items()
        if (a, t) == (1300, "light")
    }

    def mirar(camino, v):
        muertos = []
        for enlace in set(v["enlaces"]):
            partes = urlsplit(enlace)
            if partes.scheme or partes.netloc:
                continue
            destino = camino
            if partes.path:
                relativo = posixpath.join(
                    posixpath.dirname(camino), unquote(partes.path)
                )
                destino = posixpath.normpath(relativo)
            ancla = unquote(partes.fragment)
            if not (sitio / destino).is_file():
                muertos.append(enlace)
            elif ancla and destino.endswith(".html") and ancla not in ids[destino]:
                muertos.append(enlace)
        return muertos

    exigir(visitas, mirar)


def test_imagenes_con_texto_alternativo(visitas):
    hash_de_archivo = re.compile(r"^(\.\./)*(_images/)?[0-9a-f]{12,}(\.\w+)?$")

    def mirar(camino, v):
        malas = [
            src
            for src, alt, ancho in v["imagenes"]
            if not alt.strip() or hash_de_archivo.match(alt) or not ancho
        ]
        return malas + [t for t in v["dibujos"] if len(t) < 20]

    exigir(visitas, mirar)


def test_en_el_telefono_no_se_desplaza_la_pagina(visitas):
    telefono = {k: v for k, v in visitas.items() if k[1] == 390}
    exigir(
        telefono,
        lambda c, v: v["desborde"] > 0 and (v["desborde"], v["sobresalen"][:5]),
    )


def test_en_un_telefono_estrecho_tampoco(visitas):
    exigir(
        visitas,
        lambda c, v: {
            ancho: (sobra, fuera)
            for ancho, (sobra, fuera) in v["estrecha"].items()
            if sobra > 0 or fuera
        },
    )


def test_cada_imagen_guarda_su_sitio(visitas):
    assert sum(len(v["imagenes"]) for v in visitas.values()) > 100
    exigir(visitas, lambda c, v: v["sin_medidas"])


def test_formulas_dibujadas(visitas):
    def mirar(camino, v):
        if v["formulas"] != v["formulas_hechas"] or v["formulas_malas"]:
            return f"{v['formulas_hechas']} de {v['formulas']} fórmulas"
        return v["formulas"] and not v["letra_de_formulas"] and "sin la letra de KaTeX"

    exigir(visitas, mirar)
    hojas = [p for v in visitas.values() for p in v["pedidas"] if "katex" in p]
    con_formulas = [v for v in visitas.values() if v["formulas"]]
    assert bool(hojas) == bool(con_formulas)
    for v in visitas.values():
        assert v["formulas"] or not any("katex" in p for p in v["pedidas"])


def test_boton_de_colab_apunta_a_la_etiqueta(visitas):
    camino_repo = urlsplit(PROYECTO["urls"]["Repositorio"]).path.strip("/")
    inicio = f"https://colab.research.google.com/github/{camino_repo}/blob/"

    def mirar(camino, v):
        espera = ""
        if camino.startswith("notebooks/"):
            cuaderno = camino.removesuffix(".html") + ".ipynb"
            assert (RAIZ / cuaderno).exists()
            espera = f"{inicio}v{PROYECTO['version']}/{cuaderno}"
        return v["colab"] != espera and v["colab"]

    exigir(visitas, mirar)
    assert any(v["colab"] for v in visitas.values())


def test_paginas_ligeras(visitas):
    """Con mala red se lee la página entera: cuentan también todas sus figuras."""
    pesos = {
        c: (v["peso_al_abrir"] / 1000, v["peso_entera"] / 1000)
        for (c, ancho, tema), v in visitas.items()
        if (ancho, tema) == (1300, "light")
    }
    print("KB al abrir y con todas las figuras:")
    for camino, (abrir, entera) in sorted(pesos.items(), key=lambda par: -par[1][1]):
        print(f"{camino:40} {abrir:6.1f} {entera:6.1f}")
    assert all(abrir <= entera for abrir, entera in pesos.values())
    limites = AL_ABRIR_KB, ENTERA_KB
    assert not {
        c: p
        for c, p in pesos.items()
        if any(kb > tope for kb, tope in zip(p, limites, strict=True))
    }


def test_encabezados_en_orden(visitas):
    def mirar(camino, v):
        niveles = v["encabezados"]
        saltos = [b for a, b in zip(niveles, niveles[1:], strict=False) if b > a + 1]
        return (niveles.count(1) != 1 or niveles[0] != 1 or saltos) and niveles

    exigir(visitas, mirar)


def test_controles_con_nombre(visitas):
    exigir(visitas, lambda c, v: v["sin_nombre"] + v["nombre_distinto"] + v["sin_zona"])


def test_identificadores_unicos(visitas):
    exigir(visitas, lambda c, v: {i for i in v["ids"] if v["ids"].count(i) > 1})


def test_contraste(visitas):
    exigir(visitas, lambda c, v: sorted(set(v["flojos"]))[:8])


def test_los_dos_temas_son_distintos(visitas):
    fondos = {(t): v["fondo"] for (c, a, t), v in visitas.items() if c == "index.html"}
    assert fondos["light"] != fondos["dark"]


def test_portada_en_la_raiz(sitio):
    portada = (sitio / "index.html").read_text(encoding="utf-8")
    assert "http-equiv" not in portada
    assert "<h1>De tokens a QLoRA" in portada


def test_la_portada_dice_cuanto_dura_cada_leccion_del_camino_corto(sitio):
    """Ocho filas que suman lo que dice el párrafo de arriba."""
    portada = (sitio / "index.html").read_text(encoding="utf-8")
    tabla = portada.partition("por tu cuenta, min")[2].partition("</table>")[0]
    celdas = [int(n) for n in re.findall(r"<p>(\d+)</p>", tabla)]
    assert len(celdas) == 2 * len(estudio.CORTO)
    texto = " ".join(re.sub(r"<[^>]+>", "", portada).split())
    assert f"En vivo son {sum(celdas[::2])} minutos" in texto
    assert f"con ejercicios, unos {sum(celdas[1::2])}." in texto


def test_buscar_sin_acentos_y_usar_los_botones(sitio):
    """Una consulta sin tildes encuentra; el tema y el menú del teléfono responden."""
    with servir(sitio) as base, abrir_chromium() as navegador:
        pagina = navegador.new_page()
        pagina.set_viewport_size({"width": 390, "height": 850})
        visto = escuchar(pagina, base)
        for consulta in ("cuantizacion", "cuantización", "tokenizador"):
            pagina.goto(f"{base}search.html?q={consulta}")
            pagina.wait_for_selector("#search-results li")
            assert not INGLES.search(pagina.inner_text(".search-summary"))
        pagina.goto(base + "book/como_usar.html")
        antes = pagina.evaluate("document.documentElement.dataset.theme")
        for _ in range(2):
            pagina.click(".theme-switch-button")
        assert pagina.evaluate("document.documentElement.dataset.theme") != antes or (
            pagina.evaluate("document.documentElement.dataset.mode") != "auto"
        )
        pagina.click("button.primary-toggle")
        assert pagina.locator("dialog[open] a", has_text="Glosario").is_visible()
        assert not visto["errores"] and not visto["fuera"]


def test_se_abre_desde_una_memoria_usb(sitio):
    """Las páginas funcionan con `file://`, sin servidor."""
    with abrir_chromium() as navegador:
        pagina = navegador.new_page()
        visto = escuchar(pagina, "file:")
        for camino in paginas_de(sitio)[:4] + ["index.html"]:
            pagina.goto((sitio / camino).as_uri())
            assert pagina.locator("h1").count() == 1
        assert not visto["errores"] and not visto["rotas"] and not visto["fuera"]
