"""Los esqueletos y las láminas de cada lección: se escriben y se enlazan.

Directiva (solo para book/*.md): la tabla de lecciones con su esqueleto para descargar,
su botón de Colab y sus láminas.

    ```{esqueletos}
    ```

Los archivos se escriben al terminar el sitio, en su carpeta en-vivo/. No se copian a
mano: salen de los cuadernos.
"""

import html
from pathlib import Path

from docutils import nodes
from sitio import enlace_colab
from tablas import Generada, en_orden, minutos_de


def filas(raiz: Path, paginas, proyecto: dict[str, str]) -> list[tuple[str, ...]]:
    """Por lección: título, página, esqueleto, Colab y láminas.

    Las direcciones son relativas a una página de book/, menos la de Colab.
    """
    from herramientas.sala import esqueletos

    rama = esqueletos.rama(proyecto["version"])
    salida = []
    for pagina in en_orden(raiz, paginas):
        cuaderno = raiz / f"{pagina}.ipynb"
        if cuaderno.exists():
            base = f"../{esqueletos.CARPETA}/{cuaderno.stem}"
            colab = enlace_colab(proyecto, cuaderno.stem, rama)
            titulo = minutos_de(cuaderno)[0]
            salida.append(
                (titulo, f"../{pagina}.html", f"{base}.ipynb", colab, f"{base}.html")
            )
    return salida


class Esqueletos(Generada):
    """Tabla: lección, esqueleto, Colab y láminas."""

    def run(self) -> list[nodes.Node]:
        self.env.note_reread()
        hechas = []
        for titulo, pagina, cuaderno, colab, laminas in filas(
            Path(self.env.srcdir), self.env.found_docs, self.env.app.sitio_proyecto
        ):
            cual = titulo.partition(" ·")[0]
            cual = f"lección {cual}" if cual.isdigit() else cual
            celdas = [f'<a href="{pagina}">{html.escape(titulo)}</a>']
            for que, destino, extra in (
                ("Cuaderno", cuaderno, " download"),
                ("Colab", colab, ""),
                ("Láminas", laminas, ""),
            ):
                nombre = html.escape(f"{que}, {cual}")
                celdas.append(
                    f'<a href="{destino}" aria-label="{nombre}"{extra}>{que}</a>'
                )
            hechas.append("<tr><td>" + "</td><td>".join(celdas) + "</td></tr>")
        cabeza = "</th><th>".join(
            ("lección", "esqueleto", "en la red", "para proyectar")
        )
        texto = (
            f'<div class="pst-scrollable-table-container"><table class="table">'
            f"<thead><tr><th>{cabeza}</th></tr></thead>"
            f"<tbody>{''.join(hechas)}</tbody></table></div>"
        )
        return [nodes.raw("", texto, format="html")]


def escribir(app, excepcion) -> None:
    """Escribe los esqueletos y las láminas en el sitio ya construido."""
    if excepcion is not None or app.builder.name != "html":
        return
    from herramientas.sala import esqueletos

    salida = Path(app.outdir) / esqueletos.CARPETA
    direccion = app.sitio_proyecto["sitio"]
    esqueletos.escribir(Path(app.srcdir), salida, "../_static/katex/", direccion)


def setup(app) -> dict:
    """Registra la directiva y el final de la construcción."""
    app.setup_extension("tablas")
    app.add_directive("esqueletos", Esqueletos)
    # Después de retocar las páginas (900) y antes de recortar las letras (910), que
    # también miran las fórmulas de las láminas.
    app.connect("build-finished", escribir, priority=907)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
