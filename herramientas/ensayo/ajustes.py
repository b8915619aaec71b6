"""Lo que el ensayo exige de cada SFTTrainer que ajusta un modelo de GPU."""

from __future__ import annotations

import functools
from pathlib import Path

from herramientas.ensayo import cuenta

ANCHAS = 64  # filas que se miran enteras; de las demás, solo su máscara
POCAS = 200  # filas con que se repite un ajuste: alcanzan para sus pasos
NORMALES = {"paged_adamw_8bit": "adamw_8bit"}  # paginar pide una tarjeta de verdad


def vigilar(guardia, capacidad: tuple[int, int]) -> None:
    """Envuelve SFTConfig y SFTTrainer, y pone conversaciones en lugar de oasst2."""
    import datasets
    from trl import SFTConfig, SFTTrainer

    iniciar = SFTConfig.__init__

    @functools.wraps(iniciar)
    def config_corta(yo, *argumentos, **opciones):
        pedido = dict(opciones)
        if guardia.activos:
            opciones = acortar(opciones)
        iniciar(yo, *argumentos, **opciones)
        yo._pedido = pedido

    SFTConfig.__init__ = config_corta
    armar = SFTTrainer.__init__

    @functools.wraps(armar)
    def armar_vigilado(yo, model, args=None, *resto, **opciones):
        filas = opciones.get("train_dataset")
        if guardia.activos and (clave := (len(filas), filas._fingerprint)):
            if clave in guardia.revisadas:  # ya se miraron todas: bastan algunas
                filas = filas.select(range(min(len(filas), POCAS)))
                opciones["train_dataset"] = filas
            guardia.revisadas.add(clave)
        armar(yo, model, args, *resto, **opciones)
        yo._modelo = guardia.modelo_de(yo.model.config._name_or_path)
        if yo._modelo is not None:
            yo._calculo = guardia.calculo
            revisar(yo, args._pedido, filas, capacidad)
            guardia.anotar(f"optimizador {args._pedido.get('optim', 'de fábrica')}")
            guardia.anotar("fp16" if args._pedido.get("fp16") else "bf16")

    SFTTrainer.__init__ = armar_vigilado
    entrenar, dar_paso = SFTTrainer.train, SFTTrainer.training_step

    @functools.wraps(entrenar)
    def entrenar_vigilado(yo, *argumentos, **opciones):
        if yo._modelo is not None:
            exigir_entrenables(yo)
            yo._medidos = set()
            yo.add_callback(_corte(guardia))
        return entrenar(yo, *argumentos, **opciones)

    @functools.wraps(dar_paso)
    def dar_paso_vigilado(yo, modelo, entradas, *resto, **opciones):
        if yo._modelo is not None:  # una fila: el lote entero cuenta por fórmula
            entradas = {nombre: valor[:1] for nombre, valor in entradas.items()}
        perdida = dar_paso(yo, modelo, entradas, *resto, **opciones)
        if yo._modelo is None or (paso := min(yo.state.global_step, 1)) in yo._medidos:
            return perdida
        yo._medidos.add(paso)
        lote = yo.args.per_device_train_batch_size
        largo = max(len(f["input_ids"]) for f in yo.train_dataset)
        r = yo._modelo.reales
        de_mas = cuenta.de_entrenar(r, lote, largo, yo.args.gradient_checkpointing)
        de_mas += cuenta.de_logits_por_trozos(r, lote * largo)
        guardia.mayor = 0.0  # en el segundo paso ya hay estado del optimizador
        guardia.medir(f"paso de ajuste, {lote} × {largo} tokens", de_mas)
        return perdida

    SFTTrainer.train, SFTTrainer.training_step = entrenar_vigilado, dar_paso_vigilado
    datasets.load_dataset = _conversaciones


def acortar(opciones: dict) -> dict:
    """Las opciones de SFTConfig con pocos pasos y un optimizador que corre en CPU."""
    from herramientas.ensayo.guardia import CORTOS, PASOS, PUNTOS

    nuevas, pasos = dict(opciones), opciones.get("max_steps", -1)
    tope = PASOS if "save_steps" in opciones else CORTOS
    if pasos > tope:
        nuevas["max_steps"] = tope
        nuevas["warmup_steps"] = min(opciones.get("warmup_steps", 0), 2)
        if "save_steps" in opciones:
            nuevas["save_steps"] = PUNTOS
        if opciones.get("load_best_model_at_end"):
            nuevas["eval_steps"] = PUNTOS  # se guarda cada vez que se mide
    if (optim := opciones.get("optim")) in NORMALES:
        nuevas["optim"] = NORMALES[optim]
    return nuevas


def revisar(entrenador, pedido: dict, filas, capacidad: tuple[int, int]) -> None:
    """Lanza FallaDelEnsayo si precisión, filas o máscara no son las debidas."""
    exigir_precision(entrenador, pedido, capacidad)
    preparadas = entrenador.train_dataset
    if len(preparadas) != len(filas):
        fallar(
            f"de {len(filas)} filas quedan {len(preparadas)}: las demás pierden la "
            f"respuesta al cortarlas a {entrenador.args.max_length} tokens."
        )
    if "messages" in filas.column_names:
        exigir_mascara(entrenador, filas)


