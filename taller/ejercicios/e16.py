"""Comprobaciones de la lección 16: el anillo, la pérdida y lo que lee Slurm."""

from math import isnan

from . import ejercicio, no_es, no_se_llama
from .fallos import llamar
from .numeros import pedir_numero, suelto

VECTORES = [[[1, 2], [10, 20]], [[1, 2, 3], [10, 20, 30], [100, 200, 300]]]
VECTORES += [[[i * 7 + k * k for k in range(5)] for i in range(5)], [[4]]]


@ejercicio("16-anillo")
def _(anillo):
    if pista := no_se_llama(anillo):
        return pista
    for vectores in VECTORES:
        p = len(vectores)
        suma = [sum(trozos) for trozos in zip(*vectores, strict=True)]
        dado = llamar(anillo, vectores)
        if pista := no_es(dado, tuple, "dos cosas: la lista y cuántos números"):
            return pista
        if len(dado) != 2:
            return (
                f"devolviste {len(dado)} cosas y son dos: la lista y cuántos números."
            )
        try:
            tienen = [[suelto(x) for x in suyo] for suyo in dado[0]]
        except TypeError:
            return "lo primero es una lista con una lista por proceso."
        if len(tienen) != p:
            return f"con {p} procesos diste {len(tienen)} listas; es una por cada uno."
        if tienen != [suma] * p:
            if tienen == [[x / p for x in suma]] * p:
                return "eso es el promedio; se pide la suma."
            if tienen == [list(v) for v in vectores]:
                return "nadie recibió nada: las listas son las del principio."
            completos = sum(t[k] == suma[k] for t in tienen for k in range(p))
            if completos == p:
                return (
                    "cada proceso tiene un solo trozo completo: falta la otra ronda, "
                    "en que los completos dan la vuelta."
                )
            return f"con {vectores} quedó {tienen}; todos deben tener {suma}."
        mandados = suelto(dado[1])
        if isinstance(mandados, (list, tuple)):
            return "lo segundo es un número: todos mandan lo mismo."
        if pista := no_es(mandados, (int, float), "el número de números mandados"):
            return pista
        bueno = 2 * (p - 1)
        if mandados != bueno:
            if mandados == p * bueno and p > 1:
                return "contaste lo que mandan todos; se pide lo que manda cada uno."
            if mandados == p - 1 and p > 1:
                return "contaste una ronda; son dos, de p - 1 vueltas cada una."
            if mandados == p * (p - 1):
                return (
                    "eso manda quien envía su vector entero; aquí, un trozo por vuelta."
                )
            if p == 1:
                return "con un solo proceso no hay a quién mandar: son 0."
            return (
                f"con {p} procesos cada uno manda {bueno} números y diste {mandados}."
            )
    return None


NADA = float("nan")
PARTES = [
    ([(2.0, 10), (4.0, 10)], 3.0),
    ([(2.0, 30), (4.0, 10)], 2.5),
    ([(1.0, 300), (5.0, 20), (3.0, 80)], 640 / 400),
    ([(2.0, 8), (NADA, 0)], 2.0),
    ([(NADA, 0), (NADA, 0)], 0.0),
    ([(7.5, 3)], 7.5),
]


@ejercicio("16-perdida")
def _(perdida_de_todos):
    if pista := no_se_llama(perdida_de_todos):
        return pista
    for partes, buena in PARTES:
        try:
            dada = suelto(llamar(perdida_de_todos, partes))
        except ZeroDivisionError:
            return "nadie tiene tokens y se divide entre cero: en ese caso devuelve 0."
        if isinstance(dada, float) and isnan(dada):
            return (
                "salió `nan`: un proceso sin tokens no cuenta, y 0 por `nan` no es 0. "
                "Sáltalo."
            )
        dada = pedir_numero(lambda valor=dada: valor)
        if abs(dada - buena) < 1e-9:
            continue
        vivas = [(p, t) for p, t in partes if t]
        total = sum(p * t for p, t in vivas)
        if not vivas:
            return f"si nadie tiene tokens devuelve 0, y diste {dada:.4g}."
        if abs(dada - sum(p for p, _ in vivas) / len(vivas)) < 1e-9:
            return "ese promedio pesa igual a cada proceso; pesa igual a cada token."
        if abs(dada - total) < 1e-9:
            return "esa es la suma de los tokens; falta dividir entre cuántos son."
        if abs(dada - total / len(partes)) < 1e-9:
            return "divides entre los procesos; se divide entre los tokens."
        return f"con {partes} devolviste {dada:.4g} y es {buena:.4g}."
    return None


GUION = """#!/bin/bash
#SBATCH --job-name=ajuste
#SBATCH --time=12:00:00

# dos tarjetas
#SBATCH --gpus-per-node=2
#SBATCH --requeue
set -e
#SBATCH --mem=64G
srun python entrenar.py
"""
BUENO = {"job-name": "ajuste", "time": "12:00:00", "gpus-per-node": "2"}
BUENO["requeue"] = True
REPETIDO = "#!/bin/bash\n#SBATCH --time=1:00\n#SBATCH --time=2:00\nls\n"
CON_IGUAL = "#!/bin/bash\n#SBATCH --export=ALL,A=1\necho '#SBATCH --nodes=9'\n"


@ejercicio("16-sbatch")
def _(pedido):
    if pista := no_se_llama(pedido):
        return pista
    dado = llamar(pedido, GUION)
    if pista := no_es(dado, dict, "un diccionario"):
        return pista
    if dado != BUENO:
        if any(str(clave).startswith("-") for clave in dado):
            return "las claves van sin los guiones: `time`, no `--time`."
        if any("=" in str(clave) for clave in dado):
            return "separa la opción de su valor por el «=»."
        if "mem" in dado:
            return "`mem` viene después de una orden, `set -e`: Slurm ya no la lee."
        if not dado:
            return (
                "no hallaste ninguna: la primera línea empieza por «#!», es un "
                "comentario y no corta."
            )
        if "gpus-per-node" not in dado:
            return "una línea vacía o un comentario no cortan: `gpus-per-node` cuenta."
        if "requeue" not in dado:
            return "una opción sin «=» también cuenta, y vale True."
        if dado["requeue"] is not True:
            return f"una opción sin «=» vale True, y diste {dado['requeue']!r}."
        if dado.get("time") is True:
            return "una opción con «=» vale lo que va después."
        return f"con el guion de la prueba devolviste {dado}."
    if (dado := llamar(pedido, REPETIDO)) != {"time": "2:00"}:
        return f"si una opción se repite vale la última, y devolviste {dado}."
    if (dado := llamar(pedido, CON_IGUAL)) != {"export": "ALL,A=1"}:
        if "nodes" in dado:
            return "un «#SBATCH» dentro de una orden no es una línea de pedido."
        return f"el valor puede traer otro «=»: parte solo en el primero. Diste {dado}."
    if llamar(pedido, "#!/bin/bash\nls\n") != {}:
        return "un guion sin pedidos da un diccionario vacío."
    return None
