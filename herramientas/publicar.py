"""Dice si todo está listo para publicar una versión, y qué órdenes hay que escribir.

    make publicar                       revisa, corre «make pruebas» y da las órdenes
    make publicar ARGS=--sin-pruebas    lo mismo, sin correr las pruebas

Publicar es poner la etiqueta `v` + versión: de ella salen la página, el botón de Colab
y el paquete que instala la primera celda, así que los tres son siempre iguales. Este
programa no habla con nadie ni cambia nada: las órdenes las escribe una persona.

La página se construye en GitHub, que antes comprueba su etiqueta sin instalar nada:

    python -m herramientas.publicar --referencia refs/tags/v1.2.3
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path

from herramientas.sala import esqueletos

RAIZ = Path(__file__).resolve().parent.parent
# Archivos con la dirección del curso escrita a mano; las demás salen de pyproject.toml.
CON_DIRECCION = (
    "README.md",
    "CITATION.cff",
    "LICENSE-CONTENIDO",
    "taller/recursos/lm_eval/variedades/README.md",
)
# La imagen del hub lleva la versión del curso.
VALORES = "herramientas/sala/hub/valores.yaml"
DIRECCION = re.compile(r"https://(?:github\.com/|[\w-]+\.github\.io)[^\s\"'<>),}]*")


def proyecto(raiz: Path = RAIZ) -> dict[str, str]:
    """Versión, etiqueta, repositorio y sitio, como los dice pyproject.toml."""
    datos = tomllib.loads((raiz / "pyproject.toml").read_text("utf-8"))["project"]
    return {
        "version": datos["version"],
        "etiqueta": f"v{datos['version']}",
        "repositorio": datos["urls"]["Repositorio"],
        "sitio": datos["urls"]["Sitio"],
    }


def de_la_referencia(referencia: str, raiz: Path = RAIZ) -> list[str]:
    """¿Es la etiqueta de esta versión? La pregunta el flujo que publica la página."""
    etiqueta = proyecto(raiz)["etiqueta"]
    if referencia == f"refs/tags/{etiqueta}":
        return []
    return [
        f"«{referencia}» no es la etiqueta {etiqueta} que corresponde a la versión de "
        "pyproject.toml: publica desde esa etiqueta o corrige la versión y haz otra."
    ]


# --- Lo que debe coincidir ----------------------------------------------------------


def fecha_del_cambio(raiz: Path = RAIZ) -> tuple[date | None, str]:
    """La fecha de la sección de esta versión en CHANGELOG.md, o la falta que tiene."""
    version = proyecto(raiz)["version"]
    forma = f"«## {version} ({date.today()})»"
    cambios = (raiz / "CHANGELOG.md").read_text("utf-8")
    seccion = re.search(rf"^## {re.escape(version)}(?: \((.*)\))?\s*$", cambios, re.M)
    if not seccion:
        return (
            None,
            f"CHANGELOG.md no tiene la sección {version}: escríbela con {forma}.",
        )
    try:
        return date.fromisoformat(seccion[1] or ""), ""
    except ValueError:
        return None, (
            f"En CHANGELOG.md, la sección {version} no tiene fecha: pon la del día en "
            f"que publicas, {forma}."
        )


def de_la_version(raiz: Path = RAIZ) -> list[str]:
    """Lo escrito a mano dice la versión de pyproject.toml, y la misma fecha."""
    import yaml

    esta = proyecto(raiz)
    fecha, falta = fecha_del_cambio(raiz)
    faltas = [falta] if falta else []
    if not re.fullmatch(r"\d+\.\d+\.\d+", esta["version"]):
        faltas.append(
            f"La versión «{esta['version']}» de pyproject.toml no son tres números con "
            "puntos: escríbela así, como 1.2.0."
        )
    cita = yaml.safe_load((raiz / "CITATION.cff").read_text("utf-8"))
    if str(cita.get("version")) != esta["version"]:
        faltas.append(
            f"CITATION.cff dice la versión {cita.get('version')} y pyproject.toml, "
            f"{esta['version']}: cámbiala en CITATION.cff."
        )
    citada = cita.get("date-released")
    if citada is None or str(citada) != str(fecha):
        dice = f"dice date-released: {citada}" if citada else "no tiene date-released"
        faltas.append(
            f"CITATION.cff {dice}: escribe «date-released: {fecha or date.today()}», "
            "la misma fecha de CHANGELOG.md."
        )
    hub = yaml.safe_load((raiz / VALORES).read_text("utf-8"))
    imagen = hub["singleuser"]["image"]["tag"]
    if str(imagen) != esta["version"]:
        faltas.append(
            f"{VALORES} pide la imagen {imagen} y pyproject.toml dice "
            f"{esta['version']}: cambia ahí singleuser.image.tag."
        )
    return faltas


def de_las_direcciones(raiz: Path = RAIZ) -> list[str]:
    """Lo escrito a mano nombra el repositorio y el sitio de pyproject.toml."""
    esta = proyecto(raiz)
    propias = [esta["repositorio"].rstrip("/"), esta["sitio"].rstrip("/")]
    faltas = []
    if not re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+", propias[0]):
        faltas.append(
            f"El Repositorio de pyproject.toml, {esta['repositorio']}, no tiene la "
            "forma https://github.com/cuenta/nombre: escríbelo así, porque Colab solo "
            "abre cuadernos de GitHub."
        )
    for nombre in CON_DIRECCION:
        texto = (raiz / nombre).read_text("utf-8")
        for hallada in sorted({d.rstrip("/.") for d in DIRECCION.findall(texto)}):
            if not any(f"{hallada}/".startswith(f"{p}/") for p in propias):
                faltas.append(
                    f"{nombre} nombra {hallada}, que no es de este curso: pon la "
                    "dirección de [project.urls] en pyproject.toml."
                )
    return faltas


def _todos(raiz: Path) -> list[Path]:
    """Todos los cuadernos, también los que están en otra lengua."""
    from herramientas.cuadernos import leer as cuadernos

    carpeta = raiz / "notebooks"
    return cuadernos.rutas(carpeta=carpeta) + cuadernos.traducciones(carpeta)


def de_la_instalacion(raiz: Path = RAIZ) -> list[str]:
    """La primera celda de cada cuaderno instala esta versión de este repositorio."""
    from herramientas.cuadernos import leer as cuadernos
    from herramientas.cuadernos.lenguas import lengua_de

    rutas = _todos(raiz)
    faltas = [] if rutas else ["No hay cuadernos en notebooks/: recupéralos con git."]
    for ruta in rutas:
        cuaderno = cuadernos.leer(ruta)
        extra = cuadernos.extra_de(cuaderno, raiz)
        esperada = cuadernos.celda_instalar(
            *cuadernos.proyecto(raiz), extra, lengua_de(cuaderno)
        )
        celdas = [
            celda.source
            for celda in cuadernos.de_codigo(cuaderno)
            if "instalar" in cuadernos.etiquetas(celda)
        ]
        if celdas != [esperada]:
            faltas.append(
                f"La celda `instalar` de {ruta.name} no es la de esta versión: ejecuta "
                "«make ejecutar ARGS=--instalar»."
            )
    return faltas


def _sitio():
    """La extensión que arma los botones: ella sabe cómo abre Colab un cuaderno."""
    extension = str(RAIZ / "book" / "_ext")
    if extension not in sys.path:
        sys.path.append(extension)
    import sitio

    return sitio


def de_los_botones(raiz: Path = RAIZ) -> list[str]:
    """El botón de Colab abre el repositorio y la etiqueta que la celda instala."""
    from herramientas.cuadernos import leer as cuadernos

    sitio = _sitio()
    celda = cuadernos.celda_instalar(*cuadernos.proyecto(raiz))
    publico, faltas = sitio.leer_proyecto(raiz), []
    for ruta in _todos(raiz):
        pagina = ruta.relative_to(raiz).with_suffix("").as_posix()
        boton = sitio.enlace_colab(publico, pagina)
        cuenta, _, resto = boton.partition("/github/")[2].partition("/blob/")
        etiqueta, _, archivo = resto.partition("/")
        piezas = (f'"https://github.com/{cuenta}"', f"/refs/tags/{etiqueta}.tar.gz")
        if not all(p in celda for p in piezas) or not (raiz / archivo).is_file():
            faltas.append(
                f"El botón de Colab de {ruta.name} abre {boton}, que no es lo que "
                "instala su primera celda: revisa [project.urls] en pyproject.toml."
            )
    return faltas


def del_candado(raiz: Path = RAIZ) -> list[str]:
    """requisitos.lock fija una versión permitida de todo lo que pide pyproject.toml."""
    from herramientas import candado

    fijos, faltas = candado.leer(raiz / "requisitos.lock"), []
    pedidos = candado.requisitos(raiz=raiz) + candado.requisitos("todo", raiz=raiz)
    for pedido in pedidos:
        fijo = fijos.get(candado.normalizar(pedido.name))
        versiones = [esp.version for esp in fijo.specifier] if fijo else []
        if not versiones or not all(map(pedido.specifier.contains, versiones)):
            tiene = str(fijo) if fijo else "nada"
            faltas.append(
                f"pyproject.toml pide {pedido} y requisitos.lock tiene {tiene}: "
                "instala con «make pruebas» y escríbelo de nuevo con "
                "«python -m herramientas.candado»."
            )
    return faltas


# --- Lo que debe estar al día -------------------------------------------------------


def de_las_salidas(raiz: Path = RAIZ) -> list[str]:
    """Las salidas guardadas de cada cuaderno corresponden a lo que hay."""
    from herramientas.cuadernos import huellas
    from herramientas.cuadernos import leer as cuadernos

    hoy, faltas = huellas.foto(raiz), []
    for ruta in _todos(raiz):
        if motivos := huellas.motivos(cuadernos.leer(ruta), hoy):
            faltas.append(
                f"Las salidas de {ruta.name} son viejas ({'; '.join(motivos)}): ponlas "
                "al día con «make ejecutar ARGS=--solo-viejos»."
            )
    return faltas


def de_los_estudios(raiz: Path = RAIZ) -> list[str]:
    """Ningún estudio midió otra cosa que la que se publica."""
    from herramientas.medidas import estudios

    return estudios.sellos_rotos(raiz)


def de_lo_que_falta(raiz: Path = RAIZ) -> list[str]:
    """Toda lección está en sus índices y guías, y nada quedó por escribir."""
    from herramientas.cuadernos import indices

    return indices.faltantes(raiz) + indices.por_escribir(raiz)


def de_git(raiz: Path = RAIZ) -> list[str]:
    """Todo está guardado, en main, y la etiqueta es nueva."""

    def git(*orden: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            ["git", *orden], cwd=raiz, capture_output=True, encoding="utf-8"
        )

    try:
        estado = git("status", "--porcelain")
    except FileNotFoundError:
        return ["No encuentro git: instálalo y repite."]
    if estado.returncode:
        return [
            f"{raiz} no es una copia de git: clona el repositorio y repite desde él."
        ]
    faltas = []
    if cambios := [linea[3:] for linea in estado.stdout.splitlines()]:
        cuales = ", ".join(cambios[:3]) + (" y otros" if cambios[3:] else "")
        faltas.append(
            f"Hay cambios sin guardar en git ({cuales}): guárdalos o quítalos."
        )
    rama = git("symbolic-ref", "--short", "-q", "HEAD").stdout.strip()
    if rama != "main":
        donde = f"en la rama «{rama}»" if rama else "fuera de toda rama"
        faltas.append(f"Estás {donde}: pasa a la principal con «git switch main».")
    etiqueta = proyecto(raiz)["etiqueta"]
    if git("rev-parse", "-q", "--verify", f"refs/tags/{etiqueta}").returncode == 0:
        faltas.append(
            f"La etiqueta {etiqueta} ya existe: sube la versión en pyproject.toml, "
            f"CITATION.cff, CHANGELOG.md y {VALORES}."
        )
    return faltas


REVISIONES: dict[str, Callable[[Path], list[str]]] = {
    "versión, cambios y cita": de_la_version,
    "direcciones": de_las_direcciones,
    "celda que instala": de_la_instalacion,
    "botones de Colab": de_los_botones,
    "requisitos.lock": del_candado,
    "salidas de los cuadernos": de_las_salidas,
    "sellos de los estudios": de_los_estudios,
    "nada falta": de_lo_que_falta,
    "git": de_git,
}


def revisar(raiz: Path = RAIZ) -> list[str]:
    """Hace todas las revisiones, dice cada una y devuelve todas las faltas."""
    todas = []
    for nombre, mirar in REVISIONES.items():
        try:
            faltas = mirar(raiz)
        except Exception as error:  # una revisión rota no debe callar a las demás
            causa = str(error).splitlines()[0] if str(error) else type(error).__name__
            faltas = [f"No se pudo revisar «{nombre}» ({causa}): corrígelo y repite."]
        print(f"{'✗' if faltas else '✓'} {nombre}", flush=True)
        for falta in faltas:
            print(f"    {falta}", flush=True)
        todas += faltas
    return todas


def probar() -> int:
    """Corre «make pruebas» y devuelve su código de salida."""
    tareas = RAIZ / "herramientas" / "tareas.py"
    return subprocess.call([sys.executable, str(tareas), "pruebas"])


def instrucciones(raiz: Path = RAIZ) -> str:
    """Lo que una persona escribe para publicar y lo que comprueba después."""
    esta = proyecto(raiz)
    repositorio, etiqueta = esta["repositorio"], esta["etiqueta"]
    rama, sitio = esqueletos.rama(esta["version"]), _sitio()
    en_vivo = sitio.enlace_colab(sitio.leer_proyecto(raiz), "00_bienvenida", rama)
    return f"""
