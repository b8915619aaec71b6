"""Conversaciones generales en español para mezclar con la tarea, en una GPU."""

from __future__ import annotations

OASST2 = "bertin-project/oasst2_es_instruct_hf"  # Apache-2.0, unos 9 MB
PAPELES = {
    "user": "user",
    "prompter": "user",
    "human": "user",
    "assistant": "assistant",
    "gpt": "assistant",
}
PEDIDOS = ("instruction", "prompt", "question")
RESPUESTAS = ("output", "response", "completion", "answer")


def mezclar_oasst2(charlas, proporcion: float, semilla: int):
    """Cambia una parte de las charlas por conversaciones generales de oasst2.

    Argumentos: `charlas`, un Dataset con `messages` y `chat_template_kwargs`;
    `proporcion`, entre 0 y 1, la parte que se cambia; `semilla`, la del azar.
    Devuelve un Dataset del mismo largo y las mismas columnas, en otro orden. Si no hay
    red, o el conjunto no trae conversaciones que se entiendan, lo dice y devuelve
    `charlas` sin tocar.
    """
    from datasets import Dataset, concatenate_datasets, load_dataset

    from ..descargas import explicar, vigilar

    cuantas = round(len(charlas) * proporcion)
    print(f"Conversaciones de {OASST2}: unos 9 MB, si no están ya en este equipo.")
    try:
        with vigilar(50):  # sin esperas calladas: si el hub dice que no, se sigue
            filas = load_dataset(OASST2, split="train").shuffle(seed=semilla)
    except Exception as error:  # cada versión lanza una excepción distinta
        causa = explicar(error, OASST2)
        print(
            f"No se pudo descargar {OASST2}: {causa} Mientras, sigo solo con la tarea."
        )
        return charlas
    generales = []
    for fila in filas:
        if len(generales) == cuantas:
            break
        if mensajes := como_mensajes(fila):
            generales.append({"messages": mensajes})
    if len(generales) < cuantas:
        print(f"{OASST2} cambió de columnas: sigo solo con la tarea.")
        return charlas
    sin_pensar = charlas[0]["chat_template_kwargs"]
    generales = [g | {"chat_template_kwargs": sin_pensar} for g in generales]
    nuevas = Dataset.from_list(generales, features=charlas.features)
    propias = charlas.select(range(len(charlas) - cuantas))
    return concatenate_datasets([propias, nuevas]).shuffle(seed=semilla)


def como_mensajes(fila: dict) -> list[dict] | None:
    """Los mensajes de una fila con `role` y `content`, vengan como vengan.

    Entiende una lista de turnos (`role`/`content` o `from`/`value`) y un par
    pedido-respuesta en dos columnas. Devuelve None si no hay una conversación que
    alterne usuario y asistente, sin turnos vacíos, y termine con el asistente.
    """
    for valor in fila.values():
        if isinstance(valor, list) and valor and isinstance(valor[0], dict):
            turnos = [
                (t.get("role", t.get("from")), t.get("content", t.get("value")))
                for t in valor
            ]
            break
    else:
        pedido = next((fila[c] for c in PEDIDOS if fila.get(c)), None)
        respuesta = next((fila[c] for c in RESPUESTAS if fila.get(c)), None)
        turnos = [("user", pedido), ("assistant", respuesta)]
    mensajes = [{"role": PAPELES.get(p), "content": texto} for p, texto in turnos]
    papeles = [m["role"] for m in mensajes]
    if papeles != ["user", "assistant"] * (len(papeles) // 2):
        return None
    if not all(isinstance(m["content"], str) and m["content"] for m in mensajes):
        return None
    return mensajes or None
