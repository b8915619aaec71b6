"""Quitar de las salidas lo que cambia de una ejecución a otra.

Fuera: barras de progreso, controles vivos, direcciones de memoria, identificadores
al azar, avisos con rutas de una máquina y metadatos de ejecución. Queda lo que la
lección enseña. Son funciones puras: las usan ejecutar.py y las pruebas con nbval.
"""

from __future__ import annotations

import hashlib
import re
import sys
import sysconfig
import tempfile
from pathlib import Path

from nbformat import NotebookNode, from_dict

from herramientas.archivos import RAIZ
from herramientas.cuadernos.leer import ErrorDeCuaderno, de_codigo
from taller.estados import CLAVE, desempacar, empacar

LIMITE_IMAGEN_KB = 300
SVG = "image/svg+xml"
CONTROL = "application/vnd.jupyter.widget-view+json"

# «[00:03<00:07, 2.1it/s]» y «[00:00, 120 examples/s]»: así termina toda barra de tqdm.
BARRA = re.compile(r"\[(\d+:)+\d+(<|, ).*\]|^\s*\d+%\|")
# La barra de Trainer y su tabla, larga y en inglés: la curva de la lección la dibuja.
BARRA_HTML = re.compile(r"<div>(?:(?!</?div).)*?<progress.*?</div>", re.S)
TABLA_TRAINER = re.compile(
    r"<table[^>]*>(?:(?!</table>).)*<th>Step</th>.*?</table>(?:\s*<p>)?", re.S
)
# «/ruta/archivo.py:12: UserWarning: …» y la línea de código que Python añade debajo.
AVISO = re.compile(
    r"^(\S*[/\\]\S*:\d+: \w*Warning: .*\n?(  .*\n?)?|Failed to load CPU gemm.*\n?)",
    re.MULTILINE,
)  # el segundo lo escribe bitsandbytes sin el paquete kernels: no cambia nada
# Un número con tres decimales o más, fuera de una imagen incrustada.
DECIMALES = re.compile(r"(?<![\w.#/+])-?\d+\.\d{3,}(?![\w/+=])")
NUMERO = re.compile(r"(?<![\w.#/+])-?\d+(?:\.\d+)?(?![\w/+=])")
INCRUSTADA = re.compile(r"data:[\w/+.-]+;base64,[^\"']+")
TOLERANCIA = 0.02  # en puntos de la figura: no se ve
DIRECCION = re.compile(r" at 0x[0-9a-fA-F]{6,}")
ID_SVG = re.compile(r'\bid="(\w*?)([0-9a-f]{10})"')
ID_TABLA = re.compile(r'\bid="(T_[0-9a-f]{5})')
RUTA_AJENA = re.compile(
    r"(?:/home/|/Users/|/root/|/tmp/|/var/folders/|[A-Za-z]:\\Users\\)[^\s'\"<>]*"
)


def _sustituciones() -> list[tuple[str, str]]:
    """Rutas de esta máquina y lo que las reemplaza, de la más larga a la más corta."""
    casa = str(Path.home())
    pares = {
        sysconfig.get_paths()["purelib"]: "site-packages",
        sysconfig.get_paths()["stdlib"]: "python",
        sys.prefix: "entorno",
        str(RAIZ): ".",
        casa: "~",
    }
    for ruta, nuevo in list(pares.items()):
        if ruta.startswith(casa + "/"):  # IPython ya acorta la carpeta personal
            pares["~" + ruta.removeprefix(casa)] = nuevo
    return sorted(pares.items(), key=lambda par: -len(par[0]))


def sin_rutas(texto: str) -> str:
    """Reemplaza las rutas de esta máquina por nombres que sirven en cualquiera."""
    for ruta, nuevo in _sustituciones():
        if len(ruta) > 3:
            texto = texto.replace(ruta + "/", "" if nuevo == "." else nuevo + "/")
            texto = re.sub(
                re.escape(ruta) + r"(?![\w-]|\.\w)", lambda _, n=nuevo: n, texto
            )
    temporal = re.escape(tempfile.gettempdir())
    return re.sub(temporal + r"/[\w.-]+", "carpeta-temporal", texto)


def sin_progreso(texto: str) -> str:
    """Aplica los retornos de carro y quita las líneas que son barras de progreso."""
    lineas = []
    for linea in texto.split("\n"):
        linea = linea.removesuffix("\r")
        visible = linea.rsplit("\r", 1)[-1]
        # Una barra que se borra al terminar deja la línea en blanco.
        if BARRA.search(visible) or ("\r" in linea and not visible.strip()):
            continue
        lineas.append(visible)
    return "\n".join(lineas)


