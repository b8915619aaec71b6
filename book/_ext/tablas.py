"""Tablas que el libro no copia a mano: minutos de cada lección y cifras de resultados/.

Directivas (solo para book/*.md):

    ```{minutos}
    ```
    ```{medidas} semilla
    ```
    ```{horario} cuatro-horas
    ```
    ```{lectura}
    ```
    ```{camino}
    ```

`medidas` acepta los nombres de `cifras.TABLAS`: `semilla`, `qlora`, `conjugador`…
Donde falta el archivo, la tabla dice «sin medir». Tampoco se copia el nombre del modelo
de un perfil: lo pone {modelo}, en el módulo `perfiles`.
"""

import json
import re
import sys
from pathlib import Path

from cifras import TABLAS
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

CASA = str(Path(__file__).resolve().parents[2])
if CASA not in sys.path:  # «jupyter-book build» no siempre se corre desde la raíz
    sys.path.append(CASA)

from herramientas.sala import horario, lectura  # noqa: E402

RESULTADOS = Path("taller", "recursos", "resultados")
SIN_MEDIR = "*Sin medir todavía.*"
APARTADO = re.compile(r"^##\s+(.+?)\s+·\s+(\d+)\s*min\s*$", re.MULTILINE)
TITULO = re.compile(r"^#\s+(.+?)\s*$", re.MULTILINE)


def leer_json(ruta: Path) -> dict:
    """Lee un JSON; lanza `ExtensionError` con el nombre del archivo si está dañado."""
    try:
        return json.loads(ruta.read_text(encoding="utf-8"))
    except (OSError, ValueError) as causa:
        raise ExtensionError(f"No pude leer {ruta.name}: {causa}") from causa


def minutos_de(cuaderno: Path) -> tuple[str, list[tuple[str, int]]]:
    """Título de una lección y sus apartados con minutos, leídos de sus encabezados."""
    celdas = leer_json(cuaderno)["cells"]
    texto = "\n".join(
        "".join(celda["source"]) for celda in celdas if celda["cell_type"] == "markdown"
    )
    titulo = TITULO.search(texto)
    nombre = titulo.group(1) if titulo else cuaderno.stem
    return nombre, [(t, int(m)) for t, m in APARTADO.findall(texto)]


def de_estudio(cuaderno: Path) -> str:
    """La línea de una lección: lectura, ejecución, estudio y lo que se escribe."""
    from herramientas.cuadernos import huecos, leer
    from herramientas.sala import estudio

    hecho = leer.leer(cuaderno)
    cuenta = estudio.contar(hecho)
    ritmo = cuenta.letras / leer.minutos(hecho).en_vivo
    return (
        f"Lectura {cuenta.lectura:.0f} min · Ejecución {cuenta.ejecucion} min · "
        f"Estudio {cuenta.minutos} min. Se escriben {cuenta.letras} caracteres: "
        f"{ritmo:.0f} por minuto en vivo, de {huecos.POR_MINUTO} como mucho."
    )


def en_orden(raiz: Path, paginas) -> list[str]:
    """Los cuadernos de `paginas`, en el orden de `_toc.yml`."""
    indice = (raiz / "_toc.yml").read_text(encoding="utf-8")
    nombres = re.findall(r"\bfile: *[\"']?(notebooks/[\w.-]+)", indice)
    return [n for n in nombres if n in paginas]


class Generada(SphinxDirective):
    """Base: convierte líneas de Markdown en nodos y anota de qué archivos dependen."""

    def nodos(self, lineas: list[str]) -> list[nodes.Node]:
        contenedor = nodes.container(classes=["tabla-generada"])
        self.state.nested_parse(StringList(lineas, "tablas.py"), 0, contenedor)
        return contenedor.children

    def anotar(self, ruta: Path) -> Path:
        self.env.note_dependency(str(ruta))
        return ruta


class Minutos(Generada):
    """Tabla de minutos en vivo por apartado, de los encabezados de cada cuaderno."""

    def run(self) -> list[nodes.Node]:
        self.env.note_reread()
        lineas: list[str] = []
        for pagina in en_orden(Path(self.env.srcdir), self.env.found_docs):
            cuaderno = Path(self.env.srcdir) / f"{pagina}.ipynb"
            if not cuaderno.exists():
                continue
            titulo, apartados = minutos_de(self.anotar(cuaderno))
            lineas += [f"**[{titulo}](/{pagina}.ipynb)**", ""]
            if not apartados:
                lineas += ["Sin minutos anotados.", ""]
                continue
            lineas += [de_estudio(cuaderno), ""]
            lineas += ["| apartado | minutos | reloj |", "|---|---:|---:|"]
            reloj = 0
            for nombre, minutos in apartados:
                reloj += minutos
                hora = f"{reloj // 60}:{reloj % 60:02d}"
                lineas.append(f"| {nombre} | {minutos} | {hora} |")
            lineas += [f"| **Total** | **{reloj}** | |", ""]
        return self.nodos(lineas)


class Camino(Generada):
    """Los minutos de lo esencial en cada lección del camino más corto."""

    def run(self) -> list[nodes.Node]:
        from herramientas.cuadernos import leer
        from herramientas.sala import estudio

        self.env.note_reread()
        lineas = ["| lección | en vivo, min | por tu cuenta, min |", "|---|---:|---:|"]
        for ruta in leer.rutas(estudio.CORTO):
            cuaderno = leer.leer(self.anotar(ruta))
            suyas = [
                s.minutos
                for s in leer.secciones(cuaderno)
                if s.titulo.endswith(" (esencial)")
            ]
            a_solas = estudio.contar(cuaderno, esencial=True).minutos
            lineas.append(f"| [](/notebooks/{ruta.name}) | {sum(suyas)} | {a_solas} |")
        return self.nodos(lineas)


class Medidas(Generada):
    """Tabla con las cifras que un programa dejó en resultados/."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        if self.arguments[0] not in TABLAS:
            nombres = ", ".join(TABLAS)
            raise self.error(f"medidas acepta {nombres}; leí {self.arguments[0]}.")
        self.env.note_reread()
        patron, hacer = TABLAS[self.arguments[0]]
        rutas = sorted((Path(self.env.srcdir) / RESULTADOS).glob(patron))
        lineas: list[str] = []
        for ruta in rutas:
            try:
                lineas += [*hacer(leer_json(self.anotar(ruta))), ""]
            except (KeyError, TypeError) as causa:
                raise self.error(f"A {ruta.name} le falta {causa}.") from causa
        return self.nodos(lineas or [SIN_MEDIR])


class Horario(Generada):
    """El horario de un taller, con los minutos que dicen los cuadernos."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        self.env.note_reread()
        try:
            return self.nodos(horario.pagina(self.arguments[0], Path(self.env.srcdir)))
        except horario.ErrorDeHorario as causa:
            raise self.error(str(causa)) from causa


class Lectura(Generada):
    """Qué lee en una hora quien va a dar el taller, con los minutos contados."""

    def run(self) -> list[nodes.Node]:
        self.env.note_reread()
        try:
            return self.nodos(lectura.pagina(Path(self.env.srcdir)))
        except ValueError as causa:
            raise self.error(str(causa)) from causa


def setup(app) -> dict:
    """Registra las cinco directivas y el papel de los modelos."""
    app.setup_extension("perfiles")
    app.add_directive("minutos", Minutos)
    app.add_directive("medidas", Medidas)
    app.add_directive("horario", Horario)
    app.add_directive("lectura", Lectura)
    app.add_directive("camino", Camino)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