Todo está listo. Escribe tú, una por una:

    git push origin main
    git tag -a {etiqueta} -m "Versión {esta["version"]}"
    git push origin {etiqueta}

Antes de la etiqueta, espera a que «Pruebas» quede en verde:
    {repositorio}/actions
Después comprueba:
    que «Páginas» quedó en verde, en esa misma dirección
    que la página abre: {esta["sitio"]}
    que el .zip del sitio, el PDF y el EPUB están en
    {repositorio}/releases/tag/{etiqueta}
    que «Abrir en Colab», en una lección, abre un cuaderno de {etiqueta}
    que ahí se abre también un esqueleto: {en_vivo}
    que en Colab la primera celda instala y «!pip show taller» dice {esta["version"]}
Si «Páginas» no puede publicar, su archivo dice qué permitir en Settings:
    .github/workflows/paginas.yml
Si no pudo subir los esqueletos, hazlo tú desde la etiqueta, con el sitio construido:

    python -m herramientas.sala.esqueletos
    git push --force origin {rama}"""


def principal(argumentos: list[str] | None = None, raiz: Path = RAIZ) -> int:
    """Revisa, prueba y da las órdenes; devuelve 0 si se puede publicar."""
    lector = argparse.ArgumentParser(
        description="Dice si se puede publicar esta versión y qué órdenes escribir."
    )
    modo = lector.add_mutually_exclusive_group()
    modo.add_argument("--sin-pruebas", action="store_true", help="no corre las pruebas")
    modo.add_argument("--referencia", help="solo comprueba que es su etiqueta de git")
    opciones = lector.parse_args(argumentos)
    if opciones.referencia is not None:
        for falta in (faltas := de_la_referencia(opciones.referencia, raiz)):
            print(falta, file=sys.stderr)
        return 1 if faltas else 0
    print(f"Reviso la versión {proyecto(raiz)['version']}:")
    if faltas := revisar(raiz):
        print(f"\nTodavía no se puede publicar: hay que corregir {len(faltas)}.")
        print("No corrí las pruebas: corrige eso antes.")
        return 1
    if opciones.sin_pruebas:
        print("! pruebas: no las corrí, como pediste. Hazlo antes con «make pruebas».")
    elif probar():
        print("\nTodavía no se puede publicar: «make pruebas» no pasó.")
        return 1
    elif faltas := de_git(raiz):
        print("\nTodavía no se puede publicar: las pruebas dejaron cambios.")
        print(*faltas, sep="\n")
        return 1
    else:
        print("✓ pruebas: «make pruebas» pasó entero")
    print(instrucciones(raiz))
    return 0


if __name__ == "__main__":
    sys.exit(principal())