def _redondear(numero: re.Match) -> str:
    """Dos decimales; los menores que uno (escalas, grosores) quedan como están."""
    valor = float(numero[0])
    return numero[0] if abs(valor) < 1 else f"{valor:.2f}".rstrip("0").rstrip(".")


def _svg(texto: str, clave: str) -> str:
    """Quita la fecha, redondea y vuelve fijos los identificadores de cada figura."""
    texto = re.sub(r"\s*<metadata>.*?</metadata>", "", texto, flags=re.S)
    texto = DECIMALES.sub(_redondear, texto)
    for i, (prefijo, viejo) in enumerate(dict.fromkeys(ID_SVG.findall(texto))):
        nuevo = hashlib.sha256(f"{clave}/{i}".encode()).hexdigest()[:10]
        texto = texto.replace(prefijo + viejo, prefijo + nuevo)
    return texto


def _html(texto: str, clave: str) -> str:
    """Quita lo de Trainer y vuelve fijos los identificadores de las tablas."""
    texto = TABLA_TRAINER.sub("", BARRA_HTML.sub("", texto))
    for i, viejo in enumerate(dict.fromkeys(ID_TABLA.findall(texto))):
        nuevo = hashlib.sha256(f"{clave}/{i}".encode()).hexdigest()[:5]
        texto = texto.replace(viejo, f"T_{nuevo}")
    return texto


def _dato(tipo: str, valor, clave: str):
    if not isinstance(valor, str) or tipo in ("image/png", "image/jpeg"):
        return valor
    if tipo == SVG:
        valor = _svg(valor, clave)
    if tipo == "text/html":
        valor = _html(valor, clave)
    return sin_rutas(DIRECCION.sub("", valor))


def _estados(metadatos: dict, clave: str) -> dict:
    """Los dibujos de un control, limpios. Cada uno es un archivo aparte, así que los
    nombres de dentro pueden repetirse: repetidos, se guardan una sola vez."""
    if CLAVE not in metadatos:
        return metadatos
    dibujos = [_svg(d, f"{clave}/estado") for d in desempacar(metadatos[CLAVE])]
    return {**metadatos, CLAVE: {**metadatos[CLAVE], **empacar(dibujos)}}


def limpiar_salidas(salidas: list, clave: str) -> tuple[list, int]:
    """Salidas limpias de una celda y cuántos avisos de Python se quitaron.

    `clave` (el identificador de la celda) hace únicos los nombres dentro de un SVG.
    """
    limpias, avisos = [], 0
    for original in salidas:
        salida = from_dict(dict(original))
        if salida.output_type == "stream":
            anterior = limpias[-1] if limpias else None
            if anterior is not None and anterior.get("name") == salida.name:
                anterior.text += salida.text
            else:
                limpias.append(salida)
        elif salida.output_type == "error":
            salida.traceback = [sin_rutas(t) for t in salida.traceback]
            salida.evalue = sin_rutas(DIRECCION.sub("", salida.evalue))
            limpias.append(salida)
        elif CONTROL not in salida.data:
            lugar = f"{clave}/{len(limpias)}"
            salida.data = {t: _dato(t, v, lugar) for t, v in salida.data.items()}
            salida.metadata = _estados(salida.metadata, lugar)
            if salida.data.get("text/html", "-").strip():
                limpias.append(salida)
    for salida in limpias:
        if salida.output_type == "stream":
            texto, quitados = AVISO.subn("", sin_progreso(salida.text))
            avisos += quitados
            salida.text = sin_rutas(DIRECCION.sub("", texto))
    con_texto = [s for s in limpias if s.output_type != "stream" or s.text.strip(" \n")]
    unidas = _unir(con_texto)
    if len(unidas) < len(limpias):  # se fue un aviso: los dibujos cambian de lugar
        unidas, otros = limpiar_salidas(unidas, clave)
        avisos += otros
    return unidas, avisos


def _unir(salidas: list) -> list:
    """Junta los flujos seguidos del mismo nombre, aunque hubiera un aviso en medio."""
    unidas: list = []
    for salida in salidas:
        ultima = unidas[-1] if unidas else None
        if (
            ultima is not None
            and salida.output_type == ultima.output_type == "stream"
            and salida.name == ultima.name
        ):
            ultima.text += salida.text
        else:
            unidas.append(salida)
    return unidas