def exigir_precision(entrenador, pedido, capacidad) -> None:
    """La mitad de precisión que la tarjeta tiene, y las activaciones recalculadas."""
    import torch

    vieja = capacidad < (8, 0)
    if bool(pedido.get("fp16")) is not vieja or bool(pedido.get("bf16", True)) is vieja:
        fallar(f"con capacidad {capacidad} pide fp16={pedido.get('fp16')}.")
    if pedido.get("use_cpu") or not pedido.get("gradient_checkpointing"):
        fallar("con GPU hay que entrenar en ella y recalcular las activaciones.")
    debe = torch.float16 if vieja else torch.bfloat16
    if entrenador._calculo not in (None, debe):
        fallar(f"las capas de 4 bits deben calcular en {debe}.")


def exigir_mascara(entrenador, filas) -> None:
    """Lo preguntado es un prefijo de lo aprendido, y la máscara cubre la respuesta."""
    from trl.chat_template_utils import get_training_chat_template

    from taller.modelos import _como_chat

    tok, preparadas = entrenador.processing_class, entrenador.train_dataset
    plantilla = get_training_chat_template(tok) or tok.chat_template
    cada = max(1, len(filas) // ANCHAS)
    for i, hecha in enumerate(preparadas):
        ids = aprendidos(hecha)
        if tok.eos_token_id not in ids:
            fallar(f"la fila {i} pierde el final de su respuesta al cortarla.")
        if i % cada:
            continue
        fila = filas[i]
        *antes, ultimo = fila["messages"]
        extra = fila.get("chat_template_kwargs") or {}
        entera = tok.apply_chat_template(
            fila["messages"], tokenize=False, chat_template=plantilla, **extra
        )
        if not entera.startswith(pregunta := _como_chat(tok, antes)):
            fallar(
                "lo que se pregunta al generar no es el comienzo de lo que se aprende: "
                f"«{pregunta[-60:]}» no abre «{entera[: len(pregunta)][-60:]}»."
            )
        dicho = tok.decode(ids)
        if ultimo["content"].strip() not in dicho:
            fallar(f"la máscara de la fila {i} no cubre la respuesta entera: {dicho!r}")
        if antes[-1]["content"] in dicho:
            fallar(f"la máscara de la fila {i} cubre también la pregunta: {dicho!r}")


def aprendidos(fila: dict) -> list[int]:
    """Los tokens de una fila preparada que cuentan en la pérdida."""
    if "labels" in fila:
        return [etiqueta for etiqueta in fila["labels"] if etiqueta != -100]
    pares = zip(fila["input_ids"], fila["assistant_masks"], strict=True)
    return [token for token, cuenta_este in pares if cuenta_este]


def exigir_entrenables(entrenador) -> None:
    """El adaptador, en 32 bits: el escalador de fp16 no admite otra cosa."""
    import torch

    tipos = {p.dtype for p in entrenador.model.parameters() if p.requires_grad}
    if tipos != {torch.float32}:
        fallar(f"lo que se entrena debe estar en 32 bits y está en {tipos}.")


def fallar(frase: str) -> None:
    """Detiene la celda."""
    from herramientas.ensayo.guardia import FallaDelEnsayo

    raise FallaDelEnsayo(frase)


def _corte(guardia):
    """Un apagón en el paso que pida `guardia.corte`: (paso, si estropea el último)."""
    from transformers import TrainerCallback

    class Corte(TrainerCallback):
        def on_train_begin(self, args, state, control, **_):
            if state.global_step:
                guardia.anotar(f"reanuda en el paso {state.global_step}")
                guardia.reanudados.append(state.global_step)

        def on_step_end(self, args, state, control, **_):
            if not guardia.corte or state.global_step != guardia.corte[0]:
                return
            puntos = Path(args.output_dir).glob("checkpoint-*/trainer_state.json")
            if guardia.corte[1] and (puntos := list(puntos)):
                ultimo = max(puntos, key=lambda p: int(p.parent.name[11:]))
                ultimo.write_text(ultimo.read_text("utf-8")[:-20], encoding="utf-8")
            guardia.corte = None
            raise KeyboardInterrupt

    return Corte()


def _conversaciones(nombre, *_, **__):
    """Conversaciones inventadas con la forma de oasst2; algunas, demasiado largas."""
    from datasets import Dataset

    from taller.conjuntos.conversaciones import OASST2

    if nombre != OASST2:
        raise ConnectionError(f"el ensayo no descarga {nombre}")
    frase = "Una respuesta de varias palabras, como las de cualquier conversación. "

    def charla(i):
        vueltas = 40 if i % 20 == 0 else 1 + i % 8
        turnos = [
            ("user", f"Consulta general número {i}"),
            ("assistant", frase * vueltas),
        ]
        return [{"role": quien, "content": texto} for quien, texto in turnos]

    return Dataset.from_list([{"messages": charla(i)} for i in range(4000)])
