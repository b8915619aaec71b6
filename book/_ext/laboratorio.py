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
from functools import cache
from html import escape
from pathlib import Path

import exploradores
from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

CASA = str(Path(__file__).resolve().parents[2])
if CASA not in sys.path:  # «jupyter-book build» no siempre se corre desde la raíz
    sys.path.append(CASA)

from cifras import decimal, entero  # noqa: E402

from herramientas.semilla import exportar_pagina  # noqa: E402

GUIONES = Path("book", "_static", "laboratorio")
RESULTADOS = Path("taller", "recursos", "resultados")
COMUNES = ("util.js",)  # antes que los de cualquier panel
DEL_TEXTO = ("tokens.js", "tokenizador.js")
DEL_MODELO = (*DEL_TEXTO, "pesos.js", "motor.js", "semilla.js")
# Los textos y tokenizadores de la lección 01, con los nombres que ella les da.
TEXTOS = {
    "flores_spa": "FLORES-200 en español",
    "flores_por": "FLORES-200 en portugués",
    "flores_eng": "FLORES-200 en inglés",
    "flores_grn": "FLORES-200 en guaraní",
    "flores_quy": "FLORES-200 en quechua",
    "flores_ayr": "FLORES-200 en aimara",
    "udhr_spa": "la Declaración Universal en español",
    "udhr_arn": "la Declaración Universal en mapudungun",
    "udhr_nhn": "la Declaración Universal en náhuatl",
    "udhr_guc": "la Declaración Universal en wayuunaiki",
    "udhr_pbb": "la Declaración Universal en nasa yuwe",
    "leyes_co": "normas de Colombia",
}
MODELOS = {
    "r50k_base": "GPT-2",
    "llama3": "Llama 3",
    "qwen3": "Qwen3",
    "gemma3": "Gemma 3",
    "o200k_base": "o200k",
}


@dataclass(frozen=True)
class Explorador:
    """Un panel.

    Campos: `titulo` (en minúscula) y `frase`, lo que se lee con el panel cerrado;
    `guiones`, archivos de `_static/laboratorio/` en el orden en que se cargan al
    abrirlo; `leccion` y `apartado`, el cuaderno y el comienzo del título de segundo
    nivel a cuyo final va;
    `grupo`, su parte de la página del laboratorio; `datos`, una función que recibe la
    raíz del curso y devuelve lo que el panel leerá en `LABORATORIO.datos[nombre]`;
    `pesos`, las partes de `semilla` que se descargan al abrirlo.
    """

    titulo: str
    frase: str
    guiones: tuple[str, ...]
    leccion: str
    apartado: str
    grupo: str
    datos: Callable[[Path], dict] | None = None
    pesos: tuple[str, ...] = ()


def leer(raiz: Path, nombre: str) -> dict | None:
    """Un archivo de resultados/; `None` si todavía no se ha medido."""
    ruta = raiz / RESULTADOS / f"{nombre}.json"
    if not ruta.is_file():
        return None
    return json.loads(ruta.read_text(encoding="utf-8"))


def datos_del_tokenizador(raiz: Path) -> dict:
    """Los recuentos de fertilidad.json que enseña la lección 01."""
    todos = leer(raiz, "fertilidad")["textos"]
    textos = {
        clave: {
            "nombre": nombre,
            "palabras": todos[clave]["palabras"],
            "tokens": {m: todos[clave]["tokens"][m] for m in MODELOS},
        }
        for clave, nombre in TEXTOS.items()
    }
    return {"textos": textos, "modelos": MODELOS}


def porcentaje(cifra: dict) -> str:
    """«84 % de 688», de un acierto con su número de oraciones."""
    return f"{decimal(100 * cifra['exacto'], 0)} % de {entero(cifra['n'])}"