def textos(salida: dict) -> list[str]:
    """Todo el texto de una salida, sin las imágenes binarias."""
    if salida.output_type == "stream":
        return [salida.text]
    if salida.output_type == "error":
        return [salida.evalue, *salida.traceback]
    return [
        v
        for t, v in salida.data.items()
        if isinstance(v, str) and t not in ("image/png", "image/jpeg")
    ]


def rutas_ajenas(celda: NotebookNode) -> list[str]:
    """Rutas de una máquina que quedan en las salidas de una celda."""
    todo = "\n".join(t for s in celda.outputs for t in textos(s))
    return RUTA_AJENA.findall(todo)


def imagenes_kb(celda: NotebookNode) -> list[float]:
    """Tamaño de cada imagen guardada en una celda, en kB."""
    tamanos = []
    for salida in celda.outputs:
        for tipo, valor in salida.get("data", {}).items():
            if tipo.startswith("image/"):
                bytes_ = len(valor) * (1 if "svg" in tipo else 0.75)
                tamanos.append(bytes_ / 1000)
    return tamanos


def limpiar(cuaderno: NotebookNode) -> list[str]:
    """Limpia el cuaderno ejecutado, en su sitio; devuelve consejos para quien edita.

    Lanza ErrorDeCuaderno si queda en una salida la ruta de una máquina.
    """
    consejos = []
    cuaderno.metadata.pop("widgets", None)
    cuaderno.metadata["language_info"] = {
        "name": "python",
        "pygments_lexer": "ipython3",
    }
    for numero, celda in enumerate(de_codigo(cuaderno), start=1):
        for sobra in ("execution", "ExecuteTime", "collapsed", "scrolled"):
            celda.metadata.pop(sobra, None)
        celda.outputs, avisos = limpiar_salidas(celda.outputs, celda.id)
        celda.execution_count = numero
        for salida in celda.outputs:
            if salida.output_type == "execute_result":
                salida.execution_count = numero
        if avisos:
            consejos.append(f"celda «{celda.id}»: {avisos} avisos de Python, quitados")
        for kb in imagenes_kb(celda):
            if kb > LIMITE_IMAGEN_KB:
                consejos.append(
                    f"celda «{celda.id}»: una imagen pesa {kb:.0f} kB; intenta que "
                    f"pese menos de {LIMITE_IMAGEN_KB}"
                )
        if ajenas := rutas_ajenas(celda):
            raise ErrorDeCuaderno(
                f"La celda «{celda.id}» muestra una ruta de esta máquina: {ajenas[0]}. "
                "Haz que imprima solo el nombre del archivo."
            )
    return consejos


def se_ven_igual(una: str, otra: str) -> bool:
    """¿Son dos SVG la misma figura, salvo diferencias que no se ven?

    El resto debe ser idéntico: los rótulos, los colores y las imágenes incrustadas.
    """
    if una == otra:
        return True
    if NUMERO.split(INCRUSTADA.sub("", una)) != NUMERO.split(INCRUSTADA.sub("", otra)):
        return False
    if INCRUSTADA.findall(una) != INCRUSTADA.findall(otra):
        return False
    pares = zip(
        NUMERO.findall(INCRUSTADA.sub("", una)),
        NUMERO.findall(INCRUSTADA.sub("", otra)),
        strict=True,
    )
    return all(abs(float(a) - float(b)) <= TOLERANCIA for a, b in pares)


def _el_de_antes(una: str, otra: str) -> str:
    """La figura guardada si la nueva se ve igual; si no, la nueva."""
    una = DECIMALES.sub(_redondear, una)
    return una if se_ven_igual(una, otra) else otra


def conservar(viejo: NotebookNode, nuevo: NotebookNode) -> None:
    """Deja en `nuevo` las figuras de `viejo` que se ven igual.

    El último decimal de una coordenada cambia con la dirección de memoria en que cae
    una suma; guardarlo llenaría de ruido la historia del proyecto.
    """
    anteriores = {c.id: c.outputs for c in de_codigo(viejo)}
    for celda in de_codigo(nuevo):
        antes = anteriores.get(celda.id, [])
        if len(antes) != len(celda.outputs):
            continue
        for vieja, salida in zip(antes, celda.outputs, strict=True):
            una, otra = (s.get("data", {}).get(SVG) for s in (vieja, salida))
            if una and otra:
                salida.data[SVG] = _el_de_antes(una, otra)
            unos, otros = (s.get("metadata", {}).get(CLAVE) for s in (vieja, salida))
            if unos and otros and len(unos["dibujos"]) == len(otros["dibujos"]):
                pares = zip(desempacar(unos), desempacar(otros), strict=True)
                otros |= empacar([_el_de_antes(*par) for par in pares])
