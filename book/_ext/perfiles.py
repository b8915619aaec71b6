"""El nombre del modelo de un perfil, tomado de taller/perfil.py.

    {modelo}`t4`           el principal, con el que se hace el ajuste fino
    {modelo}`t4 ligero`    el de las prácticas cortas

Solo para book/*.md: un cuaderno se lee también en Colab, que no conoce los papeles.
"""

import sys
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxRole

CASA = str(Path(__file__).resolve().parents[2])
if CASA not in sys.path:  # «jupyter-book build» no siempre se corre desde la raíz
    sys.path.append(CASA)

from herramientas.cuadernos.perfiles import leer_modelos, nombre_corto  # noqa: E402


class Modelo(SphinxRole):
    """Un enlace al modelo del perfil, con su nombre corto."""

    def run(self):
        raiz = Path(self.env.srcdir)
        self.env.note_dependency(str(raiz / "taller" / "perfil.py"))
        perfil, _, cual = self.text.partition(" ")
        try:
            modelos = leer_modelos(raiz)
            if perfil not in modelos or cual not in ("", "ligero"):
                raise ValueError(
                    f"{{modelo}} acepta {', '.join(modelos)}, y «ligero» después; leí "
                    f"«{self.text}»."
                )
        except ValueError as causa:
            aviso = self.inliner.reporter.error(str(causa), line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, aviso)], [
                aviso
            ]
        modelo = modelos[perfil][0 if cual else 1]
        destino = f"https://huggingface.co/{modelo}"
        return [nodes.reference("", nombre_corto(modelo), refuri=destino)], []


def setup(app) -> dict:
    """Registra el papel."""
    app.add_role("modelo", Modelo())
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
