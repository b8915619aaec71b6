"""Lo que se mide abriendo páginas en un navegador: peso, saltos y axe."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ANCHOS, TEMAS = (390, 1300), ("light", "dark")
ANOTAR_SALTOS = """window.saltos = []; new PerformanceObserver((lista) =>
    lista.getEntries().forEach((e) => saltos.push(e.value))
).observe({type: "layout-shift", buffered: true});"""
# Se baja por tramos, esperando a las imágenes de cada uno.
BAJAR = """async () => {
    for (let y = 0; y < document.body.scrollHeight; y += 600) {
        scrollTo(0, y);
        await new Promise((r) => setTimeout(r, 60));
        // la que está dentro de algo plegado no llega nunca: no se espera
        const cerca = [...document.images].filter((f) => !f.complete
            && f.checkVisibility() && f.getBoundingClientRect().top < innerHeight);
        await Promise.all(cerca.map((f) => f.decode().catch(() => null)));
    }
    return saltos.reduce((a, b) => a + b, 0);
}"""
AXE = """async () => {
    document.querySelectorAll("article details").forEach((d) => { d.open = true; });
    const visto = await axe.run(document, {resultTypes: ["violations"]});
    return visto.violations.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 120)}`);
}"""


@contextmanager
def sesion(chromium: str) -> Iterator:
    """Un navegador sin ventana."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as marco:
        navegador = marco.chromium.launch(
            executable_path=chromium, args=["--disable-gpu"], timeout=120_000
        )
        try:
            yield navegador
        finally:
            navegador.close()


def pestana(navegador, ancho: int):
    """Una pestaña nueva, sin nada guardado, del ancho dado."""
    contexto = navegador.new_context(viewport={"width": ancho, "height": 850})
    contexto.set_default_timeout(120_000)
    return contexto.new_page()


def pesar(navegador, direccion: str) -> tuple[int, int, float]:
    """Bytes que llegan al abrir y hasta el final de la página, y lo que saltó.

    Con 390 px de ancho y nada guardado. Cuentan las cabeceras.
    """
    hoja = pestana(navegador, ANCHOS[0])
    llegado: list[float] = []
    red = hoja.context.new_cdp_session(hoja)
    red.send("Network.enable")
    red.on(
        "Network.loadingFinished", lambda e: llegado.append(e.get("encodedDataLength"))
    )
    hoja.add_init_script(ANOTAR_SALTOS)
    hoja.goto(direccion, wait_until="networkidle")
    al_abrir = sum(llegado)
    salto = hoja.evaluate(BAJAR)
    hoja.wait_for_load_state("networkidle")
    hoja.wait_for_timeout(300)
    entera = sum(llegado)
    hoja.context.close()
    return int(al_abrir), int(entera), salto


def saltar(navegador, direccion: str) -> float:
    """Lo que se mueve el texto de una página, a 1300 px, al leerla hasta el final."""
    hoja = pestana(navegador, ANCHOS[1])
    hoja.add_init_script(ANOTAR_SALTOS)
    hoja.goto(direccion, wait_until="load")
    salto = hoja.evaluate(BAJAR)
    hoja.context.close()
    return salto


def pasar_axe(navegador, direccion: str, axe: Path) -> list[str]:
    """Las faltas que halla axe en una página, a dos anchos y en los dos temas."""
    faltas = []
    hoja = pestana(navegador, ANCHOS[0])
    hoja.emulate_media(color_scheme=TEMAS[0], reduced_motion="reduce")
    hoja.goto(direccion, wait_until="networkidle")
    hoja.add_script_tag(path=axe)
    # Una sola carga: el ancho y el tema se cambian sobre la marcha.
    for ancho in ANCHOS:
        hoja.set_viewport_size({"width": ancho, "height": 850})
        for tema in TEMAS:
            hoja.emulate_media(color_scheme=tema, reduced_motion="reduce")
            hoja.wait_for_function(
                "t => document.documentElement.dataset.theme === t", arg=tema
            )
            faltas += [f"({ancho} px, {tema}) {f}" for f in hoja.evaluate(AXE)]
    hoja.context.close()
    return faltas
