"""Las preguntas de repaso de cada parte, sin salir del cuaderno.

    from taller.repaso import repasar
    repasar("texto")        o repasar(1); también «modelo», «eficiencia» y «ajuste»

En una terminal: python -m taller.repaso texto

En un cuaderno cada opción se abre con un clic y dice si es la correcta y por qué. No
pide ipywidgets ni red. Son las mismas preguntas de la página «Autoevaluación».
"""

from __future__ import annotations

import html
import random
import sys

import yaml

from .errores import ErrorDelTaller
from .recursos import CARPETA

DATOS = CARPETA / "autoevaluacion.yaml"
ESTILO = "border:1px solid #8886;border-radius:6px;padding:4px 12px;margin:4px 0"


def leer() -> dict[str, list[dict]]:
    """Las preguntas de cada parte; la primera opción de cada una es la correcta.

    Cada pregunta es un diccionario con `pregunta` (texto), `lecciones` (números) y
    `opciones`: tres parejas de texto y explicación.
    Errores: ErrorDelTaller si falta el archivo o no se entiende.
    """
    try:
        return yaml.safe_load(DATOS.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as causa:
        raise ErrorDelTaller(
            f"No pude leer {DATOS.name}: instala otra vez el curso ({causa})."
        ) from causa


def en_orden(pregunta: str, opciones: list) -> list[tuple[bool, str, str]]:
    """Cada opción (¿es la correcta?, texto, por qué), en el orden de la página."""
    todas = [(i == 0, texto, razon) for i, (texto, razon) in enumerate(opciones)]
    random.Random(pregunta).shuffle(todas)
    return todas


class Repaso:
    """Lo que devuelve `repasar`: HTML en un cuaderno, texto en una terminal.

    En texto, las respuestas van al final.
    """

    def __init__(self, parte: str, preguntas: list[dict]) -> None:
        self.parte, self.preguntas = parte, preguntas

    def _repr_html_(self) -> str:
        """El HTML; las fórmulas entre $ las dibuja el propio cuaderno."""
        piezas = []
        for numero, una in enumerate(self.preguntas, 1):
            que = " y ".join(una["lecciones"])
            enunciado = f"{numero}. {una['pregunta']} (lección {que})"
            piezas.append(f"<p><strong>{html.escape(enunciado)}</strong></p>")
            for bien, texto, razon in en_orden(una["pregunta"], una["opciones"]):
                piezas.append(
                    f'<details style="{ESTILO}"><summary>{html.escape(texto)}'
                    f"</summary><p><strong>{'Sí.' if bien else 'No.'}</strong> "
                    f"{html.escape(razon)}</p></details>"
                )
        return f'<div lang="es">{"".join(piezas)}</div>'

    def __repr__(self) -> str:
        preguntas, respuestas = [], ["Respuestas", ""]
        for numero, una in enumerate(self.preguntas, 1):
            preguntas.append(f"{numero}. {una['pregunta']}")
            opciones = en_orden(una["pregunta"], una["opciones"])
            for letra, (bien, texto, razon) in zip("abc", opciones, strict=True):
                preguntas.append(f"   {letra}) {texto}")
                if bien:
                    respuestas.append(f"{numero}. {letra}) {razon}")
            preguntas.append("")
        return "\n".join([*preguntas, *respuestas])


def repasar(parte: str | int) -> Repaso:
    """Las preguntas de una parte del curso, para mostrarlas en un cuaderno.

    Argumentos: `parte`, su nombre o su número, desde 1.
    Errores: ErrorDelTaller si esa parte no existe.
    """
    partes = leer()
    nombres = list(partes)
    if type(parte) is int and 1 <= parte <= len(nombres):
        parte = nombres[parte - 1]
    if parte not in nombres:
        hay = ", ".join(f"«{n}» ({i})" for i, n in enumerate(nombres, 1))
        raise ErrorDelTaller(f"No hay preguntas de «{parte}»: las partes son {hay}.")
    return Repaso(parte, partes[parte])


def principal(argumentos: list[str]) -> int:
    """Imprime las preguntas de una parte."""
    if len(argumentos) != 1:
        print("Di una parte: python -m taller.repaso texto", file=sys.stderr)
        return 2
    (dicha,) = argumentos
    try:
        print(repasar(int(dicha) if dicha.isdecimal() else dicha))
    except ErrorDelTaller as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
