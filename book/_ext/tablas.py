"""Tablas que el libro no copia a mano: minutos de cada lección y cifras de resultados/.

Directivas (solo para book/*.md):

    ```{minutos}
    ```
    ```{medidas} semilla
    ```

`medidas` acepta `semilla`, `semilla-fuentes`, `qlora`, `gpu` y `cuadernos`. Donde falta
el archivo, la tabla dice «sin medir».
"""

import json
import re
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

SIN_MEDIR = "*Sin medir todavía.*"
APARTADO = re.compile(r"^##\s+(.+?)\s+·\s+(\d+)\s*min\s*$", re.MULTILINE)
TITULO = re.compile(r"^#\s+(.+?)\s*$", re.MULTILINE)
METODOS = {"completo": "ajuste completo", "lora": "LoRA", "qlora": "QLoRA (NF4)"}


def leer_json(ruta: Path) -> dict:
    """Lee un JSON; lanza `ExtensionError` con el nombre del archivo si está dañado."""
    try:
        return json.loads(ruta.read_text(encoding="utf-8"))
    except (OSError, ValueError) as causa:
        raise ExtensionError(f"No pude leer {ruta.name}: {causa}") from causa


def entero(numero: float) -> str:
    """Miles separados por un espacio fino: 7 500 000."""
    return f"{numero:,.0f}".replace(",", "\u202f")


def minutos_de(cuaderno: Path) -> tuple[str, list[tuple[str, int]]]:
    """Título de una lección y sus apartados con minutos, leídos de sus encabezados."""
    celdas = leer_json(cuaderno)["cells"]
    texto = "\n".join(
        "".join(celda["source"]) for celda in celdas if celda["cell_type"] == "markdown"
    )
    titulo = TITULO.search(texto)
    nombre = titulo.group(1) if titulo else cuaderno.stem
    return nombre, [(t, int(m)) for t, m in APARTADO.findall(texto)]


def filas_semilla(datos: dict) -> list[str]:
    """Cifras del modelo pequeño."""
    copias, entreno = datos["copias"], datos["entrenamiento"]
    filas = [
        ("Parámetros", entero(datos["parametros"])),
        ("Pesos en disco", f"{datos['octetos_pesos'] / 1e6:.1f} MB"),
        ("Bits por carácter en texto apartado", f"{datos['bits_por_caracter']:.3f}"),
        (
            f"Copia exacta de {copias['n']} textos de {copias['palabras']} palabras",
            f"{100 * copias['exactas']:.1f} %",
        ),
        (
            f"Tiempo de entrenamiento ({entreno['dispositivo'].upper()}, "
            f"{entreno['nucleos']} núcleos)",
            f"{entreno['segundos'] / 60:.0f} min",
        ),
        ("Fecha de la medida", datos["fecha"]),
    ]
    return ["| medida | valor |", "|---|---:|", *(f"| {a} | {b} |" for a, b in filas)]


def filas_fuentes(datos: dict) -> list[str]:
    """Bits por carácter de cada fuente apartada."""
    filas = ["| fuente | documentos | caracteres | bits por carácter |"]
    filas.append("|---|---:|---:|---:|")
    for nombre, f in sorted(datos["bits_por_caracter_por_fuente"].items()):
        cuentas = f"{entero(f['documentos'])} | {entero(f['caracteres'])}"
        filas.append(f"| {nombre} | {cuentas} | {f['bits_por_caracter']:.3f} |")
    return filas


def filas_gpu(datos: dict) -> list[str]:
    """Memoria y velocidad por modelo y método en una tarjeta."""
    tarjeta, ajustes = datos["tarjeta"]["nombre"], datos["ajustes"]
    filas = [
        f"**{tarjeta}**, {datos['fecha'][:10]}. Secuencias de {ajustes['largo']} "
        f"tokens, {ajustes['lote']} por paso, pesos al azar, {ajustes['precision']}.",
        "",
        "| modelo | método | pico de memoria (GiB) | tokens por segundo |",
        "|---|---|---:|---:|",
    ]
    for f in datos["filas"]:
        if f["estado"] == "medido":
            pico = f"{f['pico_asignado_bytes'] / 2**30:.2f}"
            ritmo = entero(f["tokens_por_segundo"])
        else:
            pico = ritmo = "sin medir" if f["estado"] == "omitido" else f["estado"]
        metodo = METODOS.get(f["metodo"], f["metodo"])
        filas.append(f"| {f['hub'].split('/')[-1]} | {metodo} | {pico} | {ritmo} |")
    return filas