def datos_de_tratos(raiz: Path) -> dict:
    """Cuánto acierta el adaptador, en frases, y errores de verdad.

    Lo medido en NF4 sale de qlora.json (su primera repetición es la del adaptador que
    viaja con el curso); lo medido con los pesos de la página, de laboratorio.json.
    """
    nf4 = leer(raiz, "qlora")["repeticiones"][0]
    pagina = leer(raiz, "laboratorio") or {}
    lineas = [
        f"Sin adaptador acierta el {porcentaje(nf4['antes'])} oraciones: copia.",
        "Con él, en la lección 10 (pesos en NF4): con verbos que el ajuste no vio, "
        f"{porcentaje(nf4['prueba'])}; con verbos que semilla nunca leyó, "
        f"{porcentaje(nf4['nunca_leidos'])}.",
        "En oraciones libres, como las que escribirías tú, baja: "
        f"{porcentaje(nf4['libres, vos'])} de vos y "
        f"{porcentaje(nf4['libres, usted'])} de usted.",
        f"Con ser, ir y haber, {porcentaje(nf4['supletivos'])}.",
    ]
    if suyas := pagina.get("aciertos"):
        lineas.append(
            "Con los pesos de 8 bits de esta página: "
            f"{porcentaje(suyas['prueba'])} con verbos que el ajuste no vio; en "
            f"oraciones libres, {porcentaje(suyas['libres, vos'])} de vos y "
            f"{porcentaje(suyas['libres, usted'])} de usted."
        )
    else:
        lineas.append("Con los pesos de 8 bits de esta página: sin medir.")
    lineas.append(
        "Solo aprendió de tú a vos y de tú a usted. Lo demás lo inventa, y también "
        "puede estropear una palabra que bastaba copiar. No lo uses sin revisar."
    )
    return {"lineas": lineas, "errores": pagina.get("errores", [])}


