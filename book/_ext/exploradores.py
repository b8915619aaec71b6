"""Los datos de los paneles de eficiencia, leídos de donde los usa la lección.

- `nf4`: pesos de verdad, los de la lección 07, tomados de `semilla`.
- `memoria`: las formas de los modelos y lo publicado en una T4, de la lección 06.
- `lora`: las formas de los modelos de cada perfil.

Nada está copiado a mano: si la lección cambia, cambia el panel. Solo se usa la
biblioteca estándar, porque el sitio se construye sin torch.
"""

import ast
import json
import struct
import sys
from pathlib import Path

from sphinx.errors import ExtensionError

CASA = str(Path(__file__).resolve().parents[2])
if CASA not in sys.path:  # «jupyter-book build» no siempre se corre desde la raíz
    sys.path.append(CASA)

from herramientas.cuadernos.perfiles import leer_modelos, nombre_corto  # noqa: E402

SEMILLA = Path("taller", "recursos", "semilla")
LECCION = Path("notebooks", "06_memoria.ipynb")
BLOQUE, BLOQUES = 64, 4


def bloques_de_semilla(raiz: Path) -> list[list[float]]:
    """Los primeros bloques de 64 pesos de la matriz que mira la lección 07.

    Lanza `ExtensionError` si el archivo de pesos no es como se espera.
    """
    config = json.loads((raiz / SEMILLA / "config.json").read_text("utf-8"))
    nombre = f"model.layers.{config['num_hidden_layers'] // 2}.mlp.up_proj.weight"
    with (raiz / SEMILLA / "model.safetensors").open("rb") as archivo:
        largo = struct.unpack("<Q", archivo.read(8))[0]
        ficha = json.loads(archivo.read(largo)).get(nombre, {})
        if ficha.get("dtype") != "F16":
            raise ExtensionError(f"En los pesos de semilla no está {nombre} en F16.")
        archivo.seek(8 + largo + ficha["data_offsets"][0])
        n = BLOQUE * BLOQUES
        pesos = struct.unpack(f"<{n}e", archivo.read(2 * n))
    return [list(pesos[i : i + BLOQUE]) for i in range(0, n, BLOQUE)]


def forma_de_semilla(raiz: Path) -> list:
    """Los nueve datos de `Forma`, como los lee la lección 06 de la configuración."""
    c = json.loads((raiz / SEMILLA / "config.json").read_text("utf-8"))
    return [
        c["vocab_size"],
        c["hidden_size"],
        c["num_hidden_layers"],
        c["num_attention_heads"],
        c["num_key_value_heads"],
        c["head_dim"],
        c["intermediate_size"],
        c["tie_word_embeddings"],
        c["model_type"] == "qwen3",
    ]


def de_la_leccion(raiz: Path) -> dict:
    """Las tablas de la lección 06: CONFIGURACIONES, TRL, UNSLOTH y T4 (en GB).

    Lanza `ExtensionError` si la lección ya no las escribe tal cual.
    """
    celdas = json.loads((raiz / LECCION).read_text("utf-8"))["cells"]
    hallados: dict = {}
    for celda in celdas:
        codigo = "".join(celda["source"])
        if celda["cell_type"] != "code" or not any(
            nombre in codigo for nombre in ("CONFIGURACIONES = ", "TRL = ", "T4, ")
        ):
            continue
        for nodo in ast.parse(codigo).body:
            if isinstance(nodo, ast.AugAssign):
                hallados[nodo.target.id] |= ast.literal_eval(nodo.value)
            elif isinstance(nodo, ast.Assign) and isinstance(nodo.value, ast.Dict):
                if nodo.targets[0].id in ("CONFIGURACIONES", "TRL", "UNSLOTH"):
                    hallados[nodo.targets[0].id] = ast.literal_eval(nodo.value)
            elif isinstance(nodo, ast.Assign) and isinstance(nodo.value, ast.Tuple):
                if getattr(nodo.targets[0], "elts", [None])[0].id == "T4":
                    hallados["T4"] = ast.literal_eval(nodo.value.elts[0].left)
    if len(hallados) != 4:
        raise ExtensionError(
            "La lección 06 ya no escribe CONFIGURACIONES, TRL, UNSLOTH y T4 como "
            "literales: corrige de_la_leccion, de book/_ext/exploradores.py."
        )
    return hallados


def datos_nf4(raiz: Path) -> dict:
    """Los bloques de pesos del panel «nf4»."""
    return {"bloques": bloques_de_semilla(raiz)}


def datos_memoria(raiz: Path) -> dict:
    """Formas, cifras publicadas y memoria de la T4 del panel «memoria»."""
    tablas = de_la_leccion(raiz)
    formas = {"semilla": forma_de_semilla(raiz)} | tablas["CONFIGURACIONES"]
    return {
        "formas": formas,
        "publicado": [tablas["TRL"], tablas["UNSLOTH"]],
        "t4": tablas["T4"],
    }


def datos_lora(raiz: Path) -> dict:
    """Las formas de los modelos de los perfiles, y de qué perfil es cada una.

    Lanza `ExtensionError` si la lección 06 no trae la forma de alguno.
    """
    conocidas = de_la_leccion(raiz)["CONFIGURACIONES"]
    formas = {"semilla": forma_de_semilla(raiz)}
    perfiles = {"semilla": ["semilla"]}
    for perfil, modelos in leer_modelos(raiz).items():
        for modelo in map(nombre_corto, dict.fromkeys(modelos)):
            suyas = [n for n in conocidas if modelo.startswith(n)]
            if not suyas:
                raise ExtensionError(
                    f"La lección 06 no trae la forma de {modelo}, del perfil {perfil}: "
                    "añádela a CONFIGURACIONES."
                )
            formas[modelo] = conocidas[max(suyas, key=len)]
            perfiles.setdefault(modelo, []).append(perfil)
    return {"formas": formas, "perfiles": perfiles}
