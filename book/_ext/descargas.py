"""Enlaces para llevarse el curso, a la versión de `pyproject.toml`.

    {descarga}`repositorio`    la página del repositorio
    {descarga}`curso`          el .zip del curso en esta versión
    {descarga}`sitio`          el .zip de este sitio, para leerlo sin red
    {descarga}`pdf`            el PDF; {descarga}`pdf-sin-soluciones`, sin ellas
    {descarga}`epub`           el EPUB, para un lector de libros

Después del nombre puede ir el texto del enlace: {descarga}`curso todo en un .zip`.
Solo para book/*.md.
"""

from docutils import nodes
from sphinx.util.docutils import SphinxRole

TEXTOS = {
    "repositorio": "el repositorio",
    "curso": "el curso en un .zip",
    "sitio": "este sitio en un .zip",
    "pdf": "un PDF",
    "pdf-sin-soluciones": "un PDF sin las soluciones",
    "epub": "un EPUB",
}


def direcciones(proyecto: dict[str, str]) -> dict[str, str]:
    """La dirección de cada descarga, con la etiqueta de esta versión."""
    from herramientas.empaquetar import nombre_de, nombre_del_zip

    repositorio, etiqueta = proyecto["repositorio"], proyecto["etiqueta"]
    version = proyecto["version"]
    archivos = {
        "sitio": nombre_del_zip(version),
        "pdf": nombre_de(version, "pdf"),
        "pdf-sin-soluciones": nombre_de(version, "pdf", con_soluciones=False),
        "epub": nombre_de(version, "epub"),
    }
    publicados = f"{repositorio}/releases/download/{etiqueta}/"
    return {
        "repositorio": repositorio,
        "curso": f"{repositorio}/archive/refs/tags/{etiqueta}.zip",
        **{cual: publicados + archivo for cual, archivo in archivos.items()},
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