def filas_cuadernos(datos: dict) -> list[str]:
    """Segundos y memoria de cada cuaderno en su última ejecución guardada."""
    filas = ["| cuaderno | segundos | memoria (GB) |", "|---|---:|---:|"]
    for nombre, f in sorted(datos["cuadernos"].items()):
        filas.append(f"| {nombre} | {f['segundos']:.0f} | {f['memoria_gb']:.2f} |")
    return filas


def filas_qlora(datos: dict) -> list[str]:
    """Acierto exacto de la lección 10, por repetición, con intervalos del 95 %."""

    def celda(medida: dict) -> str:
        exacto, bajo, alto = (100 * medida[k] for k in ("exacto", "bajo", "alto"))
        return f"{exacto:.1f} % [{bajo:.1f}, {alto:.1f}]"

    primera = datos["repeticiones"][0]
    filas = [
        f"Acierto exacto sobre {primera['despues']['n']} pares e intervalo del 95 %, "
        f"{datos['fecha']}. Copiar la oración acierta "
        f"{100 * primera['copia']['exacto']:.1f} %.",
        "",
        "| azar | antes | después | tú → vos | tú → usted | ser, ir, haber "
        "| segundos |",
        "|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for r in datos["repeticiones"]:
        nombres = ("antes", "despues", "vos", "usted", "supletivos")
        celdas = " | ".join(celda(r[n]) for n in nombres)
        segundos = f"{r['segundos_entrenamiento']:.0f}"
        filas.append(f"| {r['semilla']} | {celdas} | {segundos} |")
    return filas


TABLAS = {
    "semilla": ("semilla.json", filas_semilla),
    "semilla-fuentes": ("semilla.json", filas_fuentes),
    "qlora": ("qlora.json", filas_qlora),
    "gpu": ("gpu-*.json", filas_gpu),
    "cuadernos": ("cuadernos.json", filas_cuadernos),
}


class Generada(SphinxDirective):
    """Base: convierte líneas de Markdown en nodos y anota de qué archivos dependen."""

    def nodos(self, lineas: list[str]) -> list[nodes.Node]:
        contenedor = nodes.container(classes=["tabla-generada"])
        self.state.nested_parse(StringList(lineas, "tablas.py"), 0, contenedor)
        return contenedor.children

    def anotar(self, ruta: Path) -> Path:
        self.env.note_dependency(str(ruta))
        return ruta


class Minutos(Generada):
    """Tabla de minutos en vivo por apartado, de los encabezados de cada cuaderno."""

    def run(self) -> list[nodes.Node]:
        self.env.note_reread()
        lineas: list[str] = []
        for pagina in sorted(self.env.found_docs):
            if not pagina.startswith("notebooks/"):
                continue
            cuaderno = Path(self.env.srcdir) / f"{pagina}.ipynb"
            if not cuaderno.exists():
                continue
            titulo, apartados = minutos_de(self.anotar(cuaderno))
            lineas += [f"**[{titulo}](/{pagina}.ipynb)**", ""]
            if not apartados:
                lineas += ["Sin minutos anotados.", ""]
                continue
            lineas += ["| apartado | minutos | reloj |", "|---|---:|---:|"]
            reloj = 0
            for nombre, minutos in apartados:
                reloj += minutos
                hora = f"{reloj // 60}:{reloj % 60:02d}"
                lineas.append(f"| {nombre} | {minutos} | {hora} |")
            lineas += [f"| **Total** | **{reloj}** | |", ""]
        return self.nodos(lineas)


class Medidas(Generada):
    """Tabla con las cifras que un programa dejó en resultados/."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        if self.arguments[0] not in TABLAS:
            nombres = ", ".join(TABLAS)
            raise self.error(f"medidas acepta {nombres}; leí {self.arguments[0]}.")
        self.env.note_reread()
        patron, hacer = TABLAS[self.arguments[0]]
        rutas = sorted((Path(self.env.srcdir) / "resultados").glob(patron))
        lineas: list[str] = []
        for ruta in rutas:
            try:
                lineas += [*hacer(leer_json(self.anotar(ruta))), ""]
            except (KeyError, TypeError) as causa:
                raise self.error(f"A {ruta.name} le falta {causa}.") from causa
        return self.nodos(lineas or [SIN_MEDIR])


def setup(app) -> dict:
    """Registra las dos directivas."""
    app.add_directive("minutos", Minutos)
    app.add_directive("medidas", Medidas)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
