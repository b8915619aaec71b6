"""Los modelos del ensayo: la arquitectura y la plantilla de verdad, en miniatura.

Pesos al azar, cabezas repartidas como en el modelo publicado y el tokenizador de
`semilla` con los tokens de turno. Los anchos se eligen para que la forma de un tensor
diga qué es: así se sabe cuánto ocuparía en el modelo entero.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from herramientas.archivos import SEMILLA
from herramientas.medidas.formas import FORMAS, QWEN3_4B

CAPAS = 3  # las lecciones miran la capa 2
TURNOS = ("<|im_start|>", "<|im_end|>", "<|endoftext|>")
# Palabras que cada plantilla repite: son un token, como en los tokenizadores grandes.
PALABRAS = """<think> </think> ~relleno~ system user assistant Metadata Knowledge Cutoff
Date June Today Reasoning Mode no_think think Custom Instructions ## January February
March April May July August September October November December 2025 2026 2027 2028 2029
2030""".split()


@dataclass(frozen=True)
class Modelo:
    """Un modelo del hub, sus medidas publicadas y las de su miniatura.

    `reales` y `chicas`: d, ancho; q y kv, salidas de consulta y de clave; m, ancho del
    MLP; V, vocabulario; h y hk, cabezas; n, capas.
    """

    hub: str
    clase: str
    reales: dict
    chicas: dict
    plantilla: str

    @property
    def nombre(self) -> str:
        """Lo que va tras la barra: también el nombre de su carpeta."""
        return self.hub.split("/")[1]


def medidas(publicadas: dict) -> dict:
    """Las medidas del ensayo desde los nombres de una configuración publicada."""
    h, hk = publicadas["num_attention_heads"], publicadas["num_key_value_heads"]
    d = publicadas["hidden_size"]
    cabeza = publicadas.get("head_dim", d // h)
    return {
        "V": publicadas["vocab_size"],
        "d": d,
        "q": h * cabeza,
        "kv": hk * cabeza,
        "m": publicadas["intermediate_size"],
        "n": publicadas["num_hidden_layers"],
        "h": h,
        "hk": hk,
    }


def _chicas(reales: dict, cabeza: int, d: int, m: int, vocabulario: int) -> dict:
    anchos = {"q": reales["h"] * cabeza, "kv": reales["hk"] * cabeza}
    return reales | anchos | {"V": vocabulario, "d": d, "m": m, "n": CAPAS}


def _modelo(hub, clase, publicadas, plantilla, **chica) -> Modelo:
    reales = medidas(publicadas)
    return Modelo(hub, clase, reales, _chicas(reales, **chica), plantilla)


MODELOS = {
    m.hub: m
    for m in (
        _modelo(
            "Qwen/Qwen3-0.6B",
            "Qwen3",
            FORMAS["qwen3-0.6b"].medidas,
            "qwen3",
            cabeza=16,
            d=320,
            m=448,
            vocabulario=4672,
        ),
        _modelo(
            "HuggingFaceTB/SmolLM3-3B",
            "SmolLM3",
            FORMAS["smollm3-3b"].medidas,
            "smollm3",
            cabeza=48,
            d=384,
            m=640,
            vocabulario=4736,
        ),
        _modelo(
            "Qwen/Qwen3-4B-Instruct-2507",
            "Qwen3",
            QWEN3_4B,
            "qwen3_instruct_2507",
            cabeza=24,
            d=384,
            m=640,
            vocabulario=4800,
        ),
    )
}


def plantilla(nombre: str) -> str:
    """El texto de una plantilla de chat: de las de TRL o, si no la trae, la nuestra."""
    import trl

    for carpeta in (Path(trl.__file__).parent / "chat_templates", _PLANTILLAS):
        if (ruta := carpeta / f"{nombre}.jinja").exists():
            return ruta.read_text("utf-8")
    raise SystemExit(f"Ni TRL ni el ensayo traen la plantilla «{nombre}».")


_PLANTILLAS = Path(__file__).parent / "plantillas"


def tokenizador(modelo: Modelo):
    """El de `semilla`, con los tokens de turno y la plantilla del modelo."""
    from tokenizers import AddedToken
    from transformers import AutoTokenizer

    tok = AutoTokenizer.from_pretrained(SEMILLA)
    tok.add_special_tokens({"additional_special_tokens": list(TURNOS)})
    tok.add_tokens(
        [AddedToken(p, normalized=False, single_word=p.isalpha()) for p in PALABRAS]
    )
    tok.eos_token, tok.pad_token, tok.bos_token = TURNOS[1], TURNOS[2], None
    tok.chat_template = plantilla(modelo.plantilla)
    if len(tok) > modelo.chicas["V"]:
        raise SystemExit(
            f"El vocabulario de {modelo.nombre} necesita {len(tok)} filas."
        )
    return tok


def guardar(modelo: Modelo, carpeta: Path) -> Path:
    """Escribe en `carpeta` el modelo en miniatura, en bf16, y su tokenizador."""
    import torch
    import transformers

    destino, c = carpeta / modelo.nombre, modelo.chicas
    tok = tokenizador(modelo)
    config = getattr(transformers, f"{modelo.clase}Config")(
        vocab_size=c["V"],
        hidden_size=c["d"],
        intermediate_size=c["m"],
        num_hidden_layers=c["n"],
        num_attention_heads=c["h"],
        num_key_value_heads=c["hk"],
        head_dim=c["q"] // c["h"],
        tie_word_embeddings=True,
        max_position_embeddings=4096,
        bos_token_id=None,
        eos_token_id=tok.eos_token_id,
        pad_token_id=tok.pad_token_id,
    )
    torch.manual_seed(0)
    red = transformers.AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16)
    red.save_pretrained(destino)
    tok.save_pretrained(destino)
    return destino


def del_perfil(perfil: str) -> list[Modelo]:
    """Los modelos que usa un perfil, y los de `t4`, que algunas lecciones nombran."""
    from taller.perfil import EN_EL_HUB

    hubs = dict.fromkeys((*EN_EL_HUB["t4"][:2], *EN_EL_HUB[perfil][:2]))
    if faltan := [h for h in hubs if h not in MODELOS]:
        raise SystemExit(f"El ensayo no conoce {', '.join(faltan)}: añádelo a MODELOS.")
    return [MODELOS[h] for h in hubs]
