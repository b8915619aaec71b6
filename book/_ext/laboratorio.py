"""Los paneles del laboratorio: qué son, en qué lección se abren y qué piden.

`EXPLORADORES` es la única tabla. Cada panel sale dos veces: al final de un apartado de
su lección, sin tocar el cuaderno, y en la página «Laboratorio», con la directiva

    ```{laboratorio} texto
    ```

que escribe los paneles de un grupo. Ningún panel pide nada hasta que alguien lo abre:
la página trae solo `base.js`, que pone el botón. Los guiones están en
`_static/laboratorio/`, son clásicos y funcionan con `file://`.
"""

import json
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path

import exploradores
from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

CASA = str(Path(__file__).resolve().parents[2])
if CASA not in sys.path:  # «jupyter-book build» no siempre se corre desde la raíz
    sys.path.append(CASA)

GUIONES = Path("book", "_static", "laboratorio")
COMUNES = ("util.js",)  # antes que los de cualquier panel


@dataclass(frozen=True)
class Explorador:
    """Un panel.

    Campos: `titulo` y `frase`, lo que se lee con el panel cerrado; `guiones`, archivos
    de `_static/laboratorio/` en el orden en que se cargan al abrirlo; `leccion` y
    `apartado`, el cuaderno y el comienzo del título de segundo nivel a cuyo final va;
    `grupo`, su parte de la página del laboratorio; `datos`, una función que recibe la
    raíz del curso y devuelve lo que el panel leerá en `LABORATORIO.datos[nombre]`;
    `modelo`, si al abrirlo se descarga `semilla`.
    """

    titulo: str
    frase: str
    guiones: tuple[str, ...]
    leccion: str
    apartado: str
    grupo: str
    datos: Callable[[Path], dict] | None = None
    modelo: bool = False


EXPLORADORES: dict[str, Explorador] = {
    # Eficiencia
    "memoria": Explorador(
        titulo="¿cabe en una T4?",
        frase=(
            "Elige modelo, rango, largo y lote: la memoria de cuatro formas de "
            "entrenar, en qué se va y el veredicto."
        ),
        guiones=("memoria.js",),
        leccion="notebooks/06_memoria",
        apartado="8. ",
        grupo="eficiencia",
        datos=exploradores.datos_memoria,
    ),
    "nf4": Explorador(
        titulo="un peso en NF4",
        frase=(
            "Arrastra un peso de un bloque de semilla y mira su código, su octeto, su "
            "error y el absmax de todos."
        ),
        guiones=("nf4.js",),
        leccion="notebooks/07_cuantizacion",
        apartado="4. ",
        grupo="eficiencia",
        datos=exploradores.datos_nf4,
    ),
    "lora": Explorador(
        titulo="el rango de LoRA",
        frase=(
            "Elige modelo, rango y matrices: la forma de A y B, cuántos números se "
            "entrenan y cuánta memoria piden."
        ),
        guiones=("lora.js",),
        leccion="notebooks/08_lora",
        apartado="3. ",
        grupo="eficiencia",
        datos=exploradores.datos_lora,
    ),
}


def version(texto: str) -> str:
    """Una marca corta del contenido, para que el navegador no mezcle versiones."""
    return f"{zlib.crc32(texto.encode('utf-8')):08x}"


def guiones_de(nombre: str, raiz: Path) -> list[str]:
    """Los guiones de un panel, con su versión, en el orden en que se cargan.

    Lanza `ExtensionError` si falta alguno.
    """
    uno, lista = EXPLORADORES[nombre], []
    if uno.datos:
        lista.append(f"datos-{nombre}.js?v={version(guion_de_datos(nombre, raiz))}")
    for archivo in (*COMUNES, *uno.guiones):
        ruta = raiz / GUIONES / archivo
        if not ruta.is_file():
            raise ExtensionError(f"Al panel «{nombre}» le falta {ruta.name}.")
        lista.append(f"{archivo}?v={version(ruta.read_text(encoding='utf-8'))}")
    return lista


def guion_de_datos(nombre: str, raiz: Path) -> str:
    """El guion que deja en la página los datos de un panel."""
    datos = json.dumps(
        EXPLORADORES[nombre].datos(raiz), ensure_ascii=False, separators=(",", ":")
    )
    return f"LABORATORIO.datos[{json.dumps(nombre)}] = {datos};\n"


