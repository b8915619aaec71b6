"""Deja cuatro conjuntos del curso listos para publicarse; no publica nada.

    python -m herramientas.datos.publicar_datos            # en _build/datos/
    python -m herramientas.datos.publicar_datos --salida CARPETA

Escribe una carpeta por conjunto, con los datos en Parquet y una ficha (README.md) que
dice licencia, particiones, quién lo escribió, quién lo revisó y cómo citarlo. Después
abre cada una en otro proceso y sin red, como la abriría quien la descargue. No se
conecta a nada: al final dice las órdenes con que una persona la sube.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import yaml
from datasets import Dataset, disable_progress_bars

from herramientas.archivos import RAIZ, escribir_texto, reemplazar_carpeta
from taller.conjuntos.cargar import CONJUNTOS
from taller.conjuntos.corpus import construir_corpus_co
from taller.conjuntos.finanzas import CAMPOS, construir_finanzas
from taller.conjuntos.voces import leer_corpus_co_ampliado

SALIDA = RAIZ / "_build" / "datos"
# Los nombres que reconoce quien carga datos; los demás quedan como en el curso.
NOMBRES = {"entrenamiento": "train", "validacion": "validation", "prueba": "test"}
Partes = dict[str, list[dict]]
REVISION = (
    "La revisión fue de un solo lector, sin segundo anotador, sobre una muestra; no la "
    "ha validado ningún hablante ni especialista de fuera del equipo."
)
AYUDA = (
    "Un modelo de lenguaje ayudó a redactar {que}, con las pautas del equipo y sin "
    "copiar textos ajenos."
)


def corpus_co_publicado() -> Partes:
    """corpus_co, con su reparto de siempre, y las voces nuevas aparte.

    Devuelve `entrenamiento` y `prueba`, los del curso, y `voces`, que nadie ha usado
    para entrenar.
    """
    ampliado = {f["id"]: f for f in leer_corpus_co_ampliado()}
    partes = {
        parte: [ampliado.pop(f["id"]) for f in filas]
        for parte, filas in construir_corpus_co().items()
    }
    return partes | {"voces": list(ampliado.values())}


@dataclass(frozen=True)
class Conjunto:
    """Un conjunto por publicar: su título, sus configuraciones y sus autores."""

    titulo: str
    configuraciones: dict[str, Callable[[], Partes]]
    autoria: tuple[str, ...]
    tareas: tuple[str, ...]
    lenguas: tuple[str, ...] = ("es",)
    reservado: str = ""  # lo que no se debe usar para entrenar


PUBLICADOS = {
    "variedades": Conjunto(
        titulo="Variedades: pares mínimos de español regional",
        configuraciones={"variedades": CONJUNTOS["variedades"]},
        autoria=(
            AYUDA.format(que="los pares y sus reglas"),
            "Las fuentes de cada regla son las del campo `fuente`; donde no hay, dice "
            "`sin contrastar`.",
            REVISION,
        ),
        tareas=("other",),
        lenguas=("es", "pt"),
        reservado="Todo es prueba: no entrenes con ningún par.",
    ),
    "tratamientos": Conjunto(
        titulo="Tratamientos: de tú a vos, usted y otros tratos",
        configuraciones={"tratamientos": CONJUNTOS["tratamientos"]},
        autoria=(
            AYUDA.format(que="la lista de verbos, los marcos y los complementos"),
            "Los pares los arma un programa con esas piezas y con un conjugador: nadie "
            "los leyó todos.",
            REVISION,
        ),
        tareas=("text-generation",),
        reservado="Se entrena con `train`; las demás particiones miden.",
    ),
    "finanzas": Conjunto(
        titulo="Finanzas: sentimiento, entidades y preguntas en español",
        configuraciones={parte: partial(construir_finanzas, parte) for parte in CAMPOS},
        autoria=(
            AYUDA.format(que="las plantillas y las preguntas"),
            "Un programa llenó los huecos de las plantillas con nombres, cifras y "
            "fechas inventados, y anotó dónde empieza y termina cada entidad.",
            REVISION,
        ),
        tareas=("text-classification", "token-classification", "question-answering"),
        reservado="No entrenes con `test`.",
    ),
    "corpus_co": Conjunto(
        titulo="corpus_co: textos cortos en español de Colombia",
        configuraciones={
            "corpus_co": corpus_co_publicado,
            "registros": CONJUNTOS["registros"],
            "sucio": CONJUNTOS["corpus_co_sucio"],
        },
        autoria=(
            AYUDA.format(que="los textos; son imitaciones, no habla recogida"),
            "La copia sucia la hace un programa, con una semilla fija, y anota en "
            "`verdad` qué le hizo a cada fila.",
            REVISION,
        ),
        tareas=("text-generation",),
        reservado="No entrenes con `test`.",
    ),
}


# --- Los datos ----------------------------------------------------------------------


def tablas(partes: Partes) -> dict[str, Dataset]:
    """Cada partición como tabla, todas con las mismas columnas y los mismos tipos.

    Un campo vacío en una partición entera no tiene tipo por sí solo: se toma de las
    otras. Un campo que falta en una partición queda vacío.
    """
    columnas = list(dict.fromkeys(c for filas in partes.values() for c in filas[0]))
    completas = {
        p: [{c: f.get(c) for c in columnas} for f in filas]
        for p, filas in partes.items()
    }
    todas = Dataset.from_list([f for filas in completas.values() for f in filas])
    return {p: Dataset.from_list(f, todas.features) for p, f in completas.items()}


def escribir_datos(carpeta: Path, conjunto: Conjunto) -> dict[str, dict[str, Dataset]]:
    """Un Parquet por configuración y partición; devuelve las tablas escritas."""
    escritas = {}
    for nombre, construir in conjunto.configuraciones.items():
        suyas = {NOMBRES.get(p, p): t for p, t in tablas(construir()).items()}
        for parte, tabla in suyas.items():
            ruta = carpeta / "data" / nombre / f"{parte}.parquet"
            ruta.parent.mkdir(parents=True, exist_ok=True)
            tabla.to_parquet(str(ruta))
        escritas[nombre] = suyas
    return escritas


# --- La ficha -----------------------------------------------------------------------


def _rango(filas: int) -> str:
    cortes = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"))
    return next((r for corte, r in cortes if filas < corte), "100K<n<1M")


def cabecera(conjunto: Conjunto, escritas: dict[str, dict[str, Dataset]]) -> str:
    """La cabecera YAML, con las particiones de cada configuración."""
    filas = sum(t.num_rows for partes in escritas.values() for t in partes.values())
    configs = [
        {
            "config_name": nombre,
            "data_files": [
                {"split": p, "path": f"data/{nombre}/{p}.parquet"} for p in partes
            ],
        }
        for nombre, partes in escritas.items()
    ]
    configs[0]["default"] = True
    datos = {
        "pretty_name": conjunto.titulo,
        "language": list(conjunto.lenguas),
        "license": "cc-by-4.0",
        "annotations_creators": ["machine-generated"],
        "language_creators": ["machine-generated"],
        "source_datasets": ["original"],
        "multilinguality": [
            "monolingual" if len(conjunto.lenguas) == 1 else "multilingual"
        ],
        "size_categories": [_rango(filas)],
        "task_categories": list(conjunto.tareas),
        "configs": configs,
    }
    return yaml.safe_dump(datos, allow_unicode=True, sort_keys=False, width=88)


def cita(nombre: str, conjunto: Conjunto, raiz: Path = RAIZ) -> str:
    """La entrada de BibTeX, con los datos de CITATION.cff."""
    cff = yaml.safe_load((raiz / "CITATION.cff").read_text(encoding="utf-8"))
    autores = " and ".join("{" + a["name"] + "}" for a in cff["authors"])
    campos = {
        "title": conjunto.titulo,
        "author": autores,
        "howpublished": f"Datos de «{cff['title']}», versión {cff['version']}",
        "url": cff["repository-code"],
        "note": "CC BY 4.0",
    }
    lineas = [f"  {campo} = {{{valor}}}," for campo, valor in campos.items()]
    return "\n".join([f"@misc{{de_tokens_a_qlora_{nombre},", *lineas, "}"])


def cuerpo_de_la_ficha(nombre: str, raiz: Path = RAIZ) -> str:
    """La ficha del libro sin su título, cómo se carga ni las marcas del sitio.

    Los enlaces relativos pasan a la dirección del sitio.
    """
    cff = yaml.safe_load((raiz / "CITATION.cff").read_text(encoding="utf-8"))
    ruta = raiz / "book" / f"ficha_{nombre}.md"
    texto = ruta.read_text(encoding="utf-8")
    texto = re.sub(r"\A# .*\n", "", texto)
    texto = re.sub(r"^## Cómo se carga\n.*?(?=^## )", "", texto, flags=re.M | re.S)
    texto = re.sub(r"^<!-- .*? -->\n\n?", "", texto, flags=re.M)
    texto = re.sub(r"^\(.*\)=\n", "", texto, flags=re.M)
    texto = re.sub(r"^```\{.*?^```\n", "", texto, flags=re.M | re.S)

    def absoluto(enlace: re.Match) -> str:
        destino = re.sub(r"\.(md|ipynb)(?=#|$)", ".html", enlace[1])
        destino = os.path.normpath(os.path.join("book", destino))
        return f"]({cff['url']}{destino})"

    texto = re.sub(r"\]\((?!https?:|#)([^)]+)\)", absoluto, texto)
    return texto.strip()


def ficha(nombre: str, conjunto: Conjunto, escritas: dict) -> str:
    """El README.md entero."""
    filas = ["| configuración | partición | filas |", "|---|---|---:|"]
    filas += [
        f"| `{c}` | `{p}` | {t.num_rows} |"
        for c, partes in escritas.items()
        for p, t in partes.items()
    ]
    primera = next(iter(escritas))
    parte = next(iter(escritas[primera]))
    partes = [
        f"---\n{cabecera(conjunto, escritas)}---",
        f"# {conjunto.titulo}",
        "## Cómo se carga",
        "```python\nfrom datasets import load_dataset\n\n"
        f'datos = load_dataset("CARPETA_O_ID", "{primera}")\n'
        f'datos["{parte}"][0]\n```',
        "\n".join(filas),
        conjunto.reservado,
        "## Quién lo escribió y quién lo revisó",
        "\n".join(f"- {frase}" for frase in conjunto.autoria),
        "## Licencia y cita",
        "CC BY 4.0: se puede usar, cambiar y repartir si se cita.",
        f"```bibtex\n{cita(nombre, conjunto)}\n```",
        cuerpo_de_la_ficha(nombre),
    ]
    return "\n\n".join(p for p in partes if p) + "\n"


# --- Todo ---------------------------------------------------------------------------

ABRIR = """
import json, sys
from datasets import load_dataset
print(json.dumps({
    c: {p: d.num_rows for p, d in load_dataset(sys.argv[1], c).items()}
    for c in sys.argv[2:]
}))
"""
SIN_RED = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"}


def abrir_aparte(carpeta: Path, configuraciones: list[str], cache: Path) -> dict:
    """Filas por configuración y partición, leídas en otro proceso y sin red.

    Errores: SystemExit si la carpeta no se puede abrir; dice por qué.
    """
    orden = [sys.executable, "-c", ABRIR, str(carpeta), *configuraciones]
    entorno = os.environ | SIN_RED | {"HF_HOME": str(cache)}
    hecho = subprocess.run(orden, env=entorno, capture_output=True, text=True)
    if hecho.returncode:
        ultima = (hecho.stderr.strip() or "sin explicación").splitlines()[-1]
        raise SystemExit(f"No se pudo abrir {carpeta.name}: {ultima}")
    return json.loads(hecho.stdout)


def es_de_aqui(carpeta: Path, titulo: str) -> bool:
    """¿La hizo este programa? Trae la ficha de ese título y nada más que sus datos."""
    if carpeta.is_symlink() or not carpeta.is_dir():
        return False
    dentro = [r.relative_to(carpeta) for r in carpeta.rglob("*") if not r.is_dir()]
    lectura = Path("README.md")
    if lectura not in dentro:
        return False
    renglon = yaml.safe_dump({"pretty_name": titulo}, allow_unicode=True).strip()
    renglones = (carpeta / lectura).read_text("utf-8", errors="replace").splitlines()
    return renglon in renglones and all(
        r == lectura or (r.parts[0] == "data" and r.suffix == ".parquet")
        for r in dentro
    )


def preparar(nombre: str, salida: Path) -> dict[str, dict[str, int]]:
    """Escribe la carpeta de un conjunto, la abre aparte y devuelve sus tamaños.

    Solo reemplaza una que hizo este programa, y cuando la nueva ya se pudo abrir.
    Errores: SystemExit si la que hay es de otra cosa o si lo que se lee no es lo que
    se escribió.
    """
    conjunto, carpeta = PUBLICADOS[nombre], salida / nombre
    for hay in (carpeta, carpeta.with_name(f"{nombre}.anterior")):
        if os.path.lexists(hay) and not es_de_aqui(hay, conjunto.titulo):
            raise SystemExit(
                f"Ya existe {hay} y no la hizo este programa: muévela de ahí o elige "
                "otra carpeta con --salida."
            )
    salida.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=salida, prefix=f".{nombre}-") as aparte:
        nueva = Path(aparte) / nombre
        escritas = escribir_datos(nueva, conjunto)
        escribir_texto(nueva / "README.md", ficha(nombre, conjunto, escritas))
        tamanos = {
            c: {p: t.num_rows for p, t in partes.items()}
            for c, partes in escritas.items()
        }
        leidos = abrir_aparte(nueva, list(escritas), Path(aparte) / "cache")
        if leidos != tamanos:
            raise SystemExit(f"{nombre}: se escribió {tamanos} y se lee {leidos}.")
        reemplazar_carpeta(nueva, carpeta)
    return tamanos


def despedida(salida: Path, nombres: list[str]) -> str:
    """Las órdenes que escribe una persona para subir las carpetas."""
    lineas = ["No se subió nada. Para publicarlas, una persona con cuenta escribe:", ""]
    lineas.append("    hf auth login")
    lineas += [
        f"    hf upload ORGANIZACION/{nombre} {os.path.relpath(salida / nombre)} . "
        "--repo-type dataset"
        for nombre in nombres
    ]
    return "\n".join([*lineas, "", "Cambia ORGANIZACION por la tuya y lee cada ficha."])


def main(argumentos: list[str] | None = None) -> None:
    """Prepara las carpetas, las abre sin red y dice cómo subirlas."""
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("conjuntos", nargs="*", metavar="CONJUNTO", help="solo estos")
    p.add_argument("--salida", type=Path, default=SALIDA, help="otra carpeta")
    opciones = p.parse_args(argumentos)
    disable_progress_bars()
    nombres = opciones.conjuntos or list(PUBLICADOS)
    if malos := set(nombres) - set(PUBLICADOS):
        p.error(f"no se publica «{min(malos)}»; sí: {', '.join(PUBLICADOS)}.")
    salida = opciones.salida.resolve()
    for nombre in nombres:
        for config, partes in preparar(nombre, salida).items():
            cuantas = ", ".join(f"{p} {n}" for p, n in partes.items())
            print(f"{nombre}/{config}: {cuantas}", flush=True)
    print("Cada carpeta se abrió con datasets en otro proceso y sin red.")
    print(despedida(salida, nombres))


if __name__ == "__main__":
    main()
