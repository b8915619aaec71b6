"""Abre el sitio en un Chromium de verdad y anota lo que pasa en cada página."""

import gzip
import os
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from herramientas.navegador import Mudo, servir
from herramientas.navegador import buscar_chromium as buscar

REVISION = Path(__file__).with_name("revision.js")
# Se mira el documento, no la pantalla: pintar en la GPU que no hay gasta por gusto.
SIN_PINTAR = ["--disable-gpu", "--disable-software-rasterizer"]
SE_COMPRIME = {".html", ".css", ".js", ".svg", ".json"}


def buscar_chromium() -> str:
    """Ruta de un Chromium o Chrome; si no hay, salta la prueba (en CI, falla)."""
    if ruta := buscar():
        return ruta
    razon = (
        "No encontré Chromium ni Chrome: instala uno o di dónde está con "
        "TALLER_CHROMIUM. Sin él no se revisa el sitio."
    )
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(razon)
    pytest.skip(razon)


@contextmanager
def servir_en(carpeta: Path, prefijo: str):
    """Como GitHub Pages: el sitio bajo `prefijo`, y `404.html` donde no hay nada."""

    class Como404(Mudo):
        def translate_path(self, camino):
            if not camino.startswith(prefijo):
                return str(carpeta / "no-existe")
            return super().translate_path("/" + camino.removeprefix(prefijo))

        def send_error(self, codigo, *_):
            cuerpo = (carpeta / "404.html").read_bytes()
            self.send_response(codigo)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(cuerpo)))
            self.end_headers()
            self.wfile.write(cuerpo)

    with servir(carpeta, Como404) as base:
        yield base


@contextmanager
def abrir_chromium():
    """Entrega una sesión de navegador sin ventana, paciente con equipos ocupados."""
    ruta = buscar_chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as marco:
        navegador = marco.chromium.launch(
            executable_path=ruta, args=SIN_PINTAR, timeout=120_000
        )
        try:
            sesion = navegador.new_context()
            sesion.set_default_timeout(120_000)
            yield sesion
        finally:
            navegador.close()


def paginas_de(sitio: Path) -> list[str]:
    """Todas las páginas del sitio, por su ruta desde la raíz.

    Menos `404.html`, que solo tiene sentido en su dirección pública, y las láminas, que
    no son páginas del libro y tienen sus pruebas.
    """
    return sorted(
        p.relative_to(sitio).as_posix()
        for p in sitio.rglob("*.html")
        if not p.relative_to(sitio).parts[0].startswith(("_", "en-vivo"))
        and p.name != "404.html"
    )


# Las figuras de una lección esperan a estar cerca: aquí se piden todas.
TRAER_IMAGENES = """async () => {
    const todas = [...document.images];
    todas.forEach((i) => { i.loading = "eager"; });
    await Promise.all(todas.map((i) => i.decode().catch(() => null)));
}"""


# A 320 px se llega también con un aumento del 400 % en un portátil.
ESTRECHOS = (360, 320)
SOBRA = """() => [
    document.documentElement.scrollWidth - innerWidth,
    [...document.querySelectorAll(".bd-header-article :is(a, button)")]
        .map((b) => [b.getBoundingClientRect(), b.outerHTML.slice(0, 80)])
        .filter(([c]) => c.width && (c.right > innerWidth + 1 || c.left < 0))
        .map(([, html]) => html),
]"""


def peso(sitio: Path, camino: str) -> int:
    """Bytes de un archivo en la red, comprimido como lo haría un servidor corriente."""
    datos = (sitio / unquote(camino).lstrip("/")).read_bytes()
    if Path(camino).suffix in SE_COMPRIME:
        return len(gzip.compress(datos, 6))
    return len(datos)


def escuchar(pagina, base: str) -> dict[str, list]:
    """Anota errores y peticiones de una pestaña, desde ahora."""
    visto = {"errores": [], "fuera": [], "rotas": [], "pedidas": []}

    def al_pedir(peticion):
        url = peticion.url
        if url.startswith(base):
            visto["pedidas"].append(urlsplit(url).path)
        elif not url.startswith(("data:", "blob:", "file:")):
            visto["fuera"].append(url)

    def al_hablar(mensaje):
        if mensaje.type in ("error", "warning"):
            visto["errores"].append(mensaje.text)

    pagina.on("request", al_pedir)
    pagina.on("console", al_hablar)
    pagina.on("pageerror", lambda error: visto["errores"].append(str(error)))
    # lo que se corta al cambiar de página, como el icono, no está roto
    pagina.on(
        "requestfailed",
        lambda p: (
            None if "ABORTED" in (p.failure or "") else visto["rotas"].append(p.url)
        ),
    )
    pagina.on(
        "response",
        lambda r: visto["rotas"].append(r.url) if r.status >= 400 else None,
    )
    return visto


def revisar_todo(sitio: Path) -> dict[tuple[str, int, str], dict]:
    """Visita cada página a dos anchos y dos temas; entrega lo visto en cada visita.

    `peso_al_abrir` son los bytes que pide la página al llegar y `peso_entera`, los que
    ha pedido quien la lee hasta el final, con todas sus figuras.
    """
    guion, visitas = REVISION.read_text(encoding="utf-8"), {}
    with servir(sitio) as base, abrir_chromium() as navegador:
        # Una sola pestaña: abrir otra cuesta casi tanto como visitar una página.
        pestana = navegador.new_page()
        visto = escuchar(pestana, base)
        for camino in paginas_de(sitio):
            # Con algo ajeno en medio, Chromium empieza la página en otro proceso; si
            # no, pediría también las letras que usó la anterior.
            pestana.goto("data:text/html,")
            for lista in visto.values():
                lista.clear()
            hallado = {}
            # Una carga por página: el ancho y el tema se cambian sobre la marcha.
            for ancho in (1300, 390):
                pestana.set_viewport_size({"width": ancho, "height": 850})
                for tema in ("light", "dark"):
                    pestana.emulate_media(color_scheme=tema, reduced_motion="reduce")
                    if not hallado:
                        pestana.goto(base + camino, wait_until="load")
                        al_llegar = set(visto["pedidas"])  # lo que pesa abrirla
                        pestana.evaluate(TRAER_IMAGENES)
                    # el tema lo pone un guion al oír el cambio: no mirar antes
                    pestana.wait_for_function(
                        "t => document.documentElement.dataset.theme === t", arg=tema
                    )
                    pestana.evaluate("document.fonts.ready.then(() => true)")
                    hallado[camino, ancho, tema] = pestana.evaluate(guion)
            estrecha = {}
            for ancho in ESTRECHOS:
                pestana.set_viewport_size({"width": ancho, "height": 850})
                estrecha[ancho] = pestana.evaluate(SOBRA)
            pesos = {p: peso(sitio, p) for p in set(visto["pedidas"])}
            de_la_pagina = {clave: list(lista) for clave, lista in visto.items()} | {
                "estrecha": estrecha,
                "peso_al_abrir": sum(pesos[p] for p in al_llegar),
                "peso_entera": sum(pesos.values()),
            }
            visitas |= {clave: de_la_pagina | v for clave, v in hallado.items()}
    return visitas
