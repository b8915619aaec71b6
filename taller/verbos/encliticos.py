"""Los pronombres que se pegan al imperativo: cuáles van juntos y en qué orden.

Fuente: RAE y ASALE, Nueva gramática de la lengua española (2009), capítulo 16.
"""

import re

from ..errores import ErrorDelTaller

_GRUPO = re.compile("(se)?(te|os)?(me|nos)?(l[ao]s?|les?)?")
_DE_QUIEN = {"te": ("tú", "vos", "chileno"), "os": ("vosotros",)}


def revisar_encliticos(grupo: str, persona: str, verbo: str) -> None:
    """Comprueba que el grupo exista y que esa persona lo admita.

    Argumentos: `grupo`, los pronombres juntos y en orden, el reflexivo incluido
    («melo», «se»); `persona`, la del imperativo; `verbo`, para nombrarlo.
    Errores: ErrorDelTaller, con la razón.
    """
    partes = _GRUPO.fullmatch(grupo)
    if not partes:
        raise ErrorDelTaller(
            f"«{grupo}» no es un grupo de pronombres. Van en este orden, cada uno si "
            "hace falta: se; te u os; me o nos; lo, la, los, las, le o les."
        )
    se, segunda, primera, tercera = partes.groups()
    if segunda and persona not in _DE_QUIEN[segunda]:
        raise ErrorDelTaller(f"«{segunda}» no va con el imperativo de {persona}.")
    if not se or persona in ("usted", "ustedes"):
        return
    if segunda or primera or not tercera or tercera in ("le", "les"):
        raise ErrorDelTaller(
            f"Con {persona}, «se» solo va ante lo, la, los o las (díselo). El "
            f"reflexivo sale solo: escribe «{verbo}se»."
        )


def revisar_union(forma: str, grupo: str) -> None:
    """Comprueba que la unión se pueda escribir: «sal» + «le» se leería «salle».

    Errores: ErrorDelTaller si no se puede.
    """
    if forma.endswith("l") and grupo.startswith("l"):
        raise ErrorDelTaller(
            f"«{forma}» + «{grupo}» no se puede escribir: la doble ele se leería como "
            "elle. Di lo mismo de otra manera."
        )
