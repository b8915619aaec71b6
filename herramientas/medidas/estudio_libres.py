"""Sigue, paso a paso, qué aprende el ajuste de la lección 10 de las oraciones libres.

    python -m herramientas.medidas.estudio_libres  # una semilla del azar

Corre las celdas de la lección hasta entrenar y, en cada medida del tablero, responde
también las oraciones de `libres_validacion`, que sirven para elegir. Al final cuenta
los aciertos según lo que trae cada oración. Dice si faltan pasos o falta modelo.
"""

from __future__ import annotations

from collections import defaultdict

from herramientas.medidas.celdas import Leccion
from herramientas.medidas.estudios import Estudio, estudiar, opciones

LECCION = Leccion("10_qlora_sft", hasta="entrenar", sin="control listo acumular")


def _contar(espacio: dict, modelo) -> tuple[dict, dict]:
    """Aciertos por destino, y (aciertos, oraciones) por rasgo."""
    por_destino, por_rasgo = {}, defaultdict(lambda: [0, 0])
    libres = espacio["cargar_datos"]("libres")["libres_validacion"]
    for a in ("vos", "usted"):
        filas = [f | {"a": a} for f in libres]
        dichas = espacio["responder"](modelo, filas)
        bien = [espacio["exacto"](d, f) for d, f in zip(dichas, filas, strict=True)]
        por_destino[a] = sum(bien)
        for acierto, fila in zip(bien, filas, strict=True):
            for rasgo in fila["rasgos"]:
                por_rasgo[rasgo][0] += acierto
                por_rasgo[rasgo][1] += 1
    return por_destino, dict(por_rasgo)


def medir(punto: dict) -> dict:
    """La curva de una semilla del azar y, al final, los aciertos por rasgo."""
    curva, rasgos = [], {}

    def preparar(ident: str, espacio: dict) -> None:
        if ident == "10-config":
            espacio["comunes"]["seed"] = punto["azar"]
        if ident != "10-tablero":
            return

        class ConLibres(espacio["Tablero"]):
            def on_evaluate(self, args, state, control, model, metrics, **resto):
                super().on_evaluate(args, state, control, model, metrics, **resto)
                bien, por_rasgo = _contar(espacio, model)
                curva.append({"paso": state.global_step, **bien})
                rasgos.clear()
                rasgos.update(por_rasgo)

        espacio["Tablero"] = ConLibres

    LECCION.correr(preparar)
    # de un rasgo con pocas oraciones no se dice nada
    hay = {r: v for r, v in sorted(rasgos.items()) if v[1] >= 30}
    return {"curva": curva, "rasgos": hay}


def ajustes() -> dict:
    """Cuántas oraciones se responden en cada destino."""
    from taller import cargar_datos

    return {"n": len(cargar_datos("libres")["libres_validacion"])}


ESTUDIO = Estudio(
    programa="estudio_libres",
    puntos=lambda azar: [{"azar": azar}],
    clave=("azar",),
    medir=medir,
    datos={
        "tratamientos": ("entrenamiento", "validacion"),
        "libres": ("libres_validacion",),
    },
    leccion=LECCION,
    azar=(7,),
    ajustes=ajustes,
)

if __name__ == "__main__":
    estudiar(ESTUDIO, **vars(opciones(__doc__).parse_args()))
