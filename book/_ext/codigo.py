"""Código más ligero: sin las marcas de color que no cambian el color.

Pygments envuelve cada nombre y cada paréntesis. Si en los dos temas salen del color del
texto, la marca sobra: una lección pierde más de la mitad de sus elementos.
"""

import re

from pygments.styles import get_style_by_name
from pygments.token import STANDARD_TYPES, Text

BLOQUE = re.compile(r'(<div class="highlight"><pre\b[^>]*>)(.*?)(</pre>)', re.DOTALL)


def llanas(*estilos: str) -> set[str]:
    """Las clases de Pygments que en todos esos estilos se ven como el texto."""
    salida = set()
    for tipo, clase in STANDARD_TYPES.items():
        usados = [get_style_by_name(nombre) for nombre in estilos]
        iguales = all(
            estilo.style_for_token(tipo) == estilo.style_for_token(Text)
            for estilo in usados
        )
        if clase and iguales:
            salida.add(clase)
    return salida


def aligerar(html: str, clases: set[str]) -> str:
    """Quita de los bloques de código las marcas de esas clases; el texto se queda."""
    marca = re.compile(rf'<span class="(?:{"|".join(sorted(clases))})">([^<]*)</span>')

    def bloque(hallado: re.Match) -> str:
        antes, codigo, despues = hallado.groups()
        return antes + marca.sub(r"\1", codigo) + despues

    return BLOQUE.sub(bloque, html) if clases else html
