"""Enlaces para llevarse el curso, a la versión de `pyproject.toml`.

    {descarga}`repositorio`    la página del repositorio
    {descarga}`curso`          el .zip del curso en esta versión
    {descarga}`sitio`          el .zip de este sitio, para leerlo sin red

Después del nombre puede ir el texto del enlace: {descarga}`curso todo en un .zip`.
Solo para book/*.md.
"""

from docutils import nodes
from sphinx.util.docutils import SphinxRole

TEXTOS = {
    "repositorio": "el repositorio",
    "curso": "el curso en un .zip",
    "sitio": "este sitio en un .zip",
}


def direcciones(proyecto: dict[str, str]) -> dict[str, str]:
    """La dirección de cada descarga, con la etiqueta de esta versión."""
    from herramientas.empaquetar import nombre_del_zip

    repositorio, etiqueta = proyecto["repositorio"], proyecto["etiqueta"]
    zip_del_sitio = nombre_del_zip(proyecto["version"])
    return {
        "repositorio": repositorio,
        "curso": f"{repositorio}/archive/refs/tags/{etiqueta}.zip",
        "sitio": f"{repositorio}/releases/download/{etiqueta}/{zip_del_sitio}",
    }


class Descarga(SphinxRole):
    """Un enlace a una de las descargas."""

    def run(self):
        cual, _, texto = self.text.partition(" ")
        destinos = direcciones(self.env.app.sitio_proyecto)
        if cual not in destinos:
            mensaje = f"{{descarga}} acepta {', '.join(destinos)}; leí «{cual}»."
            aviso = self.inliner.reporter.error(mensaje, line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, aviso)], [
                aviso
            ]
        nodo = nodes.reference("", texto or TEXTOS[cual], refuri=destinos[cual])
        return [nodo], []


def setup(app) -> dict:
    """Registra el papel."""
    app.setup_extension("perfiles")  # pone la raíz del curso al alcance de import
    app.add_role("descarga", Descarga())
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
