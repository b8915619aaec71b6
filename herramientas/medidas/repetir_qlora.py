"""Repite el ajuste de la lección 10 con varias semillas del azar y anota el acierto.

    python -m herramientas.medidas.repetir_qlora  # tres repeticiones, semilla, CPU
    python -m herramientas.medidas.repetir_qlora --sin-adaptador  # solo las cifras

Corre las celdas de la lección tal como están y escribe resultados/qlora.json. Deja el
adaptador de la primera repetición en taller/recursos/adaptador.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from herramientas.archivos import (
    ADAPTADOR,
    SEMILLA,
    guardar_json,
    reemplazar_carpeta,
    sello,
)
from herramientas.medidas.celdas import Leccion
from herramientas.medidas.estudios import (
    Estudio,
    estudiar,
    leer_informe,
    opciones,
    pesos,
    ruta_de,
)

# Se salta las celdas que dibujan o cargan el adaptador anterior.
LECCION = Leccion("10_qlora_sft", hasta="despues", sin="control listo curva")
POR_DESTINO = ("prueba", "nunca_leidos")  # partes que se cuentan también por trato
# Lo que entiende el LoraConfig de peft 0.18, la versión más vieja que admite el curso.
CLAVES = """
alpha_pattern arrow_config auto_mapping base_model_name_or_path bias corda_config
ensure_weight_tying eva_config exclude_modules fan_in_fan_out inference_mode
init_lora_weights layer_replication layers_pattern layers_to_transform loftq_config
lora_alpha lora_bias lora_dropout megatron_config megatron_core modules_to_save
peft_type peft_version qalora_group_size r rank_pattern revision target_modules
target_parameters task_type trainable_token_indices use_dora use_qalora use_rslora
""".split()


def ajustes_para_todos(ajustes: dict) -> dict:
    """Los ajustes de un adaptador que lee cualquier peft admitido, sin rutas propias.

    Termina con una frase si el adaptador usa algo que peft 0.18 no conoce.
    """
    sobran = {c: v for c, v in ajustes.items() if c not in CLAVES}
    if usados := [c for c, v in sobran.items() if v]:
        raise SystemExit(f"peft 0.18 no conoce {', '.join(usados)} y el adaptador sí.")
    quedan = {c: ajustes[c] for c in sorted(ajustes) if c in CLAVES}
    quedan["base_model_name_or_path"] = "semilla"
    quedan["target_modules"] = sorted(ajustes["target_modules"])  # peft los desordena
    return quedan


def guardar_adaptador(entrenador, destino: Path = ADAPTADOR) -> None:
    """Pone este adaptador, con su registro de huellas, en lugar del que hay."""
    config, tensores = "adapter_config.json", "adapter_model.safetensors"
    provisional = destino.with_name(destino.name + ".tmp")
    with tempfile.TemporaryDirectory() as carpeta:
        entrenador.save_model(carpeta)
        ajustes = ajustes_para_todos(json.loads((Path(carpeta) / config).read_text()))
        shutil.rmtree(provisional, ignore_errors=True)
        provisional.mkdir()
        shutil.copy(Path(carpeta) / tensores, provisional / tensores)
    guardar_json(provisional / config, ajustes)
    huellas = {ruta.name: sello(ruta) for ruta in sorted(provisional.iterdir())}
    huellas["base"] = sello(SEMILLA / "model.safetensors")
    guardar_json(provisional / "huellas.json", huellas)
    reemplazar_carpeta(provisional, destino)


def repetir(punto: dict, guardar: bool = False) -> dict:
    """Corre la lección una vez con esa semilla del azar; devuelve sus cifras."""

    def sembrar(ident: str, espacio: dict) -> None:
        if ident == "10-config":
            espacio["comunes"]["seed"] = punto["semilla"]

    espacio = LECCION.correr(sembrar)
    exacto, intervalo = espacio["exacto"], espacio["intervalo"]

    def contar(dichas, filas) -> dict:
        aciertos = sum(exacto(r, f) for r, f in zip(dichas, filas, strict=True))
        p, bajo, alto = intervalo(aciertos, len(filas))
        return {"n": len(filas), "exacto": p, "bajo": bajo, "alto": alto}

    salida = {"copia": contar(espacio["copia"], espacio["validacion"])}
    salida["antes"] = contar(espacio["antes"], espacio["muestra"])
    for parte, filas in espacio["finales"].items():
        dichas = espacio["dichas"][parte]
        salida[parte] = contar(dichas, filas)
        for destino in ("vos", "usted") if parte in POR_DESTINO else ():
            pares = zip(dichas, filas, strict=True)
            suyos = [(r, f) for r, f in pares if f["a"] == destino]
            salida[f"{parte}, {destino}"] = contar(*zip(*suyos, strict=True))
    if guardar and punto["semilla"] == ESTUDIO.azar[0]:
        guardar_adaptador(espacio["entrenador"])
    return salida


ESTUDIO = Estudio(
    programa="repetir_qlora",
    puntos=lambda semilla: [{"semilla": semilla}],
    clave=("semilla",),
    medir=repetir,
    datos={
        "tratamientos": (
            "entrenamiento validacion prueba todo_nuevo supletivos nunca_leidos".split()
        ),
        "libres": ("libres",),
    },
    leccion=LECCION,
    lista="repeticiones",
)


def main() -> None:
    """Repite y, si no se pide lo contrario, cambia el adaptador del paquete."""
    p = opciones(__doc__)
    p.add_argument(
        "--sin-adaptador", action="store_true", help="no cambia el adaptador"
    )
    a = p.parse_args()
    if a.sin_adaptador or a.salida:
        estudiar(ESTUDIO, a.azar, a.salida)
        return

    def anotar(informe: dict) -> dict:
        hechas = {m["semilla"] for m in informe["repeticiones"]}
        return {"adaptador": pesos()["adaptador"]} if ESTUDIO.azar[0] in hechas else {}

    con_adaptador = replace(
        ESTUDIO, medir=lambda punto: repetir(punto, guardar=True), resumen=anotar
    )
    suyo = leer_informe(ruta_de(ESTUDIO.programa)).get("adaptador")
    ajeno = suyo != pesos()["adaptador"]
    otro = "el adaptador del paquete no salió de ahí" if ajeno else ""
    estudiar(con_adaptador, a.azar, de_cero=otro)


if __name__ == "__main__":
    main()
