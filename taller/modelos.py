"""Cargar modelos, generar texto y cuidar el entrenamiento en 4 bits."""

from __future__ import annotations

from .errores import ErrorDelTaller
from .perfil import Perfil


def cargar_modelo(perfil: Perfil):
    """Carga el modelo ligero del perfil y su tokenizador, listos para usar.

    Los pesos salen del primer lugar que los tenga: la caché, TALLER_MODELOS, Google
    Drive o el hub; en un perfil de GPU se dice cuál. Solo se abren safetensors.
    Devuelve (modelo en modo de evaluación, tokenizador).
    Errores: ErrorDelTaller, con la causa, si no hay memoria, si el modelo no se puede
    descargar o si sus archivos están dañados.
    """
    import torch
    from safetensors import SafetensorError
    from transformers import AutoModelForCausalLM, AutoTokenizer

    carpeta = perfil.modelo
    try:
        tokenizador = AutoTokenizer.from_pretrained(carpeta)
        modelo = AutoModelForCausalLM.from_pretrained(
            carpeta, dtype=perfil.dtype, use_safetensors=True
        )
        modelo = modelo.to(perfil.dispositivo)
    except torch.cuda.OutOfMemoryError as causa:
        raise ErrorDelTaller(
            f"{perfil.ligero} no cabe en la GPU. Reinicia el entorno y ejecuta solo "
            'este cuaderno, o usa elegir_perfil("semilla").'
        ) from causa
    except (OSError, ValueError, SafetensorError) as causa:
        raise ErrorDelTaller(
            f"Los archivos de {carpeta} no se pueden leer: están dañados o no son de "
            "un modelo que esta versión conozca. Consigue otra copia, o usa "
            'elegir_perfil("semilla").'
        ) from causa
    return modelo.eval(), tokenizador


def generar(
    modelo, tokenizador, entradas, max_tokens: int = 60, lote: int = 64, **opciones
):
    """Continúa textos o responde conversaciones; codiciosa si no se pide otra cosa.

    Argumentos: `entradas` es un texto, una conversación (lista de mensajes con `role`
    y `content`), una lista de textos o una de conversaciones; `max_tokens`, el tope de
    tokens nuevos; `lote`, cuántas entradas van juntas; `opciones` llega a
    `modelo.generate` (por ejemplo `do_sample=True, temperature=0.8`).
    Devuelve lo que el modelo añade: un texto, o una lista en el orden de las entradas.
    Errores: ErrorDelTaller si no hay entradas, si una está vacía o si se mezclan.
    """
    import torch
    from tqdm.auto import tqdm

    una = isinstance(entradas, str) or (
        bool(entradas) and isinstance(entradas[0], dict)
    )
    lista = [entradas] if una else list(entradas or ())
    _pedir_entradas(lista)
    textos = [e if isinstance(e, str) else _como_chat(tokenizador, e) for e in lista]
    orden = sorted(range(len(textos)), key=lambda i: len(textos[i]))
    salida: list[str] = [""] * len(textos)
    opciones = {"do_sample": False, **opciones}
    lado, tokenizador.padding_side = tokenizador.padding_side, "left"
    entrenaba = modelo.training
    modelo.eval()
    try:
        trozos = [orden[i : i + lote] for i in range(0, len(orden), lote)]
        for grupo in tqdm(trozos, desc="generar", disable=len(trozos) < 4, leave=False):
            # la plantilla de chat ya trae sus tokens especiales: no se repiten
            codigos = tokenizador(
                [textos[i] for i in grupo],
                return_tensors="pt",
                padding=True,
                add_special_tokens=isinstance(lista[0], str),
                return_token_type_ids=False,
            ).to(modelo.device)
            with torch.no_grad():
                ids = modelo.generate(**codigos, max_new_tokens=max_tokens, **opciones)
            nuevos = ids[:, codigos["input_ids"].shape[1] :]
            dichos = tokenizador.batch_decode(nuevos, skip_special_tokens=True)
            for i, dicho in zip(grupo, dichos, strict=True):
                salida[i] = dicho if isinstance(lista[i], str) else dicho.strip()
    finally:
        tokenizador.padding_side = lado
        modelo.train(entrenaba)
    return salida[0] if una else salida


def _pedir_entradas(lista: list) -> None:
    """ErrorDelTaller si no hay entradas, si una está vacía o si no son de una clase."""
    if not lista:
        raise ErrorDelTaller(
            "No hay nada que continuar: pasa un texto, una conversación o una lista."
        )
    for numero, entrada in enumerate(lista, start=1):
        if not entrada:
            cual = (
                f"La entrada {numero} está vacía"
                if len(lista) > 1
                else "La entrada está vacía"
            )
            raise ErrorDelTaller(
                f"{cual}: escribe al menos una letra o un mensaje para continuar."
            )
    if len({isinstance(entrada, str) for entrada in lista}) > 1:
        raise ErrorDelTaller(
            "La lista mezcla textos y conversaciones: llama a `generar` una vez con "
            "los textos y otra con las conversaciones."
        )


def _como_chat(tokenizador, mensajes) -> str:
    """El texto de una conversación, con el turno del asistente abierto."""
    return tokenizador.apply_chat_template(
        mensajes, tokenize=False, add_generation_prompt=True, enable_thinking=False
    )


def proteger_gradiente_4bit(modelo) -> int:
    """Evita que una evaluación estropee el entrenamiento en 4 bits sobre CPU.

    En CPU con AVX512-BF16, la primera pasada sin gradientes reempaqueta cada capa
    `Linear4bit` para inferencia y desde entonces el gradiente deja de ser el correcto,
    sin aviso (medido con bitsandbytes 0.50.2). Esta función apaga ese atajo.
    Llámala justo después de cargar en 4 bits un modelo que vas a entrenar.
    Devuelve cuántas capas `Linear4bit` protegió.
    """
    import bitsandbytes as bnb

    capas = [m for m in modelo.modules() if isinstance(m, bnb.nn.Linear4bit)]
    for capa in capas:
        capa.support_avx512bf16_for_cpu = False
    return len(capas)
