"""Enlaces para llevarse el curso, a la versión de `pyproject.toml`.

    {descarga}`repositorio`    la página del repositorio
    {descarga}`curso`          el .zip del curso en esta versión
    {descarga}`sitio`          el .zip de este sitio, para leerlo sin red
    {descarga}`pdf`            el PDF; {descarga}`pdf-sin-soluciones`, sin ellas
    {descarga}`epub`           el EPUB, para un lector de libros
    {descarga}`aviso`          el formulario para avisar de algo
    {archivo}`ruta/a/uno.sh`   un archivo del repositorio, en esta versión

Después del nombre puede ir el texto del enlace: {descarga}`curso todo en un .zip`.
Solo para book/*.md.
"""

from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxRole

TEXTOS = {
    "repositorio": "el repositorio",
    "curso": "el curso en un .zip",
    "sitio": "este sitio en un .zip",
    "pdf": "un PDF",
    "pdf-sin-soluciones": "un PDF sin las soluciones",
    "epub": "un EPUB",
    "aviso": "un aviso",
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
        "aviso": f"{repositorio}/issues/new/choose",
    }


class Enlace(SphinxRole):
    """Un enlace a algo del repositorio, o una frase con lo que está mal."""

    def fallar(self, mensaje: str):
        """La frase, en la construcción y en el lugar del enlace."""
        aviso = self.inliner.reporter.error(mensaje, line=self.lineno)
        return [self.inliner.problematic(self.rawtext, self.rawtext, aviso)], [aviso]

    def run(self):
        nombre, _, texto = self.text.partition(" ")
        return self.enlazar(nombre, texto)


class Descarga(Enlace):
    """Un enlace a una de las descargas."""

    def enlazar(self, cual: str, texto: str):
        destinos = direcciones(self.env.app.sitio_proyecto)
        if cual not in destinos:
            aceptadas = ", ".join(destinos)
            return self.fallar(f"{{descarga}} acepta {aceptadas}; leí «{cual}».")
        nodo = nodes.reference("", texto or TEXTOS[cual], refuri=destinos[cual])
        return [nodo], []


class Archivo(Enlace):
    """Un enlace a un archivo del repositorio, con la etiqueta de esta versión."""

    def enlazar(self, ruta: str, texto: str):
        if not (Path(self.env.app.srcdir) / ruta).is_file():
            return self.fallar(f"{{archivo}} pide un archivo del curso; leí «{ruta}».")
        proyecto = self.env.app.sitio_proyecto
        destino = f"{proyecto['repositorio']}/blob/{proyecto['etiqueta']}/{ruta}"
        return [nodes.reference("", texto or Path(ruta).name, refuri=destino)], []


def setup(app) -> dict:
    """Registra los dos papeles."""
    app.setup_extension("perfiles")  # pone la raíz del curso al alcance de import
    app.add_role("descarga", Descarga())
    app.add_role("archivo", Archivo())
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
