"""Los bloques de la lección 02 que pueden viajar a otro proceso, para `datatrove`.

Un bloque hecho en un cuaderno usa nombres que solo existen ahí; en otro proceso, o en
otra máquina, fallan. Estos son clases de un módulo instalado: reciben su estado al
crearse, lo llevan consigo al serializarse, e importan lo pesado donde lo usan. Piden el
extra `corpus` o el extra `escala`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from datatrove.data import Document
from datatrove.pipeline.filters.base_filter import BaseFilter
from datatrove.pipeline.formatters.base import BaseFormatter
from datatrove.utils.word_tokenizers import WordTokenizer


class SoloCampo(BaseFilter):
    """Deja pasar los documentos cuyo metadato `campo` está entre los `permitidos`."""

    name = "solo campo"

    def __init__(self, campo: str, permitidos: Iterable[str]):
        super().__init__()
        self.campo, self.permitidos = campo, frozenset(permitidos)

    def filter(self, doc: Document) -> bool:
        return doc.metadata[self.campo] in self.permitidos


class QuitarLineas(BaseFormatter):
    """Quita del texto las líneas que son iguales a una de `lineas`."""

    name = "quitar líneas"

    def __init__(self, lineas: Iterable[str]):
        super().__init__()
        self.lineas = frozenset(lineas)

    def format(self, text: str) -> str:
        return "\n".join(x for x in text.split("\n") if x not in self.lineas)


class SoloLengua(BaseFilter):
    """Deja pasar los textos en `lengua`, elegida entre `candidatas` por py3langid.

    Las candidatas son estado: sin ellas, cada proceso elegiría entre todas las lenguas
    del modelo y algunos textos cambiarían de lado.
    """

    name = "solo lengua"

    def __init__(self, lengua: str, candidatas: Iterable[str]):
        super().__init__()
        self.lengua, self.candidatas = lengua, tuple(candidatas)

    def filter(self, doc: Document) -> bool:
        return _identificador(self.candidatas).classify(doc.text)[0] == self.lengua


class Tapar(BaseFormatter):
    """Cambia lo que halle cada patrón por su etiqueta; `patrones`, {etiqueta: patrón}.

    Se aplican en orden: el primero que halla un dato es el que lo nombra.
    """

    name = "tapar datos"

    def __init__(self, patrones: dict[str, str]):
        super().__init__()
        self.patrones = dict(patrones)

    def format(self, text: str) -> str:
        for etiqueta, patron in self.patrones.items():
            text = re.sub(patron, f"[{etiqueta}]", text)
        return text


class Palabras(WordTokenizer):
    """Corta palabras sin descargar nada; MinHash solo usa el primer método."""

    def word_tokenize(self, text: str) -> list[str]:
        return re.findall(r"\w+", text)

    sent_tokenize = span_tokenize = word_tokenize


@cache
def _identificador(candidatas: tuple[str, ...]):
    """Un identificador de lenguas propio de este proceso, con esas candidatas."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identificador = LanguageIdentifier.from_model_file(MODEL_FILE)
    identificador.set_languages(list(candidatas))
    return identificador