def pesa(nombre: str, raiz: Path) -> str:
    """Lo que se descarga al abrir un panel, para decirlo en su botón: «12 KB»."""
    archivos = [raiz / GUIONES / g for g in (*COMUNES, *EXPLORADORES[nombre].guiones)]
    octetos = sum(archivo.stat().st_size for archivo in archivos)
    if EXPLORADORES[nombre].datos:
        octetos += len(guion_de_datos(nombre, raiz).encode("utf-8"))
    return tamano(octetos)


def tamano(octetos: int) -> str:
    """Octetos en KB o MB, con coma: «12 KB», «8,1 MB»."""
    if octetos < 1e6:
        return f"{max(1, round(octetos / 1000))} KB"
    return f"{octetos / 1e6:.1f} MB".replace(".", ",")


def panel(nombre: str, raiz: Path) -> nodes.section:
    """El apartado de un panel cerrado: título, frase y el sitio que llena `base.js`."""
    uno = EXPLORADORES[nombre]
    titulo = f"Laboratorio: {uno.titulo}"
    ancla = f"laboratorio-{nombre}"
    seccion = nodes.section(ids=[ancla], names=[], classes=["laboratorio"])
    seccion += nodes.title(titulo, titulo)
    seccion += nodes.paragraph(uno.frase, uno.frase)
    guiones = " ".join(guiones_de(nombre, raiz))
    html = (
        f'<div class="panel-lab" data-laboratorio="{nombre}" '
        f'data-titulo="{escape(uno.titulo)}" data-pesa="{pesa(nombre, raiz)}" '
        f'data-guiones="{guiones}"><p>Para abrirlo hace falta JavaScript.</p></div>'
    )
    seccion += nodes.raw("", html, format="html")
    return seccion


def poner_en_lecciones(app, doctree) -> None:
    """Añade cada panel al final de su apartado, antes de que se arme el índice."""
    docname = app.env.docname
    suyos = [n for n, e in EXPLORADORES.items() if e.leccion == docname]
    for nombre in suyos:
        apartado = EXPLORADORES[nombre].apartado
        for seccion in doctree.findall(nodes.section):
            titulo = seccion.next_node(nodes.title)
            if titulo is not None and titulo.astext().startswith(apartado):
                seccion += panel(nombre, Path(app.srcdir))
                break
        else:
            raise ExtensionError(
                f"El panel «{nombre}» va en «{apartado}», que no está en {docname}."
            )


class Laboratorio(SphinxDirective):
    """Todos los paneles de un grupo, cada uno con un enlace a su lección."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        self.env.note_reread()
        grupo, raiz = self.arguments[0], Path(self.env.srcdir)
        suyos = [n for n, e in EXPLORADORES.items() if e.grupo == grupo]
        if not suyos:
            hay = ", ".join(dict.fromkeys(e.grupo for e in EXPLORADORES.values()))
            raise self.error(f"laboratorio acepta {hay}; leí {grupo}.")
        return [panel(nombre, raiz) for nombre in suyos]


def poner_guion(app, pagename, templatename, context, doctree) -> None:
    """Pone `base.js` solo en las páginas que tienen algún panel."""
    paneles = doctree is not None and any(
        "laboratorio" in s["classes"] for s in doctree.findall(nodes.section)
    )
    if paneles:
        app.add_js_file("laboratorio/base.js")


def escribir(app, excepcion) -> None:
    """Escribe en el sitio los guiones de datos, cuando las hojas ya están podadas."""
    if excepcion is not None or app.builder.name != "html":
        return
    raiz, destino = Path(app.srcdir), Path(app.outdir, "_static", "laboratorio")
    for nombre, uno in EXPLORADORES.items():
        if uno.datos:
            guion = guion_de_datos(nombre, raiz)
            (destino / f"datos-{nombre}.js").write_text(guion, encoding="utf-8")


def setup(app) -> dict:
    """Registra la directiva y los momentos en que trabaja."""
    app.add_directive("laboratorio", Laboratorio)
    app.connect("doctree-read", poner_en_lecciones, priority=400)
    app.connect("html-page-context", poner_guion, priority=700)
    app.connect("build-finished", escribir, priority=930)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