EXPLORADORES: dict[str, Explorador] = {
    "tokenizador": Explorador(
        titulo="tu texto en tokens",
        frase="Escribe un texto y mira en qué piezas lo parte `semilla`, qué número "
        "lleva cada una y cuánto gastan otros tokenizadores en textos parecidos.",
        guiones=(*DEL_TEXTO, "panel-tokenizador.js"),
        leccion="notebooks/01_tokenizacion",
        apartado="5. El impuesto",
        grupo="texto",
        datos=datos_del_tokenizador,
    ),
    "atencion": Explorador(
        titulo="a quién mira cada token",
        frase="Escribe una oración, elige capa y cabeza, y mira cómo reparte cada "
        "token su atención entre los anteriores.",
        guiones=(*DEL_MODELO, "panel-atencion.js"),
        leccion="notebooks/03_transformer",
        apartado="8. ¿Con quién",
        grupo="modelo",
        pesos=("base",),
    ),
    "generacion": Explorador(
        titulo="generar token a token",
        frase="Da un comienzo, mueve la temperatura y los filtros, y mira qué puede "
        "seguir. Avanza de a un token o deja que `semilla` siga sola.",
        guiones=(*DEL_MODELO, "panel-generacion.js"),
        leccion="notebooks/04_generacion",
        apartado="2. La distribución",
        grupo="modelo",
        pesos=("base",),
    ),
    "tratos": Explorador(
        titulo="de tú a vos o a usted",
        frase="Escribe una oración de tú y mira qué responde `semilla` sin el "
        "adaptador de la lección 10 y con él, aciertos y errores.",
        guiones=(*DEL_MODELO, "panel-tratos.js"),
        leccion="notebooks/10_qlora_sft",
        apartado="8. Después",
        grupo="ajuste",
        datos=datos_de_tratos,
        pesos=("base", "adaptador"),
    ),
    # Eficiencia
    "memoria": Explorador(
        titulo="¿Cabe en una T4?",
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


@cache
def generados(raiz: Path) -> dict[str, str]:
    """Los guiones que no están en el repositorio, por su nombre, con su texto."""
    textos = dict(exportar_pagina.guiones())
    trozos = {
        parte: [f"{t}?v={version(textos[t])}" for t in exportar_pagina.trozos_de(parte)]
        for parte in ("base", "adaptador")
    }
    textos["pesos.js"] = f"LABORATORIO.datos.semilla = {json.dumps(trozos)};\n"
    for nombre, uno in EXPLORADORES.items():
        if uno.datos:
            datos = json.dumps(
                uno.datos(raiz), ensure_ascii=False, separators=(",", ":")
            )
            clave = json.dumps(nombre)
            textos[f"datos-{nombre}.js"] = f"LABORATORIO.datos[{clave}] = {datos};\n"
    return textos


def guiones_de(nombre: str, raiz: Path) -> dict[str, str]:
    """Los guiones de un panel, en el orden en que se cargan, con su texto.

    Lanza `ExtensionError` si falta alguno.
    """
    uno, hechos, suyos = EXPLORADORES[nombre], generados(raiz), {}
    de_datos = (f"datos-{nombre}.js",) if uno.datos else ()
    for archivo in (*de_datos, *COMUNES, *uno.guiones):
        ruta = raiz / GUIONES / archivo
        if archivo not in hechos and not ruta.is_file():
            raise ExtensionError(f"Al panel «{nombre}» le falta {archivo}.")
        suyos[archivo] = hechos.get(archivo) or ruta.read_text(encoding="utf-8")
    return suyos


def pesa(nombre: str, raiz: Path) -> str:
    """Lo que se descarga al abrir un panel, para decirlo en su botón: «8,1 MB»."""
    textos = list(guiones_de(nombre, raiz).values())
    for parte in EXPLORADORES[nombre].pesos:
        textos += [generados(raiz)[t] for t in exportar_pagina.trozos_de(parte)]
    return tamano(sum(len(texto.encode("utf-8")) for texto in textos))


def tamano(octetos: int) -> str:
    """Octetos en KB o MB, con coma: «12 KB», «8,1 MB»."""
    if octetos < 1e6:
        return f"{max(1, round(octetos / 1000))} KB"
    return f"{octetos / 1e6:.1f} MB".replace(".", ",")


def con_codigo(frase: str) -> list[nodes.Node]:
    """Los nodos de una frase: lo que va entre acentos graves es código."""
    trozos = frase.split("`")
    return [
        nodes.literal(t, t) if i % 2 else nodes.Text(t) for i, t in enumerate(trozos)
    ]


def panel(nombre: str, raiz: Path, rotulo: str = "Laboratorio: ") -> nodes.section:
    """El apartado de un panel cerrado: título, frase y el sitio que llena `base.js`."""
    uno = EXPLORADORES[nombre]
    titulo = rotulo + uno.titulo
    titulo = titulo[0].upper() + titulo[1:]
    ancla = f"laboratorio-{nombre}"
    seccion = nodes.section(ids=[ancla], names=[], classes=["laboratorio"])
    seccion += nodes.title(titulo, titulo)
    seccion += nodes.paragraph(uno.frase, "", *con_codigo(uno.frase))
    guiones = " ".join(
        f"{archivo}?v={version(texto)}"
        for archivo, texto in guiones_de(nombre, raiz).items()
    )
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
    """Todos los paneles de un grupo."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        self.env.note_reread()
        grupo, raiz = self.arguments[0], Path(self.env.srcdir)
        suyos = [n for n, e in EXPLORADORES.items() if e.grupo == grupo]
        if not suyos:
            hay = ", ".join(dict.fromkeys(e.grupo for e in EXPLORADORES.values()))
            raise self.error(f"laboratorio acepta {hay}; leí {grupo}.")
        return [panel(nombre, raiz, rotulo="") for nombre in suyos]


def poner_guion(app, pagename, templatename, context, doctree) -> None:
    """Pone `base.js` solo en las páginas que tienen algún panel."""
    paneles = doctree is not None and any(
        "laboratorio" in s["classes"] for s in doctree.findall(nodes.section)
    )
    if paneles:
        app.add_js_file("laboratorio/base.js")


def escribir(app, excepcion) -> None:
    """Escribe los guiones generados cuando las hojas ya están podadas.

    Después de `estilos`, que lee todos los guiones: los pesos no nombran clases.
    """
    if excepcion is not None or app.builder.name != "html":
        return
    if not any(e.leccion in app.env.found_docs for e in EXPLORADORES.values()):
        return
    destino = Path(app.outdir, "_static", "laboratorio")
    destino.mkdir(parents=True, exist_ok=True)
    for archivo, texto in generados(Path(app.srcdir)).items():
        (destino / archivo).write_text(texto, encoding="utf-8")


def setup(app) -> dict:
    """Registra la directiva y los momentos en que trabaja."""
    app.add_directive("laboratorio", Laboratorio)
    app.connect("doctree-read", poner_en_lecciones, priority=400)
    app.connect("html-page-context", poner_guion, priority=700)
    app.connect("build-finished", escribir, priority=930)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
