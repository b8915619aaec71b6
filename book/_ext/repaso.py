"""Preguntas de repaso con una explicación por opción, leídas de autoevaluacion.yaml.

    ```{autoevaluacion} texto
    ```

Cada opción es un `<details>`: al abrirla se lee si es la correcta y por qué. Funciona
sin guiones; con `avance.js`, el navegador recuerda lo que se eligió primero.
Solo para book/*.md. En un cuaderno las enseña `taller.repaso`, del mismo archivo.
"""

import random
from pathlib import Path

import yaml
from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

DATOS = Path("taller", "recursos", "autoevaluacion.yaml")
OPCIONES = 3


def leer(ruta: Path) -> dict[str, list[dict]]:
    """Las preguntas de cada parte; la primera opción de cada una es la correcta.

    Lanza `ExtensionError`, con la pregunta, si a alguna le falta algo.
    """
    try:
        partes = yaml.safe_load(ruta.read_text(encoding="utf-8"))
        for parte, preguntas in partes.items():
            for numero, una in enumerate(preguntas, 1):
                dichas = [texto for opcion in una["opciones"] for texto in opcion]
                completa = len(dichas) == 2 * OPCIONES and una["lecciones"]
                textos = [una["pregunta"], *dichas]
                if not completa or not all(isinstance(t, str) and t for t in textos):
                    raise ValueError(f"la pregunta {numero} de «{parte}»")
    except (OSError, LookupError, TypeError, AttributeError, ValueError) as causa:
        raise ExtensionError(f"{ruta.name} está mal escrito: {causa}.") from causa
    except yaml.YAMLError as causa:
        raise ExtensionError(f"{ruta.name} no es YAML: {causa}") from causa
    return partes


def en_orden(pregunta: str, opciones: list) -> list[tuple[bool, str, str]]:
    """Cada opción (¿es la correcta?, texto, por qué), en un orden fijo sin pista."""
    todas = [(i == 0, texto, razon) for i, (texto, razon) in enumerate(opciones)]
    random.Random(pregunta).shuffle(todas)
    return todas


class Autoevaluacion(SphinxDirective):
    """Las preguntas de una parte."""

    required_arguments = 1

    def frase(self, texto: str) -> list[nodes.Node]:
        hechos, avisos = self.state.inline_text(texto, self.lineno)
        return hechos + avisos

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(Path(self.env.srcdir) / DATOS))
        partes = leer(Path(self.env.srcdir) / DATOS)
        parte = self.arguments[0]
        if parte not in partes:
            acepta = ", ".join(partes)
            raise self.error(f"autoevaluacion acepta {acepta}; leí {parte}.")
        salida = [html(f'<div class="repaso" data-parte="{parte}">')]
        for numero, una in enumerate(partes[parte], 1):
            salida += self.pregunta(f"{parte}-{numero}", numero, una)
        return [*salida, html("</div>")]

    def pregunta(self, clave: str, numero: int, una: dict) -> list[nodes.Node]:
        que = " y ".join(una["lecciones"])
        titulo = nodes.paragraph("", f"{numero}. ", classes=["enunciado"])
        titulo += self.frase(una["pregunta"])
        titulo += nodes.Text(f" (lección {que})")
        hechos = [html(f'<div class="pregunta" data-clave="{clave}">'), titulo]
        for bien, texto, razon in en_orden(una["pregunta"], una["opciones"]):
            clase = "opcion buena" if bien else "opcion"
            hechos.append(html(f'<details class="{clase}" name="{clave}"><summary>'))
            hechos += [nodes.inline("", "", *self.frase(texto)), html("</summary>")]
            veredicto = nodes.strong("", "Sí." if bien else "No.")
            hechos.append(
                nodes.paragraph("", "", veredicto, nodes.Text(" "), *self.frase(razon))
            )
            hechos.append(html("</details>"))
        return [*hechos, html("</div>")]


def html(texto: str) -> nodes.raw:
    """Un trozo de HTML tal cual."""
    return nodes.raw("", texto, format="html")


def setup(app) -> dict:
    """Registra la directiva y el guion que recuerda el avance."""
    app.add_directive("autoevaluacion", Autoevaluacion)
    app.add_js_file("avance.js")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
