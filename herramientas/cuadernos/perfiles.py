"""Los modelos de cada perfil, y los textos que los nombrarían a mano.

El modelo de un perfil se cambia en un solo sitio, `EN_EL_HUB` de taller/perfil.py. De
ahí lo toman las páginas ({modelo}, en book/_ext/perfiles.py); los cuadernos, que en
Colab se leen crudos, hablan del modelo del perfil sin nombrarlo.
Solo usa la biblioteca estándar: el sitio se construye sin `taller` y sin torch.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

TABLA = "EN_EL_HUB"
# Un párrafo que habla de un perfil; y el apartado que trata de eso entero.
HABLA = re.compile(
    r"\bperfil(?:es)?\b|`t4`|`grande`|\bmodelo (?:ligero|principal)\b"
    r"|\bmodelos del curso\b|\bcon (?:una )?GPU\b",
    re.IGNORECASE,
)
APARTADO = re.compile(r"^#+ +Si tienes una GPU\b")
# «Qwen3-0.6B», «Llama-3.1-70B-SFT»: un nombre que termina en su tamaño, o lo lleva.
CON_TAMANO = r"\b[A-Z]\w*(?:-[\w.]+)*?-\d+(?:\.\d+)?[BbMm]\b(?:-[\w.]*\w)*"


def leer_modelos(raiz: Path) -> dict[str, tuple[str, str]]:
    """Por perfil, (modelo ligero, modelo principal) en el hub, sin importar nada.

    Lanza ValueError si taller/perfil.py no trae la tabla escrita tal cual.
    """
    ruta = Path(raiz) / "taller" / "perfil.py"
    try:
        arbol = ast.parse(ruta.read_text(encoding="utf-8"))
        (tabla,) = [
            ast.literal_eval(n.value)
            for n in arbol.body
            if isinstance(n, (ast.Assign, ast.AnnAssign))
            and any(
                isinstance(d, ast.Name) and d.id == TABLA
                for d in (n.targets if isinstance(n, ast.Assign) else [n.target])
            )
        ]
        return {perfil: (fila[0], fila[1]) for perfil, fila in tabla.items()}
    except (OSError, SyntaxError, ValueError, AttributeError, LookupError) as causa:
        raise ValueError(
            f"No pude leer {TABLA} en taller/perfil.py: debe ser un diccionario "
            "escrito tal cual, con los dos modelos primero en cada fila."
        ) from causa


def nombre_corto(modelo: str) -> str:
    """El nombre sin su dueño: «Qwen/Qwen3-0.6B» → «Qwen3-0.6B»."""
    return modelo.rpartition("/")[2]


def _patron(modelos: dict[str, tuple[str, str]]) -> re.Pattern:
    """Encuentra los modelos de los perfiles, los de su familia y los de su forma."""
    cortos = {nombre_corto(m) for par in modelos.values() for m in par}
    familias = {re.match(r"\w+", corto)[0] for corto in cortos}
    propios = sorted(cortos | familias, key=len, reverse=True)
    opciones = [rf"\b{re.escape(p)}(?:[-.]?\w+)*" for p in propios]
    return re.compile("|".join([*opciones, CON_TAMANO]))


def modelos_a_mano(texto: str, modelos: dict[str, tuple[str, str]]) -> list[str]:
    """Los modelos que un Markdown nombra donde habla de un perfil.

    Mira cada párrafo, punto de lista o fila, y todo el apartado «Si tienes una GPU».
    """
    patron, hallados, nivel = _patron(modelos), [], 0
    for trozo in re.split(r"\n\s*\n|\n(?=\s*[-*|] ?|\s*\d+\. |#)", texto):
        if m := re.match(r"\s*(#+) ", trozo):
            if APARTADO.match(trozo.strip()):
                nivel = len(m[1])
            elif nivel and len(m[1]) <= nivel:
                nivel = 0
        if nivel or HABLA.search(trozo):
            sin_roles = re.sub(r"\{modelo\}`[^`]*`", "", trozo)
            hallados += [m[0] for m in patron.finditer(sin_roles)]
    return list(dict.fromkeys(hallados))
