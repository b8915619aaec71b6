"""Audita el sitio construido y guarda lo medido en resultados/auditoria.json.

    make auditar                          todo: unos diez minutos
    make auditar ARGS=--sin-velocidad     sin Lighthouse, que pide un equipo quieto:
                                          se conserva la velocidad ya medida

Mide cinco clases de página con Lighthouse (mediana de cinco), el peso y los saltos de
texto de esas cinco, once clases con axe a dos anchos y en los dos temas, y el EPUB con
epubcheck. Lighthouse y axe se instalan solos en `_build/auditoria` con npm; epubcheck,
no. La carga del equipo queda anotada: si hacía otra cosa, la velocidad no vale.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from statistics import median

from herramientas.archivos import (
    RAIZ,
    RESULTADOS,
    escribiendo,
    escribir_texto,
    guardar_json,
)
from herramientas.auditoria import navegar
from herramientas.auditoria.servidor import ConGzip
from herramientas.empaquetar import nombre_de, version
from herramientas.imprenta.arbol import ErrorDeImprenta
from herramientas.imprenta.pdf import buscar_navegador
from herramientas.navegador import servir

SALIDA = RESULTADOS / "auditoria.json"
PEDIDO = Path(__file__).with_name("package.json")
VECES = 5
NODE = 18  # lo que pide esa versión de Lighthouse
TEXTO = {"encoding": "utf-8", "errors": "replace"}  # lo que dicen los programas
# «07» es la lección que empieza así.
CINCO = ("index", "notebooks/07", "notebooks/10", "book/glosario", "book/resultados")
ONCE = (
    *(*CINCO, "notebooks/03", "book/como_usar", "book/autoevaluacion"),
    *("book/referencias", "book/taller", "search"),
)
CATEGORIAS = {
    "rendimiento": "performance",
    "accesibilidad": "accessibility",
    "practicas": "best-practices",
    "buscadores": "seo",
}


class Falta(Exception):
    """Algo que hay que instalar o hacer antes. Su texto es la frase que se lee."""


def pagina_de(sitio: Path, nombre: str) -> str:
    """La ruta de una página dada por su comienzo."""
    hallada = sorted(sitio.glob(f"{nombre}*.html"))
    if not hallada:
        raise Falta(f"En {sitio} falta {nombre}.html: ejecuta «make libro» y repite.")
    return hallada[0].relative_to(sitio).as_posix()


def comprobar_node() -> None:
    """Lanza `Falta` si no hay Node con npm o es viejo."""
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        raise Falta(
            f"Para auditar hace falta Node {NODE} o más nuevo, con npm: instálalo (en "
            "Debian o Ubuntu, «sudo apt install nodejs npm») y repite."
        )
    dicho = subprocess.run([node, "--version"], capture_output=True, **TEXTO)
    numero = re.match(r"v(\d+)", dicho.stdout)
    if not numero or int(numero[1]) < NODE:
        raise Falta(
            f"Este Node es {dicho.stdout.strip() or 'ilegible'} y hace falta el {NODE} "
            "o más nuevo: actualízalo y repite."
        )


def orden_de_epubcheck() -> list[str]:
    """Cómo se llama a epubcheck en este equipo; lanza `Falta` si no está."""
    if programa := shutil.which("epubcheck"):
        return [programa]
    paquete = importlib.util.find_spec("epubcheck")
    jars = list(Path(paquete.origin).parent.rglob("epubcheck*.jar")) if paquete else []
    if jars and shutil.which("java"):
        return ["java", "-jar", str(jars[0])]
    raise Falta(
        "Para revisar el EPUB hacen falta Java y epubcheck: instálalos (en Debian o "
        "Ubuntu, «sudo apt install epubcheck»; o «pip install epubcheck» en el entorno "
        "del curso) y repite."
    )


def instalar_modulos(raiz: Path) -> Path:
    """Instala Lighthouse y axe si faltan o cambiaron, y da su carpeta."""
    carpeta = raiz / "_build" / "auditoria"
    copia, modulos = carpeta / "package.json", carpeta / "node_modules"
    pedido = PEDIDO.read_text("utf-8")
    al_dia = copia.is_file() and copia.read_text("utf-8") == pedido
    if al_dia and (modulos / "lighthouse").is_dir():
        return modulos
    escribir_texto(copia, pedido)
    print("Instalo Lighthouse y axe con npm…", flush=True)
    orden = [shutil.which("npm"), "install", "--no-audit", "--no-fund"]
    hecho = subprocess.run(
        [*orden, "--no-package-lock"],
        cwd=carpeta,
        capture_output=True,
        **TEXTO,
        check=False,
    )
    if hecho.returncode:
        copia.unlink()  # para que otra vez no se crea instalado
        ultima = (hecho.stderr.strip().splitlines() or ["sin detalle"])[-1]
        raise Falta(f"npm no pudo instalar Lighthouse: revisa la conexión ({ultima}).")
    return modulos


def correr_lighthouse(modulos: Path, chromium: str, direccion: str) -> dict:
    """Una pasada de Lighthouse, como en un teléfono: notas de 0 a 100 y tiempos en ms.

    Lanza `Falta` si Lighthouse no pudo medir.
    """
    banderas = "--headless=new --disable-gpu"
    if getattr(os, "geteuid", lambda: 1)() == 0:
        banderas += " --no-sandbox"
    orden = ["node", str(modulos / "lighthouse" / "cli" / "index.js"), direccion]
    orden += ["--quiet", "--output=json", f"--chrome-flags={banderas}"]
    orden += ["--only-categories=" + ",".join(CATEGORIAS.values())]
    hecho = subprocess.run(
        orden,
        capture_output=True,
        **TEXTO,
        env=dict(os.environ, CHROME_PATH=chromium),
        check=False,
    )
    try:
        dicho = json.loads(hecho.stdout)
        notas = {
            nuestra: round(100 * dicho["categories"][suya]["score"])
            for nuestra, suya in CATEGORIAS.items()
        }
    except (ValueError, LookupError, TypeError) as causa:
        ultima = (hecho.stderr.strip().splitlines() or ["sin detalle"])[-1]
        raise Falta(f"Lighthouse no pudo medir {direccion}: {ultima}") from causa
    tiempos = {
        "bloqueo_ms": dicho["audits"]["total-blocking-time"]["numericValue"],
        "mayor_ms": dicho["audits"]["largest-contentful-paint"]["numericValue"],
    }
    malas = [
        f"{clave}: {dicho['audits'][clave]['title']}"
        for suya in ("accessibility", "best-practices", "seo")
        for clave in (r["id"] for r in dicho["categories"][suya]["auditRefs"])
        if dicho["audits"][clave]["score"] == 0
    ]
    return notas | tiempos | {"faltas": malas}


def medir_velocidad(modulos: Path, chromium: str, base: str, pagina: str) -> dict:
    """La mediana de cinco pasadas por una página, y entre qué notas anduvo."""
    pasadas = []
    for _ in range(VECES):
        pasadas.append(correr_lighthouse(modulos, chromium, base + pagina))
    notas = [p["rendimiento"] for p in pasadas]
    medianas = {c: round(median(p[c] for p in pasadas)) for c in CATEGORIAS}
    return {
        "pagina": pagina,
        **medianas,
        "rendimiento_entre": [min(notas), max(notas)],
        "bloqueo_ms": round(median(p["bloqueo_ms"] for p in pasadas)),
        "mayor_ms": round(median(p["mayor_ms"] for p in pasadas)),
        "faltas": sorted({f for p in pasadas for f in p["faltas"]}),
    }


def revisar_epub(orden: list[str], epub: Path) -> dict:
    """Cuántos errores y avisos da epubcheck, y los primeros."""
    hecho = subprocess.run(
        [*orden, str(epub)], capture_output=True, **TEXTO, check=False
    )
    lineas = (hecho.stdout + hecho.stderr).splitlines()
    errores = [x for x in lineas if x.startswith(("ERROR", "FATAL"))]
    if hecho.returncode and not errores:
        raise Falta(f"epubcheck no pudo leer {epub.name}: {(lineas or ['nada'])[-1]}")
    avisos = [x for x in lineas if x.startswith("WARNING")]
    return {"errores": len(errores), "avisos": len(avisos), "primeros": errores[:5]}


def carga() -> list[float]:
    """La carga del equipo en 1, 5 y 15 minutos; vacía donde el sistema no la da."""
    return [round(x, 2) for x in os.getloadavg()] if hasattr(os, "getloadavg") else []


def version_de(orden: list[str]) -> str:
    """El primer número de versión que dice un programa."""
    hecho = subprocess.run(
        [*orden, "--version"], capture_output=True, **TEXTO, check=False
    )
    numero = re.search(r"\d+(?:\.\d+)+", hecho.stdout + hecho.stderr)
    return numero[0] if numero else ""


def velocidad_de_antes() -> dict:
    """La velocidad publicada, con su fecha y su carga; vacía si no se ha medido."""
    try:
        guardado = json.loads(SALIDA.read_text("utf-8"))
    except (OSError, ValueError):
        guardado = {}
    if not guardado.get("velocidad"):
        return {"velocidad": []}
    claves = ("velocidad", "carga_al_empezar", "carga_tras_la_velocidad")
    return {
        "fecha_velocidad": guardado.get("fecha_velocidad", guardado["fecha"]),
        **{clave: guardado[clave] for clave in claves},
    }


def auditar(raiz: Path, con_velocidad: bool = True) -> dict:
    """Mide todo y devuelve lo medido; lanza `Falta` si no se puede."""
    sitio = raiz / "_build" / "html"
    epub = raiz / "_build" / nombre_de(version(raiz), "epub")
    if not epub.is_file():
        raise Falta(f"Falta {epub.name} en _build: ejecuta «make epub» y repite.")
    comprobar_node()
    chromium, epubcheck = buscar_navegador(), orden_de_epubcheck()
    modulos = instalar_modulos(raiz)
    pedido = json.loads(PEDIDO.read_text("utf-8"))["dependencies"]
    medido = {
        "fecha": date.today().isoformat(),
        "nucleos": os.cpu_count(),
        "sistema": platform.system(),
        "versiones": {
            "lighthouse": pedido["lighthouse"],
            "axe": pedido["axe-core"],
            "chromium": version_de([chromium]),
            "epubcheck": version_de(epubcheck),
        },
    }
    with servir(sitio, ConGzip) as base:
        with navegar.sesion(chromium) as navegador:
            medido["peso"] = []
            for nombre in CINCO:
                pagina = pagina_de(sitio, nombre)
                print(f"Peso y saltos: {pagina}", flush=True)
                abrir, entera, salto = navegar.pesar(navegador, base + pagina)
                ancho = navegar.saltar(navegador, base + pagina)
                medido["peso"].append(
                    {
                        "pagina": pagina,
                        "al_abrir": abrir,
                        "entera": entera,
                        "salto": round(max(salto, ancho), 4),
                    }
                )
            axe, faltas = modulos / "axe-core" / "axe.min.js", []
            for nombre in ONCE:
                pagina = pagina_de(sitio, nombre)
                print(f"axe: {pagina}", flush=True)
                consulta = "?q=token" if nombre == "search" else ""
                halladas = navegar.pasar_axe(navegador, base + pagina + consulta, axe)
                faltas += [f"{pagina} {falta}" for falta in halladas]
    medido["axe"] = {
        "paginas": len(ONCE),
        "recorridos": 4 * len(ONCE),
        "faltas": faltas,
    }
    medido["epub"] = revisar_epub(epubcheck, epub)
    if not con_velocidad:
        return medido | velocidad_de_antes()
    medido |= {"fecha_velocidad": medido["fecha"]}
    medido |= {"velocidad": [], "carga_al_empezar": carga()}
    with servir(sitio, ConGzip) as base:  # lo último: es lo largo, y lo demás ya está
        for nombre in CINCO:
            pagina = pagina_de(sitio, nombre)
            print(f"Lighthouse: {pagina}", flush=True)
            hecho = medir_velocidad(modulos, chromium, base, pagina)
            medido["velocidad"].append(hecho)
    medido["carga_tras_la_velocidad"] = carga()
    return medido


def principal(argumentos: list[str] | None = None, raiz: Path = RAIZ) -> int:
    """Audita, guarda lo medido y dice qué falta."""
    lector = argparse.ArgumentParser(description="Audita el sitio construido.")
    lector.add_argument(
        "--sin-velocidad", action="store_true", help="no corre Lighthouse"
    )
    con_velocidad = not lector.parse_args(argumentos).sin_velocidad
    try:
        medido = auditar(raiz, con_velocidad)
        with escribiendo(SALIDA, Falta):
            guardar_json(SALIDA, medido)
    except (Falta, ErrorDeImprenta) as falta:
        print(falta, file=sys.stderr)
        return 1
    velocidad = medido["velocidad"] if con_velocidad else []
    for pagina in velocidad:
        print(pagina["pagina"], *(f"{c} {pagina[c]}" for c in CATEGORIAS), sep="  ")
    malas = [f for p in velocidad for f in p["faltas"]]
    malas += medido["axe"]["faltas"] + medido["epub"]["primeros"]
    print(*malas, f"Guardado en {SALIDA.relative_to(RAIZ)}.", sep="\n")
    if con_velocidad and (medido["carga_al_empezar"] or [0])[0] >= 0.5:
        print("El equipo hacía otra cosa al empezar: las notas de velocidad no valen.")
    return 1 if malas else 0


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
